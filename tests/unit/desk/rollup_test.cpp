#include "client-tui/desk/rollup.hpp"

#include <algorithm>

#include "proto/forms/six.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/readings.hpp"

namespace noroshi::desk {
namespace {

using forms::Count;
using forms::CountState;
using test::ReadingMaker;

constexpr UnitId kWajima{1'700'001}, kSuzu{1'700'002}, kDealer{1'700'011}, kHimi{1'600'001};
constexpr std::uint32_t kWajimaCity = 17204, kSuzuCity = 17205, kHimiCity = 16205;
constexpr std::uint32_t kConsumer = 1, kDealerStorage = 2;

const std::vector<ExpectedUnit>& units() {
  static const std::vector<ExpectedUnit> all{{kWajima, {}, 17, {kWajimaCity}, 5000},
                                             {kSuzu, {}, 17, {kSuzuCity}, 3000},
                                             {kDealer, kWajima, 17, {kWajimaCity}, 800},
                                             {kHimi, {}, 16, {kHimiCity}, 1000}};
  return all;
}
BoardQuery query() {
  BoardQuery query;
  query.incident = IncidentId{5};
  return query;
}
Board board(const std::vector<Reading>& readings) {
  return roll_up(readings, units(), query());
}
Reading stopped(Reading reading, std::uint32_t value, CountState state = CountState::exact) {
  return ReadingMaker::with(std::move(reading), forms::field::households_stopped, Count{value, state});
}
const Total& stopped_of(const Part& part) {
  return part.totals.at(forms::field::households_stopped);
}
std::vector<WarningKind> kinds(const Board& board) {
  std::vector<WarningKind> out;
  for (const Warning& warning : board.warnings) out.push_back(warning.kind);
  return out;
}
bool warns(const Board& board, WarningKind kind) {
  const auto all = kinds(board);
  return std::find(all.begin(), all.end(), kind) != all.end();
}

TEST_CASE("a unit that reports from another prefecture is heard of, in the whole") {
  ReadingMaker make;
  const Board all = board({make.f1(kWajima, kHimiCity, 100), make.f1(kSuzu, kSuzuCity, 100)});
  CHECK(all.all.coverage.units_heard == 2);
  CHECK(all.not_heard == std::vector{kHimi, kDealer});
  REQUIRE(all.by(Division::prefecture).size() == 2);
  CHECK(all.by(Division::prefecture).front().coverage.units_heard == 0);  // it is not of that place
  CHECK(all.by(Division::prefecture).back().coverage.units_heard == 1);
}

TEST_CASE("Kanazawa: what is outstanding follows from what was stopped and restored, on the board too") {
  ReadingMaker make;
  const forms::FieldNo stopped_cum = 80, restored_cum = 81, outstanding = 83;
  const auto f2 = [&](UnitId unit, std::uint32_t place, std::uint32_t down, Count up) {
    Reading reading = make.f1(unit, place, 100);
    reading.facts.form = reading.report.form = 2;
    reading.report.put(stopped_cum, Count{down, CountState::exact});
    reading.report.put(restored_cum, up);
    return reading;
  };
  BoardQuery of_f2 = query();
  of_f2.form = 2;
  const std::vector<Reading> one{f2(kWajima, kWajimaCity, 121, {106, CountState::exact})};
  CHECK(format(roll_up(one, units(), of_f2).all.totals.at(outstanding).sum, forms::Language::ja) == "15");
  const std::vector<Reading> two{f2(kWajima, kWajimaCity, 121, {106, CountState::exact}),
                                 f2(kSuzu, kSuzuCity, 40, {0, CountState::unconfirmed})};
  CHECK(format(roll_up(two, units(), of_f2).all.totals.at(outstanding).sum, forms::Language::ja) ==
        "15 (+1 未確認)");
}

TEST_CASE("drifted cylinders over time are counted apart by where they were, as those of the first hours") {
  ReadingMaker make;
  const forms::FieldNo lost_cum = 86, scope = 62;
  const auto f2 = [&](UnitId unit, std::uint32_t where) {
    Reading reading = make.f1(unit, kWajimaCity, 100);
    reading.facts.form = reading.report.form = 2;
    reading.report.put(lost_cum, Count{100, CountState::exact});
    reading.report.put(scope, forms::CodeValue{where});
    return reading;
  };
  BoardQuery of_f2 = query();
  of_f2.form = 2;
  const Board result =
      roll_up(std::vector<Reading>{f2(kWajima, kConsumer), f2(kSuzu, kDealerStorage)}, units(), of_f2);
  CHECK(result.all.totals.at(lost_cum).sum.value == 100);
  CHECK(result.all.totals.at(lost_cum).other_scopes.at(kDealerStorage).value == 100);
}

TEST_CASE("the damage of accidents in yen is added beyond what a count can hold") {
  ReadingMaker make;
  const forms::FieldNo property_yen = 501;
  const auto f6 = [&](UnitId unit, std::int64_t yen) {
    Reading reading = make.f1(unit, kWajimaCity, 100);
    reading.facts.form = reading.report.form = 6;
    reading.report.put(property_yen, yen);
    return reading;
  };
  BoardQuery of_f6 = query();
  of_f6.form = 6;
  const Board result =
      roll_up(std::vector<Reading>{f6(kWajima, 500'000'000), f6(kSuzu, 3'000'000)}, units(), of_f6);
  CHECK(result.all.totals.at(property_yen).sum.value == 503'000'000);
}

Reading facility(Reading reading, std::int64_t capacity, std::int64_t tenths_of_a_tonne,
                 forms::Date reopens) {
  const forms::FieldNo fill_rate = 225, stock_t = 226, reopen_eta = 235;
  reading.facts.matter = "K-" + std::to_string(reading.facts.id.seq);
  reading.report.put(fill_rate, capacity);
  reading.report.put(stock_t, forms::Decimal{tenths_of_a_tonne});
  reading.report.put(reopen_eta, reopens);
  return reading;
}

TEST_CASE(
    "stocks are added with their decimals, the least capacity and the last reopening stand as they are") {
  ReadingMaker make;
  BoardQuery of_f7 = query();
  of_f7.form = 7;
  const std::vector<Reading> readings{facility(make.of(kWajima, 7, 100), 40, 125, {19'800}),
                                      facility(make.of(kSuzu, 7, 100), 100, 2'000, {19'810}),
                                      facility(make.of(kHimi, 7, 100), 70, 8, {19'790})};
  const Part all = roll_up(readings, units(), of_f7).all;
  CHECK(all.totals.at(226).sum.value == 2'133);
  CHECK(format(all.totals.at(226).sum, forms::Language::ja, 1) == "213.3");
  CHECK(all.extremes.at(225) == forms::Value{std::int64_t{40}});
  CHECK(all.extremes.at(235) == forms::Value{forms::Date{19'810}});
}

TEST_CASE(
    "six cylinders and four stoves are not ten: a quantity whose unit another field says has no total") {
  ReadingMaker make;
  BoardQuery of_f4 = query();
  of_f4.form = 4;
  const forms::FieldNo quantity = 153;
  const std::vector<Reading> readings{
      ReadingMaker::with(make.of(kWajima, 4, 100), quantity, forms::Decimal{6'000}),
      ReadingMaker::with(make.of(kSuzu, 4, 100), quantity, forms::Decimal{4'000})};
  CHECK(roll_up(readings, units(), of_f4).all.totals.count(quantity) == 0);
}

TEST_CASE("the newest report of each unit is added, never two of one unit") {
  ReadingMaker make;
  const Board result =
      board({stopped(make.f1(kWajima, kWajimaCity, 100), 345),
             stopped(make.f1(kWajima, kWajimaCity, 200), 400), stopped(make.f1(kSuzu, kSuzuCity, 150), 18)});
  CHECK(stopped_of(result.all).sum.value == 418);
  CHECK(result.rows.size() == 2);
  CHECK(result.as_of == WallTime{200});
}

TEST_CASE("with every total stands who was heard of those expected, and the oldest report in it") {
  ReadingMaker make;
  const Board result =
      board({stopped(make.f1(kWajima, kWajimaCity, 100), 345), stopped(make.f1(kSuzu, kSuzuCity, 150), 18)});
  CHECK(result.all.coverage.units_heard == 2);
  CHECK(result.all.coverage.units_expected == 4);
  CHECK(result.all.coverage.households_served == 9800);
  CHECK(result.all.coverage.oldest == WallTime{100});
  CHECK(result.not_heard == std::vector<UnitId>{kHimi, kDealer});
}

TEST_CASE("an incident of one prefecture expects that prefecture's units only") {
  BoardQuery ishikawa = query();
  ishikawa.prefectures = {17};
  const Board result = roll_up({}, units(), ishikawa);
  CHECK(result.all.coverage.units_expected == 3);
}

TEST_CASE("households are checked as far as somebody says so") {
  ReadingMaker make;
  const auto scope = [](Reading reading, forms::CheckedScope said) {
    return ReadingMaker::with(std::move(reading), forms::field::checked_scope,
                              forms::CodeValue{static_cast<std::uint32_t>(said)});
  };
  Reading some = scope(make.f1(kWajima, kWajimaCity, 100), forms::CheckedScope::some);
  some.report.put(forms::field::checked_households, Count{1200, CountState::exact});
  const Board result = board({some, scope(make.f1(kSuzu, kSuzuCity, 100), forms::CheckedScope::all),
                              scope(make.f1(kHimi, kHimiCity, 100), forms::CheckedScope::office),
                              make.f1(kDealer, kWajimaCity, 100)});
  CHECK(result.all.coverage.households_checked.value == 1200 + 3000);
  CHECK(result.all.coverage.households_checked.unconfirmed == 1);
}

TEST_CASE("unconfirmed counts and magnitudes stand beside the sum") {
  ReadingMaker make;
  const Board result = board({stopped(make.f1(kWajima, kWajimaCity, 100), 345),
                              stopped(make.f1(kSuzu, kSuzuCity, 100), 0, CountState::unconfirmed),
                              stopped(make.f1(kHimi, kHimiCity, 100), 2, CountState::magnitude)});
  const Sum& sum = stopped_of(result.all).sum;
  CHECK(sum.value == 345);
  CHECK(sum.unconfirmed == 1);
  CHECK(sum.magnitudes[2] == 1);
}

TEST_CASE("confirmed figures stand apart, and only the unit's own association confirms") {
  ReadingMaker make;
  const Reading wajima = stopped(make.f1(kWajima, kWajimaCity, 100), 345);
  const Reading suzu = stopped(make.f1(kSuzu, kSuzuCity, 100), 18);
  const Reading by_ishikawa = make.note(wajima.facts.id, kWajima, forms::Verdict::confirmed, 200);
  const Reading by_toyama = make.note(suzu.facts.id, kHimi, forms::Verdict::confirmed, 200);
  const Board result = board({wajima, suzu, by_ishikawa, by_toyama});
  CHECK(stopped_of(result.all).sum.value == 363);
  CHECK(stopped_of(result.all).verified.value == 345);
}

TEST_CASE("a held report is shown and not added, until a newer note frees it") {
  ReadingMaker make;
  const Reading wajima = stopped(make.f1(kWajima, kWajimaCity, 100), 345);
  std::vector<Reading> readings{wajima, make.note(wajima.facts.id, kWajima, forms::Verdict::held, 200)};
  Board result = board(readings);
  CHECK_FALSE(stopped_of(result.all).sum.known());
  CHECK(stopped_of(result.all).held.value == 345);
  CHECK(warns(result, WarningKind::held));
  readings.push_back(make.note(wajima.facts.id, kWajima, forms::Verdict::confirmed, 300));
  result = board(readings);
  CHECK(stopped_of(result.all).sum.value == 345);
}

TEST_CASE("hearsay is counted beside, never added") {
  ReadingMaker make;
  Reading heard = stopped(make.f1(kWajima, kWajimaCity, 200), 1000);
  heard.facts.hearsay = true;
  const Board result = board({stopped(make.f1(kWajima, kWajimaCity, 100), 345), heard});
  CHECK(stopped_of(result.all).sum.value == 345);
  CHECK(stopped_of(result.all).hearsay.value == 1000);
  CHECK(result.rows.size() == 2);
}

TEST_CASE("cylinders at consumers and at dealers are listed, never added up") {
  ReadingMaker make;
  const auto lost = [](Reading reading, std::uint32_t value, std::uint32_t scope) {
    reading.report.put(forms::field::cyl_lost, Count{value, CountState::exact});
    if (scope != 0) reading.report.put(62, forms::CodeValue{scope});
    return reading;
  };
  const Board result = board({lost(make.f1(kWajima, kWajimaCity, 100), 12, kConsumer),
                              lost(make.f1(kSuzu, kSuzuCity, 100), 1400, kDealerStorage),
                              lost(make.f1(kHimi, kHimiCity, 100), 0, 0)});
  const Total& total = result.all.totals.at(forms::field::cyl_lost);
  CHECK(total.scope == kConsumer);
  CHECK(total.sum.value == 12);
  CHECK(total.sum.added == 2);
  CHECK(total.other_scopes.at(kDealerStorage).value == 1400);
  CHECK(warns(result, WarningKind::scope_clash));
}

TEST_CASE("the six answers stand beside the counts until the unit's own fields are set") {
  ReadingMaker make;
  Reading first = make.f1(kWajima, kWajimaCity, 100);
  first.report.put(forms::field::six_supply, forms::CodeValue{3});
  Reading unconfirmed = stopped(first, 0, CountState::unconfirmed);
  CHECK(board({first}).all.six.at(forms::field::six_supply).at(3) == 1);
  CHECK(board({unconfirmed}).all.six.at(forms::field::six_supply).at(3) == 1);
  CHECK(board({stopped(first, 80)}).all.six.empty());
}

TEST_CASE("a roll-up of a branch is not added to the reports of its dealers") {
  ReadingMaker make;
  Reading branch = stopped(make.f1(kWajima, kWajimaCity, 100), 500);
  branch.report.put(forms::field::source_kind,
                    forms::CodeValue{static_cast<std::uint32_t>(forms::SourceKind::rollup)});
  CHECK(stopped_of(board({branch}).all).sum.value == 500);
  const Board result = board({branch, stopped(make.f1(kDealer, kWajimaCity, 90), 80)});
  CHECK(stopped_of(result.all).sum.value == 80);
  CHECK(warns(result, WarningKind::rollup_not_added));
}

TEST_CASE("exercise reports are on no real board, which says how many there are elsewhere") {
  ReadingMaker make;
  Reading drill = stopped(make.f1(kSuzu, kSuzuCity, 100), 9999);
  drill.facts.exercise = true;
  const Board result = board({stopped(make.f1(kWajima, kWajimaCity, 100), 345), drill});
  CHECK(stopped_of(result.all).sum.value == 345);
  CHECK(warns(result, WarningKind::exercise_elsewhere));
}

TEST_CASE("a board of an earlier time shows what stood then, with corrections and cancels that came later") {
  ReadingMaker make;
  const Reading first = stopped(make.f1(kWajima, kWajimaCity, 100), 345);
  Reading second = stopped(make.f1(kWajima, kWajimaCity, 300), 400);
  second.facts.kind = Kind::update;
  second.facts.parents = {first.facts.id};
  const Reading wrong = stopped(make.f1(kSuzu, kSuzuCity, 100), 77);
  Reading cancel = make.f1(kSuzu, kSuzuCity, 500);
  cancel.facts.kind = Kind::cancel;
  cancel.facts.parents = {wrong.facts.id};
  BoardQuery at = query();
  at.at = WallTime{200};
  const Board result = roll_up(std::vector<Reading>{first, second, wrong, cancel}, units(), at);
  CHECK(stopped_of(result.all).sum.value == 345);
}

TEST_CASE("prefectures and municipalities have their own totals and coverage") {
  ReadingMaker make;
  const Board result =
      board({stopped(make.f1(kWajima, 0, 100), 345), stopped(make.f1(kSuzu, kSuzuCity, 100), 18),
             stopped(make.f1(kHimi, kHimiCity, 100), 7)});
  REQUIRE(result.by(Division::prefecture).size() == 2);
  CHECK(result.by(Division::prefecture)[0].place == 16);
  CHECK(stopped_of(result.by(Division::prefecture)[1]).sum.value == 363);
  CHECK(result.by(Division::prefecture)[1].coverage.units_expected == 3);
  CHECK(stopped_of(result.by(Division::municipality)[1]).sum.value ==
        345);  // a unit with one municipality need not say it
}

TEST_CASE("a quarantined report counts once the association has confirmed it") {
  ReadingMaker make;
  Reading doubtful = stopped(make.f1(kWajima, kWajimaCity, 100), 345);
  doubtful.facts.quarantined = true;
  CHECK(board({doubtful}).rows.empty());
  CHECK(warns(board({doubtful}), WarningKind::quarantined));
  const Reading note = make.note(doubtful.facts.id, kWajima, forms::Verdict::confirmed, 200);
  CHECK(stopped_of(board({doubtful, note}).all).sum.value == 345);
  SECTION("and one that came long after its date is not called one of a revoked key") {
    doubtful.doubts.dead = true;
    CHECK(warns(board({doubtful}), WarningKind::dead));
    CHECK_FALSE(warns(board({doubtful}), WarningKind::quarantined));
  }
}

}  // namespace
}  // namespace noroshi::desk
