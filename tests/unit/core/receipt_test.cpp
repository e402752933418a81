// Receipts: what settles, what only tells, and what must be shown again.
#include "proto/receipt.hpp"

#include <set>

#include "station.hpp"

using namespace noroshi;
using namespace noroshi::core;
using namespace noroshi::test;
using proto::Level;
using proto::ReceiptKind;

namespace {

proto::ReceiptEntry entry(const std::vector<keys::Sealed>& messages, OrgId recipient) {
  std::vector<MsgId> ids;
  for (const auto& sealed : messages) ids.push_back(sealed.msg_id);
  const KeyId key = messages.front().key;
  return {.dev = key.device.dev,
          .gen = key.gen,
          .recipient = proto::to_org(recipient),
          .from = messages.front().seq,
          .to = messages.back().seq,
          .count = static_cast<std::uint16_t>(ids.size()),
          .digest = keys::receipt_digest(ids)};
}

keys::Sealed receipt(Speaker& signer, ReceiptKind kind, const proto::ReceiptEntry& about,
                     OrgId source = kIshikawa) {
  proto::Receipt content{.kind = kind, .reason = {}, .store = {1}, .entries = {about}, .epoch_object = {}};
  keys::Draft draft;
  draft.ctype = proto::Ctype::receipt;
  draft.life = days(14);
  draft.recipients = {proto::to_org(source)};
  draft.content = proto::encode_receipt(content);
  auto sealed = signer.say(draft, at(kStart + hours(1)));
  REQUIRE(sealed);
  return *std::move(sealed);
}

/// The receipts among what left.
std::vector<proto::Receipt> receipts(const std::vector<Left>& left, PeerId peer) {
  std::vector<proto::Receipt> out;
  for (const Numbered& one : envelopes(left, peer)) {
    const auto parsed = proto::parse_envelope(one.envelope);
    REQUIRE(parsed.envelope);
    if (parsed.envelope->header.ctype != 2) continue;
    out.push_back(*proto::decode_receipt(parsed.envelope->clear_content()));
  }
  return out;
}

/// A relay between a laptop and the national body, with three reports that the national relay has taken.
struct Carried {
  Station station = ishikawa();
  Speaker field{network(), field_of(kIshikawa)};
  Speaker home{network(), kN};
  std::vector<keys::Sealed> said;
  Carried() {
    for (const PeerId peer : {kLaptop, kT, kN}) station.meet(peer);
    for (int i = 0; i < 3; ++i) {
      said.push_back(report(field, {kNational}));
      station.send(kLaptop, said.back().bytes);
    }
    station.close();
    station.ack(kN, {.contiguous = 3, .map = 0, .outcomes = {}}).close();
  }
};

}  // namespace

TEST_CASE("a home relay delivers, and signs one receipt for what came together") {
  Station station = national();
  Speaker field(network(), field_of(kIshikawa));
  station.meet(kI);
  for (int i = 0; i < 5; ++i) station.send(kI, report(field, {kNational}).bytes);
  CHECK(receipts(station.close(), kI).empty());
  CHECK(station.count(EventKind::delivered) == 5);
  CHECK(station.store().inbox().size() == 5);
  const auto left = receipts(station.live(Seconds{3}), kI);
  REQUIRE(left.size() == 1);
  CHECK(left[0].kind == ReceiptKind::delivered);
  REQUIRE(left[0].entries.size() == 1);
  CHECK(left[0].entries[0].count == 5);
  CHECK(station.store().due(10).empty());
}

TEST_CASE("a flash report has its receipt in the same turn, one level below") {
  Station station = national();
  Speaker field(network(), field_of(kIshikawa));
  station.meet(kI);
  station.send(kI, report(field, {kNational}, Level::flash).bytes);
  const auto left = station.close();
  CHECK(receipts(left, kI).size() == 1);
  CHECK(keys::peek(envelopes(left, kI).at(0).envelope)->level == Level::urgent);
}

