// What people type for a number, a time, a day and a position is what the report says.
#include "proto/forms/entry.hpp"

#include "tests/support/catch.hpp"

namespace noroshi::forms {
namespace {

WallTime jst(const char* text) {
  return parse_time(text).value();
}
/// The night of Noto: 2 January 2024, ten past midnight.
const WallTime kMidnight = jst("2024-01-02 00:10");
const WallTime kMorning = jst("2024-01-02 09:25");

std::string when(const char* text, WallTime now, Lean lean = Lean::past) {
  const auto time = parse_when(text, now, lean);
  return time ? to_rfc3339(*time).substr(0, 16) : "";
}
std::string day(const char* text, WallTime now) {
  const auto date = parse_day(text, now);
  return date ? to_string(*date) : "";
}

TEST_CASE("a count is typed as it is written, in either width and either language") {
  using State = CountState;
  const std::pair<const char*, Count> good[] = {{"345", {345, State::exact}},
                                                {"３４５", {345, State::exact}},
                                                {"1,200", {1200, State::exact}},
                                                {"１、２００", {1200, State::exact}},
                                                {"約 1,200", {1200, State::approx}},
                                                {"~1200", {1200, State::approx}},
                                                {"〜1200", {1200, State::approx}},
                                                {"100未満", {100, State::less_than}},
                                                {"＜100", {100, State::less_than}},
                                                {"100以上", {100, State::at_least}},
                                                {">100", {100, State::at_least}},
                                                {"100+", {100, State::at_least}},
                                                {"？", {0, State::unconfirmed}},
                                                {"未確認", {0, State::unconfirmed}},
                                                {"-", {0, State::not_applicable}},
                                                {"ー", {0, State::not_applicable}},
                                                {"該当なし", {0, State::not_applicable}},
                                                {"*2", {2, State::magnitude}},
                                                {"規模2", {2, State::magnitude}},
                                                {"規模 10〜100", {2, State::magnitude}},
                                                {"規模11～100", {2, State::magnitude}},
                                                {"0", {0, State::exact}},
                                                {"9999999", {9'999'999, State::exact}}};
  for (const auto& [text, count] : good) {
    INFO(text);
    CHECK(parse_count(text) == count);
  }
  for (const char* text : {"", "約", "-5", "10000000", "99999999999999999999", "約未確認", "約100未満", "*0",
                           "*8", "規模10〜1000", "1.5", "三", "\xFF", "??", "12戸"}) {
    INFO(text);
    CHECK_FALSE(parse_count(text));
  }
}

TEST_CASE("every count comes back from what is typed for it and from its words") {
  for (const std::uint32_t value : {0u, 1u, 7u, 10u, 345u, 1200u, 9'999'999u}) {
    for (int state = 0; state < 7; ++state) {
      Count count{value, static_cast<CountState>(state)};
      if (count.state == CountState::magnitude) count.value = value % 7 + 1;
      if (!has_value(count.state)) count.value = 0;
      CHECK(parse_count(typed(count)) == count);
      CHECK(parse_count(format(count, Language::ja)) == count);
      CHECK(parse_count(format(count, Language::en)) == count);
    }
  }
}

TEST_CASE("a time of day means the last one, or the next one where it is awaited") {
  CHECK(when("0930", kMorning) == "2024-01-02T09:30");
  CHECK(when("930", kMidnight) == "2024-01-01T09:30");
  CHECK(when("23:50", kMidnight) == "2024-01-01T23:50");
  CHECK(when("0100", kMidnight) == "2024-01-02T01:00");  // within the hour ahead
  CHECK(when("0100", kMorning, Lean::future) == "2024-01-03T01:00");
  CHECK(when("２１時半", kMorning, Lean::future) == "2024-01-02T21:30");
  CHECK(when("午後9時05分", kMorning) == "2024-01-01T21:05");
  CHECK(when("午前12時", kMorning) == "2024-01-02T00:00");
  CHECK(when("24:00", kMorning) == "2024-01-02T00:00");
}

TEST_CASE("a time has a day in front of it, in figures or in words") {
  CHECK(when("1/2 9:30", kMorning) == "2024-01-02T09:30");
  CHECK(when("12/31 23:00", kMorning) == "2023-12-31T23:00");
  CHECK(when("昨日 21:00", kMorning) == "2024-01-01T21:00");
  CHECK(when("昨日２１：００", kMorning) == "2024-01-01T21:00");
  CHECK(when("おととい 0800", kMorning) == "2023-12-31T08:00");
  CHECK(when("１月１日１６時１０分", kMorning) == "2024-01-01T16:10");
  CHECK(when("1日 1610", kMorning) == "2024-01-01T16:10");
  CHECK(when("明日の9時", kMorning) == "2024-01-03T09:00");
  CHECK(when("2023/7/2 9:05", kMorning) == "2023-07-02T09:05");
  CHECK(when("2024-01-01T16:10:00+09:00", kMorning) == "2024-01-01T16:10");
  CHECK(when("2/29 12:00", kMorning) == "2024-02-29T12:00");
}

TEST_CASE("a time is said from now") {
  CHECK(when("-2h", kMorning) == "2024-01-02T07:25");
  CHECK(when("-90m", kMorning) == "2024-01-02T07:55");
  CHECK(when("+1h30m", kMorning) == "2024-01-02T10:55");
  CHECK(when("２時間前", kMorning) == "2024-01-02T07:25");
  CHECK(when("1時間30分前", kMorning) == "2024-01-02T07:55");
  CHECK(when("30分後", kMorning) == "2024-01-02T09:55");
  CHECK(when("-1d", kMorning) == "2024-01-01T09:25");
  CHECK(when("今", kMorning) == "2024-01-02T09:25");
}

TEST_CASE("what is no time is none") {
  for (const char* text : {"",
                           "9",
                           "25:00",
                           "9:60",
                           "09:3",
                           "2400x",
                           "2460",
                           "1/2",
                           "13/1 9:30",
                           "2/30 9:30",
                           "昨日",
                           "2h",
                           "-",
                           "-h",
                           "-99999h",
                           "-1h前",
                           "午後13時",
                           "9時5",
                           "2024-02-30 09:00",
                           "0930 1/2",
                           "\xE3\x81",
                           "now!",
                           "1234:00",
                           "12345"}) {
    INFO(text);
    CHECK(when(text, kMorning).empty());
  }
}

TEST_CASE("a day is typed in figures or in words, and the nearest is meant") {
  CHECK(day("2024-01-31", kMorning) == "2024-01-31");
  CHECK(day("2024/1/31", kMorning) == "2024-01-31");
  CHECK(day("20240131", kMorning) == "2024-01-31");
  CHECK(day("１／３１", kMorning) == "2024-01-31");
  CHECK(day("12月31日", kMorning) == "2023-12-31");
  CHECK(day("31日", kMorning) == "2023-12-31");
  CHECK(day("令和", kMorning).empty());
  CHECK(day("2024年2月29日", kMorning) == "2024-02-29");
  CHECK(day("2023-02-29", kMorning).empty());
  CHECK(day("昨日", kMidnight) == "2024-01-01");
  CHECK(day("1/31 9:00", kMorning).empty());
}

TEST_CASE("a position is typed or pasted in any of the usual forms") {
  const Point wajima{3'728'610, 13'673'450, std::nullopt, PointMethod::map};
  for (const char* text :
       {"37.2861 136.7345", "37.2861, 136.7345", "37.2861N 136.7345E", "N37.2861 E136.7345",
        "北緯37.2861度 東経136.7345度", "37.2861° N, 136.7345° E", "136.7345E 37.2861N", "136.7345, 37.2861",
        "３７．２８６１、１３６．７３４５", "37°17'9.96\"N 136°44'4.2\"E", "N37°17′9.96″ E136°44′4.2″",
        "北緯37度17分9.96秒　東経136度44分4.2秒", "37°17.166'N 136°44.07'E", "37.2861,136.7345"}) {
    INFO(text);
    CHECK(parse_point(text) == wajima);
  }
  CHECK(parse_point("N37°17'10\" E136°44'04\"") ==
        Point{3'728'611, 13'673'444, std::nullopt, PointMethod::map});
  CHECK(parse_point("37 136 ±50m", PointMethod::gnss) == Point{3'700'000, 13'600'000, 50, PointMethod::gnss});
  CHECK(parse_point("-12.5, -77.05") == Point{-1'250'000, -7'705'000, std::nullopt, PointMethod::map});
  CHECK(parse_point("12.5S 77.05W") == Point{-1'250'000, -7'705'000, std::nullopt, PointMethod::map});
}

TEST_CASE("what is no position is none") {
  for (const char* text :
       {"", "37.2861", "37.2861 136.7345 5", "91N 136E", "37N 181E", "37N 38N", "-37N 136E", "37°60'N 136°E",
        "37.5°10'N 136°E", "37..2 136", "輪島市", "37.2861N136.7345E±-5m", "1e2 3", ". .", "37,2861 136,7345",
        "37 136 ±100000m", "\xFF\xFE"}) {
    INFO(text);
    CHECK_FALSE(parse_point(text));
  }
}

}  // namespace
}  // namespace noroshi::forms
