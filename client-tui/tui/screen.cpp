#include "client-tui/tui/screen.hpp"

#include <algorithm>

#include "client-tui/tui/text/grapheme.hpp"
#include "proto/result.hpp"

namespace noroshi::tui {

Screen::Screen(Size size)
    : size_{std::max(size.rows, 1), std::max(size.columns, 1)},
      cells_(static_cast<std::size_t>(size_.rows) * static_cast<std::size_t>(size_.columns)) {}

std::size_t Screen::at(Place place) const {
  return static_cast<std::size_t>(place.row) * static_cast<std::size_t>(size_.columns) +
         static_cast<std::size_t>(place.column);
}

const Glyph& Screen::cell(Place place) const {
  NOROSHI_ASSERT(place.row >= 0 && place.row < size_.rows && place.column >= 0 &&
                 place.column < size_.columns);
  return cells_[at(place)];
}

int Screen::put(Place place, std::string_view text, Style style) {
  if (place.row < 0 || place.row >= size_.rows || place.column < 0) return place.column;
  const std::string shown = printable(text);
  for (const Grapheme& part : graphemes(shown)) {
    if (place.column + part.columns > size_.columns) break;
    for (int i = 0; i < part.columns; ++i) cells_[at({place.row, place.column + i})] = {"", style};
    cells_[at(place)].text = shown.substr(part.begin, part.end - part.begin);
    place.column += part.columns;
  }
  return place.column;
}

int Screen::put_within(Place place, int end, std::string_view text, Style style) {
  return put(place, fit(text, std::min(end, size_.columns) - place.column, "~"), style);
}

void Screen::fill(Place from, Style style) {
  if (from.row < 0 || from.row >= size_.rows) return;
  for (int column = std::max(from.column, 0); column < size_.columns; ++column)
    cells_[at({from.row, column})] = {" ", style};
}

std::string Screen::text() const {
  std::string out;
  for (int row = 0; row < size_.rows; ++row) {
    std::string line;
    for (int column = 0; column < size_.columns; ++column) line += cells_[at({row, column})].text;
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace noroshi::tui
