#include "client-tui/tui/doubtful_cells.hpp"

#include "client-tui/tui/text/grapheme.hpp"
#include "tests/support/catch.hpp"

namespace noroshi::tui {
namespace {

std::vector<Overlay> of(std::string_view text, int columns = 30) {
  Screen screen({1, columns});
  screen.put({0, 0}, text);
  return overlays(screen, 0);
}

TEST_CASE("a row that every terminal draws alike has nothing laid over it") {
  CHECK(of("輪島市 345戸 ｶﾞｽ").empty());
  CHECK(of("").empty());
}

TEST_CASE("a doubtful cell is laid over, and what a wide one would cover is said again") {
  CHECK(of("供給○停止 ①") ==
        std::vector<Overlay>{{4, Style::plain, "○"}, {5, Style::plain, "停"}, {10, Style::plain, "①"}});
  CHECK(of("①②") == std::vector<Overlay>{{0, Style::plain, "①"}, {1, Style::plain, "②"}});
  CHECK(of("停止 — ／").size() == 1);  // half of it may lie over the blank
}

TEST_CASE("each overlay has the look of its cell") {
  Screen screen({1, 20});
  screen.put({0, 0}, "→");
  screen.put({0, 1}, "重", Style::alarm);
  CHECK(overlays(screen, 0) == std::vector<Overlay>{{0, Style::plain, "→"}, {1, Style::alarm, "重"}});
}

TEST_CASE("in the last column nothing is laid over: it would go on in the next row") {
  CHECK(of("a○", 2).empty());
  CHECK(of("○a", 2).size() == 2);
}

TEST_CASE("what stands in has the width it says, on every terminal, and is no ASCII") {
  for (int width = 1; width <= 8; ++width) {
    const std::string text = stand_in(width);
    CHECK(columns(text) == width);
    for (const Grapheme& one : graphemes(text)) {
      CHECK_FALSE(is_doubtful(std::string_view(text).substr(one.begin, one.end - one.begin)));
      CHECK(one.end - one.begin > 1);
    }
  }
}

}  // namespace
}  // namespace noroshi::tui
