#include "proto/language.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace noroshi {
namespace {
std::atomic<Language> spoken{Language::en};
}

void speak(Language language) {
  spoken = language;
}
Language language() {
  return spoken;
}

std::optional<Language> language_of(std::string_view name) {
  if (name == "ja") return Language::ja;
  if (name == "en") return Language::en;
  return std::nullopt;
}

Language language_of_locale() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value && *value) return std::string_view(value).starts_with("ja") ? Language::ja : Language::en;
  }
  return Language::en;
}

std::optional<Language> language_asked(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--lang") == 0 && i + 1 < argc) return language_of(argv[i + 1]);
    if (std::strncmp(argv[i], "--lang=", 7) == 0) return language_of(argv[i] + 7);
  }
  return language_of_locale();
}

std::string said(std::string_view ja, std::string_view en) {
  return std::string(language() == Language::ja ? ja : en);
}

}  // namespace noroshi
