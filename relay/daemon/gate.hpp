// When a link may be open, and what it may cost: contact windows and budgets, as a pure machine.
//
// A closed window hangs the link up. A spent budget does not: above it only flash is sent, since a report of
// danger to life is what the line is for; it is shown, and ends with the next hour or day. Windows are of
// Japan time; with a clock in doubt they do not close anything. Budgets count from the program's start in
// hours and days of its own line.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "proto/time.hpp"
#include "relay/daemon/config.hpp"

namespace noroshi::daemon {

class Gate {
 public:
  Gate(std::vector<Window> windows, Budget budget) : windows_(std::move(windows)), budget_(budget) {}

  [[nodiscard]] bool is(const std::vector<Window>& windows, const Budget& budget) const {
    return windows == windows_ && budget == budget_;
  }
  /// All bytes on the bearer since its start, both ways, headers included. Less than before: the bearer was
  /// made anew, what it had cost stays counted.
  void count(std::uint64_t bytes_total, Now now);
  [[nodiscard]] bool open(Now now) const;
  [[nodiscard]] bool spent() const { return spent_; }
  /// When `open` or `spent` may next change by time alone.
  [[nodiscard]] std::optional<Instant> next_change(Now now) const;

 private:
  struct Period {
    std::int64_t number = -1;    ///< which hour or day of the process's line
    std::uint64_t began_at = 0;  ///< total when it began
  };
  std::vector<Window> windows_;
  Budget budget_;
  Period hour_, day_;
  std::uint64_t seen_ = 0;  ///< of the bearer's own count
  std::uint64_t total_ = 0;
  bool spent_ = false;
};

}  // namespace noroshi::daemon
