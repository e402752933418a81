#include "relay/link/tcp.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

namespace noroshi::link {
namespace {

/// How often a frame that found no room in the ROUTER is tried again: it has no per-peer readiness to wait
/// for.
constexpr Millis kFlushEvery{20};

/// Bytes that TCP has moved on this connection, both ways: the only honest sign of progress while one large
/// frame is on its way. The descriptor is libzmq's; if it has gone meanwhile the answer is a number that does
/// not move.
std::uint64_t moved_bytes(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (fd < 0 || ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_bytes_acked + info.tcpi_bytes_received;
}

}  // namespace

struct Tcp::Link {
  TcpLink config;
  bool allowed = true;
  Traffic traffic{};

  // dialling
  std::unique_ptr<zmq::socket_t> dealer{};
  std::unique_ptr<Monitor> monitor{};
  KeyId dialled{};   ///< whose key the DEALER expects
  KeyId answered{};  ///< the one that did last
  int dial_fd = -1;
  bool dial_up = false;
  unsigned tries = 0;  ///< since the last handshake
  Instant next_dial{};

  // the current connection
  Via via = Via::none;
  std::string route{};  ///< of the call, if that is it
  std::deque<Bytes> waiting{};
  std::size_t waiting_bytes = 0;
  std::optional<Instant> flush_at{};
  bool heard = false;                 ///< something, on this connection
  bool expects = false;               ///< the node waits for an answer
  std::optional<Instant> awaiting{};  ///< since when nothing moved while something should
  std::uint64_t moved = 0;            ///< at that time
};

// ---- opening
// -------------------------------------------------------------------------------------------------------
Tcp::Tcp(zmq::context_t& context, const Door& door, const keys::Identity& identity, Rng& rng)
    : context_(context), door_(door), identity_(identity), rng_(rng) {}
Tcp::~Tcp() = default;

Result<std::unique_ptr<Tcp>> Tcp::open(zmq::context_t& context, const Door& door,
                                       const keys::Identity& identity, Rng& rng, TcpConfig config, Now now) {
  std::unique_ptr<Tcp> tcp(new Tcp(context, door, identity, rng));
  if (!config.listen.empty()) TRY_VOID(tcp->bind(config));
  tcp->change(std::move(config.links), now);
  return tcp;
}

Result<void> Tcp::bind(const TcpConfig& config) try {
  // One socket serves every caller: the slowest of their lines sets the buffers, the most patient one the
  // times.
  TcpProfile profile;
  bool first = true;
  for (const TcpLink& link : config.links) {
    if (!link.address.empty()) continue;
    const TcpProfile& it = link.profile;
    if (first) profile = it;
    if (it.kernel_buffer_bytes > 0 &&
        (profile.kernel_buffer_bytes == 0 || it.kernel_buffer_bytes < profile.kernel_buffer_bytes))
      profile.kernel_buffer_bytes = it.kernel_buffer_bytes;
    profile.queue_frames = std::min(profile.queue_frames, it.queue_frames);
    profile.handshake = std::max(profile.handshake, it.handshake);
    profile.keepalive = profile.keepalive && it.keepalive;
    first = false;
  }
  router_ = std::make_unique<zmq::socket_t>(context_, zmq::socket_type::router);
  tune(*router_, profile);
  router_->set(zmq::sockopt::router_mandatory, true);
  router_->set(zmq::sockopt::curve_server, true);
  router_->set(zmq::sockopt::zap_domain, kZapDomain);
  const auto secret = identity_.secrets().link.bytes();
  router_->set(zmq::sockopt::curve_secretkey, zmq::buffer(secret.data(), secret.size()));
  router_->set(zmq::sockopt::ipv6, config.listen.find('[') != std::string::npos);
  router_monitor_ = std::make_unique<Monitor>(context_, *router_);
  router_->bind(config.listen);
  endpoint_ = router_->get(zmq::sockopt::last_endpoint);
  return {};
} catch (const zmq::error_t& error) {
  return zmq_error("listening on " + config.listen, error, Code::cannot_make);
}

void Tcp::tune(zmq::socket_t& socket, const TcpProfile& profile) const {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(kFrameBytesMax));
  socket.set(zmq::sockopt::sndhwm, profile.queue_frames);
  socket.set(zmq::sockopt::rcvhwm, profile.queue_frames);
  socket.set(zmq::sockopt::handshake_ivl, static_cast<int>(profile.handshake.count));
  socket.set(zmq::sockopt::reconnect_ivl, static_cast<int>(profile.retry_min.count));
  socket.set(zmq::sockopt::reconnect_ivl_max, static_cast<int>(profile.retry_max.count));
  socket.set(zmq::sockopt::heartbeat_ivl, 0);
  if (profile.kernel_buffer_bytes > 0) {
    socket.set(zmq::sockopt::sndbuf, profile.kernel_buffer_bytes);
    socket.set(zmq::sockopt::rcvbuf, profile.kernel_buffer_bytes);
  }
  if (profile.keepalive) {
    // A dead idle peer is noticed after about half a minute, at 40 bytes each ten seconds.
    socket.set(zmq::sockopt::tcp_keepalive, 1);
    socket.set(zmq::sockopt::tcp_keepalive_idle, 10);
    socket.set(zmq::sockopt::tcp_keepalive_intvl, 10);
    socket.set(zmq::sockopt::tcp_keepalive_cnt, 3);
  }
}

void Tcp::add(TcpLink config, Now now) {
  const DeviceId peer = config.peer;
  auto& link = links_[peer];
  link = std::make_unique<Link>(Link{.config = std::move(config)});
  link->next_dial = now.mono;
}

void Tcp::change(std::vector<TcpLink> links, Now now) {
  const auto same = [](const TcpLink& a, const TcpLink& b) { return a.address == b.address; };
  std::vector<DeviceId> gone;
  for (auto& [peer, link] : links_) {
    const auto kept =
        std::find_if(links.begin(), links.end(), [&](const TcpLink& it) { return it.peer == peer; });
    if (kept != links.end() && same(*kept, link->config)) continue;
    for (auto& [route, call] : calls_)
      if (call.key.device == peer) end_call(call);
    hang_up(*link, now, "configuration");
    set_via(*link, Via::none, "", "configuration", now);
    gone.push_back(peer);
  }
  for (const DeviceId peer : gone) links_.erase(peer);
  for (TcpLink& link : links) {
    if (Link* held = find(link.peer))
      held->config = std::move(link);
    else
      add(std::move(link), now);
  }
}

void Tcp::close(Millis patience) {
  const int linger = static_cast<int>(patience.count);
  if (router_) router_->set(zmq::sockopt::linger, linger);
  for (auto& [peer, link] : links_)
    if (link->dealer) link->dealer->set(zmq::sockopt::linger, linger);
  links_.clear();
  calls_.clear();
  router_monitor_.reset();
  router_.reset();
}

// ---- waiting
// -------------------------------------------------------------------------------------------------------
void Tcp::watch(std::vector<zmq::pollitem_t>& items) {
  if (router_) {
    items.push_back({router_->handle(), 0, ZMQ_POLLIN, 0});
    items.push_back({router_monitor_->socket().handle(), 0, ZMQ_POLLIN, 0});
  }
  for (auto& [peer, link] : links_) {
    if (!link->dealer) continue;
    const bool writes = link->via == Via::dial && !link->waiting.empty();
    items.push_back(
        {link->dealer->handle(), 0, static_cast<short>(ZMQ_POLLIN | (writes ? ZMQ_POLLOUT : 0)), 0});
    items.push_back({link->monitor->socket().handle(), 0, ZMQ_POLLIN, 0});
  }
}

std::optional<Instant> Tcp::next_wake() const {
  std::optional<Instant> wake;
  const auto offer = [&](Instant at) {
    if (!wake || at < *wake) wake = at;
  };
  if (!heard_.empty()) offer(Instant{0});
  for (const auto& [peer, link] : links_) {
    if (link->allowed && !link->config.address.empty() && !link->dealer) offer(link->next_dial);
    if (link->awaiting) offer(*link->awaiting + link->config.profile.silence);
    if (link->flush_at) offer(*link->flush_at);
  }
  return wake;
}

std::vector<Heard> Tcp::pump(Now now, std::size_t bytes_max) {
  std::size_t left = bytes_max;
  if (router_) {
    pump_calls_monitor(now);
    pump_calls(now, left);
  }
  for (auto& [peer, link] : links_) {
    pump_dial(*link, now, left);
    flush(*link, now);
    check_progress(*link, now);
  }
  return std::exchange(heard_, {});
}

void Tcp::tell(Heard::Kind kind, DeviceId peer, std::string_view why) {
  heard_.push_back({.kind = kind, .peer = peer, .why = std::string(why)});
}

Tcp::Link* Tcp::find(DeviceId peer) {
  const auto found = links_.find(peer);
  return found == links_.end() ? nullptr : found->second.get();
}

// ---- calls
// -----------------------------------------------------------------------------------------------------------
void Tcp::pump_calls_monitor(Now now) {
  while (const auto event = router_monitor_->next()) {
    using Kind = ConnectionEvent::Kind;
    if (event->kind == Kind::accepted) accepted_[event->value] = ++acceptances_;
    if (event->kind != Kind::disconnected) continue;
    const auto accepted = accepted_.find(event->value);
    if (accepted == accepted_.end()) continue;
    for (auto call = calls_.begin(); call != calls_.end();) {
      if (call->second.fd != event->value || call->second.accepted != accepted->second) {
        ++call;
        continue;
      }
      call->second.over = true;
      Link* link = find(call->second.key.device);
      if (link && link->via == Via::call && link->route == call->first)
        set_via(*link, Via::none, "", "disconnected", now);
      call = calls_.erase(call);
    }
    accepted_.erase(accepted);
  }
}

void Tcp::pump_calls(Now now, std::size_t& left) {
  while (left > 0) {
    auto parts = receive(*router_);
    if (!parts) return;
    take_call(*std::move(parts), now, left);
  }
}

void Tcp::take_call(std::vector<zmq::message_t> parts, Now now, std::size_t& left) {
  if (parts.size() != 2) return tell(Heard::Kind::unnamed, {}, "parts");
  const std::string route = parts[0].to_string();
  Call* call = call_of(route, parts[1], now);
  if (!call || call->over) return;
  Link& link = *find(call->key.device);
  left -= std::min(left, parts[1].size() + 1);
  heard_frame(link, std::move(parts[1]), now);
}

/// The connection a message came by, asked at the door; nothing if it may not speak.
Tcp::Call* Tcp::call_of(const std::string& route, const zmq::message_t& message, Now now) {
  const auto refuse = [&](DeviceId peer, std::string_view why) -> Call* {
    tell(Heard::Kind::refused, peer, why);
    return nullptr;
  };
  // What ZAP said of the key that this very message came under. Without it nobody was asked: drop.
  const char* user = ::zmq_msg_gets(const_cast<zmq::message_t&>(message).handle(), "User-Id");
  const auto key = user ? parse_key_id(user) : std::nullopt;
  if (!key) {
    tell(Heard::Kind::unnamed, {}, "no User-Id");
    return nullptr;
  }
  const auto found = calls_.find(route);
  if (found != calls_.end() && found->second.over) return nullptr;
  const Admission admission = door_.ask(*key, now);
  Link* link = find(key->device);
  if (admission != Admission::admitted || !link) {
    if (found != calls_.end()) end_call(found->second);
    if (link && link->via == Via::call && link->route == route)
      set_via(*link, Via::none, "", name_of(admission), now);
    return refuse(key->device, name_of(admission));
  }
  if (!link->allowed) return nullptr;
  if (found != calls_.end()) {
    if (found->second.key == *key) return &found->second;
    return refuse(key->device, "two names on one connection");
  }
  // A new connection. Its acceptance stands in the monitor by now: catch up, so that a descriptor used twice
  // is not mistaken for its former owner.
  pump_calls_monitor(now);
  const int fd = ::zmq_msg_get(message.handle(), ZMQ_SRCFD);
  const auto accepted = accepted_.find(fd);
  for (auto& [other, call] : calls_)
    if (call.key.device == key->device) end_call(call);
  Call& made = calls_[route] = {*key, fd, accepted == accepted_.end() ? 0 : accepted->second, false};
  set_via(*link, Via::call, route, to_string(*key), now);
  return &made;
}

/// Nothing of this connection counts any more; its peer sees the end at once.
void Tcp::end_call(Call& call) {
  if (call.over) return;
  call.over = true;
  const auto accepted = accepted_.find(call.fd);
  if (accepted != accepted_.end() && accepted->second == call.accepted) ::shutdown(call.fd, SHUT_RDWR);
}

// ---- dials
// -----------------------------------------------------------------------------------------------------------
void Tcp::dial_later(Link& link, Now now) {
  const TcpProfile& profile = link.config.profile;
  const unsigned doubled = std::min(link.tries, 20u);
  const std::int64_t pause = std::min(profile.retry_max.count, profile.retry_min.count << doubled);
  // Jitter: after a common outage not everybody calls at once.
  link.next_dial =
      now.mono +
      Millis{pause + static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(pause) / 4 + 1))};
}

