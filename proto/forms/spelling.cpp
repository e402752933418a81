#include "proto/forms/spelling.hpp"

#include <algorithm>
#include <array>

#include "proto/forms/utf8.hpp"

namespace noroshi::forms {
namespace {

struct Spoken {
  char32_t letter;
  std::string_view words;
};

constexpr std::array<Spoken, 51> kKana{{
    {U'ア', "朝日のア"},   {U'イ', "いろはのイ"},   {U'ウ', "上野のウ"},     {U'エ', "英語のエ"},
    {U'オ', "大阪のオ"},   {U'カ', "為替のカ"},     {U'キ', "切手のキ"},     {U'ク', "クラブのク"},
    {U'ケ', "景色のケ"},   {U'コ', "子供のコ"},     {U'サ', "桜のサ"},       {U'シ', "新聞のシ"},
    {U'ス', "すずめのス"}, {U'セ', "世界のセ"},     {U'ソ', "そろばんのソ"}, {U'タ', "煙草のタ"},
    {U'チ', "千鳥のチ"},   {U'ツ', "つるかめのツ"}, {U'テ', "手紙のテ"},     {U'ト', "東京のト"},
    {U'ナ', "名古屋のナ"}, {U'ニ', "日本のニ"},     {U'ヌ', "沼津のヌ"},     {U'ネ', "ねずみのネ"},
    {U'ノ', "野原のノ"},   {U'ハ', "はがきのハ"},   {U'ヒ', "飛行機のヒ"},   {U'フ', "富士山のフ"},
    {U'ヘ', "平和のヘ"},   {U'ホ', "保険のホ"},     {U'マ', "マッチのマ"},   {U'ミ', "三笠のミ"},
    {U'ム', "無線のム"},   {U'メ', "明治のメ"},     {U'モ', "もみじのモ"},   {U'ヤ', "大和のヤ"},
    {U'ユ', "弓矢のユ"},   {U'ヨ', "吉野のヨ"},     {U'ラ', "ラジオのラ"},   {U'リ', "りんごのリ"},
    {U'ル', "るすいのル"}, {U'レ', "れんげのレ"},   {U'ロ', "ローマのロ"},   {U'ワ', "わらびのワ"},
    {U'ヰ', "ゐどのヰ"},   {U'ヱ', "かぎのあるヱ"}, {U'ヲ', "尾張のヲ"},     {U'ン', "おしまいのン"},
    {U'ー', "長音"},       {U'゛', "濁点"},         {U'゜', "半濁点"},
}};

constexpr std::array<std::array<std::string_view, 2>, 26> kLatin{{
    {"アルファ", "Alfa"},
    {"ブラボー", "Bravo"},
    {"チャーリー", "Charlie"},
    {"デルタ", "Delta"},
    {"エコー", "Echo"},
    {"フォックストロット", "Foxtrot"},
    {"ゴルフ", "Golf"},
    {"ホテル", "Hotel"},
    {"インディア", "India"},
    {"ジュリエット", "Juliett"},
    {"キロ", "Kilo"},
    {"リマ", "Lima"},
    {"マイク", "Mike"},
    {"ノベンバー", "November"},
    {"オスカー", "Oscar"},
    {"パパ", "Papa"},
    {"ケベック", "Quebec"},
    {"ロメオ", "Romeo"},
    {"シエラ", "Sierra"},
    {"タンゴ", "Tango"},
    {"ユニフォーム", "Uniform"},
    {"ビクター", "Victor"},
    {"ウイスキー", "Whiskey"},
    {"エックスレイ", "X-ray"},
    {"ヤンキー", "Yankee"},
    {"ズールー", "Zulu"},
}};

constexpr std::u32string_view kVoiced = U"ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ",
                              kUnvoiced = U"カキクケコサシスセソタチツテトハヒフヘホウ",
                              kHalfVoiced = U"パピプペポ", kPlain = U"ハヒフヘホ",
                              kSmall = U"ァィゥェォッャュョヮヵヶ", kLarge = U"アイウエオツヤユヨワカケ";

char32_t ascii_of(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFF01 - 0x21;
  return c;
}
char32_t katakana_of(char32_t c) {
  return c >= 0x3041 && c <= 0x3096 ? c + 0x60 : c;
}
bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}
bool is_latin(char32_t c) {
  return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z');
}
bool is_kana(char32_t c) {
  return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30F6) || c == U'ー';
}

