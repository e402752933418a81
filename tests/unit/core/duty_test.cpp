// What a node owes, and to whom: duty, acks, sessions.
#include "station.hpp"

using namespace noroshi;
using namespace noroshi::core;
using namespace noroshi::test;
using proto::Level;

TEST_CASE("a second copy of a report is acknowledged but stored once") {
  Station station = ishikawa();
  Speaker speaker = field();
  const auto sealed = report(speaker, {kNational});
  station.meet(kLaptop);
  station.meet(kT);
  station.send(kLaptop, sealed.bytes).send(kT, sealed.bytes);
  const auto left = station.close();
  CHECK(station.count(EventKind::accepted) == 1);
  CHECK(station.count(EventKind::duplicate) == 1);
  CHECK(all_of<proto::Ack>(left, kLaptop).size() == 1);
  CHECK(all_of<proto::Ack>(left, kT).size() == 1);
  CHECK(station.record(sealed.msg_id).from == kLaptop);
}

TEST_CASE("acks wait for the commit, one for each neighbour and turn") {
  Station station = ishikawa();
  Speaker speaker = field();
  station.meet(kLaptop);
  for (int i = 0; i < 5; ++i) station.send(kLaptop, report(speaker, {kNational}).bytes);
  CHECK(station.at_once().empty());
  const auto acks = all_of<proto::Ack>(station.close(), kLaptop);
  REQUIRE(acks.size() == 1);
  CHECK(acks[0].accepted.contiguous == 5);
}

TEST_CASE("a turn that was not committed has acknowledged nothing, and its numbers come again") {
  Station station = ishikawa();
  Speaker speaker = field();
  const auto sealed = report(speaker, {kNational});
  station.meet(kLaptop);
  station.send(kLaptop, sealed.bytes);
  station.crash();
  CHECK(station.store().peek(sealed.msg_id) == nullptr);
  station.up(kLaptop);
  const auto hello = all_of<proto::Hello>(station.close(), kLaptop);
  REQUIRE(hello.size() == 1);
  CHECK(hello[0].accepted.contiguous == 0);
}

TEST_CASE("every wrap is routed apart and handed over by its bit") {
  Station station = ishikawa();
  Speaker speaker = field();
  const auto sealed = report(speaker, {kNational, kToyama});
  station.meet(kT);
  station.meet(kN);
  CHECK(station.submit(sealed.bytes) == Submitted::queued);
  const auto left = station.close();
  REQUIRE(envelopes(left, kN).size() == 1);
  REQUIRE(envelopes(left, kT).size() == 1);
  CHECK(envelopes(left, kN)[0].link.for_wraps == 0b01);
  CHECK(envelopes(left, kT)[0].link.for_wraps == 0b10);
}

TEST_CASE("what a neighbour owes rests, and is owed again to another one first") {
  // Laptop: default route Ishikawa, and Toyama next to it.
  Station station(kLaptop, {.neighbours = {neighbour(kI), neighbour(kT)}, .default_route = kI});
  Speaker speaker = field();
  const auto sealed = report(speaker, {kMinistry}, Level::flash);
  station.meet(kI);
  station.meet(kT);
  station.submit(sealed.bytes);
  REQUIRE(ids(station.close(), kI).size() == 1);
  station.ack(kI, {.contiguous = 1, .map = 0, .outcomes = {}}).close();
  CHECK(station.duty(sealed.msg_id).state == DutyState::parked);
  CHECK(station.duty(sealed.msg_id).via == kI);
  CHECK(ids(station.live(minutes(29)), kT).empty());
  CHECK(ids(station.live(minutes(2)), kT) == std::vector{sealed.msg_id});
}

TEST_CASE("parked back by one neighbour, a report goes to the other, and comes back later if there is none") {
  Station station(kLaptop, {.neighbours = {neighbour(kI), neighbour(kT)}, .default_route = kI});
  Speaker speaker = field();
  const auto sealed = report(speaker, {kMinistry}, Level::flash);
  station.meet(kI);
  station.meet(kT);
  station.submit(sealed.bytes);
  station.close();
  station.ack(kI, {.contiguous = 1, .map = 0, .outcomes = {{.number = 1, .parked = 1}}});
  REQUIRE(ids(station.close(), kT).size() == 1);
  station.ack(kT, {.contiguous = 1, .map = 0, .outcomes = {{.number = 1, .parked = 1}}});
  station.close();
  CHECK(station.duty(sealed.msg_id).state == DutyState::owed);
  CHECK(station.duty(sealed.msg_id).again.s > 0);
  const auto told = station.node().progress(sealed.msg_id).at(0);
  CHECK(told.again.count == station.duty(sealed.msg_id).again.s - station.store().node_time().s);
  CHECK(told.tried == 2);
  const auto later = station.live(minutes(6));
  CHECK(ids(later, kI).size() + ids(later, kT).size() == 1);
}