TEST_CASE("a receipt of one block says all of it that came the same way, told before or not") {
  Station station = national();
  Speaker field(network(), field_of(kIshikawa));
  station.meet(kI);
  for (std::uint16_t i = 1; i <= 3; ++i) {
    station.send(kI, report(field, {kNational}).bytes).close();
    const auto left = receipts(station.live(Seconds{3}), kI);
    REQUIRE(left.size() == 1);
    CHECK(left[0].entries.at(0).count == i);
  }
}

TEST_CASE("a receipt settles what it proves, travels back and lets the body go") {
  Carried carried;
  const auto signed_receipt = receipt(carried.home, ReceiptKind::delivered, entry(carried.said, kNational));
  carried.station.send(kN, signed_receipt.bytes, 1);
  const auto left = carried.station.close();
  for (const auto& sealed : carried.said) {
    CHECK(carried.station.duty(sealed.msg_id).state == DutyState::settled);
    CHECK(carried.station.duty(sealed.msg_id).end == End::delivered);
    CHECK_FALSE(carried.station.store().holds_body(sealed.msg_id));
    CHECK(carried.station.node().progress(sealed.msg_id).at(0).reached == ReceiptKind::delivered);
  }
  REQUIRE(envelopes(left, kLaptop).size() == 1);
  CHECK(envelopes(left, kLaptop)[0].link.for_wraps == 0);
  CHECK(envelopes(left, kN).empty());
}

TEST_CASE(
    "what was handed in here is counted when it has arrived, in time or late, once for each recipient") {
  Station station(kLaptop, {.neighbours = {neighbour(kI)}, .default_route = kI});
  Speaker author(network(), field_of(kIshikawa)), national(network(), kN), toyama(network(), kT);
  Speaker desk(network(), desk_of(kNational));
  station.meet(kI);
  const auto flash =
      report(author, {kNational, kToyama}, Level::flash, 120, kStart);  // its receipts: an hour later
  const auto routine = report(author, {kNational}, Level::routine);
  for (const auto& sealed : {flash, routine}) station.submit(sealed.bytes);
  station.close();
  const auto counted = [&] { return station.store().on_time(0); };
  CHECK(counted() == OnTime{});
  const auto hear = [&](Speaker& signer, ReceiptKind kind, const keys::Sealed& about, OrgId by) {
    station.send(kI, receipt(signer, kind, entry({about}, by)).bytes, 1);
    station.close();
  };
  hear(national, ReceiptKind::delivered, flash, kNational);
  CHECK(counted() == OnTime{.met = {}, .missed = {0, 0, 0, 1}});
  hear(toyama, ReceiptKind::delivered, flash, kToyama);
  hear(desk, ReceiptKind::opened, routine, kNational);  // overtook the one for "delivered"
  CHECK(counted() == OnTime{.met = {0, 1, 0, 0}, .missed = {0, 0, 0, 2}});
  hear(national, ReceiptKind::delivered, routine, kNational);
  hear(desk, ReceiptKind::opened, flash, kNational);
  CHECK(counted() == OnTime{.met = {0, 1, 0, 0}, .missed = {0, 0, 0, 2}});
}

TEST_CASE("what only passes a relay is not in its counts") {
  Carried carried;
  carried.station.send(
      kN, receipt(carried.home, ReceiptKind::delivered, entry(carried.said, kNational)).bytes, 1);
  carried.station.close();
  CHECK(carried.station.store().on_time(0) == OnTime{});
}

TEST_CASE("nobody but a home relay of the recipient says delivered") {
  Carried carried;
  SECTION("not another organisation's relay") {
    Speaker other(network(), kT);
    carried.station.send(kT, receipt(other, ReceiptKind::delivered, entry(carried.said, kNational)).bytes, 1);
  }
  SECTION("not the recipient's own desk") {
    Speaker desk(network(), desk_of(kNational));
    carried.station.send(kN, receipt(desk, ReceiptKind::delivered, entry(carried.said, kNational)).bytes, 1);
  }
  carried.station.close();
  CHECK(carried.station.count(EventKind::receipt) == 0);
  CHECK(carried.station.duty(carried.said[0].msg_id).state == DutyState::parked);
}

