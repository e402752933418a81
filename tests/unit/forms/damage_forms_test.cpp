// F2 被害詳報, F3 容器等被災位置報告, F6 重大事故報告: a round trip and the rules of each.
#include "proto/forms/derive.hpp"
#include "tests/unit/forms/readers.hpp"

using namespace noroshi;
using namespace noroshi::forms;
using test::errors_of;
using test::report_of;
using test::said_of;
using test::sent_as;
using test::survives;

namespace {

const std::string kDamageHead =
    R"("report_no":1,"report_version_kind":"initial","as_of":"2024-01-02T11:20:00+09:00",
  "source_kind":"own_obs","confidence":"confirmed","clock_quality":"gnss","muni":"17204")";

/// A complete F2 in which nothing is wrong; later keys win.
std::string f2(const std::string& more = "") {
  return "{" + kDamageHead + R"(,"stopped_cum":121,"restored_cum":106,"excluded":0,"restore_eta":"days",
    "cyl_lost_cum":12,"cyl_buried_cum":3,"cyl_recovered":5,"cyl_fallen_cum":40,"cyl_righted":31,"cyl_scope":"consumer",
    "leak_cum":2,"fire_cum":0,"explosion_cum":0,"inspect_target":900,"inspect_done":700,"inspect_absent":100,
    "inspect_ng":14,"repaired":9,"meter_trip":300,"bulk_tanks_damaged":0,"piping_damage":4,"deaths":0,"missing":0,
    "serious_inj":0,"minor_inj":1,"households_served":9800,"checked_scope":"some","checked_households":1200,
    "dealers_total":31,"dealers_damaged":6,"dealers_closed":2,"shelters_supplied":4,"isolated_districts":2,
    "isolated_names":[{"name":"大沢町"},{"name":"西保"}],"cause_codes":["shaking","landslide_burial"])" +
         more + "}";
}

std::string f3(const std::string& more = "") {
  return "{" + kDamageHead +
         R"(,"site_id":"17204-0031","object_kind":"cylinder","cyl_size":"50kg","cyl_count":2,
    "damage_state":"buried","position":{"lat":37.3906,"lon":136.8992,"accuracy_m":50,"method":"map"},
    "place_text":"港近くの倉庫裏","found_at":"2024-01-02T09:40:00+09:00","hazard_zone":["tsunami"],
    "cause_code":"landslide_burial","access_state":"restricted","recovery_state":"not_started","valve_state":"unknown",
    "residual":"partial","flood_depth":"none","velocity_zone":"none","measure_existing":["double_chain"],
    "measure_missing":"土台の固定")" +
         more + "}";
}

std::string f6(const std::string& more = "") {
  return "{" + kDamageHead +
         R"(,"authorized_by":"支部長","stage":"first","phenomenon":"leak_fire","law_kind":"lpg_act",
    "trigger_kind":"natural_disaster","occurred_at_acc":"2024-01-01T16:40:00+09:00",
    "noticed_at":"2024-01-01T17:05:00+09:00","place_acc":{"lat":37.3906,"lon":136.8992,"method":"map"},
    "place_note":"河井町の店舗","facility_kind":"business","supply_form":"individual","deaths_employee":0,
    "deaths_contractor":0,"deaths_public":0,"serious_employee":0,"serious_contractor":0,"serious_public":1,
    "minor_employee":0,"minor_contractor":0,"minor_public":"?","secondary_risk":"no",
    "first_measures":"元バルブを閉めた。","property_damage":"厨房の焼損","property_yen":3000000,
    "repeat_within_year":"no","appliance_involved":"no","cylinders_involved":2,
    "authorities_told":[{"org":"石川県","at":"2024-01-01T17:20:00+09:00","channel":"phone"}],"investigation":"none")" +
         more + "}";
}

}  // namespace

// ---- F2 -------------------------------------------------------------------------------------------------
TEST_CASE("a sound F2 has no problem, and comes back from its body and from JSON") {
  CHECK(said_of(report_of("F2", f2())).empty());
  CHECK(survives(report_of("F2", f2())));
}

