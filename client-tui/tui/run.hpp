// The console on a terminal, from the first screen to the last.
#pragma once

#include "client-tui/tui/office.hpp"
#include "client-tui/tui/preferences.hpp"
#include "proto/result.hpp"

namespace noroshi::tui {

/// Returns when the person quits, or when the terminal goes (SIGHUP, SIGTERM, a dead line): what was typed is
/// kept first. Errors: Terminal::open's, and the desk's at the start.
[[nodiscard]] Result<void> run(Office& office, const Preferences& preferences);

}  // namespace noroshi::tui
