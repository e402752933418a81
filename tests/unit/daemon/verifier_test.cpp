// Signatures beside the loop.
#include "relay/daemon/verifier.hpp"

#include <poll.h>

#include "tests/support/catch.hpp"
#include "tests/support/network.hpp"

using namespace noroshi;
using namespace noroshi::daemon;
using namespace noroshi::test;
using proto::Level;

namespace {

constexpr DeviceId kNear = relay_of(kIshikawa), kFar = relay_of(kNational);

Question question(core::JobId id, DeviceId peer, Level level) {
  return {{.id = id, .envelope = {}, .offer = {}, .peer = peer, .claimed = level}, {}, {}};
}

std::vector<core::JobId> order(Questions& questions) {
  std::vector<core::JobId> out;
  while (const auto next = questions.pop()) out.push_back(next->job.id);
  return out;
}

/// Whatever has been judged when something has; nothing after a deadline.
std::vector<Verifier::Verdict> wait_for(Verifier& verifier) {
  pollfd item{.fd = verifier.fd(), .events = POLLIN, .revents = 0};
  (void)::poll(&item, 1, 30'000);
  return verifier.take();
}

}  // namespace

TEST_CASE("what claims to be most urgent is judged first, and of one neighbour in the order of its coming") {
  Questions questions;
  questions.push(question(1, kNear, Level::bulk));
  questions.push(question(2, kNear, Level::routine));
  questions.push(question(3, kNear, Level::flash));
  questions.push(question(4, kNear, Level::urgent));
  questions.push(question(5, kNear, Level::flash));
  CHECK(order(questions) == std::vector<core::JobId>{3, 5, 4, 2, 1});
}

TEST_CASE("a neighbour that sends much delays nobody else by more than one signature") {
  Questions questions;
  for (core::JobId id = 1; id <= 60; ++id) questions.push(question(id, kNear, Level::routine));
  REQUIRE(questions.pop()->job.id == 1);
  questions.push(question(100, kFar, Level::routine));
  questions.push(question(101, kFar, Level::routine));
  CHECK(questions.pop()->job.id == 100);
  CHECK(questions.pop()->job.id == 2);
  CHECK(questions.pop()->job.id == 101);
  CHECK(questions.pop()->job.id == 3);
}

TEST_CASE("a verdict is what the relay check says, and its descriptor is readable until it is taken") {
  Network network;
  Speaker speaker{network, field_of(kIshikawa)};
  Bytes good = speaker.report({proto::to_org(kNational)}, view_of("gas"), kStart).bytes, bad = good;
  bad.back() ^= 1;
  Verifier verifier;
  CHECK_FALSE(verifier.has_judged());
  verifier.ask({{.id = 7, .envelope = good, .offer = {}, .peer = kNear}, network.trust(), at(kStart)});
  const auto first = wait_for(verifier);
  REQUIRE(first.size() == 1);
  CHECK(first[0].job == 7);
  CHECK(std::holds_alternative<keys::Verified>(std::get<keys::VerifyOutcome>(first[0].word)));
  CHECK_FALSE(verifier.has_judged());
  verifier.ask({{.id = 8, .envelope = bad, .offer = {}, .peer = kNear}, network.trust(), at(kStart)});
  const auto second = wait_for(verifier);
  REQUIRE(second.size() == 1);
  CHECK(std::get<keys::Refusal>(std::get<keys::VerifyOutcome>(second[0].word)) == keys::Refusal::signature);
}

TEST_CASE("what a node asked that is gone is not answered to the next one") {
  Network network;
  Speaker speaker{network, field_of(kIshikawa)};
  const Bytes envelope = speaker.report({proto::to_org(kNational)}, view_of("gas"), kStart).bytes;
  Verifier verifier;
  for (core::JobId id = 1; id <= 50; ++id)
    verifier.ask({{.id = id, .envelope = envelope, .offer = {}, .peer = kNear}, network.trust(), at(kStart)});
  verifier.forget();
  verifier.ask({{.id = 99, .envelope = envelope, .offer = {}, .peer = kNear}, network.trust(), at(kStart)});
  const auto verdicts = wait_for(verifier);
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].job == 99);
}
