#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "proto/forms/entry.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::forms {
namespace {

/// A position in its parts.
struct PointPart {
  enum Kind : std::uint8_t {
    number,
    degree,
    minute,
    second,
    north,
    south,
    east,
    west,
    comma,
    minus,
    plus_minus,
    metre
  };
  Kind kind = number;
  double value = 0;
  bool whole = true;  ///< no decimals
};

struct PointSign {
  std::string_view text;
  PointPart::Kind kind;
};
/// Folded texts; longer ones first.
constexpr std::array kPointSigns{
    PointSign{"北緯", PointPart::north},   PointSign{"南緯", PointPart::south},
    PointSign{"東経", PointPart::east},    PointSign{"西経", PointPart::west},
    PointSign{"''", PointPart::second},    PointSign{"+-", PointPart::plus_minus},
    PointSign{"n", PointPart::north},      PointSign{"s", PointPart::south},
    PointSign{"e", PointPart::east},       PointSign{"w", PointPart::west},
    PointSign{"°", PointPart::degree},     PointSign{"º", PointPart::degree},
    PointSign{"˚", PointPart::degree},     PointSign{"度", PointPart::degree},
    PointSign{"'", PointPart::minute},     PointSign{"′", PointPart::minute},
    PointSign{"’", PointPart::minute},     PointSign{"分", PointPart::minute},
    PointSign{"\"", PointPart::second},    PointSign{"″", PointPart::second},
    PointSign{"”", PointPart::second},     PointSign{"秒", PointPart::second},
    PointSign{",", PointPart::comma},      PointSign{"、", PointPart::comma},
    PointSign{"±", PointPart::plus_minus}, PointSign{"m", PointPart::metre},
    PointSign{"-", PointPart::minus},      PointSign{"−", PointPart::minus}};

/// Longer than any position anybody writes.
constexpr std::size_t kPointTextMax = 200;

std::optional<std::vector<PointPart>> parts_of(std::string_view text) {
  std::vector<PointPart> out;
  while (!text.empty()) {
    if (text[0] == ' ') {
      text.remove_prefix(1);
      continue;
    }
    std::size_t size = 0, points = 0;
    while (size < text.size() && ((text[size] >= '0' && text[size] <= '9') || text[size] == '.'))
      points += text[size++] == '.' ? 1u : 0u;
    if (size > 0) {
      if (points > 1 || size > 24 || text[0] == '.') return std::nullopt;
      double value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + size, value);
      if (error != std::errc() || end != text.data() + size) return std::nullopt;
      out.push_back({PointPart::number, value, points == 0});
      text.remove_prefix(size);
      continue;
    }
    bool known = false;
    for (const PointSign& sign : kPointSigns) {
      if (!text.starts_with(sign.text)) continue;
      out.push_back({sign.kind, 0, true});
      text.remove_prefix(sign.text.size());
      known = true;
      break;
    }
    if (!known) return std::nullopt;
  }
  return out;
}

class PointParser {
 public:
  explicit PointParser(const std::vector<PointPart>& parts) : parts_(parts) {}

  std::optional<Point> parse(PointMethod method) {
    auto first = coordinate();
    (void)take(PointPart::comma);
    auto second = coordinate();
    if (!first || !second) return std::nullopt;
    if (first->axis == Axis::unsaid && second->axis == Axis::unsaid)
      first->axis = std::abs(first->degrees) > 90 ? Axis::longitude : Axis::latitude;
    if (first->axis == Axis::unsaid) first->axis = other(second->axis);
    if (second->axis == Axis::unsaid) second->axis = other(first->axis);
    if (first->axis == second->axis) return std::nullopt;
    const double lat = first->axis == Axis::latitude ? first->degrees : second->degrees;
    const double lon = first->axis == Axis::latitude ? second->degrees : first->degrees;
    if (std::abs(lat) > 90 || std::abs(lon) > 180) return std::nullopt;
    Point point;
    point.lat_e5 = static_cast<std::int32_t>(std::lround(lat * 1e5));
    point.lon_e5 = static_cast<std::int32_t>(std::lround(lon * 1e5));
    point.method = method;
    if (take(PointPart::plus_minus)) {
      const PointPart* metres = take(PointPart::number);
      if (metres == nullptr || !metres->whole || metres->value > 99'999) return std::nullopt;
      point.accuracy_m = static_cast<std::uint32_t>(metres->value);
      (void)take(PointPart::metre);
    }
    return at_ == parts_.size() ? std::optional(point) : std::nullopt;
  }

 private:
  enum class Axis : std::uint8_t { unsaid, latitude, longitude };
  struct Coordinate {
    Axis axis = Axis::unsaid;
    double degrees = 0;
  };
  static Axis other(Axis axis) { return axis == Axis::latitude ? Axis::longitude : Axis::latitude; }

  const PointPart* take(PointPart::Kind kind) {
    if (at_ >= parts_.size() || parts_[at_].kind != kind) return nullptr;
    return &parts_[at_++];
  }
  bool take_hemisphere(Coordinate& into, double& sign) {
    if (take(PointPart::north)) return into.axis = Axis::latitude, sign = 1, true;
    if (take(PointPart::south)) return into.axis = Axis::latitude, sign = -1, true;
    if (take(PointPart::east)) return into.axis = Axis::longitude, sign = 1, true;
    if (take(PointPart::west)) return into.axis = Axis::longitude, sign = -1, true;
    return false;
  }

  /// [hemisphere or minus] degrees [° minutes [' seconds ["]]] [hemisphere]. Only the last part has decimals.
  std::optional<Coordinate> coordinate() {
    Coordinate out;
    double sign = 1;
    const bool said_before = take_hemisphere(out, sign);
    const bool minus = take(PointPart::minus) != nullptr;
    const PointPart* last = take(PointPart::number);
    if (last == nullptr) return std::nullopt;
    out.degrees = last->value;
    if (take(PointPart::degree)) {
      double unit = 1.0 / 60;
      for (const PointPart::Kind mark : {PointPart::minute, PointPart::second}) {
        const std::size_t before = at_;
        const PointPart* part = take(PointPart::number);
        if (part == nullptr) break;
        if (!take(mark)) {
          at_ = before;  // the degrees of the other coordinate
          break;
        }
        if (!last->whole || part->value >= 60) return std::nullopt;
        out.degrees += part->value * unit;
        unit /= 60;
        last = part;
      }
    }
    if (!said_before) (void)take_hemisphere(out, sign);
    if (minus && out.axis != Axis::unsaid) return std::nullopt;
    out.degrees *= minus ? -1 : sign;
    return out;
  }

  const std::vector<PointPart>& parts_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<Point> parse_point(std::string_view text, PointMethod method) {
  if (text.size() > kPointTextMax) return std::nullopt;
  const auto parts = parts_of(fold_for_search(text));
  if (!parts) return std::nullopt;
  return PointParser(*parts).parse(method);
}

std::string typed(const Point& point) {
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%.5f%c %.5f%c", std::abs(point.lat_e5) / 1e5,
                point.lat_e5 < 0 ? 'S' : 'N', std::abs(point.lon_e5) / 1e5, point.lon_e5 < 0 ? 'W' : 'E');
  std::string text = out.data();
  if (point.accuracy_m) text += " ±" + std::to_string(*point.accuracy_m) + "m";
  return text;
}

}  // namespace noroshi::forms
