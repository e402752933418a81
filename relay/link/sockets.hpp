// ZeroMQ as we use it: one place that knows how its calls fail. A call that a signal interrupts is made
// again; every other failure of a healthy socket is an outcome below.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "proto/bytes.hpp"
#include "proto/result.hpp"

namespace noroshi::link {

/// The error that libzmq has just thrown, for people.
[[nodiscard]] Error zmq_error(std::string_view what, const zmq::error_t& error, Code code = Code::internal);

/// Waits until one of `items` is ready or `wait` is over (negative: for ever). A signal ends the wait early.
void poll(std::span<zmq::pollitem_t> items, std::int64_t wait_ms);
[[nodiscard]] bool readable(const zmq::pollitem_t& item);

/// The parts of the next message; nothing if none is waiting. Never blocks.
[[nodiscard]] std::optional<std::vector<zmq::message_t>> receive(zmq::socket_ref socket);

enum class Sent : std::uint8_t {
  sent,
  full,  ///< its queue is full: try again when the socket is writable
  gone,  ///< nobody there under this route
};
/// `route` (ROUTER only, else empty), then one part made of `head` and `body`. Never blocks.
[[nodiscard]] Sent send(zmq::socket_ref socket, std::string_view route, BytesView head, BytesView body = {});

/// What a socket's connections do (zmq_socket_monitor).
struct ConnectionEvent {
  enum class Kind : std::uint8_t { connected, accepted, handshake, refused, failed, disconnected };
  Kind kind{};
  std::int32_t value = 0;  ///< file descriptor of connected, accepted, disconnected; status of refused
  std::string endpoint;
};

class Monitor {
 public:
  /// Watches `socket`, which must outlive the monitor: libzmq's own thread would wait for ever to tell a
  /// monitor that is gone.
  Monitor(zmq::context_t& context, zmq::socket_t& socket);
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;
  ~Monitor();
  [[nodiscard]] zmq::socket_ref socket() { return events_; }
  [[nodiscard]] std::optional<ConnectionEvent> next();

 private:
  zmq::socket_ref watched_;
  zmq::socket_t events_;
};

}  // namespace noroshi::link
