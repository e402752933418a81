#include "relay/core/hall.hpp"

namespace noroshi::core {

Hall::Hall(NodeConfig configuration, Store& open_store, Rng& random, keys::TrustPtr snapshot, Now start)
    : config(std::move(configuration)),
      store(open_store),
      rng(random),
      trust(std::move(snapshot)),
      clock(open_store.node_time(), start),
      router(config) {
  for (const Neighbour& neighbour : config.neighbours) {
    Session& session = sessions[neighbour.peer];
    session.neighbour = neighbour;
    session.pace = Pace(neighbour.profile);
    session.row = store.peer(neighbour.peer).value_or(PeerRow{});
    router.link(neighbour.peer, false, session.row.last_contact);
  }
  // What waits for neighbours that are configured no longer, or had no way, is looked through again.
  for (const PeerId peer : store.peers()) {
    if (!sessions.contains(peer)) stirred.insert(peer);
  }
  stirred.insert(kNobody);
  enter(start);
  survey();
}

void Hall::enter(Now at) {
  now = at;
  now.wall_suspect = clock.suspect(at, *trust);
  time = clock.time(at);
}

Session* Hall::up(PeerId peer) {
  const auto found = sessions.find(peer);
  return found != sessions.end() && found->second.up ? &found->second : nullptr;
}

void Hall::keep_mail(const Record& record) {
  store.put_inbox(record.id, record.created);
  mail.push_back(record.id);
}

void Hall::send(PeerId peer, const proto::ControlFrame& frame) {
  out.after_commit.push_back({peer, proto::encode_frame(frame), std::nullopt});
}

void Hall::event(EventKind kind, PeerId peer, MsgId id, std::uint8_t code) {
  out.events.push_back({kind, peer, id, code});
}

void Hall::keep(Session& session) {
  if (!session.row_changed) return;
  store.put_peer(session.peer(), session.row);
  session.row_changed = false;
}

}  // namespace noroshi::core
