// Who numbers, dates and refuses: the one sequencer of each key.
#include "keys/verify.hpp"
#include "tests/support/catch.hpp"
#include "world.hpp"

using namespace noroshi;
using namespace noroshi::test;

namespace {

proto::Header header_of(const keys::Sealed& sealed) {
  const auto parsed = proto::parse_envelope(sealed.bytes);
  REQUIRE(parsed.envelope);
  return parsed.envelope->header;
}
std::vector<proto::Wrap> wraps_of(const keys::Sealed& sealed) {
  return proto::parse_envelope(sealed.bytes).envelope->wraps;
}

keys::Draft report_to(std::vector<RecipientId> recipients) {
  keys::Draft draft;
  draft.recipients = std::move(recipients);
  draft.content = bytes_of(view_of("x"));
  return draft;
}

std::string refusal_of(const Result<keys::Sealed>& sealed) {
  return sealed ? "sealed" : sealed.error().text;
}

}  // namespace

TEST_CASE("numbers count from one and every recipient sees its own chain") {
  Speaker wajima(world(), field_of(kIshikawa));
  const auto first = wajima.report({{17}, {1}}, view_of("a"), kStart);
  const auto second = wajima.report({{17}}, view_of("b"), kStart);
  const auto third = wajima.report({{1}, {17}}, view_of("c"), kStart);
  CHECK(first.seq == 1);
  CHECK(third.seq == 3);
  CHECK(wraps_of(first)[0].prev == 0);
  CHECK(wraps_of(second)[0].prev == 1);
  CHECK(wraps_of(third)[0].recipient == RecipientId{1});  // ascending, whatever the order given
  CHECK(wraps_of(third)[0].prev == 2);
  CHECK(wraps_of(third)[1].prev == 1);
}

TEST_CASE("a predecessor 255 or more back is invisible to hops and exact for the reader") {
  Speaker wajima(world(), field_of(kIshikawa));
  (void)wajima.report({{17}, {1}}, view_of("a"), kStart);
  for (int i = 0; i < 300; ++i) (void)wajima.report({{2}}, view_of("b"), kStart);
  const auto last = wajima.report({{17}, {1}, {2}}, view_of("c"), kStart);
  const auto wraps = wraps_of(last);
  CHECK(wraps[0].prev == 255);
  CHECK(wraps[1].prev == 1);
  CHECK(wraps[2].prev == 255);
  const auto outcome = keys::verify(last.bytes, *world().trust(), at(kStart));
  REQUIRE(std::holds_alternative<keys::Verified>(outcome));
  const auto secrets = world().epoch_secrets(kIshikawa);
  const auto opened = keys::open(std::get<keys::Verified>(outcome), secrets, *world().trust());
  REQUIRE(std::holds_alternative<keys::Opened>(opened));
  CHECK(text_of(std::get<keys::Opened>(opened).content) == "c");
  CHECK(std::get<keys::Opened>(opened).predecessors == std::vector<Seq>{1, 301, 1});
}

TEST_CASE("a recipient named twice gets one wrap") {
  Speaker wajima(world(), field_of(kIshikawa));
  CHECK(wraps_of(wajima.report({{17}, {2}, {17}}, view_of("a"), kStart)).size() == 2);
}

TEST_CASE("a store that is not the key's own seals nothing") {
  const auto& identity = world().identity(field_of(kIshikawa));
  MemoryLedger copied(StoreId{identity.store_id().value + 1});
  SeededRng rng(1);
  const auto sealed = keys::seal_next(identity, *world().trust(), copied, report_to({{17}}), at(kStart), rng);
  REQUIRE_FALSE(sealed);
  CHECK(sealed.error().code == Code::permission);
  CHECK(copied.last_seq(identity.key()) == 0);
}

TEST_CASE("a key without a certificate, or under another's, seals nothing") {
  SeededRng rng(1);
  const keys::Identity stranger({{kIshikawa, 99}, 1}, world().root_id(), StoreId{1},
                                keys::KeySet::random(rng));
  MemoryLedger ledger(StoreId{1});
  CHECK(
      keys::seal_next(stranger, *world().trust(), ledger, report_to({{17}}), at(kStart), rng).error().code ==
      Code::unavailable);
  const keys::Identity impostor({field_of(kIshikawa), 1}, world().root_id(), StoreId{1},
                                keys::KeySet::random(rng));
  CHECK(
      keys::seal_next(impostor, *world().trust(), ledger, report_to({{17}}), at(kStart), rng).error().code ==
      Code::permission);
}

TEST_CASE("what cannot be said is refused with a reason and uses no number") {
  Speaker wajima(world(), field_of(kIshikawa));
  auto draft = report_to({});
  CHECK_FALSE(wajima.say(draft, at(kStart)));
  draft = report_to({{17}});
  draft.life = days(6);
  CHECK_FALSE(wajima.say(draft, at(kStart)));
  CHECK(wajima.say(report_to({{2000}}), at(kStart)).error().code == Code::config);  // nobody has that key
  CHECK(wajima.say(report_to({proto::kEveryone}), at(kStart)).error().code == Code::bad_data);
  draft = report_to({{17}});
  draft.ctype = proto::Ctype::directive;
  CHECK(refusal_of(wajima.say(draft, at(kStart))) != "sealed");
  CHECK(wajima.ledger().last_seq(wajima.identity().key()) == 0);
}

