// What is let in: unknown senders, forgeries, quota, replays, clocks, own devices, floods, objects.
#include <algorithm>
#include <string>

#include "keys/contact.hpp"
#include "station.hpp"

using namespace noroshi;
using namespace noroshi::core;
using namespace noroshi::test;
using proto::Level;

namespace {

/// Everything but the certificates of these devices.
keys::TrustPtr without(const std::vector<DeviceId>& devices) {
  std::vector<Bytes> known;
  for (const Bytes& object : network().objects()) {
    bool left_out = false;
    for (const DeviceId device : devices) {
      const keys::ObjectRef name{keys::ObjectType::certificate,
                                 std::uint64_t{device.org.value} << 32 | std::uint64_t{device.dev} << 8 | 1,
                                 0,
                                 {}};
      left_out = left_out || equal(network().trust()->object(name), object);
    }
    if (!left_out) known.push_back(object);
  }
  return keys::Trust::apply_all(*keys::Trust::begin(known.front()), std::span(known).subspan(1));
}

Bytes certificate_of(DeviceId device) {
  return bytes_of(
      network().trust()->object({keys::ObjectType::certificate,
                                 std::uint64_t{device.org.value} << 32 | std::uint64_t{device.dev} << 8 | 1,
                                 0,
                                 {}}));
}

std::uint8_t code(keys::Refusal refusal) {
  return static_cast<std::uint8_t>(refusal);
}

}  // namespace

TEST_CASE("an unknown sender is held in memory while its certificate is asked for") {
  Station station(kI, {.neighbours = {neighbour(kLaptop), neighbour(kN)},
                       .default_route = {},
                       .trust = without({field_of(kIshikawa)})});
  Speaker speaker(network(), field_of(kIshikawa));
  const auto sealed = report(speaker, {kNational});
  station.meet(kLaptop);
  station.send(kLaptop, sealed.bytes).send(kLaptop, report(speaker, {kNational}).bytes);
  const auto left = station.close();
  CHECK(all_of<proto::WantObject>(left, kLaptop).size() == 1);
  CHECK(all_of<proto::Ack>(left, kLaptop).empty());
  CHECK(station.store().records().empty());
  station.frame(kLaptop, proto::encode_frame(proto::ObjectFrame{certificate_of(field_of(kIshikawa))}));
  CHECK(all_of<proto::Ack>(station.close(), kLaptop).at(0).accepted.contiguous == 2);
  CHECK(station.record(sealed.msg_id).body_held);
}

