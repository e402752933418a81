#include "proto/forms/derive.hpp"

#include "tests/unit/forms/readers.hpp"

using namespace noroshi;
using namespace noroshi::forms;
using test::report_of;

namespace {

/// A derived value in words: "15戸"; "" where there is none.
std::string derived(const std::string& form_code, const std::string& values, const std::string& key) {
  const Catalogue& catalogue = Catalogue::built_in();
  const FormInfo& form = *catalogue.form(form_code);
  const FieldInfo& field = *catalogue.field(form, key);
  RuleContext context;
  context.surroundings[field::created_at] = *parse_time("2024-01-02T12:00:00+09:00");
  const auto value = derived_value(field, report_of(form_code, values), form, catalogue, context);
  return value ? format(*value, field, Language::ja) : "";
}

std::string outstanding(const std::string& stopped, const std::string& restored,
                        const std::string& excluded = "null") {
  return derived(
      "F2",
      R"({"stopped_cum":)" + stopped + R"(,"restored_cum":)" + restored + R"(,"excluded":)" + excluded + "}",
      "outstanding");
}

std::string accident_class(const std::string& more) {
  return derived("F6", R"({"phenomenon":"leak",)" + more + "}", "class_proposed");
}

}  // namespace

TEST_CASE(
    "Kanazawa: 121 stopped and 106 restored leave 15, and none when the collapsed houses are excluded") {
  CHECK(outstanding("121", "106") == "15戸");
  CHECK(outstanding("121", "106", "15") == "0戸");
}

TEST_CASE("the cylinders of 2019: 237 drifted and buried, 129 recovered, 108 not yet") {
  CHECK(derived("F2", R"({"cyl_lost_cum":200,"cyl_buried_cum":37,"cyl_recovered":129})", "cyl_outstanding") ==
        "108本");
}

TEST_CASE("what remains is as certain as what it is made of") {
  const std::string about = R"({"value":24000,"state":"approx"})",
                    under = R"({"value":10,"state":"less_than"})",
                    least = R"({"value":10,"state":"at_least"})";
  CHECK(outstanding(about, "800") == "約 23,200戸");
  CHECK(outstanding("100", under) == "91戸以上");
  CHECK(outstanding("100", least) == "91戸未満");
  CHECK(outstanding(least, "4") == "6戸以上");
  CHECK(outstanding(under, under) == "約 1戸");
  CHECK(outstanding("100", R"("?")") == "未確認");
  CHECK(outstanding(R"({"value":2,"state":"magnitude"})", "4") == "未確認");
  CHECK(outstanding("100", R"({"state":"not_applicable"})") == "100戸");
}

TEST_CASE("nothing remains to be said where something was not said, or where more came back than went") {
  CHECK(outstanding("100", "null").empty());
  CHECK(outstanding("null", "100").empty());
  CHECK(outstanding("100", "101").empty());
}

TEST_CASE("a total of casualties with one group unconfirmed is at least what is known") {
  const std::string known = R"("deaths_employee":1,"deaths_contractor":0,)";
  CHECK(derived("F6", "{" + known + R"("deaths_public":2})", "deaths_total") == "3人");
  CHECK(derived("F6", "{" + known + R"("deaths_public":"?"})", "deaths_total") == "1人以上");
  CHECK(derived("F6", R"({"deaths_public":"?"})", "deaths_total") == "未確認");
  CHECK(derived("F6", R"({"stage":"first"})", "deaths_total").empty());
}

TEST_CASE("the class of an accident is proposed by the table, the first step that holds") {
  CHECK(accident_class(R"("deaths_public":5)") == "A級");
  CHECK(accident_class(R"("deaths_public":1,"serious_employee":9)") == "A級");
  CHECK(accident_class(R"("minor_public":30)") == "A級");
  CHECK(accident_class(R"("property_yen":500000000)") == "A級");
  CHECK(accident_class(R"("deaths_contractor":1)") == "B1級");
  CHECK(accident_class(R"("serious_public":2)") == "B1級");
  CHECK(accident_class(R"("minor_public":6)") == "B1級");
  CHECK(accident_class(R"("property_yen":100000000)") == "B1級");
  CHECK(accident_class(R"("minor_public":5)") == "C1級");
  CHECK(accident_class(R"("serious_public":1,"repeat_within_year":"yes")") == "B2級");
  CHECK(accident_class(R"("minor_public":0)") == "C2級");
  CHECK(derived("F6", R"({"phenomenon":"leak_explosion","explosion_scale":"window"})", "class_proposed") ==
        "C1級");
  CHECK(derived("F6", R"({"phenomenon":"leak_explosion","explosion_scale":"none"})", "class_proposed") ==
        "C2級");
  CHECK(derived("F6", R"({"stage":"first"})", "class_proposed").empty());
}

