// Desk to desk through a post office: what is promised to people about delivery, reading and answering.
#include "client-tui/desk/sync.hpp"

#include <fstream>

#include "client-tui/desk/delivery.hpp"
#include "client-tui/desk/gaps.hpp"
#include "keys/delivery.hpp"
#include "keys/epoch.hpp"
#include "keys/object.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/offices.hpp"

namespace noroshi::desk {
namespace {

using test::at;
using test::desk_of;
using test::field_of;
using test::kIshikawa;
using test::kMinistry;
using test::kNational;
using test::kStart;
using test::Network;
using test::Office;
using test::OfficePlan;
using test::PostOffice;
using test::usual_network;

const RecipientId kToMinistry = proto::to_org(kMinistry), kToIshikawa = proto::to_org(kIshikawa);

Delivery state_to(Office& office, const MsgId& id, RecipientId recipient) {
  const auto view = office.desk().store().read();
  REQUIRE(view.ok());
  return deliveries(*view, id, {recipient}).front().state;
}
std::uint64_t stopped_on(const Board& board) {
  const auto found = board.all.totals.find(forms::field::households_stopped);
  return found == board.all.totals.end() ? 0 : found->second.sum.value;
}

proto::control::EnvelopeProgress said_of(const MsgId& id, RecipientId recipient, std::uint8_t duty,
                                         const std::string& end, DeviceId via) {
  proto::control::EnvelopeProgress out;
  out.id = id;
  out.known = true;
  out.recipients.push_back({recipient, duty, end, {}, via, kStart, {}});
  return out;
}

TEST_CASE("what a relay once said of a report is not taken back when it is down or has lost its store") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  const Sent sent = branch.report(345, kStart);
  branch.relay().told = [&](const MsgId& id) { return said_of(id, kToMinistry, 2, "open", {{1}, 2}); };
  branch.sync(kStart);
  CHECK(state_to(branch, sent.msg_id, kToMinistry) == Delivery::relayed);
  branch.relay().told = [&](const MsgId& id) { return said_of(id, kToMinistry, 0, "open", {{1}, 2}); };
  branch.sync(kStart);
  CHECK(state_to(branch, sent.msg_id, kToMinistry) == Delivery::relayed);
  branch.relay().told = nullptr;
  branch.relay().forgets = true;
  branch.sync(kStart);
  CHECK(state_to(branch, sent.msg_id, kToMinistry) == Delivery::relayed);
}

TEST_CASE("a report without a way is named until there is one") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  const Sent sent = branch.report(345, kStart);
  const auto no_route = [&] {
    const auto view = branch.desk().store().read();
    REQUIRE(view.ok());
    return deliveries(*view, sent.msg_id, {kToMinistry}).front().no_route;
  };
  branch.relay().told = [&](const MsgId& id) { return said_of(id, kToMinistry, 0, "open", {}); };
  branch.sync(kStart);
  CHECK(no_route());
  CHECK(state_to(branch, sent.msg_id, kToMinistry) == Delivery::queued);
  branch.relay().told = [&](const MsgId& id) { return said_of(id, kToMinistry, 0, "open", {{1}, 2}); };
  branch.sync(kStart);
  CHECK_FALSE(no_route());
}

TEST_CASE("a branch's report is read at the ministry, and the branch learns that it was opened") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)), ministry(usual_network(), post, desk_of(kMinistry));
  const Sent sent = branch.report(345, kStart);
  CHECK(sent.recipients == std::vector<RecipientId>{proto::to_org(kNational), kToMinistry, kToIshikawa});
  CHECK(state_to(branch, sent.msg_id, kToMinistry) == Delivery::signed_here);
  CHECK(branch.sync(kStart).submitted == 1);
  CHECK(state_to(branch, sent.msg_id, kToMinistry) == Delivery::queued);

  CHECK(ministry.sync(kStart + minutes(5)).opened == 1);
  CHECK(stopped_on(ministry.board()) == 345);
  const std::vector<Letter> letters = ministry.received();
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].reports[0].facts.unit == UnitId{1'700'001});
  CHECK(letters[0].reports[0].facts.municipality == 17201);  // the unit's only one: not in the body
  CHECK(letters[0].reports[0].report.header().handler == HandlerId{field_of(kIshikawa).dev});

  CHECK(branch.sync(kStart + minutes(10)).receipts == 1);
  CHECK(state_to(branch, sent.msg_id, kToMinistry) == Delivery::opened);
  CHECK(state_to(branch, sent.msg_id, proto::to_org(kNational)) == Delivery::queued);
}

