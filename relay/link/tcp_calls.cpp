// The ROUTER half of the tcp bearer: neighbours that call us.
#include <sys/socket.h>

#include <algorithm>

#include "relay/link/tcp_link.hpp"

namespace noroshi::link {

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

void Tcp::pump_calls(Now now, Room& room) {
  while (room.left()) {
    auto parts = receive(*router_);
    if (!parts) return;
    take_call(*std::move(parts), now, room);
  }
}

void Tcp::take_call(std::vector<zmq::message_t> parts, Now now, Room& room) {
  room.take(parts.back().size());
  if (parts.size() != 2) return tell(Heard::Kind::unnamed, {}, "parts");
  const std::string route = parts[0].to_string();
  Call* call = call_of(route, parts[1], now);
  if (!call || call->over) return;
  Link& link = *find(call->key.device);
  heard_message(link, parts[1], now);
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

}  // namespace noroshi::link