TEST_CASE("R5, R6, R7: no more is restored, recovered, inspected or repaired than there was") {
  CHECK(errors_of(report_of("F2", f2(R"(,"restored_cum":122)"))) == "R5 R201 ");
  CHECK(errors_of(report_of("F2", f2(R"(,"excluded":16)"))) == "R201 ");
  CHECK(errors_of(report_of("F2", f2(R"(,"cyl_recovered":16)"))) == "R6 ");
  CHECK(errors_of(report_of("F2", f2(R"(,"cyl_righted":41)"))) == "R202 ");
  CHECK(errors_of(report_of("F2", f2(R"(,"inspect_absent":201)"))) == "R7 ");
  CHECK(errors_of(report_of("F2", f2(R"(,"inspect_ng":701)"))) == "R203 ");
  CHECK(errors_of(report_of("F2", f2(R"(,"repaired":15)"))) == "R204 ");
  CHECK(errors_of(report_of("F2", f2(R"(,"inspect_target":9801)"))) == "R205 ");
  CHECK(errors_of(report_of("F2", f2(R"(,"dealers_closed":32)"))) == "R209 ");
}

TEST_CASE("R5 over an approximate figure warns: published figures are rounded") {
  const auto said =
      said_of(report_of("F2", f2(R"(,"restored_cum":{"value":130,"state":"approx"},"excluded":null)")));
  CHECK(said.find("R5 ") != std::string::npos);
  CHECK(errors_of(report_of("F2", f2(R"(,"restored_cum":{"value":130,"state":"approx"},"excluded":null)")))
            .empty());
}

TEST_CASE("R8: a cumulative figure falls only by a correction") {
  const Report before = report_of("F2", f2());
  RuleContext context;
  context.previous = &before;
  const std::string less = R"(,"report_no":2,"leak_cum":1,"precedes":["17/3.1/42.0"],"report_version_kind":)";
  CHECK(errors_of(report_of("F2", f2(less + R"("update")")), context) == "R8 ");
  CHECK(errors_of(report_of("F2", f2(less + R"("correction","reason":"二重計上")")), context).empty());
}

