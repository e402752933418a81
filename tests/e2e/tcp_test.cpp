// The tcp bearer between two relays on real sockets.
#include "tests/e2e/link_support.hpp"

using namespace noroshi;
using namespace noroshi::test;
using Kind = link::Heard::Kind;

namespace {

constexpr DeviceId kHome = relay_of(kIshikawa), kCalls = relay_of(kToyama);

struct Pair {
  Pair() : home(network(), kHome, {kCalls}), calls(network(), kCalls, {kHome}) {
    home.open_zap();
    listen("tcp://127.0.0.1:*");
    dial({});
  }
  void listen(const std::string& address) {
    home.open_tcp({.listen = address, .links = {{.peer = kCalls, .address = "", .profile = {}}}});
    endpoint = home.tcp->endpoint();
  }
  void dial(link::TcpProfile profile) {
    profile.retry_min = {20};
    profile.retry_max = {100};
    calls.open_tcp({.listen = "", .links = {{.peer = kHome, .address = endpoint, .profile = profile}}});
  }
  template <typename Done>
  bool until(Done&& done) {
    return turn_until({&home, &calls}, done);
  }
  /// The dialler speaks first; the listener hears of it by that.
  void greet() {
    REQUIRE(until([&] { return calls.tcp->up(kHome); }));
    calls.tcp->send(kHome, view_of("hello"), {}, real_now());
    REQUIRE(until([&] { return home.tcp->up(kCalls); }));
    home.tcp->send(kCalls, view_of("hello back"), {}, real_now());
    REQUIRE(until([&] { return calls.frames.size() == 1; }));
  }
  Relay home, calls;
  std::string endpoint;
};

}  // namespace

TEST_CASE("a link comes up on both sides, the dialler's first") {
  Pair pair;
  pair.greet();
  CHECK(pair.home.frames == std::vector<std::string>{"hello"});
  CHECK(pair.calls.frames == std::vector<std::string>{"hello back"});
  CHECK(pair.home.seen(Kind::up) == 1);
  CHECK(pair.home.tcp->traffic(kCalls).bytes_in == 5);
}

TEST_CASE("head and body leave as one frame, the largest envelope passes") {
  Pair pair;
  pair.greet();
  const Bytes body(kEnvelopeBytesMax, 0xA5);
  pair.calls.tcp->send(kHome, view_of("123456789"), body, real_now());
  REQUIRE(pair.until([&] { return pair.home.frames.size() == 2; }));
  CHECK(pair.home.frames[1].size() == 9 + kEnvelopeBytesMax);
  CHECK(pair.home.frames[1].substr(0, 10) == "123456789\xA5");
}

TEST_CASE("a neighbour that sends a frame above the limit loses its connection, nothing else") {
  Pair pair;
  pair.greet();
  pair.calls.tcp->send(kHome, Bytes(kFrameBytesMax + 1, 1), {}, real_now());
  CHECK(pair.until([&] { return pair.home.seen(Kind::down) == 1 && pair.calls.seen(Kind::down) == 1; }));
  CHECK(pair.home.frames.size() == 1);
  REQUIRE(pair.until([&] { return pair.calls.seen(Kind::up) == 2; }));
  pair.calls.tcp->send(kHome, view_of("again"), {}, real_now());
  CHECK(pair.until([&] { return pair.home.frames.size() == 2; }));
}

TEST_CASE("frames beyond ZeroMQ's own queue wait in order and all arrive") {
  Pair pair;
  pair.greet();
  constexpr int kMany = 2000;
  for (int i = 0; i < kMany; ++i)
    pair.calls.tcp->send(kHome, view_of(std::to_string(i)), Bytes(500, 1), real_now());
  REQUIRE(pair.until([&] { return pair.home.frames.size() == 1 + kMany; }));
  for (int i = 0; i < kMany; ++i)
    REQUIRE(pair.home.frames[static_cast<std::size_t>(i + 1)].substr(0, std::to_string(i).size()) ==
            std::to_string(i));
  // And the other way, through the ROUTER.
  for (int i = 0; i < kMany; ++i)
    pair.home.tcp->send(kCalls, view_of(std::to_string(i)), Bytes(500, 1), real_now());
  CHECK(pair.until([&] { return pair.calls.frames.size() == 1 + kMany; }));
}

