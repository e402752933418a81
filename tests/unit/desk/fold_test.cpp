#include "client-tui/desk/fold.hpp"

#include <algorithm>
#include <map>

#include "tests/support/catch.hpp"

namespace noroshi::desk {
namespace {

constexpr OrgId kIshikawa{17}, kToyama{16};
constexpr UnitId kWajima{1'700'001}, kSuzu{1'700'002};
constexpr std::uint32_t kWajimaCity = 17204, kNotoTown = 17463;

/// Reports by short names; ids and messages are numbered as they are made.
class Desk {
 public:
  Desk() { reports_.reserve(64); }
  Facts& add(const std::string& name, Facts facts) {
    facts.msg.value[15] = static_cast<std::uint8_t>(++made_);
    if (facts.id.seq == 0) facts.id.seq = static_cast<Seq>(made_);
    if (facts.id.key.gen == 0) facts.id.key = {facts.signer, 1};
    if (facts.created.s == 0) facts.created = WallTime{1000 + made_};
    order_.push_back(name);
    reports_.push_back(facts);
    return reports_.back();
  }
  Facts& initial(const std::string& name, std::int64_t as_of, UnitId unit = kWajima) {
    Facts facts;
    facts.signer = {kIshikawa, 3};
    facts.association = kIshikawa;
    facts.form = 1;
    facts.unit = unit;
    facts.municipality = kWajimaCity;
    facts.as_of = WallTime{as_of};
    return add(name, facts);
  }
  Facts& child(const std::string& name, Kind kind, const std::string& parent, std::int64_t as_of) {
    Facts facts = (*this)[parent];
    facts.id = {};
    facts.created = {};
    facts.kind = kind;
    facts.parents = {(*this)[parent].id};
    facts.as_of = WallTime{as_of};
    return add(name, facts);
  }
  Facts& operator[](const std::string& name) {
    return reports_[static_cast<std::size_t>(std::find(order_.begin(), order_.end(), name) - order_.begin())];
  }
  Folded fold() const { return desk::fold(reports_); }
  Folded::Entry entry(const std::string& name) {
    return fold().entries[static_cast<std::size_t>(&(*this)[name] - reports_.data())];
  }
  Fate fate(const std::string& name) { return entry(name).fate; }
  std::vector<std::string> standing() const {
    std::vector<std::string> names;
    for (const std::size_t i : fold().standing) names.push_back(order_[i]);
    return names;
  }
  void reverse() {
    std::reverse(order_.begin(), order_.end());
    std::reverse(reports_.begin(), reports_.end());
  }

