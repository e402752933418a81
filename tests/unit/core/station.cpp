#include "station.hpp"

#include <algorithm>

#include "keys/contact.hpp"

namespace noroshi::test {
namespace {

struct World {
  World() {
    SeededRng rng(40);
    keys::KeySet secrets = keys::KeySet::random(rng);
    network.take(
        network.certify(network.usual_certificate(kLaptop, keys::Roles{}.with(keys::Role::relay), secrets)));
    laptop.emplace(KeyId{kLaptop, 1}, network.root_id(), StoreId{40}, std::move(secrets));
  }
  Network network;
  std::optional<keys::Identity> laptop;
};

const World& world() {
  static const World made;
  return made;
}

}  // namespace

const Network& network() {
  return world().network;
}
const keys::Identity& laptop() {
  return *world().laptop;
}

Station ishikawa() {
  return Station(kI, {.neighbours = {neighbour(kLaptop), neighbour(kT), neighbour(kN)}, .default_route = {}});
}
Station national() {
  return Station(kN, {.neighbours = {neighbour(kI), neighbour(kT)}, .default_route = {}});
}

core::Neighbour neighbour(PeerId peer, core::LinkProfile profile) {
  return {.peer = peer, .profile = profile, .lowest = proto::Level::bulk};
}

Station::Station(DeviceId self, Options options) : self_(self), options_(std::move(options)) {
  const Network& of = options_.of ? *options_.of : network();
  const keys::Identity& known = self == kLaptop ? laptop() : of.identity(self);
  identity_.emplace(known.key(), known.root_id(), StoreId{7000u + self.org.value * 100u + self.dev},
                    known.secrets().copy());
  store_ = std::make_unique<sim::MemoryStore>(identity_->store_id());
  now_ = {{1'000'000}, options_.wall, false};
  trust_ = options_.trust;
  build();
}

void Station::build() {
  core::NodeConfig config;
  config.self = self_;
  config.neighbours = options_.neighbours;
  config.default_route = options_.default_route;
  node_ = std::make_unique<core::Node>(config, *store_, rng_, trust_, now_);
}

void Station::restart(Options options) {
  crash();
  options_ = std::move(options);
  build();
}

void Station::crash(std::size_t commits) {
  node_.reset();
  store_->abort();
  if (commits > 0) (void)store_->lose(commits);
  waiting_.clear();
  jobs_.clear();
  build();
}

void Station::verdict(const core::VerifyJob& job) {
  Now now = now_;
  now.wall_suspect = node_->wall_suspect(now);
  if (job.offer)
    return take(node_->on_cover(job.id, core::refusal_of(*job.offer, *node_->trust(), now), now_));
  take(node_->on_verdict(job.id, keys::verify(job.envelope, *node_->trust(), now), now_));
}

Station& Station::verify_backwards() {
  auto jobs = std::exchange(jobs_, {});
  std::reverse(jobs.begin(), jobs.end());
  for (const auto& job : jobs) verdict(job);
  return *this;
}

void Station::take(core::Effects effects) {
  const auto leave = [&](const std::vector<core::Send>& sends, std::vector<Left>& to) {
    for (const core::Send& send : sends) {
      Bytes bytes = send.head;
      if (send.body) {
        const auto body = store_->body(*send.body);
        REQUIRE(body);
        const BytesView part = send.part_of(*body);
        bytes.insert(bytes.end(), part.begin(), part.end());
      }
      to.push_back({send.peer, std::move(bytes)});
    }
  };
  leave(effects.now, at_once_);
  leave(effects.after_commit, waiting_);
  events_.insert(events_.end(), effects.events.begin(), effects.events.end());
  if (effects.trust) trust_ = effects.trust;
  for (const core::VerifyJob& job : effects.verify) {
    if (verify_later_)
      jobs_.push_back(job);
    else
      verdict(job);
  }
  for (const keys::Draft& draft : effects.seal) {
    if (!seals) continue;
    Now now = now_;
    now.wall_suspect = node_->wall_suspect(now);
    const auto sealed = keys::seal_next(*identity_, *node_->trust(), *store_, draft, now, rng_);
    if (!sealed) FAIL(sealed.error().text);
    const auto own = keys::verify(sealed->bytes, *node_->trust(), now);
    REQUIRE(std::holds_alternative<keys::Verified>(own));
    take(node_->on_submit(std::get<keys::Verified>(own), now_).effects);
  }
  if (effects.contact && seals)
    take(node_->on_object(keys::sign_contact(*identity_, *effects.contact), now_));
}

Station& Station::up(PeerId peer) {
  take(node_->on_link(peer, LinkState::up, now_));
  return *this;
}
Station& Station::down(PeerId peer) {
  take(node_->on_link(peer, LinkState::down, now_));
  return *this;
}
Station& Station::frame(PeerId peer, BytesView bytes) {
  take(node_->on_frame(peer, bytes, now_));
  return *this;
}
bool Station::recall(const std::vector<MsgId>& ids) {
  core::RecallResult result = node_->on_recall(ids, now_);
  take(std::move(result.effects));
  return result.recalled;
}

Station& Station::object(const Bytes& object) {
  take(node_->on_object(object, now_));
  return *this;
}

core::Submitted Station::submit(const Bytes& envelope, bool again) {
  const auto outcome = keys::verify(envelope, *node_->trust(), now_);
  REQUIRE(std::holds_alternative<keys::Verified>(outcome));
  core::SubmitResult result = node_->on_submit(std::get<keys::Verified>(outcome), now_, again);
  take(std::move(result.effects));
  return result.outcome;
}

core::Submitted Station::carry(const Bytes& envelope) {
  const auto outcome = keys::verify(envelope, *node_->trust(), now_);
  REQUIRE(std::holds_alternative<keys::Verified>(outcome));
  core::SubmitResult result = node_->on_carried(std::get<keys::Verified>(outcome), now_);
  take(std::move(result.effects));
  return result.outcome;
}

std::vector<Left> Station::close() {
  for (int round = 0; round < 4; ++round) take(node_->on_timer(now_));
  store_->commit();
  return std::exchange(waiting_, {});
}

std::vector<Left> Station::wait(Seconds time) {
  now_.mono = now_.mono + millis(time);
  now_.wall = now_.wall + time;
  return close();
}

Station& Station::pass(Millis time) {
  now_.wall = now_.wall + Seconds{(now_.mono.ms + time.count) / 1000 - now_.mono.ms / 1000};
  now_.mono = now_.mono + time;
  return *this;
}

std::vector<Left> Station::live(Seconds time) {
  const Instant end = now_.mono + millis(time);
  std::vector<Left> out;
  for (int turn = 0; turn < 100'000; ++turn) {
    const Instant wake = std::min(node_->next_wake().value_or(end), end);
    pass(Millis{std::max<std::int64_t>(wake.ms - now_.mono.ms, 1)});
    for (Left& left : close()) out.push_back(std::move(left));
    if (now_.mono >= end) return out;
  }
  FAIL("the node never rests");
  return out;
}

proto::Hello Station::hello_of(PeerId peer) const {
  proto::Hello hello;
  hello.node = peer;
  hello.store = {100u + peer.org.value};
  const auto session = sessions_.find(peer);
  hello.session = static_cast<std::uint16_t>(session == sessions_.end() ? 1 : session->second + 1);
  const auto number = numbers_.find(peer);
  hello.base = number == numbers_.end() ? 0 : number->second;
  const auto row = store_->peer(peer);
  hello.accepted.contiguous = row ? row->sent : 0;
  hello.you_acked = hello.base;
  hello.your_store = store_->id();
  hello.state_digest = node_->trust()->state_digest();
  hello.wall = now_.wall;
  return hello;
}

Station& Station::greet(PeerId peer, const proto::Hello& hello) {
  sessions_[peer] = hello.session;
  return frame(peer, proto::encode_frame(hello));
}

std::vector<Left> Station::meet(PeerId peer) {
  up(peer);
  greet(peer);
  return close();
}

Station& Station::send(PeerId peer, const Bytes& envelope, std::uint16_t for_wraps) {
  Bytes bytes = bytes_of(proto::encode_link_header({sessions_[peer], ++numbers_[peer], for_wraps}));
  bytes.insert(bytes.end(), envelope.begin(), envelope.end());
  return frame(peer, bytes);
}

Station& Station::ack(PeerId peer, proto::Accepted accepted) {
  return frame(peer, proto::encode_frame(proto::Ack{sessions_[peer], std::move(accepted)}));
}

std::size_t Station::count(EventKind kind) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(events_, [&](const Event& e) { return e.kind == kind; }));
}

