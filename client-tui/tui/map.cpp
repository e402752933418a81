#include "client-tui/tui/map.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "client-tui/tui/text/grapheme.hpp"
#include "client-tui/words/text.hpp"
#include "proto/forms/outlines.hpp"
#include "proto/forms/places.hpp"

namespace noroshi::tui {
namespace {

using words::say, words::Text;

constexpr int kDotsWide = 2, kDotsHigh = 4;
/// With more places than this on the screen, names would hide what they name.
constexpr std::size_t kNamesMax = 24;

/// Somebody says so, or it may be meant: a magnitude, the six answers.
bool says_danger(const desk::Part& part) {
  namespace field = forms::field;
  for (const forms::FieldNo number : {field::gas_leaks, field::fires, field::explosions}) {
    const auto total = part.totals.find(number);
    if (total == part.totals.end()) continue;
    const auto some = [](const desk::Sum& sum) {
      return sum.value > 0 ||
             std::any_of(sum.magnitudes.begin(), sum.magnitudes.end(), [](std::uint32_t n) { return n > 0; });
    };
    if (some(total->second.sum) || some(total->second.hearsay)) return true;
  }
  const auto six = part.six.find(field::six_danger);
  if (six == part.six.end()) return false;
  constexpr std::uint32_t kLeak = 2, kFireOrExplosion = 3;
  return six->second.count(kLeak) > 0 || six->second.count(kFireOrExplosion) > 0;
}

struct Box {
  double south = 90, north = -90, west = 180, east = -180;
  void add(double lat, double lon) {
    south = std::min(south, lat), north = std::max(north, lat);
    west = std::min(west, lon), east = std::max(east, lon);
  }
  [[nodiscard]] double extent() const { return (north - south) * (east - west); }
  [[nodiscard]] bool empty() const { return north < south; }
};
Box box_of(const forms::Outline& outline) {
  Box box;
  for (const auto& point : outline.points) box.add(point.lat, point.lon);
  return box;
}
/// The main land of a prefecture: 小笠原 is a thousand kilometres from the rest of Tokyo.
Box main_land(std::uint32_t prefecture) {
  Box largest;
  for (const forms::Outline& outline : forms::outlines()) {
    if (outline.prefecture != prefecture) continue;
    if (const Box box = box_of(outline); largest.empty() || box.extent() > largest.extent()) largest = box;
  }
  return largest;
}

double shortening(double lat) {
  return std::cos(lat * std::numbers::pi / 180);
}

/// Degrees to dots of one drawing.
class Projection {
 public:
  Projection(const MapView& view, Size area)
      : view_(view), wide_(area.columns * kDotsWide), high_(area.rows * kDotsHigh) {}
  struct Dot {
    double x = 0, y = 0;
  };
  [[nodiscard]] Dot dot(double lat, double lon) const {
    return {wide_ / 2.0 + (lon - view_.lon) * view_.scale * shortening(view_.lat),
            high_ / 2.0 - (lat - view_.lat) * view_.scale};
  }
  [[nodiscard]] bool inside(Dot dot) const {
    return dot.x >= 0 && dot.y >= 0 && dot.x < wide_ && dot.y < high_;
  }
  /// Both ends beyond one edge: no part of the line between them is seen.
  [[nodiscard]] bool beyond(Dot a, Dot b) const {
    return std::max(a.x, b.x) < 0 || std::max(a.y, b.y) < 0 || std::min(a.x, b.x) >= wide_ ||
           std::min(a.y, b.y) >= high_;
  }

 private:
  MapView view_;
  int wide_, high_;
};

/// Dots of one drawing, by cell.
class Canvas {
 public:
  explicit Canvas(Size area)
      : area_(area), cells_(static_cast<std::size_t>(area.rows) * static_cast<std::size_t>(area.columns)) {}
  void line(Projection::Dot a, Projection::Dot b, const Projection& projection) {
    if (projection.beyond(a, b)) return;
    const int steps = std::max(1, static_cast<int>(std::max(std::abs(b.x - a.x), std::abs(b.y - a.y))));
    for (int i = 0; i <= steps; ++i) {
      const double part = static_cast<double>(i) / steps;
      const Projection::Dot dot{a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part};
      if (projection.inside(dot)) set(static_cast<int>(dot.x), static_cast<int>(dot.y));
    }
  }
  void paint(Screen& screen, int top, bool braille) const {
    for (int row = 0; row < area_.rows; ++row) {
      for (int column = 0; column < area_.columns; ++column) {
        const std::uint8_t dots = cells_[at(row, column)];
        if (dots != 0) screen.put({top + row, column}, braille ? letter(dots) : ".", Style::label);
      }
    }
  }