void Tcp::dial(Link& link, Now now) {
  const TcpProfile& profile = link.config.profile;
  // Which generation the peer uses at present is not known from here: the one that answered last, then one
  // after the other. On a slow line every wrong guess is a handshake.
  auto keys = door_.keys_of(link.config.peer, now);
  std::stable_partition(keys.begin(), keys.end(),
                        [&](const keys::Certificate* it) { return it->key == link.answered; });
  const unsigned turn = link.tries++;
  dial_later(link, now);
  if (keys.empty()) return tell(Heard::Kind::failed, link.config.peer, "no valid certificate of the peer");
  const keys::Certificate& peer = *keys[turn % keys.size()];
  try {
    link.dealer = std::make_unique<zmq::socket_t>(context_, zmq::socket_type::dealer);
    zmq::socket_t& dealer = *link.dealer;
    tune(dealer, profile);
    dealer.set(zmq::sockopt::immediate, true);
    const auto secret = identity_.secrets().link.bytes();
    dealer.set(zmq::sockopt::curve_secretkey, zmq::buffer(secret.data(), secret.size()));
    dealer.set(zmq::sockopt::curve_publickey, zmq::buffer(identity_.link_public().value));
    dealer.set(zmq::sockopt::curve_serverkey, zmq::buffer(peer.link.value));
    dealer.set(zmq::sockopt::ipv6, link.config.address.find('[') != std::string::npos);
    link.monitor = std::make_unique<Monitor>(context_, dealer);
    link.dialled = peer.key;
    link.dial_fd = -1;
    dealer.connect(link.config.address);
  } catch (const zmq::error_t& error) {
    link.monitor.reset();
    link.dealer.reset();
    tell(Heard::Kind::failed, link.config.peer, error.what());
  }
}

