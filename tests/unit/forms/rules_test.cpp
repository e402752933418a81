#include "proto/forms/rules.hpp"

#include <algorithm>

#include "proto/forms/six.hpp"
#include "tests/support/form_generator.hpp"
#include "tests/unit/forms/readers.hpp"

using namespace noroshi;
using namespace noroshi::forms;
using test::f1_of;
using test::f9_of;

namespace {

const Problem* find(const std::vector<Problem>& problems, std::string_view rule,
                    std::string_view field = {}) {
  const auto found = std::find_if(problems.begin(), problems.end(), [&](const Problem& problem) {
    return problem.rule == rule && (field.empty() || problem.field == field);
  });
  return found == problems.end() ? nullptr : &*found;
}

std::vector<Problem> check(const Report& report, const RuleContext& context = {}) {
  return validate(report, Catalogue::built_in(), context);
}

bool is_error(const Problem* problem) {
  return problem && problem->severity == Severity::error;
}
bool is_warning(const Problem* problem) {
  return problem && problem->severity == Severity::warning;
}

/// A complete F1 in which nothing is wrong.
Report sound() {
  return f1_of(
      R"({"report_no":1,"report_version_kind":"initial","as_of":"2024-01-02T11:20:00+09:00","muni":"17204",
    "source_kind":"own_obs","confidence":"confirmed","clock_quality":"gnss","nil_report":"no",
    "occurred_at":"2024-01-01T16:10:00+09:00","hazard_kind":"earthquake","max_intensity":"6+","staff_safety":"all_safe",
    "office_status":"none","households_served":9800,"households_stopped":345,"cyl_lost":0,"cyl_fallen":0,"cyl_buried":0,
    "gas_leaks":0,"fires":0,"explosions":0,"deaths":0,"missing":0,"serious_inj":0,"minor_inj":0,"can_deliver":"limited",
    "road_access":"detour","power":"out","comms_working":["sat_data"],"help_needed":"none","checked_scope":"some",
    "checked_households":1200})");
}

}  // namespace

TEST_CASE("a sound report has no problem") {
  const auto problems = check(sound());
  for (const Problem& problem : problems) UNSCOPED_INFO(problem.rule << " " << problem.field);
  CHECK(problems.empty());
}

TEST_CASE("R1: more stopped than served is an error, and a warning where a term is qualified") {
  Report report = sound();
  report.put(field::households_stopped, Count{9801, CountState::exact});
  CHECK(is_error(find(check(report), "R1", "households_stopped")));
  CHECK_FALSE(valid(check(report)));
  report.put(field::households_stopped, Count{9801, CountState::approx});
  CHECK(is_warning(find(check(report), "R1")));
  report.put(field::households_stopped, Count{9801, CountState::less_than});
  CHECK_FALSE(find(check(report), "R1"));
  report.put(field::households_stopped, Count{5, CountState::magnitude});
  CHECK(is_warning(find(check(report), "R1")));  // 規模 5 begins at 10,001
  report.put(field::households_stopped, Count{0, CountState::unconfirmed});
  CHECK_FALSE(find(check(report), "R1"));
}

TEST_CASE("R2: a nil report has zeros, not unconfirmed ones") {
  Report report = sound();
  report.put(field::nil_report, forms::Answer::yes);
  CHECK(is_error(find(check(report), "R2", "households_stopped")));
  report.put(field::households_stopped, Count{});
  CHECK_FALSE(find(check(report), "R2"));
  report.put(field::cyl_lost, Count{0, CountState::unconfirmed});
  CHECK(is_error(find(check(report), "R2", "cyl_lost")));
  report.clear(field::checked_scope);
  CHECK(is_error(find(check(report), "required", "checked_scope")));  // said in a nil report too
}

