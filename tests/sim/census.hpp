// What happened in the worlds, counted: a simulation whose faults never fire proves nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace noroshi::sim {

enum class Fault : std::uint8_t {
  delay,
  session_lost,
  duplicated,
  late_frame,
  partition,
  cut_mid_frame,
  crash_before_commit,
  crash_after_commit,
  lost_commits,
  disk_full,
  commit_failed,
  clock_step,
  clock_unset,
  clock_nine_hours,
  destroyed,
  hostile,
  carried,    ///< no fault: an envelope on paper, handed in where nobody waits for it
  regretted,  ///< no fault: its author asks for it back
};
inline constexpr std::size_t kFaults = static_cast<std::size_t>(Fault::regretted) + 1;
[[nodiscard]] std::string_view name_of(Fault fault);

struct Census {
  std::array<std::uint64_t, kFaults> fired{};  ///< times
  std::array<std::uint64_t, kFaults> seeds{};  ///< seeds in which it fired
  std::uint64_t worlds = 0, turns = 0, frames = 0, submitted = 0, deliveries = 0, hops = 0, receipts = 0;
  std::uint64_t reowed = 0, rolled_back = 0, wanted = 0, refused = 0, duplicates = 0, expired = 0,
                equivocations = 0, recalled = 0, lost_said = 0;
  std::uint64_t offered = 0, resumed = 0, withdrawn = 0, pieces = 0;
  void add(const Census& one);
};

}  // namespace noroshi::sim
