#include "relay/core/numbers.hpp"

#include <algorithm>
#include <bit>

namespace noroshi::core::numbers {
namespace {

constexpr auto kSpan = static_cast<LinkNumber>(kUnackedMax);

/// Moves the leading run of the map into the contiguous number.
void fold(Accepted& accepted) {
  const int run = std::countr_one(accepted.map);
  accepted.contiguous += static_cast<LinkNumber>(run);
  accepted.map = run == 64 ? 0 : accepted.map >> run;
}

void prune(Accepted& accepted) {
  const LinkNumber top = highest(accepted);
  std::erase_if(accepted.outcomes, [&](const AckOutcome& o) { return top - o.number >= kSpan; });
}

void remember(Accepted& accepted, AckOutcome outcome) {
  if (outcome.parked == 0 && outcome.settled == 0) return;
  accepted.outcomes.push_back(outcome);
}

}  // namespace

LinkNumber highest(const Accepted& accepted) {
  return accepted.contiguous + static_cast<LinkNumber>(64 - std::countl_zero(accepted.map));
}

bool fresh(const Accepted& accepted, LinkNumber number) {
  return number > accepted.contiguous && number - accepted.contiguous <= kSpan && !accepted.has(number);
}

void enter(Accepted& accepted, AckOutcome outcome) {
  accepted.map |= std::uint64_t{1} << (outcome.number - accepted.contiguous - 1);
  fold(accepted);
  remember(accepted, outcome);
  prune(accepted);
}

void close_before(Accepted& accepted, LinkNumber base) {
  if (base <= accepted.contiguous) return;
  const LinkNumber first = std::max(accepted.contiguous, base - std::min(base, kSpan)) + 1;
  for (LinkNumber number = first; number <= base && number != 0; ++number) {
    if (!accepted.has(number)) remember(accepted, {.number = number, .parked = kVoid, .settled = kVoid});
  }
  const LinkNumber step = base - accepted.contiguous;
  accepted.map = step >= 64 ? 0 : accepted.map >> step;
  accepted.contiguous = base;
  fold(accepted);
  prune(accepted);
}

void restart_at(Accepted& accepted, LinkNumber base) {
  accepted = {.contiguous = 0, .map = 0, .outcomes = {}};
  close_before(accepted, base);
}

AckOutcome outcome_of(const Accepted& accepted, LinkNumber number) {
  for (const AckOutcome& outcome : accepted.outcomes) {
    if (outcome.number == number) return outcome;
  }
  return {.number = number};
}

}  // namespace noroshi::core::numbers