TEST_CASE("a range with a wrong digest or a missing link settles nothing") {
  Carried carried;
  auto about = entry(carried.said, kNational);
  SECTION("digest") {
    about.digest[0] ^= 1;
  }
  SECTION("a message that never came here") {
    carried.said.push_back(report(carried.field, {kNational}));
    about = entry(carried.said, kNational);
  }
  SECTION("a hole in the middle") {
    carried.said.erase(carried.said.begin() + 1);
    about = entry(carried.said, kNational);
  }
  carried.station.send(kN, receipt(carried.home, ReceiptKind::delivered, about).bytes, 1);
  carried.station.close();
  CHECK(carried.station.duty(carried.said[0].msg_id).state == DutyState::parked);
}

TEST_CASE("a proof lets a relay with part of the chain check the range, a false one does not") {
  Carried carried;
  std::vector<keys::Sealed> all = carried.said;
  all.push_back(report(carried.field, {kNational}));  // went another way
  const auto signed_receipt = receipt(carried.home, ReceiptKind::delivered, entry(all, kNational));
  carried.station.send(kN, signed_receipt.bytes, 1).close();
  proto::Proof proof{.receipt = signed_receipt.msg_id, .entry = 0, .messages = {}};
  for (const auto& sealed : all) proof.messages.push_back(sealed.msg_id);
  auto forged = proof;
  std::swap(forged.messages[0], forged.messages[3]);
  carried.station.frame(kN, proto::encode_frame(forged)).close();
  CHECK(carried.station.duty(all[0].msg_id).state == DutyState::parked);
  carried.station.frame(kN, proto::encode_frame(proof)).close();
  for (const auto& sealed : carried.said)
    CHECK(carried.station.duty(sealed.msg_id).state == DutyState::settled);
}

TEST_CASE("opened, read and accepted are only ever forward, and each is told") {
  Carried carried;
  Speaker desk(network(), desk_of(kNational));
  const MsgId id = carried.said[0].msg_id;
  const auto about = entry({carried.said[0]}, kNational);
  const auto reached = [&] { return carried.station.duty(id).reached; };
  carried.station.send(kN, receipt(carried.home, ReceiptKind::delivered, about).bytes, 1).close();
  carried.station.send(kN, receipt(desk, ReceiptKind::read, about).bytes, 1).close();
  CHECK(reached() == ReceiptKind::read);
  carried.station.send(kN, receipt(desk, ReceiptKind::opened, about).bytes, 1).close();
  CHECK(reached() == ReceiptKind::read);
  carried.station.send(kN, receipt(desk, ReceiptKind::accepted, about).bytes, 1).close();
  CHECK(reached() == ReceiptKind::accepted);
  CHECK(carried.station.duty(id).by == desk_of(kNational));
  CHECK(carried.station.count(EventKind::receipt) == 3);
}

TEST_CASE("unreadable ends a message until somebody opens it after all") {
  Carried carried;
  Speaker desk(network(), desk_of(kNational));
  const auto about = entry({carried.said[0]}, kNational);
  carried.station.send(kN, receipt(desk, ReceiptKind::unreadable, about).bytes, 1).close();
  CHECK(carried.station.duty(carried.said[0].msg_id).end == End::unreadable);
  carried.station.send(kN, receipt(desk, ReceiptKind::opened, about).bytes, 1).close();
  CHECK(carried.station.duty(carried.said[0].msg_id).end == End::delivered);
  carried.station.send(kN, receipt(desk, ReceiptKind::unreadable, about).bytes, 1).close();
  CHECK(carried.station.duty(carried.said[0].msg_id).end == End::delivered);
}

TEST_CASE("a receipt counts for what its author took back: it had left before this disk lost what it knew") {
  Station station(kLaptop, {.neighbours = {neighbour(kI)}, .default_route = kI});
  Speaker speaker(network(), field_of(kIshikawa)), home(network(), kN);
  const auto sealed = report(speaker, {kNational});
  station.submit(sealed.bytes);
  station.close();
  REQUIRE(station.recall({sealed.msg_id}));
  station.meet(kI);
  station.send(kI, receipt(home, ReceiptKind::delivered, entry({sealed}, kNational)).bytes, 1).close();
  CHECK(station.duty(sealed.msg_id).end == End::delivered);
}

