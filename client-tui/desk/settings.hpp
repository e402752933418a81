// The little the client needs of a home's configuration: where the relay's control socket is, and for
// exercises how far this node's wall clock is off. It is the daemon's file (relay/daemon/config.hpp draws it
// whole): H/config.toml, else H/noroshid.toml.
#pragma once

#include <filesystem>
#include <string>

#include "keys/home.hpp"
#include "proto/result.hpp"
#include "proto/time.hpp"

namespace noroshi::desk {

struct Settings {
  std::string name;               ///< of the node; empty if it says none
  std::filesystem::path control;  ///< default H/control.sock
  Seconds clock_offset{};
};

/// Defaults if there is no file. Errors (config): not TOML, a value of another type. Keys of the daemon are
/// its own matter.
[[nodiscard]] Result<Settings> load_settings(const keys::Home& home);

}  // namespace noroshi::desk
