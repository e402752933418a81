// report_flood: a relay that means harm, or one that has gone wild, as a patched program would: it calls its
// neighbour and sends as fast as anybody takes it, without window and without hearing answers.
//
//   report_flood enrolled HOME PEER ENDPOINT FILE --seconds N
//     with HOME's relay.key: the envelopes of FILE again and again, bare, so that no number holds them up;
//     cut off, it calls again at once
//   report_flood stranger HOME PEER ENDPOINT --seconds N [--calls N]
//     with keys that nobody certified: so many callers that call again at once when they are refused
//
// PEER names the neighbour (1/2): its link key comes from HOME's certificates. Ends with a line of JSON:
// frames sent and their bytes, calls made or refused, seconds.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "keys/home.hpp"
#include "proto/frame.hpp"
#include "relay/link/sockets.hpp"
#include "tests/support/envelope_file.hpp"
#include "tests/support/must.hpp"

namespace {

using namespace noroshi;
using test::fail, test::must;
using Clock = std::chrono::steady_clock;

struct Plan {
  std::string home, peer, endpoint, file;
  double seconds = 60;
  int calls = 16;
};

/// One caller, and what its connection has done.
class Caller {
 public:
  Caller(zmq::context_t& context, const Plan& plan, BytesView server, BytesView open, BytesView secret)
      : dealer_(context, zmq::socket_type::dealer) {
    dealer_.set(zmq::sockopt::linger, 0);
    dealer_.set(zmq::sockopt::immediate, true);
    dealer_.set(zmq::sockopt::reconnect_ivl, 1);
    dealer_.set(zmq::sockopt::curve_serverkey, zmq::buffer(server.data(), server.size()));
    dealer_.set(zmq::sockopt::curve_publickey, zmq::buffer(open.data(), open.size()));
    dealer_.set(zmq::sockopt::curve_secretkey, zmq::buffer(secret.data(), secret.size()));
    monitor_.emplace(context, dealer_);
    dealer_.connect(plan.endpoint);
  }

  /// What happened since; what was sent to us is not looked at.
  void hear() {
    while (const auto event = monitor_->next()) {
      shook_hands = shook_hands || event->kind == link::ConnectionEvent::Kind::handshake;
      refused += event->kind == link::ConnectionEvent::Kind::refused;
      cut_off = cut_off || event->kind == link::ConnectionEvent::Kind::disconnected;
    }
    while (link::receive(dealer_)) {
    }
  }
  [[nodiscard]] bool send(BytesView frame) { return link::send(dealer_, "", frame) == link::Sent::sent; }
  void wait(std::int64_t ms) {
    zmq::pollitem_t items[] = {{dealer_.handle(), 0, ZMQ_POLLIN | ZMQ_POLLOUT, 0},
                               {monitor_->socket().handle(), 0, ZMQ_POLLIN, 0}};
    link::poll(std::span(items).subspan(shook_hands ? 0 : 1), ms);
  }

  bool shook_hands = false, cut_off = false;
  std::uint64_t refused = 0;

 private:
  zmq::socket_t dealer_;
  std::optional<link::Monitor> monitor_;
};

struct Known {
  keys::TrustPtr trust;
  keys::Identity self;
  DeviceId peer;
  Bytes server;
};

Known known(const Plan& plan) {
  keys::TrustPtr trust = must(keys::load_trust(plan.home));
  keys::Identity self = must(keys::load_identity(plan.home, keys::Which::relay, nullptr, *trust));
  const auto peer = parse_device_id(plan.peer);
  const keys::Certificate* certificate = peer ? trust->newest_certificate(*peer) : nullptr;
  if (!certificate) fail("nobody of that name: " + plan.peer);
  return {trust, std::move(self), *peer, bytes_of(certificate->link.value)};
}

/// Its hello, as a node would say it.
Bytes hello(const Known& known) {
  proto::Hello hello;
  hello.low = proto::kProtocolLow;
  hello.high = proto::kProtocolHigh;
  hello.node = known.self.device();
  hello.store = {known.self.store_id()};
  hello.session = 1;
  hello.wall = WallTime::from_unix(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  return proto::encode_frame(hello);
}

nlohmann::json flood_enrolled(const Plan& plan) {
  const Known who = known(plan);
  const std::vector<Bytes> envelopes = test::read_envelopes(plan.file);
  zmq::context_t context;
  const auto call = [&] {
    return std::make_unique<Caller>(context, plan, who.server, who.self.link_public().value,
                                    who.self.secrets().link.bytes());
  };
  std::uint64_t frames = 0, bytes = 0, calls = 0, refused = 0;
  std::unique_ptr<Caller> caller;
  bool greeted = false;
  const auto end = Clock::now() + std::chrono::duration<double>(plan.seconds);
  while (Clock::now() < end) {
    if (!caller) {
      caller = call();
      ++calls;
      greeted = false;
    }
    caller->hear();
    if (caller->refused > 0 || caller->cut_off) {
      refused += caller->refused;
      caller.reset();
      continue;
    }
    if (!caller->shook_hands) {
      caller->wait(20);
      continue;
    }
    if (!greeted) greeted = caller->send(hello(who));
    const Bytes& next = envelopes[frames % envelopes.size()];
    if (greeted && caller->send(next)) {
      ++frames;
      bytes += next.size();
    } else {
      caller->wait(20);
    }
  }
  return {{"frames", frames},
          {"bytes", bytes},
          {"calls", calls},
          {"refused", refused},
          {"seconds", plan.seconds}};
}

nlohmann::json flood_stranger(const Plan& plan) {
  const Known who = known(plan);
  zmq::context_t context;
  char open[41], secret[41];
  std::uint8_t open_bytes[32], secret_bytes[32];
  if (::zmq_curve_keypair(open, secret) != 0) fail("no keys");
  ::zmq_z85_decode(open_bytes, open);
  ::zmq_z85_decode(secret_bytes, secret);
  const auto call = [&] {
    return std::make_unique<Caller>(context, plan, who.server, open_bytes, secret_bytes);
  };
  std::vector<std::unique_ptr<Caller>> callers;
  while (callers.size() < static_cast<std::size_t>(plan.calls)) callers.push_back(call());
  std::uint64_t refused = 0;
  const auto end = Clock::now() + std::chrono::duration<double>(plan.seconds);
  while (Clock::now() < end) {
    for (auto& caller : callers) {
      caller->hear();
      if (caller->refused == 0) continue;
      ++refused;
      caller = call();  // libzmq does not call again by itself
    }
    callers.front()->wait(1);
  }
  return {{"refused", refused}, {"seconds", plan.seconds}};
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("a relay that has gone wild");
  app.require_subcommand(1);
  Plan plan;
  auto* enrolled = app.add_subcommand("enrolled");
  auto* stranger = app.add_subcommand("stranger");
  for (CLI::App* mode : {enrolled, stranger}) {
    mode->add_option("HOME", plan.home)->required();
    mode->add_option("PEER", plan.peer)->required();
    mode->add_option("ENDPOINT", plan.endpoint)->required();
    mode->add_option("--seconds", plan.seconds);
  }
  enrolled->add_option("FILE", plan.file)->required();
  stranger->add_option("--calls", plan.calls, "callers at a time");
  CLI11_PARSE(app, argc, argv);

  if (!keys::start_cryptography()) fail("no cryptography");
  std::printf("%s\n", (*enrolled ? flood_enrolled(plan) : flood_stranger(plan)).dump().c_str());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "report_flood: %s\n", error.what());
  return 1;
}
