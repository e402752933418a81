// One key for each way a number can be meant.
#include "client-tui/tui/text/count_entry.hpp"

#include "tests/support/catch.hpp"

namespace noroshi::tui {
namespace {

using forms::Count;
using State = forms::CountState;

CountEntry keyed(std::string_view keys) {
  CountEntry out;
  for (const char key : keys) CHECK(out.type(std::string(1, key)) == Keyed::accepted);
  return out;
}

TEST_CASE("digits are a number, and one key says how it is meant, before or behind") {
  CHECK(keyed("345").count() == Count{345, State::exact});
  CHECK(keyed("~1200").count() == Count{1200, State::approx});
  CHECK(keyed("1200~").count() == Count{1200, State::approx});
  CHECK(keyed("100<").count() == Count{100, State::less_than});
  CHECK(keyed(">100").count() == Count{100, State::at_least});
  CHECK(keyed("?").count() == Count{0, State::unconfirmed});
  CHECK(keyed("-").count() == Count{0, State::not_applicable});
  CHECK(keyed("*2").count() == Count{2, State::magnitude});
  CHECK(keyed("0").count() == Count{0, State::exact});
}

TEST_CASE("an empty field is no answer: neither zero nor unconfirmed") {
  CHECK_FALSE(CountEntry().count());
  CHECK(CountEntry().empty());
  CHECK_FALSE(keyed("~").count());
  CHECK(keyed("~").shown(forms::Language::ja) == "~");
}

TEST_CASE("the same key again means exact again, and a digit begins a number after 未確認") {
  CHECK(keyed("345~~").count() == Count{345, State::exact});
  CHECK(keyed("345?").count() == Count{0, State::unconfirmed});
  CHECK(keyed("345??").count() == Count{345, State::exact});
  CHECK(keyed("?7").count() == Count{7, State::exact});
  CHECK(keyed("345~<").count() == Count{345, State::less_than});
  CHECK(keyed("345*2").count() == Count{2, State::magnitude});
  CHECK_FALSE(keyed("*2*").count());
  CHECK(keyed("05").count() == Count{5, State::exact});
}

TEST_CASE("full-width keys and words of an input method count as the keys") {
  CountEntry entry;
  CHECK(entry.type("３") == Keyed::accepted);
  CHECK(entry.type("４５") == Keyed::accepted);
  CHECK(entry.type("、") == Keyed::nothing);
  CHECK(entry.type("約") == Keyed::accepted);
  CHECK(entry.count() == Count{345, State::approx});
  entry.clear();
  CHECK(entry.type("1,200戸") == Keyed::unknown);
  CHECK(entry.empty());
  CHECK(entry.type("１００未満") == Keyed::accepted);
  CHECK(entry.count() == Count{100, State::less_than});
  entry.clear();
  CHECK(entry.type("ー") == Keyed::accepted);
  CHECK(entry.count() == Count{0, State::not_applicable});
}

TEST_CASE("a number too large and a key that means nothing are refused") {
  CountEntry entry = keyed("9999999");
  CHECK(entry.type("9") == Keyed::full);
  CHECK(entry.type("x") == Keyed::unknown);
  CHECK(entry.type("\x1B") == Keyed::unknown);
  CHECK(entry.type("\xFF\xFE") == Keyed::unknown);
  CHECK(entry.type("") == Keyed::nothing);
  CHECK(entry.count() == Count{9'999'999, State::exact});
  entry = keyed("*");
  CHECK(entry.type("8") == Keyed::full);
  CHECK(entry.type("0") == Keyed::full);
}

TEST_CASE("backspace takes the last digit, then the sign") {
  CountEntry entry = keyed("~12");
  CHECK(entry.backspace() == Keyed::accepted);
  CHECK(entry.count() == Count{1, State::approx});
  entry.backspace();
  CHECK(entry.shown(forms::Language::ja) == "~");
  entry.backspace();
  CHECK(entry.empty());
  CHECK(entry.backspace() == Keyed::nothing);
  entry = keyed("12?");
  entry.backspace();
  CHECK(entry.count() == Count{12, State::exact});
}

TEST_CASE("a number of a report is shown and changed") {
  CountEntry entry(Count{1200, State::approx});
  CHECK(entry.shown(forms::Language::ja) == "約 1,200");
  CHECK(entry.shown(forms::Language::en) == "about 1,200");
  entry.backspace();
  CHECK(entry.count() == Count{120, State::approx});
  entry.set(Count{0, State::unconfirmed});
  CHECK(entry.shown(forms::Language::ja) == "未確認");
  entry.set(Count{0, State::absent});
  CHECK(entry.empty());
  entry.set(Count{2, State::magnitude});
  CHECK(entry.shown(forms::Language::ja) == "規模 10〜100");
}

}  // namespace
}  // namespace noroshi::tui
