// What a person writes for one relay: a TOML file. Nothing in it is guessed: an unknown key, a value of
// another type or out of range is an error that names the place, and the nearest key there is.
//
//   [node]
//   name = "石川県協会 中継"          # for logs and screens
//   org = 17                          # ours; the daemon refuses a key of another organisation
//   dev = 2                           # optional: and of another device
//   listen = "tcp://0.0.0.0:7117"     # where neighbours call; absent: nobody does
//   control = "/run/noroshi/control.sock"   # default: HOME/control.sock
//   store = "/var/lib/noroshi/store"  # default: HOME/store
//   clock_offset_s = 0                # for exercises and tests: this node's wall clock is off by so much;
//   logged loudly
//
//   [[link]]                          # one for each neighbour; nobody else is spoken to
//   name = "全国"
//   bearer = "tcp"
//   peer = "1/2"                      # the neighbour's device: organisation/device
//   address = "tcp://203.0.113.5:7117"   # absent: the neighbour calls us. Numeric: nothing is looked up
//   profile = "lan"                   # a name of deploy/profiles, or a path to such a file
//   lowest_priority = "bulk"          # nothing below it is sent here
//   windows = ["06:00-06:20", "18:00-18:20"]   # contact windows, Japan time; absent: always
//   budget = { hour = 20_000, day = 200_000 }  # bytes, both ways; above it the link is closed until the next
//   hour or day
//
//   [route]
//   default = "1/2"                   # what a leaf has no better way for goes to this neighbour
//
//   [limits]
//   store_max_mib = 16384             # the store never grows beyond this
//
//   [targets]                         # by when a report should have arrived; `noroshi status` tells who did
//   flash_min = 30                    # minutes, by level
//   urgent_min = 180
//   routine_min = 1440
//   bulk_min = 10080
//
//   [metrics]
//   textfile = "/var/lib/prometheus/node-exporter/noroshi.prom"   # rewritten every 15 s
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "proto/result.hpp"
#include "relay/core/node.hpp"
#include "relay/link/tcp.hpp"

namespace noroshi::daemon {

/// A kind of line: what the scheduler paces by, and what the bearer sets.
struct Profile {
  std::string name;
  core::LinkProfile line;
  link::TcpProfile tcp;
};

/// A daily time during which a link may be open, minutes of the day in Japan time; `until` ≤ `from` runs past
/// midnight.
struct Window {
  int from = 0, until = 0;
  bool operator==(const Window&) const = default;
};

/// Bytes a link may cost. 0 = no limit.
struct Budget {
  std::uint64_t hour = 0, day = 0;
  bool operator==(const Budget&) const = default;
};

struct LinkConfig {
  std::string name;
  DeviceId peer;
  std::string address;
  Profile profile;
  proto::Level lowest = proto::Level::bulk;
  std::vector<Window> windows;
  Budget budget;
};

struct Config {
  std::string name;
  OrgId org;
  std::optional<std::uint16_t> dev;
  std::string listen;
  std::filesystem::path control, store;  ///< empty: in the home
  Seconds clock_offset{};
  std::vector<LinkConfig> links;
  DeviceId default_route;  ///< {0/0} = none
  Seconds target[proto::kLevels] = {core::kTargets[0], core::kTargets[1], core::kTargets[2],
                                    core::kTargets[3]};
  std::size_t store_max_bytes = std::size_t{16} << 30;
  std::filesystem::path metrics_textfile;  ///< empty: none
};

/// Errors: config, with file, line and key; io if the file cannot be read.
[[nodiscard]] Result<Config> load_config(const std::filesystem::path& file);
/// The same of text; `place` is named in errors, and paths of profiles are relative to its folder.
[[nodiscard]] Result<Config> parse_config(std::string_view text, const std::filesystem::path& place);

/// One of deploy/profiles by name, or a file if `name` has a slash in it (relative to `folder`).
[[nodiscard]] Result<Profile> load_profile(const std::string& name, const std::filesystem::path& folder);
/// Names of the profiles that are built in.
[[nodiscard]] std::vector<std::string> profile_names();

}  // namespace noroshi::daemon