TEST_CASE("a desk's own report to its own organisation is in its inbox once, opened, and counted once") {
  PostOffice post;
  Office association(usual_network(), post, desk_of(kIshikawa));
  Message message;
  message.reports = {test::full_f1(345)};
  forms::Header header = message.reports[0].header();
  header.on_behalf_of = UnitId{1'700'002};
  message.reports[0].set_header(header);
  const auto sent = association.desk().send(message, at(kStart));
  REQUIRE(sent.ok());
  (void)association.sync(kStart);
  (void)association.sync(kStart + minutes(1));
  CHECK(association.received().size() == 1);
  CHECK(association.board().rows.size() == 1);
  CHECK(stopped_on(association.board()) == 345);
  CHECK(state_to(association, sent->msg_id, kToIshikawa) == Delivery::opened);
}

TEST_CASE("with the relay down a report is safe, and handed over once at the next contact") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  branch.relay().down = true;
  const Sent sent = branch.report(345, kStart);
  CHECK_FALSE(hand_over(branch.desk(), branch.relay(), at(kStart)).ok());
  branch.reopen();
  branch.relay().down = false;
  CHECK(branch.sync(kStart + hours(1)).submitted == 1);
  CHECK(branch.sync(kStart + hours(2)).submitted == 0);
  CHECK(post.mailbox(kMinistry).size() == 1);
  CHECK(branch.relay().submissions == 1);
}

TEST_CASE("a full relay leaves the report in line") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  (void)branch.report(345, kStart);
  branch.relay().full = true;
  CHECK(branch.sync(kStart).waiting == 1);
  branch.relay().full = false;
  CHECK(branch.sync(kStart).submitted == 1);
}

TEST_CASE("what a quota keeps back stays in line for another day; what does not hold is refused for good") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  (void)branch.report(345, kStart);
  branch.relay().refusal = "quota";
  CHECK(branch.sync(kStart).waiting == 1);
  branch.relay().refusal.clear();
  CHECK(branch.sync(kStart + days(1)).submitted == 1);
  CHECK(post.posted().size() == 1);
  (void)branch.report(346, kStart + days(1));
  branch.relay().refusal = "signature";
  CHECK(branch.sync(kStart + days(1)).refused == 1);
  branch.relay().refusal.clear();
  CHECK(branch.sync(kStart + days(2)).submitted == 0);
}

TEST_CASE("a relay that lost its store gets the unsettled reports again") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  (void)branch.report(345, kStart);
  CHECK(branch.sync(kStart).submitted == 1);
  branch.relay().forgets = true;
  CHECK(branch.sync(kStart).submitted == 1);
}

TEST_CASE("a desk on two relays, or one that pulls twice, has every report once") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)), ministry(usual_network(), post, desk_of(kMinistry));
  (void)branch.report(345, kStart);
  (void)branch.sync(kStart);
  CHECK(ministry.sync(kStart).received == 1);
  test::FakeRelay second(post, kMinistry, usual_network(), StoreId{2});
  const auto again = synchronize(ministry.desk(), second, at(kStart));
  REQUIRE(again.ok());
  CHECK(again->received == 0);
  CHECK(ministry.board().rows.size() == 1);
}

TEST_CASE("pages smaller than what is waiting are all taken") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)), ministry(usual_network(), post, desk_of(kMinistry));
  for (std::uint32_t i = 0; i < 7; ++i) (void)branch.report(100 + i, kStart + minutes(i));
  (void)branch.sync(kStart + minutes(10));
  ministry.relay().page = 2;
  CHECK(ministry.sync(kStart + minutes(10)).received == 7);
  CHECK(stopped_on(ministry.board()) == 106);
}

TEST_CASE("one receipt answers all that was opened in a contact") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)), ministry(usual_network(), post, desk_of(kMinistry));
  std::vector<Sent> sent;
  for (std::uint32_t i = 0; i < 5; ++i) sent.push_back(branch.report(100 + i, kStart + minutes(i)));
  (void)branch.sync(kStart + minutes(10));
  (void)ministry.sync(kStart + minutes(10));
  CHECK(post.mailbox(kIshikawa).size() == 5 + 1);  // its own five, and one receipt
  (void)branch.sync(kStart + minutes(11));
  for (const Sent& one : sent) CHECK(state_to(branch, one.msg_id, kToMinistry) == Delivery::opened);
}

