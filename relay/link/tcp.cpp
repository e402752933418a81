#include "relay/link/tcp_link.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

namespace noroshi::link {
namespace {

/// How often a frame that found no room in the ROUTER is tried again: it has no per-peer readiness to wait
/// for.
constexpr Millis kFlushEvery{20};
/// Read from one side at a time, twice a turn: together what a neighbour may have under way. A turn with that
/// much from somebody who repeats himself still takes milliseconds.
constexpr std::size_t kMessagesAtOnce = kUnackedMax / 2;

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

// ---- opening
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
  link->away_since = link->next_dial = now.mono;
}

void Tcp::change(std::vector<TcpLink> links, Now now) {
  const auto same = [](const TcpLink& a, const TcpLink& b) { return a.address == b.address; };
  std::vector<DeviceId> gone;
  for (auto& [known, link] : links_) {
    const DeviceId peer = known;  // clang 14 captures no binding
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
    if (!link->bundle.empty()) offer(Instant{0});
  }
  return wake;
}

std::vector<Heard> Tcp::pump(Now now, std::size_t bytes_max) {
  if (router_) pump_calls_monitor(now);
  // Everybody's share first, so that who sends much keeps nobody else waiting; then whoever has more.
  std::size_t left = bytes_max;
  for (const std::size_t share : {bytes_max / (links_.size() + 1), bytes_max}) {
    const auto within = [&](auto&& read) {
      Room room{std::min(share, left), kMessagesAtOnce};
      left -= room.bytes;
      read(room);
      left += room.bytes;
    };
    if (router_) within([&](Room& room) { pump_calls(now, room); });
    for (auto& entry : links_) within([&](Room& room) { pump_dial(*entry.second, now, room); });
  }
  for (auto& [peer, link] : links_) {
    close_bundle(*link, now);
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

// ---- the current connection
/// Another connection carries the link from here on, or none does.
void Tcp::set_via(Link& link, Via via, std::string route, std::string_view why, Now now) {
  const DeviceId peer = link.config.peer;
  if (link.via != Via::none) tell(Heard::Kind::down, peer, via == Via::none ? why : "replaced");
  link.via = via;
  link.route = std::move(route);
  link.bundle.clear();
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

void Tcp::heard_message(Link& link, const zmq::message_t& message, Now now) {
  const BytesView bytes{message.data<std::uint8_t>(), message.size()};
  link.traffic.bytes_in += bytes.size();
  ++link.traffic.messages_in;
  link.heard = true;
  link.tries = 0;
  link.awaiting.reset();
  if (link.expects) link.awaiting = now.mono;
  const auto frames = unbundle(bytes);
  if (!frames) return tell(Heard::Kind::unnamed, link.config.peer, "bundle");
  for (const BytesView frame : *frames)
    heard_.push_back({.kind = Heard::Kind::frame, .peer = link.config.peer, .frame = bytes_of(frame)});
}

Sent Tcp::put(Link& link, BytesView head, BytesView body) {
  if (link.via == Via::dial) return link::send(*link.dealer, "", head, body);
  return link::send(*router_, link.route, head, body);
}

void Tcp::send(DeviceId peer, BytesView head, BytesView body, Now now) {
  Link* link = find(peer);
  if (!link || link->via == Via::none) return;
  const std::size_t size = head.size() + body.size();
  const std::size_t most = link->config.profile.bundle_bytes;
  if (!link->bundle.has_room(size, most)) close_bundle(*link, now);
  if (link->bundle.has_room(size, most)) return link->bundle.add(head, body);
  put_or_wait(*link, head, body, now);
}

void Tcp::leave(Now now) {
  for (auto& [peer, link] : links_) close_bundle(*link, now);
}

void Tcp::close_bundle(Link& link, Now now) {
  if (!link.bundle.empty()) put_or_wait(link, link.bundle.take(), {}, now);
}

void Tcp::put_or_wait(Link& link, BytesView head, BytesView body, Now now) {
  ++link.traffic.messages_out;
  link.traffic.bytes_out += head.size() + body.size();
  if (!link.heard && !link.awaiting) link.awaiting = now.mono;
  flush(link, now);
  if (link.waiting.empty() && put(link, head, body) == Sent::sent) return;
  Bytes& frame = link.waiting.emplace_back(bytes_of(head));
  frame.insert(frame.end(), body.begin(), body.end());
  link.waiting_bytes += frame.size();
  link.flush_at = now.mono + kFlushEvery;
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
    link->away_since = link->next_dial = now.mono;
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
