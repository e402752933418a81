#include "client-tui/desk/sum.hpp"

#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/seeded_random.hpp"

namespace noroshi::desk {
namespace {

using forms::Count;
using forms::CountState;

Count any_count(Rng& rng) {
  const auto state = static_cast<CountState>(rng.below(8));
  if (state == CountState::magnitude)
    return {static_cast<std::uint32_t>(1 + rng.below(forms::kMagnitudeMax)), state};
  return {has_value(state) ? static_cast<std::uint32_t>(rng.below(100'000)) : 0, state};
}

/// The definition, from the terms at once.
Sum by_definition(const std::vector<Count>& counts) {
  Sum sum;
  bool less = false, least = false, approx = false;
  for (const Count& count : counts) {
    less |= count.state == CountState::less_than;
    least |= count.state == CountState::at_least;
    approx |= count.state == CountState::approx;
    if (count.state <= CountState::at_least) {
      sum.value += count.value;
      ++sum.added;
    }
    sum.unconfirmed += count.state == CountState::unconfirmed;
    sum.not_applicable += count.state == CountState::not_applicable;
    if (count.state == CountState::magnitude) ++sum.magnitudes[count.value];
  }
  sum.state = approx || (less && least) ? CountState::approx
              : less                    ? CountState::less_than
              : least                   ? CountState::at_least
                                        : CountState::exact;
  return sum;
}

TEST_CASE("sums do not depend on the order or the grouping of their terms") {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    test::SeededRng rng(seed);
    std::vector<Count> counts(rng.below(12));
    for (Count& count : counts) count = any_count(rng);
    const Sum expected = by_definition(counts);
    INFO("seed " << seed);
    Sum forward, grouped[3], all;
    for (const Count& count : counts) {
      forward += count;
      grouped[rng.below(3)] += count;
    }
    for (const std::size_t group : {2u, 0u, 1u}) all += grouped[group];
    REQUIRE(forward == expected);
    REQUIRE(all == expected);
  }
}

TEST_CASE("a sum's state never says less than its terms allow") {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    test::SeededRng rng(seed);
    std::uint64_t low = 0, high = 0, shown = 0;
    bool unbounded = false, approx = false;
    Sum sum;
    for (std::size_t n = rng.below(6); n > 0; --n) {
      const Count count = any_count(rng);
      sum += count;
      if (count.state > CountState::at_least) continue;
      shown += count.value;
      low += count.lo();
      approx |= count.state == CountState::approx;
      if (count.hi())
        high += *count.hi();
      else
        unbounded = true;
    }
    INFO("seed " << seed);
    CHECK(sum.value == shown);
    if (sum.state == CountState::exact) CHECK((low == shown && high == shown && !unbounded));
    if (sum.state == CountState::less_than) CHECK((high <= shown && !unbounded && !approx));
    if (sum.state == CountState::at_least) CHECK((low >= shown && !approx));
  }
}

}  // namespace
}  // namespace noroshi::desk
