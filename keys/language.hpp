// The language of what this folder says to people: one per process, as the locale is. Programs set it once at
// the start.
#pragma once

#include <string>
#include <string_view>

#include "proto/result.hpp"

namespace noroshi::keys {

enum class Language : std::uint8_t { ja, en };

void speak(Language language);
[[nodiscard]] Language language();
/// "ja" or "en"; nothing for another.
[[nodiscard]] std::optional<Language> language_of(std::string_view name);
/// Japanese if LC_ALL, LC_MESSAGES or LANG (the first that is set) begins with "ja", else English.
[[nodiscard]] Language language_of_locale();

/// The one of both that is spoken.
[[nodiscard]] std::string said(std::string_view ja, std::string_view en);
[[nodiscard]] inline Error no(Code code, std::string_view ja, std::string_view en) {
  return {code, said(ja, en)};
}

}  // namespace noroshi::keys