TEST_CASE("a report that cannot be read any more is sealed again by itself and counted once") {
  PostOffice post;
  const WallTime now = kStart + days(28);
  OfficePlan cut_off;  // has not heard of the ministry's epochs after the second
  cut_off.knows = [](BytesView object) {
    const auto parsed = keys::parse_object(object);
    const auto epoch =
        parsed->type == keys::ObjectType::epoch ? keys::decode_epoch(parsed->body) : std::nullopt;
    return !epoch || epoch->owner != kToMinistry || epoch->number <= 2;
  };
  OfficePlan erased;
  erased.first_epoch = 4;
  Office branch(usual_network(), post, field_of(kIshikawa), cut_off),
      ministry(usual_network(), post, desk_of(kMinistry), erased);
  branch.relay().down = false;
  const Sent sent = branch.report(345, now);
  CHECK(hand_over(branch.desk(), branch.relay(), at(now)).ok());
  CHECK(ministry.sync(now).unreadable == 1);
  CHECK(ministry.board().rows.empty());

  // The branch knows nothing newer but the epoch document that the receipt brings.
  const auto view_before = branch.desk().trust().epochs(kToMinistry).size();
  CHECK(view_before == 2);
  CHECK(branch.sync(now + minutes(1)).resealed == 1);
  CHECK(state_to(branch, sent.msg_id, kToMinistry) == Delivery::resealed);
  CHECK(ministry.sync(now + minutes(2)).opened == 1);
  CHECK(stopped_on(ministry.board()) == 345);
  CHECK(ministry.received().back().reports[0].facts.id == (ReportId{sent.key, sent.seq, 0}));
  (void)branch.sync(now + minutes(3));
  CHECK(state_to(branch, sent.msg_id, kToMinistry) == Delivery::opened);

  // The association could read the first sealing: there both arrive at most once on the board.
  Office association(usual_network(), post, desk_of(kIshikawa));
  (void)association.sync(now + minutes(4));
  CHECK(association.board().rows.size() == 1);
}

TEST_CASE("a clock that stands at an epoch of the past does not keep a report from being sealed again") {
  PostOffice post;
  OfficePlan enrolled_late;  // holds this week's secrets and the next, none of those before
  enrolled_late.first_epoch = 5;
  Office branch(usual_network(), post, field_of(kIshikawa)),
      ministry(usual_network(), post, desk_of(kMinistry), enrolled_late);
  const WallTime today = kStart + days(28), unset = WallTime::from_unix(946'684'800);
  const auto contact = [&] {
    branch.relay().now = today;
    REQUIRE(synchronize(branch.desk(), branch.relay(), at(unset)).ok());
  };
  Message flash;
  flash.level = proto::Level::flash;
  flash.reports = {test::full_f1(345)};
  const auto sent = branch.desk().send(flash, at(unset));
  REQUIRE(sent.ok());
  contact();
  CHECK(ministry.sync(today).unreadable == 1);
  contact();
  CHECK(ministry.sync(today + minutes(1)).opened == 1);
  contact();
  CHECK(state_to(branch, sent->msg_id, kToMinistry) == Delivery::opened);
  CHECK(ministry.received().back().header.level == proto::Level::flash);
  CHECK(stopped_on(ministry.board()) == 345);
}

TEST_CASE("a report whose secret is still on its way waits locked and is opened when it comes") {
  PostOffice post;
  OfficePlan none;
  none.with_secrets = false;
  Office branch(usual_network(), post, field_of(kIshikawa)), ministry(usual_network(), post, desk_of(kMinistry), none);
  (void)branch.report(345, kStart);
  (void)branch.sync(kStart);
  CHECK(ministry.sync(kStart).locked == 1);
  CHECK(post.mailbox(kIshikawa).size() == 1);  // nobody was told that it cannot be read

  // The admin delivers the secrets in a message of their own.
  test::SeededRng rng(1);
  const std::vector<keys::EpochSecret> secrets = usual_network().secrets_of(kToMinistry, 1, 3);
  std::vector<const keys::EpochSecret*> named;
  for (const keys::EpochSecret& secret : secrets) named.push_back(&secret);
  test::MemoryLedger ledger(usual_network().identity(test::admin_of(kMinistry)).store_id());
  for (const keys::Draft& draft :
       keys::delivery_drafts(named, {proto::to_own_device(desk_of(kMinistry).dev)})) {
    const auto sealed = keys::seal_next(usual_network().identity(test::admin_of(kMinistry)), *usual_network().trust(),
                                        ledger, draft, at(kStart), rng);
    REQUIRE(sealed.ok());
    post.post(sealed->bytes, kStart);
  }
  const Synced synced = ministry.sync(kStart + minutes(1));
  CHECK(synced.opened == 1);
  CHECK(synced.locked == 0);
  CHECK(stopped_on(ministry.board()) == 345);
}

