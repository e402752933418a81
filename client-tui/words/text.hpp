// Everything noroshi says to people, in Japanese and English, in one table: command_line.inc, console.inc, paper.inc.
// Program names, keys of JSON and codes are not localized and are not here. What a lower layer says in an
// error comes in the language spoken already (keys/language.hpp).
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "keys/language.hpp"
#include "proto/forms/catalogue.hpp"
#include "proto/result.hpp"

namespace noroshi::words {

enum class Text : std::uint16_t {
#define NOROSHI_TEXT(name, ja, en) name,
#include "client-tui/words/command_line.inc"
#include "client-tui/words/console.inc"
#include "client-tui/words/paper.inc"
#undef NOROSHI_TEXT
  count_of_texts
};

struct Phrase {
  std::string_view ja, en;
};
[[nodiscard]] Phrase phrase(Text text);

/// In the language spoken (keys::language).
[[nodiscard]] std::string say(Text text);
template <typename... Args>
[[nodiscard]] std::string say(Text text, const Args&... args) {
  return fmt::vformat(say(text), fmt::make_format_args(args...));
}
template <typename... Args>
[[nodiscard]] Error no(Code code, Text text, const Args&... args) {
  return {code, say(text, args...)};
}

/// The same language, as the forms know it.
[[nodiscard]] forms::Language language();
/// The one of both that is spoken, of a label or name.
[[nodiscard]] const std::string& in_language(const std::string& ja, const std::string& en);

}  // namespace noroshi::words
