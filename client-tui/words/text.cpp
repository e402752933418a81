#include "client-tui/words/text.hpp"

#include <array>

namespace noroshi::words {
namespace {

constexpr std::array<Phrase, static_cast<std::size_t>(Text::count_of_texts)> kPhrases{{
#define NOROSHI_TEXT(name, ja, en) {ja, en},
#include "client-tui/words/command_line.inc"
#include "client-tui/words/console.inc"
#include "client-tui/words/paper.inc"
#undef NOROSHI_TEXT
}};

}  // namespace

Phrase phrase(Text text) {
  return kPhrases[static_cast<std::size_t>(text)];
}

std::string say(Text text) {
  const Phrase both = phrase(text);
  return std::string(keys::language() == keys::Language::ja ? both.ja : both.en);
}

forms::Language language() {
  return keys::language() == keys::Language::ja ? forms::Language::ja : forms::Language::en;
}

const std::string& in_language(const std::string& ja, const std::string& en) {
  return language() == forms::Language::ja || en.empty() ? ja : en;
}

}  // namespace noroshi::words
