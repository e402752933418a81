#include "relay/link/sockets.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace noroshi::link {

Error zmq_error(std::string_view what, const zmq::error_t& error, Code code) {
  return {code, fmt::format("{}: {}", what, error.what())};
}

void poll(std::span<zmq::pollitem_t> items, std::int64_t wait_ms) {
  if (::zmq_poll(items.data(), static_cast<int>(items.size()), static_cast<long>(wait_ms)) >= 0) return;
  // Whoever was interrupted looks at everything once.
  for (zmq::pollitem_t& item : items) item.revents = 0;
  NOROSHI_ASSERT(errno == EINTR);
}

bool readable(const zmq::pollitem_t& item) {
  return item.revents & (ZMQ_POLLIN | ZMQ_POLLERR);
}

namespace {

/// Calls until no signal interrupts; the result as libzmq gives it, with errno.
template <typename F>
int uninterrupted(F&& call) {
  int result = 0;
  do result = call();
  while (result < 0 && zmq_errno() == EINTR);
  return result;
}

}  // namespace

std::optional<std::vector<zmq::message_t>> receive(zmq::socket_ref socket) {
  std::vector<zmq::message_t> parts;
  bool more = true;
  while (more) {
    zmq::message_t part;
    if (uninterrupted([&] { return ::zmq_msg_recv(part.handle(), socket.handle(), ZMQ_DONTWAIT); }) < 0)
      return {};
    more = part.more();
    parts.push_back(std::move(part));
  }
  return parts;
}

Sent send(zmq::socket_ref socket, std::string_view route, BytesView head, BytesView body) {
  const auto outcome = [] { return zmq_errno() == EAGAIN ? Sent::full : Sent::gone; };
  if (!route.empty() && uninterrupted([&] {
                          return ::zmq_send(socket.handle(), route.data(), route.size(),
                                            ZMQ_DONTWAIT | ZMQ_SNDMORE);
                        }) < 0)
    return outcome();
  zmq::message_t message(head.size() + body.size());
  if (!head.empty()) std::memcpy(message.data(), head.data(), head.size());
  if (!body.empty()) std::memcpy(message.data<std::uint8_t>() + head.size(), body.data(), body.size());
  if (uninterrupted([&] { return ::zmq_msg_send(message.handle(), socket.handle(), ZMQ_DONTWAIT); }) < 0)
    return outcome();
  return Sent::sent;
}

Monitor::Monitor(zmq::context_t& context, zmq::socket_t& socket)
    : watched_(socket), events_(context, zmq::socket_type::pair) {
  static std::atomic<std::uint64_t> last{0};
  const std::string address = fmt::format("inproc://monitor-{}", ++last);
  constexpr int kWanted = ZMQ_EVENT_CONNECTED | ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED |
                          ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                          ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;
  if (::zmq_socket_monitor(socket.handle(), address.c_str(), kWanted) != 0) throw zmq::error_t();
  events_.set(zmq::sockopt::linger, 0);
  // Without a limit, since libzmq's thread blocks on a full monitor; what comes is read every turn.
  events_.set(zmq::sockopt::rcvhwm, 0);
  events_.connect(address);
}

Monitor::~Monitor() {
  ::zmq_socket_monitor(watched_.handle(), nullptr, 0);
}

std::optional<ConnectionEvent> Monitor::next() {
  while (const auto parts = receive(events_)) {
    // Two parts, in this machine's byte order: event u16, value i32; the endpoint.
    if (parts->size() != 2 || parts->front().size() != 6) continue;
    std::uint16_t event = 0;
    ConnectionEvent out;
    std::memcpy(&event, parts->front().data(), sizeof event);
    std::memcpy(&out.value, parts->front().data<std::uint8_t>() + sizeof event, sizeof out.value);
    out.endpoint = parts->back().to_string();
    switch (event) {
      case ZMQ_EVENT_CONNECTED: out.kind = ConnectionEvent::Kind::connected; break;
      case ZMQ_EVENT_ACCEPTED: out.kind = ConnectionEvent::Kind::accepted; break;
      case ZMQ_EVENT_DISCONNECTED: out.kind = ConnectionEvent::Kind::disconnected; break;
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: out.kind = ConnectionEvent::Kind::handshake; break;
      case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: out.kind = ConnectionEvent::Kind::refused; break;
      default: out.kind = ConnectionEvent::Kind::failed; break;
    }
    return out;
  }
  return {};
}

}  // namespace noroshi::link
