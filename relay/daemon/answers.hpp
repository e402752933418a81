// What the programs of this machine ask, and what they are told. Questions are answered from a snapshot of
// the store; what changes something goes through the node in the turn, and is answered after its commit.
#pragma once

#include <map>

#include "proto/control.hpp"
#include "relay/daemon/config.hpp"
#include "relay/daemon/turns.hpp"
#include "relay/link/tcp.hpp"

namespace noroshi::daemon {

/// What a status is made of.
struct Facts {
  const Config& config;
  const store::Disk& disk;
  const Turns& turns;
  const link::Tcp& tcp;
  const link::Door& door;
  DeviceId self;
  std::map<DeviceId, Instant> heard;  ///< when each neighbour's last frame came, in this process's life
};

/// Whether this request needs the turn.
[[nodiscard]] bool changes(const proto::control::Request& request);
/// Answers a question.
[[nodiscard]] proto::control::Answer answer(const proto::control::Request& request, const Facts& facts,
                                            store::View& view, Now now);
/// Does what is asked, inside the open turn. The answer counts only after the commit.
[[nodiscard]] proto::control::Answer perform(const proto::control::Request& request, Turns& turns, Now now);

}  // namespace noroshi::daemon