TEST_CASE("a range does not count what its author took back: its number stands in no chain elsewhere") {
  Station station(kLaptop, {.neighbours = {neighbour(kI)}, .default_route = kI});
  Speaker field(network(), field_of(kIshikawa)), home(network(), kN);
  std::vector<keys::Sealed> said;
  const auto say = [&] {
    station.submit(said.emplace_back(report(field, {kNational})).bytes);
    station.close();
  };
  say(), say();
  REQUIRE(station.recall({said[1].msg_id}));
  // The next one names the first, as a desk has it.
  const std::vector<RecipientId> national{proto::to_org(kNational)};
  field.ledger().record(said[0], national, kStart);
  field.ledger().record(said[1], {}, kStart);
  say();
  REQUIRE(said[2].seq == said[1].seq + 1);
  REQUIRE(ids(station.meet(kI), kI).size() == 2);
  station.send(kI, receipt(home, ReceiptKind::delivered, entry({said[0], said[2]}, kNational)).bytes).close();
  CHECK(station.duty(said[0].msg_id).end == End::delivered);
  CHECK(station.duty(said[1].msg_id).end == End::cancelled);
  CHECK(station.duty(said[2].msg_id).end == End::delivered);
}

TEST_CASE("a second copy of what is settled is answered with the receipt") {
  Carried carried;
  const auto one = receipt(carried.home, ReceiptKind::delivered, entry({carried.said[0]}, kNational));
  carried.station.send(kN, one.bytes, 1).close();
  carried.station.send(kT, carried.said[0].bytes);
  const auto left = carried.station.close();
  CHECK(all_of<proto::Ack>(left, kT).at(0).accepted.outcomes.at(0).settled == 1);
  CHECK(ids(left, kT) == std::vector{one.msg_id});
}

TEST_CASE("a neighbour that asks about what its own receipt has settled has lost it, and is shown it") {
  Carried carried;
  const auto range = receipt(carried.home, ReceiptKind::delivered, entry(carried.said, kNational));
  carried.station.send(kT, range.bytes, 1).close();
  carried.station.send(kT, carried.said[0].bytes);
  const auto left = carried.station.close();
  CHECK(all_of<proto::Ack>(left, kT).at(0).accepted.outcomes.at(0).settled == 1);
  CHECK(ids(left, kT) == std::vector{range.msg_id});
  CHECK(all_of<proto::Proof>(left, kT).size() == 1);
}

TEST_CASE("a range is shown with its proof while the chain is held") {
  Carried carried;
  const auto range = receipt(carried.home, ReceiptKind::delivered, entry(carried.said, kNational));
  carried.station.send(kN, range.bytes, 1).close();
  carried.station.send(kT, carried.said[1].bytes);
  const auto left = carried.station.close();
  CHECK(ids(left, kT) == std::vector{range.msg_id});
  REQUIRE(all_of<proto::Proof>(left, kT).size() == 1);
  CHECK(all_of<proto::Proof>(left, kT)[0].messages.size() == 3);
}

TEST_CASE("of two receipts for one message the first stays, so that they are not passed on for ever") {
  Carried carried;
  Station& station = carried.station;
  const auto about = entry({carried.said[0]}, kNational);
  const auto first = receipt(carried.home, ReceiptKind::delivered, about);
  const auto second = receipt(carried.home, ReceiptKind::delivered, about);
  station.send(kN, first.bytes);
  CHECK(receipts(station.close(), kLaptop).size() == 1);
  for (int round = 0; round < 3; ++round) {
    for (const auto& one : {second, first}) {
      station.send(kT, one.bytes);
      CHECK(receipts(station.close(), kLaptop).empty());
    }
  }
}