TEST_CASE("an unknown sender without a certificate goes back after a minute, and never fills the memory") {
  Station station(
      kI, {.neighbours = {neighbour(kLaptop)}, .default_route = {}, .trust = without({field_of(kIshikawa)})});
  Speaker speaker(network(), field_of(kIshikawa));
  station.meet(kLaptop);
  const std::size_t size = report(speaker, {kNational}, Level::bulk, 20'000).bytes.size();
  const std::size_t fit = 256 * 1024 / size;
  for (int i = 0; i < 20; ++i) station.send(kLaptop, report(speaker, {kNational}, Level::bulk, 20'000).bytes);
  const auto at_once = all_of<proto::Refuse>(station.close(), kLaptop);
  CHECK(at_once.size() == 20 - fit);
  const auto later = all_of<proto::Refuse>(station.live(minutes(2)), kLaptop);
  CHECK(later.size() == fit);
  for (const auto& refuse : later) CHECK(refuse.code == code(keys::Refusal::unknown_key));
}

TEST_CASE("a neighbour gets the certificate of a key once, before its first envelope") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  station.meet(kN);
  station.submit(report(speaker, {kNational}).bytes);
  station.submit(report(speaker, {kNational}).bytes);
  const auto left = station.close();
  REQUIRE(all_of<proto::ObjectFrame>(left, kN).size() == 1);
  CHECK(all_of<proto::ObjectFrame>(left, kN)[0].object == certificate_of(field_of(kIshikawa)));
  station.submit(report(speaker, {kNational}).bytes);
  CHECK(all_of<proto::ObjectFrame>(station.close(), kN).empty());
}

TEST_CASE("who sends an envelope is not told the certificate of its key") {
  Station station(kLaptop, {.neighbours = {neighbour(kI), neighbour(kT)}, .default_route = kI});
  Speaker speaker(network(), desk_of(kNational));
  station.meet(kI);
  station.meet(kT);
  station.send(kI, report(speaker, {kToyama}).bytes);
  CHECK(all_of<proto::ObjectFrame>(station.close(), kI).empty());
}

TEST_CASE("forged and malformed envelopes are refused by name, and write nothing") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  station.meet(kLaptop);
  const std::size_t commits = station.store().records().size();
  Bytes forged = report(speaker, {kNational}).bytes;
  forged.back() ^= 1;
  Bytes suite = report(speaker, {kNational}).bytes;
  suite[0] = 0x12;
  Bytes order = report(speaker, {kNational, kMinistry}).bytes;
  std::swap_ranges(order.begin() + 52, order.begin() + 72, order.begin() + 72);  // its two wraps
  station.send(kLaptop, forged).send(kLaptop, suite).send(kLaptop, order);
  const auto refused = all_of<proto::Refuse>(station.close(), kLaptop);
  REQUIRE(refused.size() == 3);
  CHECK(refused[0].code == code(keys::Refusal::signature));
  CHECK(refused[1].code == code(keys::Refusal::suite));
  CHECK(refused[2].code == code(keys::Refusal::order));
  CHECK(station.store().records().size() == commits);
  CHECK_FALSE(station.store().quota(field_of(kIshikawa)));
  CHECK(station.store().peer(kLaptop)->accepted.contiguous == 0);
}

TEST_CASE("a refused number is answered: the next session does not call it accepted") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  station.meet(kLaptop);
  Bytes forged = report(speaker, {kNational}).bytes;
  forged.back() ^= 1;
  station.send(kLaptop, forged).send(kLaptop, report(speaker, {kNational}).bytes).close();
  station.down(kLaptop).close();
  station.up(kLaptop);
  const auto hello = all_of<proto::Hello>(station.close(), kLaptop).at(0);
  CHECK(hello.accepted.contiguous == 2);
  REQUIRE(hello.accepted.outcomes.size() == 1);
  CHECK(hello.accepted.outcomes[0].number == 1);
  CHECK(hello.accepted.outcomes[0].parked == 0x7FFF);
}

TEST_CASE("two messages under one number are kept and forwarded, a third is refused") {
  Station station = ishikawa();
  station.meet(kLaptop);
  station.meet(kN);
  std::vector<MsgId> said;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Speaker speaker(network(), field_of(kIshikawa), seed);
    const auto sealed = report(speaker, {kNational}, Level::routine, 60 + seed);
    said.push_back(sealed.msg_id);
    station.send(kLaptop, sealed.bytes);
  }
  const auto left = station.close();
  CHECK(station.count(EventKind::equivocation) == 1);
  CHECK(ids(left, kN) == std::vector{said[0], said[1]});
  CHECK(all_of<proto::Refuse>(left, kLaptop).at(0).code == code(keys::Refusal::equivocation));
}

TEST_CASE("a thousand copies from two sides make one delivery") {
  Station station = national();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto sealed = report(speaker, {kNational});
  station.meet(kI);
  station.meet(kT);
  for (int i = 0; i < 500; ++i) {
    station.send(kI, sealed.bytes).send(kT, sealed.bytes);
    if (i % 20 == 0) station.close();
  }
  station.close();
  CHECK(station.count(EventKind::delivered) == 1);
  CHECK(station.store().inbox().size() == 1);
  CHECK(station.count(EventKind::duplicate) == 999);
}

TEST_CASE("what a neighbour says again and again is not written again") {
  Station station = national();
  Speaker speaker = field();
  const auto sealed = report(speaker, {kToyama});
  station.meet(kI);
  station.meet(kT);
  station.frame(kI, sealed.bytes).close();
  station.frame(kI, sealed.bytes).close();
  (void)station.store().take_touched();
  for (int i = 0; i < 50; ++i) station.frame(kI, sealed.bytes);
  station.close();
  CHECK(station.count(EventKind::duplicate) == 51);
  CHECK(station.store().take_touched().empty());
}

