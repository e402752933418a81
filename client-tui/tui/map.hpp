// The map: outlines of prefectures in braille dots, and at each municipality who was heard. Pure: a place, a
// view and a screen are all it takes.
//
// A cell holds 2 × 4 dots (U+2800 … U+28FF), and is about twice as high as wide, so dots are square and one
// scale serves both ways; a degree of longitude is shortened by the latitude of the middle. Where a terminal
// has no braille, a cell with any dot is a full stop.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client-tui/desk/rollup.hpp"
#include "client-tui/tui/screen.hpp"

namespace noroshi::tui {

/// One municipality, as far as the register or a report names it.
struct MapPlace {
  std::uint32_t municipality = 0;
  double lat = 0, lon = 0;  ///< of its office
  std::string name;
  std::uint32_t heard = 0, expected = 0;  ///< units
  desk::Sum stopped;                      ///< households
  bool danger = false;                    ///< a fire, explosion or leak is reported, confirmed or not
};
enum class Heard : std::uint8_t { nobody, some, all };
[[nodiscard]] Heard heard(const MapPlace& place);
/// "未", "済", or how many were heard; "!" before it for danger.
[[nodiscard]] std::string mark_of(const MapPlace& place);
/// By code. Municipalities that the table of places does not have are left out.
[[nodiscard]] std::vector<MapPlace> map_places(const desk::Board& board);

/// What is seen.
struct MapView {
  double lat = 0, lon = 0;  ///< of the middle
  double scale = 1;         ///< dots for a degree of latitude
  bool braille = true;
};
/// Zooming ends where a dot is about 25 m: positions are those of offices.
inline constexpr double kScaleMax = 4'000;
/// And where Japan is a speck.
inline constexpr double kScaleMin = 1;

/// Everything of these prefectures but small islands far out, and every place. No prefecture: those of the
/// places, else all.
[[nodiscard]] MapView fitted(const std::vector<std::uint8_t>& prefectures,
                             const std::vector<MapPlace>& places, Size area);
/// Moved by parts of what `area` shows: `down` 0.25 is a quarter of the rows.
[[nodiscard]] MapView moved(MapView view, double down, double right, Size area);
[[nodiscard]] MapView zoomed(MapView view, double factor);

/// What the picture could not show, for the legend to say.
struct MapLeftOut {
  std::size_t outside = 0;
  std::size_t covered = 0;  ///< by marks of more weight: danger, then who was not heard
};
/// Draws into rows [top, bottom), every column.
MapLeftOut draw_map(Screen& screen, int top, int bottom, const MapView& view,
                    const std::vector<MapPlace>& places);

/// What the marks mean, with how many there are of each; what is left out.
[[nodiscard]] std::string map_legend(const std::vector<MapPlace>& places, MapLeftOut left_out);
/// The same as a table: one line for each place, then reports of no known place, then the legend's counts.
[[nodiscard]] std::vector<std::string> map_lines(const desk::Board& board,
                                                 const std::vector<MapPlace>& places);

}  // namespace noroshi::tui
