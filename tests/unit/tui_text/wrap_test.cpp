// Rows end where a Japanese line may end, and every caret has its cell.
#include "client-tui/tui/text/wrap.hpp"

#include <chrono>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/unit/tui_text/repeat.hpp"

namespace noroshi::tui {
namespace {

using test::repeat;
using Rows = std::vector<std::string>;

Rows wrapped(std::string_view text, int width) {
  const Layout layout(text, width);
  Rows out;
  for (const Row& row : layout.rows()) out.emplace_back(text.substr(row.begin, row.end - row.begin));
  return out;
}

TEST_CASE("a row is filled to its last column") {
  CHECK(wrapped("輪島市門前町", 6) == Rows{"輪島市", "門前町"});
  CHECK(wrapped("輪島市門前町", 7) == Rows{"輪島市", "門前町"});
  CHECK(wrapped("aあbい", 3) == Rows{"aあ", "bい"});
  CHECK(wrapped("", 10) == Rows{""});
}

TEST_CASE("no 。、」）ー or small kana begins a row") {
  CHECK(wrapped("倒壊した。次は", 8) == Rows{"倒壊し", "た。次は"});
  CHECK(wrapped("停止、流出", 4) == Rows{"停", "止、", "流出"});
  CHECK(wrapped("（流出）です", 6) == Rows{"（流", "出）で", "す"});
  CHECK(wrapped("「輪島」から", 6) == Rows{"「輪", "島」か", "ら"});
  CHECK(wrapped("県内データ", 6) == Rows{"県内", "データ"});
  CHECK(wrapped("食べちゃう", 6) == Rows{"食べ", "ちゃう"});
  CHECK(wrapped("人々が来た", 2) == Rows{"人", "々", "が", "来", "た"});  // no room for the rule
  CHECK(wrapped("救助隊々が", 6) == Rows{"救助", "隊々が"});
}

TEST_CASE("no 「 or （ ends a row") {
  CHECK(wrapped("門前「道下」", 6) == Rows{"門前", "「道", "下」"});
  CHECK(wrapped("容器（3本）", 6) == Rows{"容器", "（3", "本）"});
}

TEST_CASE("a word or a number stays whole where it can") {
  CHECK(wrapped("hello world again", 11) == Rows{"hello world", "again"});
  CHECK(wrapped("LPガスの漏えい", 7) == Rows{"LPガス", "の漏え", "い"});
  CHECK(wrapped("停止は12,345戸", 10) == Rows{"停止は", "12,345戸"});
  CHECK(wrapped("abcdefghij", 4) == Rows{"abcd", "efgh", "ij"});
  CHECK(wrapped("輪島 abcdefghij", 6) == Rows{"輪島 ", "abcdef", "ghij"});
}

TEST_CASE("a space behind a full row is not drawn, so the next row begins with its word") {
  CHECK(wrapped("hello world", 5) == Rows{"hello", "world"});
  CHECK(wrapped("hello   world", 5) == Rows{"hello", "  ", "world"});
  CHECK(wrapped("hello ", 5) == Rows{"hello"});
  CHECK(wrapped("hello \nx", 5) == Rows{"hello", "x"});
}

TEST_CASE("a line feed ends a row, and an empty line is a row") {
  CHECK(wrapped("連絡待ち\n次は21:00", 20) == Rows{"連絡待ち", "次は21:00"});
  CHECK(wrapped("a\n\nb\n", 20) == Rows{"a", "", "b", ""});
  CHECK(wrapped("輪島市\n門", 6) == Rows{"輪島市", "門"});
}

TEST_CASE("a grapheme is never split") {
  CHECK(wrapped("葛󠄀葛󠄀葛󠄀", 4) == Rows{"葛󠄀葛󠄀", "葛󠄀"});
  CHECK(wrapped("か\u309Aか\u309Aか\u309A", 4) == Rows{"か\u309Aか\u309A", "か\u309A"});
  CHECK(wrapped("a👨‍👩‍👧‍👦b", 8) == Rows{"a", "👨‍👩‍👧‍👦", "b"});
  CHECK(wrapped("👨‍👩‍👧‍👦b", 4) ==
        Rows{"👨‍👩‍👧‍👦", "b"});  // wider than the row: alone
  CHECK(wrapped("ｶﾞｶﾞｶﾞ", 4) == Rows{"ｶﾞｶﾞ", "ｶﾞ"});
  CHECK(wrapped("漢", 1) == Rows{"漢"});
}

TEST_CASE("text that is not UTF-8 is laid out all the same") {
  CHECK(wrapped("\xFF\xFE", 4) == Rows{"\xFF", "\xFE"});
  CHECK(wrapped("ab\xC3", 4) == Rows{"ab", "\xC3"});
}

TEST_CASE("a caret behind a full last row stands on the row after it") {
  const Layout layout("輪島市", 6);
  CHECK(layout.cell_of(3) == Cell{1, 0});
  CHECK(layout.caret_at({1, 0}) == 3);
  CHECK(layout.cell_behind(3) == Cell{0, 6});
  CHECK(layout.caret_at({0, 6}) == 2);
}

TEST_CASE("a caret at a soft row end is at the begin of the next row, or shown behind the last character") {
  const Layout layout("輪島市門前町", 6);
  CHECK(layout.cell_of(3) == Cell{1, 0});
  CHECK(layout.cell_behind(3) == Cell{0, 6});
  CHECK(layout.cell_behind(0) == Cell{0, 0});
}

TEST_CASE("a cell inside a wide character is its caret") {
  const Layout layout("輪島\n市", 20);
  CHECK(layout.caret_at({0, 1}) == 0);
  CHECK(layout.caret_at({0, 2}) == 1);
  CHECK(layout.caret_at({0, 3}) == 1);
  CHECK(layout.caret_at({0, 99}) == 2);
  CHECK(layout.caret_at({1, 99}) == 4);
  CHECK(layout.caret_at({9, 0}) == 4);
}

TEST_CASE("a text of 5 kB is laid out in less than a millisecond") {
  const std::string text = repeat(60, "輪島市門前町で、住家が倒壊。LPガス容器が流出した（3本）。");
  REQUIRE(text.size() > 5'000);
  // The best of some, because the machine does other things too.
  auto best = std::chrono::steady_clock::duration::max();
  for (int i = 0; i < 20; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const Layout layout(text, 40);
    best = std::min(best, std::chrono::steady_clock::now() - begin);
    REQUIRE(layout.rows().size() > 80);
  }
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(best).count();
  INFO(us << " us");
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  CHECK(us < 20'000);
#else
  CHECK(us < 1'000);
#endif
}

}  // namespace
}  // namespace noroshi::tui