TEST_CASE("R3: unconfirmed is an answer for every count; a zero that nobody looked at is questioned") {
  Report report = sound();
  for (const FieldInfo& field : Catalogue::built_in().form("F1")->fields)
    if (field.kind == Kind::count) report.put(field.number, Count{0, CountState::unconfirmed});
  CHECK(valid(check(report)));
  report = sound();
  report.put(field::checked_scope, CodeValue{1});
  report.put(field::households_stopped, Count{});
  CHECK(is_warning(find(check(report), "R3")));
  report.put(field::nil_report, forms::Answer::yes);
  CHECK_FALSE(find(check(report), "R3"));
}

TEST_CASE("drifted, fallen or buried cylinders need their scope") {
  Report report = sound();
  report.put(field::cyl_lost, Count{12, CountState::approx});
  CHECK(is_error(find(check(report), "R102", "cyl_scope")));
  report.put(field::cyl_lost, Count{10, CountState::less_than});  // may be none
  CHECK_FALSE(find(check(report), "R102"));
}

TEST_CASE("fire, death and leaks ask for an F6 until one is linked") {
  Report report = sound();
  report.put(field::fires, Count{1, CountState::exact});
  CHECK(is_warning(find(check(report), "R103")));
  RuleContext context;
  context.linked_forms = {"F6"};
  CHECK_FALSE(find(check(report, context), "R103"));
  report.put(field::gas_leaks, Count{3, CountState::at_least});
  CHECK(find(check(report), "R104"));
}

TEST_CASE("a report of death or fire that goes as routine is questioned") {
  Report report = sound();
  report.put(field::deaths, Count{1, CountState::exact});
  RuleContext context;
  context.surroundings[field::precedence] = CodeValue{3};
  CHECK(is_warning(find(check(report, context), "R112")));
  context.surroundings[field::precedence] = CodeValue{1};
  CHECK_FALSE(find(check(report, context), "R112"));
}

TEST_CASE("five times the last report is questioned, and the reason of who sends it anyway travels") {
  const Report before = sound();
  Report report = sound();
  report.put(field::report_no, std::int64_t{2});
  report.put(field::households_stopped, Count{3450, CountState::exact});
  auto problems = validate(report, Catalogue::built_in(), &before);
  REQUIRE(is_warning(find(problems, "R110", "households_stopped")));
  CHECK_FALSE(find(problems, "R110")->overridden);
  Header header = report.header();
  header.overrides = {{"R110", "全域停止を確認"}};
  report.set_header(header);
  problems = validate(report, Catalogue::built_in(), &before);
  CHECK(find(problems, "R110")->overridden == "全域停止を確認");
  header.kind = ReportKind::correction;
  report.set_header(header);
  CHECK_FALSE(find(validate(report, Catalogue::built_in(), &before), "R110"));
}

TEST_CASE("an error cannot be overridden") {
  Report report = sound();
  report.put(field::households_stopped, Count{9801, CountState::exact});
  Header header = report.header();
  header.overrides = {{"R1", "どうしても"}};
  report.set_header(header);
  CHECK_FALSE(find(check(report), "R1")->overridden);
  CHECK_FALSE(valid(check(report)));
}

TEST_CASE("the life of a report: parents, reasons and rising numbers") {
  const Report before = sound();
  Report report = sound();
  report.put(field::report_version_kind, CodeValue{static_cast<std::uint32_t>(ReportKind::update)});
  auto problems = validate(report, Catalogue::built_in(), &before);
  CHECK(is_error(find(problems, "H1", "precedes")));
  CHECK(is_error(find(problems, "H4", "report_no")));
  CHECK_FALSE(find(problems, "H2"));
  report.put(field::report_version_kind, CodeValue{static_cast<std::uint32_t>(ReportKind::correction)});
  CHECK(is_error(find(check(report), "H2", "reason")));
}

TEST_CASE("a cancel needs its parent and its reason, not the figures") {
  const Report report =
      f1_of(R"({"report_no":2,"report_version_kind":"cancel","as_of":"2024-01-02T11:20:00+09:00",
    "muni":"17204","precedes":["17/3.1/42.0"],"reason":"誤送信"})");
  CHECK(valid(check(report)));
}