TEST_CASE("a clock that was set back makes nobody ask more often") {
  Station station(kLaptop, {.neighbours = {neighbour(kI), neighbour(kT)}, .default_route = kI});
  Speaker speaker = field();
  const auto sealed = report(speaker, {kMinistry});
  station.meet(kI);
  station.meet(kT);
  station.set_wall(kStart + hours(10));
  station.submit(sealed.bytes);
  station.close();
  station.set_wall(kStart + hours(1));
  std::size_t asked = 1;
  const proto::Accepted parked{.contiguous = 1, .map = 0, .outcomes = {{.number = 1, .parked = 1}}};
  station.ack(kI, parked);
  asked += ids(station.close(), kT).size();
  station.ack(kT, parked);
  for (int i = 0; i < 60; ++i) {
    for (const Left& one : station.live(minutes(1))) asked += one.bytes.front() == proto::kFrameEnvelope;
  }
  CHECK(asked == 2);
}

TEST_CASE(
    "a neighbour whose disk is full is asked again when it said, before the one that brought the report") {
  Station station(kLaptop, {.neighbours = {neighbour(kI), neighbour(kT)}, .default_route = kI});
  Speaker speaker = field();
  const auto sealed = report(speaker, {kMinistry});
  station.meet(kI);
  station.meet(kT);
  station.send(kT, sealed.bytes);
  REQUIRE(ids(station.close(), kI).size() == 1);
  const auto full = [&](proto::LinkNumber number) {
    station.frame(kI,
                  proto::encode_frame(proto::Refuse{
                      .session = 1, .number = number, .code = proto::kRefuseNoSpace, .retry_after_s = 60}));
    return station.close();
  };
  CHECK(envelopes(full(1), kT).empty());
  CHECK(envelopes(station.live(Seconds{58}), kI).empty());
  CHECK(ids(station.live(Seconds{4}), kI) == std::vector{sealed.msg_id});
  // Full still: now the other is asked, which cannot but give it back; then the first one soon, not in hours.
  CHECK(envelopes(full(2), kT).empty());
  const auto other = station.live(Seconds{62});
  REQUIRE(ids(other, kT) == std::vector{sealed.msg_id});
  station.ack(kT, {.contiguous = 1, .map = 0, .outcomes = {{.number = 1, .parked = 1}}}).close();
  CHECK(ids(station.live(minutes(3)), kI) == std::vector{sealed.msg_id});
}

TEST_CASE("a node whose only way leads back does not take the duty") {
  // Toyama's only line goes to Ishikawa, which hands it a report for the national body.
  Station station(kT, {.neighbours = {neighbour(kI)}, .default_route = kI});
  Speaker speaker = field();
  const auto sealed = report(speaker, {kNational});
  station.meet(kI);
  station.send(kI, sealed.bytes);
  const auto acks = all_of<proto::Ack>(station.close(), kI);
  REQUIRE(acks.size() == 1);
  REQUIRE(acks[0].accepted.outcomes.size() == 1);
  CHECK(acks[0].accepted.outcomes[0].parked == 1);
  CHECK(station.duty(sealed.msg_id).state == DutyState::parked);
}

TEST_CASE("asked to take back what it parked, a node answers by where its best way leads") {
  Station station = ishikawa();
  Speaker speaker = field();
  const auto sealed = report(speaker, {kNational});
  station.meet(kN);
  station.meet(kT);
  station.submit(sealed.bytes);
  station.close();
  station.ack(kN, {.contiguous = 1, .map = 0, .outcomes = {}}).close();
  REQUIRE(station.duty(sealed.msg_id).state == DutyState::parked);
  SECTION("by the neighbour it leads through: no") {
    station.send(kN, sealed.bytes);
    CHECK(all_of<proto::Ack>(station.close(), kN).at(0).accepted.outcomes.at(0).parked == 1);
  }
  SECTION("by another one, while the best way is where it rests: no") {
    station.send(kT, sealed.bytes);
    CHECK(all_of<proto::Ack>(station.close(), kT).at(0).accepted.outcomes.at(0).parked == 1);
    CHECK(station.duty(sealed.msg_id).state == DutyState::parked);
  }
}

