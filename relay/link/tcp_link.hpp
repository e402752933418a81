// One neighbour's link as the tcp bearer keeps it. Private to tcp*.cpp.
#pragma once

#include "relay/link/bundle.hpp"
#include "relay/link/tcp.hpp"

namespace noroshi::link {

struct Tcp::Link {
  TcpLink config;
  bool allowed = true;
  Traffic traffic{};

  // dialling
  std::unique_ptr<zmq::socket_t> dealer{};
  std::unique_ptr<Monitor> monitor{};
  KeyId dialled{};   ///< whose key the DEALER expects
  KeyId answered{};  ///< the one that did last
  int dial_fd = -1;
  bool dial_up = false;
  unsigned tries = 0;  ///< since it was last heard
  Instant away_since{};
  Instant next_dial{};

  // the current connection
  Via via = Via::none;
  std::string route{};  ///< of the call, if that is it
  Bundle bundle{};
  std::deque<Bytes> waiting{};
  std::size_t waiting_bytes = 0;
  std::optional<Instant> flush_at{};
  bool heard = false;                 ///< something, on this connection
  bool expects = false;               ///< the node waits for an answer
  std::optional<Instant> awaiting{};  ///< since when nothing moved while something should
  std::uint64_t moved = 0;            ///< at that time
};

}  // namespace noroshi::link
