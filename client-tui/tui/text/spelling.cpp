#include "client-tui/tui/text/spelling.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace noroshi::tui {
namespace {

/// U+3041 … U+3096 in the order of the code chart (JIS X 0208 row 4 and the additions of JIS X 0213).
constexpr std::array<std::string_view, 0x3096 - 0x3041 + 1> kKana{
    "a",  "a",  "i",   "i",  "u",   "u",   "e",  "e",   "o",  "o",  "ka", "ga", "ki", "gi", "ku",
    "gu", "ke", "ge",  "ko", "go",  "sa",  "za", "shi", "ji", "su", "zu", "se", "ze", "so", "zo",
    "ta", "da", "chi", "ji", "tsu", "tsu", "zu", "te",  "de", "to", "do", "na", "ni", "nu", "ne",
    "no", "ha", "ba",  "pa", "hi",  "bi",  "pi", "fu",  "bu", "pu", "he", "be", "pe", "ho", "bo",
    "po", "ma", "mi",  "mu", "me",  "mo",  "ya", "ya",  "yu", "yu", "yo", "yo", "ra", "ri", "ru",
    "re", "ro", "wa",  "wa", "wi",  "we",  "wo", "n",   "vu", "ka", "ke"};
static_assert(kKana[0x308A - 0x3041] == "ri" && kKana[0x3093 - 0x3041] == "n");

/// U+FF66 … U+FF9F, half-width katakana (JIS X 0201) and their marks.
constexpr std::array<std::string_view, 0xFF9F - 0xFF66 + 1> kHalfKana{
    "wo", "a",  "i",  "u",  "e",  "o",  "ya", "yu",  "yo", "tsu", "-",  "a",  "i",   "u",   "e",
    "o",  "ka", "ki", "ku", "ke", "ko", "sa", "shi", "su", "se",  "so", "ta", "chi", "tsu", "te",
    "to", "na", "ni", "nu", "ne", "no", "ha", "hi",  "fu", "he",  "ho", "ma", "mi",  "mu",  "me",
    "mo", "ya", "yu", "yo", "ra", "ri", "ru", "re",  "ro", "wa",  "n",  "\"", "'"};

constexpr std::pair<char32_t, std::string_view> kSigns[] = {
    {U'、', ","},  {U'。', "."},  {U'・', "-"},   {U'ー', "-"},  {U'「', "\""}, {U'」', "\""},
    {U'『', "\""}, {U'』', "\""}, {U'【', "["},   {U'】', "]"},  {U'〔', "["},  {U'〕', "]"},
    {U'〜', "~"},  {U'…', "..."}, {U'→', "->"},   {U'←', "<-"},  {U'×', "x"},   {U'○', "o"},
    {U'●', "*"},   {U'※', "*"},   {U'─', "-"},    {U'│', "|"},   {U'〒', "T"},  {U'‐', "-"},
    {U'–', "-"},   {U'—', "-"},   {U'’', "'"},    {U'“', "\""},  {U'”', "\""},  {U'°', "deg"},
    {U'′', "'"},   {U'″', "\""},  {U'℃', "degC"}, {U'㎥', "m3"}, {U'㎏', "kg"}, {U'㎞', "km"}};

}  // namespace

std::optional<std::string> spelling(char32_t c) {
  // U+FF01 … U+FF5E are the printable ASCII characters, full-width.
  if (c >= 0xFF01 && c <= 0xFF5E) return std::string(1, static_cast<char>(c - 0xFF01 + '!'));
  if (c == 0x3000) return " ";
  if (c >= 0xFF66 && c <= 0xFF9F) return std::string(kHalfKana[c - 0xFF66]);
  // Katakana stand in the same order as hiragana.
  const char32_t kana = c >= 0x30A1 && c <= 0x30F6 ? c - 0x60 : c;
  if (kana >= 0x3041 && kana <= 0x3096) return std::string(kKana[kana - 0x3041]);
  const auto* sign = std::ranges::find(kSigns, c, &std::pair<char32_t, std::string_view>::first);
  if (sign != std::end(kSigns)) return std::string(sign->second);
  return std::nullopt;
}

}  // namespace noroshi::tui
