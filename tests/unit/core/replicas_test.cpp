// Two relays of one organisation hold the same mail: pushed at once, and found again after whatever came
// between.
#include "relay/core/replicas.hpp"

#include "keys/crypto.hpp"
#include "station.hpp"

using namespace noroshi;
using namespace noroshi::core;
using namespace noroshi::test;
using proto::Compare;
using proto::MailKey;
using proto::MailPrefix;
using proto::MailStretch;

namespace {

constexpr PeerId kI2 = relay_of(kIshikawa, 1);

/// Ishikawa has two home relays here.
const Network& twofold() {
  static const Network made([] {
    NetworkPlan plan = usual_plan();
    for (OrgPlan& org : plan.organisations) {
      if (org.id == kIshikawa) org.relays = 2;
    }
    return plan;
  }());
  return made;
}
Station station_of(PeerId self, std::vector<Neighbour> neighbours) {
  return Station(self, {.neighbours = std::move(neighbours),
                        .default_route = {},
                        .trust = twofold().trust(),
                        .of = &twofold()});
}

struct Pair {
  Station first, second;
  Speaker speaker{twofold(), field_of(kToyama)};
  std::vector<MsgId> said;

  explicit Pair(const LinkProfile& line = {})
      : first(station_of(kI, {neighbour(kI2, line), neighbour(kT)})),
        second(station_of(kI2, {neighbour(kI, line), neighbour(kN)})) {
    first.meet(kT);
    second.meet(kN);
  }
  void join() {
    first.up(kI2);
    second.up(kI);
    settle();
  }
  void part() {
    first.down(kI2);
    second.down(kI);
    settle();
  }
  std::size_t settle() { return test::settle({{kI, &first}, {kI2, &second}}); }
  /// A report to Ishikawa reaches one of the two.
  void deliver(Station& at, WallTime created = kStart + hours(1)) {
    const auto sealed = report(speaker, {kIshikawa}, proto::Level::routine, 60, created);
    at.send(&at == &first ? kT : kN, sealed.bytes);
    said.push_back(sealed.msg_id);
    settle();
  }
  [[nodiscard]] bool alike() {
    return first.store().mail_sum({}) == second.store().mail_sum({}) &&
           first.store().mail_sum({}).count == said.size();
  }
};

std::vector<Compare> compares(const std::vector<Left>& left, PeerId peer) {
  return all_of<Compare>(left, peer);
}

}  // namespace

TEST_CASE("what one relay of an organisation is given the other has too, and one of them says so") {
  Pair pair;
  pair.join();
  const auto sealed = report(pair.speaker, {kIshikawa});
  pair.first.send(kT, sealed.bytes);
  pair.settle();
  CHECK(pair.first.store().inbox().contains(sealed.msg_id));
  CHECK(pair.second.store().inbox().contains(sealed.msg_id));
  CHECK(pair.second.store().due(1).empty());
  CHECK(pair.first.count(EventKind::delivered) == 1);
  CHECK(pair.second.count(EventKind::delivered) == 1);
}

TEST_CASE("a replica that is asked about what another has signed for signs itself, if it can show nothing") {
  Pair pair;
  pair.join();
  const auto sealed = report(pair.speaker, {kIshikawa});
  pair.first.send(kT, sealed.bytes);
  pair.settle();
  pair.second.send(kN, sealed.bytes);
  CHECK_FALSE(pair.second.store().due(1).empty());
}

TEST_CASE("replicas that hold the same find it out by one question") {
  Pair pair;
  pair.join();
  for (int i = 0; i < 5; ++i) pair.deliver(pair.first);
  pair.settle();
  REQUIRE(pair.alike());
  pair.part();
  pair.first.up(kI2);
  pair.second.up(kI);
  std::size_t questions = 0;
  for (int i = 0; i < 8; ++i) {
    const auto from = pair.first.close(), back = pair.second.close();
    questions += compares(from, kI2).size();
    CHECK(compares(back, kI).empty());
    for (const Left& one : from)
      if (one.peer == kI2) pair.second.frame(kI, one.bytes);
    for (const Left& one : back)
      if (one.peer == kI) pair.first.frame(kI2, one.bytes);
  }
  CHECK(questions == 1);
}

TEST_CASE("what came to either of them while they could not speak is found when they can") {
  Pair pair;
  pair.join();
  for (int i = 0; i < 30; ++i) pair.deliver(pair.first, kStart + minutes(i));
  pair.settle();
  pair.part();
  for (int i = 0; i < 3; ++i) pair.deliver(pair.second, kStart + minutes(10 * i) + Seconds{7});
  for (int i = 0; i < 40; ++i) pair.deliver(pair.first, kStart + minutes(20 + i % 4));
  REQUIRE_FALSE(pair.alike());
  pair.join();
  CHECK(pair.alike());
}

TEST_CASE("a relay whose disk was lost has all of its mail again") {
  Pair pair;
  for (int i = 0; i < 300; ++i) pair.deliver(pair.first, kStart + Seconds{i * 900});
  pair.join();
  CHECK(pair.alike());
}

TEST_CASE("many messages of one second are told apart") {
  Pair pair;
  for (int i = 0; i < 60; ++i) pair.deliver(pair.first);
  for (int i = 0; i < 60; ++i) pair.deliver(pair.second);
  pair.join();
  CHECK(pair.alike());
}

TEST_CASE("what does not fit into an answer on a thin line is asked for again") {
  Pair pair({.rate_bps = 2'400, .rtt = Millis{600}});
  for (int i = 0; i < 400; ++i) pair.deliver(pair.second, kStart - Seconds{i * 3'000});
  for (int i = 0; i < 100; ++i) pair.deliver(pair.first, kStart - Seconds{i * 7'000 + 11});
  pair.join();
  std::size_t longest = 0;
  for (int round = 0; round < 12 && !pair.alike(); ++round) {
    for (const Left& one : pair.first.wait(hours(1))) {
      longest = std::max(longest, compares({one}, kI2).empty() ? 0 : one.bytes.size());
      if (one.peer == kI2) pair.second.frame(kI, one.bytes);
    }
    pair.settle();
  }
  CHECK(pair.alike());
  CHECK(longest < 600);
}

TEST_CASE("only a relay of the same organisation is answered") {
  Station station = station_of(kI, {neighbour(kI2), neighbour(kT)});
  station.meet(kT);
  MailStretch all{.kind = MailStretch::Kind::sum, .prefix = {}, .parts = 0, .digests = {{}}};
  station.frame(kT, proto::encode_frame(Compare{1, {all}}));
  CHECK(compares(station.close(), kT).empty());
  CHECK(station.count(EventKind::dropped) == 1);
}