TEST_CASE("what arrived before a cut is not sent again, what did not gets a new number") {
  Station station = ishikawa();
  Speaker speaker = field();
  std::vector<MsgId> said;
  station.meet(kN);
  for (int i = 0; i < 3; ++i) {
    const auto sealed = report(speaker, {kNational});
    said.push_back(sealed.msg_id);
    station.submit(sealed.bytes);
  }
  CHECK(ids(station.close(), kN) == said);
  station.down(kN).close();
  station.up(kN);
  auto hello = station.hello_of(kN);
  hello.accepted = {.contiguous = 2, .map = 0, .outcomes = {{.number = 2, .parked = 1}}};
  station.greet(kN, hello);
  const auto left = envelopes(station.close(), kN);
  CHECK(station.duty(said[0]).state == DutyState::parked);
  CHECK(station.duty(said[1]).state == DutyState::owed);
  REQUIRE(left.size() == 1);
  CHECK(left[0].id == said[2]);
  CHECK(left[0].link.number == 4);
}

TEST_CASE("a number that was void in a hello that got lost is not taken for accepted") {
  Station station = ishikawa();
  Speaker speaker = field();
  station.meet(kT);
  station.down(kT).close();
  // Toyama sent numbers 1 and 2; only its next hello comes, and the answer to that gets lost.
  station.up(kT);
  auto hello = station.hello_of(kT);
  hello.base = 2;
  station.greet(kT, hello).down(kT).close();
  station.up(kT);
  const auto said = all_of<proto::Hello>(station.close(), kT);
  REQUIRE(said.size() == 1);
  CHECK(said[0].accepted.contiguous == 2);
  REQUIRE(said[0].accepted.outcomes.size() == 2);
  CHECK(said[0].accepted.outcomes[0].parked == 0xFFFF);
  CHECK(said[0].accepted.outcomes[0].settled == 0xFFFF);
}

TEST_CASE("frames of another session, out of reach or twice are dropped") {
  Station station = ishikawa();
  Speaker speaker = field();
  const auto sealed = report(speaker, {kNational});
  station.up(kLaptop).close();
  const auto numbered = [&](std::uint16_t session, proto::LinkNumber number) {
    Bytes bytes = bytes_of(proto::encode_link_header({session, number, 1}));
    bytes.insert(bytes.end(), sealed.bytes.begin(), sealed.bytes.end());
    return bytes;
  };
  station.frame(kLaptop, numbered(1, 1));  // before its hello
  station.greet(kLaptop).close();
  station.frame(kLaptop, numbered(2, 1)).frame(kLaptop, numbered(1, 65)).close();
  CHECK(station.count(EventKind::dropped) == 3);
  CHECK(station.count(EventKind::accepted) == 0);
  station.frame(kLaptop, numbered(1, 1)).frame(kLaptop, numbered(1, 1)).close();
  CHECK(station.count(EventKind::accepted) == 1);
}

TEST_CASE("verdicts may come late, in any order, or after the line has gone") {
  Station station = ishikawa();
  Speaker speaker = field();
  station.meet(kLaptop);
  station.verify_later(true);
  const auto first = report(speaker, {kNational}), second = report(speaker, {kNational}),
             third = report(speaker, {kNational});
  station.send(kLaptop, first.bytes).send(kLaptop, second.bytes);
  CHECK(all_of<proto::Ack>(station.close(), kLaptop).empty());
  station.verify_backwards();
  CHECK(all_of<proto::Ack>(station.close(), kLaptop).at(0).accepted.contiguous == 2);
  station.send(kLaptop, third.bytes).down(kLaptop).verify_backwards();
  station.close();
  CHECK(station.record(third.msg_id).body_held);
  station.up(kLaptop);
  CHECK(all_of<proto::Hello>(station.close(), kLaptop).at(0).accepted.contiguous == 2);
}

