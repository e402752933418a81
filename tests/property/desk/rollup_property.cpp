// The board against a recomputation from the standing reports, in any order of arrival.
#include "client-tui/desk/rollup.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/readings.hpp"
#include "tests/support/seeded_random.hpp"

namespace noroshi::desk {
namespace {

using forms::Count;
using forms::CountState;

const std::vector<ExpectedUnit>& units() {
  static const std::vector<ExpectedUnit> all{{{1'700'001}, {}, 17, {17204}, 5000},
                                             {{1'700'002}, {}, 17, {17205, 17206}, 3000},
                                             {{1'700'011}, {1'700'001}, 17, {17204}, 800},
                                             {{1'600'001}, {}, 16, {16205}, 1000}};
  return all;
}

Count any_count(Rng& rng) {
  const auto state = static_cast<CountState>(rng.below(7));
  if (state == CountState::magnitude) return {static_cast<std::uint32_t>(1 + rng.below(4)), state};
  return {has_value(state) ? static_cast<std::uint32_t>(rng.below(500)) : 0, state};
}

/// Usually one of the unit's own; now and then one that it helps in, in whatever prefecture; or none said.
std::uint32_t any_municipality(const ExpectedUnit& unit, Rng& rng) {
  const std::size_t which = rng.below(12);
  if (which == 0) return 0;
  const ExpectedUnit& whose = which < 4 ? units()[rng.below(units().size())] : unit;
  return whose.municipalities[rng.below(whose.municipalities.size())];
}

/// Reports, updates, cancels, proxies, hearsay and notes of four units, with as-of times that collide.
std::vector<Reading> any_history(Rng& rng) {
  test::ReadingMaker make;
  std::vector<Reading> out;
  for (std::size_t n = 1 + rng.below(20); n > 0; --n) {
    const ExpectedUnit& unit = units()[rng.below(units().size())];
    const auto when = static_cast<std::int64_t>(rng.below(8));
    if (!out.empty() && rng.below(4) == 0) {
      const Reading& about = out[rng.below(out.size())];
      out.push_back(make.note(about.facts.id, rng.below(5) == 0 ? UnitId{1'600'001} : about.facts.unit,
                              static_cast<forms::Verdict>(1 + rng.below(3)), when));
      continue;
    }
    Reading report = make.f1(unit.id, any_municipality(unit, rng), when);
    report.report.put(forms::field::households_stopped, any_count(rng));
    report.facts.proxy = rng.below(5) == 0;
    report.facts.hearsay = rng.below(8) == 0;
    report.facts.exercise = rng.below(12) == 0;
    if (!out.empty() && rng.below(3) == 0) {
      const Reading& parent = out[rng.below(out.size())];
      report.facts.kind = static_cast<Kind>(2 + rng.below(4));
      report.facts.parents = {parent.facts.id};
    }
    out.push_back(report);
  }
  return out;
}

BoardQuery query() {
  BoardQuery query;
  query.incident = IncidentId{5};
  return query;
}

/// What the rows of one place come to.
struct Heap {
  Sum sum, verified, hearsay, held;
  std::set<UnitId> heard;
  std::optional<WallTime> oldest;
};
/// The whole (0, 0), prefectures (1, …), municipalities (2, …), each added up by itself from what stands.
using Expected = std::map<std::pair<int, std::uint32_t>, Heap>;
Expected recompute(const std::vector<Reading>& readings) {
  std::vector<Facts> facts;
  std::vector<const Reading*> of;
  for (const Reading& reading : readings) {
    if (reading.facts.form != 1) continue;
    facts.push_back(reading.facts);
    of.push_back(&reading);
  }
  const auto said = verdicts(readings);
  const Folded folded = fold(facts);
  Expected out;
  out[{0, 0}];
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Fate fate = folded.entries[i].fate;
    if ((fate != Fate::standing && fate != Fate::beside) || facts[i].exercise) continue;
    const Count count = *of[i]->report.get<Count>(forms::field::households_stopped);
    const auto found = said.find(facts[i].id);
    const Verdict verdict = found == said.end() ? Verdict::unconfirmed : found->second;
    const ExpectedUnit& unit = *std::ranges::find(units(), facts[i].unit, &ExpectedUnit::id);
    std::uint32_t municipality = facts[i].municipality;
    if (municipality == 0 && unit.municipalities.size() == 1) municipality = unit.municipalities.front();
    const std::uint32_t prefecture = municipality == 0 ? unit.prefecture : municipality / 1000;
    for (Heap* heap : {&out[{0, 0}], &out[{1, prefecture}], &out[{2, municipality}]}) {
      if (fate == Fate::beside) {
        heap->hearsay += count;
        continue;
      }
      heap->heard.insert(facts[i].unit);
      heap->oldest = heap->oldest ? std::min(*heap->oldest, facts[i].as_of) : facts[i].as_of;
      (verdict == Verdict::held ? heap->held : heap->sum) += count;
      if (verdict == Verdict::confirmed) heap->verified += count;
    }
  }
  return out;
}
/// Units that the register expects in a place.
std::set<UnitId> expected_in(int level, std::uint32_t place) {
  std::set<UnitId> out;
  for (const ExpectedUnit& unit : units()) {
    for (const std::uint32_t municipality : unit.municipalities) {
      if (level == 0 || place == (level == 1 ? municipality / 1000 : municipality)) out.insert(unit.id);
    }
  }
  return out;
}
void check_part(const Part& part, const Heap& heap, const std::set<UnitId>& expected) {
  INFO("place " << part.place);
  const auto found = part.totals.find(forms::field::households_stopped);
  const Total total = found == part.totals.end() ? Total{} : found->second;
  REQUIRE(total.sum == heap.sum);
  REQUIRE(total.verified == heap.verified);
  REQUIRE(total.hearsay == heap.hearsay);
  REQUIRE(total.held == heap.held);
  std::set<UnitId> heard;
  std::ranges::set_intersection(heap.heard, expected, std::inserter(heard, heard.end()));
  REQUIRE(part.coverage.units_expected == expected.size());
  REQUIRE(part.coverage.units_heard == heard.size());
  REQUIRE(part.coverage.oldest == heap.oldest);
}
void check_board(const Board& board, const Expected& expected) {
  const Heap& whole = expected.at({0, 0});
  check_part(board.all, whole, expected_in(0, 0));
  REQUIRE(board.not_heard.size() == units().size() - whole.heard.size());
  for (const UnitId unit : board.not_heard) REQUIRE(whole.heard.count(unit) == 0);
  std::size_t found = 1;
  const auto check = [&](int level, const std::vector<Part>& parts) {
    for (const Part& part : parts) {
      const auto heap = expected.find({level, part.place});
      if (heap != expected.end()) ++found;
      check_part(part, heap == expected.end() ? Heap{} : heap->second, expected_in(level, part.place));
    }
  };
  check(1, board.by(Division::prefecture));
  check(2, board.by(Division::municipality));
  REQUIRE(found == expected.size());  // no place is left out
}

// Under a sanitizer a history takes twenty times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kHistories = 3'000;
#else
constexpr std::uint64_t kHistories = 100'000;
#endif

TEST_CASE("the board of any history in any order is the recomputation from what stands") {
  std::size_t counted = 0;
  for (std::uint64_t seed = 1; seed <= kHistories; ++seed) {
    test::SeededRng rng(seed);
    std::vector<Reading> readings = any_history(rng);
    const Expected expected = recompute(readings);
    INFO("seed " << seed);
    for (int order = 0; order < 3; ++order) {
      const Board board = roll_up(readings, units(), query());
      check_board(board, expected);
      for (std::size_t i = readings.size(); i > 1; --i) std::swap(readings[i - 1], readings[rng.below(i)]);
    }
    counted += expected.at({0, 0}).sum.added;
  }
  CHECK(counted >
        3000);  // more than one counted report for each history: nothing here holds of an empty board only
}

/// The rows a board has to show, under numbers that stay theirs.
void put_all(LiveBoard& board, const std::vector<Reading>& readings, std::set<std::size_t>& shown,
             std::set<std::size_t>& doubted) {
  std::vector<Facts> facts;
  for (const Reading& reading : readings) facts.push_back(reading.facts);
  const auto said = verdicts(readings);
  const Folded folded = fold(facts);
  std::set<std::size_t> now, evidence;
  std::uint64_t pending = 0, exercises = 0;
  const auto mine = [&](std::size_t i) {
    return facts[i].form == 1 && facts[i].incident == IncidentId{5} && !facts[i].exercise;
  };
  const auto put = [&](const std::vector<std::size_t>& chosen, bool beside) {
    for (const std::size_t i : chosen) {
      if (!mine(i)) {
        exercises += !beside && facts[i].form == 1 && facts[i].exercise;
        continue;
      }
      const auto verdict = said.find(facts[i].id);
      board.put(i, {readings[i], folded.entries[i],
                    verdict == said.end() ? Verdict::unconfirmed : verdict->second, beside});
      now.insert(i);
    }
  };
  put(folded.standing, false);
  put(folded.beside, true);
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (folded.entries[i].fate != Fate::equivocal || !mine(i)) continue;
    board.put_evidence(i, facts[i], readings[i].doubts, folded.entries[i].fate);
    evidence.insert(i);
  }
  for (const std::size_t i : shown) {
    if (now.count(i) == 0) board.drop(i);
  }
  for (const std::size_t i : doubted) {
    if (evidence.count(i) == 0) board.drop_evidence(i);
  }
  board.set_elsewhere(pending, exercises);
  shown = now;
  doubted = evidence;
}

TEST_CASE("a board that is kept while reports come is the board of all of them, after every report") {
  for (std::uint64_t seed = 1; seed <= kHistories / 50; ++seed) {
    test::SeededRng rng(seed + 9'000'000);
    const std::vector<Reading> all = any_history(rng);
    INFO("seed " << seed);
    LiveBoard kept(query(), units(), forms::Catalogue::built_in());
    std::set<std::size_t> shown, doubted;
    std::vector<Reading> held;
    for (const Reading& reading : all) {
      held.push_back(reading);
      put_all(kept, held, shown, doubted);
      const Board board = kept.board();
      REQUIRE(board == roll_up(held, units(), query()));
      check_board(board, recompute(held));
    }
  }
}

}  // namespace
}  // namespace noroshi::desk
