// The one file of the client that sees ZeroMQ.
#include "client-tui/desk/relay_client.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <zmq.hpp>

#include "keys/language.hpp"

namespace noroshi::desk {
namespace {

using Clock = std::chrono::steady_clock;

Error not_running(const std::filesystem::path& socket) {
  return keys::no(
      Code::unavailable,
      "中継局: " + socket.string() + " に応答がありません: noroshid を起動してください (noroshi doctor)",
      "relay: nobody answers at " + socket.string() + ": start noroshid, see noroshi doctor");
}

Error unusable(const zmq::error_t& error) {
  return keys::no(
      Code::unavailable,
      std::string("中継局: 接続できません: ") + error.what() + ": noroshi doctor で確かめてください",
      std::string("relay: cannot be reached: ") + error.what() + ": see noroshi doctor");
}

/// ZeroMQ connects in the background and for ever; a plain socket says at once whether anybody listens.
bool somebody_listens(const std::filesystem::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket.string();
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const bool connected = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return connected;
}

}  // namespace

Error not_understood() {
  return keys::no(Code::protocol,
                  "中継局: 応答の形式が違います: 版が合っているか noroshi doctor で確かめてください",
                  "relay: it answered something else: its version may differ, see noroshi doctor");
}

struct RelayClient::Impl {
  Impl(std::filesystem::path path, Millis limit)
      : socket_path(std::move(path)), deadline(limit), socket(context, zmq::socket_type::dealer) {}
  std::filesystem::path socket_path;
  Millis deadline;
  zmq::context_t context{1};
  zmq::socket_t socket;
  std::uint64_t last_id = 0;
};

RelayClient::RelayClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RelayClient::~RelayClient() = default;

Result<std::unique_ptr<RelayClient>> RelayClient::connect(const std::filesystem::path& socket,
                                                          Millis deadline) {
  if (!somebody_listens(socket)) return not_running(socket);
  try {
    auto impl = std::make_unique<Impl>(socket, deadline);
    impl->socket.set(zmq::sockopt::linger, 0);
    impl->socket.connect("ipc://" + socket.string());
    return std::unique_ptr<RelayClient>(new RelayClient(std::move(impl)));
  } catch (const zmq::error_t& error) {
    return unusable(error);
  }
}

Result<proto::control::Answer> RelayClient::ask(const proto::control::Request& request) {
  const std::uint64_t id = ++impl_->last_id;
  const Bytes bytes = proto::control::encode(proto::control::RequestMessage{id, request});
  const auto end = Clock::now() + std::chrono::milliseconds(impl_->deadline.count);
  while (true) {
    try {
      if (!impl_->socket.send(zmq::buffer(bytes), zmq::send_flags::dontwait)) {
        return not_running(impl_->socket_path);
      }
      break;
    } catch (const zmq::error_t& error) {
      if (error.num() != EINTR) return unusable(error);
    }
  }
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) {
      const std::string socket = impl_->socket_path.string();
      return keys::no(Code::temporary,
                      "中継局: " + socket + " の応答が遅れています: もう一度試してください (noroshi status)",
                      "relay: no answer at " + socket + " in time: try again, see noroshi status");
    }
    try {
      zmq::pollitem_t item{impl_->socket.handle(), 0, ZMQ_POLLIN, 0};
      zmq::poll(&item, 1, left);
      if ((item.revents & ZMQ_POLLIN) == 0) continue;
      zmq::message_t message;
      if (!impl_->socket.recv(message, zmq::recv_flags::dontwait)) continue;
      const auto answer =
          proto::control::decode_answer({static_cast<const std::uint8_t*>(message.data()), message.size()});
      if (!answer) {
        return not_understood();
      }
      if (answer->id == id)
        return answer->answer;  // events and late answers to earlier questions are passed over
    } catch (const zmq::error_t& error) {
      if (error.num() != EINTR) return unusable(error);
    }
  }
}

}  // namespace noroshi::desk