TEST_CASE("bare envelopes of no use count as dropped: known, refused, or too many to look at") {
  Station station = national();
  Speaker speaker = field();
  const auto sealed = report(speaker, {kToyama});
  station.meet(kI);
  station.meet(kT);
  station.frame(kI, sealed.bytes).close();
  CHECK(station.count(EventKind::dropped) == 0);
  station.frame(kI, sealed.bytes).close();
  CHECK(station.count(EventKind::dropped) == 1);
  Bytes forged = report(speaker, {kToyama}).bytes;
  forged.back() ^= 1;
  station.frame(kI, forged).close();
  CHECK(station.count(EventKind::refused) == 1);
  CHECK(station.count(EventKind::dropped) == 2);
}

TEST_CASE("over its quota a device is told when to come again") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  station.meet(kLaptop);
  // A field device has 7 × 1 MB: bulk of 60 kB fills that soon.
  std::optional<proto::Refuse> refused;
  for (int i = 0; i < 200 && !refused; ++i) {
    station.send(kLaptop, report(speaker, {kNational}, Level::bulk, 60'000).bytes);
    const auto left = all_of<proto::Refuse>(station.close(), kLaptop);
    if (!left.empty()) refused = left[0];
    if (!refused) CHECK(i < 120);
  }
  REQUIRE(refused);
  CHECK(refused->code == code(keys::Refusal::quota));
  CHECK(refused->retry_after_s > 0);
  CHECK(station.submit(report(speaker, {kNational}, Level::bulk, 60'000).bytes) == Submitted::refused);
  CHECK(station.submit(report(speaker, {kNational}).bytes) == Submitted::queued);
}

TEST_CASE("flash above the flash quota travels as urgent, visibly") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  MsgId last;
  for (int i = 0; i < 7 * 30 + 1; ++i) {
    const auto sealed = report(speaker, {kNational}, Level::flash);
    last = sealed.msg_id;
    REQUIRE(station.submit(sealed.bytes) == Submitted::queued);
  }
  CHECK(station.record(last).level == Level::urgent);
  CHECK(station.count(EventKind::quota) == 1);
}

TEST_CASE("a report is relayed with its priority whatever the clocks say") {
  const std::vector<Seconds> apart = {minutes(14), minutes(16), hours(9), hours(26), days(400)};
  for (const Seconds by : apart) {
    for (const int sign : {1, -1}) {
      Station station(kI, {.neighbours = {neighbour(kLaptop), neighbour(kN)},
                           .default_route = {},
                           .trust = network().trust(),
                           .wall = kStart + days(1) + Seconds{by.count * sign}});
      Speaker speaker(network(), field_of(kIshikawa));
      const auto sealed = report(speaker, {kNational}, Level::flash, 60, kStart + days(1));
      station.meet(kLaptop);
      station.meet(kN);
      station.send(kLaptop, sealed.bytes);
      CHECK(ids(station.close(), kN) == std::vector{sealed.msg_id});
      CHECK(station.record(sealed.msg_id).level == Level::flash);
    }
  }
}

TEST_CASE("twenty a day of a doubted clock keep their priority, the rest travels as bulk") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  std::size_t flash = 0;
  for (int i = 0; i < 25; ++i) {
    // Sealed with a clock at 2000-01-01: b3.
    const auto sealed = report(speaker, {kNational}, Level::flash, 60, WallTime{-757'382'400});
    station.submit(sealed.bytes);
    flash += station.record(sealed.msg_id).level == Level::flash;
  }
  CHECK(flash == 20);
}

TEST_CASE("what is dead goes, and its author is told; a desk keeps its mail") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kToyama));
  station.meet(kT);
  const auto carried = report(speaker, {kNational}), mail = report(speaker, {kIshikawa});
  station.send(kT, carried.bytes).send(kT, mail.bytes).close();
  const auto left = station.live(days(38));
  CHECK(station.duty(carried.msg_id).end == End::expired);
  CHECK_FALSE(station.store().holds_body(carried.msg_id));
  CHECK(station.store().holds_body(mail.msg_id));
  bool told = false;
  for (const Numbered& one : envelopes(left, kT)) {
    const auto parsed = proto::parse_envelope(one.envelope);
    const auto receipt = parsed.envelope->header.ctype == 2
                             ? proto::decode_receipt(parsed.envelope->clear_content())
                             : std::nullopt;
    told = told || (receipt && receipt->kind == proto::ReceiptKind::expired);
  }
  CHECK(told);
  CHECK(station.store().seen(carried.key, carried.seq).size() == 1);
}

