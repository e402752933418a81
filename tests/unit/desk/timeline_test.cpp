#include "client-tui/desk/timeline.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/readings.hpp"

namespace noroshi::desk {
namespace {

using forms::ActKind;
using forms::Count;
using forms::CountState;
using forms::Phase;
using test::ReadingMaker;
namespace field = forms::field;

constexpr UnitId kWajima{1'700'001}, kSuzu{1'700'002}, kHimi{1'600'001};
constexpr std::uint32_t kWajimaCity = 17204, kSuzuCity = 17205, kHimiCity = 16205;
constexpr DeviceId kHeadquarters{{17}, 9};
constexpr WallTime kBegin{1'000'020};  // a whole minute, as reports have them
/// Seconds of the line of time, so many minutes after the begin.
constexpr std::int64_t after(std::int64_t count) {
  return kBegin.s + count * 60;
}

std::vector<ExpectedUnit> units() {
  return {{kWajima, {}, 17, {kWajimaCity}, 5000},
          {kSuzu, {}, 17, {kSuzuCity}, 3000},
          {kHimi, {}, 16, {kHimiCity}, 1000}};
}
TimelineQuery query(std::int64_t now_min) {
  TimelineQuery out;
  out.incident = IncidentId{5};
  out.start = kBegin;
  out.prefectures = {17};
  out.self = kHeadquarters;
  out.now = WallTime{after(now_min)};
  return out;
}
Timeline line_of(const std::vector<Reading>& readings, std::int64_t now_min) {
  return timeline(readings, units(), query(now_min));
}
bool owes(const Timeline& line, UnitId unit, forms::FormNo form) {
  return std::any_of(line.overdue.begin(), line.overdue.end(),
                     [&](const Owed& owed) { return owed.unit == unit && owed.form == form; });
}
/// The one thing that a unit owes.
const Owed& debt(const Timeline& line, UnitId unit) {
  const auto found = std::find_if(line.overdue.begin(), line.overdue.end(),
                                  [&](const Owed& owed) { return owed.unit == unit; });
  REQUIRE(found != line.overdue.end());
  return *found;
}
Reading talk(ReadingMaker& make, ActKind act, DeviceId from, std::int64_t when) {
  Reading reading = make.of(kWajima, 9, when);
  reading.facts.signer = from;
  reading.facts.id.key = {from, 1};
  reading.report.put(field::act_kind, forms::CodeValue{static_cast<std::uint32_t>(act)});
  return reading;
}
Reading question(ReadingMaker& make, std::int64_t when, std::int64_t due) {
  return ReadingMaker::with(talk(make, ActKind::inquiry, kHeadquarters, when), field::answer_due,
                            WallTime{due});
}
Reading answer(ReadingMaker& make, const Reading& to, DeviceId from, std::int64_t when) {
  return ReadingMaker::with(talk(make, ActKind::answer, from, when), field::regarding,
                            forms::References{to.facts.id});
}

TEST_CASE("the table of deadlines names its phases in order, and a reason for each row") {
  Seconds before{0};
  for (const Phase phase : forms::kPhases) {
    CHECK(before < forms::end_of(phase));
    before = forms::end_of(phase);
  }
  CHECK(forms::deadlines().size() >= 9);
  for (const forms::Deadline& row : forms::deadlines()) {
    CHECK_FALSE(row.source.empty());
    CHECK_FALSE(row.answered_by.empty());
    CHECK(row.from < row.due);
    CHECK((row.owed_by == forms::OwedBy::event) == !row.phase.has_value());
    if (row.phase) CHECK(row.due == forms::end_of(*row.phase));
  }
}

TEST_CASE("a moment belongs to the phase that has not ended; what comes before the begin to the first") {
  CHECK(forms::phase_at({-60}) == Phase::t0);
  CHECK(forms::phase_at(minutes(30)) == Phase::t1h);
  CHECK(forms::phase_at(hours(3) - Seconds{1}) == Phase::t3h);
  CHECK(forms::phase_at(days(400)) == Phase::t1m);
}

TEST_CASE("a unit that says nothing owes its first report, since the end of the first hour") {
  CHECK(line_of({}, 60).overdue.empty());
  const Timeline line = line_of({}, 61);
  REQUIRE(line.overdue.size() == 2);
  CHECK(debt(line, kWajima).form == 1);
  CHECK(debt(line, kWajima).phase == Phase::t1h);
  CHECK(debt(line, kWajima).due == kBegin + hours(1));
  CHECK_FALSE(debt(line, kWajima).last_heard);
}

TEST_CASE("who has said nothing while nothing is due is silent, not overdue") {
  ReadingMaker make;
  const std::vector<Reading> one{make.f1(kWajima, kWajimaCity, after(20))};
  CHECK(line_of(one, 30).silent == std::vector<UnitId>{kSuzu});
  CHECK(line_of(one, 61).silent.empty());
}

TEST_CASE("silence is one line for each unit, however many phases pass") {
  const Timeline line = line_of({}, 60 * 24 * 10);
  CHECK(line.overdue.size() == 2);
  CHECK(debt(line, kSuzu).due == kBegin + hours(1));
}

TEST_CASE("units of other prefectures owe nothing") {
  CHECK_FALSE(owes(line_of({}, 600), kHimi, 1));
}

TEST_CASE("a report answers its phase and those before it, and the next phase asks anew") {
  ReadingMaker make;
  const std::vector<Reading> late{make.f1(kWajima, kWajimaCity, after(120))};
  CHECK_FALSE(owes(line_of(late, 300), kWajima, 1));
  const std::vector<Reading> early{make.f1(kWajima, kWajimaCity, after(20))};
  CHECK_FALSE(owes(line_of(early, 179), kWajima, 1));
  const Timeline line = line_of(early, 181);
  CHECK(debt(line, kWajima).phase == Phase::t3h);
  CHECK(debt(line, kWajima).last_heard == WallTime{after(20)});
}

TEST_CASE("a cancelled report, hearsay and another incident's report answer nothing") {
  ReadingMaker make;
  Reading first = make.f1(kWajima, kWajimaCity, after(20)), cancel = make.f1(kWajima, kWajimaCity, after(30));
  cancel.facts.kind = Kind::cancel;
  cancel.facts.parents = {first.facts.id};
  CHECK(owes(line_of({first, cancel}, 90), kWajima, 1));
  Reading hearsay = make.f1(kWajima, kWajimaCity, after(20)),
          other = make.f1(kWajima, kWajimaCity, after(20));
  hearsay.facts.hearsay = true;
  other.facts.incident = IncidentId{6};
  CHECK(owes(line_of({hearsay, other}, 90), kWajima, 1));
}

TEST_CASE("the interval that a unit has agreed to stands for the later phases") {
  ReadingMaker make;
  std::vector<ExpectedUnit> agreed = units();
  agreed[0].expected_interval_h = 6;
  const std::vector<Reading> readings{make.f1(kWajima, kWajimaCity, after(30))};
  CHECK_FALSE(owes(timeline(readings, agreed, query(6 * 60 + 30)), kWajima, 1));
  const Timeline line = timeline(readings, agreed, query(6 * 60 + 31));
  CHECK(debt(line, kWajima).due == WallTime{after(6 * 60 + 30)});
  CHECK_FALSE(debt(line, kWajima).phase);
  CHECK(debt(timeline({}, agreed, query(61)), kWajima).phase == Phase::t1h);
}

TEST_CASE("after a final report, and after the end of the incident, nothing falls due") {
  ReadingMaker make;
  Reading last = make.f1(kWajima, kWajimaCity, after(20));
  last.facts.kind = Kind::final;
  CHECK_FALSE(owes(line_of({last}, 5000), kWajima, 1));
  TimelineQuery ended = query(5000);
  ended.end = WallTime{after(59)};
  CHECK(timeline({}, units(), ended).overdue.empty());
}

TEST_CASE("an incident that nobody has declared has no deadlines, but its reports stand in the line") {
  ReadingMaker make;
  TimelineQuery undeclared = query(5000);
  undeclared.start.reset();
  const std::vector<Reading> readings{make.f1(kWajima, kWajimaCity, after(20))};
  const Timeline line = timeline(readings, units(), undeclared);
  CHECK(line.overdue.empty());
  REQUIRE(line.events.size() == 1);
  CHECK_FALSE(line.events[0].phase);
}

TEST_CASE("each step says how many units have answered of those that owe it") {
  ReadingMaker make;
  const Timeline line =
      line_of({make.f1(kWajima, kWajimaCity, after(20)), make.f1(kSuzu, kSuzuCity, after(100))}, 200);
  const auto step = [&](Phase phase) {
    return *std::find_if(line.steps.begin(), line.steps.end(),
                         [&](const Step& one) { return one.phase == phase && one.form == 1; });
  };
  CHECK(step(Phase::t1h).expected == 2);
  CHECK(step(Phase::t1h).answered == 2);
  CHECK(step(Phase::t3h).answered == 1);
  CHECK(step(Phase::t24h).answered == 0);
}

TEST_CASE("a fire without an F6 is overdue an hour after the report that first told of it") {
  ReadingMaker make;
  const auto fire = [&](std::int64_t when) {
    return ReadingMaker::with(make.f1(kHimi, kHimiCity, when), field::fires, Count{1, CountState::at_least});
  };
  const Reading first = fire(after(30)), again = fire(after(80));
  CHECK_FALSE(owes(line_of({first, again}, 90), kHimi, 6));
  const Timeline line = line_of({first, again}, 91);
  CHECK(debt(line, kHimi).form == 6);
  CHECK(debt(line, kHimi).due == WallTime{after(90)});
  CHECK(debt(line, kHimi).because == first.facts.id);
  CHECK_FALSE(owes(line_of({first, again, make.of(kHimi, 6, after(85))}, 91), kHimi, 6));
}

TEST_CASE("the six answers tell of a fire too; no fire and unconfirmed do not") {
  ReadingMaker make;
  const auto six = [&](std::uint32_t key) {
    return ReadingMaker::with(make.f1(kSuzu, kSuzuCity, after(10)), field::six_danger, forms::CodeValue{key});
  };
  CHECK(owes(line_of({six(3)}, 90), kSuzu, 6));
  CHECK_FALSE(owes(line_of({six(1)}, 90), kSuzu, 6));
  CHECK_FALSE(owes(line_of({six(9)}, 90), kSuzu, 6));
  const Reading unconfirmed = ReadingMaker::with(make.f1(kSuzu, kSuzuCity, after(10)), field::fires,
                                                 Count{0, CountState::unconfirmed});
  CHECK_FALSE(owes(line_of({unconfirmed}, 90), kSuzu, 6));
}

TEST_CASE("a fire that was corrected away needs no F6") {
  ReadingMaker make;
  const Reading fire = ReadingMaker::with(make.f1(kSuzu, kSuzuCity, after(10)), field::fires, Count{1, {}});
  Reading corrected = ReadingMaker::with(make.f1(kSuzu, kSuzuCity, after(10)), field::fires, Count{0, {}});
  corrected.facts.kind = Kind::correction;
  corrected.facts.parents = {fire.facts.id};
  CHECK_FALSE(owes(line_of({fire, corrected}, 200), kSuzu, 6));
}

TEST_CASE("a question stays open until somebody else answers it by name") {
  ReadingMaker make;
  const Reading asked = question(make, after(10), after(100));
  const Timeline open = line_of({asked}, 99);
  REQUIRE(open.questions.size() == 1);
  CHECK_FALSE(open.questions[0].overdue);
  CHECK(line_of({asked}, 101).questions[0].overdue);
  const Reading by_branch = answer(make, asked, {{17}, 3}, after(50));
  CHECK(line_of({asked, by_branch}, 101).questions.empty());
  CHECK(line_of({by_branch, asked}, 101).questions.empty());
  CHECK(line_of({asked, answer(make, asked, kHeadquarters, after(50))}, 101).questions.size() == 1);
  Reading quarantined = answer(make, asked, {{17}, 3}, after(50));
  quarantined.facts.quarantined = true;
  CHECK(line_of({asked, quarantined}, 101).questions.size() == 1);
}

TEST_CASE("a question that was taken back, and a message, wait for nobody") {
  ReadingMaker make;
  const Reading asked = question(make, after(10), after(100));
  const Reading recall = ReadingMaker::with(talk(make, ActKind::recall, kHeadquarters, after(20)),
                                            field::regarding, forms::References{asked.facts.id});
  CHECK(line_of({asked, recall}, 200).questions.empty());
  CHECK(line_of({talk(make, ActKind::message, kHeadquarters, after(20))}, 200).questions.empty());
}

Reading call(ReadingMaker& make, std::int64_t when, std::int64_t due, std::int64_t form,
             std::int64_t area = 0) {
  Reading out = ReadingMaker::with(question(make, when, due), field::asked_form, form);
  return area != 0 ? ReadingMaker::with(std::move(out), field::asked_area, area) : out;
}

TEST_CASE("a call is owed by every unit of its area that has not reported since, and by nobody else") {
  ReadingMaker make;
  const Reading called = call(make, after(30), after(50), 1, kSuzuCity);
  const Reading early = make.f1(kSuzu, kSuzuCity, after(20));  // before it was called for
  const Timeline before = line_of({called, early}, 49);
  REQUIRE(before.calls.size() == 1);
  CHECK(before.calls[0].expected == 1);
  CHECK(before.calls[0].answered == 0);
  CHECK(before.questions.empty());
  CHECK(before.overdue.empty());
  const Timeline late = line_of({called, early}, 51);
  REQUIRE(late.overdue.size() == 1);
  CHECK(debt(late, kSuzu).because == called.facts.id);
  CHECK(debt(late, kSuzu).due == WallTime{after(50)});
  CHECK(debt(late, kSuzu).last_heard == WallTime{after(20)});
  const Timeline answered = line_of({called, early, make.f1(kSuzu, kSuzuCity, after(35))}, 51);
  CHECK(answered.overdue.empty());
  CHECK(answered.calls[0].answered == 1);
}

TEST_CASE("a call of a prefecture asks all of its units, and one without an area all of the incident") {
  ReadingMaker make;
  CHECK(line_of({call(make, after(30), after(50), 1, 17)}, 40).calls[0].expected == 2);
  CHECK(line_of({call(make, after(30), after(50), 1)}, 40).calls[0].expected == 2);
  CHECK(line_of({call(make, after(30), after(50), 1, 16)}, 40).calls[0].expected ==
        0);  // not in the incident
  const Reading one =
      ReadingMaker::with(call(make, after(30), after(50), 1), field::to_unit, std::int64_t{kWajima.value});
  CHECK(line_of({one}, 40).calls[0].expected == 1);
}

TEST_CASE("what is called for may be of any form, and what is overdue anyway is owed once") {
  ReadingMaker make;
  const Timeline of_f3 = line_of({call(make, after(30), after(50), 3, kWajimaCity)}, 55);
  REQUIRE(of_f3.overdue.size() == 1);
  CHECK(of_f3.overdue[0].form == 3);
  const Timeline of_f1 = line_of({call(make, after(30), after(70), 1)}, 80);
  CHECK(of_f1.overdue.size() == 2);  // the end of the first hour came before
  CHECK_FALSE(of_f1.overdue[0].because.has_value());
}

TEST_CASE("one unit's word does not answer a call for all; who called takes it back") {
  ReadingMaker make;
  const Reading called = call(make, after(30), after(50), 1, 17);
  CHECK(line_of({called, answer(make, called, {{17}, 3}, after(40))}, 51).calls.size() == 1);
  const Reading recall = ReadingMaker::with(talk(make, ActKind::recall, kHeadquarters, after(40)),
                                            field::regarding, forms::References{called.facts.id});
  CHECK(line_of({called, recall}, 51).calls.empty());
  CHECK(line_of({called, recall}, 51).overdue.empty());
}

TEST_CASE("an announced contact is missed half an hour after its time") {
  ReadingMaker make;
  const Reading announcing = ReadingMaker::with(make.f1(kWajima, kWajimaCity, after(10)),
                                                field::next_contact_at, WallTime{after(120)});
  CHECK(line_of({announcing}, 150).missed.empty());
  const Timeline line = line_of({announcing}, 151);
  REQUIRE(line.missed.size() == 1);
  CHECK(line.missed[0].unit == kWajima);
  CHECK(line.missed[0].announced == WallTime{after(120)});
  CHECK(line_of({announcing, make.f1(kWajima, kWajimaCity, after(100))}, 151).missed.empty());
  CHECK(line_of({announcing, make.f1(kWajima, kWajimaCity, after(60))}, 151).missed.size() == 1);
  CHECK(line_of({announcing, make.f1(kSuzu, kSuzuCity, after(100))}, 151).missed.size() == 1);
}

TEST_CASE("a newer announcement takes the place of the one before") {
  ReadingMaker make;
  const auto announcing = [&](std::int64_t when, std::int64_t next) {
    return ReadingMaker::with(make.f1(kWajima, kWajimaCity, when), field::next_contact_at, WallTime{next});
  };
  const std::vector<Reading> readings{announcing(after(10), after(60)), announcing(after(20), after(300))};
  CHECK(line_of(readings, 200).missed.empty());
  CHECK(line_of(readings, 331).missed.size() == 1);
}

TEST_CASE("the line has what came and went in the order it was known here, newest last") {
  ReadingMaker make;
  Reading slow = make.f1(kWajima, kWajimaCity, after(10)), quick = make.f1(kSuzu, kSuzuCity, after(40));
  slow.first_seen = WallTime{after(200)};
  quick.first_seen = WallTime{after(45)};
  const Reading own = question(make, after(50), after(100));
  const Timeline line = line_of({slow, quick, own}, 300);
  REQUIRE(line.events.size() == 3);
  CHECK(line.events[0].reading == 1);
  CHECK(line.events[1].sent);
  CHECK(line.events[2].reading == 0);
  CHECK(line.events[2].phase == Phase::t24h);
  CHECK(line.events[2].delay == minutes(190));
  CHECK(line.events[2].late);
  CHECK_FALSE(line.events[0].late);
}

TEST_CASE("what is past due is found again among the reports") {
  ReadingMaker make;
  const Reading asked = question(make, after(10), after(100));
  const Reading fire = ReadingMaker::with(make.f1(kSuzu, kSuzuCity, after(10)), field::fires, Count{1, {}});
  const std::vector<Reading> readings{make.f1(kWajima, kWajimaCity, after(20)), asked, fire};
  CHECK(past_due(line_of(readings, 170), readings) == std::vector<std::size_t>{1, 2});
}

}  // namespace
}  // namespace noroshi::desk
