// What is taken back before it leaves: a draft again here, and nobody elsewhere misses it.
#include "client-tui/desk/recall.hpp"

#include <algorithm>

#include "client-tui/desk/gaps.hpp"
#include "client-tui/desk/sync.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/offices.hpp"

namespace noroshi::desk {
namespace {

using test::at;
using test::desk_of;
using test::field_of;
using test::kIshikawa;
using test::kMinistry;
using test::kStart;
using test::Office;
using test::PostOffice;
using test::usual_network;

const std::vector<RecipientId> kToMinistry{proto::to_org(kMinistry)};

Result<Draft> take_back(Office& office, const Sent& sent, WallTime now = kStart) {
  return recall(office.desk(), office.relay(), sent.msg_id, 7, at(now));
}
std::size_t in_outbox(Office& office) {
  const auto view = office.desk().store().read();
  REQUIRE(view.ok());
  return office.desk().index(*view).size(IndexView::List::outbox);
}
std::vector<Gap> gaps_at(Office& office) {
  const auto view = office.desk().store().read();
  REQUIRE(view.ok());
  return gaps(*view);
}
std::uint32_t stopped(const forms::Report& report) {
  return report.get<forms::Count>(forms::field::households_stopped)->value;
}

/// A branch whose line is down, and the ministry.
struct Pair {
  PostOffice post;
  Office branch{usual_network(), post, field_of(kIshikawa)};
  Office ministry{usual_network(), post, desk_of(kMinistry)};
  Pair() { branch.relay().holds = true; }
  void line_comes() {
    branch.relay().let_go();
    (void)ministry.sync(kStart + hours(1));
  }
};

TEST_CASE("what has not left is a draft again, counts nowhere, and nobody misses its number") {
  Pair pair;
  pair.branch.relay().holds = false;
  const Sent before = pair.branch.report(10, kStart, kToMinistry);
  (void)pair.branch.sync(kStart);
  pair.branch.relay().holds = true;
  const Sent wrong = pair.branch.report(345, kStart + minutes(1), kToMinistry);
  (void)pair.branch.sync(kStart + minutes(1));
  REQUIRE(in_outbox(pair.branch) == 2);

  const auto draft = take_back(pair.branch, wrong);
  REQUIRE(draft.ok());
  CHECK(draft->message.recipients == kToMinistry);
  CHECK(stopped(draft->message.reports.at(0)) == 345);
  CHECK(draft->message.reports[0].header().report_no == 0);
  const auto kept = drafts(pair.branch.desk());
  REQUIRE(kept.ok());
  CHECK(kept->at(0).number == draft->number);
  CHECK(in_outbox(pair.branch) == 1);
  (void)pair.branch.sync(kStart + minutes(2));  // compares the index with reading everything

  const Sent right = pair.branch.report(34, kStart + minutes(3), kToMinistry);
  CHECK(right.seq == wrong.seq + 1);
  (void)pair.branch.sync(kStart + minutes(3));
  pair.line_comes();
  CHECK(gaps_at(pair.ministry).empty());
  REQUIRE(pair.ministry.received().size() == 2);
  CHECK(pair.ministry.received()[1].entry.seq == right.seq);
  CHECK(pair.ministry.received()[1].reports.at(0).report.header().report_no == 2);
  CHECK(before.seq + 2 == right.seq);
}

TEST_CASE("the very first message is taken back, and the next one is the first") {
  Pair pair;
  const Sent wrong = pair.branch.report(345, kStart, kToMinistry);
  (void)pair.branch.sync(kStart);
  REQUIRE(take_back(pair.branch, wrong).ok());
  (void)pair.branch.report(34, kStart + minutes(1), kToMinistry);
  (void)pair.branch.sync(kStart + minutes(1));
  pair.line_comes();
  CHECK(gaps_at(pair.ministry).empty());
  CHECK(pair.ministry.received().size() == 1);
}

TEST_CASE("what no relay has been given yet is taken back likewise") {
  Pair pair;
  const Sent wrong = pair.branch.report(345, kStart, kToMinistry);
  REQUIRE(take_back(pair.branch, wrong).ok());
  (void)pair.branch.sync(kStart + minutes(1));
  pair.line_comes();
  CHECK(pair.ministry.received().empty());
  CHECK(pair.branch.relay().submissions == 0);
}

TEST_CASE("a report that a later one names stays, until that one is taken back") {
  Pair pair;
  const Sent first = pair.branch.report(345, kStart, kToMinistry);
  const Sent second = pair.branch.report(346, kStart + minutes(1), kToMinistry);
  (void)pair.branch.sync(kStart + minutes(1));
  const auto refused = take_back(pair.branch, first);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == Code::bad_data);
  REQUIRE(take_back(pair.branch, second).ok());
  CHECK(take_back(pair.branch, first).ok());
  (void)pair.branch.sync(kStart + minutes(2));
  pair.line_comes();
  CHECK(pair.ministry.received().empty());
}

TEST_CASE("what has left stays where it is, and so does everything without a relay to ask") {
  Pair pair;
  pair.branch.relay().holds = false;
  const Sent gone = pair.branch.report(345, kStart, kToMinistry);
  (void)pair.branch.sync(kStart);
  const auto refused = take_back(pair.branch, gone);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == Code::bad_data);
  pair.branch.relay().down = true;
  const Sent waiting = pair.branch.report(346, kStart + minutes(1), kToMinistry);
  const auto nobody = take_back(pair.branch, waiting);
  REQUIRE_FALSE(nobody.ok());
  CHECK(nobody.error().code == Code::unavailable);
  CHECK(in_outbox(pair.branch) == 2);
  CHECK(drafts(pair.branch.desk())->empty());
}

