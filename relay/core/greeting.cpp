#include "relay/core/greeting.hpp"

#include <algorithm>

#include "relay/core/numbers.hpp"

namespace noroshi::core {
namespace {

bool speaks_with_us(const proto::Hello& hello) {
  return hello.low <= proto::kProtocolHigh && proto::kProtocolLow <= hello.high;
}

}  // namespace

void Greeting::begin(Session& session) {
  session.begin();
  session.row.last_contact = hall_.time;
  hall_.router.link(session.peer(), true, hall_.time);
  objects_.links_changed();
  send_hello(session);
  outbox_.open(session);
  hall_.keep(session);
  hall_.event(EventKind::link_up, session.peer());
}

void Greeting::end(Session& session) {
  session.end();
  hall_.router.link(session.peer(), false, session.row.last_contact);
  session.row_changed = true;
  hall_.keep(session);
  objects_.links_changed();
  hall_.event(EventKind::link_down, session.peer());
}

/// Leaves after the commit, like everything that promises: `accepted` is an acknowledgement.
void Greeting::send_hello(Session& session) {
  session.announced = hall_.store.id();
  hall_.send(session.peer(), proto::Hello{.low = proto::kProtocolLow,
                                          .high = proto::kProtocolHigh,
                                          .node = hall_.config.self,
                                          .store = session.announced,
                                          .session = session.row.session,
                                          .base = session.base,
                                          .accepted = session.row.accepted,
                                          .you_acked = session.row.acked,
                                          .your_store = session.row.store,
                                          .state_digest = hall_.trust->state_digest(),
                                          .wall = hall_.now.wall,
                                          .wall_suspect = hall_.now.wall_suspect});
}

bool Greeting::on_hello(Session& session, const proto::Hello& hello) {
  if (hello.node != session.peer() || !speaks_with_us(hello)) {
    hall_.event(EventKind::dropped, session.peer());
    hall_.send(session.peer(), proto::Bye{});
    return false;
  }
  if (session.greeted) {
    if (!newer_session(hello.session, session.theirs)) {
      hall_.event(EventKind::dropped, session.peer());
      return false;
    }
    // The neighbour began anew without our line noticing, and has not heard our hello. It is the same session
    // for us: a new number would be a new beginning for a neighbour that only seemed to have begun anew, and
    // so on for ever.
    session.renew();
    send_hello(session);
  }
  const HelloVerdict verdict = judge(session, hello);
  PeerRow& row = session.row;
  session.greeted = session.met = true;
  session.theirs = hello.session;
  session.row_changed = true;
  row.last_contact = hall_.time;
  hall_.clock.heard(session.peer(), hello.wall, hello.wall_suspect, hall_.now);

  // A store that was rolled back has another name and gives its old numbers to other envelopes: who still
  // remembers the old name speaks of those.
  const proto::Accepted remembered = verdict.of_us ? hello.accepted : proto::Accepted{};
  resolve(session, remembered);
  if (verdict.we_forgot) roll_back(session, hello);
  if (verdict.new_store) numbers::restart_at(row.accepted, hello.base);
  numbers::close_before(row.accepted, hello.base);
  if (verdict.they_forgot) {
    // The row keeps what it knew until the last page is done: a crash before that begins again.
    session.forgotten = Forgotten{.remembered = remembered,
                                  .base = session.base,
                                  .store = hello.store,
                                  .acked = remembered.contiguous,
                                  .after = {}};
  } else {
    row.store = hello.store;
    row.acked = std::min(remembered.contiguous, row.sent);
    session.forgotten.reset();
  }
  objects_.greet(session, hello.state_digest);
  hall_.keep(session);
  return true;
}

/// Every number of older sessions: what the neighbour has is answered, what it has not is owed again and gets
/// a new number when it is sent. So nothing that arrived is sent again, and a resumption costs the window,
/// not the history.
void Greeting::resolve(Session& session, const proto::Accepted& accepted) {
  for (const proto::LinkNumber number : hall_.store.outstanding(session.peer())) {
    if (number > session.base) continue;
    const auto id = hall_.store.sent_as(session.peer(), number);
    auto record = id ? hall_.store.record(*id) : std::nullopt;
    if (!record) continue;
    if (accepted.has(number)) {
      duties_.answer(*record, session.peer(), numbers::outcome_of(accepted, number));
      hall_.event(EventKind::acked, session.peer(), *id);
    } else {
      duties_.unsend(*record, session.peer(), number);
    }
    hall_.store.put(*record);
  }
}

/// This store was rolled back: it gets a new name, counts on where the neighbour remembers it, and whatever
/// went out in this session under numbers that were used before is owed again.
void Greeting::roll_back(Session& session, const proto::Hello& hello) {
  if (hall_.store.id() == session.announced) {
    hall_.store.set_id({hall_.rng.u64()});
    hall_.event(EventKind::rolled_back, session.peer());
  }
  for (const auto& [number, frame] : session.in_flight) {
    auto record = hall_.store.record(frame.id);
    if (!record) continue;
    duties_.unsend(*record, session.peer(), number);
    hall_.store.put(*record);
  }
  session.in_flight.clear();
  session.in_flight_bytes = 0;
  session.row.sent = std::max(session.row.sent, numbers::highest(hello.accepted));
  session.base = session.row.sent;
}

void Greeting::on_ack(Session& session, const proto::Ack& ack) {
  if (!session.greeted || ack.session != session.theirs) {
    return hall_.event(EventKind::dropped, session.peer());
  }
  std::vector<std::pair<proto::LinkNumber, InFlight>> answered;
  for (const auto& entry : session.in_flight) {
    if (ack.accepted.has(entry.first)) answered.push_back(entry);
  }
  for (const proto::Progress& progress : ack.progress) {
    const auto found = session.in_flight.find(progress.number);
    if (found != session.in_flight.end() && found->second.transfer)
      session.pieces_told(found->second, progress.to, hall_.now.mono);
  }
  for (const auto& [number, frame] : answered) {
    session.answered(number);
    auto record = hall_.store.record(frame.id);
    if (!record) continue;
    duties_.answer(*record, session.peer(), numbers::outcome_of(ack.accepted, number));
    hall_.store.put(*record);
    hall_.event(EventKind::acked, session.peer(), frame.id);
  }
  const proto::LinkNumber acked = std::min(ack.accepted.contiguous, session.row.sent);
  if (acked <= session.row.acked || session.forgotten) return;
  session.row.acked = acked;
  session.row_changed = true;
}

void Greeting::on_refuse(Session& session, const proto::Refuse& refuse) {
  const auto found = session.in_flight.find(refuse.number);
  if (!session.greeted || refuse.session != session.theirs || found == session.in_flight.end()) {
    return hall_.event(EventKind::dropped, session.peer());
  }
  const MsgId id = found->second.id;
  session.answered(refuse.number);
  auto record = hall_.store.record(id);
  if (!record) return;
  duties_.refuse(*record, session.peer(), refuse.number, {refuse.retry_after_s});
  hall_.store.put(*record);
  hall_.event(EventKind::refused, session.peer(), id, refuse.code);
}

bool Greeting::owe_again(Session& session) {
  if (!session.forgotten) return false;
  Forgotten& forgotten = *session.forgotten;
  const auto page = hall_.store.parked_at(session.peer(), forgotten.after, kPage);
  for (const MsgId& id : page) {
    forgotten.after = id;
    auto record = hall_.store.record(id);
    if (record && duties_.owe_again(*record, session.peer(), forgotten.base, forgotten.remembered))
      hall_.store.put(*record);
  }
  if (page.size() == kPage) return true;
  session.row.store = forgotten.store;
  session.row.acked = std::min(forgotten.acked, session.row.sent);
  session.row_changed = true;
  session.forgotten.reset();
  hall_.keep(session);
  return false;
}

}  // namespace noroshi::core
