// Speaks to a relay daemon's control socket for the tools of crash tests and benchmarks: many questions on
// the way at once, answers by id, and no trouble when the daemon is killed in between. Shares the protocol's
// codec with the product and nothing of its client.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "proto/control.hpp"

namespace noroshi::test {

class ControlClient {
 public:
  /// `socket` is the path of the daemon's control socket. A daemon that is not there yet is waited for.
  explicit ControlClient(const std::string& socket) : endpoint_("ipc://" + socket) { open(); }

  /// Sends a question; its id. Lost if nobody is there.
  std::uint64_t ask(const proto::control::Request& request) {
    const Bytes bytes = proto::control::encode({++last_id_, request});
    (void)dealer_.send(zmq::buffer(bytes.data(), bytes.size()), zmq::send_flags::dontwait);
    return last_id_;
  }

  /// The next answer or event, waiting at most so long.
  [[nodiscard]] std::optional<proto::control::AnswerMessage> next(std::chrono::milliseconds wait) {
    zmq::pollitem_t item{dealer_.handle(), 0, ZMQ_POLLIN, 0};
    zmq::poll(&item, 1, wait);
    zmq::message_t message;
    if (!(item.revents & ZMQ_POLLIN) || !dealer_.recv(message, zmq::recv_flags::dontwait))
      return std::nullopt;
    return proto::control::decode_answer({static_cast<const std::uint8_t*>(message.data()), message.size()});
  }

  /// One question and its answer; asked again each second until `patience` is over.
  template <typename Answer>
  [[nodiscard]] std::optional<Answer> call(const proto::control::Request& request,
                                           std::chrono::milliseconds patience = std::chrono::seconds(60)) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + patience;
    while (Clock::now() < end) {
      const std::uint64_t id = ask(request);
      const auto again = std::min(end, Clock::now() + std::chrono::seconds(1));
      while (Clock::now() < again) {
        auto answer = next(std::chrono::milliseconds(50));
        if (!answer || answer->id != id) continue;
        if (auto* wanted = std::get_if<Answer>(&answer->answer)) return std::move(*wanted);
        return std::nullopt;
      }
      open();
    }
    return std::nullopt;
  }

  /// A new connection: whatever waited in the old one is gone.
  void open() {
    dealer_ = zmq::socket_t(context_, zmq::socket_type::dealer);
    dealer_.set(zmq::sockopt::linger, 0);
    dealer_.set(zmq::sockopt::reconnect_ivl, 20);
    dealer_.set(zmq::sockopt::sndhwm, 0);
    dealer_.set(zmq::sockopt::rcvhwm, 0);
    dealer_.connect(endpoint_);
  }

 private:
  std::string endpoint_;
  zmq::context_t context_;
  zmq::socket_t dealer_;
  std::uint64_t last_id_ = 0;
};

}  // namespace noroshi::test
