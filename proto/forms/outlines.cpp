#include "proto/forms/outlines.hpp"

#include "proto/forms/embedded.hpp"
#include "proto/forms/rows.hpp"

namespace noroshi::forms {

const std::vector<Outline>& outlines() {
  static const std::vector<Outline> all = [] {
    constexpr double kDegree = 1000;  // the file counts in thousandths
    std::vector<Outline> out;
    // prefecture TAB lon lat, then differences to the point before
    for (const std::string_view line : rows::lines(embedded::outlines())) {
      const std::vector<std::string_view> cells = rows::split(line, '\t');
      if (cells.size() != 2) continue;
      Outline outline;
      outline.prefecture = static_cast<std::uint32_t>(rows::number(cells[0]));
      const std::vector<std::string_view> numbers = rows::split(cells[1], ' ');
      std::int32_t lon = 0, lat = 0;
      for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
        lon += rows::number(numbers[i]);
        lat += rows::number(numbers[i + 1]);
        outline.points.push_back({lat / kDegree, lon / kDegree});
      }
      out.push_back(std::move(outline));
    }
    return out;
  }();
  return all;
}

}  // namespace noroshi::forms
