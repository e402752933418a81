#include "relay/core/outbox.hpp"

#include <algorithm>

#include "keys/crypto.hpp"

namespace noroshi::core {
namespace {

using proto::Level;

/// Every so many envelopes one of the lowest waiting level goes first, so that bulk never starves altogether:
/// about 6 %.
constexpr unsigned kLowShare = 16;
/// Offers of one level that wait for their answer.
constexpr std::size_t kOffersAhead = 4;
/// Numbers that a long transfer leaves to others.
constexpr std::uint64_t kNumbersKept = 16;

}  // namespace

std::optional<Record> Outbox::first(const Session& session, Level level) const {
  const auto id = hall_.store.owed_first(session.peer(), level, hall_.time);
  return id ? hall_.store.record(*id) : std::nullopt;
}

/// What goes next at one level: the oldest transfer under way, but one offer ahead of it, so that the answer
/// to the next one costs no pause.
std::optional<Outbox::Next> Outbox::at(const Session& session, Level level) const {
  proto::LinkNumber running = 0;
  std::uint64_t oldest = 0, left = 0;
  std::size_t unanswered = 0;
  for (const auto& [number, frame] : session.in_flight) {
    if (!frame.transfer || frame.withdrawn || frame.level != level) continue;
    const Transfer& transfer = *frame.transfer;
    if (!transfer.wanted) ++unanswered;
    const std::uint64_t missing = transfer.body_size - transfer.gone.bytes();
    if (!transfer.wanted || missing == 0) continue;
    left += missing;
    if (running != 0 && oldest < transfer.arrival) continue;
    running = number;
    oldest = transfer.arrival;
  }
  auto record = first(session, level);
  const bool large = record && session.pace.comes_in_pieces(record->size);
  if (large && unanswered >= kOffersAhead) record.reset();
  const bool ahead = large && unanswered == 0 && left <= 2 * session.pace.piece();
  if (running != 0 && !ahead) return running;
  if (record) return *std::move(record);
  return std::nullopt;
}

/// What goes next: flash always first; above `lowest`, unless it is the turn of the lower ones.
std::optional<Outbox::Next> Outbox::next(Session& session, Level lowest) {
  if (auto flash = at(session, Level::flash)) return flash;
  const auto try_levels = [&](int from, int to, int step) -> std::optional<Next> {
    for (int level = from; level != to + step; level += step) {
      const auto here = static_cast<Level>(level);
      if (here < session.neighbour.lowest) continue;
      if (auto found = at(session, here)) return found;
    }
    return std::nullopt;
  };
  constexpr int kBottom = static_cast<int>(Level::bulk), kTop = static_cast<int>(Level::urgent);
  if (session.turns % kLowShare == kLowShare - 1) return try_levels(kBottom, kTop, 1);
  return try_levels(kTop, static_cast<int>(lowest), -1);
}

bool Outbox::send(Session& session, Next next) {
  if (const auto* number = std::get_if<proto::LinkNumber>(&next)) return send_piece(session, *number);
  Record& record = std::get<Record>(next);
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
  if (session.pace.comes_in_pieces(record.size)) return offer(session, std::move(record));
  return send_whole(session, std::move(record));
}

proto::LinkNumber Outbox::begin(Session& session, Record& record, std::size_t size, std::uint16_t& wraps) {
  objects_.introduce(session, record.key);
  const proto::LinkNumber number = session.number(record.id, static_cast<std::uint32_t>(size), record.level);
  wraps = duties_.send(record, session.peer(), number);
  hall_.store.put(record);
  hall_.event(EventKind::forwarded, session.peer(), record.id);
  session.spend(size, hall_.now.mono);
  ++session.turns;
  return number;
}

bool Outbox::send_whole(Session& session, Record record) {
  if (!session.window_open(record.size, record.level)) return false;
  std::uint16_t wraps = 0;
  const proto::LinkNumber number = begin(session, record, record.size, wraps);
  const auto head = proto::encode_link_header({session.row.session, number, wraps});
  hall_.out.after_commit.push_back({session.peer(), bytes_of(head), record.id, {}});
  evidence_.prove(session, record);
  return true;
}

bool Outbox::offer(Session& session, Record record) {
  const auto body = hall_.store.body(record.id);
  const auto parsed = body ? proto::parse_envelope(*body) : proto::ParsedEnvelope{};
  if (!parsed.envelope)
    return send_whole(session, std::move(record));  // the neighbour says what is wrong with it
  Bytes cover = proto::cover_of(*parsed.envelope);
  const bool open = record.level == Level::flash
                        ? session.window_open(cover.size(), record.level)
                        : session.numbers_left() > 0 && session.piece_window_open(hall_.now.mono);
  if (!open) return false;
  std::uint16_t wraps = 0;
  const proto::LinkNumber number = begin(session, record, cover.size(), wraps);
  Transfer& transfer = session.in_flight.at(number).transfer.emplace();
  transfer.arrival = record.arrival;
  transfer.body_at = static_cast<std::uint32_t>(parsed.envelope->head().size());
  transfer.body_size = static_cast<std::uint32_t>(parsed.envelope->body.size());
  hall_.send(session.peer(), proto::Offer{.session = session.row.session,
                                          .number = number,
                                          .for_wraps = wraps,
                                          .size = record.size,
                                          .body_hash = keys::body_hash(parsed.envelope->body),
                                          .cover = std::move(cover)});
  return true;
}

void Outbox::on_want(Session& session, const proto::Want& want) {
  const auto found = session.in_flight.find(want.number);
  if (want.session != session.theirs || found == session.in_flight.end() || !found->second.transfer)
    return hall_.event(EventKind::dropped, session.peer());
  Transfer& transfer = *found->second.transfer;
  if (!std::exchange(transfer.wanted, true)) session.offer_told(found->second);
  transfer.gone = Ranges(want.have);
  for (const Flying& piece : transfer.flying) transfer.gone.add(piece.stretch);
}

bool Outbox::send_piece(Session& session, proto::LinkNumber number) {
  InFlight& frame = session.in_flight.at(number);
  const bool open = session.piece_window_open(hall_.now.mono) ||
                    (frame.level == Level::flash && session.window_open(kPieceBytesMin, frame.level));
  if (!open) return false;
  const auto gap = frame.transfer->gone.gap(frame.transfer->body_size, session.pace.piece());
  NOROSHI_ASSERT(gap.has_value());
  session.piece_sent(frame, *gap, hall_.now.mono);
  const auto head = proto::encode_piece_header({session.row.session, number, gap->from});
  const Send::Slice slice{frame.transfer->body_at + gap->from,
                          static_cast<std::uint32_t>(gap->to - gap->from)};
  hall_.out.after_commit.push_back({session.peer(), bytes_of(head), frame.id, slice});
  ++session.turns;
  return true;
}

/// What came to its end meanwhile, by a receipt or its time, or goes another way now; and an old transfer
/// that would soon hold up the numbers of everything else: it goes on under a new one.
void Outbox::withdraw_needless(Session& session) {
  for (auto& [number, frame] : session.in_flight) {
    if (!frame.transfer || frame.withdrawn) continue;
    auto record = hall_.store.record(frame.id);
    const bool due = record && record->body_held &&
                     std::ranges::any_of(record->duties, [&, number = number](const Duty& duty) {
                       return is_sent(duty, session.peer(), number);
                     });
    const bool in_the_way =
        number == session.in_flight.begin()->first && session.numbers_left() < kNumbersKept;
    if (due && !in_the_way) continue;
    withdraw(session, number, frame);
    if (!due) continue;
    duties_.unsend(*record, session.peer(), number);
    hall_.store.put(*record);
  }
}

void Outbox::withdraw(Session& session, proto::LinkNumber number, InFlight& frame) {
  frame.withdrawn = true;
  hall_.send(session.peer(), proto::Withdraw{session.row.session, number});
}

/// The transfer that was cut is owed again before the hello can say so: offering it anew costs little even if
/// all of it had arrived, and waiting for the hello costs a round trip of a line that is open for seconds.
void Outbox::take_up(Session& session, const std::vector<proto::LinkNumber>& unanswered) {
  for (const proto::LinkNumber number : unanswered) {
    const auto id = hall_.store.sent_as(session.peer(), number);
    auto record = id ? hall_.store.record(*id) : std::nullopt;
    if (!record || !record->body_held || !session.pace.comes_in_pieces(record->size)) continue;
    duties_.unsend(*record, session.peer(), number);
    hall_.store.put(*record);
    return;
  }
}

void Outbox::open(Session& session) {
  // Until the first hello of this process's life nobody knows whether this store was rolled back, and a
  // number that was used before would be taken for accepted. A flash report does not wait for that: a bare
  // copy goes ahead, and is still owed.
  if (!session.met) {
    auto flash = first(session, Level::flash);
    if (!flash || expiry_.dead(flash->dead_at)) return;
    if (session.pace.comes_in_pieces(flash->size)) return;
    objects_.introduce(session, flash->key);
    if (!std::exchange(flash->left, true)) hall_.store.put(*flash);
    hall_.out.after_commit.push_back({session.peer(), {}, flash->id, {}});
    return;
  }
  // What older sessions left unanswered counts: the neighbour remembers the outcomes of its newest
  // kUnackedMax numbers, and one that fell out of them would be taken for accepted.
  const auto unanswered = hall_.store.outstanding(session.peer());
  if (!unanswered.empty() && session.row.sent + 1 - unanswered.front() >= kUnackedMax) return;
  take_up(session, unanswered);
  while (session.in_flight.empty()) {
    auto record = next(session, Level::bulk);
    if (!record || !send(session, *std::move(record))) return;
  }
}

void Outbox::pump(Session& session) {
  session.room_at.reset();
  if (!session.up || !session.greeted) return;
  withdraw_needless(session);
  bool open = true;
  while (open) {
    auto urgent = next(session, Level::urgent);
    if (!urgent) break;
    open = send(session, *std::move(urgent));
  }
  objects_.pump(session, !open);
  while (open) {
    auto any = next(session, Level::bulk);
    if (!any) break;
    open = send(session, *std::move(any));
  }
  hall_.keep(session);
}

}  // namespace noroshi::core