TEST_CASE("a roll-up says how many reporters it has heard, and no more than it expected") {
  CHECK(errors_of(report_of("F2", f2(R"(,"source_kind":"rollup")"))) == "required required required ");
  CHECK(
      errors_of(report_of("F2", f2(R"(,"source_kind":"rollup","coverage_reporters":32,"coverage_expected":31,
    "coverage_households":9000)"))) == "R219 ");
}

TEST_CASE("R213: the peak is not below what is outstanding") {
  CHECK(said_of(report_of("F2", f2(R"(,"stopped_peak":14)"))) == "R213 ");
  CHECK(said_of(report_of("F2", f2(R"(,"stopped_peak":121,"stopped_peak_at":"2024-01-01T18:00:00+09:00")")))
            .empty());
}

TEST_CASE("a date counts as a whole day: restored today is not before now") {
  CHECK(said_of(report_of("F2", f2(R"(,"restore_eta_date":"2024-01-02")"))).empty());
  CHECK(said_of(report_of("F2", f2(R"(,"restore_eta_date":"2024-01-01")"))) == "R214 ");
}

TEST_CASE("Kumamoto: a nil report is one template, and unconfirmed is not nil") {
  Report report = report_of("F2", "{" + kDamageHead + R"(,"muni":"43100"})");
  for (const auto& [key, value] : Catalogue::built_in().form("F2")->templates.front().set)
    REQUIRE(set_from_text(report, key, value));
  CHECK(errors_of(report).empty());
  CHECK(survives(report));
  REQUIRE(set_from_text(report, "leak_cum", "?"));
  CHECK(errors_of(report) == "R210 ");
}

// ---- F3 -------------------------------------------------------------------------------------------------
TEST_CASE("a sound F3 has no problem, comes back, and shows a mesh in place of its position") {
  CHECK(said_of(report_of("F3", f3())).empty());
  CHECK(survives(report_of("F3", f3())));
  const FormInfo& form = *Catalogue::built_in().form("F3");
  CHECK(Catalogue::built_in().field(form, "position")->confidentiality == Confidentiality::handlers);
  CHECK(Catalogue::built_in().field(form, "mesh3")->confidentiality == Confidentiality::open);
}

TEST_CASE("Kagoshima: two sites with two and four cylinders buried, access closed") {
  const std::string site = R"(,"muni":"46201","access_state":"closed",
    "position":{"lat":31.68,"lon":130.50,"accuracy_m":300,"method":"address"},"damage_state":"buried",)";
  for (const char* more : {R"("cyl_size":"50kg","cyl_count":2)", R"("cyl_size":"20kg","cyl_count":4)"})
    CHECK(said_of(report_of("F3", f3(site + more))).empty());
  CHECK(said_of(report_of("F3", f3(site + R"("recovery_state":"planned")"))) == "R305 ");
}

TEST_CASE(
    "R11: a position far from the municipality's office is doubted, one from an address is never sharp") {
  CHECK(said_of(report_of("F3", f3(R"(,"muni":"46201")"))) == "R11 ");
  CHECK(said_of(report_of(
            "F3", f3(R"(,"position":{"lat":37.3906,"lon":136.8992,"accuracy_m":10,"method":"address"})"))) ==
        "point ");
}

TEST_CASE("R12: what is recovered says when, and not before it was found") {
  const std::string recovered = R"(,"damage_state":"recovered","recovery_state":"recovered")";
  CHECK(errors_of(report_of("F3", f3(recovered))) == "R12 ");
  CHECK(errors_of(report_of("F3", f3(recovered + R"(,"recovered_at":"2024-01-02T09:00:00+09:00")"))) ==
        "R301 ");
  CHECK(said_of(report_of("F3", f3(recovered + R"(,"recovered_at":"2024-01-02T11:00:00+09:00")"))).empty());
}

TEST_CASE("a leaking or burning cylinder travels as flash, and asks for an F6") {
  const Report leaking = report_of("F3", f3(R"(,"damage_state":"leaking")"));
  CHECK(said_of(leaking, sent_as("routine")) == "R303 ");
  CHECK(said_of(leaking, sent_as("flash")).empty());
  CHECK(said_of(leaking) == "R304 ");
}

// ---- F6 -------------------------------------------------------------------------------------------------
TEST_CASE("a sound F6 has no problem, and comes back") {
  CHECK(said_of(report_of("F6", f6()), sent_as("urgent")).empty());
  CHECK(survives(report_of("F6", f6())));
}

TEST_CASE("R23: a detailed report says the cause and the countermeasures") {
  CHECK(errors_of(report_of("F6", f6(R"(,"stage":"detail")")), sent_as("urgent")) == "R23 R23 ");
  CHECK(
      errors_of(
          report_of("F6", f6(R"(,"stage":"detail","cause_presumed":"shaking","prevention":"配管の取替え")")),
          sent_as("urgent"))
          .empty());
}

TEST_CASE("R24, R25: casualties fall only by a correction, and an accident is never cancelled") {
  const Report before = report_of("F6", f6());
  RuleContext context = sent_as("urgent");
  context.previous = &before;
  const std::string fewer =
      R"(,"report_no":2,"serious_public":0,"precedes":["17/3.1/42.0"],"report_version_kind":)";
  CHECK(errors_of(report_of("F6", f6(fewer + R"("update")")), context) == "R24 ");
  CHECK(errors_of(report_of("F6", f6(fewer + R"("correction","reason":"診断の結果")")), context).empty());
  CHECK(errors_of(report_of("F6", f6(fewer + R"("cancel","reason":"誤報")")), context) == "R25 ");
}

TEST_CASE("an accident that may grow worse is sent as flash, one of class A or B not as routine") {
  CHECK(errors_of(report_of("F6", f6(R"(,"secondary_risk":"yes")")), sent_as("urgent")) == "R603 ");
  CHECK(said_of(report_of("F6", f6(R"(,"deaths_public":1)")), sent_as("routine")) == "R607 ");
  CHECK(said_of(report_of("F6", f6(R"(,"deaths_public":1)")), sent_as("urgent")).empty());
}

TEST_CASE("what an accident involves is asked for: the building, the people, the appliance") {
  CHECK(errors_of(report_of("F6", f6(R"(,"phenomenon":"leak_explosion")")), sent_as("urgent")) == "R605 ");
  CHECK(errors_of(report_of("F6", f6(R"(,"phenomenon":"poisoning_asphyxia")")), sent_as("urgent")) ==
        "R604 ");
  CHECK(errors_of(report_of("F6", f6(R"(,"appliance_involved":"yes")")), sent_as("urgent")) == "R606 ");
}

TEST_CASE("only an authority confirms the class") {
  const Report confirmed = report_of("F6", f6(R"(,"class_confirmed":"C1")"));
  RuleContext context = sent_as("urgent");
  const auto role = [](const char* name) {
    return CodeValue{Catalogue::built_in().list("ORG_ROLE")->by_name(name)->number};
  };
  context.surroundings[field::org_role] = role("retailer");
  CHECK(errors_of(confirmed, context) == "R610 ");
  context.surroundings[field::org_role] = role("prefecture");
  CHECK(errors_of(confirmed, context).empty());
}
