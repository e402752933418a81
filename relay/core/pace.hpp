// What a line really carries, learnt from when its neighbour says that pieces have become durable. A profile
// is a planning figure; a piece should hold the line for a second of what it is today.
//
// A piece of w bytes is told t after it left: t = what waited before it + w / rate + round trip + the
// answer's own time. So w / t is never more than the rate: a line faster than its profile is found out
// without a queue made to probe it (72 % of 9600 bit/s where the profile says 2400). And w / (t − planned
// round trip) is not far below it as long as at most one piece waits: where even the best of the last eight
// is below half the profile, the line is that slow.
#pragma once

#include <array>

#include "relay/core/node.hpp"

namespace noroshi::core {

class Pace {
 public:
  explicit Pace(const LinkProfile& line = {}) : line_(line) {}
  /// Bytes a second, what surrounds them included; 0 = unmetered.
  [[nodiscard]] std::uint64_t rate() const;
  /// How long so many bytes hold the line, what surrounds a message included.
  [[nodiscard]] Millis time_of(std::size_t bytes) const;
  /// Whether an envelope takes so long that it is offered first, and how large its pieces are.
  [[nodiscard]] bool comes_in_pieces(std::size_t envelope) const;
  [[nodiscard]] std::size_t piece() const;
  /// Bytes that may be under way when one more piece leaves.
  [[nodiscard]] std::uint64_t window() const;
  /// A piece of so many bytes became durable.
  void told(std::size_t bytes, Millis took);

 private:
  struct Seen {
    std::uint64_t at_least = 0, about = 0;  ///< bytes a second; 0 = none yet
  };
  LinkProfile line_;
  std::array<Seen, 8> seen_{};
  std::size_t next_ = 0;
};

}  // namespace noroshi::core