std::string_view kana_words(char32_t katakana) {
  const auto found =
      std::find_if(kKana.begin(), kKana.end(), [&](const Spoken& one) { return one.letter == katakana; });
  return found == kKana.end() ? std::string_view() : found->words;
}

/// ガ is said as 為替のカ, 濁点; ャ as 小さい, 大和のヤ.
void spell_kana(std::vector<std::string>& out, char32_t c) {
  const auto with_mark = [&](std::u32string_view from, std::u32string_view to, std::string_view mark) {
    const std::size_t at = from.find(c);
    if (at == std::u32string_view::npos) return false;
    out.push_back(std::string(kana_words(to[at])) + "に" + std::string(mark));
    return true;
  };
  if (with_mark(kVoiced, kUnvoiced, "濁点") || with_mark(kHalfVoiced, kPlain, "半濁点")) return;
  if (const std::size_t at = kSmall.find(c); at != std::u32string_view::npos) {
    out.push_back("小さい" + std::string(kana_words(kLarge[at])));
    return;
  }
  const std::string_view words = kana_words(c);
  out.push_back(words.empty() ? utf8_of(std::u32string(1, c)) : std::string(words));
}

void append_word(std::string& out, std::string_view word) {
  if (!out.empty() && out.back() != ' ' && out.back() != '(') out += ' ';
  out += word;
}

}  // namespace

std::string_view digit_name(char digit, Language language) {
  static constexpr std::array<std::array<std::string_view, 2>, 10> kNames{{{"まる", "zero"},
                                                                           {"いち", "one"},
                                                                           {"に", "two"},
                                                                           {"さん", "three"},
                                                                           {"よん", "four"},
                                                                           {"ご", "five"},
                                                                           {"ろく", "six"},
                                                                           {"なな", "seven"},
                                                                           {"はち", "eight"},
                                                                           {"きゅう", "nine"}}};
  return kNames[static_cast<std::size_t>(digit - '0') % kNames.size()][language == Language::ja ? 0 : 1];
}

std::string say_digits(std::string_view text, Language language) {
  const auto scalars = scalars_of(text);
  if (!scalars) return std::string(text);
  std::string out;
  bool after_digit = false;
  for (std::size_t i = 0; i < scalars->size(); ++i) {
    const char32_t c = ascii_of((*scalars)[i]);
    const bool digit_follows = i + 1 < scalars->size() && is_digit(ascii_of((*scalars)[i + 1]));
    if (is_digit(c)) {
      append_word(out, digit_name(static_cast<char>(c), language));
      after_digit = true;
    } else if (after_digit && digit_follows && (c == U',' || c == U'.')) {
      if (c == U'.') append_word(out, language == Language::ja ? "てん" : "point");
    } else {
      if (after_digit && c != U' ') out += ' ';
      append_utf8(out, (*scalars)[i]);
      after_digit = false;
    }
  }
  return out;
}

std::vector<std::string> spelled(std::string_view text, Language language) {
  std::vector<std::string> out;
  const auto scalars = scalars_of(text);
  if (!scalars) return out;
  for (const char32_t one : *scalars) {
    const char32_t c = ascii_of(one);
    if (c == U' ' || c == 0x3000 || c == U'\n') continue;
    if (is_digit(c)) {
      out.emplace_back(digit_name(static_cast<char>(c), language));
    } else if (is_latin(c)) {
      const auto& names = kLatin[(c | 0x20) - U'a'];
      out.emplace_back(names[language == Language::ja ? 0 : 1]);
    } else if (c == U'-') {
      out.emplace_back(language == Language::ja ? "ハイフン" : "dash");
    } else if (language == Language::ja) {
      spell_kana(out, katakana_of(one));
    } else {
      out.push_back(utf8_of(std::u32string(1, one)));
    }
  }
  return out;
}

bool is_spelled(std::string_view text, Language language) {
  const auto scalars = scalars_of(text);
  if (!scalars || scalars->empty() || scalars->size() > kSpelledMax) return false;
  bool letters = false;
  for (const char32_t one : *scalars) {
    const char32_t c = ascii_of(one);
    const bool letter = is_latin(c) || (language == Language::ja && is_kana(one));
    if (!letter && !is_digit(c) && c != U' ' && c != 0x3000 && c != U'-') return false;
    letters = letters || letter;
  }
  return letters;
}

}  // namespace noroshi::forms
