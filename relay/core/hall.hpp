// What the rooms of the node share: the store of the turn, who is trusted, the lines, the time, and the
// effects of the running call.
#pragma once

#include <map>
#include <set>
#include <utility>

#include "relay/core/clock.hpp"
#include "relay/core/node.hpp"
#include "relay/core/route.hpp"
#include "relay/core/session.hpp"

namespace noroshi::core {

/// Timers and rows that one turn looks at: what is left goes on in the next, at once.
inline constexpr std::size_t kPage = 32;

struct Hall {
  Hall(NodeConfig configuration, Store& open_store, Rng& random, keys::TrustPtr snapshot, Now start);
  Hall(const Hall&) = delete;
  Hall& operator=(const Hall&) = delete;

  const NodeConfig config;
  Store& store;
  Rng& rng;
  keys::TrustPtr trust;
  Clock clock;
  Router router;
  std::map<PeerId, Session> sessions;  ///< every configured neighbour
  std::set<PeerId> stirred;            ///< neighbours whose queue may go another way now

  std::vector<MsgId> mail;  ///< put before the desks since Replicas last looked

  std::optional<proto::Level> delivered;  ///< highest level delivered since receipts were last gathered

  // ---- the running call
  Now now;
  NodeTime time;
  Effects out;

  /// Sets the time of a call; a wall clock that the node does not believe is marked so.
  void enter(Now at);
  [[nodiscard]] Effects leave() { return std::exchange(out, {}); }

  /// The session of a configured neighbour that is up, or null.
  [[nodiscard]] Session* up(PeerId peer);
  [[nodiscard]] bool home() const { return trust->is_home_relay(config.self); }
  /// Whether a neighbour holds the mail of this organisation as we do.
  [[nodiscard]] bool replica(PeerId peer) const {
    return peer.org == config.self.org && home() && trust->is_home_relay(peer);
  }

  /// An envelope of this organisation's own, for its desks and, at the end of the turn, its other relays.
  void keep_mail(const Record& record);
  void send(PeerId peer, const proto::ControlFrame& frame);
  void event(EventKind kind, PeerId peer, MsgId id = {}, std::uint8_t code = 0);
  /// Writes the row of a neighbour if it changed.
  void keep(Session& session);
  /// Looks at the map of lines and contacts anew.
  void survey() { router.survey(*trust, now, now.wall_suspect); }
};

}  // namespace noroshi::core
