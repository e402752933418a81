#include <nlohmann/json.hpp>

#include "tests/unit/forms/readers.hpp"

using namespace noroshi;
using namespace noroshi::forms;
using test::f1_of;

namespace {

std::string error_of(const std::string& values) {
  const auto report = report_from_json_text(values, "F1");
  return report ? "" : report.error().text;
}

}  // namespace

TEST_CASE("values read as the interface says: objects, bare numbers and question marks") {
  const Report report =
      f1_of(R"({"form":"F1","version":1,"values":{"households_stopped":{"value":345,"state":"exact"},
    "cyl_lost":12,"fires":"?","cyl_fallen":{"state":"magnitude","value":2},"hazard_kind":"earthquake","max_intensity":"5-",
    "comms_working":["sat_phone","sat_data"],"nil_report":false,"muni":"172049","as_of":"2024-01-02 11:20",
    "position":{"lat":37.2861,"lon":136.7345,"accuracy_m":10,"method":"gnss"},"remarks":"10〜20本"}})");
  CHECK(*report.get<Count>(field::households_stopped) == Count{345, CountState::exact});
  CHECK(*report.get<Count>(field::cyl_lost) == Count{12, CountState::exact});
  CHECK(*report.get<Count>(field::fires) == Count{0, CountState::unconfirmed});
  CHECK(report.code(42) == 6);
  CHECK(*report.get<forms::Answer>(field::nil_report) == forms::Answer::no);
  CHECK(*report.get<std::int64_t>(field::muni) == 17204);
  CHECK(to_rfc3339(*report.get<WallTime>(field::as_of)) == "2024-01-02T11:20:00+09:00");
  CHECK(*report.get<Point>(field::position) == Point{3'728'610, 13'673'450, 10u, PointMethod::gnss});
  CHECK(*report.get<std::string>(field::remarks) == "10～20本");
  CHECK(to_json(report)["values"]["households_stopped"] ==
        nlohmann::json({{"state", "exact"}, {"value", 345}}));
  CHECK(to_json(report)["values"]["fires"] == nlohmann::json({{"state", "unconfirmed"}}));
  CHECK(to_json(report)["values"]["max_intensity"] == "5-");
  CHECK(to_json(report)["values"]["muni"] == "17204");
}

TEST_CASE("an error names the field and says what it should be") {
  CHECK(error_of(R"({"houshold_stopped":1})").find("households_stopped") != std::string::npos);
  CHECK(error_of(R"({"households_stopped":-1})").find("households_stopped:") == 0);
  CHECK(error_of(R"({"households_stopped":1.5})").find("households_stopped:") == 0);
  CHECK(error_of(R"({"households_stopped":10000000})").find("households_stopped:") == 0);
  CHECK(error_of(R"({"households_stopped":{"state":"unconfirmed","value":3}})").find("no value") !=
        std::string::npos);
  CHECK(error_of(R"({"households_stopped":{"state":"approx"}})").find("needs a value") != std::string::npos);
  CHECK(error_of(R"({"households_stopped":{"state":"about","value":3}})").find("less_than") !=
        std::string::npos);
  CHECK(error_of(R"({"hazard_kind":"quake"})").find("earthquake") != std::string::npos);
  CHECK(error_of(R"({"as_of":"yesterday"})").find("as_of:") == 0);
  CHECK(error_of(R"({"muni":"172048"})").find("muni:") == 0);
  CHECK(error_of(R"({"position":{"lat":91,"lon":0}})").find("position:") == 0);
  CHECK(error_of(R"({"remarks":"a\u0007"})").find("U+0007") != std::string::npos);
  CHECK(error_of(R"({"created_at":"2024-01-02T11:20:00+09:00"})").find("created_at:") == 0);
  CHECK(error_of(R"({"precedes":["yesterday's"]})").find("precedes:") == 0);
  CHECK(error_of(R"({"overrides":[{"rules":"R1"}]})").find("overrides[0]") == 0);
  CHECK(error_of("[1,2]").find("report:") == 0);
  CHECK(error_of("{").find("report:") == 0);
  CHECK(error_of(R"({"form":"F9","values":{}})").find("form:") == 0);
  CHECK_FALSE(report_from_json_text("{}", "F77"));
}

TEST_CASE("--set takes numbers, words, sets and JSON") {
  Report report = f1_of("{}");
  CHECK(set_from_text(report, "households_stopped", "345"));
  CHECK(set_from_text(report, "fires", "?"));
  CHECK(set_from_text(report, "cyl_lost", R"({"value":12,"state":"approx"})"));
  CHECK(set_from_text(report, "hazard_kind", "tsunami"));
  CHECK(set_from_text(report, "max_intensity", "7"));
  CHECK(set_from_text(report, "comms_working", "sat_data,courier"));
  CHECK(set_from_text(report, "remarks", "門前"));
  CHECK(set_from_text(report, "muni", "17204"));
  CHECK(set_from_text(report, "as_of", "2024-01-02 11:20"));
  CHECK(set_from_text(report, "nil_report", "no"));
  CHECK(*report.get<Count>(field::households_stopped) == Count{345, CountState::exact});
  CHECK(report.code(42) == 10);  // 震度7 by its name, not code 7
  CHECK(report.get<CodeSet>(field::comms_working)->has(13));
  CHECK_FALSE(set_from_text(report, "no_such_field", "1"));
  CHECK_FALSE(set_from_text(report, "households_stopped", "many"));
}

TEST_CASE("null clears a field") {
  Report report = f1_of(R"({"cyl_lost":12})");
  CHECK(f1_of(R"({"cyl_lost":null})").values.empty());
  CHECK(report.find(field::cyl_lost));
}

TEST_CASE("a form says itself as JSON") {
  const auto json = form_to_json(*Catalogue::built_in().form("F1"));
  CHECK(json["form"] == "F1");
  CHECK(json["fields"].size() == 32);
  CHECK(json["fields"][6]["key"] == "households_stopped");
  CHECK(json["fields"][6]["label"]["ja"] == "供給停止戸数");
}
