// A relay in the middle of a small network, and whatever two authenticated neighbours say to it: hellos that
// lie, envelopes true and damaged, acks of what was never sent, time, cuts, crashes. Asked after every
// commit: what was accepted is still on the disk; each of its recipients is still owed it, until their mail,
// their receipt or the date ends that; an ending stays; nothing is delivered twice; what was acknowledged is
// here; what leaves is a frame within its bound.
//
//   input = steps: what u8 | argument u8 | length u16 | bytes
//   what   0 a frame as it is, from neighbour argument & 1    1 a hello with these bytes for its memory
//          2 a true envelope (argument) under the next number 3 the same, these bytes over it, signed again
//          4 an ack: map and an outcome from the bytes        5 time passes: 2^argument seconds
//          6 the line goes and comes                          7 the power goes
//   | 0x80 the turn stays open: the next step joins it, and dies with it if it is 7
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "keys/contact.hpp"
#include "relay/core/node.hpp"
#include "tests/fuzz/accepted.hpp"
#include "tests/fuzz/world.hpp"
#include "tests/sim/memory_store.hpp"

namespace noroshi::fuzz {
namespace {

using core::Duty;
using core::DutyState;
using core::End;
using core::PeerId;
using core::Record;

constexpr OrgId kOwn = test::kIshikawa;
const PeerId kPeers[] = {test::relay_of(test::kToyama), test::relay_of(test::kNational)};
/// More than these say nothing new, and a run must stay short.
constexpr int kStepsMax = 40;
/// The daemon's number of rounds (relay/daemon/turns.cpp).
constexpr int kTimerRounds = 3;

struct Report {
  MsgId id;
  OrgId to;
  Bytes bytes;
};

const std::vector<Report>& reports() {
  static const std::vector<Report> all = [] {
    std::vector<Report> out;
    test::Speaker field(network(), test::field_of(test::kToyama));
    for (const OrgId to : {test::kNational, kOwn, test::kMinistry}) {
      for (const auto level : {proto::Level::flash, proto::Level::routine}) {
        const auto sealed = field.report({proto::to_org(to)}, Bytes(60, 7), now().wall, level);
        out.push_back({sealed.msg_id, to, sealed.bytes});
      }
    }
    return out;
  }();
  return all;
}

/// Of the national body and of the ministry: that their report of this level came.
std::vector<Bytes> true_receipts() {
  std::vector<Bytes> out;
  std::map<OrgId, test::Speaker> relays;
  for (const Report& report : reports()) {
    if (report.to == kOwn) continue;
    const auto peek = keys::peek(report.bytes);
    test::Speaker& relay = relays.try_emplace(report.to, network(), test::relay_of(report.to)).first->second;
    proto::Receipt receipt{.kind = proto::ReceiptKind::delivered,
                           .reason = {},
                           .store = relay.identity().store_id(),
                           .entries = {},
                           .epoch_object = {}};
    receipt.entries.push_back({.dev = peek->key.device.dev,
                               .gen = peek->key.gen,
                               .recipient = proto::to_org(report.to),
                               .from = peek->seq,
                               .to = peek->seq,
                               .count = 1,
                               .digest = keys::receipt_digest({&report.id, 1})});
    keys::Draft draft;
    draft.ctype = proto::Ctype::receipt;
    draft.life = days(14);
    draft.recipients = {proto::to_org(peek->key.device.org)};
    draft.content = proto::encode_receipt(receipt);
    const auto sealed = relay.say(draft, now());
    NOROSHI_ASSERT(sealed);
    out.push_back(sealed->bytes);
  }
  return out;
}

/// The envelopes that neighbours have: reports, then receipts.
const Bytes& envelope(std::uint8_t argument) {
  static const std::vector<Bytes> all = [] {
    std::vector<Bytes> out;
    for (const Report& report : reports()) out.push_back(report.bytes);
    for (Bytes& receipt : true_receipts()) out.push_back(std::move(receipt));
    return out;
  }();
  return all[argument / 2u % all.size()];
}

/// One of the two neighbours: its own idea of numbers, and what it may hold the relay to.
struct Liar {
  std::uint16_t session = 0;
  proto::LinkNumber number = 0;
  proto::LinkNumber base = 0;  ///< highest it ever began with: whatever stands below, it once called void
  /// Envelopes under numbers that only they can stand under.
  std::map<proto::LinkNumber, MsgId> sent;
  /// It spoke of numbers in frames of its own making: what an ack of them means is its own affair.
  bool garbled = false;
};

class Turntable {
 public:
  Turntable() {
    config_.self = test::relay_of(kOwn);
    for (const PeerId peer : kPeers) config_.neighbours.push_back({.peer = peer, .profile = {}});
    build();
    close();
  }

