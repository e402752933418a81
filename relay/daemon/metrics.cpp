#include "relay/daemon/metrics.hpp"

#include <fmt/format.h>

#include <fstream>
#include <system_error>

namespace noroshi::daemon {
namespace {

/// A label's value: backslash, quote and line end are escaped.
std::string label(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string to_prometheus(const Metrics& metrics) {
  std::string out;
  const auto kind = [&](std::string_view name, std::string_view type) {
    out += fmt::format("# TYPE noroshi_{} {}\n", name, type);
  };
  kind("events_total", "counter");
  for (const auto& [event, count] : metrics.events)
    out += fmt::format("noroshi_events_total{{event=\"{}\"}} {}\n", name_of(event), count);
  const auto one = [&](std::string_view name, std::string_view type, auto value) {
    kind(name, type);
    out += fmt::format("noroshi_{} {}\n", name, value);
  };
  one("commits_total", "counter", metrics.turns.turns);
  one("commits_failed_total", "counter", metrics.turns.failed);
  one("commit_seconds_total", "counter", static_cast<double>(metrics.turns.commit_us) / 1e6);
  one("commit_seconds_max", "gauge", static_cast<double>(metrics.turns.commit_us_max) / 1e6);
  one("verified_total", "counter", metrics.turns.verified);
  one("verify_seconds_total", "counter", static_cast<double>(metrics.turns.verify_us) / 1e6);
  one("sealed_total", "counter", metrics.turns.sealed);
  one("seal_refused_total", "counter", metrics.turns.seal_refused);
  one("piece_sent_bytes_total", "counter", metrics.turns.piece_bytes);
  one("store_fill_percent", "gauge", metrics.fill_percent);
  const auto each = [&](std::string_view name, std::string_view type, auto value_of) {
    kind(name, type);
    for (const LinkMetrics& link : metrics.links)
      out += fmt::format("noroshi_{}{{link=\"{}\"}} {}\n", name, label(link.name), value_of(link));
  };
  each("link_up", "gauge", [](const LinkMetrics& link) { return link.up ? 1 : 0; });
  each("link_received_messages_total", "counter",
       [](const LinkMetrics& link) { return link.traffic.messages_in; });
  each("link_received_bytes_total", "counter", [](const LinkMetrics& link) { return link.traffic.bytes_in; });
  each("link_sent_messages_total", "counter",
       [](const LinkMetrics& link) { return link.traffic.messages_out; });
  each("link_sent_bytes_total", "counter", [](const LinkMetrics& link) { return link.traffic.bytes_out; });
  return out;
}

Result<void> write_metrics(const std::filesystem::path& file, const Metrics& metrics) {
  const std::filesystem::path temporary = file.string() + ".new";
  {
    std::ofstream out(temporary, std::ios::trunc);
    out << to_prometheus(metrics);
    if (!out.flush()) return Error{Code::io, "cannot write " + temporary.string()};
  }
  std::error_code error;
  std::filesystem::rename(temporary, file, error);
  if (error) return Error{Code::io, fmt::format("cannot replace {}: {}", file.string(), error.message())};
  return {};
}

}  // namespace noroshi::daemon
