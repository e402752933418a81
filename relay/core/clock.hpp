// The node's own time, and whether people's time can be believed. Node time is seconds of running, summed
// over lives: a step of the wall clock cannot move it.
#pragma once

#include <map>
#include <optional>

#include "keys/trust.hpp"
#include "relay/core/store.hpp"

namespace noroshi::core {

/// After a start with nobody to ask, this long passes before the local clock is believed in matters of life
/// and death: time for a satellite terminal to find its line.
inline constexpr Seconds kHearingTime = minutes(10);

class Clock {
 public:
  /// Goes on from what the store last knew.
  Clock(NodeTime stored, Now now) : stored_(stored), start_(now.mono) {}

  [[nodiscard]] NodeTime time(Now now) const { return {stored_.s + (now.mono - start_).count / 1000}; }
  /// When node time reaches `time`.
  [[nodiscard]] Instant instant_of(NodeTime time) const;
  /// Since this process began.
  [[nodiscard]] Seconds running(Now now) const { return {(now.mono - start_).count / 1000}; }

  /// A neighbour's hello said what time it is there. Clocks that doubt themselves have no vote.
  void heard(PeerId peer, WallTime theirs, bool suspect, Now now);
  /// How far the local clock is ahead of the neighbours that were heard (their median); nothing if none was.
  [[nodiscard]] std::optional<Seconds> ahead(Now now) const;
  /// Known to be unset, behind a signed root document, or more than kPeerClockApart off most neighbours that
  /// were heard.
  [[nodiscard]] bool suspect(Now now, const keys::Trust& trust) const;
  /// Whether anything may expire: the clock is not suspect, and somebody could have said so or nobody was
  /// there to.
  [[nodiscard]] bool may_expire(Now now, const keys::Trust& trust) const;

 private:
  NodeTime stored_;
  Instant start_;
  std::map<PeerId, std::int64_t> votes_;  ///< their wall time, in seconds, at our instant zero
};

}  // namespace noroshi::core
