#include "client-tui/words/text.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"

namespace noroshi::words {
namespace {

using namespace words;

std::size_t places(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find("{}"); at != std::string_view::npos; at = text.find("{}", at + 2)) ++count;
  return count;
}

TEST_CASE("every text exists in both languages and says the same things") {
  for (int i = 0; i < static_cast<int>(Text::count_of_texts); ++i) {
    const Phrase both = phrase(static_cast<Text>(i));
    INFO(both.en);
    CHECK_FALSE(both.ja.empty());
    CHECK_FALSE(both.en.empty());
    CHECK(places(both.ja) == places(both.en));
    // Every brace is one of a place to fill.
    CHECK(std::count(both.ja.begin(), both.ja.end(), '{') == static_cast<std::ptrdiff_t>(places(both.ja)));
    CHECK(std::count(both.en.begin(), both.en.end(), '{') == static_cast<std::ptrdiff_t>(places(both.en)));
    CHECK(std::all_of(both.en.begin(), both.en.end(), [](char c) { return c != '\n'; }));
  }
}

TEST_CASE("the language spoken is the one that was chosen") {
  keys::speak(keys::Language::ja);
  CHECK(say(Text::delivery_opened) == "開封");
  keys::speak(keys::Language::en);
  CHECK(say(Text::delivery_opened) == "opened");
}

}  // namespace
}  // namespace noroshi::words
