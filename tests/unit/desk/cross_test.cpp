#include "client-tui/desk/cross.hpp"

#include <algorithm>

#include "client-tui/desk/support.hpp"
#include "proto/forms/report_json.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/readings.hpp"

using namespace noroshi;
using namespace noroshi::desk;

namespace {

/// Reports of one incident, each with the header facts that matter here.
class Standing {
 public:
  Reading& add(std::string_view form, std::uint32_t unit, std::uint32_t municipality,
               const std::string& values) {
    auto report = forms::report_from_json_text(values, form);
    if (!report) FAIL(report.error().text);
    Reading reading;
    reading.report = std::move(*report);
    reading.facts.association = OrgId{17};
    reading.facts.signer = {OrgId{17}, 3};
    reading.facts.id = {{reading.facts.signer, 1}, ++seq_, 0};
    reading.facts.form = reading.report.form;
    reading.facts.unit = {unit};
    reading.facts.municipality = municipality;
    reading.facts.as_of = WallTime{seq_ * 600};
    readings_.push_back(std::move(reading));
    return readings_.back();
  }
  std::string said(const std::vector<ExpectedUnit>& units = {}) const {
    std::string out;
    for (const Clash& clash : clashes(readings_, units))
      out += std::string(id_of(clash.rule)) + (clash.severity == forms::Severity::error ? "! " : " ") +
             clash.field + " " + std::to_string(clash.said) + "/" + std::to_string(clash.against) + "; ";
    return out;
  }
  const std::vector<Reading>& readings() const { return readings_; }

 private:
  std::vector<Reading> readings_;
  Seq seq_ = 0;
};

std::string found(const std::string& site, double lat, const std::string& at, int metres = 100) {
  return R"({"site_id":")" + site + R"(","object_kind":"cylinder","cyl_size":"50kg","cyl_count":2,
    "position":{"lat":)" +
         std::to_string(lat) + R"(,"lon":136.9,"accuracy_m":)" + std::to_string(metres) +
         R"(,"method":"map"},"found_at":"2024-01-02T)" + at + R"(:00+09:00","recovery_state":"recovered"})";
}

}  // namespace

TEST_CASE("X1: what is recovered one by one is not more than F2 counts") {
  Standing standing;
  standing.add("F2", 1, 17204, R"({"cyl_recovered":3})");
  standing.add("F3", 1, 17204, found("1", 37.30, "09:00"));
  CHECK(standing.said().empty());
  standing.add("F3", 2, 17204, found("2", 37.40, "09:00"));
  CHECK(standing.said() == "X1 cyl_recovered 4/3; ");
  CHECK(clashes(standing.readings(), {}).front().parties.size() == 3);
  standing.add("F3", 2, 17205, found("3", 37.50, "09:00"));  // another place
  CHECK(standing.said() == "X1 cyl_recovered 4/3; ");
}

TEST_CASE("X2: an accident without a count is an error, a count without an accident a warning") {
  Standing standing;
  standing.add("F2", 1, 17204, R"({"leak_cum":1,"fire_cum":0,"explosion_cum":0})");
  CHECK(standing.said() == "X2 leak_cum 1/0; ");
  standing.add("F6", 1, 17204, R"({"phenomenon":"leak_fire"})");
  CHECK(standing.said() == "X2! fire_cum 1/0; ");
  standing.add("F6", 1, 17204, R"({"phenomenon":"loss_theft"})");
  CHECK(standing.said() == "X2! fire_cum 1/0; ");
}

TEST_CASE("X2 over an unconfirmed count says nothing, over an approximate one it warns") {
  Standing standing;
  standing.add("F2", 1, 17204, R"({"leak_cum":"?","fire_cum":{"value":0,"state":"approx"}})");
  standing.add("F6", 1, 17204, R"({"phenomenon":"leak_fire"})");
  CHECK(standing.said() == "X2 fire_cum 1/0; ");
}

