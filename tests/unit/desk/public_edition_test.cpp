#include "client-tui/desk/public_edition.hpp"

#include <set>
#include <string>

#include "proto/forms/derive.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/form_generator.hpp"
#include "tests/support/readings.hpp"

namespace noroshi::desk {
namespace {

using forms::CodeValue;
using forms::Count;
using forms::CountState;
using test::ReadingMaker;

constexpr UnitId kWajima{1'700'001}, kSuzu{1'700'002};
constexpr std::uint32_t kWajimaCity = 17204, kSuzuCity = 17205;

const forms::Catalogue& catalogue() {
  return forms::Catalogue::built_in();
}
forms::FieldNo field(std::string_view form, std::string_view key) {
  return catalogue().field(*catalogue().form(form), key)->number;
}
Board board(const std::vector<Reading>& readings, forms::FormNo form = 1) {
  const std::vector<ExpectedUnit> units{{kWajima, {}, 17, {kWajimaCity}, 5000},
                                        {kSuzu, {}, 17, {kSuzuCity}, 3000}};
  BoardQuery query;
  query.form = form;
  query.incident = IncidentId{5};
  return roll_up(readings, units, query);
}
Board published(const std::vector<Reading>& readings, forms::FormNo form = 1) {
  return public_edition(board(readings, form), catalogue()).value();
}

Reading stopped(Reading reading, std::uint32_t value) {
  return ReadingMaker::with(std::move(reading), forms::field::households_stopped,
                            Count{value, CountState::exact});
}
forms::Point point(std::int32_t lat_e5, std::int32_t lon_e5) {
  forms::Point out;
  out.lat_e5 = lat_e5;
  out.lon_e5 = lon_e5;
  return out;
}
const forms::Point kHouse = point(3'739'000, 13'690'000), kNeighbour = point(3'739'100, 13'690'300),
                   kBeyond = point(3'735'000, 13'695'000);

/// Cylinders found at a place, which is a matter of its own.
Reading found(Reading reading, const forms::Point& where, std::int64_t cylinders) {
  reading.facts.municipality = kWajimaCity;
  reading.facts.matter = "site-" + std::to_string(reading.facts.id.seq);
  reading.report.put(field("F3", "position"), where);
  reading.report.put(field("F3", "cyl_count"), cylinders);
  return reading;
}

TEST_CASE("the public edition tells the figures that are open, how many units they are of, and no other") {
  ReadingMaker make;
  Reading reading = stopped(make.f1(kWajima, kWajimaCity, 100), 345);
  reading.report.put(field("F1", "deaths"), Count{2, CountState::exact});
  reading.report.put(forms::field::households_served, std::int64_t{4000});
  reading.report.put(forms::field::checked_scope,
                     CodeValue{static_cast<std::uint32_t>(forms::CheckedScope::all)});
  const Board whole = board({reading});
  REQUIRE(whole.all.totals.count(field("F1", "deaths")) == 1);
  REQUIRE(whole.all.coverage.households_checked.value == 4000);

  const Board open = public_edition(whole, catalogue()).value();
  CHECK(open.is_public);
  CHECK(open.as_of == whole.as_of);
  CHECK(open.all.totals.at(forms::field::households_stopped).sum.value == 345);
  CHECK(open.all.totals.count(field("F1", "deaths")) == 0);
  CHECK(open.all.totals.count(forms::field::households_served) == 0);
  CHECK(open.all.coverage.units_heard == 1);
  CHECK(open.all.coverage.units_expected == 2);
  CHECK(open.all.coverage.households_checked.empty());
  CHECK(open.all.coverage.households_served == 0);
  CHECK(open.by(Division::municipality).size() == 2);  // one of them has said nothing yet
}

TEST_CASE("no row, no unit that is silent and no warning is in the public edition") {
  ReadingMaker make;
  const Board whole = board({stopped(make.f1(kWajima, kWajimaCity, 100), 5001)});
  REQUIRE(!whole.rows.empty());
  REQUIRE(!whole.not_heard.empty());
  REQUIRE(!whole.warnings.empty());
  const Board open = public_edition(whole, catalogue()).value();
  CHECK(open.rows.empty());
  CHECK(open.not_heard.empty());
  CHECK(open.warnings.empty());
}

TEST_CASE("what is only said and what is held is not told; what is confirmed stands beside") {
  ReadingMaker make;
  const Reading confirmed = stopped(make.f1(kWajima, kWajimaCity, 100), 345);
  const Reading held = stopped(make.f1(kSuzu, kSuzuCity, 100), 18);
  const std::vector<Reading> readings{confirmed, held,
                                      make.note(confirmed.facts.id, kWajima, forms::Verdict::confirmed, 200),
                                      make.note(held.facts.id, kSuzu, forms::Verdict::held, 200)};
  const Total whole = board(readings).all.totals.at(forms::field::households_stopped);
  REQUIRE(whole.held.value == 18);
  const Total open = published(readings).all.totals.at(forms::field::households_stopped);
  CHECK(open.sum.value == 345);
  CHECK(open.verified.value == 345);
  CHECK(open.held.empty());
  CHECK(open.hearsay.empty());
}

TEST_CASE("cylinders are told by the kilometre where they lie, never by their position") {
  ReadingMaker make;
  const forms::FieldNo count = field("F3", "cyl_count");
  const std::vector<Reading> readings{found(make.of(kWajima, 3, 100), kHouse, 2),
                                      found(make.of(kWajima, 3, 110), kNeighbour, 4),
                                      found(make.of(kWajima, 3, 120), kBeyond, 1)};
  const std::vector<Part> meshes = published(readings, 3).by(Division::mesh);
  REQUIRE(meshes.size() == 2);
  CHECK(meshes[0].place == forms::third_mesh(kBeyond));
  CHECK(meshes[0].totals.at(count).sum.value == 1);
  CHECK(meshes[1].place == forms::third_mesh(kHouse));
  CHECK(meshes[1].totals.at(count).sum.value == 6);
  CHECK(meshes[1].totals.at(count).sum.added == 2);
}

TEST_CASE("a place where nothing may be told is not named") {
  ReadingMaker make;
  const Reading held = found(make.of(kWajima, 3, 100), kHouse, 2);
  const std::vector<Reading> readings{held, make.note(held.facts.id, kWajima, forms::Verdict::held, 200)};
  REQUIRE(board(readings, 3).by(Division::mesh).size() == 1);
  CHECK(published(readings, 3).by(Division::mesh).empty());
}

TEST_CASE("a form that has no position has no meshes") {
  ReadingMaker make;
  CHECK(board({stopped(make.f1(kWajima, kWajimaCity, 100), 345)}).by(Division::mesh).empty());
}

TEST_CASE("of a form without an open field nothing is told, nor how many have sent one") {
  ReadingMaker make;
  constexpr forms::FormNo kClosed[] = {4, 5, 9, 10, 11};
  for (const forms::FormNo form : kClosed)
    CHECK_FALSE(public_edition(board({make.of(kWajima, form, 100)}, form), catalogue()));
}

TEST_CASE("of whatever is reported on whatever form, only open fields are told") {
  test::FormGenerator generate(7);
  std::set<forms::FieldNo> told, kept;
  for (const forms::FormInfo& form : catalogue().forms()) {
    ReadingMaker make;
    std::vector<Reading> readings;
    for (int i = 0; i < 50; ++i) {
      Reading reading = make.of(i % 2 == 0 ? kWajima : kSuzu, form.number, 100 + i);
      reading.facts.matter = std::to_string(i);
      reading.report = generate.any_of(form, generate.context());
      readings.push_back(std::move(reading));
    }
    const Board whole = board(readings, form.number);
    const auto edition = public_edition(whole, catalogue());
    const Board open = edition ? *edition : Board{};
    const auto check = [&](const auto& of_whole, const auto& of_open) {
      for (const auto& [number, what] : of_whole) {
        const forms::FieldInfo* info = catalogue().field(form, number);
        const bool may = info != nullptr && info->confidentiality == forms::Confidentiality::open;
        (may ? told : kept).insert(number);
        if (!may) CHECK(of_open.count(number) == 0);
      }
    };
    check(whole.all.totals, open.all.totals);
    check(whole.all.tallies, open.all.tallies);
    check(whole.all.six, open.all.six);
    check(whole.all.extremes, open.all.extremes);
  }
  CHECK(told.size() > 50);
  CHECK(kept.size() > 20);
}

}  // namespace
}  // namespace noroshi::desk