 private:
  [[nodiscard]] std::size_t at(int row, int column) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(area_.columns) +
           static_cast<std::size_t>(column);
  }
  /// Braille numbers its dots 1 2 3 down the left, 4 5 6 down the right, then 7 and 8 below.
  void set(int x, int y) {
    static constexpr std::uint8_t kBit[kDotsHigh][kDotsWide] = {
        {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    cells_[at(y / kDotsHigh, x / kDotsWide)] |= kBit[y % kDotsHigh][x % kDotsWide];
  }
  /// U+2800 + dots in UTF-8.
  static std::string letter(std::uint8_t dots) {
    return {'\xE2', static_cast<char>(0xA0 | dots >> 6), static_cast<char>(0x80 | (dots & 0x3F))};
  }
  Size area_;
  std::vector<std::uint8_t> cells_;
};

/// Which cells have something written on them.
class Taken {
 public:
  explicit Taken(Size area)
      : area_(area), cells_(static_cast<std::size_t>(area.rows) * static_cast<std::size_t>(area.columns)) {}
  bool take(Place at, int width) {
    if (at.row < 0 || at.row >= area_.rows || at.column < 0 || at.column + width > area_.columns)
      return false;
    const auto begin = cells_.begin() + at.row * area_.columns + at.column;
    if (std::find(begin, begin + width, true) != begin + width) return false;
    std::fill(begin, begin + width, true);
    return true;
  }

 private:
  Size area_;
  std::vector<bool> cells_;
};

Style style_of(const MapPlace& place) {
  return place.danger ? Style::alarm : heard(place) == Heard::nobody ? Style::caution : Style::plain;
}

/// The marks that matter most find their cell first.
int weight(const MapPlace& place) {
  if (place.danger) return 0;
  return heard(place) == Heard::nobody ? 1 : heard(place) == Heard::some ? 2 : 3;
}

struct Written {
  const MapPlace* place = nullptr;
  Place after;
};

}  // namespace

Heard heard(const MapPlace& place) {
  if (place.heard == 0) return Heard::nobody;
  return place.heard < place.expected ? Heard::some : Heard::all;
}

std::string mark_of(const MapPlace& place) {
  const std::string danger = place.danger ? "!" : "";
  switch (heard(place)) {
    case Heard::nobody: return danger + say(Text::map_mark_silent);
    case Heard::some: return danger + std::to_string(place.heard);
    case Heard::all: return danger + say(Text::map_mark_heard);
  }
  return danger;
}

std::vector<MapPlace> map_places(const desk::Board& board) {
  std::vector<MapPlace> out;
  for (const desk::Part& part : board.by(desk::Division::municipality)) {
    const forms::Municipality* known = forms::municipality(part.place);
    if (known == nullptr) continue;
    MapPlace place{part.place,
                   known->lat,
                   known->lon,
                   known->name,
                   part.coverage.units_heard,
                   part.coverage.units_expected,
                   {},
                   says_danger(part)};
    if (const auto total = part.totals.find(forms::field::households_stopped); total != part.totals.end())
      place.stopped = total->second.sum;
    out.push_back(std::move(place));
  }
  return out;
}

MapView fitted(const std::vector<std::uint8_t>& prefectures, const std::vector<MapPlace>& places, Size area) {
  Box box;
  const auto add = [&](std::uint32_t prefecture) {
    const Box land = main_land(prefecture);
    if (!land.empty()) box.add(land.south, land.west), box.add(land.north, land.east);
  };
  for (const std::uint8_t prefecture : prefectures) add(prefecture);
  for (const MapPlace& place : places) {
    if (prefectures.empty()) add(place.municipality / 1000);
    box.add(place.lat, place.lon);
  }
  if (box.empty()) {
    for (const forms::Prefecture& prefecture : forms::prefectures()) add(prefecture.code);
  }
  // A margin, so that marks at the edge have room.
  constexpr double kMargin = 1.08, kLeastDegrees = 0.05;
  const double lat = (box.south + box.north) / 2;
  const double high = std::max(box.north - box.south, kLeastDegrees) * kMargin;
  const double wide = std::max(box.east - box.west, kLeastDegrees) * kMargin * shortening(lat);
  MapView view;
  view.lat = lat;
  view.lon = (box.west + box.east) / 2;
  view.scale = std::clamp(std::min(area.rows * kDotsHigh / high, area.columns * kDotsWide / wide), kScaleMin,
                          kScaleMax);
  return view;
}

MapView moved(MapView view, double down, double right, Size area) {
  view.lat = std::clamp(view.lat - down * area.rows * kDotsHigh / view.scale, 20.0, 46.0);
  view.lon = std::clamp(view.lon + right * area.columns * kDotsWide / (view.scale * shortening(view.lat)),
                        122.0, 154.0);
  return view;
}

MapView zoomed(MapView view, double factor) {
  view.scale = std::clamp(view.scale * factor, kScaleMin, kScaleMax);
  return view;
}

MapLeftOut draw_map(Screen& screen, int top, int bottom, const MapView& view,
                    const std::vector<MapPlace>& places) {
  const Size area{std::max(bottom - top, 0), screen.size().columns};
  const Projection projection(view, area);
  Canvas canvas(area);
  for (const forms::Outline& outline : forms::outlines()) {
    for (std::size_t i = 1; i < outline.points.size(); ++i) {
      const auto &a = outline.points[i - 1], &b = outline.points[i];
      canvas.line(projection.dot(a.lat, a.lon), projection.dot(b.lat, b.lon), projection);
    }
  }
  canvas.paint(screen, top, view.braille);

  std::vector<const MapPlace*> order;
  MapLeftOut left_out;
  for (const MapPlace& place : places) {
    if (projection.inside(projection.dot(place.lat, place.lon))) {
      order.push_back(&place);
    } else {
      ++left_out.outside;
    }
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const MapPlace* a, const MapPlace* b) { return weight(*a) < weight(*b); });
  Taken taken(area);
  std::vector<Written> written;
  for (const MapPlace* place : order) {
    const Projection::Dot dot = projection.dot(place->lat, place->lon);
    const std::string mark = mark_of(*place);
    const int width = columns(mark);
    const Place own{static_cast<int>(dot.y) / kDotsHigh,
                    std::min(static_cast<int>(dot.x) / kDotsWide, area.columns - width)};
    // A neighbouring cell will do where the own one is taken: a cell is kilometres wide.
    const Place tries[] = {own,
                           {own.row - 1, own.column},
                           {own.row + 1, own.column},
                           {own.row, own.column + width},
                           {own.row, own.column - width}};
    const auto* at =
        std::find_if(std::begin(tries), std::end(tries), [&](Place one) { return taken.take(one, width); });
    if (at == std::end(tries)) {
      ++left_out.covered;
      continue;
    }
    screen.put({top + at->row, at->column}, mark, style_of(*place));
    written.push_back({place, {at->row, at->column + width}});
  }
  if (written.size() > kNamesMax) return left_out;
  for (const Written& mark : written) {
    if (taken.take(mark.after, columns(mark.place->name)))
      screen.put({top + mark.after.row, mark.after.column}, mark.place->name, style_of(*mark.place));
  }
  return left_out;
}

std::string map_legend(const std::vector<MapPlace>& places, MapLeftOut left_out) {
  const auto with = [&](Heard how) {
    return std::count_if(places.begin(), places.end(),
                         [&](const MapPlace& place) { return heard(place) == how; });
  };
  const auto danger =
      std::count_if(places.begin(), places.end(), [](const MapPlace& place) { return place.danger; });
  std::string out = say(Text::map_legend, with(Heard::nobody), with(Heard::all), with(Heard::some), danger);
  if (left_out.outside > 0) out += "  " + say(Text::map_outside, left_out.outside);
  if (left_out.covered > 0) out += "  " + say(Text::map_covered, left_out.covered);
  return out;
}

std::vector<std::string> map_lines(const desk::Board& board, const std::vector<MapPlace>& places) {
  std::vector<std::string> out;
  const bool english = words::language() == forms::Language::en;
  for (const MapPlace& place : places) {
    out.push_back(say(Text::map_line, pad(mark_of(place), 4), forms::place_name(place.municipality, english),
                      place.heard, place.expected, desk::format(place.stopped, words::language())));
  }
  for (const desk::Part& part : board.by(desk::Division::municipality)) {
    if (forms::municipality(part.place) == nullptr && part.coverage.units_heard > 0)
      out.push_back(say(Text::map_nowhere, part.coverage.units_heard));
  }
  if (out.empty()) return {say(Text::map_empty)};
  out.push_back(map_legend(places, {}));
  return out;
}

}  // namespace noroshi::tui
