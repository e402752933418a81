// Sockets around the line of line.hpp: a TCP proxy that sounds like a satellite. One thread, one poll loop;
// commands by lines on standard input or on a Unix socket.
//
//   cut      resets every connection and refuses new ones
//   silence  nothing moves, connections stay
//   open     ends both
//   stats    one line of JSON
//   quit     ends the program
#pragma once

#include <string>

#include "proto/result.hpp"
#include "relay/link/shaper/line.hpp"

namespace noroshi::link::shaper {

struct ProxyConfig {
  std::string listen;   ///< "127.0.0.1:7001"; port 0 = any
  std::string to;       ///< "127.0.0.1:7002"
  std::string control;  ///< path of a Unix socket; empty = none
  LineConfig line;
};

/// Serves until SIGTERM, SIGINT or `quit`. Prints {"listening":"127.0.0.1:PORT"} once it listens and the
/// statistics at the end, each as one line on stdout. Numeric addresses only: nothing is looked up.
[[nodiscard]] Result<void> run_proxy(const ProxyConfig& config);

}  // namespace noroshi::link::shaper
