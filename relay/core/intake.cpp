#include "relay/core/intake.hpp"

#include <algorithm>

#include "relay/core/numbers.hpp"

namespace noroshi::core {
namespace {

using keys::Refusal;
using proto::Level;

/// A certificate is asked for once; on the slowest line we serve it comes within seconds, behind the
/// envelopes in front.
constexpr Millis kHeldFor{60'000};
constexpr Seconds kUnknownRetry = minutes(10);
constexpr Seconds kNoSpaceRetry = minutes(1);
/// In refusals: every wrap stays with its sender.
constexpr std::uint16_t kAllParked = 0x7FFF;

std::uint8_t code_of(Refusal refusal) {
  return static_cast<std::uint8_t>(refusal);
}

std::uint16_t bit(std::size_t wrap) {
  return static_cast<std::uint16_t>(1u << wrap);
}

bool is_receipt(std::uint8_t ctype) {
  return ctype == static_cast<std::uint8_t>(proto::Ctype::receipt);
}

std::uint16_t wraps_of(const Arrival& arrival, const Record& record) {
  return arrival.bare ? all_wraps(record) : static_cast<std::uint16_t>(arrival.for_wraps & all_wraps(record));
}

}  // namespace

Session* Intake::session_of(const Arrival& arrival) {
  Session* session = hall_.up(arrival.peer);
  return session && session->life == arrival.life && arrival.number != 0 ? session : nullptr;
}

void Intake::accept(const Arrival& arrival, std::uint16_t parked, std::uint16_t settled) {
  Session* session = session_of(arrival);
  if (!session || session->pending.erase(arrival.number) == 0) return;
  session->enter({.number = arrival.number, .parked = parked, .settled = settled});
  session->row_changed = true;
  session->ack_due = true;
}

/// The number counts as answered, in memory only: a stream of forged envelopes makes no commit.
void Intake::refuse(const Arrival& arrival, std::uint8_t code, Seconds retry) {
  hall_.event(EventKind::refused, arrival.peer, {}, code);
  if (arrival.bare) hall_.event(EventKind::dropped, arrival.peer);
  Session* session = session_of(arrival);
  if (!session || session->pending.erase(arrival.number) == 0) return;
  numbers::enter(session->row.accepted, {.number = arrival.number, .parked = kAllParked, .settled = 0});
  hall_.send(arrival.peer, proto::Refuse{.session = session->row.session,
                                         .number = arrival.number,
                                         .code = code,
                                         .retry_after_s = static_cast<std::uint32_t>(retry.count)});
}

// ---- Looked up

bool Intake::may_come(Session& session, std::uint16_t theirs, proto::LinkNumber number) {
  if (!session.greeted || theirs != session.theirs || session.pending.contains(number)) {
    hall_.event(EventKind::dropped, session.peer());
    return false;
  }
  if (numbers::fresh(session.row.accepted, number)) return true;
  session.ack_due |= session.row.accepted.has(number);
  hall_.event(EventKind::dropped, session.peer());
  return false;
}

void Intake::on_numbered(Session& session, const proto::NumberedEnvelope& frame) {
  const proto::LinkNumber number = frame.link.number;
  if (!may_come(session, frame.link.session, number)) return;
  session.pending.insert(number);
  look_up({.peer = session.peer(),
           .life = session.life,
           .number = number,
           .for_wraps = frame.link.for_wraps,
           .bare = false,
           .envelope = bytes_of(frame.envelope),
           .offer = {}});
}

void Intake::on_offer(Session& session, const proto::Offer& offer) {
  if (!may_come(session, offer.session, offer.number)) return;
  session.pending.insert(offer.number);
  look_up({.peer = session.peer(),
           .life = session.life,
           .number = offer.number,
           .for_wraps = offer.for_wraps,
           .bare = false,
           .envelope = {},
           .offer = offer});
}

void Intake::on_bare(Session& session, BytesView envelope) {
  if (jobs_.size() >= kUnackedMax * (1 + hall_.sessions.size()))
    return hall_.event(EventKind::dropped, session.peer());
  look_up({.peer = session.peer(),
           .life = session.life,
           .number = 0,
           .for_wraps = 0,
           .bare = true,
           .envelope = bytes_of(envelope),
           .offer = {}});
}

namespace {

/// An arrival before its signature: by the whole envelope, or by what was offered of it.
struct Seen {
  keys::Peek peek;
  std::uint8_t ctype = 0;
};
std::optional<Seen> seen_of(const Arrival& arrival) {
  if (arrival.offer && arrival.envelope.empty()) {
    const auto cover =
        proto::parse_cover(arrival.offer->cover, arrival.offer->body_hash, arrival.offer->size);
    if (!cover) return std::nullopt;
    return Seen{keys::peek(*cover), cover->outside.header.ctype};
  }
  const auto peek = keys::peek(arrival.envelope);
  if (!peek) return std::nullopt;
  return Seen{*peek, arrival.envelope[2]};
}
std::size_t size_of(const Arrival& arrival) {
  return arrival.envelope.empty() && arrival.offer ? arrival.offer->size : arrival.envelope.size();
}
/// What it holds of memory while it waits.
std::size_t held_size(const Arrival& arrival) {
  return arrival.envelope.size() + (arrival.offer ? arrival.offer->cover.size() : 0);
}

}  // namespace

void Intake::look_up(Arrival arrival) {
  const auto seen = seen_of(arrival);
  if (!seen) {
    // The four reasons of a parse stand first among the refusals, in the same order.
    const auto why = proto::parse_envelope(arrival.offer ? arrival.offer->cover : arrival.envelope).why;
    return refuse(arrival, static_cast<std::uint8_t>(why), {});
  }
  const keys::Peek& peek = seen->peek;
  if (auto known = hall_.store.record(peek.msg_id)) {
    if (!wants_body(*known, wraps_of(arrival, *known))) return again(arrival, *std::move(known));
  } else {
    if (hall_.store.seen(peek.key, peek.seq).size() >= 2)
      return refuse(arrival, code_of(Refusal::equivocation), {});
    if (!essential(seen->ctype, peek.level)) return refuse(arrival, proto::kRefuseNoSpace, kNoSpaceRetry);
  }
  const keys::Certificate* sender = hall_.trust->certificate(peek.key);
  if (!sender) return hold(std::move(arrival));
  const keys::Quota daily = hall_.trust->quota(sender->quota);
  const QuotaRow row = quota::refilled(hall_.store.quota(peek.key.device), daily, hall_.time);
  const quota::Charge least{.bytes = static_cast<std::int64_t>(size_of(arrival)),
                            .flash = false,
                            .bulk = peek.level == Level::bulk,
                            .clock_doubt = false,
                            .twice = false};
  const quota::Ruling ruling = quota::rule(row, daily, least);
  if (!ruling.allowed) {
    hall_.event(EventKind::quota, arrival.peer, peek.msg_id);
    return refuse(arrival, code_of(Refusal::quota), ruling.retry_after);
  }
  verify(std::move(arrival), peek.level);
}

bool Intake::essential(std::uint8_t ctype, Level level) const {
  const Pressure pressure = hall_.store.pressure();
  if (pressure == Pressure::none || is_receipt(ctype)) return true;
  if (ctype == static_cast<std::uint8_t>(proto::Ctype::erase_order)) return true;
  return pressure == Pressure::refuse_new && level == Level::flash;
}

// ---- Unknown senders

void Intake::hold(Arrival arrival) {
  Session* session = hall_.up(arrival.peer);
  const auto seen = seen_of(arrival);
  if (!session || session->life != arrival.life || !seen) return;
  hall_.event(EventKind::unknown_sender, arrival.peer, seen->peek.msg_id);
  const std::size_t size = held_size(arrival);
  if (session->held.size() >= kUnknownHeldEnvelopes || session->held_bytes + size > kUnknownHeldBytes) {
    return refuse(arrival, code_of(Refusal::unknown_key), kUnknownRetry);
  }
  const bool asked = std::ranges::any_of(session->held, [&](const Arrival& held) {
    const auto other = seen_of(held);
    return other && other->peek.key == seen->peek.key;
  });
  if (!asked) objects_.want_certificate(*session, seen->peek.key);
  if (session->held.empty()) session->held_until = hall_.now.mono + kHeldFor;
  session->held_bytes += size;
  session->held.push_back(std::move(arrival));
}

void Intake::retry_held() {
  for (auto& [peer, session] : hall_.sessions) {
    std::deque<Arrival> held = std::exchange(session.held, {});
    session.held_bytes = 0;
    for (Arrival& arrival : held) {
      const auto seen = seen_of(arrival);
      if (seen && hall_.trust->certificate(seen->peek.key)) {
        look_up(std::move(arrival));
      } else {
        session.held_bytes += held_size(arrival);
        session.held.push_back(std::move(arrival));
      }
    }
  }
}

void Intake::give_up_held() {
  for (auto& [peer, session] : hall_.sessions) {
    if (session.held.empty() || hall_.now.mono < session.held_until) continue;
    for (const Arrival& arrival : std::exchange(session.held, {})) {
      refuse(arrival, code_of(Refusal::unknown_key), kUnknownRetry);
    }
    session.held_bytes = 0;
  }
}

std::optional<Instant> Intake::next_wake() const {
  std::optional<Instant> next;
  for (const auto& [peer, session] : hall_.sessions) {
    if (!session.held.empty() && (!next || session.held_until < *next)) next = session.held_until;
  }
  return next;
}

// ---- Sent out to be verified

void Intake::verify(Arrival arrival, Level claimed) {
  const JobId job = ++last_job_;
  const bool outside = arrival.envelope.empty();
  hall_.out.verify.push_back({.id = job,
                              .envelope = arrival.envelope,
                              .offer = outside ? arrival.offer : std::nullopt,
                              .peer = arrival.peer,
                              .claimed = claimed});
  jobs_.emplace(job, std::move(arrival));
}

std::optional<Refusal> refusal_of(const proto::Offer& offer, const keys::Trust& trust, Now now) {
  const auto cover = proto::parse_cover(offer.cover, offer.body_hash, offer.size);
  return cover ? keys::refusal_of(*cover, trust, now) : Refusal::short_bytes;
}

void Intake::on_cover(JobId job, std::optional<Refusal> refusal) {
  auto found = jobs_.extract(job);
  if (!found) return;
  Arrival arrival = std::move(found.mapped());
  if (refusal == Refusal::unknown_key) return hold(std::move(arrival));
  if (refusal) return refuse(arrival, code_of(*refusal), {});
  open_parcel(std::move(arrival));
}

// ---- In pieces

void Intake::open_parcel(Arrival arrival) {
  Session* session = session_of(arrival);
  if (!session || !session->pending.contains(arrival.number)) return;
  Parcels::Step step = parcels_.open(*session, arrival.number, arrival.for_wraps, *arrival.offer);
  went_on(std::move(arrival), std::move(step));
}

void Intake::on_piece(Session& session, const proto::Piece& frame) {
  const Incoming* incoming = Parcels::expected(session, frame);
  if (!incoming) return hall_.event(EventKind::dropped, session.peer());
  Arrival arrival{.peer = session.peer(),
                  .life = session.life,
                  .number = frame.piece.number,
                  .for_wraps = incoming->for_wraps,
                  .bare = false,
                  .envelope = {},
                  .offer = {}};
  // It came by another way meanwhile.
  auto known = hall_.store.record(incoming->id);
  if (known && !wants_body(*known, wraps_of(arrival, *known))) {
    session.incoming.erase(arrival.number);
    return again(arrival, *std::move(known));
  }
  went_on(std::move(arrival), parcels_.add(session, frame));
}

void Intake::went_on(Arrival arrival, Parcels::Step step) {
  switch (step.state) {
    case Parcels::State::coming: return;
    case Parcels::State::no_room: return refuse(arrival, proto::kRefuseNoSpace, kNoSpaceRetry);
    case Parcels::State::spoilt: return refuse(arrival, code_of(Refusal::body), kUnknownRetry);
    case Parcels::State::whole:
      arrival.envelope = std::move(step.envelope);
      arrival.offer.reset();
      return look_up(std::move(arrival));
  }
}

/// The number is void: its sender gives what it still owes another one. What came stays for that.
void Intake::on_withdraw(Session& session, const proto::Withdraw& withdraw) {
  if (withdraw.session != session.theirs || session.pending.erase(withdraw.number) == 0)
    return hall_.event(EventKind::dropped, session.peer());
  session.incoming.erase(withdraw.number);
  session.enter({.number = withdraw.number, .parked = numbers::kVoid, .settled = numbers::kVoid});
  session.row_changed = true;
  session.ack_due = true;
}

// ---- Its signature holds, or not

void Intake::on_verdict(JobId job, const keys::VerifyOutcome& outcome) {
  auto found = jobs_.extract(job);
  if (!found) return;
  Arrival arrival = std::move(found.mapped());
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
    if (*refusal == Refusal::unknown_key) return hold(std::move(arrival));
    return refuse(arrival, code_of(*refusal), {});
  }
  const auto& envelope = std::get<keys::Verified>(outcome);
  if (auto known = hall_.store.record(envelope.msg_id())) {
    if (wants_body(*known, wraps_of(arrival, *known))) {
      hall_.store.put_body(known->id, envelope.bytes());
      known->body_held = true;
      known->dead_at = dead_at(envelope.header(), envelope.marks().time_doubtful, hall_.now);
      hall_.store.put(*known);
    }
    return again(arrival, *std::move(known));
  }
  if (const auto no = refusal_of(envelope, false)) {
    if (no->no_space) return refuse(arrival, proto::kRefuseNoSpace, kNoSpaceRetry);
    return refuse(arrival, code_of(*no->refusal), no->retry);
  }
  const quota::Ruling ruling = debit(envelope);
  Record record = record_of(envelope, arrival.peer, ruling);
  const std::uint16_t parked = take(record, envelope, wraps_of(arrival, record));
  accept(arrival, parked, 0);
}

SubmitResult Intake::submit(const keys::Verified& envelope, Origin origin) {
  SubmitResult result;
  if (auto known = hall_.store.record(envelope.msg_id())) {
    result.outcome = Submitted::duplicate;
    const bool followed = follows_all(*known) && std::ranges::none_of(known->duties, taken_back);
    if (origin == Origin::here_before) known->left = true;
    if (origin != Origin::elsewhere && !followed) adopt(*std::move(known), envelope);
    return result;
  }
  const bool own_receipt = envelope.header().source.device == hall_.config.self;
  if (const auto no = refusal_of(envelope, own_receipt)) {
    result.no_space = no->no_space;
    result.why = no->refusal.value_or(Refusal{});
    return result;
  }
  const quota::Ruling ruling =
      own_receipt
          ? quota::Ruling{.allowed = true, .flash_spent = false, .doubt_spent = false, .retry_after = {}}
          : debit(envelope);
  Record record = record_of(envelope, kNobody, ruling);
  record.origin = origin != Origin::elsewhere;
  record.left = origin != Origin::here;
  (void)take(record, envelope, all_wraps(record));
  result.outcome = Submitted::queued;
  return result;
}

/// It came here by another way before its author said it here: on paper that was faster, or back from those
/// who had it before this disk lost it. Whoever handed it over kept some of its recipients; here all are
/// followed. Or its author took it back, and says it again.
void Intake::adopt(Record record, const keys::Verified& envelope) {
  std::erase_if(record.duties, taken_back);
  for (Duty& duty : record.duties) avoid(duty, record.from);  // it is still told of what becomes of them
  record.origin = true;
  record.from = kNobody;
  learn_sender(record);
  if (!record.body_held) {
    hall_.store.put_body(record.id, envelope.bytes());
    record.body_held = true;
    record.dead_at = dead_at(envelope.header(), envelope.marks().time_doubtful, hall_.now);
  }
  for (std::uint8_t wrap = 0; wrap < record.targets.size(); ++wrap) {
    const bool has = std::ranges::any_of(record.duties, [&](const Duty& d) { return d.wrap == wrap; });
    if (!has) (void)duties_.hand_over(record, wrap, kNobody);
  }
  revive(record);
  duties_.tidy(record);
  hall_.store.put(record);
}

/// What still speaks against an envelope whose signature holds. Quota of this relay's own receipts is the
/// next hop's to count.
std::optional<Intake::No> Intake::refusal_of(const keys::Verified& envelope, bool own) const {
  const proto::Header& header = envelope.header();
  if (hall_.store.seen(header.source, header.seq).size() >= 2)
    return No{.refusal = Refusal::equivocation, .no_space = false, .retry = {}};
  if (!essential(header.ctype, header.level))
    return No{.refusal = {}, .no_space = true, .retry = kNoSpaceRetry};
  if (own) return std::nullopt;
  const keys::Quota daily = hall_.trust->quota(envelope.sender().quota);
  const QuotaRow row = quota::refilled(hall_.store.quota(header.source.device), daily, hall_.time);
  const quota::Ruling ruling = quota::rule(row, daily, charge_of(envelope));
  if (ruling.allowed) return std::nullopt;
  return No{.refusal = Refusal::quota, .no_space = false, .retry = ruling.retry_after};
}

quota::Charge Intake::charge_of(const keys::Verified& envelope) const {
  const OrgId self = hall_.config.self.org, sender = envelope.header().source.device.org;
  const bool ours =
      sender == self || std::ranges::any_of(envelope.envelope().wraps, [&](const proto::Wrap& wrap) {
        return proto::org_of(wrap.recipient, sender) == self;
      });
  return {.bytes = static_cast<std::int64_t>(envelope.bytes().size()),
          .flash = envelope.header().level == Level::flash,
          .bulk = envelope.header().level == Level::bulk,
          .clock_doubt = envelope.marks().time_doubtful,
          .twice = envelope.marks().roster >= keys::RosterState::c_expired && !ours};
}

quota::Ruling Intake::debit(const keys::Verified& envelope) {
  const DeviceId device = envelope.header().source.device;
  const keys::Quota daily = hall_.trust->quota(envelope.sender().quota);
  const quota::Charge charge = charge_of(envelope);
  QuotaRow row = quota::refilled(hall_.store.quota(device), daily, hall_.time);
  const quota::Ruling ruling = quota::rule(row, daily, charge);
  quota::debit(row, charge, ruling);
  hall_.store.put_quota(device, row);
  if (ruling.flash_spent || ruling.doubt_spent) hall_.event(EventKind::quota, kNobody, envelope.msg_id());
  return ruling;
}

// ---- Made durable

Record Intake::record_of(const keys::Verified& envelope, PeerId from, const quota::Ruling& ruling) const {
  const proto::Header& header = envelope.header();
  const keys::Marks& marks = envelope.marks();
  Record record{.id = envelope.msg_id(),
                .key = header.source,
                .seq = header.seq,
                .ctype = header.ctype,
                .level = header.level,
                .arrival = hall_.store.next_arrival(),
                .size = static_cast<std::uint32_t>(envelope.bytes().size()),
                .origin = false,
                .body_held = true,
                .from = from,
                .created = header.created,
                .first_seen = hall_.now.wall,
                .dead_at = dead_at(header, marks.time_doubtful, hall_.now),
                .marks = marks,
                .targets = {},
                .prevs = {},
                .duties = {}};
  if (ruling.flash_spent) record.level = Level::urgent;
  if (marks.stale && !marks.time_doubtful) record.level = std::min(record.level, Level::routine);
  if (ruling.doubt_spent) record.level = Level::bulk;
  for (const proto::Wrap& wrap : envelope.envelope().wraps) {
    record.targets.push_back(wrap.recipient);
    record.prevs.push_back(wrap.prev);
  }
  if (!envelope.envelope().sealed()) record.targets.push_back(envelope.envelope().dst());
  return record;
}

/// Writes all of a new envelope. Returns the wraps whose duty stays with the neighbour.
std::uint16_t Intake::take(Record& record, const keys::Verified& envelope, std::uint16_t for_wraps) {
  Store& store = hall_.store;
  const bool first = store.seen(record.key, record.seq).empty();
  if (!first) hall_.event(EventKind::equivocation, record.from, record.id);
  store.put_seen(record.key, record.seq, record.id);
  store.put_body(record.id, envelope.bytes());
  store.drop_partial(record.id);
  for (std::size_t i = 0; first && i < record.prevs.size(); ++i) {
    store.put_link(record.key, record.targets[i], {record.seq, record.prevs[i], record.id});
  }
  learn_sender(record);

  std::uint16_t parked = 0;
  for (std::size_t i = 0; i < record.targets.size(); ++i) {
    const auto wrap = static_cast<std::uint8_t>(i);
    if (duties_.is_home_of(record, wrap)) {
      (void)duties_.deliver_here(record, wrap);
    } else if ((for_wraps & bit(i)) != 0) {
      if (!duties_.hand_over(record, wrap, record.from)) parked |= bit(i);
    }
  }
  if (record.targets.front() == proto::kEveryone) {
    for (const auto& [peer, session] : hall_.sessions) {
      if (peer != record.from) duties_.push(record, peer);
    }
  }
  if (is_receipt(record.ctype)) {
    // The desks of the organisation it speaks to read it wherever they are.
    if (proto::org_of(record.targets.front(), record.key.device.org) == hall_.config.self.org)
      hall_.keep_mail(record);
    receipts_.apply(record, envelope.envelope().clear_content(), record.from);
  }
  duties_.tidy(record);
  store.put(record);
  hall_.event(EventKind::accepted, record.from, record.id);
  return parked;
}

/// Where a device of ours was last heard, and which keys a neighbour knows already because it sent their
/// envelopes.
void Intake::learn_sender(const Record& record) {
  const DeviceId device = record.key.device;
  if (record.from != kNobody && !hall_.store.told(record.from, record.key))
    hall_.store.put_told(record.from, record.key);
  if (device.org != hall_.config.self.org || device == hall_.config.self) return;
  if (record.from == kNobody && !record.origin) return;  // paper says nothing of where its writer is
  const auto before = hall_.store.behind(device);
  if (before == record.from) return;
  hall_.store.put_behind(device, record.from);
  hall_.stirred.insert(before.value_or(kNobody));
}

/// `over`: it died here, or only passed through: nothing is owed and nothing need be shown.
Intake::Asked Intake::asked(const Record& record, std::uint8_t wrap) const {
  const auto duty = std::ranges::find_if(
      record.duties, [&](const Duty& d) { return d.wrap == wrap && d.state == DutyState::settled; });
  if (duty == record.duties.end()) return Asked::open;
  if (passes(record) || duty->end == End::expired) return Asked::over;
  return evidence_.find(record, wrap).kind == Evidence::Kind::none ? Asked::open : Asked::shown;
}

/// A dropped body is wanted again if any of these wraps is still open, or nothing can be shown of it.
bool Intake::wants_body(const Record& record, std::uint16_t wraps) const {
  if (record.body_held) return false;
  for (std::size_t i = 0; i < record.targets.size(); ++i) {
    if ((wraps & bit(i)) != 0 && asked(record, static_cast<std::uint8_t>(i)) == Asked::open) return true;
  }
  return false;
}

/// A message that is known here: the duty is taken again, or the neighbour learns where it stands. What
/// changes nothing writes nothing.
void Intake::again(const Arrival& arrival, Record record) {
  const Record before = record;
  hall_.event(EventKind::duplicate, arrival.peer, record.id);
  hall_.store.drop_partial(record.id);
  std::erase_if(record.duties, taken_back);  // it left after all: before this disk lost what it knew
  record.left = true;
  std::uint16_t parked = 0, settled = 0;
  const std::uint16_t wraps = wraps_of(arrival, record);
  for (std::size_t i = 0; i < record.targets.size(); ++i) {
    if ((wraps & bit(i)) == 0) continue;
    const auto wrap = static_cast<std::uint8_t>(i);
    switch (asked(record, wrap)) {
      case Asked::open:
        if (!duties_.hand_over(record, wrap, arrival.peer)) parked |= bit(i);
        break;
      case Asked::shown:
        for (Duty& duty : record.duties) {
          if (duty.wrap == wrap) avoid(duty, arrival.peer);
        }
        (void)receipts_.show(record, wrap, arrival.peer);
        settled |= bit(i);
        break;
      case Asked::over:
        if (!passes(record)) parked |= bit(i);
        break;
    }
  }
  // What came on paper has a way back only now: for what is still to come, and for what was said meanwhile.
  if (record.from == kNobody && !record.origin && arrival.peer != kNobody) {
    record.from = arrival.peer;
    learn_sender(record);
    receipts_.show_further(record, arrival.peer);
  }
  // A receipt may have come before what it speaks of: then it is shown again.
  if (is_receipt(record.ctype)) receipts_.apply_again(record, arrival.peer);
  revive(record);
  duties_.tidy(record);
  if (record != before) hall_.store.put(record);
  if (record == before && arrival.bare) hall_.event(EventKind::dropped, arrival.peer);
  accept(arrival, parked, settled);
}

/// Mail that was kept for ever has a duty again: that one dies in its time.
void Intake::revive(Record& record) const {
  if (record.dead_at != kNever || noroshi::core::settled(record)) return;
  const auto body = hall_.store.body(record.id);
  const auto parsed = body ? proto::parse_envelope(*body) : proto::ParsedEnvelope{};
  if (!parsed.envelope) return;
  Now first = hall_.now;
  first.wall = record.first_seen;
  record.dead_at = dead_at(parsed.envelope->header, record.marks.time_doubtful, first);
}

}  // namespace noroshi::core