TEST_CASE(
    "a question about a branch's report reaches the branch, which holds no secret of its organisation") {
  PostOffice post;
  OfficePlan none;
  none.with_secrets = false;
  Office branch(usual_network(), post, field_of(kIshikawa), none),
      association(usual_network(), post, desk_of(kIshikawa)), ministry(usual_network(), post, desk_of(kMinistry));
  const Sent sent = branch.report(345, kStart);
  (void)branch.sync(kStart);
  (void)ministry.sync(kStart);

  Message question;
  forms::Report f9;
  f9.form = 9;
  f9.put(forms::field::act_kind, forms::CodeValue{static_cast<std::uint32_t>(forms::ActKind::inquiry)});
  f9.put(forms::field::subject, std::string("戸数の確認"));
  f9.put(forms::field::body, std::string("345戸は全戸ですか"));
  f9.put(forms::field::answer_due, kStart + hours(3));
  f9.put(forms::field::regarding, forms::References{{sent.key, sent.seq, 0}});
  question.reports = {f9};
  question.recipients = {kToIshikawa};
  REQUIRE(ministry.desk().send(question, at(kStart + minutes(10))).ok());
  (void)ministry.sync(kStart + minutes(10));

  CHECK(association.sync(kStart + minutes(11)).forwarded == 1);
  (void)branch.sync(kStart + minutes(12));
  std::size_t questions = 0;
  for (const Letter& letter : branch.received()) {
    for (const Reading& reading : letter.reports) {
      if (reading.facts.form != 9) continue;
      ++questions;
      CHECK(*reading.report.get<std::string>(forms::field::body) == "345戸は全戸ですか");
      CHECK(reading.facts.signer == desk_of(kMinistry));
    }
  }
  CHECK(questions == 1);
  CHECK(association.sync(kStart + minutes(13)).forwarded == 0);
}

TEST_CASE("what a person has read and accepted is told to the author, and only forward") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)), ministry(usual_network(), post, desk_of(kMinistry));
  const Sent sent = branch.report(345, kStart);
  (void)branch.sync(kStart);
  (void)ministry.sync(kStart);
  REQUIRE(ministry.desk().acknowledge(sent.msg_id, proto::ReceiptKind::accepted, at(kStart)).ok());
  REQUIRE(ministry.desk().acknowledge(sent.msg_id, proto::ReceiptKind::read, at(kStart)).ok());
  (void)ministry.sync(kStart);
  (void)branch.sync(kStart);
  CHECK(state_to(branch, sent.msg_id, kToMinistry) == Delivery::accepted);
}

TEST_CASE("no plaintext is in the store") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)), ministry(usual_network(), post, desk_of(kMinistry));
  Message message;
  message.reports = {test::full_f1(4321)};
  const std::string remark = "PLAINTEXT-CANARY-7731";
  message.reports[0].put(forms::field::remarks, remark);
  REQUIRE(branch.desk().send(message, at(kStart)).ok());
  (void)branch.sync(kStart);
  (void)ministry.sync(kStart);
  for (Office* office : {&branch, &ministry}) {
    office->close();
    std::ifstream file(office->home() / "desk" / "data.mdb", std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    REQUIRE(bytes.size() > 4096);
    CHECK(bytes.find(remark) == std::string::npos);
    CHECK(bytes.find("CANARY") == std::string::npos);
    office->reopen();
  }
  CHECK(*ministry.received()[0].reports[0].report.get<std::string>(forms::field::remarks) == remark);
}

TEST_CASE("a desk whose store was lost reads on and seals nothing") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  (void)branch.report(345, kStart);
  branch.close();
  std::filesystem::remove_all(branch.home() / "desk");
  branch.reopen();
  Message message;
  message.reports = {test::full_f1(400)};
  const auto refused = branch.desk().send(message, at(kStart + hours(1)));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == Code::permission);
  CHECK(branch.desk().prepare(message, at(kStart)).ok());
}

