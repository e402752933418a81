#include <cstdio>

#include "keys/crypto.hpp"
#include "tests/sim/world.hpp"

namespace noroshi::sim {
std::string_view name_of(Fault fault) {
  static constexpr std::array<std::string_view, kFaults> kNames = {"delay",
                                                                   "session lost",
                                                                   "duplicated",
                                                                   "late frame",
                                                                   "partition",
                                                                   "cut in mid-frame",
                                                                   "crash before commit",
                                                                   "crash after commit",
                                                                   "lost commits",
                                                                   "disk full",
                                                                   "commit failed",
                                                                   "clock step",
                                                                   "clock unset",
                                                                   "clock +9 h",
                                                                   "destroyed for ever",
                                                                   "hostile peer",
                                                                   "carried on paper",
                                                                   "taken back"};
  return kNames[static_cast<std::size_t>(fault)];
}

void Census::add(const Census& one) {
  for (std::size_t i = 0; i < kFaults; ++i) {
    fired[i] += one.fired[i];
    seeds[i] += one.fired[i] > 0;
  }
  worlds += one.worlds;
  turns += one.turns;
  frames += one.frames;
  submitted += one.submitted;
  deliveries += one.deliveries;
  hops += one.hops;
  receipts += one.receipts;
  reowed += one.reowed;
  rolled_back += one.rolled_back;
  wanted += one.wanted;
  refused += one.refused;
  duplicates += one.duplicates;
  expired += one.expired;
  equivocations += one.equivocations;
  recalled += one.recalled;
  offered += one.offered;
  resumed += one.resumed;
  withdrawn += one.withdrawn;
  pieces += one.pieces;
}

void World::fire(Fault fault) {
  ++census_.fired[static_cast<std::size_t>(fault)];
  trace_ = mix(trace_, static_cast<std::uint64_t>(fault));
  if (options_.trace)
    std::printf("%10lld ! %s\n", static_cast<long long>(now_ms_), std::string(name_of(fault)).c_str());
}

void World::plan_faults() {
  for (std::size_t i = 0; i < static_cast<std::size_t>(Fault::carried); ++i) {
    if (chance(0.4)) may_.insert(static_cast<Fault>(i));
  }
  may_.erase(Fault::destroyed);
  if (options_.seed % 10 == 0) may_.insert(Fault::destroyed);
  if (may_.contains(Fault::session_lost) || may_.contains(Fault::cut_mid_frame) ||
      may_.contains(Fault::late_frame))
    lose_sessions();
  if (may_.contains(Fault::partition)) partition();
  crash();
  if (may_.contains(Fault::disk_full)) fill_disk();
  turn_clock();
  if (may_.contains(Fault::destroyed)) destroy();
  if (may_.contains(Fault::hostile)) plan_hostile();
  at(heal_ms_, [this] { heal(); });
}

void World::lose_sessions() {
  after(between(kMinute / 2, 8 * kMinute), [this] {
    if (!faults_on_) return;
    // Rather where something is under way.
    std::size_t which = rng_.below(lines_.size());
    for (std::size_t i = 0; i < lines_.size() && lines_[which].busy_until <= now_ms_; ++i)
      which = (which + 1) % lines_.size();
    Line& line = lines_[which];
    const bool mid = may_.contains(Fault::cut_mid_frame) && chance(0.5);
    if (line.up) {
      fire(mid ? Fault::cut_mid_frame : Fault::session_lost);
      disconnect(line, mid);
      cut_young_ = chance(0.5);
    }
    lose_sessions();
  });
}

/// A place, or one line, is away for hours.
void World::partition() {
  for (int i = 0; i < 2; ++i) {
    const int place = chance(0.3) ? kLaptop2 : static_cast<int>(between(0, kPlaces - 1));
    const bool alone = chance(0.5);
    const auto which = rng_.below(lines_.size());
    const std::int64_t begin = chance(0.3) ? kMinute : between(kMinute, heal_ms_ / 2);
    const std::int64_t length = between(30 * kMinute, 4 * kHour);
    const auto concerned = [this, place, alone, which](const Line& line) {
      return alone ? line.a == place || line.b == place : &line == &lines_[which];
    };
    at(begin, [this, concerned] {
      fire(Fault::partition);
      for (Line& line : lines_) {
        if (!concerned(line)) continue;
        line.wanted = false;
        disconnect(line, false);
      }
    });
    at(begin + length, [this, concerned] {
      for (Line& line : lines_) {
        if (!concerned(line) || line.wanted) continue;
        line.wanted = true;
        connect(line);
      }
    });
  }
}

/// Trips are set and spring at the next turn, when there is something to lose.
void World::crash() {
  after(between(5 * kMinute, 40 * kMinute), [this] {
    if (!faults_on_) return;
    Machine& machine = any_machine();
    if (machine.node) {
      const auto kind = between(0, 3);
      if (kind == 0 && may_.contains(Fault::crash_before_commit)) machine.trip = Machine::Trip::before_commit;
      if (kind == 1 && may_.contains(Fault::crash_after_commit)) machine.trip = Machine::Trip::after_commit;
      if (kind == 2 && may_.contains(Fault::commit_failed)) machine.trip = Machine::Trip::failed_commit;
      if (kind == 3 && may_.contains(Fault::lost_commits)) {
        stop(machine);
        const std::size_t lost = machine.store->lose(static_cast<std::size_t>(between(1, 20)));
        if (lost > 0) fire(Fault::lost_commits);
        machine.lost_at_ms = now_ms_;
        ++census_.lost_said;
        say("disk of " + std::to_string(machine.place) + " lost " + std::to_string(lost));
        checks_.disk_lost(machine);
        after(between(2, 300) * 1000, [this, &machine] { start(machine); });
      }
    }
    crash();
  });
}

void World::fill_disk() {
  Machine& machine = any_machine();
  const std::int64_t begin = between(kMinute, heal_ms_ - kHour);
  at(begin, [this, &machine] {
    fire(Fault::disk_full);
    machine.store->full = chance(0.5) ? core::Pressure::refuse_new : core::Pressure::only_essential;
  });
  at(begin + between(10 * kMinute, kHour), [&machine] { machine.store->full = core::Pressure::none; });
}

void World::turn_clock() {
  const auto one = [&](Fault fault, auto change) {
    if (!may_.contains(fault)) return;
    Machine& machine = any_machine();
    at(between(0, heal_ms_ / 2), [this, fault, &machine, change] {
      fire(fault);
      change(machine);
    });
  };
  const std::int64_t step = between(-7200, 7200);
  one(Fault::clock_step, [step](Machine& machine) { machine.wall_offset_s += step; });
  one(Fault::clock_unset, [](Machine& machine) { machine.wall_unset = true; });
  one(Fault::clock_nine_hours, [](Machine& machine) { machine.wall_offset_s += 9 * 3600; });
}

/// One custodian, for ever: another path remains for everybody.
void World::destroy() {
  static constexpr int kCustodians[] = {kHubIshikawa, kHubToyama, kHubNational, kHubNiigata};
  Machine& machine = machines_[static_cast<std::size_t>(kCustodians[rng_.below(4)])];
  at(between(kHour / 2, heal_ms_ - kMinute), [this, &machine] {
    fire(Fault::destroyed);
    say("destroyed: " + std::to_string(machine.place));
    stop(machine);
    machine.destroyed = true;
    checks_.destroyed(machine);
  });
}

void World::heal() {
  faults_on_ = false;
  say("healed");
  hostile_.up = false;
  if (hostile_.at >= 0)
    give(machines_[static_cast<std::size_t>(hostile_.at)],
         LinkChange{pool_.hostile(), core::LinkState::down});
  for (Machine& machine : machines_) {
    machine.trip = Machine::Trip::none;
    machine.store->full = core::Pressure::none;
    machine.wall_unset = false;
    machine.wall_offset_s = 0;
    give(machine, Wake{});
  }
  for (Line& line : lines_) {
    line.wanted = true;
    connect(line);
  }
}

// ---- A neighbour that is enrolled and means harm

void World::plan_hostile() {
  hostile_.at = static_cast<int>(between(0, kPlaces - 1));
  Machine& machine = machines_[static_cast<std::size_t>(hostile_.at)];
  machine.config.neighbours.push_back({.peer = pool_.hostile(), .profile = {}});
  after(between(kMinute, 30 * kMinute), [this] { hostile_speaks(); });
}

void World::hostile_hears(const Bytes& frame) {
  const auto decoded = proto::decode_frame(frame);
  if (!decoded) return;
  if (const auto* control = std::get_if<proto::ControlFrame>(&*decoded)) {
    if (const auto* hello = std::get_if<proto::Hello>(control)) hostile_.theirs = hello->session;
  }
}

void World::hostile_speaks() {
  if (!faults_on_) return;
  Machine& machine = machines_[static_cast<std::size_t>(hostile_.at)];
  const core::PeerId me = pool_.hostile();
  after(between(20, 600) * 1000, [this] { hostile_speaks(); });
  if (!machine.node) return;
  fire(Fault::hostile);
  if (!hostile_.up) {
    hostile_.up = true;
    ++hostile_.session;
    give(machine, LinkChange{me, core::LinkState::up});
    proto::Hello hello;
    hello.node = me;
    hello.store = {666};
    hello.session = hostile_.session;
    hello.base = hostile_.number;
    hello.wall = kWorldStart;
    if (chance(0.1)) hello.accepted.contiguous = static_cast<proto::LinkNumber>(between(0, 50));
    if (chance(0.05)) hello.node = {{1}, 2};
    give(machine, FrameIn{me, proto::encode_frame(hello)});
    return;
  }
  if (chance(0.1)) {
    hostile_.up = false;
    give(machine, LinkChange{me, core::LinkState::down});
    return;
  }
  for (std::int64_t i = between(1, 6); i > 0; --i) {
    const auto numbered = [&](const Bytes& envelope) {
      Writer frame;
      const auto wraps = static_cast<std::uint16_t>(rng_.below(16));
      frame.bytes(proto::encode_link_header({hostile_.session, ++hostile_.number, wraps})).bytes(envelope);
      return frame.take();
    };
    Bytes frame(static_cast<std::size_t>(between(1, 500)));
    rng_.fill(frame);
    switch (between(0, 15)) {
      case 0: frame[0] = proto::kFrameControl; break;
      case 1: frame[0] = proto::kFrameEnvelope; break;
      case 2: frame = numbered(pool_.forged()[rng_.below(pool_.forged().size())]); break;
      case 3: frame = pool_.forged()[rng_.below(pool_.forged().size())]; break;
      case 4: frame = numbered(pool_.greedy()[hostile_.greedy_sent++ % pool_.greedy().size()]); break;
      case 5:
        frame = proto::encode_frame(
            proto::Ack{.session = hostile_.session,
                       .accepted = {.contiguous = static_cast<proto::LinkNumber>(rng_.below(100)),
                                    .map = rng_.u64(),
                                    .outcomes = {}},
                       .progress = {}});
        break;
      case 6: {
        // A true message that it overheard, with a wish of its own about whose duty it is.
        const Message& message = messages_[rng_.below(messages_.size())];
        const Machine& author = machines_[static_cast<std::size_t>(message.place)];
        const core::Record* record = author.store->peek(message.id);
        if (record && record->left) frame = numbered(message.bytes);
        break;
      }
      case 7: {
        proto::Proof proof{.receipt = {},
                           .entry = static_cast<std::uint8_t>(rng_.below(4)),
                           .messages = {messages_[rng_.below(messages_.size())].id}};
        frame = proto::encode_frame(proof);
        break;
      }
      case 8: frame = numbered(pool_.equivocal()[rng_.below(3)]); break;
      case 9:
      case 10: {
        // The true outside of what others send in pieces, and now and then a body of its own making.
        const Message& message = messages_[rng_.below(messages_.size())];
        const Machine& author = machines_[static_cast<std::size_t>(message.place)];
        const core::Record* record = author.store->peek(message.id);
        if (!record || !record->left || message.bytes.size() < 1000) break;
        const auto parsed = proto::parse_envelope(message.bytes);
        frame = proto::encode_frame(proto::Offer{.session = hostile_.session,
                                                 .number = ++hostile_.number,
                                                 .for_wraps = 0x7FFF,
                                                 .size = static_cast<std::uint32_t>(message.bytes.size()),
                                                 .body_hash = keys::body_hash(parsed.envelope->body),
                                                 .cover = proto::cover_of(*parsed.envelope)});
        break;
      }
      case 11:
      case 12: {
        Writer piece;
        const auto number = static_cast<proto::LinkNumber>(
            std::max<std::int64_t>(1, static_cast<std::int64_t>(hostile_.number) - between(0, 3)));
        const auto from = static_cast<std::uint16_t>(rng_.below(3) * 400);
        piece.bytes(proto::encode_piece_header({hostile_.session, number, from})).bytes(frame);
        frame = piece.take();
        break;
      }
      case 13:
        frame =
            chance(0.5)
                ? proto::encode_frame(proto::Withdraw{hostile_.session, hostile_.number + 1})
                : proto::encode_frame(proto::Want{hostile_.session,
                                                  1 + static_cast<proto::LinkNumber>(rng_.below(50)),
                                                  {{1, static_cast<std::uint16_t>(2 + rng_.below(60'000))}}});
        break;
      case 14:
      case 15: frame = numbered(slander(machine)); break;
      default: break;
    }
    give(machine, FrameIn{me, std::move(frame)});
  }
}

/// A receipt that it has no right to give, under its own true signature: of other people's mail.
Bytes World::slander(const Machine& machine) {
  static constexpr proto::ReceiptKind kKinds[] = {proto::ReceiptKind::delivered,
                                                  proto::ReceiptKind::unreadable,
                                                  proto::ReceiptKind::accepted, proto::ReceiptKind::expired};
  const Message& message = messages_[rng_.below(messages_.size())];
  const auto header = proto::parse_envelope(message.bytes).envelope->header;
  const auto sealed = receipt(machine, pool_.hostile_identity(), kKinds[rng_.below(std::size(kKinds))],
                              message.recipients[rng_.below(message.recipients.size())],
                              {.id = message.id, .key = header.source, .seq = header.seq});
  return sealed ? sealed->bytes : Bytes{};
}

}  // namespace noroshi::sim