TEST_CASE("X3: what all providers delivered is not more than was asked for") {
  Standing standing;
  const ReportId request = standing.add("F4", 1, 0, R"({"request_no":"N-1","quantity":6})").facts.id;
  const std::string answers = R"({"answers":[")" + to_string(request) + R"("],"qty_delivered":)";
  standing.add("F5", 2, 0, answers + "2}");
  standing.add("F5", 2, 0, answers + "4}");  // the newer one of the same provider counts
  standing.add("F5", 3, 0, R"({"request_no":"N-1","qty_delivered":2})");
  CHECK(standing.said().empty());
  standing.add("F5", 4, 0, R"({"request_no":"N-1","qty_delivered":0.5})");
  CHECK(standing.said() == "X3 quantity 6500/6000; ");
  standing.add("F5", 5, 0, R"({"request_no":"N-2","qty_delivered":9})");  // another request
  CHECK(standing.said() == "X3 quantity 6500/6000; ");
}

TEST_CASE("X5: a dealer who delivers as usual where a newer report has the road closed") {
  Standing standing;
  const std::string closed = R"({"roads":[{"road_id":"国道249号","road_state":"road_close"}]})";
  standing.add("F8", 2, 17204, closed);
  standing.add("F1", 1, 17204, R"({"can_deliver":"normal"})");
  CHECK(standing.said().empty());  // the dealer spoke later
  standing.add("F8", 2, 17204, closed);
  CHECK(standing.said() == "X5 can_deliver 0/0; ");
  standing.add("F8", 2, 17205, closed);
  CHECK(standing.said() == "X5 can_deliver 0/0; ");
  standing.add("F8", 3, 17204, closed);  // the newest word is named, and once
  CHECK(standing.said() == "X5 can_deliver 0/0; ");
  CHECK(clashes(standing.readings(), {}).front().parties.back().unit == UnitId{3});
}

TEST_CASE("X7: no unit has more households than the register, its own or that of the unit above it") {
  Standing standing;
  standing.add("F1", 11, 17204, R"({"households_stopped":1201,"checked_households":1200})");
  standing.add("F2", 12, 17204, R"({"stopped_cum":{"value":5000,"state":"approx"}})");
  standing.add("F2", 13, 17204, R"({"stopped_cum":5000})");
  const std::vector<ExpectedUnit> units{
      {{10}, {}, 17, {}, 4000}, {{11}, {10}, 17, {}, 1200}, {{12}, {10}, 17, {}, 0}};
  CHECK(standing.said(units) == "X7 households_stopped 1201/1200; X7 stopped_cum 5000/4000; ");
}

TEST_CASE("X9: two finds of one kind and size, close in time and place, may be one") {
  Standing standing;
  standing.add("F3", 1, 17204, found("A-1", 37.3000, "09:00"));
  standing.add("F3", 2, 17204, found("B-7", 37.3005, "14:59"));  // 55 m away
  CHECK(standing.said() == "X9 position 55/100; ");
  standing.add("F3", 1, 17204, found("A-1", 37.3000, "09:30"));  // an update of the first
  standing.add("F3", 3, 17204, found("C-1", 37.3000, "21:00"));  // too late
  standing.add("F3", 4, 17204, found("D-1", 37.3020, "09:00"));  // too far
  const auto all = clashes(standing.readings(), {});
  CHECK(std::all_of(all.begin(), all.end(), [&](const Clash& clash) {
    return clash.rule == CrossRule::same_object && clash.said == 55;
  }));
  CHECK(all.size() == 2);
}

TEST_CASE(
    "R9: the power cuts of Noto do not add up to their total, which is rounded: a warning, not an error") {
  Standing standing;
  for (const auto& [place, households] : std::vector<std::pair<std::uint32_t, int>>{
           {17204, 9800}, {17205, 7400}, {17463, 3200}, {17461, 2600}, {17202, 120}})
    standing.add("F8", 100 + place % 100, place,
                 R"({"power_households":{"value":)" + std::to_string(households) + R"(,"state":"approx"}})");
  standing.add("F8", 1, 0, R"({"source_kind":"rollup","power_households":{"value":23200,"state":"approx"}})");
  CHECK(standing.said() == "R9 power_households 23120/23200; ");
}

