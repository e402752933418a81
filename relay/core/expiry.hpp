// The end of envelopes by time (PROTOCOL.md, "Time and expiry"): stale ones travel as routine at most, dead
// ones not at all. A true report is never lost to a wrong clock: nothing expires while ours is in doubt.
#pragma once

#include "relay/core/duty.hpp"
#include "relay/core/receipts.hpp"

namespace noroshi::core {

/// When an envelope is dead: by its own date, or by its arrival where its clock is in doubt; where both
/// clocks are, by the later.
[[nodiscard]] WallTime dead_at(const proto::Header& header, bool time_doubtful, Now first_seen);

class Expiry {
 public:
  Expiry(Hall& hall, Duties& duties, Receipts& receipts)
      : hall_(hall), duties_(duties), receipts_(receipts) {}
  /// Drops what is due, a page a turn.
  void sweep();
  [[nodiscard]] bool dead(WallTime dead_at) const;
  [[nodiscard]] bool stale(WallTime dead_at) const;
  /// Ends every open duty as expired, and its body.
  void bury(Record& record);
  [[nodiscard]] std::optional<Instant> next_wake() const;

 private:
  Hall& hall_;
  Duties& duties_;
  Receipts& receipts_;
};

}  // namespace noroshi::core
