#include "relay/link/door.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/network.hpp"

using namespace noroshi;
using namespace noroshi::test;

TEST_CASE("a peer is dialled by the key it uses before the one that is certified for later") {
  Network network;
  SeededRng rng(3);
  const DeviceId peer = relay_of(kToyama);
  network.take(network.certify(
      network.usual_certificate(peer, keys::Roles{}.with(keys::Role::relay), keys::KeySet::random(rng), 2)));
  const link::Door door(network.trust(), {peer});
  const auto keys = door.keys_of(peer, at(kStart));
  REQUIRE(keys.size() == 2);
  CHECK(keys[0]->key == KeyId{peer, 1});
  CHECK(keys[1]->key == KeyId{peer, 2});
}
