// Digits and letters as they are said over a bad line: digits one by one, letters by the words of the
// spelling tables. Pure; whatever a table does not have is left as it stands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/forms/catalogue.hpp"

namespace noroshi::forms {

/// '0' … '9': いち に さん よん ご ろく なな はち きゅう まる; one … nine, zero. よん なな きゅう まる are
/// the digits of the 和文通話表, so that 4 and 7 are never し and しち; its ひと for 1 is left to radio
/// operators, because who answers a telephone expects いち.
[[nodiscard]] std::string_view digit_name(char digit, Language language);
/// "17.2戸" → "いち なな てん に 戸": every run of digits one by one (full-width ones too), the point of a
/// number said, commas within a number not. The rest as it stands.
[[nodiscard]] std::string say_digits(std::string_view text, Language language);

/// "わじま" → わらびのワ, 新聞のシ, 濁点, マッチのマ. Kana by the 和文通話表 (無線局運用規則 別表第五号),
/// Latin letters by the ITU alphabet (the 欧文通話表 of the same table, Radio Regulations Appendix 14),
/// digits by digit_name.
[[nodiscard]] std::vector<std::string> spelled(std::string_view text, Language language);
/// A text that is best spelled: a name or a mark of kana, Latin letters and digits, at most kSpelledMax
/// characters. In English nothing of kana is.
[[nodiscard]] bool is_spelled(std::string_view text, Language language);
inline constexpr std::size_t kSpelledMax = 16;

}  // namespace noroshi::forms
