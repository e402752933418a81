// The control socket (proto/control.hpp): a ZeroMQ ROUTER on ipc, for the programs of this machine. Who may
// connect is the file's mode, 0660: the owner and the group. Any bytes may come: what is no request is
// answered with an error, and nothing that a program does holds memory here; a subscriber that does not read
// misses events, which only say "more".
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "proto/control.hpp"
#include "relay/link/sockets.hpp"

namespace noroshi::daemon {

struct ControlRequest {
  std::string route;  ///< where the answer goes
  proto::control::RequestMessage message;
};

class ControlSocket {
 public:
  /// Errors: config (the path is too long for a socket), cannot_make.
  [[nodiscard]] static Result<ControlSocket> open(zmq::context_t& context, const std::filesystem::path& path);
  ControlSocket(ControlSocket&&) = default;
  ControlSocket& operator=(ControlSocket&&) = default;
  /// Takes the file away.
  ~ControlSocket();

  [[nodiscard]] zmq::socket_ref socket() { return socket_; }
  /// Requests that have come; unreadable ones are answered here, subscriptions too.
  [[nodiscard]] std::vector<ControlRequest> pump();
  /// `id` is the request's.
  void answer(const std::string& route, std::uint64_t id, const proto::control::Answer& answer);
  void tell_all(const proto::control::Event& event);

 private:
  ControlSocket(zmq::context_t& context, std::filesystem::path path)
      : path_(std::move(path)), socket_(context, zmq::socket_type::router) {}
  std::filesystem::path path_;
  zmq::socket_t socket_;
  std::set<std::string> subscribers_;
};

}  // namespace noroshi::daemon