 private:
  std::vector<std::string> order_;
  std::vector<Facts> reports_;
  int made_ = 0;
};

using Names = std::vector<std::string>;

TEST_CASE("an update takes the place of the report it names") {
  Desk desk;
  desk.initial("first", 100);
  desk.child("second", Kind::update, "first", 200);
  CHECK(desk.standing() == Names{"second"});
  CHECK(desk.fate("first") == Fate::superseded);
  CHECK(desk.entry("first").by == desk["second"].id);
}

TEST_CASE("a correction of an older report leaves the newer one standing") {
  Desk desk;
  desk.initial("first", 100);
  desk.child("second", Kind::update, "first", 200);
  desk.child("mended", Kind::correction, "first", 100);
  CHECK(desk.standing() == Names{"second"});
  CHECK(desk.fate("mended") == Fate::replaced);
}

TEST_CASE("a correction that moves the municipality empties the old row") {
  Desk desk;
  desk.initial("first", 100);
  desk.child("moved", Kind::correction, "first", 100).municipality = kNotoTown;
  CHECK(desk.standing() == Names{"moved"});
}

TEST_CASE("a correction that moves the unit takes the figures away from the wrong unit") {
  Desk desk;
  desk.initial("first", 100);
  desk.initial("suzu", 50, kSuzu);
  desk.child("moved", Kind::correction, "first", 100).unit = kSuzu;
  CHECK(desk.standing() == Names{"moved"});
  CHECK(desk.fate("suzu") == Fate::replaced);
}

TEST_CASE("a cancel that came before its original keeps the original off the board") {
  Desk desk;
  desk.initial("first", 100);
  desk.child("gone", Kind::cancel, "first", 110);
  desk.reverse();
  CHECK(desk.standing().empty());
  CHECK(desk.fate("first") == Fate::cancelled);
  CHECK(desk.fate("gone") == Fate::cancelling);
}

TEST_CASE("cancelling an update brings back what it had replaced") {
  Desk desk;
  desk.initial("first", 100);
  desk.child("second", Kind::update, "first", 200);
  desk.child("gone", Kind::cancel, "second", 210);
  CHECK(desk.standing() == Names{"first"});
}

TEST_CASE("a cancel can be cancelled") {
  Desk desk;
  desk.initial("first", 100);
  desk.child("gone", Kind::cancel, "first", 110);
  desk.child("not gone", Kind::cancel, "gone", 120);
  CHECK(desk.standing() == Names{"first"});
}

TEST_CASE("of two children of one parent the newest as-of is used and both are marked") {
  Desk desk;
  desk.initial("first", 100);
  desk.child("left", Kind::update, "first", 300);
  desk.child("right", Kind::update, "first", 200);
  CHECK(desk.standing() == Names{"left"});
  CHECK(desk.entry("left").forked);
  CHECK(desk.entry("right").forked);
  CHECK(desk.fate("right") == Fate::replaced);

  SECTION("what follows from one of them is marked too") {
    desk.child("left again", Kind::update, "left", 400);
    CHECK(desk.entry("left again").forked);
  }
  SECTION("cancelling one of them settles it") {
    desk.child("gone", Kind::cancel, "right", 310);
    CHECK_FALSE(desk.entry("left").forked);
  }
  SECTION("a report that names both closes the fork") {
    desk.child("both", Kind::update, "left", 400).parents = {desk["left"].id, desk["right"].id};
    CHECK(desk.standing() == Names{"both"});
    CHECK_FALSE(desk.entry("both").forked);
  }
}

TEST_CASE("a unit that was telephoned in, then wrote itself, then from a replaced laptop, is counted once") {
  Desk desk;
  Facts& told = desk.initial("told", 100);
  told.proxy = true;
  told.signer = {kIshikawa, 9};
  desk.initial("own", 150);
  CHECK(desk.fate("told") == Fate::proxy_passed);
  Facts& laptop = desk.initial("new laptop", 200);
  laptop.signer = {kIshikawa, 4};
  CHECK(desk.standing() == Names{"new laptop"});
  CHECK(desk.fate("own") == Fate::replaced);
}

TEST_CASE("the unit's own report supersedes a proxy report of the same time, whichever came last") {
  Desk desk;
  desk.initial("own", 100);
  desk.initial("told", 100).proxy = true;
  CHECK(desk.standing() == Names{"own"});
  desk.reverse();
  CHECK(desk.standing() == Names{"own"});
}

TEST_CASE("a proxy report with a later as-of than the unit's own is the newest word of the unit") {
  Desk desk;
  desk.initial("own", 100);
  desk.initial("told", 101).proxy = true;
  CHECK(desk.standing() == Names{"told"});
}

TEST_CASE("the newest body of a unit replaces all its rows") {
  Desk desk;
  desk.initial("wajima", 100);
  Facts& second_row = desk.initial("noto", 100);
  second_row.id = desk["wajima"].id;
  second_row.id.index = 1;
  second_row.msg = desk["wajima"].msg;
  second_row.municipality = kNotoTown;
  CHECK(desk.standing() == Names{"wajima", "noto"});
  desk.initial("later", 200);
  CHECK(desk.standing() == Names{"later"});
}

TEST_CASE("a resealed copy is counted once") {
  Desk desk;
  desk.initial("first", 100);
  Facts& again = desk.initial("again", 100);
  again.id = desk["first"].id;
  again.copy = true;
  CHECK(desk.standing() == Names{"first"});
  CHECK(desk.fate("again") == Fate::copy);
  desk.reverse();
  CHECK(desk.standing() == Names{"first"});
}

TEST_CASE("a copy whose original never arrived stands for it") {
  Desk desk;
  desk.initial("again", 100).copy = true;
  CHECK(desk.standing() == Names{"again"});
}

TEST_CASE("two envelopes under one number are both kept, one stands, both are marked") {
  Desk desk;
  desk.initial("one", 100);
  desk.initial("other", 100).id = desk["one"].id;
  CHECK(desk.standing() == Names{"one"});
  CHECK(desk.fate("other") == Fate::equivocal);
  CHECK(desk.entry("one").equivocal);
}

TEST_CASE("exercise and reality never touch each other") {
  Desk desk;
  desk.initial("real", 100);
  desk.initial("drill", 200).exercise = true;
  desk.child("cancelled in the drill", Kind::cancel, "real", 210).exercise = true;
  CHECK(desk.standing() == Names{"real", "drill"});
  CHECK(desk.entry("cancelled in the drill").parent_kept);
}

TEST_CASE("another organisation can neither cancel nor replace what a unit said") {
  Desk desk;
  desk.initial("own", 100);
  desk.child("forged", Kind::cancel, "own", 110).signer = {kToyama, 3};
  desk["forged"].id.key.device = {kToyama, 3};
  Facts& outsider = desk.initial("outsider", 500);
  outsider.signer = {kToyama, 3};
  CHECK(desk.standing() == Names{"own"});
  CHECK(desk.entry("forged").parent_kept);
  CHECK(desk.fate("outsider") == Fate::beside);
}

TEST_CASE("hearsay stands beside and never takes the place of the unit's word") {
  Desk desk;
  desk.initial("own", 100);
  desk.initial("heard", 200).hearsay = true;
  desk.initial("heard earlier", 150).hearsay = true;
  CHECK(desk.standing() == Names{"own"});
  CHECK(desk.fate("heard") == Fate::beside);
  CHECK(desk.fate("heard earlier") == Fate::replaced);
  CHECK(desk.fold().beside.size() == 1);
}

TEST_CASE("the association corrects for a cut-off unit that is an organisation of its own") {
  Desk desk;
  Facts& dealer = desk.initial("dealer", 100);
  dealer.signer = {OrgId{300}, 1};
  desk.child("mended", Kind::correction, "dealer", 100).signer = {kIshikawa, 9};
  CHECK(desk.standing() == Names{"mended"});
}

TEST_CASE("an update whose parent is not here stands and is marked") {
  Desk desk;
  desk.initial("first", 100);
  Facts& orphan = desk.child("orphan", Kind::update, "first", 200);
  orphan.parents.front().seq = 99;
  CHECK(desk.standing() == Names{"orphan"});
  CHECK(desk.entry("orphan").base_missing);
}

TEST_CASE("reports that name each other in a circle change nothing") {
  Desk desk;
  desk.initial("a", 100).signer = {kIshikawa, 3};
  desk.initial("b", 200).signer = {kIshikawa, 4};
  desk["a"].kind = desk["b"].kind = Kind::update;
  desk["a"].parents = {desk["b"].id};
  desk["b"].parents = {desk["a"].id};
  CHECK(desk.standing() == Names{"b"});
}

TEST_CASE("a quarantined report neither counts nor changes anything") {
  Desk desk;
  desk.initial("first", 100);
  desk.child("doubtful", Kind::update, "first", 200).quarantined = true;
  CHECK(desk.standing() == Names{"first"});
  CHECK(desk.fate("doubtful") == Fate::quarantined);
}

TEST_CASE("a long line of updates is folded without recursion") {
  std::vector<Facts> reports(200'000);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    Facts& report = reports[i];
    report.id = {{{kIshikawa, 3}, 1}, static_cast<Seq>(i + 1), 0};
    report.signer = {kIshikawa, 3};
    report.association = kIshikawa;
    report.unit = kWajima;
    report.kind = i == 0 ? Kind::initial : Kind::update;
    if (i > 0) report.parents = {reports[i - 1].id};
    report.as_of = WallTime{static_cast<std::int64_t>(i)};
  }
  const Folded folded = fold(reports);
  REQUIRE(folded.standing.size() == 1);
  CHECK(folded.standing.front() == reports.size() - 1);
}

TEST_CASE("an as-of from a doubted clock is placed by when the report was first seen, keeping its age") {
  const WallTime seen{12'000'000};
  CHECK(settled_as_of(WallTime{480}, WallTime{560}, seen, true) == seen - Seconds{60});
  SECTION("a clock nine hours ahead is brought back") {
    const WallTime created = seen + hours(9);
    CHECK(settled_as_of(created - Seconds{60}, created, seen, false) == seen - Seconds{60});
  }
  SECTION("a report that took three months on a stick keeps its as-of") {
    CHECK(settled_as_of(WallTime{480}, WallTime{560}, seen + days(90), false) == WallTime{480});
  }
}

TEST_CASE(
    "a report of a doubted clock does not outlast the one that is written once the clock is set right") {
  // Sealed nine hours ahead at 12:33:50, said as of that minute; then at 12:33:58 by the right clock.
  const WallTime noon{12'000'000}, seen = noon + Seconds{50}, after = noon + Seconds{58};
  const WallTime ahead = seen + hours(9);
  const WallTime ahead_minute{ahead.s - ahead.s % 60};
  CHECK(settled_as_of(ahead_minute, ahead, seen, true) == noon);
  CHECK(settled_as_of(noon, after, after, false) == noon);
  CHECK(settled_created(ahead, seen, true) == seen);
  CHECK(settled_created(ahead, seen, false) == seen);
  CHECK(settled_created(after, after + days(90), false) == after);
}

TEST_CASE(
    "two objects, two requests, two facilities of a unit stand beside each other; a newer word on one "
    "replaces its own") {
  Desk desk;
  desk.initial("first object", 10).matter = "N-1";
  desk.initial("second object", 20).matter = "N-2";
  desk.initial("first object again", 30).matter = "N-1";
  CHECK(desk.fate("first object") == Fate::replaced);
  CHECK(desk.fate("second object") == Fate::standing);
  CHECK(desk.fate("first object again") == Fate::standing);
}

}  // namespace
}  // namespace noroshi::desk