  void step(std::uint8_t what, std::uint8_t argument, BytesView bytes) {
    const std::size_t peer = argument & 1;
    switch (what & 7) {
      case 0: say_anything(peer, bytes); break;
      case 1: say_hello(peer, bytes); break;
      case 2: say_whole(peer, envelope(argument)); break;
      case 3: say_numbered(peer, damaged(argument, bytes)); break;
      case 4: say_ack(peer, argument, bytes); break;
      case 5: pass(Seconds{std::int64_t{1} << argument % 22}); break;
      case 6:
        take(node_->on_link(kPeers[peer], core::LinkState::down, now_));
        meet(peer);
        break;
      case 7:
        store_.abort();
        leaving_.clear();
        happened_.clear();
        build();
        break;
    }
    if ((what & 0x80) == 0) close();
  }

  /// Ends the turn: timers, commit, and only then what waited for it.
  void close() {
    for (int round = 0; round < kTimerRounds; ++round) take(node_->on_timer(now_));
    store_.commit();
    for (const core::Event& event : std::exchange(happened_, {})) remember(event);
    for (const MsgId& id : store_.take_touched())
      if (const Record* record = store_.peek(id)) keep_promises(*record);  // or undone by a crash
    for (const MsgId& id : promised_) NOROSHI_ASSERT(store_.peek(id));
    for (const PeerId peer : kPeers) NOROSHI_ASSERT(store_.outstanding(peer).size() <= kUnackedMax);
    for (const auto& [peer, frame] : std::exchange(leaving_, {})) hear(peer, frame);
  }

 private:
  void build() {
    node_ = std::make_unique<core::Node>(config_, store_, rng_, network().trust(), now_);
    for (std::size_t peer = 0; peer < std::size(kPeers); ++peer) meet(peer);
  }

  void meet(std::size_t peer) {
    take(node_->on_link(kPeers[peer], core::LinkState::up, now_));
    ++liars_[peer].session;
    say_hello(peer, {});
  }

  // ---- what neighbours say

  void say(std::size_t peer, BytesView frame) { take(node_->on_frame(kPeers[peer], frame, now_)); }

  void say_anything(std::size_t peer, BytesView bytes) {
    if (const auto frame = proto::decode_frame(bytes)) {
      const auto* control = std::get_if<proto::ControlFrame>(&*frame);
      const bool of_numbers = std::holds_alternative<proto::NumberedEnvelope>(*frame) ||
                              (control && std::holds_alternative<proto::Hello>(*control));
      liars_[peer].garbled = liars_[peer].garbled || of_numbers;
    }
    say(peer, bytes);
  }

  void say_hello(std::size_t peer, BytesView bytes) {
    Reader reader(bytes);
    Liar& liar = liars_[peer];
    proto::Hello hello;
    hello.node = kPeers[peer];
    hello.store = {500 + peer + reader.u8()};
    hello.session = liar.session = static_cast<std::uint16_t>(liar.session + reader.u8());
    hello.base = liar.number + reader.u8();
    liar.base = std::max(liar.base, hello.base);
    hello.accepted.contiguous = reader.u8();
    hello.accepted.map = reader.u64();
    hello.you_acked = reader.u8();
    hello.your_store = store_.id();
    hello.wall = {now_.wall.s + reader.u32()};
    liar.sent.clear();
    say(peer, proto::encode_frame(hello));
  }

  void say_ack(std::size_t peer, std::uint8_t contiguous, BytesView bytes) {
    Reader reader(bytes);
    proto::Ack ack{.session = liars_[peer].session,
                   .accepted = {.contiguous = contiguous, .map = reader.u64(), .outcomes = {}}};
    if (!reader.rest().empty())
      ack.accepted.outcomes.push_back(
          {.number = reader.u8(), .parked = reader.u16(), .settled = reader.u16()});
    say(peer, proto::encode_frame(ack));
  }

  void say_whole(std::size_t peer, const Bytes& envelope) {
    Liar& liar = liars_[peer];
    if (liar.number >= liar.base) liar.sent[liar.number + 1] = keys::peek(envelope)->msg_id;
    say_numbered(peer, envelope);
  }

  void say_numbered(std::size_t peer, BytesView envelope) {
    Liar& liar = liars_[peer];
    const auto head =
        proto::encode_link_header({.session = liar.session, .number = ++liar.number, .for_wraps = 1});
    say(peer, Writer().bytes(head).bytes(envelope).take());
  }

  static Bytes damaged(std::uint8_t argument, BytesView bytes) {
    Bytes out = envelope(argument);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) out[bytes[i] % out.size()] ^= bytes[i + 1];
    const auto parsed = proto::parse_envelope(out);
    return parsed.envelope ? signed_again(*parsed.envelope) : out;
  }

  void pass(Seconds time) {
    now_.mono = now_.mono + millis(time);
    now_.wall = now_.wall + time;
  }

  // ---- what the relay does

  /// As relay/daemon/turns.cpp does.
  void take(core::Effects effects) {
    NOROSHI_ASSERT(effects.now.empty());
    for (const core::Send& send : effects.after_commit) {
      Bytes frame = send.head;
      if (send.body) {
        const auto body = store_.body(*send.body);
        if (!body) continue;  // dropped in this very turn
        const BytesView part = send.part_of(*body);
        frame.insert(frame.end(), part.begin(), part.end());
      }
      leaving_.emplace_back(send.peer, std::move(frame));
    }
    happened_.insert(happened_.end(), effects.events.begin(), effects.events.end());
    for (const core::VerifyJob& job : effects.verify) {
      if (job.offer)
        take(node_->on_cover(job.id, core::refusal_of(*job.offer, *node_->trust(), now_), now_));
      else
        take(node_->on_verdict(job.id, keys::verify(job.envelope, *node_->trust(), now_), now_));
    }
    for (const keys::Draft& draft : effects.seal) seal(draft);
    if (effects.contact) {
      const Bytes object = keys::sign_contact(identity(), *effects.contact);
      take(node_->on_object(object, now_));
    }
  }

