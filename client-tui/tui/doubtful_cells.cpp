#include "client-tui/tui/doubtful_cells.hpp"

#include "client-tui/tui/text/grapheme.hpp"

namespace noroshi::tui {

bool is_doubtful(std::string_view cell) {
  return cell.size() > 1 && is_ambiguous(cell);  // most cells are ASCII, and none of those is
}

std::string stand_in(int columns) {
  std::string out;
  for (; columns > 1; columns -= 2) out += "　";
  if (columns > 0) out += "･";
  return out;
}

std::vector<Overlay> overlays(const Screen& screen, int row) {
  std::vector<Overlay> out;
  const int end = screen.size().columns;
  bool covered = false;  // by a doubtful cell to the left
  for (int column = 0; column < end; ++column) {
    const Glyph& cell = screen.cell({row, column});
    if (cell.text.empty()) continue;  // the second half of a wide one
    const bool doubtful = is_doubtful(cell.text) && column + columns(cell.text) < end;
    if (doubtful || (covered && cell.text != " ")) out.push_back({column, cell.style, cell.text});
    covered = doubtful;
  }
  return out;
}

}  // namespace noroshi::tui
