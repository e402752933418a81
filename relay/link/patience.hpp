// How much a neighbour may send that means nothing: one token bucket each, and a rest when it is empty.
//
// What counts is what the node drops (core::EventKind::dropped): frames of no form or of no session, numbers
// beyond the window, bare envelopes that are known or refused. A window's worth of it follows every cut of a
// healthy line; a neighbour that has gone wild, or whose key was stolen, sends thousands a second for ever,
// and each costs a look at the store. Nothing is lost by a rest: whoever keeps the rules has kept what was
// not acknowledged. What is numbered and answered needs no bucket: the window paces it.
#pragma once

#include <map>
#include <optional>

#include "proto/ids.hpp"
#include "proto/time.hpp"

namespace noroshi::link {

class Patience {
 public:
  /// Sixty-four windows: a line that is cut every two seconds comes nowhere near it.
  static constexpr std::int64_t kFrames = 4096;
  /// Comes back in a second.
  static constexpr std::int64_t kFramesPerSecond = 100;
  /// Each rest is twice as long as the one before, until a full bucket makes all forgotten. The longest still
  /// lets a report through that only this neighbour can bring.
  static constexpr Millis kRestMin{1'000}, kRestMax{60'000};

  /// A frame of `peer` meant nothing. How long it is left alone from now on, if that was one too many. What
  /// still comes meanwhile does not count.
  [[nodiscard]] std::optional<Millis> wear(DeviceId peer, Instant now);

 private:
  struct Bucket {
    std::int64_t left = 0;   ///< thousandths of a frame
    Instant counted, until;  ///< until: the end of the last rest
    Millis rest{0};          ///< its length; 0 = none since the bucket was full
  };
  std::map<DeviceId, Bucket> buckets_;  ///< of configured neighbours: nobody else is heard
};

}  // namespace noroshi::link