void Tcp::hang_up(Link& link, Now now, std::string_view why) {
  link.monitor.reset();
  link.dealer.reset();
  link.dial_fd = -1;
  dial_later(link, now);
  if (std::exchange(link.dial_up, false) && link.via == Via::dial) set_via(link, Via::none, "", why, now);
}

void Tcp::pump_dial(Link& link, Now now, std::size_t& left) {
  if (link.config.address.empty() || !link.allowed) return;
  if (!link.dealer && link.next_dial <= now.mono) dial(link, now);
  if (!link.dealer) return;
  // What came before a disconnect still counts: read first, then see whether it is over.
  if (link.dial_up && door_.ask(link.dialled, now) != Admission::admitted) {
    tell(Heard::Kind::refused, link.config.peer, name_of(door_.ask(link.dialled, now)));
    return hang_up(link, now, "may not speak");
  }
  if (!link.dial_up) pump_dial_monitor(link, now);
  while (left > 0 && link.dealer && link.dial_up) {
    auto parts = receive(*link.dealer);
    if (!parts) break;
    if (parts->size() != 1) {
      tell(Heard::Kind::unnamed, link.config.peer, "parts");
      continue;
    }
    left -= std::min(left, parts->front().size() + 1);
    heard_frame(link, std::move(parts->front()), now);
  }
  if (left > 0 && link.dealer) pump_dial_monitor(link, now);
}

