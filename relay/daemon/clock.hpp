// The only reader of the clock in this program.
#pragma once

#include "proto/time.hpp"

namespace noroshi::daemon {

class Clock {
 public:
  /// `offset` is added to the wall clock: for exercises and tests of wrong clocks on single nodes.
  explicit Clock(Seconds offset) : offset_(offset) {}
  /// CLOCK_MONOTONIC and CLOCK_REALTIME. `wall_suspect` is the node's word, not ours.
  [[nodiscard]] Now now() const;

 private:
  Seconds offset_;
};

}  // namespace noroshi::daemon
