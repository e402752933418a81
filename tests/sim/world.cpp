#include "tests/sim/world.hpp"

#include <algorithm>
#include <cstdio>

#include "keys/contact.hpp"

namespace noroshi::sim {

using core::Effects;
using core::LinkState;
using core::PeerId;

namespace {

/// Everything deliverable arrives within this after the last fault: a bulk message that rests at a relay
/// which is gone is owed again after four times its target at most, and then travels.
constexpr std::int64_t kConvergence = 72 * kHour;
/// A turn that asks to be woken at once, for ever, is a bug of the core.
constexpr std::uint64_t kTurnsMax = 400'000;
/// Ten times what a bad world needs.
constexpr std::uint64_t kHopsMax = 6'000, kFramesMax = 20'000;
/// 2000-01-01, as a laptop without a clock battery believes.
constexpr std::int64_t kUnset = -757'382'400;

struct LineSketch {
  int a, b;
  std::uint32_t rate;
  std::int64_t latency;
};
const std::vector<LineSketch> kLines = {
    {kLaptop1, kHubIshikawa, 9600, 300},        {kLaptop1, kHubToyama, 2400, 600},
    {kHubIshikawa, kHubToyama, 128'000, 30},    {kHubIshikawa, kHubNational, 64'000, 40},
    {kHubToyama, kHubNational, 128'000, 40},    {kHubToyama, kLaptop2, 0, 20},
    {kLaptop2, kHubNiigata, 9600, 300},         {kHubToyama, kHubNiigata, 128'000, 30},
    {kHubNiigata, kHubNational, 128'000, 40},   {kHubNational, kHubMinistry, 0, 10},
    {kHubNiigata, kHubMinistry, 64'000, 60},    {kHubIshikawa, kSecondIshikawa, 128'000, 30},
    {kSecondIshikawa, kHubNational, 64'000, 40}};

}  // namespace

std::string_view name_of(Mutation mutation) {
  static constexpr std::array<std::string_view, 6> kNames = {
      "none", "ack-early", "forget-seen", "skip-reowe", "duplicate-is-ack", "ignore-rollback"};
  return kNames[static_cast<std::size_t>(mutation)];
}

std::optional<Mutation> mutation_of(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Mutation::ignore_rollback); ++i) {
    if (name_of(static_cast<Mutation>(i)) == name) return static_cast<Mutation>(i);
  }
  return std::nullopt;
}

World::World(const Pool& pool, Memo& memo, Options options)
    : pool_(pool),
      memo_(memo),
      options_(options),
      rng_(options.seed * 0x9E37'79B9 + 1),
      paper_(options.seed),
      regret_(options.seed + 1),
      checks_(*this) {
  build();
}
World::~World() = default;

// ---- Time

void World::at(std::int64_t ms, std::function<void()> doing) {
  events_.push({std::max(ms, now_ms_), ++order_, std::move(doing)});
}

Now World::now_at(const Machine& machine) const {
  const std::int64_t running = now_ms_ / 1000;
  const std::int64_t wall =
      machine.wall_unset ? kUnset + running : kWorldStart.s + running + machine.wall_offset_s;
  return {{now_ms_ + machine.mono_offset}, {wall}, false};
}

void World::say(const std::string& text) {
  trace_ = mix(trace_, view_of(text));
  trace_ = mix(trace_, static_cast<std::uint64_t>(now_ms_));
  if (options_.trace) std::printf("%10lld %s\n", static_cast<long long>(now_ms_), text.c_str());
}

void World::say(const Machine& machine, const core::Event& event) {
  const auto what = static_cast<std::uint64_t>(machine.place) << 16 |
                    static_cast<std::uint64_t>(event.kind) << 8 | event.code;
  trace_ = mix(mix(mix(trace_, what), event.id.value), static_cast<std::uint64_t>(now_ms_));
  if (!options_.trace) return;
  std::printf("%10lld %d %s %s %s %d\n", static_cast<long long>(now_ms_), machine.place,
              std::string(core::name_of(event.kind)).c_str(), to_string(event.peer).c_str(),
              event.id.hex().substr(0, 8).c_str(), event.code);
}

void World::count(const core::Event& event) {
  using core::EventKind;
  switch (event.kind) {
    case EventKind::accepted: census_.submitted += event.peer == core::kNobody; break;
    case EventKind::delivered: ++census_.deliveries; break;
    case EventKind::receipt: ++census_.receipts; break;
    case EventKind::parked_again: ++census_.reowed; break;
    case EventKind::rolled_back: ++census_.rolled_back; break;
    case EventKind::want_object: ++census_.wanted; break;
    case EventKind::refused: ++census_.refused; break;
    case EventKind::duplicate: ++census_.duplicates; break;
    case EventKind::expired: ++census_.expired; break;
    case EventKind::equivocation: ++census_.equivocations; break;
    case EventKind::recalled: ++census_.recalled; break;
    default: break;
  }
}

void World::count(const core::Send& send, const Bytes& frame) {
  census_.pieces += send.slice.has_value();
  if (send.body || frame[0] != proto::kFrameControl) return;
  const auto decoded = proto::decode_frame(frame);
  const auto* control = decoded ? std::get_if<proto::ControlFrame>(&*decoded) : nullptr;
  if (control == nullptr) return;
  census_.offered += std::holds_alternative<proto::Offer>(*control);
  census_.hops += std::holds_alternative<proto::Offer>(*control);
  census_.withdrawn += std::holds_alternative<proto::Withdraw>(*control);
  const auto* want = std::get_if<proto::Want>(control);
  census_.resumed += want != nullptr && !want->have.empty();
}

Outcome World::run() {
  submit_all();
  plan_faults();
  for (Machine& machine : machines_) start(machine);
  for (Line& line : lines_) after(between(10, 5000), [this, &line] { connect(line); });
  std::int64_t look = heal_ms_;
  while (!events_.empty() && checks_.complaint().empty()) {
    Event event = events_.top();
    events_.pop();
    now_ms_ = event.at;
    event.doing();
    if (census_.turns > kTurnsMax || census_.hops > kHopsMax || census_.frames > kFramesMax) break;
    if (now_ms_ < look) continue;
    look = now_ms_ + 5 * kMinute;
    if (!faults_on_ && checks_.all_done()) break;
    if (now_ms_ > heal_ms_ + kConvergence) break;
  }
  Outcome out{.complaint = checks_.complaint(),
              .trace = trace_,
              .healed_ms = heal_ms_,
              .ended_ms = now_ms_,
              .census = census_};
  if (out.complaint.empty() && census_.turns > kTurnsMax) out.complaint = "the node never rests";
  if (out.complaint.empty() && census_.frames > kFramesMax) out.complaint = "neighbours chatter without end";
  if (out.complaint.empty() && census_.hops > kHopsMax) out.complaint = "envelopes go in circles";
  if (out.complaint.empty() && !checks_.all_done()) out.complaint = "did not arrive:" + checks_.missing();
  out.census.worlds = 1;
  return out;
}

// ---- The world's shape

void World::build() {
  heal_ms_ = between(4, 10) * kHour;
  for (const LineSketch& sketch : kLines) {
    Line line{.a = sketch.a, .b = sketch.b, .profile = {}, .latency_ms = sketch.latency + between(0, 200)};
    line.profile = {.rate_bps = sketch.rate,
                    .rtt = {2 * line.latency_ms},
                    .window_bytes = sketch.rate == 0 ? 262'144 : std::max(512u, sketch.rate / 4),
                    .metered = sketch.rate == 2400};
    lines_.push_back(line);
  }
  const bool lean = chance(0.3);
  const Millis gather{chance(0.5) ? 2000 : 60'000};
  machines_.resize(kPlaces);
  for (int place = 0; place < kPlaces; ++place) {
    Machine& machine = machines_[static_cast<std::size_t>(place)];
    machine.place = place;
    machine.relay = &pool_.relay(place);
    machine.config.self = machine.relay->device;
    machine.config.receipt_gather = gather;
    const Seconds targets[proto::kLevels] = {hours(12), hours(6), hours(2), minutes(30)};
    std::copy(std::begin(targets), std::end(targets), std::begin(machine.config.target));
    if (machine.relay->leaf) machine.config.default_route = pool_.relay(machine.relay->default_route).device;
    for (const Line& line : lines_) {
      if (line.a != place && line.b != place) continue;
      const int other = line.a == place ? line.b : line.a;
      machine.config.neighbours.push_back({.peer = pool_.relay(other).device, .profile = line.profile});
    }
    machine.store = std::make_unique<MemoryStore>(machine.relay->first_store);
    machine.store->mistakes.forget_seen = options_.mutation == Mutation::forget_seen;
    machine.store->mistakes.skip_reowe = options_.mutation == Mutation::skip_reowe;
    machine.rng = std::make_unique<test::SeededRng>(rng_.u64());
    machine.trust = lean ? pool_.lean_trust() : pool_.trust();
    machine.wall_offset_s = between(-120, 120) * (chance(0.5) ? 1 : 0);
    if (!lean) introduce(machine);
  }
}

/// Neighbours that have met before know each other's authors.
void World::introduce(Machine& machine) {
  std::vector<DeviceId> known;
  for (const Author& author : pool_.authors(options_.seed)) known.push_back(author.device);
  for (int place = 0; place < kPlaces; ++place) known.push_back(pool_.relay(place).device);
  for (const core::Neighbour& neighbour : machine.config.neighbours) {
    for (const DeviceId device : known) machine.store->put_told(neighbour.peer, {device, 1});
  }
  machine.store->commit();
}

// ---- Machines

const keys::Identity& World::identity_of(Machine& machine) {
  const StoreId store = machine.store->id();
  const keys::Identity& now = machine.renamed ? *machine.renamed : machine.relay->generations.front();
  if (now.store_id() == store) return now;
  // A store with a new name: the next generation was certified in advance, and never seals for another store.
  const auto last = static_cast<int>(machine.relay->generations.size()) - 1;
  machine.generation = std::min(machine.generation + 1, last);
  const keys::Identity& next = machine.relay->generations[static_cast<std::size_t>(machine.generation)];
  machine.renamed.emplace(next.key(), next.root_id(), store, next.secrets().copy());
  return *machine.renamed;
}

void World::start(Machine& machine) {
  if (machine.destroyed) return;
  machine.mono_offset = between(0, 1'000'000) - now_ms_ + (machine.life == 0 ? 0 : now_ms_);
  ++machine.life;
  machine.started_ms = now_ms_;
  machine.inputs.clear();
  machine.turn_planned = false;
  machine.wake_at = -1;
  machine.node = std::make_unique<core::Node>(machine.config, *machine.store, *machine.rng, machine.trust,
                                              now_at(machine));
  // What an author has said and this disk has not: the author says it again.
  for (const Message& message : messages_) {
    const bool said = message.place == machine.place && machine.life > 1 && !followed(message);
    if (said && census_.lost_said > 0) after(between(1000, kMinute), [this, &message] { submit(message); });
  }
  if (machine.life == 1 && machine.trust == pool_.lean_trust()) {
    for (const auto& author : pool_.authors(options_.seed)) {
      if (author.place == machine.place) give(machine, ObjectIn{pool_.certificate(author.device)});
    }
  }
  give(machine, Wake{});
}

void World::stop(Machine& machine) {
  machine.node.reset();
  machine.inputs.clear();
  for (Line& line : lines_) {
    if (line.up && (line.a == machine.place || line.b == machine.place))
      disconnect(line, false, machine.place);
  }
  if (hostile_.at == machine.place) hostile_.up = false;
}

void World::give(Machine& machine, Input input) {
  if (!machine.node) return;
  machine.inputs.push_back(std::move(input));
  if (machine.turn_planned) return;
  machine.turn_planned = true;
  after(between(0, 20), [this, &machine, life = machine.life] {
    if (machine.life == life && machine.node) turn(machine);
  });
}

keys::VerifyOutcome World::verify(const Machine& machine, const Bytes& envelope) {
  Now now = now_at(machine);
  now.wall_suspect = machine.node->wall_suspect(now);
  return memo_.verify(envelope, *machine.node->trust(), now, options_.seed % 100 == 99);
}

std::optional<keys::Refusal> World::refusal_of(const Machine& machine, const proto::Offer& offer) {
  Now now = now_at(machine);
  now.wall_suspect = machine.node->wall_suspect(now);
  return core::refusal_of(offer, *machine.node->trust(), now);
}

/// The loop of the daemon: everything that waits, one commit, then what may leave.
void World::turn(Machine& machine) {
  machine.turn_planned = false;
  ++census_.turns;
  Effects all;
  for (const Input& input : std::exchange(machine.inputs, {})) take(machine, input, all);
  close_turn(machine, all);

  // Trips spring when there is something to lose.
  const bool worth = std::ranges::any_of(
      all.events, [](const core::Event& e) { return e.kind == core::EventKind::accepted; });
  const auto trip = worth ? std::exchange(machine.trip, Machine::Trip::none) : Machine::Trip::none;
  if (options_.mutation == Mutation::ack_early) transmit(machine, all.after_commit);
  if (trip == Machine::Trip::before_commit || trip == Machine::Trip::failed_commit) {
    fire(trip == Machine::Trip::before_commit ? Fault::crash_before_commit : Fault::commit_failed);
    say("crash before commit at " + std::to_string(machine.place));
    machine.store->abort();
    for (const MsgId& id : machine.store->take_touched()) trace_ = mix(trace_, id.value);
    // A failed commit rebuilds the node in the same process; a crash ends it.
    const std::int64_t away = trip == Machine::Trip::failed_commit ? 1500 : between(2, 600) * 1000;
    stop(machine);
    after(away, [this, &machine] { start(machine); });
    return;
  }
  machine.store->commit();
  if (all.trust) machine.trust = all.trust;
  for (const core::Event& event : all.events) {
    say(machine, event);
    count(event);
    if (event.kind == core::EventKind::delivered && chance(0.05)) read_later(machine, event.id);
  }
  checks_.committed(machine, all.events);
  if (trip == Machine::Trip::after_commit) {
    fire(Fault::crash_after_commit);
    say("crash after commit at " + std::to_string(machine.place));
    stop(machine);
    after(between(2, 600) * 1000, [this, &machine] { start(machine); });
    return;
  }
  if (options_.mutation != Mutation::ack_early) transmit(machine, all.after_commit);
  plan_wake(machine);
}

void World::take(Machine& machine, const Input& input, Effects& all) {
  core::Node& node = *machine.node;
  const Now now = now_at(machine);
  if (const auto* link = std::get_if<LinkChange>(&input))
    absorb(machine, node.on_link(link->peer, link->state, now), all);
  if (const auto* frame = std::get_if<FrameIn>(&input))
    absorb(machine, node.on_frame(frame->peer, frame->bytes, now), all);
  if (const auto* object = std::get_if<ObjectIn>(&input))
    absorb(machine, node.on_object(object->bytes, now), all);
  if (const auto* verdict = std::get_if<VerdictIn>(&input)) {
    absorb(machine, node.on_verdict(verdict->job, verify(machine, verdict->envelope), now), all);
  }
  if (const auto* cover = std::get_if<CoverIn>(&input))
    absorb(machine, node.on_cover(cover->job, refusal_of(machine, cover->offer), now), all);
  if (const auto* regretted = std::get_if<RecallIn>(&input))
    absorb(machine, node.on_recall({regretted->id}, now).effects, all);
  if (const auto* said = std::get_if<SubmitIn>(&input)) {
    const auto outcome = verify(machine, said->envelope);
    if (const auto* verified = std::get_if<keys::Verified>(&outcome)) {
      absorb(machine,
             (said->carried ? node.on_carried(*verified, now) : node.on_submit(*verified, now, said->again))
                 .effects,
             all);
    } else {
      say("not submitted " + std::string(keys::name_of(std::get<keys::Refusal>(outcome))));
    }
  }
}

/// Verification runs on another core and answers in this turn or a later one.
void World::absorb(Machine& machine, Effects effects, Effects& all) {
  const std::vector<core::VerifyJob> jobs = std::exchange(effects.verify, {});
  all.append(std::move(effects));
  for (const core::VerifyJob& job : jobs) {
    if (chance(0.2)) {
      after(between(1, 400), [this, &machine, job, life = machine.life] {
        if (machine.life != life) return;
        if (job.offer) return give(machine, CoverIn{job.id, *job.offer});
        give(machine, VerdictIn{job.id, job.envelope});
      });
    } else if (job.offer) {
      absorb(machine, machine.node->on_cover(job.id, refusal_of(machine, *job.offer), now_at(machine)), all);
    } else {
      absorb(machine, machine.node->on_verdict(job.id, verify(machine, job.envelope), now_at(machine)), all);
    }
  }
}

void World::close_turn(Machine& machine, Effects& all) {
  for (int round = 0; round < 3; ++round) {
    absorb(machine, machine.node->on_timer(now_at(machine)), all);
    const auto drafts = std::exchange(all.seal, {});
    const auto contact = std::exchange(all.contact, std::nullopt);
    for (const keys::Draft& draft : drafts) seal(machine, draft, all);
    if (contact) {
      const Bytes object = keys::sign_contact(identity_of(machine), *contact);
      absorb(machine, machine.node->on_object(object, now_at(machine)), all);
    }
    if (drafts.empty() && !contact) return;
  }
}

void World::seal(Machine& machine, const keys::Draft& draft, Effects& all) {
  Now now = now_at(machine);
  now.wall_suspect = machine.node->wall_suspect(now);
  const auto sealed =
      keys::seal_next(identity_of(machine), *machine.node->trust(), *machine.store, draft, now, *machine.rng);
  if (!sealed) return say("not sealed: " + sealed.error().text);
  const auto outcome = verify(machine, sealed->bytes);
  if (const auto* verified = std::get_if<keys::Verified>(&outcome)) {
    absorb(machine, machine.node->on_submit(*verified, now_at(machine)).effects, all);
  }
}

void World::plan_wake(Machine& machine) {
  const auto wake = machine.node->next_wake();
  if (!wake) return;
  const std::int64_t at_ms = std::max(wake->ms - machine.mono_offset, now_ms_ + 1);
  if (machine.wake_at >= now_ms_ && machine.wake_at <= at_ms) return;
  machine.wake_at = at_ms;
  at(at_ms, [this, &machine, at_ms, life = machine.life] {
    if (machine.life != life || machine.wake_at != at_ms) return;
    machine.wake_at = -1;
    give(machine, Wake{});
  });
}

// ---- Lines

Line* World::line_of(int place, PeerId peer) {
  for (Line& line : lines_) {
    if (line.a == place && pool_.relay(line.b).device == peer) return &line;
    if (line.b == place && pool_.relay(line.a).device == peer) return &line;
  }
  return nullptr;
}

void World::connect(Line& line) {
  Machine& a = machines_[static_cast<std::size_t>(line.a)];
  Machine& b = machines_[static_cast<std::size_t>(line.b)];
  if (line.up || !line.wanted || a.destroyed || b.destroyed) return;
  if (!a.node || !b.node) return after(between(5, 60) * 1000, [this, &line] { connect(line); });
  line.up = true;
  ++line.session;
  line.free_at[0] = line.free_at[1] = now_ms_ + line.latency_ms;
  if (faults_on_ && std::exchange(cut_young_, false)) {
    after(line.latency_ms + between(0, line.latency_ms), [this, &line, session = line.session] {
      if (line.session != session) return;
      fire(Fault::session_lost);
      disconnect(line, false);
    });
  }
  give(a, LinkChange{b.relay->device, LinkState::up});
  give(b, LinkChange{a.relay->device, LinkState::up});
}

void World::disconnect(Line& line, bool mid_frame, int dead) {
  if (!line.up) return;
  Machine& a = machines_[static_cast<std::size_t>(line.a)];
  Machine& b = machines_[static_cast<std::size_t>(line.b)];
  if (mid_frame) {
    Bytes half(static_cast<std::size_t>(between(1, 300)), proto::kFrameEnvelope);
    rng_.fill(std::span(half).subspan(1));
    give(a, FrameIn{b.relay->device, std::move(half)});
  }
  line.up = false;
  line.last_session = line.session++;
  line.last_words = dead;
  // The other end of a process that died hears it out before it notices.
  const std::int64_t noticed = dead < 0 ? now_ms_ : std::max(now_ms_, line.busy_until) + 1;
  for (Machine* end : {&a, &b}) {
    const core::PeerId other = (end == &a ? b : a).relay->device;
    const LinkChange down{other, LinkState::down};
    if (noticed == now_ms_) {
      give(*end, down);
    } else if (end->place != dead) {
      at(noticed, [this, end, down, life = end->life] {
        if (end->life == life) give(*end, down);
      });
    }
  }
  at(noticed + between(2, 120) * 1000, [this, &line] { connect(line); });
}

void World::transmit(Machine& machine, std::vector<core::Send>& sends) {
  for (const core::Send& send : sends) {
    Bytes frame = send.head;
    if (send.body) {
      const auto body = machine.store->body(*send.body);
      if (!body) {
        say("no body to send " + send.body->hex());
        continue;
      }
      const BytesView part = send.part_of(*body);
      frame.insert(frame.end(), part.begin(), part.end());
    }
    checks_.sent(machine, send, frame.size());
    ++census_.frames;
    if (options_.trace) show(machine.place, send.peer, frame);
    trace_ = mix(trace_, BytesView(frame).first(std::min<std::size_t>(frame.size(), 120)));
    if (send.peer == pool_.hostile()) {
      hostile_hears(frame);
      continue;
    }
    Line* line = line_of(machine.place, send.peer);
    if (!line || !line->up) continue;
    if (send.body && !send.slice) ++census_.hops;
    count(send, frame);
    const int way = line->a == machine.place ? 0 : 1;
    const std::uint32_t rate = line->profile.rate_bps;
    const std::int64_t wire = rate == 0 ? 0 : static_cast<std::int64_t>(frame.size()) * 8000 / rate;
    std::int64_t arrives = std::max(now_ms_ + line->latency_ms, line->free_at[way]) + wire;
    if (may_.contains(Fault::delay) && faults_on_ && chance(0.05)) {
      fire(Fault::delay);
      arrives += between(100, 20'000);
    }
    line->free_at[way] = arrives;
    if (send.slice && may_.contains(Fault::session_lost) && faults_on_ && chance(0.02)) {
      after(between(1, 4000), [this, line, session = line->session] {
        if (line->session != session) return;
        fire(Fault::session_lost);
        disconnect(*line, false);
      });
    }
    line->busy_until = std::max(line->busy_until, arrives);
    frame = spoil(std::move(frame));
    const bool twice = may_.contains(Fault::duplicated) && faults_on_ && chance(0.03);
    if (twice) {
      fire(Fault::duplicated);
      deliver(*line, machine.place, line->session, frame, arrives);
    }
    deliver(*line, machine.place, line->session, std::move(frame), arrives);
  }
  sends.clear();
}

void World::deliver(Line& line, int from, std::uint64_t session, Bytes frame, std::int64_t at_ms) {
  at(at_ms, [this, &line, from, session, frame = std::move(frame)]() mutable {
    const bool last_words = !line.up && line.last_session == session && line.last_words == from;
    const bool stale = !last_words && (line.session != session || !line.up);
    Machine& to = machines_[static_cast<std::size_t>(line.a == from ? line.b : line.a)];
    if (!stale) return give(to, FrameIn{pool_.relay(from).device, std::move(frame)});
    // A frame that outlived its session: lost, or late into the next one.
    if (!may_.contains(Fault::late_frame) || !chance(0.3)) return;
    after(between(1, 200) * 1000, [this, &to, from, frame = std::move(frame)]() mutable {
      if (!to.node) return;
      fire(Fault::late_frame);
      give(to, FrameIn{pool_.relay(from).device, std::move(frame)});
    });
  });
}

/// For --trace: what a frame says.
void World::show(int place, core::PeerId peer, const Bytes& frame) const {
  const auto decoded = proto::decode_frame(frame);
  if (!decoded) return;
  std::string text = "?";
  const auto said = [](const proto::Accepted& a) {
    return std::to_string(a.contiguous) + "+" + std::to_string(a.map) + "," +
           std::to_string(a.outcomes.size());
  };
  if (const auto* n = std::get_if<proto::NumberedEnvelope>(&*decoded)) {
    text = "#" + std::to_string(n->link.number) + " session " + std::to_string(n->link.session) + " for " +
           std::to_string(n->link.for_wraps);
  }
  if (const auto* control = std::get_if<proto::ControlFrame>(&*decoded)) {
    text = "control " + std::to_string(control->index());
    if (const auto* ack = std::get_if<proto::Ack>(control)) text = "ack " + said(ack->accepted);
    if (const auto* no = std::get_if<proto::Refuse>(control))
      text = "refuse #" + std::to_string(no->number) + " code " + std::to_string(no->code);
    if (const auto* hello = std::get_if<proto::Hello>(control)) {
      text = "hello session " + std::to_string(hello->session) + " store " +
             std::to_string(hello->store.value % 10'000) + " base " + std::to_string(hello->base) +
             " accepted " + said(hello->accepted) + " you acked " + std::to_string(hello->you_acked) +
             " your store " + std::to_string(hello->your_store.value % 10'000);
    }
  }
  std::printf("%10lld %d → %s %s\n", static_cast<long long>(now_ms_), place, to_string(peer).c_str(),
              text.c_str());
}

/// Mistakes that live in frames.
Bytes World::spoil(Bytes frame) const {
  const bool outcomes = options_.mutation == Mutation::duplicate_is_ack;
  const bool memory = options_.mutation == Mutation::ignore_rollback;
  if ((!outcomes && !memory) || frame.empty() || frame[0] != proto::kFrameControl) return frame;
  auto decoded = proto::decode_frame(frame);
  if (!decoded) return frame;
  auto& control = std::get<proto::ControlFrame>(*decoded);
  if (auto* ack = std::get_if<proto::Ack>(&control); ack && outcomes) ack->accepted.outcomes.clear();
  if (auto* hello = std::get_if<proto::Hello>(&control)) {
    if (outcomes) hello->accepted.outcomes.clear();
    if (memory) hello->your_store = {};
  }
  return proto::encode_frame(control);
}

}  // namespace noroshi::sim