TEST_CASE("nothing dies while the clock is in doubt") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto sealed = report(speaker, {kNational});
  station.submit(sealed.bytes);
  station.close();
  // The neighbour says that it is a year earlier than this clock believes.
  station.up(kN);
  auto hello = station.hello_of(kN);
  station.set_wall(kStart + days(400));
  hello.wall = kStart + hours(1);
  station.greet(kN, hello);
  station.close();
  CHECK(station.node().wall_suspect(station.now()));
  CHECK(station.store().holds_body(sealed.msg_id));
  // A second look at the time: they agree.
  station.down(kN).close();
  station.set_wall(kStart + hours(2));
  station.meet(kN);
  CHECK_FALSE(station.node().wall_suspect(station.now()));
}

TEST_CASE("a stale flash report travels as routine") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto sealed = report(speaker, {kNational}, Level::flash);
  station.submit(sealed.bytes);
  (void)station.live(days(31));
  station.meet(kN);
  CHECK(station.record(sealed.msg_id).level == Level::routine);
  CHECK(station.duty(sealed.msg_id).state == DutyState::sent);
}

TEST_CASE("a message to a device follows it to where it was last heard") {
  Station station = ishikawa();
  Speaker desk(network(), desk_of(kIshikawa)), field(network(), field_of(kIshikawa));
  for (const PeerId peer : {kLaptop, kT}) station.meet(peer);
  keys::Draft draft;
  draft.recipients = {proto::to_own_device(field_of(kIshikawa).dev)};
  draft.content = Bytes(40, 1);
  const auto sealed = desk.say(draft, at(kStart + hours(1)));
  REQUIRE(sealed);
  station.submit(sealed->bytes);
  CHECK(ids(station.close(), kLaptop).empty());
  CHECK(station.count(EventKind::no_route) == 1);
  station.send(kLaptop, report(field, {kNational}).bytes);
  (void)station.close();
  CHECK(station.duty(sealed->msg_id).via == kLaptop);
  CHECK(station.duty(sealed->msg_id).state == DutyState::sent);
}

TEST_CASE("a clear envelope to everyone floods once, to every neighbour but its sender") {
  Station station = ishikawa();
  Speaker field(network(), field_of(kToyama));
  for (const PeerId peer : {kLaptop, kT, kN}) station.meet(peer);
  keys::Draft draft;
  draft.ctype = proto::Ctype::incident_notice;
  draft.recipients = {proto::kEveryone};
  draft.content = Bytes(8, 1);
  const auto sealed = field.say(draft, at(kStart + hours(1)));
  REQUIRE(sealed);
  station.send(kT, sealed->bytes, 1).send(kN, sealed->bytes, 1);
  const auto left = station.close();
  CHECK(ids(left, kLaptop).size() == 1);
  CHECK(ids(left, kT).empty());
  CHECK(station.store().inbox().size() == 1);
}

TEST_CASE("any bytes of a neighbour, and any of a stranger, leave the node as it was") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto sealed = report(speaker, {kNational});
  station.submit(sealed.bytes);
  station.meet(kLaptop);
  const auto before = station.record(sealed.msg_id);
  SeededRng rng(5);
  for (int i = 0; i < 5000; ++i) {
    Bytes bytes(1 + rng.below(200));
    rng.fill(bytes);
    if (rng.below(2) == 0) bytes[0] = rng.below(2) == 0 ? proto::kFrameControl : proto::kFrameEnvelope;
    station.frame(rng.below(8) == 0 ? kM : kLaptop, bytes);
  }
  station.close();
  CHECK(station.record(sealed.msg_id) == before);
  CHECK(station.store().records().size() == 1);
}

TEST_CASE("a hello of somebody else is answered with bye") {
  Station station = ishikawa();
  station.up(kN);
  auto hello = station.hello_of(kN);
  hello.node = kT;
  station.greet(kN, hello);
  CHECK(all_of<proto::Bye>(station.close(), kN).size() == 1);
}

