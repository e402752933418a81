#include "relay/core/outbox.hpp"

#include <algorithm>

namespace noroshi::core {
namespace {

using proto::Level;

/// Every so many envelopes one of the lowest waiting level goes first, so that bulk never starves altogether:
/// about 6 %.
constexpr unsigned kLowShare = 16;

}  // namespace

std::optional<Record> Outbox::first(const Session& session, Level level) const {
  const auto id = hall_.store.owed_first(session.peer(), level, hall_.time);
  return id ? hall_.store.record(*id) : std::nullopt;
}

/// The next envelope: flash always first; above `lowest`, unless it is the turn of the lower ones.
std::optional<Record> Outbox::next(Session& session, Level lowest) {
  if (auto flash = first(session, Level::flash)) return flash;
  const auto try_levels = [&](int from, int to, int step) -> std::optional<Record> {
    for (int level = from; level != to + step; level += step) {
      const auto at = static_cast<Level>(level);
      if (at < session.neighbour.lowest) continue;
      if (auto record = first(session, at)) return record;
    }
    return std::nullopt;
  };
  constexpr int kBottom = static_cast<int>(Level::bulk), kTop = static_cast<int>(Level::urgent);
  if (session.turns % kLowShare == kLowShare - 1) return try_levels(kBottom, kTop, 1);
  return try_levels(kTop, static_cast<int>(lowest), -1);
}

/// Sends, unless its time is over or it does not fit the window. False: the window is closed.
bool Outbox::send(Session& session, Record record) {
  if (expiry_.dead(record.dead_at)) {
    expiry_.bury(record);
    return true;
  }
  if (record.level > Level::routine && !record.marks.time_doubtful && expiry_.stale(record.dead_at)) {
    record.level = Level::routine;
    record.marks.stale = true;
    hall_.store.put(record);
    return true;
  }
  if (!session.window_open(record.size)) return false;
  objects_.introduce(session, record.key);
  const proto::LinkNumber number = session.number(record.id, record.size);
  const std::uint16_t wraps = duties_.send(record, session.peer(), number);
  hall_.store.put(record);
  const auto head = proto::encode_link_header({session.row.session, number, wraps});
  hall_.out.after_commit.push_back({session.peer(), bytes_of(head), record.id});
  hall_.event(EventKind::forwarded, session.peer(), record.id);
  evidence_.prove(session, record);
  ++session.turns;
  return true;
}

void Outbox::open(Session& session) {
  // Until the first hello of this process's life nobody knows whether this store was rolled back, and a
  // number that was used before would be taken for accepted. A flash report does not wait for that: a bare
  // copy goes ahead, and is still owed.
  if (!session.met) {
    auto flash = first(session, Level::flash);
    if (!flash || expiry_.dead(flash->dead_at)) return;
    objects_.introduce(session, flash->key);
    if (!std::exchange(flash->left, true)) hall_.store.put(*flash);
    hall_.out.after_commit.push_back({session.peer(), {}, flash->id});
    return;
  }
  // What older sessions left unanswered counts: the neighbour remembers the outcomes of its newest
  // kUnackedMax numbers, and one that fell out of them would be taken for accepted.
  const auto unanswered = hall_.store.outstanding(session.peer());
  if (!unanswered.empty() && session.row.sent + 1 - unanswered.front() >= kUnackedMax) return;
  while (session.in_flight.empty()) {
    auto record = next(session, Level::bulk);
    if (!record || !send(session, std::move(*record))) return;
  }
}

void Outbox::pump(Session& session) {
  if (!session.up || !session.greeted) return;
  bool open = true;
  while (open) {
    auto record = next(session, Level::urgent);
    if (!record) break;
    open = send(session, std::move(*record));
  }
  objects_.pump(session, !open);
  while (open) {
    auto record = next(session, Level::bulk);
    if (!record) break;
    open = send(session, std::move(*record));
  }
  hall_.keep(session);
}

}  // namespace noroshi::core