TEST_CASE("a peer that goes away is down, and up again when it is back: nothing old is replayed") {
  Pair pair;
  pair.greet();
  const std::string address = pair.endpoint;
  pair.home.tcp->close({0});
  pair.home.tcp.reset();
  pair.home.zap.reset();
  REQUIRE(turn_until({&pair.calls}, [&] { return pair.calls.seen(Kind::down) == 1; }));
  pair.calls.tcp->send(kHome, view_of("into the void"), {}, real_now());
  pair.home.open_zap();
  pair.listen(address);
  REQUIRE(pair.until([&] { return pair.calls.seen(Kind::up) == 2; }));
  pair.calls.tcp->send(kHome, view_of("fresh"), {}, real_now());
  REQUIRE(pair.until([&] { return pair.home.frames.size() == 2; }));
  CHECK(pair.home.frames[1] == "fresh");
}

TEST_CASE("a listener notices that its caller is gone") {
  Pair pair;
  pair.greet();
  pair.calls.tcp->close({0});
  pair.calls.tcp.reset();
  CHECK(turn_until({&pair.home}, [&] { return pair.home.seen(Kind::down) == 1; }));
  pair.dial({});
  REQUIRE(pair.until([&] { return pair.calls.seen(Kind::up) == 2; }));
  pair.calls.tcp->send(kHome, view_of("back"), {}, real_now());
  CHECK(pair.until([&] { return pair.home.seen(Kind::up) == 2; }));
}

TEST_CASE(
    "a neighbour that answers nothing is down after the profile's silence, one that owes nothing stays") {
  Pair pair;
  pair.calls.tcp.reset();
  link::TcpProfile profile;
  profile.silence = {300};
  pair.dial(profile);
  pair.greet();
  // Idle for several silences: nothing is awaited, nothing happens.
  turn_until(
      {&pair.home, &pair.calls}, [] { return false; }, std::chrono::milliseconds(1000));
  CHECK(pair.calls.seen(Kind::down) == 0);
  // An acknowledgement is awaited and does not come.
  pair.calls.tcp->expect(kHome, true, real_now());
  CHECK(pair.until([&] { return pair.calls.seen(Kind::down) == 1; }));
  CHECK(pair.calls.events.back() == "silent");
}

TEST_CASE("a closed window hangs up and refuses, an opened one connects again") {
  Pair pair;
  pair.greet();
  pair.home.tcp->allow(kCalls, false, real_now());
  CHECK(pair.until([&] { return pair.calls.seen(Kind::down) >= 1; }));
  CHECK_FALSE(pair.home.tcp->up(kCalls));
  pair.home.tcp->allow(kCalls, true, real_now());
  REQUIRE(pair.until([&] { return pair.calls.tcp->up(kHome); }));
  pair.calls.tcp->send(kHome, view_of("open"), {}, real_now());
  CHECK(pair.until([&] { return pair.home.frames.back() == "open"; }));
}

TEST_CASE("a caller that is to rest is cut off and turned away until then") {
  Pair pair;
  pair.greet();
  pair.home.door.rest(kCalls, real_now().mono + Millis{3'600'000});
  pair.home.tcp->recheck(real_now());
  CHECK_FALSE(pair.home.tcp->up(kCalls));
  CHECK(pair.until([&] { return pair.calls.seen(Kind::down) == 1; }));
  CHECK(pair.until([&] { return !pair.home.zap_refused.empty(); }));
  CHECK(pair.home.zap_refused.front().why == link::Admission::resting);
  pair.home.door.rest(kCalls, real_now().mono);
  REQUIRE(pair.until([&] { return pair.calls.tcp->up(kHome); }));
  pair.calls.tcp->send(kHome, view_of("rested"), {}, real_now());
  CHECK(pair.until([&] { return pair.home.frames.back() == "rested"; }));
}

TEST_CASE("a neighbour that is to rest is not dialled until then") {
  Pair pair;
  pair.greet();
  const Instant until = real_now().mono + Millis{400};
  pair.calls.door.rest(kHome, until);
  pair.calls.tcp->recheck(real_now());
  CHECK_FALSE(pair.calls.tcp->up(kHome));
  REQUIRE(pair.until([&] { return pair.calls.tcp->up(kHome); }));
  CHECK(real_now().mono >= until);
  CHECK(pair.calls.seen(Kind::failed) == 0);
}