TEST_CASE("a clock older than the roster is doubted, and what it dates moves forward all the same") {
  Speaker wajima(world(), field_of(kIshikawa));
  const WallTime unset = WallTime::from_unix(946'684'800);  // 2000-01-01
  const auto first = header_of(*wajima.say(report_to({{17}}), at(unset)));
  const auto second = header_of(*wajima.say(report_to({{17}}), at(unset)));
  CHECK(first.clock_doubt);
  CHECK(first.created == world().trust()->roster_issued());
  CHECK(second.created == first.created + Seconds{1});
  const auto later = header_of(*wajima.say(report_to({{17}}), at(kStart)));
  CHECK_FALSE(later.clock_doubt);
  CHECK(later.created == kStart);
}

TEST_CASE("a clock that is known to be suspect is doubted even when it is ahead") {
  Speaker wajima(world(), field_of(kIshikawa));
  Now now = at(kStart + hours(9));
  now.wall_suspect = true;
  CHECK(header_of(*wajima.say(report_to({{17}}), now)).clock_doubt);
}

TEST_CASE("a clock in 2099 still seals, and next_created tells what seal_next will write") {
  Speaker wajima(world(), field_of(kIshikawa));
  for (const WallTime wall :
       {kStart, WallTime::from_unix(0), WallTime::from_unix(4'070'908'800), kStart - hours(26)}) {
    const WallTime told =
        keys::next_created(wajima.identity().key(), *world().trust(), wajima.ledger(), at(wall));
    CHECK(header_of(*wajima.say(report_to({{17}}), at(wall))).created == told);
  }
}

TEST_CASE("a sender that holds an expired roster says so") {
  Speaker wajima(world(), field_of(kIshikawa));
  CHECK_FALSE(header_of(*wajima.say(report_to({{17}}), at(kStart + days(80)))).old_roster);
  CHECK(header_of(*wajima.say(report_to({{17}}), at(kStart + days(100)))).old_roster);
}

TEST_CASE("the incident's own epoch is used where there is one, else the week's, else the newest known") {
  Network network;
  SeededRng rng(3);
  const auto secret = keys::Secret<32>::random(rng);
  network.take(network.sign_as_admin(kMinistry, keys::ObjectType::epoch,
                                     keys::encode_epoch({{2},
                                                         200,
                                                         kExercise,
                                                         kStart - days(1),
                                                         kStart + days(30),
                                                         keys::KeySet::random(rng).box_public()})));
  Speaker wajima(network, field_of(kIshikawa));
  auto draft = report_to({{2}, {17}});
  draft.incident = kExercise;
  const auto sealed = wajima.say(draft, at(kStart));
  CHECK(wraps_of(*sealed)[0].epoch == 200);
  CHECK(wraps_of(*sealed)[1].epoch == 2);
  draft.incident = {};
  CHECK(wraps_of(*wajima.say(draft, at(kStart)))[0].epoch == 2);
  CHECK(wraps_of(*wajima.say(draft, at(kStart + days(300))))[0].epoch == 10);
}

TEST_CASE("nobody seals to a voided epoch") {
  Network network;
  network.take(network.sign_as_admin(kMinistry, keys::ObjectType::epoch_void,
                                     keys::encode_epoch_void({{2}, 1, 3, 4, kStart})));
  Speaker wajima(network, field_of(kIshikawa));
  CHECK(wraps_of(*wajima.say(report_to({{2}}), at(kStart)))[0].epoch == 10);
}

TEST_CASE("epoch secrets go to transport and device keys and nowhere else") {
  Speaker admin(world(), admin_of(kIshikawa));
  keys::Draft draft = report_to({proto::to_transport(kToyama), proto::to_own_device(desk_of(kIshikawa).dev)});
  draft.ctype = proto::Ctype::epoch_secret;
  const auto sealed = admin.say(draft, at(kStart));
  REQUIRE(sealed);
  const auto outcome = keys::verify(sealed->bytes, *world().trust(), at(kStart));
  REQUIRE(std::holds_alternative<keys::Verified>(outcome));
  std::vector<keys::EpochSecret> toyama, desk;
  toyama.push_back(world().transport_secret(kToyama));
  desk.push_back(world().device_secret(desk_of(kIshikawa)));
  for (const auto* secrets : {&toyama, &desk})
    CHECK(std::holds_alternative<keys::Opened>(
        keys::open(std::get<keys::Verified>(outcome), *secrets, *world().trust())));
  draft.recipients = {{16}};
  CHECK_FALSE(admin.say(draft, at(kStart)));
  draft.recipients = {kEverybody};
  CHECK_FALSE(admin.say(draft, at(kStart)));
}

TEST_CASE("the size meter foretells the sealed size and where its bytes go") {
  Speaker wajima(world(), field_of(kIshikawa));
  for (const std::size_t content : {0u, 25u, 131u, 147u, 148u, 1000u}) {
    const auto size = keys::sealed_size(3, content);
    REQUIRE(size);
    CHECK(size->header == 20);
    CHECK(size->wraps == 60);
    CHECK(size->total() == wajima.report({{1}, {2}, {17}}, Bytes(content), kStart).bytes.size());
  }
  CHECK(keys::sealed_size(3, 147)->total() == 340);  // one satellite message
  CHECK(keys::sealed_size(3, 148)->total() == 384);
  CHECK(keys::sealed_size(0, 7)->total() == 93);
  CHECK_FALSE(keys::sealed_size(1, 70'000));
}
