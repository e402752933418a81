// Layouts and printable texts, whatever the text is.
#include <unictype.h>
#include <unistr.h>
#include <wchar.h>

#include "client-tui/tui/text/wrap.hpp"
#include "proto/forms/utf8.hpp"
#include "tests/property/tui/dice.hpp"
#include "tests/support/catch.hpp"

namespace noroshi::tui {
namespace {

using test::Dice;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kTexts = 3'000;
#else
constexpr int kTexts = 30'000;
#endif

/// Pieces, sometimes with bytes and characters that no text should have.
std::string any_text(Dice& dice, std::size_t most) {
  std::string out = test::text_of_pieces(dice, most);
  if (!dice.chance(3)) return out;
  for (std::size_t n = dice.below(6); n > 0; --n) {
    const std::string_view bad = dice.chance(2) ? dice.one_of(test::kRefused) : dice.one_of(test::kPieces);
    out.insert(dice.below(out.size() + 1), bad);
  }
  if (dice.chance(4))
    for (std::size_t n = dice.below(40); n > 0; --n) out += static_cast<char>(dice.below(256));
  return out;
}

TEST_CASE("rows hold every grapheme once, in order, and never exceed the width") {
  Dice dice(1);
  for (int i = 0; i < kTexts; ++i) {
    const std::string text = any_text(dice, 60);
    const int width = 1 + static_cast<int>(dice.below(30));
    const Layout layout(text, width);
    std::size_t next = 0, byte = 0;
    for (const Row& row : layout.rows()) {
      REQUIRE(row.first == next);
      next = row.last;
      const std::string_view between = std::string_view(text).substr(byte, row.begin - byte);
      REQUIRE((between.empty() || between == " " || between == "\n" || between == " \n"));
      byte = row.end;
      int sum = 0;
      std::size_t drawn = 0;
      for (std::size_t g = row.first; g < row.last && layout.graphemes()[g].end <= row.end; ++g, ++drawn)
        sum += layout.graphemes()[g].columns;
      REQUIRE(row.columns == sum);
      REQUIRE((sum <= width || drawn == 1));
    }
    REQUIRE(next == layout.size());
    REQUIRE((layout.graphemes().empty() || layout.graphemes().back().end == text.size()));
  }
}

TEST_CASE("every caret has its cell and comes back from it, and every cell has its caret") {
  Dice dice(2);
  for (int i = 0; i < kTexts; ++i) {
    const std::string text = any_text(dice, 60);
    const Layout layout(text, 1 + static_cast<int>(dice.below(30)));
    Cell before{0, -1};
    for (std::size_t caret = 0; caret <= layout.size(); ++caret) {
      const Cell cell = layout.cell_of(caret);
      REQUIRE(layout.caret_at(cell) == caret);
      REQUIRE((cell.row > before.row || (cell.row == before.row && cell.column > before.column)));
      before = cell;
      REQUIRE(layout.caret_of_byte(layout.byte_of(caret)) == caret);
    }
    for (std::size_t row = 0; row < layout.rows().size(); ++row) {
      for (int column = 0; column < layout.rows()[row].columns; ++column) {
        const Cell cell = layout.cell_of(layout.caret_at({row, column}));
        REQUIRE(cell.row == row);
        REQUIRE(cell.column <= column);
      }
    }
  }
}

TEST_CASE("in a Japanese text no row begins with what may not, or ends with what may not") {
  constexpr std::array<std::string_view, 22> kJapanese{"輪", "島", "市", "門", "前", "町", "の", "が",
                                                       "は", "容", "器", "流", "出", "。", "、", "っ",
                                                       "ー", "「", "」", "（", "）", "々"};
  constexpr std::string_view kNotFirst = "。、っー」）々";
  constexpr std::string_view kNotLast = "「（";
  Dice dice(3);
  for (int i = 0; i < kTexts; ++i) {
    std::string text;
    for (std::size_t n = dice.below(60); n > 0; --n) {
      text += dice.one_of(kJapanese);
      text += "災害";  // signs are never more than a row has room for
    }
    const Layout layout(text, 10 + static_cast<int>(dice.below(30)));
    for (std::size_t r = 0; r < layout.rows().size(); ++r) {
      const Row& row = layout.rows()[r];
      if (row.begin == row.end) continue;
      const std::string_view drawn = std::string_view(text).substr(row.begin, row.end - row.begin);
      if (r > 0) REQUIRE(kNotFirst.find(drawn.substr(0, 3)) == std::string_view::npos);
      if (r + 1 < layout.rows().size())
        REQUIRE(kNotLast.find(drawn.substr(drawn.size() - 3)) == std::string_view::npos);
    }
  }
}

TEST_CASE("nothing in a printable text acts or hides, and it takes the columns that were said") {
  Dice dice(4);
  for (int i = 0; i < kTexts; ++i) {
    const std::string text = any_text(dice, 40);
    const std::string shown = printable(text);
    REQUIRE(shown.size() <= 4 * text.size());
    REQUIRE(printable(shown) == shown);
    const auto scalars = forms::scalars_of(shown);
    REQUIRE(scalars);
    int sum = 0, marks = 0;
    for (std::size_t at = 0; at < scalars->size(); ++at) {
      const char32_t c = (*scalars)[at];
      const int width = wcwidth(static_cast<wchar_t>(c));
      REQUIRE(width >= 0);
      if (width == 0) {
        REQUIRE(at > 0);
        REQUIRE(++marks <= kMarksMax);
        // Joiners and selectors are the only ones left of what hides.
        if (uc_is_property_default_ignorable_code_point(c))
          REQUIRE((c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF)));
      } else {
        marks = 0;
      }
      sum += width;
    }
    REQUIRE(columns(text) == sum);
  }
}

TEST_CASE("what is fitted fits, and what is filled up is full") {
  Dice dice(5);
  for (int i = 0; i < kTexts; ++i) {
    const std::string text = any_text(dice, 30);
    const int width = static_cast<int>(dice.below(40));
    const std::string shown = printable(text);
    const std::string fitted = fit(text, width);
    REQUIRE(columns(fitted) <= width);
    REQUIRE((fitted == shown || fitted.empty() || fitted.back() == '>'));
    REQUIRE(columns(pad(text, width)) == width);
  }
}

}  // namespace
}  // namespace noroshi::tui