TEST_CASE("an as-of after the report is an error only if the clock is good") {
  Report report = sound();
  report.put(field::as_of, *parse_time("2024-01-02T12:00:00+09:00"));
  RuleContext context;
  context.surroundings[field::created_at] = *parse_time("2024-01-02T11:20:00+09:00");
  CHECK(is_error(find(check(report, context), "H9")));
  report.put(field::clock_quality, CodeValue{static_cast<std::uint32_t>(ClockQuality::unknown)});
  CHECK(is_warning(find(check(report, context), "H3")));
  CHECK_FALSE(find(check(report, context), "H9"));
}

TEST_CASE("a proxy report is asked who told it, when and how") {
  Report report = sound();
  report.put(field::on_behalf_of, std::int64_t{1'700'044});
  const auto problems = check(report);
  CHECK(is_warning(find(problems, "H6", "told_by")));
  CHECK(is_warning(find(problems, "H6", "told_at")));
  CHECK(is_warning(find(problems, "H6", "told_channel")));
}

TEST_CASE("an incomplete flash may be sent; a wrong one may not") {
  Report report = f1_of(R"({"report_no":1,"report_version_kind":"initial","as_of":"2024-01-02T11:20:00+09:00",
    "muni":"17204","checked_scope":"office","staff_safety":"all_safe"})");
  auto problems = check(report);
  CHECK_FALSE(valid(problems));
  CHECK(is_error(find(problems, "required", "households_stopped")));
  CHECK(sendable_incomplete(problems));
  report.put(field::households_served, std::int64_t{10});
  report.put(field::households_stopped, Count{11, CountState::exact});
  CHECK_FALSE(sendable_incomplete(check(report)));
}

TEST_CASE("six answers alone are a sound first report") {
  test::FormGenerator generator(1);
  const auto context = generator.context();
  Report report = generator.six_answers(context);
  report.clear(field::hazard_kind);
  report.clear(field::occurred_at);
  CHECK(valid(check(report)));
  CHECK_FALSE(find(check(report), "empty", "occurred_at"));
  report.put(field::households_stopped, Count{3, CountState::exact});
  // Page 2 was begun: what is missing of it is worth a word, and no more.
  CHECK(valid(check(report)));
  CHECK(is_warning(find(check(report), "empty", "occurred_at")));
}