TEST_CASE("a report that another one or a draft continues is not taken from under it") {
  Pair pair;
  Desk& desk = pair.branch.desk();
  const Sent first = pair.branch.report(345, kStart, kToMinistry);
  (void)pair.branch.sync(kStart);
  const auto view = desk.store().read();
  REQUIRE(view.ok());
  const auto letter = desk.letters(*view).read(first.msg_id);
  REQUIRE(letter);
  const auto child = desk.child_of(letter->reports.at(0), forms::ReportKind::update);
  REQUIRE(child.ok());
  Draft update;
  update.owner = 7;
  update.message.recipients = {proto::to_org(test::kNational)};  // nothing else was sealed to the ministry
  update.message.reports = *child;

  SECTION("a draft") {
    const auto number = keep(desk, update);
    REQUIRE(number.ok());
    CHECK_FALSE(take_back(pair.branch, first).ok());
    REQUIRE(drop(desk, *number).ok());
  }
  SECTION("a report to somebody else") {
    const auto sent = desk.send(update.message, at(kStart + minutes(1)));
    REQUIRE(sent.ok());
    (void)pair.branch.sync(kStart + minutes(1));
    CHECK_FALSE(take_back(pair.branch, first).ok());
    REQUIRE(take_back(pair.branch, *sent).ok());
    REQUIRE(drop(desk, drafts(desk)->at(0).number).ok());
  }
  REQUIRE(take_back(pair.branch, first).ok());
  // Somebody was typing one all the time.
  const auto late = desk.send(update.message, at(kStart + minutes(2)));
  REQUIRE_FALSE(late.ok());
  CHECK(late.error().code == Code::bad_data);
  CHECK_FALSE(desk.prepare(update.message, at(kStart + minutes(2))).ok());
}

TEST_CASE("the draft has the precedence that somebody chose, and otherwise that of what it says") {
  Pair pair;
  Message message;
  message.recipients = kToMinistry;
  message.reports = {test::full_f1(345)};
  SECTION("nobody") {
    const auto sent = pair.branch.desk().send(message, at(kStart));
    REQUIRE(sent.ok());
    const auto draft = take_back(pair.branch, *sent);
    REQUIRE(draft.ok());
    CHECK_FALSE(draft->message.level);
  }
  SECTION("somebody") {
    message.level = proto::Level::flash;
    REQUIRE(default_level(message.reports) != proto::Level::flash);
    const auto sent = pair.branch.desk().send(message, at(kStart));
    REQUIRE(sent.ok());
    const auto draft = take_back(pair.branch, *sent);
    REQUIRE(draft.ok());
    CHECK(draft->message.level == proto::Level::flash);
  }
}

TEST_CASE("a relay that lost its store may have sent it before") {
  Pair pair;
  const Sent sent = pair.branch.report(345, kStart, kToMinistry);
  (void)pair.branch.sync(kStart);
  pair.branch.relay().forgets = true;
  const auto refused = take_back(pair.branch, sent);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == Code::bad_data);
  CHECK(in_outbox(pair.branch) == 1);
  CHECK(drafts(pair.branch.desk())->empty());
}