const core::Record& Station::record(const MsgId& id) const {
  const core::Record* found = store_->peek(id);
  REQUIRE(found);
  return *found;
}

std::vector<proto::ControlFrame> controls(const std::vector<Left>& left, PeerId peer) {
  std::vector<proto::ControlFrame> out;
  for (const Left& one : left) {
    const auto decoded = proto::decode_frame(one.bytes);
    REQUIRE(decoded);
    if (one.peer != peer) continue;
    if (const auto* control = std::get_if<proto::ControlFrame>(&*decoded)) out.push_back(*control);
  }
  return out;
}

std::vector<Numbered> envelopes(const std::vector<Left>& left, PeerId peer) {
  std::vector<Numbered> out;
  for (const Left& one : left) {
    const auto decoded = proto::decode_frame(one.bytes);
    REQUIRE(decoded);
    const auto* numbered = std::get_if<proto::NumberedEnvelope>(&*decoded);
    if (one.peer != peer || !numbered) continue;
    out.push_back({numbered->link, keys::peek(numbered->envelope)->msg_id, bytes_of(numbered->envelope)});
  }
  return out;
}

std::vector<MsgId> ids(const std::vector<Left>& left, PeerId peer) {
  std::vector<MsgId> out;
  for (const Numbered& one : envelopes(left, peer)) out.push_back(one.id);
  return out;
}

Speaker field() {
  return Speaker(network(), field_of(kIshikawa));
}

keys::Sealed report(Speaker& speaker, const std::vector<OrgId>& to, proto::Level level, std::size_t size,
                    WallTime now) {
  std::vector<RecipientId> recipients;
  for (const OrgId org : to) recipients.push_back(proto::to_org(org));
  return speaker.report(recipients, Bytes(size, 0x5A), now, level);
}

std::size_t settle(std::map<PeerId, Station*> stations) {
  std::size_t frames = 0;
  for (bool moved = true; moved;) {
    moved = false;
    for (auto& [peer, station] : stations) {
      for (const Left& left : station->close()) {
        const auto to = stations.find(left.peer);
        if (to == stations.end()) continue;
        to->second->frame(peer, left.bytes);
        moved = true;
        REQUIRE(++frames < 20'000);
      }
    }
  }
  return frames;
}

}  // namespace noroshi::test