TEST_CASE("a receipt for one message takes the place of one for a range, once") {
  Carried carried;
  Station& station = carried.station;
  const auto range = receipt(carried.home, ReceiptKind::delivered, entry(carried.said, kNational));
  const auto single = receipt(carried.home, ReceiptKind::delivered, entry({carried.said[0]}, kNational));
  station.send(kN, range.bytes);
  CHECK(receipts(station.close(), kLaptop).size() == 1);
  station.send(kT, single.bytes);
  CHECK(receipts(station.close(), kLaptop).size() == 1);
  station.send(kT, range.bytes);
  CHECK(receipts(station.close(), kLaptop).empty());
}

TEST_CASE("what was settled by a proof alone cannot be shown, so it is asked onward") {
  Carried carried;
  std::vector<keys::Sealed> all{report(carried.field, {kNational})};  // the newest, held nowhere here
  all.insert(all.begin(), carried.said.begin(), carried.said.end());
  const auto range = receipt(carried.home, ReceiptKind::delivered, entry(all, kNational));
  carried.station.send(kN, range.bytes, 1);
  proto::Proof proof{.receipt = range.msg_id, .entry = 0, .messages = {}};
  for (const auto& sealed : all) proof.messages.push_back(sealed.msg_id);
  carried.station.frame(kN, proto::encode_frame(proof)).close();
  REQUIRE_FALSE(carried.station.store().holds_body(all[0].msg_id));
  carried.station.send(kT, all[0].bytes);
  auto left = carried.station.close();
  CHECK(all_of<proto::Ack>(left, kT).at(0).accepted.outcomes.empty());
  CHECK(ids(left, kN) == std::vector{all[0].msg_id});
  // The home relay answers with a receipt for this one message, which everybody can check.
  const auto one = receipt(carried.home, ReceiptKind::delivered, entry({all[0]}, kNational));
  carried.station.send(kN, one.bytes, 1);
  CHECK(ids(carried.station.close(), kT) == std::vector{one.msg_id});
  CHECK(carried.station.node().progress(all[0].msg_id).at(0).duty == DutyState::settled);
}

TEST_CASE("a home relay that is asked again signs for the one message, once") {
  Station station = national();
  Speaker field(network(), field_of(kIshikawa));
  std::vector<keys::Sealed> said;
  station.meet(kI);
  station.meet(kT);
  for (int i = 0; i < 3; ++i) {
    said.push_back(report(field, {kNational}));
    station.send(kI, said.back().bytes);
  }
  REQUIRE(receipts(station.live(Seconds{3}), kI).at(0).entries.at(0).count == 3);
  station.send(kT, said[1].bytes);
  CHECK(all_of<proto::Ack>(station.close(), kT).at(0).accepted.outcomes.at(0).settled == 1);
  const auto single = receipts(station.live(Seconds{3}), kT);
  REQUIRE(single.size() == 1);
  CHECK(single[0].entries.at(0).count == 1);
  // Again: the stored one.
  const std::size_t before = station.store().records().size();
  station.down(kT).close();
  station.meet(kT);
  station.send(kT, said[1].bytes);
  CHECK(receipts(station.close(), kT).at(0).entries == single[0].entries);
  CHECK(station.store().records().size() == before);
  CHECK(station.store().inbox().size() == 3);
}

TEST_CASE("a receipt that came before its message settles when it is shown again") {
  Carried carried;
  const auto late = report(carried.field, {kNational});
  const auto one = receipt(carried.home, ReceiptKind::delivered, entry({late}, kNational));
  carried.station.send(kN, one.bytes, 1).close();
  carried.station.send(kLaptop, late.bytes).close();
  CHECK(carried.station.duty(late.msg_id).state == DutyState::sent);
  carried.station.send(kN, one.bytes, 0).close();
  CHECK(carried.station.duty(late.msg_id).state == DutyState::settled);
}

