// Outlines of the prefectures, to draw a map by: compiled in, good to about 150 m. Source:
// data/README.md.
#pragma once

#include <cstdint>
#include <vector>

namespace noroshi::forms {

/// One closed line of a prefecture: the main land, an island, a lake's shore. First and last point are the
/// same.
struct Outline {
  std::uint32_t prefecture = 0;  ///< 1 … 47
  struct Point {
    double lat = 0;
    double lon = 0;
  };
  std::vector<Point> points;
};

/// By prefecture; built once, at first use (12,000 points).
[[nodiscard]] const std::vector<Outline>& outlines();

}  // namespace noroshi::forms