TEST_CASE("R9 over exact figures is an error, and within the bounds of the parts it is silent") {
  Standing exact;
  exact.add("F2", 1, 17204, R"({"stopped_cum":100})");
  exact.add("F2", 2, 17205, R"({"stopped_cum":21})");
  exact.add("F2", 9, 0, R"({"source_kind":"rollup","stopped_cum":120})");
  CHECK(exact.said() == "R9! stopped_cum 121/120; ");
  Standing bounds;
  bounds.add("F2", 1, 17204, R"({"stopped_cum":{"value":10,"state":"less_than"}})");
  bounds.add("F2", 2, 17205, R"({"stopped_cum":840})");
  bounds.add("F2", 9, 0, R"({"source_kind":"rollup","stopped_cum":845})");
  CHECK(bounds.said().empty());
}

TEST_CASE("R9: a total above what has been named so far is a warning, and names those who said something") {
  Standing standing;
  standing.add("F2", 1, 17204, R"({"stopped_cum":100})");
  standing.add("F2", 2, 17205, R"({"restored_cum":1})");
  standing.add("F2", 9, 0, R"({"source_kind":"rollup","stopped_cum":120})");
  CHECK(standing.said() == "R9 stopped_cum 100/120; ");
  CHECK(clashes(standing.readings(), {}).front().parties.size() == 2);
}

TEST_CASE("R9: a roll-up that says its municipality is the total of the units below it in the register") {
  Standing standing;
  standing.add("F8", 11, 17204, R"({"power_households":{"value":9800,"state":"approx"}})");
  standing.add("F8", 12, 17205, R"({"power_households":{"value":7400,"state":"approx"}})");
  standing.add("F8", 21, 17202,
               R"({"power_households":{"value":120,"state":"approx"}})");  // of another branch
  standing.add("F8", 1, 17201,
               R"({"source_kind":"rollup","power_households":{"value":17300,"state":"approx"}})");
  CHECK(standing.said().empty());  // nobody knows of what
  const std::vector<ExpectedUnit> units{{{1}, {}, 17, {17201}, 0},
                                        {{10}, {1}, 17, {}, 0},
                                        {{11}, {10}, 17, {17204}, 0},
                                        {{12}, {10}, 17, {17205}, 0}};
  CHECK(standing.said(units) == "R9 power_households 17200/17300; ");
}

TEST_CASE("what clashes is the same whatever the order in which the reports are read") {
  Standing standing;
  standing.add("F2", 1, 17204, R"({"cyl_recovered":3,"leak_cum":1})");
  standing.add("F3", 1, 17204, found("1", 37.3000, "09:00"));
  standing.add("F3", 2, 17204, found("2", 37.3005, "09:00"));
  standing.add("F8", 2, 17204, R"({"roads":[{"road_id":"国道249号","road_state":"road_close"}]})");
  std::vector<Reading> turned = standing.readings();
  std::ranges::reverse(turned);
  CHECK(clashes(turned, {}) == clashes(standing.readings(), {}));
}

TEST_CASE("a form is held against those it has rules with, and a board keeps its own clashes") {
  const forms::Catalogue& catalogue = forms::Catalogue::built_in();
  const auto numbers = [&](std::initializer_list<const char*> codes) {
    std::vector<forms::FormNo> out;
    for (const char* code : codes) out.push_back(catalogue.form(code)->number);
    return out;
  };
  CHECK(held_against(catalogue.form("F1")->number, catalogue) == numbers({"F1", "F8"}));
  CHECK(held_against(catalogue.form("F2")->number, catalogue) == numbers({"F2", "F3", "F6"}));
  CHECK(held_against(catalogue.form("F7")->number, catalogue) == numbers({"F7"}));
  Standing standing;
  standing.add("F2", 1, 17204, R"({"cyl_recovered":3,"leak_cum":1})");
  standing.add("F3", 1, 17204, found("1", 37.30, "09:00"));
  standing.add("F3", 2, 17204, found("2", 37.40, "09:00"));
  const auto all = clashes(standing.readings(), {});
  CHECK(with_form(all, catalogue.form("F2")->number).size() == 2);
  CHECK(with_form(all, catalogue.form("F3")->number).size() == 1);
  CHECK(with_form(all, catalogue.form("F1")->number).empty());
}