  void seal(const keys::Draft& draft) {
    Now believed = now_;
    believed.wall_suspect = node_->wall_suspect(now_);
    const auto sealed = keys::seal_next(identity(), *node_->trust(), store_, draft, believed, rng_);
    if (!sealed) return;  // a store with a new name has no key of its own yet
    const auto own = keys::verify(sealed->bytes, *node_->trust(), believed);
    if (const auto* verified = std::get_if<keys::Verified>(&own))
      take(node_->on_submit(*verified, now_).effects);
  }

  static const keys::Identity& identity() { return network().identity(test::relay_of(kOwn)); }

  void hear(PeerId peer, BytesView bytes) {
    NOROSHI_ASSERT(bytes.size() <= kFrameBytesMax);
    const auto frame = proto::decode_frame(bytes);
    NOROSHI_ASSERT(frame);
    const auto* control = std::get_if<proto::ControlFrame>(&*frame);
    if (!control) return;
    Liar& liar = liars_[peer == kPeers[0] ? 0 : 1];
    if (const auto* refuse = std::get_if<proto::Refuse>(control)) liar.sent.erase(refuse->number);
    if (const auto* ack = std::get_if<proto::Ack>(control)) hold_to(liar, ack->accepted);
  }

  /// An acknowledgement without another outcome is a promise that the envelope is on this disk.
  void hold_to(const Liar& liar, const proto::Accepted& accepted) const {
    if (liar.garbled) return;
    for (const auto& [number, id] : liar.sent) {
      const bool plain = std::ranges::none_of(
          accepted.outcomes,
          [&, n = number](const proto::AckOutcome& outcome) { return outcome.number == n; });
      if (accepted.has(number) && plain) NOROSHI_ASSERT(store_.peek(id));
    }
  }

  // ---- what must hold

  void remember(const core::Event& event) {
    if (event.kind == core::EventKind::delivered) NOROSHI_ASSERT(delivered_.insert(event.id).second);
    if (event.kind != core::EventKind::accepted) return;
    accepted.count();
    promised_.insert(event.id);
  }

  /// For reports: receipts and the like may be passed on and be done with.
  void keep_promises(const Record& record) {
    const auto known = std::ranges::find(reports(), record.id, &Report::id);
    if (known == reports().end()) return;
    bool ended = false;
    for (const Duty& duty : record.duties) {
      if (duty.wrap == core::kPush) continue;
      if (duty.state == DutyState::settled) {
        ended = true;
        NOROSHI_ASSERT(may_end(record, duty, known->to));
        continue;
      }
      NOROSHI_ASSERT(record.body_held && store_.holds_body(record.id));
      NOROSHI_ASSERT(duty.state == DutyState::owed || duty.again.s > 0);
    }
    const bool has_duty =
        std::ranges::any_of(record.duties, [](const Duty& duty) { return duty.wrap != core::kPush; });
    NOROSHI_ASSERT(has_duty);
    NOROSHI_ASSERT(ended || !ended_.contains(record.id));
    if (ended) ended_.insert(record.id);
  }

  [[nodiscard]] bool may_end(const Record& record, const Duty& duty, OrgId to) const {
    switch (duty.end) {
      case End::delivered: return to == kOwn || receipt_of(to);
      case End::unreadable: return receipt_of(to);
      case End::expired: return now_.wall >= record.dead_at - kDeadAfterStale;
      default: return false;
    }
  }

  [[nodiscard]] bool receipt_of(OrgId org) const {
    return std::ranges::any_of(store_.records(), [&](const auto& row) {
      const Record& record = row.second;
      return record.key.device.org == org && record.ctype == static_cast<std::uint8_t>(proto::Ctype::receipt);
    });
  }

  core::NodeConfig config_;
  sim::MemoryStore store_{{77}};
  test::SeededRng rng_{3};
  std::unique_ptr<core::Node> node_;
  Now now_ = now();
  Liar liars_[std::size(kPeers)];

  // ---- the open turn
  std::vector<std::pair<PeerId, Bytes>> leaving_;
  std::vector<core::Event> happened_;

  std::set<MsgId> promised_, delivered_, ended_;
};

}  // namespace
}  // namespace noroshi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace noroshi;
  fuzz::Turntable table;
  Reader reader(BytesView(data, size));
  for (int i = 0; i < fuzz::kStepsMax && !reader.rest().empty(); ++i) {
    const std::uint8_t what = reader.u8(), argument = reader.u8();
    const std::size_t length = std::min<std::size_t>(reader.u16(), reader.rest().size());
    table.step(what, argument, reader.bytes(length));
  }
  table.close();
  return 0;
}
