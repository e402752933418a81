// Arithmetic of send numbers: what arrived of the other's numbers, and how old sessions are closed
// (PROTOCOL.md, "Sessions and numbers"). Pure functions over proto::Accepted.
#pragma once

#include "proto/frame.hpp"
#include "proto/limits.hpp"

namespace noroshi::core::numbers {

using proto::Accepted;
using proto::AckOutcome;
using proto::LinkNumber;

/// Both fields say that the number never arrived: its sender owes again at once.
inline constexpr std::uint16_t kVoid = 0xFFFF;
[[nodiscard]] inline bool is_void(const AckOutcome& outcome) {
  return outcome.parked == kVoid && outcome.settled == kVoid;
}

/// Highest number in `accepted`.
[[nodiscard]] LinkNumber highest(const Accepted& accepted);
/// Not answered yet, and within reach of the map.
[[nodiscard]] bool fresh(const Accepted& accepted, LinkNumber number);
/// Enters a fresh number. Its outcome is remembered for as long as the sender may not know it: the newest
/// kUnackedMax numbers, because a sender never has more outstanding.
void enter(Accepted& accepted, AckOutcome outcome);
/// The sender's session began at `base`: lower numbers that are not here never will be.
void close_before(Accepted& accepted, LinkNumber base);
/// The sender's store is another one and counts from `base`. What is remembered here are numbers of the store
/// before; the newest of this one up to `base` may be open there, and none of them is known to have come.
void restart_at(Accepted& accepted, LinkNumber base);
/// What became of an accepted number: its own entry, or plainly owed.
[[nodiscard]] AckOutcome outcome_of(const Accepted& accepted, LinkNumber number);

}  // namespace noroshi::core::numbers