// ---- The ladder of support ------------------------------------------------------------------------------
namespace {

/// A request of six and the answers so far; times in minutes from the request.
class Ladder {
 public:
  Ladder() { request_ = standing_.add("F4", 1, 0, R"({"request_no":"N-1","quantity":6,"priority":"high"})"); }
  RequestState after(std::uint32_t unit, const std::string& kind, const std::string& more = "") {
    standing_.add("F5", unit, 0, R"({"request_no":"N-1","answer_kind":")" + kind + "\"" + more + "}");
    return now(0).state;
  }
  SupportCase now(std::int64_t minutes_later) const {
    return support_case(request_, standing_.readings(), request_.facts.created + minutes(minutes_later));
  }

 private:
  Standing standing_;
  Reading request_;
};

}  // namespace

TEST_CASE(
    "the ladder: received is not accepted, accepted is not committed, and each rung is a signed answer") {
  Ladder ladder;
  CHECK(ladder.now(0).state == RequestState::open);
  CHECK(ladder.after(2, "acknowledge") == RequestState::acknowledged);
  CHECK(ladder.after(2, "accept") == RequestState::accepted);
  CHECK(ladder.after(2, "partial_commit", R"(,"qty_committed":4)") == RequestState::partially_committed);
  CHECK(ladder.after(3, "commit", R"(,"qty_committed":2)") == RequestState::committed);
  CHECK(ladder.after(2, "status", R"(,"qty_committed":4)") == RequestState::in_transit);
  CHECK(ladder.after(2, "arrived", R"(,"qty_committed":4,"qty_delivered":4)") == RequestState::in_transit);
  CHECK(ladder.after(3, "arrived", R"(,"qty_committed":2,"qty_delivered":2)") == RequestState::fulfilled);
  CHECK(ladder.now(0).delivered == 6000);
  CHECK(ladder.now(0).answers.size() == 2);
}

TEST_CASE("a request is declined only if everybody declines") {
  Ladder ladder;
  CHECK(ladder.after(2, "decline") == RequestState::declined);
  CHECK(ladder.after(3, "acknowledge") == RequestState::acknowledged);
  CHECK(ladder.after(3, "decline") == RequestState::declined);
}

TEST_CASE("R17: a request of high priority without any answer after three hours stands in the list") {
  Ladder ladder;
  CHECK_FALSE(ladder.now(180).unanswered);
  CHECK(ladder.now(181).unanswered);
  ladder.after(2, "acknowledge");
  CHECK_FALSE(ladder.now(181).unanswered);
  CHECK(answer_due_in("life").count == 3600);
  CHECK(answer_due_in("").count == 24 * 3600);
}

TEST_CASE("a request past its time with nothing promised has expired, and a cancelled one is cancelled") {
  Standing standing;
  Reading request = standing.add("F4", 1, 0, R"({"needed_by":"2024-01-03T09:00:00+09:00","quantity":6})");
  const WallTime due = *parse_time("2024-01-03T09:00:00+09:00");
  CHECK(support_case(request, {}, due).state == RequestState::open);
  CHECK(support_case(request, {}, due + minutes(1)).state == RequestState::expired);
  request.facts.kind = Kind::cancel;
  CHECK(support_case(request, {}, due).state == RequestState::cancelled);
}

TEST_CASE("the rungs the program speaks of are those of the catalogue") {
  const forms::CodeList& list = *forms::Catalogue::built_in().list("REQUEST_STATE");
  const std::pair<RequestState, const char*> rungs[] = {
      {RequestState::open, "open"},           {RequestState::acknowledged, "acknowledged"},
      {RequestState::accepted, "accepted"},   {RequestState::partially_committed, "partially_committed"},
      {RequestState::committed, "committed"}, {RequestState::in_transit, "in_transit"},
      {RequestState::fulfilled, "fulfilled"}, {RequestState::declined, "declined"},
      {RequestState::cancelled, "cancelled"}, {RequestState::expired, "expired"}};
  for (const auto& [rung, name] : rungs)
    CHECK(list.by_name(name)->number == static_cast<std::uint32_t>(rung));
}