TEST_CASE("a dialler does not speak to whoever holds another key") {
  Relay impostor(network(), relay_of(kNiigata), {kCalls});
  impostor.open_zap();
  impostor.open_tcp(
      {.listen = "tcp://127.0.0.1:*", .links = {{.peer = kCalls, .address = "", .profile = {}}}});
  Relay calls(network(), kCalls, {kHome});
  link::TcpProfile profile;
  profile.handshake = {500};
  calls.open_tcp(
      {.listen = "", .links = {{.peer = kHome, .address = impostor.tcp->endpoint(), .profile = profile}}});
  CHECK(turn_until({&impostor, &calls}, [&] { return calls.seen(Kind::failed) >= 1; }));
  CHECK(calls.seen(Kind::up) == 0);
  CHECK(impostor.frames.empty());
}

TEST_CASE("two relays that dial each other both hear what the other says") {
  Relay one(network(), kHome, {kCalls}), two(network(), kCalls, {kHome});
  for (Relay* relay : {&one, &two}) relay->open_zap();
  // Ports first, then the dials.
  one.open_tcp({.listen = "tcp://127.0.0.1:*", .links = {}});
  two.open_tcp({.listen = "tcp://127.0.0.1:*",
                .links = {{.peer = kHome, .address = one.tcp->endpoint(), .profile = {}}}});
  one.tcp->change({{.peer = kCalls, .address = two.tcp->endpoint(), .profile = {}}}, real_now());
  const auto speak = [&](Relay& from, DeviceId to) {
    if (from.tcp->up(to)) from.tcp->send(to, view_of("x"), {}, real_now());
  };
  CHECK(turn_until({&one, &two}, [&] {
    speak(one, kCalls);
    speak(two, kHome);
    return one.frames.size() > 20 && two.frames.size() > 20;
  }));
  CHECK(one.seen(Kind::up) <= 3);
  CHECK(two.seen(Kind::up) <= 3);
}

TEST_CASE("a neighbour that sends without end keeps no other waiting") {
  constexpr DeviceId kThird = relay_of(kNational);
  Relay home(network(), kHome, {kCalls, kThird}), calls(network(), kCalls, {kHome}),
      third(network(), kThird, {kHome});
  third.open_zap();
  third.open_tcp({.listen = "tcp://127.0.0.1:*", .links = {{.peer = kHome, .address = "", .profile = {}}}});
  home.open_zap();
  home.open_tcp({.listen = "tcp://127.0.0.1:*",
                 .links = {{.peer = kCalls, .address = "", .profile = {}},
                           {.peer = kThird, .address = third.tcp->endpoint(), .profile = {}}}});
  calls.open_tcp({.listen = "", .links = {{.peer = kHome, .address = home.tcp->endpoint(), .profile = {}}}});
  const auto until = [&](auto&& done) { return turn_until({&home, &calls, &third}, done); };
  REQUIRE(until([&] { return calls.tcp->up(kHome) && home.tcp->up(kThird); }));
  calls.tcp->send(kHome, view_of("hello"), {}, real_now());
  home.tcp->send(kThird, view_of("hello"), {}, real_now());
  REQUIRE(until([&] { return home.tcp->up(kCalls) && third.tcp->up(kHome); }));

  for (int i = 0; i < 100; ++i) calls.tcp->send(kHome, Bytes(500, 1), {}, real_now());
  third.tcp->send(kHome, view_of("fire"), {}, real_now());
  calls.tcp->leave(real_now());
  third.tcp->leave(real_now());
  // Both wait to be read, in a turn that has room for one frame of each.
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  for (int waiting = 0; waiting < 2;) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::vector<zmq::pollitem_t> items;
    home.tcp->watch(items);
    link::poll(items, 10);
    waiting = static_cast<int>(std::ranges::count_if(items, link::readable));
  }
  const auto heard = home.tcp->pump(real_now(), 3);
  const auto from = [&](DeviceId peer) {
    return std::ranges::count_if(
        heard, [&](const link::Heard& one) { return one.kind == Kind::frame && one.peer == peer; });
  };
  CHECK(from(kThird) == 1);
  CHECK(from(kCalls) >= 1);
}

TEST_CASE("an address that is none, or in use, is an error of configuration") {
  Relay one(network(), kHome, {}), two(network(), kCalls, {});
  one.open_tcp({.listen = "tcp://127.0.0.1:*", .links = {}});
  const auto taken = link::Tcp::open(two.context, two.door, two.identity, two.rng,
                                     {.listen = one.tcp->endpoint(), .links = {}}, real_now());
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == Code::cannot_make);
}