TEST_CASE("flash overtakes what waits, bulk waits but does not starve") {
  Station station = ishikawa();
  Speaker speaker = field();
  std::map<MsgId, Level> levels;
  for (int i = 0; i < 40; ++i) {
    const Level level = i < 10   ? Level::bulk
                        : i < 20 ? Level::routine
                        : i < 36 ? Level::urgent
                                 : Level::flash;
    const auto sealed = report(speaker, {kNational}, level);
    levels[sealed.msg_id] = level;
    station.submit(sealed.bytes);
  }
  const auto order = ids(station.meet(kN), kN);
  REQUIRE(order.size() == 40);
  for (std::size_t i = 0; i < 4; ++i) CHECK(levels[order[i]] == Level::flash);
  std::size_t first_bulk = 0;
  while (levels[order[first_bulk]] != Level::bulk) ++first_bulk;
  CHECK(first_bulk == 15);
  for (std::size_t i = 4; i < 20; ++i) CHECK((levels[order[i]] == Level::urgent || i == 15));
}

TEST_CASE("no more than the window is under way, but one envelope always is") {
  const LinkProfile narrow{.rate_bps = 0, .rtt = {600}, .window_bytes = 700, .metered = true};
  Station station(kLaptop, {.neighbours = {neighbour(kI, narrow)}, .default_route = kI});
  Speaker speaker = field();
  station.meet(kI);
  const auto large = report(speaker, {kNational}, Level::routine, 5000);
  station.submit(large.bytes);
  CHECK(ids(station.close(), kI).size() == 1);
  for (int i = 0; i < 5; ++i) station.submit(report(speaker, {kNational}).bytes);
  CHECK(ids(station.close(), kI).empty());
  station.ack(kI, {.contiguous = 1, .map = 0, .outcomes = {}});
  CHECK(ids(station.close(), kI).size() == 3);
  CHECK(station.node().links().at(0).in_flight_bytes <= 700);
}

TEST_CASE("sixty-four numbers at most are open, whatever the window") {
  Station station = ishikawa();
  Speaker speaker = field();
  station.meet(kN);
  for (int i = 0; i < 80; ++i) station.submit(report(speaker, {kNational}).bytes);
  CHECK(ids(station.close(), kN).size() == 64);
  station.ack(kN, {.contiguous = 0, .map = ~1ull, .outcomes = {}});
  CHECK(ids(station.close(), kN).empty());
  station.ack(kN, {.contiguous = 10, .map = ~0ull, .outcomes = {}});
  CHECK(ids(station.close(), kN).size() == 16);
}

TEST_CASE("a flash report gets a second way when no answer comes, and never a third") {
  Station station(kLaptop,
                  {.neighbours = {neighbour(kI), neighbour(kT), neighbour(kG)}, .default_route = kI});
  Speaker speaker = field();
  const auto sealed = report(speaker, {kMinistry}, Level::flash);
  for (const PeerId peer : {kI, kT, kG}) station.meet(peer);
  station.submit(sealed.bytes);
  CHECK(ids(station.close(), kI).size() == 1);
  const auto left = station.live(minutes(5));
  CHECK(ids(left, kI).empty());
  CHECK(ids(left, kT).size() + ids(left, kG).size() == 1);
}

TEST_CASE("a direct line that is down for long gives its queue to another way") {
  Station station(kLaptop, {.neighbours = {neighbour(kI), neighbour(kT)}, .default_route = kI});
  Speaker speaker = field();
  station.meet(kI);
  station.meet(kT);
  station.down(kI).close();
  std::vector<MsgId> said;
  for (int i = 0; i < 50; ++i) {
    const auto sealed = report(speaker, {kMinistry}, i % 2 ? Level::flash : Level::routine);
    said.push_back(sealed.msg_id);
    station.submit(sealed.bytes);
  }
  CHECK(ids(station.close(), kT).empty());
  CHECK(ids(station.live(minutes(12)), kT).size() == 50);
}

TEST_CASE("what a falling line never answered goes another way, unless the line comes back at once") {
  Station station(kLaptop, {.neighbours = {neighbour(kI), neighbour(kT)}, .default_route = kI});
  Speaker speaker = field();
  station.meet(kI);
  station.meet(kT);
  std::vector<MsgId> said;
  for (int i = 0; i < 3; ++i) {
    const auto sealed = report(speaker, {kMinistry});
    said.push_back(sealed.msg_id);
    station.submit(sealed.bytes);
  }
  REQUIRE(ids(station.close(), kI).size() == 3);
  station.down(kI).close();
  CHECK(ids(station.live(Seconds{10}), kT).empty());
  CHECK(ids(station.live(minutes(12)), kT) == said);
}

