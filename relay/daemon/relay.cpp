#include "relay/daemon/relay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "keys/files.hpp"
#include "keys/home.hpp"
#include "proto/language.hpp"
#include "relay/daemon/notify.hpp"

namespace noroshi::daemon {
namespace {

namespace fs = std::filesystem;

constexpr Millis kMetricsEvery{15'000};
/// What was said last may still leave: one flash report's time on the slowest line.
constexpr Millis kGoodbye{1'000};
/// Longest pause between two attempts to write a store that cannot be written.
constexpr Millis kRetryMax{10'000};

Error cannot_write(const Error& why) {
  return {Code::io, said("保管庫に書けません: ", "the store cannot be written: ") + why.text};
}
/// CURVE and ZMTP around each message, for budgets: 33 bytes of MESSAGE command with nonce and authenticator,
/// up to 9 of ZMTP.
constexpr std::uint64_t kBearerBytesPerMessage = 42;

}  // namespace

// ---- one page: the loop
Result<void> Relay::run() {
  while (true) {
    wait();
    while (const auto wanted = signals_.next()) {
      if (*wanted == Signals::Wanted::end) return end();
      TRY_VOID(survive(reload()));
    }
    const Now at = now();
    for (const auto& refused : zap_->serve(at))
      log_.warning("caller_refused",
                   {{"why", std::string(name_of(refused.why))},
                    {"peer", to_string(refused.key.device)},
                    {"from", refused.address}},
                   at.mono);
    TRY_VOID(survive(mind_gates(at)));
    TRY_VOID(survive(turn(at)));
    mind_metrics(at);
  }
}

/// Poll → node → commit → send.
Result<void> Relay::turn(Now now) {
  std::vector<link::Heard> heard = tcp_->pump(now);
  std::vector<ControlRequest> requests = control_->pump();
  answer_questions(requests, now);
  const bool due = turns_->next_wake() && *turns_->next_wake() <= now.mono;
  if (heard.empty() && requests.empty() && !due && !turns_->verdicts_wait()) return {};

  if (auto begun = turns_->begin(); !begun) {
    turn_away(requests, begun.error());
    return begun;
  }
  turns_->hear_verdicts(now);
  for (link::Heard& one : heard) hear(std::move(one), now);
  std::vector<proto::control::Answer> answers;
  for (const ControlRequest& request : requests)
    answers.push_back(perform(request.message.request, *turns_, now));

  auto finished = turns_->finish(now);
  if (!finished) {
    turn_away(requests, finished.error());
    return std::move(finished).error();
  }
  failures_ = 0;
  leave(*finished, now);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    tell(answers[i], now);
    control_->answer(requests[i].route, requests[i].message.id, answers[i]);
  }
  return {};
}

/// What waited for the commit.
void Relay::leave(const Turns::Outcome& outcome, Now now) {
  if (outcome.trust) {
    door_->change(outcome.trust);
    tcp_->recheck(now);
  }
  for (const Outgoing& frame : outcome.after_commit) tcp_->send(frame.peer, frame.head, frame.body, now);
  tcp_->leave(now);
  for (const auto& link : turns_->links()) tcp_->expect(link.peer, link.in_flight_bytes > 0, now);
  for (const core::Event& event : outcome.events) tell(event, now);
  for (const Error& trouble : outcome.troubles) log_.error("seal_refused", {{"why", trouble.text}}, now.mono);
}

void Relay::wait() {
  std::vector<zmq::pollitem_t> items{{nullptr, signals_.fd(), ZMQ_POLLIN, 0},
                                     {control_->socket().handle(), 0, ZMQ_POLLIN, 0},
                                     {zap_->socket().handle(), 0, ZMQ_POLLIN, 0},
                                     {nullptr, turns_->verdicts_fd(), ZMQ_POLLIN, 0}};
  tcp_->watch(items);
  const Now at = now();
  // Even with nothing to do the loop looks around now and then.
  Millis pause{60'000};
  const auto wake = [&](std::optional<Instant> when) {
    if (when) pause = std::clamp(*when - at.mono, Millis{0}, pause);
  };
  wake(turns_->next_wake());
  wake(tcp_->next_wake());
  for (const auto& [peer, gate] : gates_) wake(gate.next_change(at));
  if (!config_.metrics_textfile.empty()) wake(next_metrics_);
  link::poll(items, pause.count);
}

// ---- what happens in it
void Relay::hear(link::Heard heard, Now now) {
  using Kind = link::Heard::Kind;
  const auto line = [&](std::string_view event, bool warn) {
    log_.line(warn ? LogLevel::warning : LogLevel::info, event,
              {{"peer", to_string(heard.peer)}, {"link", link_name(heard.peer)}, {"why", heard.why}},
              now.mono);
  };
  switch (heard.kind) {
    case Kind::up:
      line("connected", false);
      return turns_->take(turns_->node().on_link(heard.peer, core::LinkState::up, now), now);
    case Kind::down:
      line("disconnected", false);
      return turns_->take(turns_->node().on_link(heard.peer, core::LinkState::down, now), now);
    case Kind::frame:
      heard_[heard.peer] = now.mono;
      return turns_->take(turns_->node().on_frame(heard.peer, heard.frame, now), now);
    case Kind::refused: return line("peer_refused", true);
    case Kind::unnamed: return line("message_dropped", true);
    case Kind::failed: return line("dial_failed", true);
  }
}

/// A program of this machine handed in what is no report of this network: its person may not be at the
/// screen.
void Relay::tell(const proto::control::Answer& answer, Now now) {
  const auto* submitted = std::get_if<proto::control::Submitted>(&answer);
  if (!submitted || submitted->outcome != proto::control::Submitted::Outcome::refused) return;
  log_.warning("submission_refused", {{"id", submitted->id.hex()}, {"why", submitted->refusal}}, now.mono);
}

void Relay::tell(const core::Event& event, Now now) {
  using Kind = core::EventKind;
  ++events_[event.kind];
  const std::string kind(name_of(event.kind));
  control_->tell_all({kind, event.peer, event.id});
  if (event.kind == Kind::dropped) tire_of(event.peer, now);
  // What every report does is counted; what a person may have to know is written.
  if (event.kind == Kind::forwarded || event.kind == Kind::acked || event.kind == Kind::duplicate ||
      event.kind == Kind::dropped)
    return;
  const bool trouble = event.kind == Kind::refused || event.kind == Kind::equivocation ||
                       event.kind == Kind::rolled_back || event.kind == Kind::quota ||
                       event.kind == Kind::expired || event.kind == Kind::no_route;
  const std::string code =
      event.kind == Kind::refused ? core::name_of_refuse(event.code) : std::to_string(event.code);
  log_.line(trouble ? LogLevel::warning : LogLevel::info, kind,
            {{"id", event.id.hex()}, {"peer", to_string(event.peer)}, {"code", code}}, now.mono);
}

/// It sent a frame that meant nothing. Too many of them, and it is cut off for a while: what it keeps saying
/// costs everybody else.
void Relay::tire_of(DeviceId peer, Now now) {
  const auto rest = patience_.wear(peer, now.mono);
  if (!rest) return;
  door_->rest(peer, now.mono + *rest);
  tcp_->recheck(now);
  log_.warning("peer_rests",
               {{"peer", to_string(peer)},
                {"link", link_name(peer)},
                {"seconds", std::to_string(rest->count / 1000)},
                {"why", "it sends frames that mean nothing"}},
               now.mono);
}

void Relay::answer_questions(std::vector<ControlRequest>& requests, Now now) {
  if (std::none_of(requests.begin(), requests.end(),
                   [](const ControlRequest& it) { return !changes(it.message.request); }))
    return;
  auto view = disk_->view();
  const Facts facts{config_, *disk_, *turns_, *tcp_, *door_, identity_->device(), heard_};
  std::erase_if(requests, [&](const ControlRequest& it) {
    if (changes(it.message.request)) return false;
    control_->answer(
        it.route, it.message.id,
        view ? answer(it.message.request, facts, **view, now) : proto::control::Answer(view.error()));
    return true;
  });
}

Result<void> Relay::mind_gates(Now now) {
  bool changed = false;
  for (auto& [peer, gate] : gates_) {
    const link::Traffic traffic = tcp_->traffic(peer);
    const bool was_spent = gate.spent();
    gate.count(traffic.bytes_in + traffic.bytes_out +
                   kBearerBytesPerMessage * (traffic.messages_in + traffic.messages_out),
               now);
    tcp_->allow(peer, gate.open(now), now);
    if (gate.spent() == was_spent) continue;
    changed = true;
    log_.warning(gate.spent() ? "budget_spent" : "budget_renewed", {{"link", link_name(peer)}}, now.mono);
  }
  // The node keeps nothing that its store does not hold: other limits are another node over the same store.
  return changed ? rebuild(now) : Result<void>();
}

void Relay::mind_metrics(Now now) {
  if (config_.metrics_textfile.empty() || now.mono < next_metrics_) return;
  next_metrics_ = now.mono + kMetricsEvery;
  Metrics metrics{events_, turns_->stats(), disk_->fill().percent(), {}};
  for (const LinkConfig& link : config_.links)
    metrics.links.push_back({link.name, tcp_->up(link.peer), tcp_->traffic(link.peer)});
  if (const auto written = write_metrics(config_.metrics_textfile, metrics); !written)
    log_.warning("metrics", {{"why", written.error().text}}, now.mono);
}

Result<void> Relay::rebuild(Now now) {
  return turns_->build(node_config(), turns_->trust(), up(), now);
}

/// A failed turn is a crash that this process survives: mend the store, build the node anew from it; if that
/// fails too, again and again: a disk that is full or read-only comes back when somebody sees to it, and this
/// relay with it.
Result<void> Relay::survive(Result<void> turn) {
  if (turn) return {};
  Error last = std::move(turn).error();
  while (true) {
    ++failures_;
    const Now at = now();
    if (std::has_single_bit(failures_))
      log_.error("turn_failed", {{"why", last.text}, {"in_a_row", std::to_string(failures_)}}, at.mono);
    const Millis pause{failures_ > 1 ? 100 << std::min(failures_, 10u) : 0};
    if (!stand_by(std::min(kRetryMax, pause), last)) return cannot_write(last);
    const auto recovered = turns_->recover(up(), now());
    if (recovered) {
      log_.warning("recovered",
                   {{"ballast", recovered->ballast_released ? "released" : "kept"},
                    {"map", recovered->grown ? "grown" : "same"},
                    {"file", recovered->reopened ? "reopened" : "same"},
                    {"rows_set_aside", std::to_string(recovered->mended.set_aside.size())}},
                   at.mono);
      return {};
    }
    last = recovered.error();
  }
}

/// Nothing can be kept just now: what neighbours send is read and not answered, so they keep it; people are
/// told why. False: a signal says that it is over.
bool Relay::stand_by(Millis pause, const Error& why) {
  const Instant end = now().mono + pause;
  for (Now at = now(); at.mono < end; at = now()) {
    std::vector<zmq::pollitem_t> items{{nullptr, signals_.fd(), ZMQ_POLLIN, 0},
                                       {control_->socket().handle(), 0, ZMQ_POLLIN, 0},
                                       {zap_->socket().handle(), 0, ZMQ_POLLIN, 0}};
    tcp_->watch(items);
    link::poll(items, (end - at.mono).count);
    (void)zap_->serve(at);
    (void)tcp_->pump(at);
    turn_away(control_->pump(), why);
    if (signals_.end_wanted()) return false;
  }
  return true;
}

void Relay::turn_away(const std::vector<ControlRequest>& requests, const Error& why) {
  for (const ControlRequest& request : requests)
    control_->answer(request.route, request.message.id, Error{Code::temporary, cannot_write(why).text});
}

/// Configuration and home anew. What cannot be read changes nothing.
Result<void> Relay::reload() {
  const Now at = now();
  notify_manager("RELOADING=1");
  if (auto read = load_config(places_.config); read) {
    TRY_VOID(reconfigure(*std::move(read), at));
  } else {
    log_.error("reload_refused", {{"why", read.error().text}}, at.mono);
  }
  if (const auto trust = keys::load_trust(places_.home); trust) {
    TRY_VOID(learn(**trust, at));
  } else {
    log_.error("reload_refused", {{"why", trust.error().text}}, at.mono);
  }
  log_.info("reloaded",
            {{"links", std::to_string(config_.links.size())},
             {"roster", std::to_string(turns_->trust()->roster_version())}},
            at.mono);
  notify_manager("READY=1");
  return {};
}

Result<void> Relay::reconfigure(Config read, Now now) {
  complete(read);
  if (read.listen != config_.listen || read.control != config_.control || read.store != config_.store ||
      read.org != config_.org || read.clock_offset != config_.clock_offset)
    log_.warning("reload_partial",
                 {{"why", "listen, control, store, org and clock_offset_s change with a restart only"}},
                 now.mono);
  config_.name = read.name;
  config_.links = std::move(read.links);
  config_.default_route = read.default_route;
  config_.metrics_textfile = read.metrics_textfile;
  make_gates();
  door_->change(neighbours());
  tcp_->change(tcp_links(), now);
  tcp_->recheck(now);
  return rebuild(now);
}

/// What was installed in the home since: the node takes it, and spreads it.
Result<void> Relay::learn(const keys::Trust& trust, Now now) {
  TRY_VOID(turns_->begin());
  for (const proto::ObjectRef& ref : trust.inventory())
    if (turns_->trust()->object(ref).empty())
      turns_->take(turns_->node().on_object(trust.object(ref), now), now);
  TRY(auto finished, turns_->finish(now));
  leave(finished, now);
  return {};
}

Result<void> Relay::end() {
  const Now at = now();
  log_.info("stopping", {}, at.mono);
  notify_manager("STOPPING=1");
  // What has come so far still counts; then everybody hears that we go.
  const auto last = turn(at);
  for (const DeviceId peer : up()) tcp_->send(peer, proto::encode_frame(proto::Bye{}), {}, at);
  tcp_->leave(at);
  next_metrics_ = at.mono;
  mind_metrics(at);
  tcp_->close(kGoodbye);
  zap_.reset();
  tcp_.reset();
  control_.reset();
  context_.close();
  log_.info("stopped", {}, now().mono);
  return last;
}

// ---- opening
Relay::Relay(Places places, Config config)
    : places_(std::move(places)), config_(std::move(config)), clock_(config_.clock_offset) {
  complete(config_);
}
Relay::~Relay() = default;

Result<std::unique_ptr<Relay>> Relay::open(Places places, Config config) {
  std::unique_ptr<Relay> relay(new Relay(std::move(places), std::move(config)));
  const Now at = relay->now();
  relay->log_.info("start", {{"version", NOROSHI_VERSION}, {"home", relay->places_.home.string()}}, at.mono);
  if (const auto offset = relay->config_.clock_offset; offset.count != 0)
    relay->log_.warning("clock_offset",
                        {{"seconds", std::to_string(offset.count)},
                         {"why", "this node's clock is off on purpose: exercises and tests only"}},
                        at.mono);
  TRY_VOID(relay->open_identity());
  TRY_VOID(relay->open_store());
  TRY_VOID(relay->open_links());
  TRY_VOID(relay->open_control());
  relay->log_.info("ready",
                   {{"node", to_string(relay->identity_->key())},
                    {"listen", relay->tcp_->endpoint().empty() ? "nowhere" : relay->tcp_->endpoint()},
                    {"control", relay->config_.control.string()},
                    {"links", std::to_string(relay->config_.links.size())},
                    {"roster", std::to_string(relay->turns_->trust()->roster_version())}},
                   at.mono);
  notify_manager("READY=1");
  return relay;
}

Result<void> Relay::open_identity() {
  TRY(lock_, HomeLock::take(places_.home));
  std::size_t left_out = 0;
  TRY(trust_, keys::load_trust(places_.home, &left_out));
  if (left_out > 0) log_.warning("objects_left_out", {{"count", std::to_string(left_out)}}, now().mono);
  TRY(identity_, keys::load_identity(places_.home, keys::Which::relay, nullptr, *trust_));
  const DeviceId self = identity_->device();
  if (self.org != config_.org || (config_.dev && *config_.dev != self.dev))
    return Error{Code::config, fmt::format(fmt::runtime(said("{}: [node] は {}/{} ですが、鍵は {} のものです",
                                                             "{}: [node] names {}/{}, but the key is of {}")),
                                           places_.config.string(), config_.org.value,
                                           config_.dev.value_or(self.dev), to_string(self))};
  for (const LinkConfig& link : config_.links)
    if (link.peer == self)
      return Error{Code::config,
                   said("この端末自身への回線です: ", "a link to this very device: ") + link.name};
  if (trust_->revoked_since(identity_->key()))
    log_.error("own_key_revoked", {{"key", to_string(identity_->key())}}, now().mono);
  return {};
}

Result<void> Relay::open_store() {
  std::error_code ignored;
  const bool fresh = !fs::exists(config_.store, ignored);
  TRY(disk_, store::Disk::open({.directory = config_.store, .map_max = config_.store_max_bytes}, rng_));
  TRY_VOID(bind_key_to_store(fresh));
  // What the network taught this node since the home was written.
  TRY(const auto view, disk_->view());
  std::vector<Bytes> objects;
  for (auto& object : view->objects()) objects.push_back(std::move(object.bytes));
  TRY_VOID(view->check());
  trust_ = keys::Trust::apply_all(std::move(trust_), objects);
  return {};
}

/// A key seals for one life of one store only: a store that was lost or copied must not continue its numbers.
/// The home remembers which store the key was bound to; a key that was never bound takes the store that is
/// there.
Result<void> Relay::bind_key_to_store(bool fresh) {
  const fs::path file = places_.home / "relay.store";
  const std::string own = fmt::format("{:016x}\n", identity_->store_id().value);
  std::string bound;
  if (keys::is_present(file)) {
    TRY(const Bytes text, keys::read_file(file, 64));
    bound = text_of(text);
  }
  if (bound == own) {
    TRY(const auto view, disk_->view());
    if (view->id() != identity_->store_id())
      log_.error(
          "store_lost",
          {{"store", config_.store.string()},
           {"fresh", fresh ? "yes" : "no"},
           {"why",
            "not the store this key was bound to: it relays, but signs nothing before a new generation"}},
          now().mono);
    return {};
  }
  TRY(auto turn, disk_->begin());
  turn->set_id(identity_->store_id());
  TRY_VOID(turn->commit());
  return keys::write_atomically(file, view_of(own));
}

Result<void> Relay::open_links() {
  const Now at = now();
  door_.emplace(trust_, neighbours());
  // The order matters: zap.hpp says why.
  TRY(zap_, link::Zap::open(context_, *door_, at));
  TRY(tcp_, link::Tcp::open(context_, *door_, *identity_, rng_, {config_.listen, tcp_links()}, at));
  if (!tcp_->endpoint().empty())
    TRY_VOID(link::probe_door(context_, *zap_, tcp_->endpoint(), identity_->link_public().value, at));
  make_gates();
  turns_ = std::make_unique<Turns>(*disk_, *identity_, rng_, [this](const Outgoing& frame) {
    tcp_->send(frame.peer, frame.head, frame.body, now());
  });
  return turns_->build(node_config(), trust_, {}, at);
}

Result<void> Relay::open_control() {
  TRY(control_, ControlSocket::open(context_, config_.control));
  return {};
}

/// What the configuration leaves to the home.
void Relay::complete(Config& config) const {
  if (config.control.empty()) config.control = places_.home / "control.sock";
  if (config.store.empty()) config.store = places_.home / "store";
}

// ---- what the parts are told
Now Relay::now() const {
  Now at = clock_.now();
  at.wall_suspect = turns_ && turns_->wall_suspect(at);
  return at;
}

core::NodeConfig Relay::node_config() const {
  core::NodeConfig out;
  out.self = identity_->device();
  out.default_route = config_.default_route;
  std::ranges::copy(config_.target, out.target);
  for (const LinkConfig& link : config_.links) {
    const auto gate = gates_.find(link.peer);
    const bool spent = gate != gates_.end() && gate->second.spent();
    out.neighbours.push_back({link.peer, link.profile.line, spent ? proto::Level::flash : link.lowest});
  }
  return out;
}

/// Gates of the links; what an unchanged one has counted stays.
void Relay::make_gates() {
  std::map<DeviceId, Gate> gates;
  for (const LinkConfig& link : config_.links) {
    const auto held = gates_.find(link.peer);
    const bool same = held != gates_.end() && held->second.is(link.windows, link.budget);
    gates.emplace(link.peer, same ? held->second : Gate(link.windows, link.budget));
  }
  gates_ = std::move(gates);
}

std::set<DeviceId> Relay::neighbours() const {
  std::set<DeviceId> out;
  for (const LinkConfig& link : config_.links) out.insert(link.peer);
  return out;
}

std::vector<link::TcpLink> Relay::tcp_links() const {
  std::vector<link::TcpLink> out;
  for (const LinkConfig& link : config_.links) out.push_back({link.peer, link.address, link.profile.tcp});
  return out;
}

std::vector<DeviceId> Relay::up() const {
  std::vector<DeviceId> out;
  for (const LinkConfig& link : config_.links)
    if (tcp_->up(link.peer)) out.push_back(link.peer);
  return out;
}

std::string Relay::link_name(DeviceId peer) const {
  for (const LinkConfig& link : config_.links)
    if (link.peer == peer) return link.name;
  return "none";
}

}  // namespace noroshi::daemon
