// Counters as a Prometheus text file, for node_exporter's textfile collector. Numbers only.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "relay/core/node.hpp"
#include "relay/daemon/turns.hpp"
#include "relay/link/tcp.hpp"

namespace noroshi::daemon {

struct LinkMetrics {
  std::string name;
  bool up = false;
  link::Traffic traffic;
};

struct Metrics {
  std::map<core::EventKind, std::uint64_t> events;
  TurnStats turns;
  unsigned fill_percent = 0;
  std::vector<LinkMetrics> links;
};

[[nodiscard]] std::string to_prometheus(const Metrics& metrics);
/// Temporary file beside it, then rename: a reader sees the old or the new one.
[[nodiscard]] Result<void> write_metrics(const std::filesystem::path& file, const Metrics& metrics);

}  // namespace noroshi::daemon
