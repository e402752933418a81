// Contact windows and budgets.
#include "relay/daemon/gate.hpp"

#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::daemon;

namespace {

constexpr std::int64_t kHour = 3'600'000;

/// A time of day in Japan on some day, with the monotonic clock beside it.
Now at(int hour, int minute, std::int64_t mono_ms = 0) {
  const WallTime midnight = *parse_time("2026-01-10 00:00");
  return {{mono_ms}, midnight + Seconds{hour * 3600 + minute * 60}, false};
}

}  // namespace

TEST_CASE("a link without windows is always open") {
  CHECK(Gate({}, {}).open(at(3, 0)));
}

TEST_CASE("a window opens and closes at its minutes, in Japan time") {
  const Gate gate({{6 * 60, 6 * 60 + 20}}, {});
  CHECK_FALSE(gate.open(at(5, 59)));
  CHECK(gate.open(at(6, 0)));
  CHECK(gate.open(at(6, 19)));
  CHECK_FALSE(gate.open(at(6, 20)));
  CHECK(gate.next_change(at(5, 0)) == Instant{kHour});
  CHECK(gate.next_change(at(6, 10)) == Instant{10 * 60'000});
  CHECK(gate.next_change(at(7, 0)) == Instant{23 * kHour});
}

TEST_CASE("a window may run past midnight") {
  const Gate gate({{23 * 60, 60}}, {});
  CHECK(gate.open(at(23, 30)));
  CHECK(gate.open(at(0, 30)));
  CHECK_FALSE(gate.open(at(1, 0)));
  CHECK_FALSE(gate.open(at(12, 0)));
}

TEST_CASE("with a clock in doubt windows close nothing") {
  const Gate gate({{6 * 60, 6 * 60 + 20}}, {});
  Now doubt = at(12, 0);
  doubt.wall_suspect = true;
  CHECK(gate.open(doubt));
}

TEST_CASE("a spent hour is over with the hour, a spent day with the day") {
  Gate gate({}, {.hour = 1000, .day = 2500});
  gate.count(999, at(0, 0, 1));
  CHECK_FALSE(gate.spent());
  gate.count(1000, at(0, 0, 2));
  CHECK(gate.spent());
  CHECK(gate.next_change(at(0, 0, 2)) == Instant{kHour});
  gate.count(1000, at(0, 0, kHour));
  CHECK_FALSE(gate.spent());
  gate.count(1999, at(0, 0, kHour + 1));
  CHECK_FALSE(gate.spent());
  gate.count(2600, at(0, 0, 2 * kHour));
  CHECK(gate.spent());  // 2,500 of the day
  gate.count(2600, at(0, 0, 3 * kHour));
  CHECK(gate.spent());
  gate.count(2600, at(0, 0, 24 * kHour));
  CHECK_FALSE(gate.spent());
}

TEST_CASE("what a link cost before its bearer was made anew stays counted") {
  Gate gate({}, {.hour = 1000, .day = 0});
  gate.count(600, at(0, 0, 1));
  gate.count(0, at(0, 0, 2));
  gate.count(400, at(0, 0, 3));
  CHECK(gate.spent());
}
