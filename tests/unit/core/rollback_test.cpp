// Stores that were lost, restored or rolled back: what each side finds out from a hello, and does.
#include "station.hpp"

using namespace noroshi;
using namespace noroshi::core;
using namespace noroshi::test;

namespace {

struct Scene {
  Station station{kI, {.neighbours = {neighbour(kLaptop), neighbour(kN)}, .default_route = {}}};
  Speaker speaker{network(), field_of(kIshikawa)};
  std::vector<MsgId> said;
  /// `count` reports that the national relay has acknowledged.
  void acknowledged(int count) {
    station.meet(kN);
    for (int i = 0; i < count; ++i) {
      const auto sealed = report(speaker, {kNational});
      said.push_back(sealed.msg_id);
      station.submit(sealed.bytes);
      station.close();
    }
    station.ack(kN, {.contiguous = static_cast<proto::LinkNumber>(count), .map = 0, .outcomes = {}}).close();
    for (const MsgId& id : said) REQUIRE(station.duty(id).state == DutyState::parked);
    station.down(kN).close();
  }
};

}  // namespace

TEST_CASE("a neighbour with a new, empty store is owed again everything it had acknowledged") {
  Scene scene;
  scene.acknowledged(50);
  scene.station.up(kN);
  auto hello = scene.station.hello_of(kN);
  hello.store = {4711};
  hello.accepted = {};
  hello.base = 0;
  scene.station.greet(kN, hello);
  CHECK(ids(scene.station.live(Seconds{30}), kN).size() == 50);
  CHECK(scene.station.store().peer(kN)->store == StoreId{4711});
}

TEST_CASE("a neighbour that lost its last commits is owed again exactly those") {
  Scene scene;
  scene.acknowledged(10);
  scene.station.up(kN);
  auto hello = scene.station.hello_of(kN);
  hello.accepted = {.contiguous = 7, .map = 0, .outcomes = {}};
  scene.station.greet(kN, hello);
  const auto again = ids(scene.station.close(), kN);
  CHECK(std::set(again.begin(), again.end()) == std::set(scene.said.begin() + 7, scene.said.end()));
}

TEST_CASE("owing again goes on after a crash in its middle") {
  Scene scene;
  scene.acknowledged(60);
  scene.station.up(kN);
  auto hello = scene.station.hello_of(kN);
  hello.store = {4711};
  hello.accepted = {};
  hello.base = 0;
  scene.station.greet(kN, hello);
  scene.station.close();
  scene.station.crash();
  scene.station.up(kN);
  hello.session = 9;
  scene.station.greet(kN, hello);
  (void)scene.station.live(Seconds{30});
  for (const MsgId& id : scene.said) CHECK(scene.station.duty(id).state == DutyState::sent);
}

TEST_CASE("a node that learns it was rolled back takes a new name and counts on") {
  Scene scene;
  scene.acknowledged(10);
  const StoreId before = scene.station.store().id();
  scene.station.crash(6);
  scene.station.up(kN).close();
  auto hello = scene.station.hello_of(kN);
  hello.accepted = {.contiguous = 10, .map = 0, .outcomes = {}};
  scene.station.greet(kN, hello);
  scene.station.close();
  CHECK(scene.station.count(EventKind::rolled_back) == 1);
  CHECK(scene.station.store().id() != before);
  const auto sealed = report(scene.speaker, {kNational});
  scene.station.submit(sealed.bytes);
  const auto left = envelopes(scene.station.close(), kN);
  REQUIRE_FALSE(left.empty());
  for (const Numbered& one : left) CHECK(one.link.number > 10);
}

TEST_CASE("a neighbour that remembers more acks than were given tells of a rollback too") {
  Scene scene;
  scene.station.meet(kN);
  scene.station.down(kN).close();
  scene.station.up(kN);
  auto hello = scene.station.hello_of(kN);
  hello.you_acked = 3;
  hello.base = 3;
  scene.station.greet(kN, hello).close();
  CHECK(scene.station.count(EventKind::rolled_back) == 1);
}

