#include "relay/core/route.hpp"

#include "keys/contact.hpp"
#include "station.hpp"

using namespace noroshi;
using namespace noroshi::core;
using namespace noroshi::test;

namespace {

keys::TrustPtr with_contact(keys::TrustPtr trust, DeviceId node, std::vector<DeviceId> to,
                            std::uint8_t link = 1, std::uint8_t age = 0) {
  keys::Contact contact{.node = node, .version = 1, .issued = kStart, .neighbours = {}};
  for (const DeviceId other : to) contact.neighbours.push_back({other, link, age});
  const auto result = keys::Trust::apply(trust, keys::sign_contact(network().identity(node), contact));
  REQUIRE(result.applied == keys::Applied::added);
  return result.next;
}

NodeConfig config(std::vector<PeerId> peers, PeerId default_route = kNobody) {
  NodeConfig out;
  out.self = kI;
  for (const PeerId peer : peers) out.neighbours.push_back(neighbour(peer));
  out.default_route = default_route;
  return out;
}

PeerId best(const Router& router, OrgId org, NodeTime time, std::vector<PeerId> avoid = {},
            PeerId never = {}) {
  return router.choose({.org = org, .level = proto::Level::flash, .avoid = avoid, .never = never}, time).via;
}

}  // namespace

TEST_CASE("delay and age classes are powers of two that hold the value") {
  CHECK(delay_of({}).count == 1);
  CHECK(delay_of({.rate_bps = 2400, .rtt = {600}}).count == 2);
  CHECK(class_of(Seconds{1}) == 0);
  CHECK(class_of(Seconds{2}) == 1);
  CHECK(class_of(Seconds{3}) == 2);
  CHECK(age_class_of(Seconds{1}) == 1);
  CHECK(age_class_of(minutes(2)) == 1);
  CHECK(age_class_of(minutes(3)) == 2);
  CHECK(age_class_of(days(365)) == 20);
}

TEST_CASE("an organisation next door is reached without anybody's contact object") {
  Router router(config({kN, kT}));
  router.survey(*network().trust(), at(kStart), false);
  CHECK(best(router, kNational, {0}) == kN);
  CHECK(best(router, kToyama, {0}) == kT);
  CHECK(best(router, kMinistry, {0}) == kNobody);
}

TEST_CASE("a link counts only if both ends state it") {
  Router router(config({kN, kT}));
  auto trust = with_contact(network().trust(), kN, {kM});
  router.survey(*trust, at(kStart), false);
  CHECK(best(router, kMinistry, {0}) == kNobody);
  trust = with_contact(trust, kM, {kN});
  router.survey(*trust, at(kStart), false);
  CHECK(best(router, kMinistry, {0}) == kN);
}

TEST_CASE("when a direct link is down the other way takes over in a bounded time, and gives back") {
  Router router(config({kN, kT}));
  auto trust = with_contact(network().trust(), kN, {kT});
  trust = with_contact(trust, kT, {kN});
  router.survey(*trust, at(kStart), false);
  router.link(kN, true, {0});
  router.link(kT, true, {0});
  CHECK(best(router, kNational, {100}) == kN);
  router.link(kN, false, {100});
  CHECK(best(router, kNational, {101}) == kN);
  CHECK(best(router, kNational, {110}) == kT);
  router.link(kN, true, {500});
  CHECK(best(router, kNational, {500}) == kN);
}

TEST_CASE("links far away age, and a node that has not signed for days is believed less") {
  Router router(config({kN, kT}));
  // Ministry is behind both; Toyama's own link to it has been down for hours.
  auto trust = with_contact(network().trust(), kM, {kN, kT});
  trust = with_contact(trust, kN, {kM}, 6);
  trust = with_contact(trust, kT, {kM}, 1, 7);
  router.survey(*trust, at(kStart), false);
  CHECK(best(router, kMinistry, {0}) == kN);
  // A clock that is not believed ages nothing.
  router.survey(*trust, at(kStart + days(30)), true);
  const auto fresh =
      router.choose({.org = kMinistry, .level = proto::Level::flash, .avoid = {}, .never = {}}, {0});
  router.survey(*trust, at(kStart + days(30)), false);
  const auto old =
      router.choose({.org = kMinistry, .level = proto::Level::flash, .avoid = {}, .never = {}}, {0});
  CHECK(old.delay > fresh.delay + days(20));
}

TEST_CASE("neighbours that would not take it are asked last, in turn, and one is never asked") {
  Router router(config({kN, kT}));
  auto trust = with_contact(network().trust(), kM, {kN, kT});
  trust = with_contact(trust, kN, {kM});
  trust = with_contact(trust, kT, {kM});
  router.survey(*trust, at(kStart), false);
  CHECK(best(router, kMinistry, {0}) == kN);
  CHECK(best(router, kMinistry, {0}, {kN}) == kT);
  CHECK(best(router, kMinistry, {0}, {kN, kT}) == kN);
  CHECK(best(router, kMinistry, {0}, {kT, kN}) == kT);
  CHECK(best(router, kMinistry, {0}, {}, kN) == kT);
}

TEST_CASE("a leaf sends everything to its default route, and to its other relay when that is silent") {
  Router router(config({kT, kN}, kT));
  router.survey(*network().trust(), at(kStart), false);
  router.link(kT, true, {0});
  router.link(kN, true, {0});
  CHECK(best(router, kMinistry, {0}) == kT);
  CHECK(best(router, kNational, {0}) == kN);
  router.link(kT, false, {0});
  CHECK(best(router, kMinistry, {60}) == kT);
  CHECK(best(router, kMinistry, {600}) == kN);
}

TEST_CASE("a line that takes only flash is no way for the rest") {
  NodeConfig narrow = config({kN});
  narrow.neighbours[0].lowest = proto::Level::flash;
  Router router(narrow);
  router.survey(*network().trust(), at(kStart), false);
  CHECK(
      router.choose({.org = kNational, .level = proto::Level::routine, .avoid = {}, .never = {}}, {0}).via ==
      kNobody);
  CHECK(router.choose({.org = kNational, .level = proto::Level::flash, .avoid = {}, .never = {}}, {0}).via ==
        kN);
}

TEST_CASE("queues are looked through when the best way changes, and ever more rarely while a link is away") {
  Router router(config({kN, kT}));
  router.survey(*network().trust(), at(kStart), false);
  router.link(kN, true, {0});
  router.link(kT, true, {0});
  (void)router.fallen({0});
  CHECK(router.fallen({1000}).empty());
  router.link(kN, false, {1000});
  int looks = 0;
  for (std::int64_t s = 1000; s < 1000 + 7 * 86'400; s += 5) looks += !router.fallen({s}).empty();
  CHECK(looks > 5);
  CHECK(looks < 40);
}