TEST_CASE("values outside range, length and list are named") {
  Report report = sound();
  report.put(field::households_served, std::int64_t{500'001});
  CHECK(is_error(find(check(report), "range", "households_served")));
  report = sound();
  report.put(field::remarks, test::FormGenerator(1).japanese(401, test::Letters::kanji));
  CHECK(is_error(find(check(report), "length", "remarks")));
  report = sound();
  report.put(field::hazard_kind, CodeValue{99});
  CHECK(is_error(find(check(report), "code", "hazard_kind")));
  report = sound();
  report.put(field::position, Point{0, 0, {}, PointMethod::gnss});
  CHECK(is_warning(find(check(report), "point", "position")));
  report = sound();
  report.put(field::muni, std::int64_t{17'999});
  CHECK(is_warning(find(check(report), "muni", "muni")));
}

TEST_CASE("problems speak both languages and name the field") {
  const auto problems = check(f1_of(R"({"report_version_kind":"initial"})"));
  const Problem* missing = find(problems, "required", "as_of");
  REQUIRE(missing);
  CHECK(missing->text_ja == "時点：必須です");
  CHECK(missing->text_en == "As of: is required");
}

TEST_CASE("F9: what each kind of message needs") {
  const auto problems_of = [](const std::string& values) { return check(f9_of(values)); };
  CHECK(valid(problems_of(R"({"report_version_kind":"initial","act_kind":"message","body":"道路復旧"})")));
  CHECK_FALSE(valid(problems_of(R"({"report_version_kind":"initial","act_kind":"message"})")));
  const auto inquiry =
      problems_of(R"({"report_version_kind":"initial","act_kind":"inquiry","body":"戸数は"})");
  CHECK(is_error(find(inquiry, "R901", "subject")));
  CHECK(is_error(find(inquiry, "R903", "answer_due")));
  CHECK(is_warning(
      find(problems_of(R"({"report_version_kind":"initial","act_kind":"answer","answer_text":"345戸"})"),
           "R907")));
  CHECK(is_error(find(problems_of(R"({"report_version_kind":"initial","act_kind":"answer"})"), "R906")));
  CHECK(is_error(find(problems_of(R"({"report_version_kind":"initial","act_kind":"verification"})"), "R909",
                      "verdict")));
  CHECK(is_error(
      find(problems_of(R"({"report_version_kind":"initial","act_kind":"recall"})"), "R908", "regarding")));
  CHECK(valid(problems_of(
      R"({"report_version_kind":"initial","act_kind":"verification","verdict":"confirmed","regarding":["17/3.1/42.0"]})")));
}

TEST_CASE("F9: a directive of an authority needs its legal basis and who authorised it") {
  const Report directive =
      f9_of(R"({"report_version_kind":"initial","act_kind":"directive","subject":"点検","body":"緊急点検を",
    "answer_due":"2024-01-03T12:00:00+09:00"})");
  RuleContext context;
  context.surroundings[field::org_role] =
      CodeValue{Catalogue::built_in().list("ORG_ROLE")->by_name("meti_hq")->number};
  CHECK(is_error(find(check(directive, context), "R904", "legal_basis")));
  CHECK(is_error(find(check(directive, context), "R905", "authorized_by")));
  context.surroundings[field::org_role] =
      CodeValue{Catalogue::built_in().list("ORG_ROLE")->by_name("pref_assoc")->number};
  CHECK_FALSE(find(check(directive, context), "R904"));
}

TEST_CASE("sums: parts above a total and parts that do not add up") {
  const Catalogue catalogue = Catalogue::load(test::catalogue_bytes("more_rules")).value();
  const auto problems_of = [&](const std::string& values, const Report* previous = nullptr) {
    return validate(f1_of(values), catalogue, previous);
  };
  CHECK(is_error(find(problems_of(R"({"cyl_lost":5,"cyl_buried":6,"cyl_fallen":10})"), "T1", "cyl_fallen")));
  CHECK_FALSE(find(problems_of(R"({"cyl_lost":5,"cyl_buried":5,"cyl_fallen":10})"), "T1"));
  CHECK(is_warning(find(
      problems_of(R"({"cyl_lost":{"value":50,"state":"at_least"},"cyl_buried":6,"cyl_fallen":10})"), "T1")));
  CHECK(is_error(find(problems_of(R"({"deaths":1,"missing":1,"serious_inj":3})"), "T2")));
  CHECK(is_warning(
      find(problems_of(R"({"deaths":1,"missing":{"value":1,"state":"approx"},"serious_inj":3})"), "T2")));
  CHECK_FALSE(find(problems_of(R"({"deaths":1,"missing":"?","serious_inj":3})"), "T2"));
  const Report before = f1_of(R"({"gas_leaks":5})");
  CHECK(is_error(find(problems_of(R"({"gas_leaks":4})", &before), "T3", "gas_leaks")));
  CHECK_FALSE(find(problems_of(R"({"gas_leaks":4,"report_version_kind":"correction"})", &before), "T3"));
  CHECK_FALSE(find(problems_of(R"({"gas_leaks":{"value":4,"state":"at_least"}})", &before), "T3"));
}

TEST_CASE("a form that the catalogue lacks is not judged") {
  Report report;
  report.form = 12;
  const auto problems = check(report);
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().rule == "form");
  CHECK(valid(problems));
}