TEST_CASE("a neighbour that remembers another store of ours tells nothing about this one") {
  Scene scene;
  scene.station.up(kN);
  auto hello = scene.station.hello_of(kN);
  hello.your_store = {99};
  hello.accepted.contiguous = 500;
  hello.you_acked = 500;
  scene.station.greet(kN, hello).close();
  CHECK(scene.station.count(EventKind::rolled_back) == 0);
}

TEST_CASE("what a neighbour remembers of the store we were acknowledges nothing of the store we are") {
  Scene scene;
  scene.acknowledged(10);
  scene.station.crash(8);
  const StoreId before = scene.station.store().id();
  const auto remembers_ten = [&] {
    auto hello = scene.station.hello_of(kN);
    hello.your_store = before;
    hello.accepted = {.contiguous = 10, .map = 0, .outcomes = {}};
    return hello;
  };
  // The laptop's hello is the one that tells of the rollback.
  scene.station.up(kLaptop);
  auto hello = scene.station.hello_of(kLaptop);
  hello.you_acked = hello.base = 3;
  scene.station.greet(kLaptop, hello).close();
  REQUIRE(scene.station.store().id() != before);
  REQUIRE(scene.station.store().peer(kN)->sent < 10);

  scene.station.up(kN).greet(kN, remembers_ten());
  const auto sealed = report(scene.speaker, {kNational});
  scene.station.submit(sealed.bytes);
  REQUIRE_FALSE(ids(scene.station.close(), kN).empty());
  REQUIRE(scene.station.duty(sealed.msg_id).number <= 10);
  // Its commit failed: it took nothing, and says the same again.
  scene.station.down(kN).close();
  scene.station.up(kN).greet(kN, remembers_ten());
  const auto left = scene.station.close();
  CHECK(all_of<proto::Hello>(left, kN).at(0).you_acked ==
        0);  // or it would take its own disk for rolled back
  const auto again = ids(left, kN);
  CHECK(std::ranges::find(again, sealed.msg_id) != again.end());
  CHECK(scene.station.duty(sealed.msg_id).state == DutyState::sent);
}

TEST_CASE("of a neighbour that was rolled back nothing is called accepted that the store before had sent") {
  Scene scene;
  scene.station.meet(kN);
  for (int i = 0; i < 3; ++i) scene.station.send(kN, report(scene.speaker, {kIshikawa}).bytes);
  scene.station.close();
  scene.station.down(kN).close();
  // It lost two of the three, sends another one as its second, and our commit of that fails.
  scene.station.up(kN);
  auto hello = scene.station.hello_of(kN);
  hello.store = {4711};
  hello.base = 2;
  scene.station.greet(kN, hello).close();
  scene.station.down(kN).close();
  const auto ours = all_of<proto::Hello>(scene.station.up(kN).close(), kN);
  REQUIRE(ours.size() == 1);
  CHECK(ours[0].your_store == StoreId{4711});
  CHECK(ours[0].accepted.contiguous == 2);
  const auto is_void = [&](proto::LinkNumber number) {
    return std::ranges::any_of(ours[0].accepted.outcomes, [&](const proto::AckOutcome& outcome) {
      return outcome.number == number && outcome.parked == 0xFFFF && outcome.settled == 0xFFFF;
    });
  };
  CHECK((is_void(1) && is_void(2)));
}

TEST_CASE("absurd claims of a hello do not move our numbers") {
  Scene scene;
  scene.station.meet(kN);
  scene.station.down(kN).close();
  scene.station.up(kN);
  auto hello = scene.station.hello_of(kN);
  hello.accepted.contiguous = ~0u;
  hello.you_acked = ~0u;
  hello.base = ~0u;
  scene.station.greet(kN, hello).close();
  CHECK(scene.station.count(EventKind::rolled_back) == 0);
  CHECK(scene.station.store().peer(kN)->sent == 0);
}

TEST_CASE("hellos of a late or restarted neighbour never make two nodes begin anew for ever") {
  Scene scene;
  scene.station.meet(kN);
  auto hello = scene.station.hello_of(kN);
  scene.station.greet(kN, hello);
  const auto answer = all_of<proto::Hello>(scene.station.close(), kN);
  REQUIRE(answer.size() == 1);
  CHECK(answer[0].session == 1);
  hello.session = 1;
  scene.station.greet(kN, hello);
  CHECK(all_of<proto::Hello>(scene.station.close(), kN).empty());
}