TEST_CASE("only what is certain counts for the class, and what is not may raise it") {
  const Catalogue& catalogue = Catalogue::built_in();
  const FormInfo& f6 = *catalogue.form("F6");
  CHECK(accident_class(R"("deaths_public":"?")") == "C2級");
  CHECK(class_may_rise(report_of("F6", R"({"phenomenon":"leak","deaths_public":"?"})"), f6, catalogue));
  CHECK(f6.classes->version == 1);
  CHECK_FALSE(class_may_rise(
      report_of("F6", R"({"phenomenon":"leak","property_yen":0,"deaths_employee":0,"deaths_contractor":0,
        "deaths_public":0,"serious_employee":0,"serious_contractor":0,"serious_public":0,"minor_employee":0,
        "minor_contractor":0,"minor_public":0})"),
      f6, catalogue));
}

TEST_CASE("the 1 km mesh of a position, and none outside Japan") {
  CHECK(third_mesh({3'739'056, 13'689'917, {}, PointMethod::map}) == 56'360'761);  // 輪島市役所
  CHECK(third_mesh({3'568'950, 13'969'170, {}, PointMethod::map}) == 53'394'525);  // 東京都庁
  CHECK_FALSE(third_mesh({0, 0, {}, PointMethod::map}));
  CHECK(derived("F3", R"({"position":{"lat":37.39056,"lon":136.89917,"method":"map"}})", "mesh3") ==
        "56360761");
}

TEST_CASE("how soon support is needed, from writing to the time it is needed by") {
  const auto horizon = [](const std::string& at) {
    return derived("F4", R"({"needed_by":"2024-01-)" + at + R"(:00+09:00"})", "horizon");
  };
  CHECK(horizon("02T11:59") == "時期を過ぎている");
  CHECK(horizon("03T00:00") == "12時間以内");
  CHECK(horizon("03T00:01") == "24時間以内");
  CHECK(horizon("05T12:00") == "72時間以内");
  CHECK(horizon("05T12:01") == "72時間より後");
}

TEST_CASE("a detailed report is due 30 days after it was noticed under the gas business act only") {
  const std::string noticed = R"({"noticed_at":"2024-01-02T00:10:00+09:00","law_kind":")";
  CHECK(derived("F6", noticed + R"(gas_business"})", "detail_due") == "2024-02-01");
  CHECK(derived("F6", noticed + R"(lpg_act"})", "detail_due").empty());
}

TEST_CASE("man-days count the first and the last day") {
  CHECK(derived("F5", R"({"team_size":4,"deployed_from":"2024-01-05","deployed_to":"2024-01-07"})",
                "man_days") == "12人日");
  CHECK(
      derived("F5", R"({"team_size":4,"deployed_from":"2024-01-05","deployed_to":"2024-01-04"})", "man_days")
          .empty());
}

TEST_CASE("a derived value is never typed and never sent") {
  const auto typed = report_from_json_text(R"({"outstanding":15})", "F2");
  REQUIRE_FALSE(typed);
  CHECK(typed.error().text.find("outstanding: is not typed") != std::string::npos);
  Report report = report_of("F2", R"({"stopped_cum":121})");
  report.put(83, Count{15, CountState::exact});
  CHECK_FALSE(encode(report, test::wajima()));
}

TEST_CASE("JSON shows derived values beside the typed ones, and reading it back ignores them") {
  const Report report = report_of("F2", R"({"stopped_cum":121,"restored_cum":106})");
  const nlohmann::json json = to_json(report);
  CHECK(json["derived"]["outstanding"]["value"] == 15);
  CHECK(report_from_json(json, "F2").value() == report);
}

TEST_CASE("derived values in words, in the order of the form; a class that may rise says so") {
  const Catalogue& catalogue = Catalogue::built_in();
  using Lines = std::vector<std::string>;
  CHECK(derived_lines(report_of("F2", R"({"stopped_cum":121,"restored_cum":106})"), catalogue,
                      Language::ja) == Lines{"未復旧戸数: 15戸"});
  CHECK(derived_lines(report_of("F6", R"({"phenomenon":"leak","deaths_public":"?"})"), catalogue,
                      Language::en) ==
        Lines{"Class proposed: class C2 (may rise: a figure is not exact)", "Deaths, total: unconfirmed"});
  CHECK(derived_lines(report_of("F4", R"({"needed_by":"2024-01-03T00:00:00+09:00"})"), catalogue,
                      Language::ja, made_at(*parse_time("2024-01-02T12:00:00+09:00"))) ==
        Lines{"必要時期区分: 12時間以内"});
  CHECK(derived_lines(report_of("F1", "{}"), catalogue, Language::ja).empty());
}
