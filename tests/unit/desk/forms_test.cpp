// Forms that come while people work: what was unreadable is read, what was unknown is composed, by the same
// program.
#include "client-tui/desk/forms_in_use.hpp"

#include "client-tui/desk/draft.hpp"
#include "proto/forms/catalogue_file.hpp"
#include "proto/forms/report_json.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/new_form.hpp"
#include "tests/support/offices.hpp"

namespace noroshi::desk {
namespace {

using test::at;
using test::desk_of;
using test::field_of;
using test::kIshikawa;
using test::kMinistry;
using test::kStart;
using test::Network;
using test::Office;
using test::PostOffice;

/// An F12 as somebody types it; throws where the desk does not have the form.
Message water(desk::Desk& desk, std::uint32_t dry) {
  auto report = forms::report_from_json_text(
      R"({"incident_id":2024001,"muni":"17204","water_state":"cut","well":"町野の井戸"})", "F12",
      desk.catalogue());
  if (!report.ok()) throw std::runtime_error(report.error().text);
  report->put(701, forms::Count{dry, forms::CountState::approx});
  Message message;
  message.reports = {*report};
  message.recipients = {proto::to_org(kMinistry)};
  return message;
}
/// Sends it with a number more than its form has, which only who knows the form can see.
MsgId send_spoilt(desk::Desk& desk, const Message& message, Now now) {
  auto prepared = desk.prepare(message, now);
  if (!prepared.ok()) throw std::runtime_error(prepared.error().text);
  const forms::BodyContext context = body_context(desk.author().key, prepared->created, desk.trust());
  auto reports = forms::decode(prepared->content, context, forms::Catalogue::built_in());
  if (!reports.ok()) throw std::runtime_error(reports.error().text);
  reports->front().unknown.numbers.push_back(7);
  prepared->content = *forms::encode(*reports, context, forms::Catalogue::built_in());
  auto turn = desk.store().write();
  const auto sent = desk.seal(*turn, *prepared, now);
  if (!sent.ok() || !turn->commit().ok()) throw std::runtime_error("sealing");
  return sent->msg_id;
}
std::uint64_t dry_on_board(Office& office) {
  BoardQuery query;
  query.form = 12;
  query.incident = test::kExercise;
  query.exercise = true;
  const Board board =
      roll_up(*office.desk().readings(), office.desk().expected_units(), query, office.desk().catalogue());
  const auto total = board.all.totals.find(701);
  return total == board.all.totals.end() ? 0 : total->second.sum.value;
}

TEST_CASE("before the first signed catalogue the program's own forms are in use, and no other copy of them") {
  const Network network;
  const FormsInUse forms = forms_in_use(*network.trust());
  CHECK(forms.version == 0);
  CHECK(forms.catalogue.get() == &forms::Catalogue::built_in());
  CHECK(forms.trouble.empty());
}

TEST_CASE(
    "a catalogue that comes over the relay is in use at once, and what pointed into the old one holds") {
  Network network;
  PostOffice post;
  Office branch(network, post, field_of(kIshikawa));
  const forms::FormInfo* f1 = branch.desk().catalogue().form("F1");
  network.take(test::new_form_catalogue(network, 1));
  CHECK(branch.sync(kStart).objects == 1);
  const forms::FormInfo* f12 = branch.desk().catalogue().form("F12");
  REQUIRE(f12 != nullptr);
  CHECK(f1->code == "F1");
  network.take(test::new_form_catalogue(network, 2));
  branch.sync(kStart + hours(1));
  CHECK(branch.desk().forms().version == 2);
  CHECK(f12->label.ja == "給水の報告");
  branch.reopen();
  CHECK(branch.desk().catalogue().form("F12") != nullptr);
}

TEST_CASE("whoever is about to write takes what is trusted now, and nothing else") {
  Network network;
  PostOffice post;
  Office branch(network, post, field_of(kIshikawa)), other(network, post, field_of(kIshikawa, 1));
  (void)other.report(1, kStart, {proto::to_org(kIshikawa)});
  other.sync(kStart);
  network.take(test::new_form_catalogue(network, 1));
  const auto taken = take_objects(branch.desk(), branch.relay());
  REQUIRE(taken.ok());
  CHECK(*taken == 1);
  CHECK(branch.desk().catalogue().form("F12") != nullptr);
  CHECK(branch.received().empty());
  CHECK(*take_objects(branch.desk(), branch.relay()) == 0);
}

TEST_CASE("a report of an unknown form is kept and counted as such, and read whole once its form is here") {
  Network network;
  PostOffice post;
  Office ministry(network, post, desk_of(kMinistry));
  ministry.sync(kStart);
  Network with_form;  // the same network, where the form has come already
  with_form.take(test::new_form_catalogue(network, 1));
  Office branch(with_form, post, field_of(kIshikawa));
  const auto sent = branch.desk().send(water(branch.desk(), 345), at(kStart));
  REQUIRE(sent.ok());
  branch.sync(kStart);

  CHECK(ministry.sync(kStart).opened == 1);
  const Letter closed = ministry.received().front();
  REQUIRE(closed.reports.size() == 1);
  CHECK(closed.reports.front().facts.form == 12);
  CHECK(closed.reports.front().facts.municipality == 17204);
  CHECK(closed.reports.front().doubts.unknown_fields);
  CHECK(dry_on_board(ministry) == 0);

  network.take(test::new_form_catalogue(network, 1));
  ministry.sync(kStart + hours(1));
  const Letter open = ministry.received().front();
  CHECK_FALSE(open.reports.front().doubts.unknown_fields);
  CHECK(open.reports.front().report.get<forms::Count>(701)->value == 345);
  CHECK(dry_on_board(ministry) == 345);
}

TEST_CASE("forms that come are indexed with from then on; until that is done the index before answers") {
  Network network;
  PostOffice post;
  Office branch(network, post, field_of(kIshikawa));
  (void)branch.report(345, kStart);
  (void)branch.report(346, kStart + minutes(1));
  CHECK(branch.desk().indexing()->complete());

  network.take(test::new_form_catalogue(network, 1));
  REQUIRE(take_objects(branch.desk(), branch.relay()).ok());
  CHECK_FALSE(branch.desk().indexing()->complete());
  const auto standing = [&] {
    const auto view = branch.desk().store().read();
    return branch.desk().index(*view).standing({test::kExercise, true}, 1).size();
  };
  CHECK(standing() == 1);
  REQUIRE(branch.desk().index_some(1).ok());
  branch.reopen();
  CHECK(branch.desk().indexing()->done == 1);  // it goes on where it was
  while (!branch.desk().index_some(1)->complete()) {
  }
  branch.reopen();
  CHECK(branch.desk().indexing()->complete());
  CHECK(standing() == 1);
}

TEST_CASE("a report that its form contradicts when it comes is let go of, and the unit's real one stands") {
  Network network;
  PostOffice post;
  Office ministry(network, post, desk_of(kMinistry));
  ministry.sync(kStart);
  Network with_form;
  with_form.take(test::new_form_catalogue(network, 1));
  Office branch(with_form, post, field_of(kIshikawa));
  REQUIRE(branch.desk().send(water(branch.desk(), 345), at(kStart)).ok());
  const auto spoilt = send_spoilt(branch.desk(), water(branch.desk(), 12), at(kStart + hours(1)));
  branch.sync(kStart + hours(1));
  ministry.sync(kStart + hours(1));
  const Side side{test::kExercise, true};
  const auto standing = [&] {
    const auto view = ministry.desk().store().read();
    std::vector<MsgId> out;
    for (const Kept& kept : ministry.desk().index(*view).standing(side, 12)) out.push_back(kept.place.msg);
    return out;
  };
  CHECK(standing() == std::vector{spoilt});  // nobody here knows better yet

  network.take(test::new_form_catalogue(network, 1));
  ministry.sync(kStart + hours(2));
  REQUIRE(standing().size() == 1);
  CHECK(standing().front() != spoilt);
  CHECK(dry_on_board(ministry) == 345);
  const auto view = ministry.desk().store().read();
  const IndexView index = ministry.desk().index(*view);
  CHECK(index.events(side) == 1);
  CHECK(index.of_unit(ministry.received().front().reports.front().facts.unit).size() == 1);
  // It is not hidden: the lists name it as a letter that cannot be read.
  const auto inbox = index.window(IndexView::List::inbox, 0, 10);
  REQUIRE(inbox.size() == 2);
  CHECK(inbox.front().msg == spoilt);
  CHECK_FALSE(inbox.front().index);
}

TEST_CASE("a row stands when its form begins to tell rows apart, and when it no longer does") {
  Network network;
  PostOffice post;
  Office branch(network, post, field_of(kIshikawa));
  std::uint32_t version = 0;
  const auto use = [&](const Bytes& set) {
    network.take(test::catalogue_object(network, ++version, *forms::pack_catalogue(set)));
    branch.sync(kStart + hours(version));  // holds the index against reading everything
    CHECK(branch.desk().forms().trouble.empty());
    const auto view = branch.desk().store().read();
    return branch.desk().index(*view).standing({test::kExercise, true}, 12).size();
  };
  CHECK(use(test::new_form_set()) == 0);
  REQUIRE(branch.desk().send(water(branch.desk(), 345), at(kStart + hours(1))).ok());
  CHECK(use(test::rows_form_set()) == 1);
  CHECK(use(test::new_form_set()) == 1);
}

TEST_CASE("a catalogue that this program cannot use is named, and its own forms hold") {
  Network network;
  PostOffice post;
  Office branch(network, post, field_of(kIshikawa));
  network.take(test::catalogue_object(network, 1, {1, 2, 3}));
  branch.sync(kStart);
  CHECK(branch.desk().forms().version == 1);
  CHECK_FALSE(branch.desk().forms().trouble.empty());
  CHECK(branch.desk().catalogue().form("F1") != nullptr);
  CHECK(branch.report(3, kStart).bytes > 0);
}

TEST_CASE("a changed form is used from the day it comes, and older reports are not held to its rules") {
  Network network;
  PostOffice post;
  Office branch(network, post, field_of(kIshikawa));
  (void)branch.report(345, kStart);
  branch.sync(kStart);
  network.take(test::catalogue_object(network, 1, *forms::pack_catalogue(test::changed_form_set())));
  branch.sync(kStart + hours(1));
  CHECK(branch.desk().catalogue().form("F1")->version == 2);
  const std::vector<Reading> before = *branch.desk().readings();
  REQUIRE(before.size() == 1);
  CHECK(before.front().report.version == 1);
  CHECK_FALSE(before.front().doubts.invalid);

  Message update;
  update.reports = child_of(before.front(), forms::ReportKind::update, branch.desk().author(), before);
  update.recipients = {proto::to_org(kMinistry)};
  const auto lacking = branch.desk().prepare(update, at(kStart + hours(1)));
  REQUIRE(lacking.ok());
  CHECK(lacking->reports.front().version == 2);
  CHECK_FALSE(lacking->sendable());
  update.reports.front().put(115, forms::Count{7, forms::CountState::exact});
  REQUIRE(branch.desk().send(update, at(kStart + hours(1))).ok());
  branch.sync(kStart + hours(1));

  const Network old;  // the same network, where the new F1 has not come
  Office ministry(old, post, desk_of(kMinistry));
  ministry.sync(kStart + hours(2));
  const auto received = ministry.received();
  REQUIRE(received.size() == 2);
  const Reading& newer = received.back().reports.front();
  CHECK(newer.report.version == 2);
  CHECK(newer.doubts.unknown_fields);
  CHECK_FALSE(newer.doubts.invalid);
  CHECK(newer.report.get<forms::Count>(forms::field::households_stopped)->value == 345);
}

TEST_CASE("a draft of a form that came later is kept and found again") {
  Network network;
  PostOffice post;
  network.take(test::new_form_catalogue(network, 1));
  Office branch(network, post, field_of(kIshikawa));
  Draft draft;
  draft.message = water(branch.desk(), 12);
  REQUIRE(keep(branch.desk(), draft).ok());
  branch.reopen();
  const auto drafts = desk::drafts(branch.desk());
  REQUIRE(drafts.ok());
  REQUIRE(drafts->size() == 1);
  CHECK(drafts->front().message.reports.front().get<forms::Count>(701)->value == 12);
}

}  // namespace
}  // namespace noroshi::desk
