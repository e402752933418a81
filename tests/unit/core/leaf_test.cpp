#include "keys/contact.hpp"
#include "station.hpp"

using namespace noroshi;
using namespace noroshi::test;

TEST_CASE("a home relay with a default route still says how it is reached") {
  const DeviceId ministry = relay_of(kMinistry), national = relay_of(kNational);
  Station station(ministry, {.neighbours = {{.peer = national, .profile = {}}}, .default_route = national});
  (void)station.live(hours(2));
  const keys::Contact* contact = station.node().trust()->contact(ministry);
  REQUIRE(contact != nullptr);
  CHECK(contact->neighbours.size() == 1);
}
