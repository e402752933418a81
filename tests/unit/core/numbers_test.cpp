#include "relay/core/numbers.hpp"

#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/seeded_random.hpp"

using namespace noroshi;
using namespace noroshi::core;
using proto::Accepted;
using proto::LinkNumber;

TEST_CASE("numbers that arrive out of order fold into the contiguous one") {
  Accepted accepted;
  for (const LinkNumber number : {2u, 3u, 5u}) numbers::enter(accepted, {.number = number});
  CHECK(accepted.contiguous == 0);
  CHECK(numbers::highest(accepted) == 5);
  numbers::enter(accepted, {.number = 1});
  CHECK(accepted.contiguous == 3);
  CHECK(accepted.has(5));
  CHECK_FALSE(accepted.has(4));
}

TEST_CASE("a number is fresh once, and only within reach of the map") {
  Accepted accepted{.contiguous = 10, .map = 0, .outcomes = {}};
  CHECK_FALSE(numbers::fresh(accepted, 10));
  CHECK(numbers::fresh(accepted, 11));
  CHECK(numbers::fresh(accepted, 74));
  CHECK_FALSE(numbers::fresh(accepted, 75));
  numbers::enter(accepted, {.number = 12});
  CHECK_FALSE(numbers::fresh(accepted, 12));
}

TEST_CASE("numbers of an older session that never came are void, not accepted") {
  Accepted accepted{.contiguous = 10, .map = 0b10, .outcomes = {}};
  numbers::close_before(accepted, 13);
  CHECK(accepted.contiguous == 13);
  CHECK(numbers::is_void(numbers::outcome_of(accepted, 11)));
  CHECK_FALSE(numbers::is_void(numbers::outcome_of(accepted, 12)));
  CHECK(numbers::is_void(numbers::outcome_of(accepted, 13)));
}

TEST_CASE("of a store that counts anew nothing is known to have come") {
  Accepted accepted{
      .contiguous = 100, .map = 0, .outcomes = {{.number = 90, .parked = 1}, {.number = 99, .parked = 1}}};
  numbers::restart_at(accepted, 95);
  CHECK(accepted.contiguous == 95);
  for (const LinkNumber open : {LinkNumber{95}, LinkNumber{90}, LinkNumber{95 - 63}})
    CHECK(numbers::is_void(numbers::outcome_of(accepted, open)));
  CHECK_FALSE(numbers::is_void(numbers::outcome_of(accepted, 99)));
  CHECK(numbers::fresh(accepted, 96));
  numbers::restart_at(accepted, 0);
  CHECK(accepted == Accepted{});
}

TEST_CASE("outcomes are remembered for as long as a sender can have the number outstanding") {
  Accepted accepted;
  numbers::enter(accepted, {.number = 1, .parked = 1, .settled = 0});
  for (LinkNumber number = 2; number <= 64; ++number) numbers::enter(accepted, {.number = number});
  CHECK(numbers::outcome_of(accepted, 1).parked == 1);
  numbers::enter(accepted, {.number = 65});
  CHECK(accepted.outcomes.empty());
}

TEST_CASE("accepted numbers agree with a plain set, whatever comes in which order") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    test::SeededRng rng(seed);
    Accepted accepted;
    std::set<LinkNumber> plain;
    for (int step = 0; step < 300; ++step) {
      const LinkNumber number = accepted.contiguous + static_cast<LinkNumber>(rng.below(80));
      if (rng.below(40) == 0) {
        const LinkNumber base = numbers::highest(accepted) + static_cast<LinkNumber>(rng.below(100));
        for (LinkNumber n = 1; n <= base; ++n) plain.insert(n);
        numbers::close_before(accepted, base);
      } else if (numbers::fresh(accepted, number)) {
        CHECK(plain.insert(number).second);
        numbers::enter(accepted, {.number = number});
      } else if (number > 0 && number - accepted.contiguous <= 64) {
        CHECK((number <= accepted.contiguous || plain.contains(number)));
      }
      for (LinkNumber n = accepted.contiguous; n < accepted.contiguous + 70; ++n) {
        if (n > 0) REQUIRE(accepted.has(n) == plain.contains(n));
      }
      REQUIRE(accepted.outcomes.size() <= kUnackedMax);
    }
  }
}
