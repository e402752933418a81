#include "relay/daemon/control_socket.hpp"
#include "proto/language.hpp"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <utility>

namespace noroshi::daemon {
namespace {

using namespace proto::control;

/// One turn takes so many requests; the others wait in the socket.
constexpr std::size_t kRequestsMax = 64;
/// The largest request is an envelope or a list of a few thousand ids; 1 MiB leaves room.
constexpr std::int64_t kRequestBytesMax = 1 << 20;
/// Answers that wait for one program, each below 256 KiB or one object (answers.cpp). ZeroMQ learns in halves
/// of this what was read, so kUnansweredMax requests at a time never lose an answer; who asks more without
/// reading does.
constexpr int kAnswersWaiting = 256;
static_assert(kUnansweredMax <= kAnswersWaiting / 2);
/// Programs that asked for events; more than any machine has.
constexpr std::size_t kSubscribersMax = 64;

}  // namespace

Result<ControlSocket> ControlSocket::open(zmq::context_t& context, const std::filesystem::path& path) try {
  if (path.native().size() >= sizeof(sockaddr_un::sun_path))
    return Error{Code::config, said("制御ソケットのパスが長すぎます（107 バイトまで）: ",
                                    "the path of the control socket is too long (107 bytes at most): ") +
                                   path.string()};
  ControlSocket out(context, path);
  out.socket_.set(zmq::sockopt::linger, 0);
  out.socket_.set(zmq::sockopt::router_mandatory, true);
  out.socket_.set(zmq::sockopt::maxmsgsize, kRequestBytesMax);
  out.socket_.set(zmq::sockopt::sndhwm, kAnswersWaiting);
  out.socket_.set(zmq::sockopt::rcvhwm, kAnswersWaiting);
  // The file has its mode from its first moment on; the home is locked, so an old file is nobody's.
  const mode_t before = ::umask(0117);
  const int bound = ::zmq_bind(out.socket_.handle(), ("ipc://" + path.string()).c_str());
  ::umask(before);
  if (bound != 0) throw zmq::error_t();
  return out;
} catch (const zmq::error_t& error) {
  return link::zmq_error("control socket " + path.string(), error, Code::cannot_make);
}

ControlSocket::~ControlSocket() {
  if (!socket_) return;
  socket_.close();
  ::unlink(path_.c_str());
}

std::vector<ControlRequest> ControlSocket::pump() {
  std::vector<ControlRequest> out;
  for (std::size_t taken = 0; taken < kRequestsMax; ++taken) {
    const auto parts = link::receive(socket_);
    if (!parts) break;
    const std::string route = parts->front().to_string();
    const zmq::message_t& body = parts->back();
    auto request =
        parts->size() == 2 ? decode_request({body.data<std::uint8_t>(), body.size()}) : std::nullopt;
    if (!request) {
      answer(route, 0, Error{Code::protocol, "not a control request of version 1"});
      continue;
    }
    if (std::holds_alternative<SubscribeRequest>(request->request)) {
      const bool room = subscribers_.size() < kSubscribersMax || subscribers_.contains(route);
      if (room) subscribers_.insert(route);
      answer(route, request->id,
             room ? Answer(Subscribed{}) : Error{Code::temporary, "too many subscribers"});
      continue;
    }
    out.push_back({route, *std::move(request)});
  }
  return out;
}

void ControlSocket::answer(const std::string& route, std::uint64_t id, const Answer& answer) {
  // A program that has gone, or reads nothing, has no use for it.
  (void)link::send(socket_, route, encode(AnswerMessage{id, answer}));
}

void ControlSocket::tell_all(const Event& event) {
  const Bytes bytes = encode(AnswerMessage{0, event});
  std::erase_if(subscribers_, [&](const std::string& route) {
    return link::send(socket_, route, bytes) == link::Sent::gone;
  });
}

}  // namespace noroshi::daemon
