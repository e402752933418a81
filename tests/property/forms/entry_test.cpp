// What is typed for a value is that value again, at any hour.
#include "proto/forms/entry.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "tests/support/catch.hpp"
#include "tests/support/form_generator.hpp"

namespace noroshi::forms {
namespace {

using test::FormGenerator;

/// The years that reports can have, 1990 to 2160; and near `now` as often.
WallTime any_time(FormGenerator& generator, WallTime now) {
  if (generator.chance(2))
    return now + minutes(static_cast<std::int64_t>(generator.from_to(0, 1'200'000)) - 600'000);
  return WallTime::from_unix(static_cast<std::int64_t>(generator.from_to(631'152'000, 5'990'000'000)));
}

TEST_CASE("any time and day, typed at any time, is itself again") {
  FormGenerator generator(77);
  for (int i = 0; i < 20'000; ++i) {
    const WallTime now = any_time(generator, {});
    const WallTime time = any_time(generator, now);
    for (const Lean lean : {Lean::past, Lean::future}) {
      const auto again = parse_when(typed(time, now), now, lean);
      REQUIRE(again);
      REQUIRE(*again <= time);
      REQUIRE((time - *again).count < 60);
      REQUIRE(again->s % 60 == 0);
    }
    const Date date = *parse_date(to_rfc3339(time).substr(0, 10));
    REQUIRE(parse_day(typed(date, now), now) == date);
    REQUIRE(parse_day(to_string(date), now) == date);
  }
}

TEST_CASE("a time of day is the last one or the next one, whatever the hour") {
  FormGenerator generator(78);
  for (int i = 0; i < 20'000; ++i) {
    const WallTime now = any_time(generator, {});
    const std::string clock = to_rfc3339(any_time(generator, now)).substr(11, 5);
    const auto past = parse_when(clock, now);
    const auto future = parse_when(clock, now, Lean::future);
    REQUIRE((past && future));
    REQUIRE(to_rfc3339(*past).substr(11, 5) == clock);
    REQUIRE(to_rfc3339(*future).substr(11, 5) == clock);
    REQUIRE((*past <= now + kRoundedUp && *past + days(1) > now + kRoundedUp));
    REQUIRE((*future + minutes(1) > now && *future < now + days(1)));
  }
}

TEST_CASE("any position is itself again, in degrees and in degrees, minutes and seconds") {
  FormGenerator generator(79);
  const auto sexagesimal = [](std::int32_t e5, const char* hemispheres) {
    const double degrees = std::abs(e5) / 1e5;
    const int whole = static_cast<int>(degrees);
    const int minute = static_cast<int>((degrees - whole) * 60);
    const double second = std::max(0.0, ((degrees - whole) * 60 - minute) * 60);
    std::array<char, 64> out{};
    // A thousandth of a second is 3 cm.
    std::snprintf(out.data(), out.size(), "%d°%d'%.3f\"%c", whole, minute, std::min(second, 59.999),
                  hemispheres[e5 < 0 ? 1 : 0]);
    return std::string(out.data());
  };
  for (int i = 0; i < 20'000; ++i) {
    Point point;
    point.lat_e5 = static_cast<std::int32_t>(generator.from_to(0, 18'000'000)) - 9'000'000;
    point.lon_e5 = static_cast<std::int32_t>(generator.from_to(0, 36'000'000)) - 18'000'000;
    if (generator.chance(2)) point.accuracy_m = static_cast<std::uint32_t>(generator.from_to(0, 99'999));
    point.method = static_cast<PointMethod>(generator.from_to(1, 4));
    REQUIRE(parse_point(typed(point), point.method) == point);
    Point bare = point;
    bare.accuracy_m.reset();
    INFO(sexagesimal(point.lat_e5, "NS") << " " << sexagesimal(point.lon_e5, "EW"));
    REQUIRE(parse_point(sexagesimal(point.lat_e5, "NS") + " " + sexagesimal(point.lon_e5, "EW"),
                        point.method) == bare);
    std::array<char, 64> plain{};
    std::snprintf(plain.data(), plain.size(), "%.5f, %.5f", point.lat_e5 / 1e5, point.lon_e5 / 1e5);
    REQUIRE(parse_point(plain.data(), point.method) == bare);
  }
}

TEST_CASE("any count is itself again, typed and in words") {
  FormGenerator generator(80);
  for (int i = 0; i < 20'000; ++i) {
    Count count{static_cast<std::uint32_t>(generator.from_to(0, kCountMax)),
                static_cast<CountState>(generator.from_to(0, 6))};
    if (count.state == CountState::magnitude)
      count.value = static_cast<std::uint32_t>(generator.from_to(1, kMagnitudeMax));
    if (!has_value(count.state)) count.value = 0;
    REQUIRE(parse_count(typed(count)) == count);
    REQUIRE(parse_count(format(count, Language::ja)) == count);
    REQUIRE(parse_count(format(count, Language::en)) == count);
  }
}

TEST_CASE("any bytes at all are a value or none") {
  FormGenerator generator(81);
  constexpr std::string_view kLikely[] = {
      "1", "9", "30", "2024", "/", "-", ":", " ",  "時", "分", "日",   "月",   "年", "前", "昨日", "N",
      "E", "°", "'",  "\"",   ".", ",", "±", "約", "?",  "*",  "未満", "\xFF", "０", "h",  "m",    "+"};
  int values = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (auto n = generator.from_to(0, 9); n > 0; --n)
      text += kLikely[generator.from_to(0, std::size(kLikely) - 1)];
    const WallTime now = any_time(generator, {});
    values += parse_count(text) ? 1 : 0;
    values += parse_when(text, now) ? 1 : 0;
    values += parse_day(text, now) ? 1 : 0;
    values += parse_point(text) ? 1 : 0;
  }
  CHECK(values > 100);
}

}  // namespace
}  // namespace noroshi::forms
