// Who is let in. Every caller is a process of its own.
#include "tests/e2e/link_support.hpp"

using namespace noroshi;
using namespace noroshi::test;
using Kind = link::Heard::Kind;

namespace {

constexpr DeviceId kSelf = relay_of(kIshikawa), kNeighbour = relay_of(kToyama);

/// Listens for one configured neighbour.
struct Listener : Relay {
  Listener() : Relay(network(), kSelf, {kNeighbour}) {}
  void listen() {
    open_tcp({.listen = "tcp://127.0.0.1:*", .links = {{.peer = kNeighbour, .address = "", .profile = {}}}});
  }
  [[nodiscard]] const keys::LinkPublic& key() const { return identity.link_public(); }
};

}  // namespace

TEST_CASE("a configured neighbour is let in by its certificate's key and named by it") {
  Listener relay;
  relay.open_zap();
  relay.listen();
  Caller caller(relay.tcp->endpoint(), relay.key(), network().identity(kNeighbour));
  REQUIRE(turn_until({&relay}, [&] { return relay.frames.size() >= 3; }));
  CHECK(relay.frames[0] == "frame 1");
  CHECK(relay.events.at(0) == to_string(network().identity(kNeighbour).key()));
  relay.tcp->send(kNeighbour, view_of("welcome"), {}, real_now());
  CHECK(turn_until({&relay}, [&] { return caller.said("received welcome"); }));
}

TEST_CASE("a caller with a random key is refused") {
  Listener relay;
  relay.open_zap();
  relay.listen();
  Caller stranger(relay.tcp->endpoint(), relay.key(), "random");
  CHECK(turn_until({&relay}, [&] { return stranger.said("refused"); }));
  REQUIRE_FALSE(relay.zap_refused.empty());
  CHECK(relay.zap_refused[0].why == link::Admission::unknown_key);
  CHECK(relay.frames.empty());
  CHECK(relay.seen(Kind::up) == 0);
}

TEST_CASE("a rostered device that is no configured neighbour is refused") {
  Listener relay;
  relay.open_zap();
  relay.listen();
  Caller other(relay.tcp->endpoint(), relay.key(), network().identity(relay_of(kNiigata)));
  CHECK(turn_until({&relay}, [&] { return other.said("refused"); }));
  CHECK(relay.zap_refused.at(0).why == link::Admission::stranger);
  CHECK(relay.frames.empty());
}

TEST_CASE("a caller without CURVE gets nowhere") {
  Listener relay;
  relay.open_zap();
  relay.listen();
  Caller caller(relay.tcp->endpoint(), relay.key(), "null");
  CHECK(turn_until({&relay}, [&] { return caller.said("disconnected") || caller.said("failed"); }));
  CHECK(relay.frames.empty());
}

TEST_CASE("without a handler libzmq lets anybody in, and no message is accepted: none carries a User-Id") {
  Listener relay;
  relay.listen();
  Caller stranger(relay.tcp->endpoint(), relay.key(), "random");
  Caller neighbour(relay.tcp->endpoint(), relay.key(), network().identity(kNeighbour));
  // The library is fail-open: both handshakes succeed. If that ever changes, this test should say so.
  CHECK(turn_until({&relay}, [&] { return stranger.said("handshake") && neighbour.said("handshake"); }));
  CHECK(turn_until({&relay}, [&] { return relay.seen(Kind::unnamed) >= 20; }));
  CHECK(relay.frames.empty());
  CHECK(relay.seen(Kind::up) == 0);
}

TEST_CASE("after the handler was killed while running no new caller's message is accepted") {
  Listener relay;
  relay.open_zap();
  relay.listen();
  {
    Caller before(relay.tcp->endpoint(), relay.key(), network().identity(kNeighbour));
    REQUIRE(turn_until({&relay}, [&] { return !relay.frames.empty(); }));
  }
  REQUIRE(turn_until({&relay}, [&] { return relay.seen(Kind::down) == 1; }));
  relay.zap.reset();
  const std::size_t frames = relay.frames.size();
  Caller stranger(relay.tcp->endpoint(), relay.key(), "random");
  Caller neighbour(relay.tcp->endpoint(), relay.key(), network().identity(kNeighbour));
  CHECK(turn_until({&relay}, [&] { return stranger.said("connected") && neighbour.said("connected"); }));
  // Whether libzmq lets them in now or leaves them hanging: nothing of theirs is heard.
  turn_until(
      {&relay}, [&] { return relay.seen(Kind::unnamed) >= 20; }, std::chrono::seconds(2));
  CHECK(relay.frames.size() == frames);
  CHECK(relay.seen(Kind::up) == 1);
}

TEST_CASE("the start-up probe passes with a handler and reports an open door without one") {
  Listener relay;
  relay.open_zap();
  relay.listen();
  CHECK(link::probe_door(relay.context, *relay.zap, relay.tcp->endpoint(), relay.key().value, real_now()));

  Listener open;
  open.listen();
  const auto probed =
      link::probe_door(open.context, *relay.zap, open.tcp->endpoint(), open.key().value, real_now());
  REQUIRE_FALSE(probed);
  CHECK(probed.error().code == Code::config);
}

TEST_CASE("a second handler in one process is an error, not a surprise") {
  Listener relay;
  relay.open_zap();
  CHECK_FALSE(link::Zap::open(relay.context, relay.door, real_now()));
}

TEST_CASE("a neighbour whose key is revoked is cut at once and not let in again") {
  Network world;
  Relay relay(world, kSelf, {kNeighbour});
  relay.open_zap();
  relay.open_tcp(
      {.listen = "tcp://127.0.0.1:*", .links = {{.peer = kNeighbour, .address = "", .profile = {}}}});
  Caller caller(relay.tcp->endpoint(), relay.identity.link_public(), world.identity(kNeighbour));
  REQUIRE(turn_until({&relay}, [&] { return relay.frames.size() >= 3; }));

  keys::Revocation revocation;
  revocation.key = world.identity(kNeighbour).key();
  revocation.since = kStart;
  world.take(world.revoke(revocation));
  relay.door.change(world.trust());
  relay.tcp->recheck(real_now());
  const std::size_t frames = relay.frames.size();
  CHECK(turn_until({&relay}, [&] { return caller.said("disconnected"); }));
  CHECK(turn_until({&relay}, [&] { return caller.said("refused"); }));
  CHECK(relay.frames.size() == frames);
  CHECK(relay.events.back() == "revoked");
  CHECK_FALSE(relay.tcp->up(kNeighbour));
}

TEST_CASE("the identity is asked on every message, even if nobody announced the revocation") {
  Network world;
  Relay relay(world, kSelf, {kNeighbour});
  relay.open_zap();
  relay.open_tcp(
      {.listen = "tcp://127.0.0.1:*", .links = {{.peer = kNeighbour, .address = "", .profile = {}}}});
  Caller caller(relay.tcp->endpoint(), relay.identity.link_public(), world.identity(kNeighbour));
  REQUIRE(turn_until({&relay}, [&] { return relay.frames.size() >= 3; }));
  keys::Revocation revocation;
  revocation.key = world.identity(kNeighbour).key();
  revocation.since = kStart;
  world.take(world.revoke(revocation));
  relay.door.change(world.trust());
  CHECK(turn_until({&relay}, [&] { return relay.seen(Kind::refused) > 0; }));
  CHECK(turn_until({&relay}, [&] { return caller.said("disconnected"); }));
  CHECK_FALSE(relay.tcp->up(kNeighbour));
}