TEST_CASE("what a recipient has said it got is not taken back, whatever the relay believes") {
  Pair pair;
  const Sent sent = pair.branch.report(345, kStart, kToMinistry);
  (void)pair.branch.sync(kStart);
  // It went by paper, and the answer came back past this relay.
  {
    const auto view = pair.branch.desk().store().read();
    REQUIRE(view.ok());
    pair.post.post(*view->envelope(sent.msg_id), kStart);
  }
  (void)pair.ministry.sync(kStart + minutes(1));
  (void)pair.branch.sync(kStart + minutes(2));
  CHECK_FALSE(take_back(pair.branch, sent).ok());
}

TEST_CASE("what another program takes back while the relay is asked what became of it stays taken back") {
  Pair pair;
  const Sent sent = pair.branch.report(345, kStart, kToMinistry);
  (void)pair.branch.sync(kStart);
  bool once = false;
  pair.branch.relay().told = [&](const MsgId&) {
    if (!std::exchange(once, true)) CHECK(take_back(pair.branch, sent).ok());
    return proto::control::EnvelopeProgress{};
  };
  (void)pair.branch.sync(kStart + minutes(1));
  CHECK(once);
  const auto view = pair.branch.desk().store().read();
  REQUIRE(view.ok());
  CHECK(view->handed(sent.msg_id).state == Handed::State::taken_back);
  CHECK(view->waiting().empty());
  pair.line_comes();
  CHECK(pair.ministry.received().empty());
}

TEST_CASE("what others wrote, and what was taken back already, is nobody's to take back") {
  Pair pair;
  pair.branch.relay().holds = false;
  const Sent sent = pair.branch.report(345, kStart, kToMinistry);
  (void)pair.branch.sync(kStart);
  (void)pair.ministry.sync(kStart + minutes(1));
  CHECK_FALSE(take_back(pair.ministry, sent).ok());
  pair.branch.relay().holds = true;
  const Sent wrong = pair.branch.report(346, kStart + minutes(2), kToMinistry);
  REQUIRE(take_back(pair.branch, wrong).ok());
  CHECK_FALSE(take_back(pair.branch, wrong).ok());
  CHECK(drafts(pair.branch.desk())->size() == 1);
}

TEST_CASE("a picture comes back with its report") {
  Pair pair;
  Bytes picture(120'000);
  for (std::size_t i = 0; i < picture.size(); ++i) picture[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  const forms::Catalogue& catalogue = pair.branch.desk().catalogue();
  const auto file = describe({picture, {}}, forms::MediaType::jpeg, "容器の刻印", kAttachmentMax);
  REQUIRE(file.ok());
  REQUIRE(keep_file(pair.branch.desk(), {picture, {}}, *file).ok());
  Message message;
  message.recipients = kToMinistry;
  message.reports = {test::full_f1(345)};
  REQUIRE(forms::attach(message.reports[0], *file, *catalogue.form("F1"), catalogue));
  const auto wrong = pair.branch.desk().send(message, at(kStart));
  REQUIRE(wrong.ok());
  (void)pair.branch.sync(kStart);

  const auto draft = take_back(pair.branch, *wrong);
  REQUIRE(draft.ok());
  const auto held = [&] {
    const auto view = pair.branch.desk().store().read();
    REQUIRE(view.ok());
    return pair.branch.desk().files(*view).whole(*file) == picture;
  };
  CHECK(held());
  SECTION("and goes with the draft") {
    REQUIRE(drop(pair.branch.desk(), draft->number).ok());
    CHECK_FALSE(held());
    return;
  }
  const auto right = pair.branch.desk().send(draft->message, at(kStart + minutes(1)));
  REQUIRE(right.ok());
  CHECK(right->seq == wrong->seq + 4);  // three parts
  (void)pair.branch.sync(kStart + minutes(1));
  pair.line_comes();
  CHECK(gaps_at(pair.ministry).empty());
  REQUIRE(pair.ministry.received().size() == 4);
  const auto view = pair.ministry.desk().store().read();
  REQUIRE(view.ok());
  CHECK(pair.ministry.desk().files(*view).whole(*file) == picture);
}

TEST_CASE("what a relay gave back to a program that died is handed in again: it was never taken back here") {
  Pair pair;
  const Sent sent = pair.branch.report(345, kStart, kToMinistry);
  (void)pair.branch.sync(kStart);
  const auto given =
      ask<proto::control::Recalled>(pair.branch.relay(), proto::control::RecallRequest{{sent.msg_id}});
  REQUIRE((given.ok() && given->recalled));
  (void)pair.branch.sync(kStart + minutes(1));
  pair.line_comes();
  CHECK(pair.ministry.received().size() == 1);
}

}  // namespace
}  // namespace noroshi::desk
