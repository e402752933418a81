#include <set>

#include "client-tui/tui/bindings.hpp"
#include "client-tui/tui/cursor.hpp"
#include "client-tui/tui/screen.hpp"
#include "tests/support/catch.hpp"

namespace noroshi::tui {
namespace {

TEST_CASE("a key has a name, and the name is the key") {
  for (const Binding& binding : Bindings::standard().all()) {
    for (const Key& key : binding.keys) CHECK(key_of(name_of(key)) == key);
  }
  CHECK_FALSE(key_of("Hyper-x"));
}

TEST_CASE("no key means two things in one place, and every action has a text in both languages") {
  std::set<std::pair<int, std::string>> seen;
  for (const Binding& binding : Bindings::standard().all()) {
    CHECK_FALSE(binding.label.ja.empty());
    CHECK_FALSE(binding.label.en.empty());
    for (const Key& key : binding.keys) {
      INFO(name_of(key) << " for " << binding.label.en);
      CHECK(seen.emplace(static_cast<int>(binding.where), name_of(key)).second);
    }
  }
}

TEST_CASE("keys that input methods and terminals need for themselves are nobody's") {
  for (const Binding& binding : Bindings::standard().all()) {
    for (const Key& key : binding.keys) {
      for (const char* taken : {"C-j", "C-o", "C- ", "C-\\"}) CHECK(name_of(key) != taken);
    }
  }
}

TEST_CASE("a wide character never hangs over the edge, nor half over another") {
  Screen screen({1, 5});
  CHECK(screen.put({0, 0}, "輪島市") == 4);
  CHECK(screen.text() == "輪島\n");
  CHECK(screen.cell({0, 1}).text.empty());
  Screen cut({1, 6});
  cut.put_within({0, 0}, 5, "輪島市");
  CHECK(cut.text() == "輪島~\n");
}

TEST_CASE("a cursor stays in its list and on its screen") {
  Cursor cursor;
  cursor.fit(5, 12);
  CHECK(cursor.move(Action::bottom, 12));
  cursor.fit(5, 12);
  CHECK(cursor.at == 11);
  CHECK(cursor.top == 7);
  CHECK(cursor.move(Action::page_up, 12));
  cursor.fit(5, 12);
  CHECK(cursor.at == 7);
  cursor.fit(5, 0);
  CHECK(cursor.at == 0);
}

}  // namespace
}  // namespace noroshi::tui