TEST_CASE(
    "what a line that stays down never answered goes back at last to a neighbour that would not take it") {
  Station station(kLaptop, {.neighbours = {neighbour(kI), neighbour(kT)}, .default_route = kI});
  Speaker speaker = field();
  const auto sealed = report(speaker, {kMinistry}, Level::flash);
  station.meet(kI);
  station.meet(kT);
  station.submit(sealed.bytes);
  station.close();
  station.ack(kI, {.contiguous = 1, .map = 0, .outcomes = {{.number = 1, .parked = 1}}});
  REQUIRE(ids(station.close(), kT).size() == 1);
  station.down(kT).close();
  CHECK(ids(station.live(minutes(30)), kI).empty());
  CHECK(ids(station.live(hours(3)), kI) == std::vector{sealed.msg_id});
}

TEST_CASE("what waits for a neighbour that is configured no longer goes another way") {
  Station station(kLaptop, {.neighbours = {neighbour(kI), neighbour(kT)}, .default_route = kI});
  Speaker speaker = field();
  const auto sealed = report(speaker, {kMinistry});
  station.meet(kI);
  station.down(kI);
  station.submit(sealed.bytes);
  station.close();
  CHECK(station.duty(sealed.msg_id).via == kI);
  station.restart({.neighbours = {neighbour(kT)}, .default_route = kT});
  station.up(kT).greet(kT);
  CHECK(ids(station.live(minutes(1)), kT) == std::vector{sealed.msg_id});
}

TEST_CASE("a refusal leaves the duty with the sender, which waits as long as it was told") {
  Station station = ishikawa();
  Speaker speaker = field();
  const auto sealed = report(speaker, {kNational});
  station.meet(kN);
  station.submit(sealed.bytes);
  station.close();
  station.frame(kN, proto::encode_frame(proto::Refuse{
                        .session = 1, .number = 1, .code = proto::kRefuseNoSpace, .retry_after_s = 90}));
  CHECK(ids(station.close(), kN).empty());
  CHECK(station.duty(sealed.msg_id).state == DutyState::owed);
  CHECK(ids(station.live(Seconds{88}), kN).empty());
  CHECK(ids(station.live(Seconds{4}), kN).size() == 1);
}

TEST_CASE("a full store refuses what is new, takes receipts and flash, and owes on") {
  Station station = ishikawa();
  Speaker speaker = field();
  station.meet(kLaptop);
  station.store().full = Pressure::refuse_new;
  const auto routine = report(speaker, {kNational}), flash = report(speaker, {kNational}, Level::flash);
  station.send(kLaptop, routine.bytes).send(kLaptop, flash.bytes);
  auto left = station.close();
  REQUIRE(all_of<proto::Refuse>(left, kLaptop).size() == 1);
  CHECK(all_of<proto::Refuse>(left, kLaptop)[0].code == proto::kRefuseNoSpace);
  CHECK(all_of<proto::Refuse>(left, kLaptop)[0].retry_after_s > 0);
  CHECK(station.store().peek(routine.msg_id) == nullptr);
  CHECK(station.store().peek(flash.msg_id) != nullptr);
  station.store().full = Pressure::only_essential;
  CHECK(station.submit(report(speaker, {kNational}, Level::flash).bytes) == Submitted::refused);
}

TEST_CASE("a flash report does not wait for a hello, even when numbers must") {
  Station station = ishikawa();
  Speaker speaker = field();
  const auto routine = report(speaker, {kNational}), flash = report(speaker, {kNational}, Level::flash);
  station.submit(routine.bytes);
  station.submit(flash.bytes);
  station.close();
  station.up(kN);
  const auto first = station.close();
  CHECK(envelopes(first, kN).empty());
  const bool bare =
      std::any_of(first.begin(), first.end(), [&](const Left& l) { return l.bytes == flash.bytes; });
  CHECK(bare);
  station.greet(kN);
  CHECK(ids(station.close(), kN).size() == 2);
  // Once met, the most urgent one travels with the hello.
  station.down(kN);
  const auto next = report(speaker, {kNational}, Level::urgent);
  station.submit(next.bytes);
  station.close();
  station.up(kN);
  CHECK(ids(station.close(), kN) == std::vector{next.msg_id});
}
