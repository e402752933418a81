// What a person types is what the field holds: first the cases in which the forms library of ncurses loses
// text.
#include "client-tui/tui/text/editor.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace noroshi::tui {
namespace {

std::string times(std::size_t n, std::string_view text) {
  std::string out;
  while (n-- > 0) out += text;
  return out;
}

Editor field(int width, int height, EditorKind kind = {.many_lines = true}) {
  Editor out(kind);
  out.resize(width, height);
  return out;
}

TEST_CASE("36 kanji typed into a field of 4 by 20 are all there, on the screen and in the text") {
  Editor editor = field(20, 4);
  for (int i = 0; i < 36; ++i) REQUIRE(editor.insert("災") == Edited::accepted);
  CHECK(editor.text() == times(36, "災"));
  const EditorView view = editor.view();
  CHECK(view.rows ==
        std::vector<std::string>{times(10, "災"), times(10, "災"), times(10, "災"), times(6, "災")});
  CHECK(view.caret_row == 3);
  CHECK(view.caret_column == 12);
}

TEST_CASE("a field of 3 by 20 that is set to 30 kanji keeps all of them") {
  Editor editor = field(20, 3);
  REQUIRE(editor.set(times(30, "災")) == Edited::accepted);
  CHECK(editor.text() == times(30, "災"));
  editor.home_text();
  CHECK(editor.view().rows == std::vector<std::string>(3, times(10, "災")));
}

TEST_CASE("End goes behind the last kanji, and what is typed stands there") {
  for (const bool many_lines : {false, true}) {
    Editor editor = field(40, 1, {.many_lines = many_lines});
    REQUIRE(editor.set("石川県輪島市") == Edited::accepted);
    editor.home();
    REQUIRE(editor.view().caret_column == 0);
    CHECK(editor.end());
    CHECK(editor.view().caret_column == 12);
    CHECK(editor.insert("門") == Edited::accepted);
    CHECK(editor.text() == "石川県輪島市門");
  }
}

TEST_CASE("backspace at the end of a full field deletes the last character") {
  Editor editor = field(20, 2, {.many_lines = true, .chars_max = 20});
  REQUIRE(editor.set(times(19, "災") + "害") == Edited::accepted);
  CHECK(editor.insert("門") == Edited::full);
  CHECK(editor.backspace() == Edited::accepted);
  CHECK(editor.text() == times(19, "災"));
  CHECK(editor.insert("門") == Edited::accepted);
}

}  // namespace
}  // namespace noroshi::tui
