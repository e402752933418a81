// The language of what the programs say to people: one per process, as the locale is. Programs set it once at
// the start.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/result.hpp"

namespace noroshi {

enum class Language : std::uint8_t { ja, en };

void speak(Language language);
[[nodiscard]] Language language();
/// "ja" or "en"; nothing for another.
[[nodiscard]] std::optional<Language> language_of(std::string_view name);
/// Japanese if LC_ALL, LC_MESSAGES or LANG (the first that is set) begins with "ja", else English.
[[nodiscard]] Language language_of_locale();
/// --lang of a command line, read before everything else so that help and errors speak it too; the locale's
/// where it is not given, nothing for a language there is not.
[[nodiscard]] std::optional<Language> language_asked(int argc, const char* const* argv);

/// The one of both that is spoken.
[[nodiscard]] std::string said(std::string_view ja, std::string_view en);
[[nodiscard]] inline Error no(Code code, std::string_view ja, std::string_view en) {
  return {code, said(ja, en)};
}

}  // namespace noroshi
