// Cleaning at entry: kana marks, full-width twins, control characters; and folding for search.
#include <array>
#include <cstdio>

#include "proto/forms/text.hpp"
#include "proto/forms/utf8.hpp"
#include "proto/language.hpp"

namespace noroshi::forms {
namespace {

constexpr char32_t kVoiced = 0x3099;      // combining ゛
constexpr char32_t kSemiVoiced = 0x309A;  // combining ゜

bool one_of(char32_t c, std::u32string_view set) {
  return set.find(c) != std::u32string_view::npos;
}

/// The composed kana of `base` and a combining mark; 0 if there is none.
char32_t compose(char32_t base, char32_t mark) {
  if (mark == kSemiVoiced) return one_of(base, U"はひふへほハヒフヘホ") ? base + 2 : 0;
  if (mark != kVoiced) return 0;
  if (one_of(base, U"かきくけこさしすせそたちつてとはひふへほカキクケコサシスセソタチツテトハヒフヘホゝヽ"))
    return base + 1;
  switch (base) {
    case U'う': return U'ゔ';
    case U'ウ': return U'ヴ';
    case U'ワ': return U'ヷ';
    case U'ヰ': return U'ヸ';
    case U'ヱ': return U'ヹ';
    case U'ヲ': return U'ヺ';
    default: return 0;
  }
}

/// The character that CP932 gives back for it.
char32_t full_width_twin(char32_t c) {
  switch (c) {
    case 0x301C: return 0xFF5E;  // 〜 → ～
    case 0x2212: return 0xFF0D;  // − → －
    case 0x2016: return 0x2225;  // ‖ → ∥
    case 0x2014: return 0x2015;  // — → ―
    case U'\t': return U' ';
    default: return c;
  }
}

bool refused(char32_t c) {
  if (c == U'\n') return false;
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;        // C0, DEL, C1
  if (c == 0x2028 || c == 0x2029) return true;                 // line and paragraph separator
  if (c == 0x061C || c == 0x200E || c == 0x200F) return true;  // bidirectional marks,
  if (c >= 0x202A && c <= 0x202E) return true;                 // embeddings and overrides,
  if (c >= 0x2066 && c <= 0x2069) return true;  // isolates: they make a line read otherwise than it is
  return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}

Error refusal(char32_t c) {
  std::array<char, 16> name{};
  std::snprintf(name.data(), name.size(), "U+%04X", static_cast<unsigned>(c));
  return no(Code::bad_data, std::string("制御文字（") + name.data() + "）が入っています：消してください",
            std::string("text holds a control character (") + name.data() + "): remove it");
}

}  // namespace

Result<std::string> clean_text(std::string_view text) {
  const auto scalars = scalars_of(text);
  if (!scalars) return no(Code::bad_data, "文字が UTF-8 ではありません", "text is not UTF-8");
  std::u32string out;
  out.reserve(scalars->size());
  for (std::size_t i = 0; i < scalars->size(); ++i) {
    char32_t c = (*scalars)[i];
    if (c == U'\r') {
      if (i + 1 < scalars->size() && (*scalars)[i + 1] == U'\n') continue;
      c = U'\n';
    }
    c = full_width_twin(c);
    if (refused(c)) return refusal(c);
    if (const char32_t composed = out.empty() ? 0 : compose(out.back(), c)) {
      out.back() = composed;
    } else {
      out += c;
    }
  }
  return utf8_of(out);
}

bool is_clean(std::string_view text) {
  const auto scalars = scalars_of(text);
  if (!scalars) return false;
  for (const char32_t c : *scalars)
    if (refused(c)) return false;
  return true;
}

std::size_t char_count(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

std::string fold_for_search(std::string_view text) {
  const auto scalars = scalars_of(text);
  if (!scalars) return std::string(text);
  std::u32string out;
  for (char32_t c : *scalars) {
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFF01 - 0x21;  // full-width ASCII
    if (c == 0x3000) c = U' ';
    if (c >= 0x30A1 && c <= 0x30F6) c -= 0x60;  // katakana → hiragana
    if (c >= U'A' && c <= U'Z') c += 0x20;
    out += c;
  }
  return utf8_of(out);
}

}  // namespace noroshi::forms