TEST_CASE("a desk restored from a copy notices its own later words and seals nothing more") {
  PostOffice post;
  OfficePlan plan;
  Office branch(usual_network(), post, field_of(kIshikawa), plan);
  (void)branch.report(345, kStart);
  (void)branch.sync(kStart);
  branch.close();
  std::filesystem::copy(branch.home() / "desk", branch.home() / "copy");
  branch.reopen();
  (void)branch.report(400, kStart + hours(1));
  (void)branch.sync(kStart + hours(1));
  branch.close();
  std::filesystem::remove_all(branch.home() / "desk");
  std::filesystem::rename(branch.home() / "copy", branch.home() / "desk");
  branch.reopen();
  CHECK(branch.sync(kStart + hours(2)).rolled_back);
  Message message;
  message.reports = {test::full_f1(500)};
  CHECK_FALSE(branch.desk().send(message, at(kStart + hours(2))).ok());
}

TEST_CASE("a clock at the year 2000 and one nine hours ahead are read with their priority and their mark") {
  PostOffice post;
  Office unset(usual_network(), post, field_of(kIshikawa, 0)), ahead(usual_network(), post, field_of(kIshikawa, 1)),
      ministry(usual_network(), post, desk_of(kMinistry));
  Message flash;
  flash.level = proto::Level::flash;
  flash.reports = {test::full_f1(345)};
  REQUIRE(unset.desk().send(flash, at(WallTime::from_unix(946'684'800))).ok());
  (void)unset.sync(kStart);
  flash.reports = {test::full_f1(400)};
  REQUIRE(ahead.desk().send(flash, at(kStart + hours(9))).ok());
  (void)ahead.sync(kStart + minutes(1));
  (void)ministry.sync(kStart + minutes(2));
  const std::vector<Letter> letters = ministry.received();
  REQUIRE(letters.size() == 2);
  for (const Letter& letter : letters) {
    CHECK(letter.header.level == proto::Level::flash);
    CHECK(letter.reports.at(0).doubts.time);
    CHECK(letter.reports.at(0).facts.as_of <= kStart + minutes(2));
    CHECK(letter.reports.at(0).facts.as_of >= kStart - minutes(2));
  }
  CHECK(stopped_on(ministry.board()) == 400);  // one unit, and the later sight is the newer word
}

TEST_CASE("a desk believes its relay about the time") {
  proto::control::Info relay;
  relay.wall = kStart;
  const Now right = at(kStart + minutes(2)), ahead = at(kStart + hours(9));
  SECTION("a relay that knows the time") {
    CHECK_FALSE(judged(right, relay).wall_suspect);
    CHECK(judged(ahead, relay).wall_suspect);
  }
  SECTION("a relay that doubts its own clock doubts the same one, and no other") {
    relay.wall_suspect = true;
    CHECK(judged(right, relay).wall_suspect);
    CHECK_FALSE(judged(ahead, relay).wall_suspect);
  }
  SECTION("what is sealed by a clock in doubt says so") {
    PostOffice post;
    Office branch(usual_network(), post, field_of(kIshikawa)), ministry(usual_network(), post, desk_of(kMinistry));
    Message message;
    message.reports = {test::full_f1(345)};
    const Now behind = at(kStart - hours(9));
    REQUIRE(branch.desk().send(message, judged(behind, relay)).ok());
    (void)branch.sync(kStart);
    (void)ministry.sync(kStart);
    REQUIRE(ministry.received().size() == 1);
    CHECK(ministry.received()[0].reports.at(0).doubts.time);
  }
}

TEST_CASE("a report that was sealed to an epoch of the past is read, and says so") {
  PostOffice post;
  OfficePlan cut_off;
  cut_off.knows = [](BytesView object) {
    const auto parsed = keys::parse_object(object);
    const auto epoch =
        parsed->type == keys::ObjectType::epoch ? keys::decode_epoch(parsed->body) : std::nullopt;
    return !epoch || epoch->owner != kToMinistry || epoch->number <= 2;
  };
  Office branch(usual_network(), post, field_of(kIshikawa), cut_off),
      current(usual_network(), post, field_of(kIshikawa, 1)), ministry(usual_network(), post, desk_of(kMinistry));
  const WallTime now = kStart + days(28);
  branch.relay().now = current.relay().now = now;
  (void)branch.report(345, now);
  (void)current.report(400, now);
  CHECK(hand_over(branch.desk(), branch.relay(), at(now)).ok());
  CHECK(hand_over(current.desk(), current.relay(), at(now)).ok());
  CHECK(ministry.sync(now).opened == 2);
  const std::vector<Letter> letters = ministry.received();
  CHECK(letters.at(0).reports.at(0).doubts.epoch);
  CHECK_FALSE(letters.at(1).reports.at(0).doubts.epoch);
}

