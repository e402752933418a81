#include "proto/forms/places.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "proto/forms/embedded.hpp"
#include "proto/forms/search.hpp"
#include "proto/forms/text.hpp"
#include "proto/result.hpp"

namespace noroshi::forms {
namespace {

/// The shipped files have no quotes: fields are split at commas.
template <std::size_t N, typename Take>
void each_row(std::string_view file, Take take) {
  bool head = true;
  while (!file.empty()) {
    const std::size_t end = std::min(file.find('\n'), file.size());
    std::string_view line = file.substr(0, end);
    file.remove_prefix(std::min(end + 1, file.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (std::exchange(head, false) || line.empty()) continue;
    std::array<std::string_view, N> fields{};
    for (std::size_t i = 0; i < N; ++i) {
      const std::size_t comma = std::min(line.find(','), line.size());
      fields[i] = line.substr(0, comma);
      line.remove_prefix(std::min(comma + 1, line.size()));
    }
    take(fields);
  }
}

std::uint32_t number_of(std::string_view text) {
  std::uint32_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

double decimal_of(std::string_view text) {
  double out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

template <typename Place>
const Place* by_code(const std::vector<Place>& places, std::uint32_t code) {
  const auto found =
      std::lower_bound(places.begin(), places.end(), code,
                       [](const Place& place, std::uint32_t wanted) { return place.code < wanted; });
  return found != places.end() && found->code == code ? &*found : nullptr;
}

template <typename Place>
void sort_by_code(std::vector<Place>& places) {
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.code < b.code; });
}

}  // namespace

const std::vector<Prefecture>& prefectures() {
  static const std::vector<Prefecture> all = [] {
    std::vector<Prefecture> out;
    // jis_x_0401,lgcode,name,kana,name_en,iso_3166_2,capital,lat,lon
    each_row<9>(embedded::prefectures(), [&](const auto& row) {
      out.push_back({number_of(row[0]), std::string(row[2]), std::string(row[3]), std::string(row[4]),
                     std::string(row[5]), decimal_of(row[7]), decimal_of(row[8])});
    });
    sort_by_code(out);
    return out;
  }();
  return all;
}

const std::vector<Municipality>& municipalities() {
  static const std::vector<Municipality> all = [] {
    std::vector<Municipality> out;
    // jis_x_0402,lgcode,prefecture,municipality,kana,lat,lon
    each_row<7>(embedded::municipalities(), [&](const auto& row) {
      out.push_back({number_of(row[0]),
                     std::string(row[3]),
                     std::string(row[4]),
                     decimal_of(row[5]),
                     decimal_of(row[6]),
                     {}});
    });
    sort_by_code(out);
    // jis_x_0402,municipality,alias
    each_row<3>(embedded::place_aliases(), [&](const auto& row) {
      const auto place = std::ranges::lower_bound(out, number_of(row[0]), {}, &Municipality::code);
      if (place != out.end() && place->code == number_of(row[0])) place->aliases.emplace_back(row[2]);
    });
    return out;
  }();
  return all;
}

const Prefecture* prefecture(std::uint32_t code) {
  return by_code(prefectures(), code);
}
const Municipality* municipality(std::uint32_t code) {
  return by_code(municipalities(), code);
}

std::string place_name(std::uint32_t code, bool english) {
  const Municipality* place = municipality(code);
  const Prefecture* around = prefecture(place ? place->prefecture() : code);
  if (!around) return municipality_text(code);
  const std::string& outer = english ? around->name_en : around->name;
  if (!place) return outer;
  return english ? outer + " " + place->name : outer + place->name;
}

namespace {

const SearchIndex& municipality_index() {
  static const SearchIndex index = [] {
    std::vector<Findable> entries;
    for (const Municipality& place : municipalities())
      entries.push_back({place.name, place.kana, municipality_text(place.code), place.aliases});
    return SearchIndex(std::move(entries));
  }();
  return index;
}

}  // namespace

std::vector<const Municipality*> find_municipalities(std::string_view typed, std::uint32_t prefecture_code,
                                                     std::size_t limit) {
  std::vector<const Municipality*> out;
  for (const std::size_t at : municipality_index().find(typed)) {
    const Municipality& place = municipalities()[at];
    if (out.size() == limit) break;
    if (prefecture_code == 0 || place.prefecture() == prefecture_code) out.push_back(&place);
  }
  return out;
}

double kilometres_between(double lat_a, double lon_a, double lat_b, double lon_b) {
  constexpr double kEarthRadius = 6371.0;  // km, mean
  constexpr double kRadian = 3.14159265358979323846 / 180;
  const double dlat = std::sin((lat_b - lat_a) * kRadian / 2), dlon = std::sin((lon_b - lon_a) * kRadian / 2);
  const double h = dlat * dlat + std::cos(lat_a * kRadian) * std::cos(lat_b * kRadian) * dlon * dlon;
  return 2 * kEarthRadius * std::asin(std::sqrt(std::min(h, 1.0)));
}

std::uint32_t with_check_digit(std::uint32_t code) {
  std::uint32_t sum = 0;
  std::uint32_t rest = code;
  for (std::uint32_t weight = 2; weight <= 6; ++weight, rest /= 10) sum += weight * (rest % 10);
  return code * 10 + (11 - sum % 11) % 10;
}

std::optional<std::uint32_t> parse_municipality(std::string_view text) {
  const std::string folded = fold_for_search(text);
  if (folded.size() != 5 && folded.size() != 6) return std::nullopt;
  if (folded.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  const std::uint32_t number = number_of(folded);
  const std::uint32_t code = folded.size() == 6 ? number / 10 : number;
  if (code / 1000 < 1 || code / 1000 > 47) return std::nullopt;
  if (folded.size() == 6 && with_check_digit(code) != number) return std::nullopt;
  return code;
}

std::string municipality_text(std::uint32_t code) {
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), code < 100 ? "%02u" : "%05u", static_cast<unsigned>(code));
  return out.data();
}

}  // namespace noroshi::forms
