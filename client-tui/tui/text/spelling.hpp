// Japanese for a terminal that can draw ASCII only: kana by their Hepburn reading, full-width letters and
// common signs by what they stand for. A reading aid: しゃ becomes "shiya", long vowels stay as written.
#pragma once

#include <optional>
#include <string>

namespace noroshi::tui {

/// Nothing for what has no spelling of its own: kanji, and whatever is no Japanese.
[[nodiscard]] std::optional<std::string> spelling(char32_t character);

}  // namespace noroshi::tui