TEST_CASE("an ack that says settled is a promise, not a receipt") {
  Carried carried;
  const auto sealed = report(carried.field, {kNational});
  carried.station.send(kLaptop, sealed.bytes).close();
  carried.station.ack(kN, {.contiguous = 4, .map = 0, .outcomes = {{.number = 4, .parked = 0, .settled = 1}}})
      .close();
  CHECK(carried.station.duty(sealed.msg_id).state == DutyState::parked);
  CHECK(carried.station.duty(sealed.msg_id).again.s > 0);
}

TEST_CASE("a receipt that nobody can sign stays due") {
  Station station = national();
  Speaker field(network(), field_of(kIshikawa));
  station.seals = false;
  station.meet(kI);
  station.send(kI, report(field, {kNational}, Level::flash).bytes).close();
  CHECK(station.store().due(10).size() == 1);
  (void)station.live(minutes(5));
  CHECK(station.store().due(10).size() == 1);
  station.crash();
  station.seals = true;
  (void)station.live(Seconds{2});
  CHECK(station.store().due(10).empty());
}

TEST_CASE("a malformed receipt of a good signer harms nobody") {
  Carried carried;
  keys::Draft draft;
  draft.ctype = proto::Ctype::receipt;
  draft.life = days(14);
  draft.recipients = {proto::to_org(kIshikawa)};
  draft.content = Bytes(30, 0xFF);
  const auto sealed = carried.home.say(draft, at(kStart + hours(1)));
  REQUIRE(sealed);
  carried.station.send(kN, sealed->bytes, 1).close();
  CHECK(carried.station.duty(carried.said[0].msg_id).state == DutyState::parked);
}

TEST_CASE("who opened a report that came on paper is told to its writer when the line opens") {
  Station station = ishikawa();
  Speaker field(network(), field_of(kIshikawa)), home(network(), kN), desk(network(), desk_of(kNational));
  station.meet(kN);
  const auto sealed = report(field, {kNational});
  REQUIRE(station.carry(sealed.bytes) == Submitted::queued);
  station.close();
  const auto about = entry({sealed}, kNational);
  station.send(kN, receipt(home, ReceiptKind::delivered, about).bytes, 1).close();
  station.send(kN, receipt(desk, ReceiptKind::opened, about).bytes, 1).close();

  station.meet(kLaptop);
  station.send(kLaptop, sealed.bytes);
  std::set<ReceiptKind> told;
  for (const proto::Receipt& one : receipts(station.live(minutes(1)), kLaptop)) told.insert(one.kind);
  CHECK(told == std::set{ReceiptKind::delivered, ReceiptKind::opened});
}

TEST_CASE(
    "a writer whose report came on paper hears of it in whatever order it was opened, delivered and "
    "brought") {
  Station station = ishikawa();
  Speaker field(network(), field_of(kIshikawa)), home(network(), kN), desk(network(), desk_of(kNational));
  station.meet(kN);
  const auto sealed = report(field, {kNational});
  REQUIRE(station.carry(sealed.bytes) == Submitted::queued);
  station.close();
  const auto about = entry({sealed}, kNational);
  std::set<ReceiptKind> told;
  const auto hear = [&](const std::vector<Left>& left) {
    for (const proto::Receipt& one : receipts(left, kLaptop)) told.insert(one.kind);
  };
  const auto bring = [&] {
    station.meet(kLaptop);
    station.send(kLaptop, sealed.bytes);
    hear(station.close());
  };
  const auto say = [&](Speaker& speaker, ReceiptKind kind) {
    station.send(kN, receipt(speaker, kind, about).bytes, 1);
    hear(station.close());
  };
  SECTION("opened, brought, delivered") {
    say(desk, ReceiptKind::opened);
    bring();
    say(home, ReceiptKind::delivered);
  }
  SECTION("brought before anything was said") {
    bring();
    say(home, ReceiptKind::delivered);
    say(desk, ReceiptKind::opened);
  }
  SECTION("delivered, brought, opened") {
    say(home, ReceiptKind::delivered);
    bring();
    say(desk, ReceiptKind::opened);
  }
  hear(station.live(minutes(1)));
  CHECK(told == std::set{ReceiptKind::delivered, ReceiptKind::opened});
}
