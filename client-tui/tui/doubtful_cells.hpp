// Cells that terminals draw as wide as they like (text/grapheme.hpp, is_ambiguous: ○ ① → —). Whoever writes
// on behind one would write in the wrong column, and curses would not know. So curses is given something of a
// certain width in their place; they are laid over it afterwards, each at a column that is named, and what
// stands behind them is said again: one wrong cell moves nothing else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client-tui/tui/screen.hpp"

namespace noroshi::tui {

/// Whether a cell's text is one of them.
[[nodiscard]] bool is_doubtful(std::string_view cell);

/// What stands for so many columns meanwhile: "･", "　". Beyond ASCII, because to move the cursor by a few
/// columns curses writes the ASCII again that it believes to be there.
[[nodiscard]] std::string stand_in(int columns);

/// Text of one look, to be written from this column on.
struct Overlay {
  int column = 0;
  Style style{};
  std::string text;
  bool operator==(const Overlay&) const = default;
};
/// The doubtful cells of a row, and behind each the cell that a wide one may cover, if it is not blank. None
/// in the last column: a wide one would go on in the next row.
[[nodiscard]] std::vector<Overlay> overlays(const Screen& screen, int row);

}  // namespace noroshi::tui
