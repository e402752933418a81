#include <algorithm>

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

TEST_CASE("a relay that is nobody's home is told of the others once it says that it is no leaf") {
  const auto contact = [](const keys::Identity& identity, DeviceId neighbour) {
    const keys::Contact said{.node = identity.device(),
                             .version = 1,
                             .issued = kStart,
                             .neighbours = {{.node = neighbour, .link_class = 1, .age_class = 0}}};
    return keys::sign_contact(identity, said);
  };
  Station station(kN, {.neighbours = {neighbour(kM), neighbour(kLaptop)}, .default_route = {}});
  (void)station.meet(kM);
  (void)station.object(contact(network().identity(kM), kN)).close();
  CHECK(all_of<proto::Inventory>(station.meet(kLaptop), kLaptop).empty());

  station.frame(kLaptop, proto::encode_frame(proto::ObjectFrame{contact(laptop(), kN)}));
  const auto named = all_of<proto::Inventory>(station.close(), kLaptop);
  REQUIRE(named.size() == 1);
  const auto is_ministrys = [](const proto::ObjectRef& ref) {
    return ref.type == proto::ObjectType::contact &&
           ref.owner == (std::uint64_t{kM.org.value} << 32 | std::uint64_t{kM.dev} << 8);
  };
  CHECK(std::ranges::count_if(named[0].objects, is_ministrys) == 1);

  station.frame(kLaptop, proto::encode_frame(proto::ObjectFrame{contact(laptop(), kN)}));
  CHECK(all_of<proto::Inventory>(station.close(), kLaptop).empty());
}