TEST_CASE("states that differ lead to inventories, questions and answers, revocations first") {
  Station old(kI, {.neighbours = {neighbour(kN)}, .default_route = kN, .trust = network().trust()});
  const Bytes revocation =
      network().revoke({.key = {field_of(kNiigata), 1}, .since = kStart, .reason = {}, .issued = kStart});
  const auto newer = keys::Trust::apply(network().trust(), revocation);
  REQUIRE(newer.applied == keys::Applied::added);
  Station fresh(kN, {.neighbours = {neighbour(kI)}, .default_route = kI, .trust = newer.next});
  old.up(kN);
  fresh.up(kI);
  settle({{kI, &old}, {kN, &fresh}});
  CHECK(old.node().trust()->revoked_since({field_of(kNiigata), 1}));
  CHECK(old.node().trust()->state_digest() == fresh.node().trust()->state_digest());
}

TEST_CASE("a revoked neighbour is not listened to from that moment") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  station.meet(kLaptop);
  station.object(network().revoke({.key = {kLaptop, 1}, .since = kStart, .reason = {}, .issued = kStart}));
  station.send(kLaptop, report(speaker, {kNational}).bytes).close();
  CHECK(station.count(EventKind::accepted) == 0);
  CHECK_FALSE(station.node().links().at(2).up);
  station.up(kLaptop).close();
  CHECK_FALSE(station.node().links().at(2).up);
}

TEST_CASE(
    "a relay signs its contact object at first, and again when a link has lastingly changed or a day is "
    "over") {
  Station station = ishikawa();
  const auto version = [&] {
    const keys::Contact* contact = station.node().trust()->contact(kI);
    return contact ? contact->version : 0;
  };
  station.close();
  const auto first = version();
  CHECK(first > 0);
  CHECK(station.node().trust()->contact(kI)->neighbours.size() == 2);  // the laptop is a leaf
  station.meet(kN);
  (void)station.live(minutes(40));
  const auto second = version();
  CHECK(second > first);
  for (int i = 0; i < 20; ++i) {
    station.down(kN);
    (void)station.live(minutes(1));
    station.meet(kN);
    (void)station.live(minutes(1));
  }
  CHECK(version() == second);
  (void)station.live(days(1) + hours(2));
  CHECK(version() > second);
}

TEST_CASE("a leaf signs no contact object and gets none") {
  Station leaf(kLaptop, {.neighbours = {neighbour(kI)}, .default_route = kI});
  (void)leaf.live(hours(2));
  CHECK(leaf.node().trust()->contact(kLaptop) == nullptr);
  Station station = ishikawa();
  station.meet(kLaptop);
  station.meet(kN);
  const Bytes contact = keys::sign_contact(
      network().identity(kN), {.node = kN, .version = 1, .issued = kStart, .neighbours = {{kI, 0, 0}}});
  station.frame(kN, proto::encode_frame(proto::ObjectFrame{contact}));
  CHECK(all_of<proto::ObjectFrame>(station.close(), kLaptop).empty());
}

TEST_CASE("a chain of relays carries a report to the ministry and its receipt back") {
  const auto line = [](DeviceId self, std::vector<core::Neighbour> next, PeerId route = {}) {
    return std::make_unique<Station>(self,
                                     Station::Options{.neighbours = std::move(next), .default_route = route});
  };
  auto laptop = line(kLaptop, {neighbour(kI)}, kI);
  auto ishikawa = line(kI, {neighbour(kLaptop), neighbour(kN)});
  auto national = line(kN, {neighbour(kI), neighbour(kM)});
  auto ministry = line(kM, {neighbour(kN)});
  const std::map<PeerId, Station*> all = {
      {kLaptop, laptop.get()}, {kI, ishikawa.get()}, {kN, national.get()}, {kM, ministry.get()}};
  for (auto& [peer, station] : all) {
    for (auto& [other, unused] : all) station->up(other);
  }
  settle(all);
  Speaker speaker(network(), field_of(kIshikawa));
  const auto sealed = report(speaker, {kNational, kMinistry}, Level::flash);
  CHECK(laptop->submit(sealed.bytes) == Submitted::queued);
  settle(all);
  CHECK(ministry->store().inbox().contains(sealed.msg_id));
  CHECK(national->store().inbox().contains(sealed.msg_id));
  for (const auto& one : laptop->node().progress(sealed.msg_id)) {
    CHECK(one.end == End::delivered);
    CHECK(one.reached == proto::ReceiptKind::delivered);
  }
  CHECK_FALSE(ishikawa->store().holds_body(sealed.msg_id));
  CHECK(laptop->store().holds_body(sealed.msg_id));
}