void Tcp::pump_dial_monitor(Link& link, Now now) {
  while (link.monitor) {
    const auto event = link.monitor->next();
    if (!event) return;
    using Kind = ConnectionEvent::Kind;
    switch (event->kind) {
      case Kind::connected: link.dial_fd = event->value; break;
      case Kind::handshake:
        link.dial_up = true;
        link.answered = link.dialled;
        set_via(link, Via::dial, "", to_string(link.dialled), now);
        break;
      case Kind::refused:
        tell(Heard::Kind::failed, link.config.peer, "refused by the peer");
        return hang_up(link, now, "refused");
      case Kind::failed:
        tell(Heard::Kind::failed, link.config.peer, "handshake failed");
        return hang_up(link, now, "handshake failed");
      case Kind::disconnected:
        if (!link.dial_up) tell(Heard::Kind::failed, link.config.peer, "disconnected in the handshake");
        return hang_up(link, now, "disconnected");
      case Kind::accepted: break;
    }
  }
}

// ---- the current connection
// ------------------------------------------------------------------------------------------
/// Another connection carries the link from here on, or none does.
void Tcp::set_via(Link& link, Via via, std::string route, std::string_view why, Now now) {
  const DeviceId peer = link.config.peer;
  if (link.via != Via::none) tell(Heard::Kind::down, peer, via == Via::none ? why : "replaced");
  link.via = via;
  link.route = std::move(route);
  link.waiting.clear();
  link.waiting_bytes = 0;
  link.flush_at.reset();
  link.heard = link.expects = false;
  link.awaiting.reset();
  if (via != Via::none) return tell(Heard::Kind::up, peer, why);
  // The other connection of a pair that dial each other may still stand.
  if (link.dial_up) return set_via(link, Via::dial, "", to_string(link.dialled), now);
  for (const auto& [other, call] : calls_)
    if (call.key.device == peer && !call.over)
      return set_via(link, Via::call, other, to_string(call.key), now);
}

