// How much a neighbour may send that means nothing.
#include "relay/link/patience.hpp"

#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::link;

namespace {

constexpr DeviceId kWild{{17}, 2}, kQuiet{{16}, 2};
constexpr Instant kFirst{5'000'000};

/// Frames taken before the rest, and how long it is.
struct Worn {
  std::int64_t frames = 0;
  Millis rest;
};
Worn wear_out(Patience& patience, DeviceId peer, Instant now) {
  for (Worn worn;;) {
    ++worn.frames;
    REQUIRE(worn.frames <= Patience::kFrames);
    if (const auto rest = patience.wear(peer, now)) {
      worn.rest = *rest;
      return worn;
    }
  }
}

}  // namespace

TEST_CASE("a neighbour that sends a bucket of nothing at once rests for a second") {
  Patience patience;
  const Worn worn = wear_out(patience, kWild, kFirst);
  CHECK(worn.frames == Patience::kFrames);
  CHECK(worn.rest == Patience::kRestMin);
}

TEST_CASE("a window of nothing every two seconds wears nobody out") {
  Patience patience;
  Instant now = kFirst;
  for (int cut = 0; cut < 10'000; ++cut, now = now + Millis{2'000})
    for (int frame = 0; frame < 64; ++frame) REQUIRE_FALSE(patience.wear(kQuiet, now));
}

TEST_CASE("each neighbour has a bucket of its own") {
  Patience patience;
  (void)wear_out(patience, kWild, kFirst);
  CHECK_FALSE(patience.wear(kQuiet, kFirst));
}

TEST_CASE("what comes while it rests does not count, and the next rest is twice as long, up to a minute") {
  Patience patience;
  Instant now = kFirst;
  Millis before{0};
  for (const std::int64_t seconds : {1, 2, 4, 8, 16}) {
    const Worn worn = wear_out(patience, kWild, now);
    CHECK(worn.rest == Millis{seconds * 1'000});
    // After the first, only what came back while it rested.
    if (before.count > 0) CHECK(worn.frames == before.count / 1'000 * Patience::kFramesPerSecond);
    CHECK_FALSE(patience.wear(kWild, now + Millis{1}));
    before = worn.rest;
    now = now + worn.rest;
  }
  for (int i = 0; i < 5; ++i) {
    const Worn worn = wear_out(patience, kWild, now);
    CHECK(worn.rest <= Patience::kRestMax);
    now = now + worn.rest;
  }
}

TEST_CASE("a full bucket makes all forgotten") {
  Patience patience;
  const Worn first = wear_out(patience, kWild, kFirst);
  const Worn second = wear_out(patience, kWild, kFirst + first.rest);
  CHECK(second.rest == Millis{2'000});
  const Instant later =
      kFirst + Millis{3'000} + Millis{Patience::kFrames * 1'000 / Patience::kFramesPerSecond};
  const Worn again = wear_out(patience, kWild, later + Millis{10});
  CHECK(again.frames == Patience::kFrames);
  CHECK(again.rest == Patience::kRestMin);
}

TEST_CASE("a clock that stands still or jumps years breaks nothing") {
  Patience patience;
  (void)patience.wear(kWild, kFirst);
  CHECK_FALSE(patience.wear(kWild, Instant{kFirst.ms + (1LL << 60)}));
  CHECK_FALSE(patience.wear(kWild, kFirst));
}
