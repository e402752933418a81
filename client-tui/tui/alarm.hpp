// What has come since somebody last looked, and is worth a bell or a program of their own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "client-tui/tui/office.hpp"

namespace noroshi::tui {

/// One report, question or answer of somebody else that has just come.
struct Arrival {
  std::string id;  ///< "17/3.1/42.0"; of the envelope if it could not be opened
  proto::Level level{};
  bool exercise = false;
};

class Alarm {
 public:
  /// What has come since the last call, oldest first; nothing at the first, for what is there then was there
  /// before. More than kArrivalsMost at once: the newest of them.
  [[nodiscard]] std::vector<Arrival> since(const Facts& facts);
  static constexpr std::size_t kArrivalsMost = 64;

 private:
  std::optional<std::uint64_t> seen_;  ///< order of arrival
};

/// The programs that were started and may still run; none of them is waited for.
class Hook {
 public:
  /// Starts `program` with NOROSHI_REPORT (the id), NOROSHI_PRIORITY and NOROSHI_EXERCISE (0 or 1) in its
  /// environment: never with what a report says. It reads nothing, and writes nowhere near the console.
  /// Errors (config): it cannot be started.
  [[nodiscard]] Result<void> start(const std::filesystem::path& program, const Arrival& arrival);

 private:
  std::vector<pid_t> running_;
};

}  // namespace noroshi::tui