TEST_CASE(
    "a report brought on paper is delivered here and sent on, and is no second one when its line opens") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto sealed = report(speaker, {kIshikawa, kNational});
  station.meet(kN);
  CHECK(station.carry(sealed.bytes) == Submitted::queued);
  CHECK(station.carry(sealed.bytes) == Submitted::duplicate);
  CHECK(envelopes(station.close(), kN).size() == 1);
  CHECK(station.store().inbox().contains(sealed.msg_id));
  CHECK_FALSE(station.record(sealed.msg_id).origin);

  const std::size_t delivered = station.store().inbox().size();
  station.meet(kLaptop);
  station.send(kLaptop, sealed.bytes);
  const auto left = station.close();
  CHECK(all_of<proto::Ack>(left, kLaptop).at(0).accepted.contiguous == 1);
  CHECK(envelopes(left, kN).empty());
  CHECK(station.store().inbox().size() == delivered);
}

TEST_CASE("a report that came by a line before its author said it here is followed to every recipient") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  const auto sealed = report(speaker, {kIshikawa, kToyama, kNational});
  station.meet(kT);
  station.meet(kN);
  // Toyama had it on paper, kept its own wrap and hands on the others.
  const auto bit = [&](OrgId org) {
    const auto wraps = proto::parse_envelope(sealed.bytes).envelope->wraps;
    const auto found = std::ranges::find(wraps, proto::to_org(org), &proto::Wrap::recipient);
    return static_cast<std::uint16_t>(1u << (found - wraps.begin()));
  };
  station.send(kT, sealed.bytes, static_cast<std::uint16_t>(bit(kIshikawa) | bit(kNational))).close();
  CHECK_FALSE(station.record(sealed.msg_id).origin);
  CHECK(station.store().behind(field_of(kIshikawa)) == kT);
  REQUIRE(station.node().progress(sealed.msg_id).size() == 2);

  CHECK(station.submit(sealed.bytes) == Submitted::duplicate);
  const auto asked = envelopes(station.close(), kT);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].link.for_wraps == bit(kToyama));
  CHECK(station.record(sealed.msg_id).origin);
  CHECK(station.store().behind(field_of(kIshikawa)) == kNobody);
  CHECK(station.node().progress(sealed.msg_id).size() == 3);
  CHECK(station.store().inbox().size() == 1);
  // Toyama is told all the same: it holds the duty of what it handed over until it knows.
  CHECK(std::ranges::find(station.record(sealed.msg_id).duties.front().avoid, kT) !=
        station.record(sealed.msg_id).duties.front().avoid.end());
  CHECK(station.submit(sealed.bytes) == Submitted::duplicate);
  CHECK(envelopes(station.close(), kT).empty());
}

TEST_CASE("paper says nothing of where its writer is: mail for that laptop goes on to where it was heard") {
  Station station = ishikawa();
  Speaker speaker(network(), field_of(kIshikawa));
  station.meet(kLaptop);
  station.send(kLaptop, report(speaker, {kIshikawa}).bytes).close();
  CHECK(station.store().behind(field_of(kIshikawa)) == kLaptop);
  CHECK(station.carry(report(speaker, {kIshikawa}).bytes) == Submitted::queued);
  station.close();
  CHECK(station.store().behind(field_of(kIshikawa)) == kLaptop);
}

TEST_CASE("every code of a refusal has a name, those that only a newer node knows too") {
  CHECK(name_of_refuse(code(keys::Refusal::quota)) == "quota");
  CHECK(name_of_refuse(code(keys::Refusal::body)) == "body");
  CHECK(name_of_refuse(proto::kRefuseNoSpace) == "no_space");
  for (int code = static_cast<int>(keys::Refusal::body) + 1; code < proto::kRefuseNoSpace; ++code)
    CHECK(name_of_refuse(static_cast<std::uint8_t>(code)) == std::to_string(code));
}