void Tcp::heard_frame(Link& link, zmq::message_t frame, Now now) {
  ++link.traffic.frames_in;
  link.traffic.bytes_in += frame.size();
  link.heard = true;
  link.tries = 0;
  link.awaiting.reset();
  if (link.expects) link.awaiting = now.mono;
  heard_.push_back({.kind = Heard::Kind::frame, .peer = link.config.peer, .frame = std::move(frame)});
}

Sent Tcp::put(Link& link, BytesView head, BytesView body) {
  if (link.via == Via::dial) return link::send(*link.dealer, "", head, body);
  return link::send(*router_, link.route, head, body);
}

void Tcp::send(DeviceId peer, BytesView head, BytesView body, Now now) {
  Link* link = find(peer);
  if (!link || link->via == Via::none) return;
  ++link->traffic.frames_out;
  link->traffic.bytes_out += head.size() + body.size();
  if (!link->heard && !link->awaiting) link->awaiting = now.mono;
  flush(*link, now);
  if (link->waiting.empty() && put(*link, head, body) == Sent::sent) return;
  Bytes& frame = link->waiting.emplace_back(bytes_of(head));
  frame.insert(frame.end(), body.begin(), body.end());
  link->waiting_bytes += frame.size();
  link->flush_at = now.mono + kFlushEvery;
}

void Tcp::expect(DeviceId peer, bool answer, Now now) {
  Link* link = find(peer);
  if (!link || link->via == Via::none || link->expects == answer) return;
  link->expects = answer;
  if (answer && !link->awaiting) link->awaiting = now.mono;
  if (!answer && link->heard) link->awaiting.reset();
}

void Tcp::flush(Link& link, Now now) {
  while (!link.waiting.empty() && put(link, link.waiting.front(), {}) == Sent::sent) {
    link.waiting_bytes -= link.waiting.front().size();
    link.waiting.pop_front();
  }
  link.flush_at.reset();
  if (!link.waiting.empty()) link.flush_at = now.mono + kFlushEvery;
}

int Tcp::fd_of(const Link& link) const {
  if (link.via == Via::dial) return link.dial_fd;
  const auto call = calls_.find(link.route);
  return call == calls_.end() ? -1 : call->second.fd;
}

void Tcp::check_progress(Link& link, Now now) {
  if (link.via == Via::none) return;
  if (link.waiting_bytes <= kWaitingBytesMax) {
    if (!link.awaiting || now.mono < *link.awaiting + link.config.profile.silence) return;
    // The first look of a wait only takes the count: silence is two looks with the same.
    if (const std::uint64_t moved = moved_bytes(fd_of(link)); moved != link.moved) {
      link.moved = moved;
      link.awaiting = now.mono;
      return;
    }
  }
  if (link.via == Via::dial) return hang_up(link, now, "silent");
  if (const auto call = calls_.find(link.route); call != calls_.end()) end_call(call->second);
  set_via(link, Via::none, "", "silent", now);
}

void Tcp::recheck(Now now) {
  for (auto& [route, call] : calls_) {
    if (call.over || door_.ask(call.key, now) == Admission::admitted) continue;
    end_call(call);
    if (Link* link = find(call.key.device); link && link->via == Via::call && link->route == route)
      set_via(*link, Via::none, "", name_of(door_.ask(call.key, now)), now);
  }
  for (auto& [peer, link] : links_) {
    // A certificate that has just come may be the one a dial waits for.
    if (!link->dealer) link->next_dial = now.mono;
    if (link->dealer && door_.ask(link->dialled, now) != Admission::admitted)
      hang_up(*link, now, "may not speak");
  }
}

void Tcp::allow(DeviceId peer, bool open, Now now) {
  Link* link = find(peer);
  if (!link || link->allowed == open) return;
  link->allowed = open;
  link->tries = 0;
  if (open) {
    link->next_dial = now.mono;
    return;
  }
  for (auto& [route, call] : calls_)
    if (call.key.device == peer) end_call(call);
  hang_up(*link, now, "window closed");
  set_via(*link, Via::none, "", "window closed", now);
}

bool Tcp::up(DeviceId peer) const {
  const auto found = links_.find(peer);
  return found != links_.end() && found->second->via != Via::none;
}

Traffic Tcp::traffic(DeviceId peer) const {
  const auto found = links_.find(peer);
  return found == links_.end() ? Traffic{} : found->second->traffic;
}

}  // namespace noroshi::link
