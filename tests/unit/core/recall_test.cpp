// What an author takes back: as long as no byte of it has left, and all of it or nothing.
#include <algorithm>

#include "station.hpp"

using namespace noroshi;
using namespace noroshi::core;
using namespace noroshi::test;
using proto::Level;

namespace {

/// The relay on a laptop, which sends everything to Ishikawa.
Station laptop_relay() {
  return Station(kLaptop, {.neighbours = {neighbour(kI)}, .default_route = kI});
}

}  // namespace

TEST_CASE("what waits for a line is taken back, and never leaves") {
  Station station = laptop_relay();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto wrong = report(speaker, {kNational, kMinistry}), right = report(speaker, {kNational});
  station.submit(wrong.bytes);
  station.submit(right.bytes);
  station.close();
  CHECK(station.recall({wrong.msg_id}));
  CHECK(station.count(EventKind::recalled) == 1);
  station.close();
  CHECK_FALSE(station.store().holds_body(wrong.msg_id));
  for (const RecipientProgress& one : station.node().progress(wrong.msg_id)) CHECK(one.end == End::cancelled);
  CHECK(ids(station.meet(kI), kI) == std::vector{right.msg_id});
  CHECK(ids(station.live(hours(30)), kI).empty());
  CHECK(station.recall({wrong.msg_id}));
}

TEST_CASE("a report and its parts are taken back together or not at all") {
  Station station = laptop_relay();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto first = report(speaker, {kNational}), second = report(speaker, {kNational});
  station.meet(kI);
  station.submit(first.bytes);
  REQUIRE(ids(station.close(), kI).size() == 1);
  station.down(kI).submit(second.bytes);
  station.close();
  CHECK_FALSE(station.recall({second.msg_id, first.msg_id}));
  CHECK(station.duty(second.msg_id).state == DutyState::owed);
  CHECK_FALSE(station.recall({}));
  CHECK(station.recall({second.msg_id}));
}

TEST_CASE("what has left stays, though the neighbour never got it, and through a restart") {
  Station station = laptop_relay();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto sealed = report(speaker, {kNational});
  station.meet(kI);
  station.submit(sealed.bytes);
  REQUIRE(ids(station.close(), kI).size() == 1);
  station.down(kI).close();
  SECTION("at once") {}
  SECTION("after a restart") {
    station.crash();
  }
  SECTION("said void by the next hello") {
    auto hello = station.hello_of(kI);
    hello.accepted = {
        .contiguous = 1, .map = 0, .outcomes = {{.number = 1, .parked = 0xFFFF, .settled = 0xFFFF}}};
    station.up(kI).greet(kI, hello);
    station.down(kI);
    REQUIRE(station.duty(sealed.msg_id).state == DutyState::owed);
  }
  CHECK_FALSE(station.recall({sealed.msg_id}));
}

TEST_CASE("a flash report that went ahead before the first hello has left") {
  Station station = laptop_relay();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto sealed = report(speaker, {kNational}, Level::flash);
  station.submit(sealed.bytes);
  station.close();
  station.up(kI).close();
  CHECK(station.duty(sealed.msg_id).state == DutyState::owed);
  CHECK_FALSE(station.recall({sealed.msg_id}));
}

TEST_CASE("what was delivered here, brought by others, or is not known is nobody's to take back") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto delivered = report(speaker, {kIshikawa, kNational}), carried = report(speaker, {kNational});
  station.submit(delivered.bytes);
  station.carry(carried.bytes);
  station.close();
  CHECK_FALSE(station.recall({delivered.msg_id}));
  CHECK_FALSE(station.recall({carried.msg_id}));
  CHECK_FALSE(station.recall({report(speaker, {kNational}).msg_id}));
}

TEST_CASE("an author that says it after all is followed again, to every recipient") {
  Station station = laptop_relay();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto sealed = report(speaker, {kNational, kMinistry});
  station.submit(sealed.bytes);
  station.close();
  REQUIRE(station.recall({sealed.msg_id}));
  station.close();
  CHECK(station.submit(sealed.bytes) == Submitted::duplicate);
  CHECK(station.node().follows_all(sealed.msg_id));
  CHECK(ids(station.meet(kI), kI) == std::vector{sealed.msg_id});
}

TEST_CASE("what left before this disk lost what it knew is owed again when a neighbour hands it over") {
  Station station = laptop_relay();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto sealed = report(speaker, {kNational});
  station.submit(sealed.bytes);
  station.close();
  REQUIRE(station.recall({sealed.msg_id}));
  station.close();
  station.meet(kI);
  station.send(kI, sealed.bytes).close();
  CHECK(station.store().holds_body(sealed.msg_id));
  CHECK(station.duty(sealed.msg_id).end == End::open);
}

TEST_CASE("a store that was found to be an older state of itself gives nothing back of before") {
  Station station = laptop_relay();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto before = report(speaker, {kNational});
  station.submit(before.bytes);
  station.close();
  // In its other life it went on from here and sent this.
  station.up(kI);
  auto hello = station.hello_of(kI);
  hello.accepted = {.contiguous = 3, .map = 0, .outcomes = {}};
  station.greet(kI, hello).down(kI).close();
  REQUIRE(station.count(EventKind::rolled_back) == 1);
  CHECK_FALSE(station.recall({before.msg_id}));
  const auto after = report(speaker, {kNational});
  station.submit(after.bytes);
  station.close();
  CHECK(station.recall({after.msg_id}));
}

TEST_CASE(
    "what may have been handed in before is not given back: it may have left from a store that is no more") {
  Station station = laptop_relay();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto lost = report(speaker, {kNational}), kept = report(speaker, {kNational});
  station.submit(lost.bytes, true);
  station.submit(kept.bytes);
  station.close();
  CHECK_FALSE(station.recall({lost.msg_id}));
  CHECK(station.recall({kept.msg_id}));
  station.close();
  // Said again, and perhaps sent, before this store fell back to where it was taken back.
  station.submit(kept.bytes, true);
  station.close();
  CHECK_FALSE(station.recall({kept.msg_id}));
}
