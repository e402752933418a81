#include "proto/time.hpp"

#include "tests/support/catch.hpp"

using namespace noroshi;

TEST_CASE("a time is shown in Japan standard time and read back from it") {
  const auto quake = parse_time("2024-01-01T16:10:00+09:00");
  REQUIRE(quake);
  CHECK(quake->s == 7 * 3600 + 600);
  CHECK(to_rfc3339(*quake) == "2024-01-01T16:10:00+09:00");
  CHECK(to_short_jst(*quake, *quake) == "1/1 16:10");
  CHECK(to_jst(*quake) == "2024/1/1 16:10");
  // The year turns at midnight in Japan: 2023-12-31T15:00Z.
  const auto eve = parse_time("2023-12-31 23:59"), new_year = parse_time("2024-01-01 00:00");
  CHECK(to_short_jst(*eve, *new_year) == "2023/12/31 23:59");
  CHECK(to_short_jst(*new_year, *quake) == "1/1 00:00");
  CHECK(parse_time("2024-01-01T07:10:00Z") == quake);
  CHECK(parse_time("2024-01-01 16:10") == quake);
}

TEST_CASE("times before the epoch of the envelope are still times") {
  CHECK(to_rfc3339(WallTime::from_unix(0)) == "1970-01-01T09:00:00+09:00");
  CHECK(parse_time("1970-01-01T00:00:00Z") == WallTime::from_unix(0));
}

TEST_CASE("what is not a time is refused") {
  for (const char* text : {"", "2024", "2024-02-30T00:00:00Z", "2024-13-01 00:00", "2024-01-01T24:00:00Z",
                           "2024-01-01T00:00:00+9", "2024-01-01T00:00:60Z", "2024-01-01T-1:00:00Z"})
    CHECK_FALSE(parse_time(text));
}
