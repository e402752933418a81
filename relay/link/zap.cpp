#include "relay/link/zap.hpp"
#include "proto/language.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstring>

namespace noroshi::link {
namespace {

constexpr const char* kZapAddress = "inproc://zeromq.zap.01";
constexpr const char* kZapVersion = "1.0";

struct RandomKeys {
  RandomKeys() {
    if (::zmq_curve_keypair(public_text, secret_text) != 0) throw zmq::error_t();
  }
  char public_text[41] = {}, secret_text[41] = {};  // Z85
};

void send_parts(zmq::socket_ref socket, std::initializer_list<std::string> parts) {
  std::size_t left = parts.size();
  for (const std::string& part : parts)
    socket.send(zmq::buffer(part), --left > 0 ? zmq::send_flags::sndmore : zmq::send_flags::none);
}

}  // namespace

Result<std::unique_ptr<Zap>> Zap::open(zmq::context_t& context, const Door& door, Now now) try {
  std::unique_ptr<Zap> zap(new Zap(context, door));
  zap->handler_.set(zmq::sockopt::linger, 0);
  zap->handler_.bind(kZapAddress);
  TRY_VOID(zap->test_self(context, now));
  return zap;
} catch (const zmq::error_t& error) {
  return zmq_error("the authentication handler cannot be bound", error, Code::unavailable);
}

/// The handler must answer, and must say no to a key that nobody has.
Result<void> Zap::test_self(zmq::context_t& context, Now now) {
  const RandomKeys keys;
  std::uint8_t key[32];
  ::zmq_z85_decode(key, keys.public_text);
  zmq::socket_t asker(context, zmq::socket_type::req);
  asker.set(zmq::sockopt::linger, 0);
  asker.connect(kZapAddress);
  send_parts(asker,
             {kZapVersion, "self-test", kZapDomain, "127.0.0.1", "", "CURVE", std::string(text_of(key))});
  zmq::pollitem_t wait[] = {{handler_.handle(), 0, ZMQ_POLLIN, 0}};
  poll(wait, 1000);
  serve(now);
  wait[0].socket = asker.handle();
  poll(wait, 1000);
  const auto answer = receive(asker);
  if (!answer || answer->size() != 6 || (*answer)[1].to_string() != "self-test" ||
      (*answer)[2].to_string() != "400")
    return Error{Code::internal,
                 said("認証の自己検査に失敗しました", "the authentication handler fails its self-test")};
  return {};
}

std::vector<Zap::Refused> Zap::serve(Now now) {
  // version | request id | domain | address | identity | mechanism | 32-byte key
  // version | request id | status | text | user id | metadata
  std::vector<Refused> refused;
  while (const auto request = receive(handler_)) {
    const bool understood = request->size() == 7 && (*request)[0].to_string() == kZapVersion &&
                            (*request)[2].to_string() == kZapDomain && (*request)[5].to_string() == "CURVE" &&
                            (*request)[6].size() == 32;
    const std::string id = request->size() > 1 ? (*request)[1].to_string() : "";
    Door::Answer answer;
    if (understood)
      answer = door_.ask(keys::LinkPublic{array_of<32>({(*request)[6].data<std::uint8_t>(), 32})}, now);
    if (answer.admission == Admission::admitted) {
      send_parts(handler_, {kZapVersion, id, "200", "OK", to_string(answer.key), ""});
      continue;
    }
    // One answer for every reason: a stranger learns nothing about who is known here.
    send_parts(handler_, {kZapVersion, id, "400", "refused", "", ""});
    if (id != "self-test")
      refused.push_back({answer.admission, answer.key, understood ? (*request)[3].to_string() : ""});
  }
  return refused;
}

Result<void> probe_door(zmq::context_t& context, Zap& zap, std::string endpoint, BytesView server_key,
                        Now now, Millis patience) try {
  for (const auto& [any, here] : {std::pair{"//0.0.0.0:", "//127.0.0.1:"}, {"//[::]:", "//[::1]:"}})
    if (const auto at = endpoint.find(any); at != std::string::npos)
      endpoint.replace(at, std::strlen(any), here);
  const RandomKeys keys;
  zmq::socket_t stranger(context, zmq::socket_type::dealer);
  stranger.set(zmq::sockopt::linger, 0);
  stranger.set(zmq::sockopt::ipv6, endpoint.find('[') != std::string::npos);
  stranger.set(zmq::sockopt::curve_publickey, keys.public_text);
  stranger.set(zmq::sockopt::curve_secretkey, keys.secret_text);
  stranger.set(zmq::sockopt::curve_serverkey, zmq::buffer(server_key.data(), server_key.size()));
  Monitor monitor(context, stranger);
  stranger.connect(endpoint);

  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(patience.count);
  while (Clock::now() < end) {
    zmq::pollitem_t wait[] = {{zap.socket().handle(), 0, ZMQ_POLLIN, 0},
                              {monitor.socket().handle(), 0, ZMQ_POLLIN, 0}};
    poll(wait, 100);
    zap.serve(now);
    while (const auto event = monitor.next()) {
      if (event->kind == ConnectionEvent::Kind::refused) return {};
      if (event->kind == ConnectionEvent::Kind::handshake)
        return Error{Code::config,
                     endpoint + said(" は見知らぬ相手を受け入れます：ZeroMQ が相手を確かめていません",
                                     " accepts strangers: the ZeroMQ library does not ask who calls")};
    }
  }
  return Error{Code::config,
               endpoint + said(" が見知らぬ相手の呼びかけに答えません：拒むことを確かめられません",
                               " does not answer a stranger's call: cannot show that it would refuse")};
} catch (const zmq::error_t& error) {
  return zmq_error("probing " + endpoint, error);
}

}  // namespace noroshi::link
