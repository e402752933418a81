// Folding against a definition that is as short as the rules and as slow as it likes.
#include <algorithm>
#include <set>

#include "client-tui/desk/fold.hpp"
#include "client-tui/desk/refold.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fold_rows.hpp"
#include "tests/support/seeded_random.hpp"

namespace noroshi::desk {
namespace {

/// The rules of DESIGN.md word by word: recursion over parents, every question asked of the whole set again.
class Naive {
 public:
  explicit Naive(const std::vector<Facts>& reports) {
    for (const Facts& report : reports) {
      auto held =
          std::find_if(set_.begin(), set_.end(), [&](const Facts& other) { return other.id == report.id; });
      if (held == set_.end()) {
        set_.push_back(report);
      } else if (std::pair(report.copy, report.msg) < std::pair(held->copy, held->msg)) {
        *held = report;
      }
    }
  }

  std::set<MsgId> standing() const {
    std::set<MsgId> out;
    for (const Facts& report : set_) {
      if (counts(report)) out.insert(row_name(report));
    }
    return out;
  }
  /// A message and the index of the row in it.
  static MsgId row_name(const Facts& report) {
    MsgId name = report.msg;
    name.value[0] = report.id.index;
    return name;
  }

 private:
  using Rank = std::tuple<WallTime, bool, WallTime, ReportId>;
  static Rank rank(const Facts& r) { return {r.as_of, !r.proxy, r.created, r.id}; }
  static bool changes(const Facts& child, const Facts& parent) {
    return child.kind != Kind::initial && !child.quarantined && may_change(child, parent) &&
           std::count(child.parents.begin(), child.parents.end(), parent.id) > 0;
  }
  bool cancelled(const Facts& report) const {
    return std::any_of(set_.begin(), set_.end(), [&](const Facts& other) {
      return other.kind == Kind::cancel && changes(other, report) && !cancelled(other);
    });
  }
  bool live(const Facts& report) const {
    if (report.kind == Kind::cancel || report.quarantined) return false;
    if (report.hearsay || report.signer.org != report.association) return false;
    if (cancelled(report)) return false;
    return std::none_of(set_.begin(), set_.end(), [&](const Facts& other) {
      return other.kind != Kind::cancel && changes(other, report) && !cancelled(other);
    });
  }
  static bool same_series(const Facts& a, const Facts& b) {
    return a.exercise == b.exercise && a.incident == b.incident && a.form == b.form && a.unit == b.unit &&
           a.matter == b.matter;
  }
  static bool same_body(const Facts& a, const Facts& b) {
    return a.id.key == b.id.key && a.id.seq == b.id.seq;
  }
  bool counts(const Facts& report) const {
    if (!live(report)) return false;
    Rank own_body = rank(report), other_body{};
    for (const Facts& other : set_) {
      if (!same_series(report, other) || !live(other)) continue;
      if (same_body(report, other)) {
        if (other.municipality == report.municipality && rank(other) > rank(report)) return false;
        own_body = std::max(own_body, rank(other));
      } else {
        other_body = std::max(other_body, rank(other));
      }
    }
    return own_body > other_body;
  }
  std::vector<Facts> set_;
};

/// A history of three units, two associations and four devices, with few enough values that everything
/// collides.
std::vector<Facts> history(Rng& rng) {
  std::vector<Facts> reports;
  const std::size_t bodies = 1 + rng.below(14);
  Seq next[4] = {1, 1, 1, 1};
  for (std::size_t body = 0; body < bodies; ++body) {
    const auto device = rng.below(4);
    Facts base;
    base.signer = {OrgId{static_cast<std::uint16_t>(device == 3 ? 16 : 17)},
                   static_cast<std::uint16_t>(device + 1)};
    base.id = {{base.signer, 1}, next[device]++, 0};
    base.msg.value[15] = static_cast<std::uint8_t>(body + 1);
    base.created = WallTime{static_cast<std::int64_t>(rng.below(4))};
    const std::size_t rows = 1 + (rng.below(3) == 0 ? 1 : 0);
    for (std::size_t row = 0; row < rows; ++row) {
      Facts report = base;
      report.id.index = static_cast<std::uint8_t>(row);
      report.unit = UnitId{static_cast<std::uint32_t>(1'700'001 + rng.below(2))};
      if (rng.below(8) == 0) report.unit = UnitId{1'600'001};
      if (rng.below(6) == 0) report.matter = "C-2";
      report.association = OrgId{static_cast<std::uint16_t>(report.unit.value / 100'000)};
      report.municipality = static_cast<std::uint32_t>(17201 + rng.below(2));
      report.incident = IncidentId{static_cast<std::uint32_t>(rng.below(8) == 0)};
      report.exercise = rng.below(8) == 0;
      report.form = 1;
      report.kind = static_cast<Kind>(1 + rng.below(5));
      report.proxy = rng.below(4) == 0;
      report.quarantined = rng.below(12) == 0;
      report.hearsay = rng.below(10) == 0;
      report.as_of = WallTime{static_cast<std::int64_t>(rng.below(5))};
      for (std::size_t parent = rng.below(3); parent > 0 && !reports.empty(); --parent) {
        report.parents.push_back(reports[rng.below(reports.size())].id);
      }
      reports.push_back(report);
    }
  }
  for (std::size_t copies = rng.below(3); copies > 0; --copies) {
    Facts again = reports[rng.below(reports.size())];
    again.copy = rng.below(4) != 0;
    again.msg.value[15] = static_cast<std::uint8_t>(100 + copies);
    reports.push_back(again);
  }
  return reports;
}

template <typename T>
void shuffle(std::vector<T>& items, Rng& rng) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[rng.below(i)]);
}

std::set<MsgId> folded(const std::vector<Facts>& reports) {
  std::set<MsgId> out;
  for (const std::size_t i : fold(reports).standing) out.insert(Naive::row_name(reports[i]));
  return out;
}

TEST_CASE("folding any history in any order is what the rules say of the set") {
  std::size_t rows = 0, gone = 0;
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
    test::SeededRng rng(seed);
    std::vector<Facts> reports = history(rng);
    const std::set<MsgId> expected = Naive(reports).standing();
    INFO("seed " << seed);
    for (int order = 0; order < 3; ++order) {
      REQUIRE(folded(reports) == expected);
      shuffle(reports, rng);
    }
    rows += expected.size();
    gone += reports.size() - expected.size();
  }
  // The histories are worth folding: much stands, more does not.
  CHECK(rows > 8000);
  CHECK(gone > 8000);
}

TEST_CASE("one unit never has two rows of one municipality, whatever came") {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    test::SeededRng rng(seed + 1'000'000);
    const std::vector<Facts> reports = history(rng);
    std::set<std::tuple<bool, IncidentId, UnitId, std::string, std::uint32_t>> keys;
    for (const std::size_t i : fold(reports).standing) {
      const Facts& row = reports[i];
      REQUIRE(keys.emplace(row.exercise, row.incident, row.unit, row.matter, row.municipality).second);
    }
  }
}

