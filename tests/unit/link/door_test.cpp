// Who may speak on a link.
#include "relay/link/door.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/network.hpp"

using namespace noroshi;
using namespace noroshi::link;
using namespace noroshi::test;

namespace {

constexpr DeviceId kNeighbour = relay_of(kToyama);

}  // namespace

TEST_CASE(
    "configured neighbours are admitted, other rostered devices are strangers, other keys are unknown") {
  const Network network;
  const Door door(network.trust(), {kNeighbour});
  const auto own = door.ask(network.identity(kNeighbour).link_public(), at(kStart));
  CHECK(own.admission == Admission::admitted);
  CHECK(own.key == network.identity(kNeighbour).key());
  CHECK(door.ask(network.identity(relay_of(kNiigata)).link_public(), at(kStart)).admission ==
        Admission::stranger);
  CHECK(door.ask(keys::LinkPublic{}, at(kStart)).admission == Admission::unknown_key);
}

TEST_CASE("a revoked key may not speak, whenever it was revoked") {
  for (const Seconds ago : {days(1), days(-1)}) {
    Network network;
    const KeyId key = network.identity(kNeighbour).key();
    keys::Revocation revocation;
    revocation.key = key;
    revocation.since = kStart - ago;
    network.take(network.revoke(revocation));
    CHECK(Door(network.trust(), {kNeighbour}).ask(key, at(kStart)) == Admission::revoked);
  }
}

TEST_CASE("an expired certificate speaks for the grace time, and longer if the clock is in doubt") {
  const Network network;
  const Door door(network.trust(), {kNeighbour});
  const KeyId key = network.identity(kNeighbour).key();
  const WallTime expires = network.trust()->certificate(key)->expires();
  const Seconds grace = network.trust()->certificate_grace();
  CHECK(grace >= days(400));
  CHECK(door.ask(key, at(expires + days(20))) == Admission::admitted);
  CHECK(door.ask(key, at(expires + grace)) == Admission::admitted);
  CHECK(door.ask(key, at(expires + grace + Seconds{1})) == Admission::expired);
  Now doubtful = at(expires + grace + days(1000));
  doubtful.wall_suspect = true;
  CHECK(door.ask(key, doubtful) == Admission::admitted);
}

TEST_CASE("a clock that was never set keeps nobody out") {
  const Network network;
  const Door door(network.trust(), {kNeighbour});
  CHECK(door.ask(network.identity(kNeighbour).key(), at(WallTime::from_unix(946'684'800))) ==
        Admission::admitted);
}

TEST_CASE("a resting neighbour is kept out until then, and its keys stay good") {
  const Network network;
  Door door(network.trust(), {kNeighbour, relay_of(kNiigata)});
  const KeyId key = network.identity(kNeighbour).key();
  Now now = at(kStart);
  const Instant until = now.mono + Millis{1'000};
  door.rest(kNeighbour, until);
  CHECK(door.ask(key, now) == Admission::resting);
  CHECK(door.rests(kNeighbour, now.mono) == until);
  CHECK(door.ask(network.identity(relay_of(kNiigata)).key(), now) == Admission::admitted);
  CHECK(door.keys_of(kNeighbour, now).size() == 1);
  now.mono = until;
  CHECK(door.ask(key, now) == Admission::admitted);
  CHECK_FALSE(door.rests(kNeighbour, now.mono));
}

TEST_CASE("key names are read strictly") {
  CHECK(parse_key_id("17/3.1") == KeyId{{{17}, 3}, 1});
  for (const char* bad : {"", "17/3", "17/3.", "17/3.256", "17/3.1 ", "17.3/1", ".1", "17/3.-1"})
    CHECK_FALSE(parse_key_id(bad));
}