TEST_CASE(
    "a clock of another zone that took the key of last week is not out of contact; one that was there days "
    "late is") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)),
      ministry(usual_network(), post, desk_of(kMinistry));
  const WallTime end = usual_network().trust()->epochs(kToMinistry).front()->not_after;
  const bool long_ago = GENERATE(false, true);
  Now behind = at(end + minutes(12) - hours(9));
  behind.wall_suspect = true;
  Message message;
  message.reports = {test::full_f1(345)};
  REQUIRE(branch.desk().send(message, behind).ok());
  const WallTime seen = end + (long_ago ? days(2) : minutes(12));
  (void)branch.sync(seen);
  (void)ministry.sync(seen);
  REQUIRE(ministry.received().size() == 1);
  CHECK(ministry.received()[0].entry.first_seen == seen);
  CHECK(ministry.received()[0].reports.at(0).doubts.time);
  CHECK(ministry.received()[0].reports.at(0).doubts.epoch == long_ago);
}

TEST_CASE("a message that is missing is named by the one after it") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)), ministry(usual_network(), post, desk_of(kMinistry));
  for (std::uint32_t i = 0; i < 3; ++i) (void)branch.report(100 + i, kStart + minutes(i));
  (void)branch.sync(kStart + minutes(5));
  auto& mailbox = post.mailbox(kMinistry);
  const auto held_back = mailbox[1];
  mailbox.erase(mailbox.begin() + 1);
  (void)ministry.sync(kStart + minutes(5));
  {
    const auto view = ministry.desk().store().read();
    const std::vector<Gap> missing = gaps(*view);
    REQUIRE(missing.size() == 1);
    CHECK(missing[0].missing == 2);
    CHECK(missing[0].have_below == 1);
    CHECK(missing[0].named_by == 3);
  }
  mailbox.push_back(held_back);
  (void)ministry.sync(kStart + minutes(6));
  CHECK(gaps(*ministry.desk().store().read()).empty());
}

TEST_CASE("an update begins from its parent's values and takes its place on the board") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)), ministry(usual_network(), post, desk_of(kMinistry));
  (void)branch.report(345, kStart);
  const auto readings = branch.desk().readings();
  Message update;
  update.reports = child_of(readings->front(), forms::ReportKind::update, branch.desk().author(), *readings);
  update.reports[0].put(forms::field::households_stopped, forms::Count{18, forms::CountState::exact});
  const auto prepared = branch.desk().prepare(update, at(kStart + hours(1)));
  REQUIRE(prepared.ok());
  CHECK(prepared->reports[0].header().report_no == 2);
  CHECK(prepared->reports[0].header().as_of == kStart + hours(1));
  REQUIRE(branch.desk().send(update, at(kStart + hours(1))).ok());
  (void)branch.sync(kStart + hours(1));
  (void)ministry.sync(kStart + hours(1));
  CHECK(ministry.board().rows.size() == 1);
  CHECK(stopped_on(ministry.board()) == 18);
}

TEST_CASE("an association's correction for a cut-off unit is a proxy report that takes the place") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)), association(usual_network(), post, desk_of(kIshikawa));
  (void)branch.report(345, kStart);
  (void)branch.sync(kStart);
  (void)association.sync(kStart);
  const auto readings = association.desk().readings();
  Message mended;
  mended.reports =
      child_of(readings->front(), forms::ReportKind::correction, association.desk().author(), *readings);
  forms::Header header = mended.reports[0].header();
  header.reason = "桁の誤り";
  mended.reports[0].set_header(header);
  mended.reports[0].put(forms::field::households_stopped, forms::Count{34, forms::CountState::exact});
  const auto sent = association.desk().send(mended, at(kStart + hours(1)));
  REQUIRE(sent.ok());
  const Board board = association.board();
  REQUIRE(board.rows.size() == 1);
  CHECK(stopped_on(board) == 34);
  const auto held = *association.desk().readings();
  CHECK(held[board.rows[0].reading].facts.proxy);
}

}  // namespace
}  // namespace noroshi::desk