/// Every report has the outcome that folding all of them gives it, and the same ones stand.
void check_against_fold(const test::FoldRowsInMemory& rows, const std::vector<Facts>& reports) {
  const Folded folded = fold(reports);
  std::set<Place> standing, beside, kept_standing, kept_beside;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const Place place{reports[i].msg, reports[i].id.index};
    const std::optional<Settled> held = rows.at(place);
    REQUIRE(held);
    const Folded::Entry entry = outcome(rows, place, *held);
    INFO("report " << to_string(reports[i].id) << ": " << name_of(entry.fate) << ", folded "
                   << name_of(folded.entries[i].fate));
    REQUIRE(entry == folded.entries[i]);
  }
  for (const std::size_t i : folded.standing) standing.insert({reports[i].msg, reports[i].id.index});
  for (const std::size_t i : folded.beside) beside.insert({reports[i].msg, reports[i].id.index});
  rows.each_best([&](const Series&, Fate line, const Best& best) {
    for (const auto& [municipality, row] : best.rows)
      (line == Fate::standing ? kept_standing : kept_beside).insert(row.place);
  });
  REQUIRE(kept_standing == standing);
  REQUIRE(kept_beside == beside);
}

TEST_CASE("one report after the other comes to what folding them all says, in any order") {
  std::size_t followed = 0;
  for (std::uint64_t seed = 1; seed <= 12'000; ++seed) {
    test::SeededRng rng(seed + 2'000'000);
    std::vector<Facts> reports = history(rng);
    shuffle(reports, rng);
    INFO("seed " << seed);
    test::FoldRowsInMemory rows;
    std::vector<Facts> held;
    for (const Facts& report : reports) {
      held.push_back(report);
      const Refolded made = refold(rows, {report.msg, report.id.index}, report);
      followed += made.changes.size() <= 2;
      // Looking at every step of every history would take its time: of some, at each; of all, at the end.
      if (seed % 8 == 0 || held.size() == reports.size()) check_against_fold(rows, held);
    }
    // A note confirms what was held back, the register says another association, an incident is an exercise
    // after all: the same reports with other facts.
    for (int change = 0; change < 3; ++change) {
      Facts& other = held[rng.below(held.size())];
      switch (rng.below(3)) {
        case 0: other.quarantined = !other.quarantined; break;
        case 1: other.exercise = !other.exercise; break;
        default: other.association = OrgId{static_cast<std::uint16_t>(16 + rng.below(2))}; break;
      }
      refold(rows, {other.msg, other.id.index}, other);
      check_against_fold(rows, held);
    }
    // Read by other forms, some of them say nothing any more.
    for (std::size_t out = rng.below(4); out > 0 && !held.empty(); --out) {
      const auto one = held.begin() + static_cast<std::ptrdiff_t>(rng.below(held.size()));
      withdraw(rows, {one->msg, one->id.index});
      held.erase(one);
      check_against_fold(rows, held);
    }
  }
  CHECK(followed > 20'000);  // most reports touch nothing but their parent
}

TEST_CASE("what has come before changes nothing") {
  test::SeededRng rng(7);
  test::FoldRowsInMemory rows;
  const std::vector<Facts> reports = history(rng);
  for (const Facts& report : reports) refold(rows, {report.msg, report.id.index}, report);
  for (const Facts& report : reports) {
    const Refolded again = refold(rows, {report.msg, report.id.index}, report);
    CHECK(again.changes.empty());
    CHECK(again.lines.empty());
  }
}

}  // namespace
}  // namespace noroshi::desk
