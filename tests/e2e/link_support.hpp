// A relay's door and bearer in this process, callers in processes of their own, and waiting with deadlines.
#pragma once

#include <sys/wait.h>
#include <unistd.h>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>

#include "relay/link/tcp.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/network.hpp"

namespace noroshi::test {

/// For what should happen at once, on a machine under load.
inline constexpr std::chrono::seconds kDeadline{30};

/// The network of these tests, made once.
inline const Network& network() {
  static const Network it;
  return it;
}

inline Now real_now() {
  using namespace std::chrono;
  return {{duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count()}, kStart, false};
}

/// A relay of the network with its door and its bearer.
struct Relay {
  Relay(const Network& network, DeviceId self, std::set<DeviceId> neighbours)
      : identity(network.identity(self)), door(network.trust(), std::move(neighbours)), rng(self.dev) {}

  void open_zap() {
    auto opened = link::Zap::open(context, door, real_now());
    REQUIRE(opened);
    zap = *std::move(opened);
  }
  void open_tcp(link::TcpConfig config) {
    auto opened = link::Tcp::open(context, door, identity, rng, std::move(config), real_now());
    if (!opened) FAIL(opened.error().text);
    tcp = *std::move(opened);
  }
  /// One turn of a loop, at most `wait_ms` long.
  void turn(int wait_ms) {
    std::vector<zmq::pollitem_t> items;
    if (zap) items.push_back({zap->socket().handle(), 0, ZMQ_POLLIN, 0});
    tcp->watch(items);
    if (const auto wake = tcp->next_wake())
      wait_ms = static_cast<int>(std::clamp<std::int64_t>((*wake - real_now().mono).count, 0, wait_ms));
    link::poll(items, wait_ms);
    if (zap)
      for (auto& one : zap->serve(real_now())) zap_refused.push_back(std::move(one));
    for (link::Heard& one : tcp->pump(real_now())) {
      ++count[static_cast<std::size_t>(one.kind)];
      if (one.kind == link::Heard::Kind::frame) frames.emplace_back(text_of(one.frame));
      if (one.kind != link::Heard::Kind::frame) events.push_back(one.why);
    }
  }
  [[nodiscard]] int seen(link::Heard::Kind kind) const { return count[static_cast<std::size_t>(kind)]; }

  const keys::Identity& identity;
  zmq::context_t context;
  link::Door door;
  SeededRng rng;
  std::unique_ptr<link::Zap> zap;
  std::unique_ptr<link::Tcp> tcp;
  int count[8] = {};
  std::vector<std::string> frames, events;
  std::vector<link::Zap::Refused> zap_refused;
};

/// Turns every relay until `done`; false after the deadline.
template <typename Done>
bool turn_until(std::initializer_list<Relay*> relays, Done&& done,
                std::chrono::milliseconds deadline = kDeadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    for (Relay* relay : relays) relay->turn(10);
  }
  return true;
}

/// test_link_caller as a real second process.
class Caller {
 public:
  Caller(const std::string& endpoint, const keys::LinkPublic& server, const std::string& who,
         const std::string& open = "") {
    int in[2], out[2];
    REQUIRE(::pipe(in) == 0);
    REQUIRE(::pipe(out) == 0);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      for (const int fd : {in[0], in[1], out[0], out[1]}) ::close(fd);
      const std::string key = to_hex(server.value);
      ::execl(NOROSHI_LINK_CALLER, "test_link_caller", endpoint.c_str(), key.c_str(), who.c_str(),
              open.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    stdin_ = in[1];
    stdout_ = out[0];
  }
  Caller(const std::string& endpoint, const keys::LinkPublic& server, const keys::Identity& who)
      : Caller(endpoint, server, to_hex(who.secrets().link.bytes()), to_hex(who.link_public().value)) {}
  Caller(const Caller&) = delete;
  ~Caller() {
    ::close(stdin_);
    ::close(stdout_);
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  /// Whether it has said this line by now.
  [[nodiscard]] bool said(std::string_view line) {
    zmq::pollitem_t item{nullptr, stdout_, ZMQ_POLLIN, 0};
    char chunk[4096];
    for (link::poll({&item, 1}, 0); item.revents != 0; link::poll({&item, 1}, 0)) {
      const auto got = ::read(stdout_, chunk, sizeof chunk);
      if (got <= 0) break;
      text_.append(chunk, static_cast<std::size_t>(got));
    }
    return text_.find(std::string(line) + "\n") != std::string::npos;
  }

 private:
  pid_t pid_ = -1;
  int stdin_ = -1, stdout_ = -1;
  std::string text_ = "";
};

}  // namespace noroshi::test
