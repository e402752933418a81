#include "client-tui/cli/demo/scenario.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

namespace noroshi::cli::demo {

using nlohmann::json;

static void from_json(const json& in, Label& out) {
  in.at("ja").get_to(out.ja);
  in.at("en").get_to(out.en);
}
static void from_json(const json& in, OrgPlan& out) {
  in.at("id").get_to(out.id);
  in.at("kind").get_to(out.kind);
  in.at("name").get_to(out.name);
  in.at("name_en").get_to(out.name_en);
  out.prefecture = in.value("prefecture", "");
}
static void from_json(const json& in, NodePlan& out) {
  in.at("name").get_to(out.name);
  in.at("org").get_to(out.org);
  in.at("label").get_to(out.label);
  out.home = in.value("home", false);
}
static void from_json(const json& in, PersonPlan& out) {
  in.at("name").get_to(out.name);
  in.at("node").get_to(out.node);
  in.at("role").get_to(out.role);
  in.at("handler").get_to(out.handler);
  out.unit = in.value("unit", 0U);
}
static void from_json(const json& in, ShapePlan& out) {
  out.rate_bps = in.value("rate_bps", std::uint64_t{0});
  out.delay_ms = in.value("delay_ms", 0U);
  out.outages = in.value("outages", "");
}
static void from_json(const json& in, LinkPlan& out) {
  in.at("name").get_to(out.name);
  in.at("caller").get_to(out.caller);
  in.at("called").get_to(out.called);
  out.profile = in.value("profile", "local");
  if (in.contains("shape")) out.shape = in["shape"].get<ShapePlan>();
}
static void from_json(const json& in, UnitPlan& out) {
  in.at("id").get_to(out.id);
  in.at("name").get_to(out.name);
  in.at("municipalities").get_to(out.municipalities);
  in.at("households").get_to(out.households);
  out.parent = in.value("parent", 0U);
}
static void from_json(const json& in, ExercisePlan& out) {
  in.at("id").get_to(out.id);
  in.at("name").get_to(out.name);
  in.at("name_en").get_to(out.name_en);
  in.at("prefectures").get_to(out.prefectures);
}
static void from_json(const json& in, Told& out) {
  in.at("by").get_to(out.by);
  in.at("at").get_to(out.at);
  in.at("channel").get_to(out.channel);
}
static void from_json(const json& in, ReportPlan& out) {
  in.at("key").get_to(out.key);
  in.at("act").get_to(out.act);
  in.at("by").get_to(out.by);
  in.at("to").get_to(out.to);
  out.form = in.value("form", "");
  out.update = in.value("update", "");
  out.correct = in.value("correct", "");
  out.cancel = in.value("cancel", "");
  out.unit = in.value("for", 0U);
  if (in.contains("told")) out.told = in["told"].get<Told>();
  out.six = in.value("six", "");
  out.reason = in.value("reason", "");
  out.as_of = in.value("as_of", "");
  out.priority = in.value("priority", "");
  out.values = in.value("values", json::object());
  out.text = in.value("text", "");
  out.answer = in.value("answer", "");
  out.verify = in.value("verify", "");
  out.verdict = in.value("verdict", "");
  if (in.contains("ask")) {
    const json& ask = in["ask"];
    out.ask = true;
    ask.at("subject").get_to(out.subject);
    ask.at("body").get_to(out.text);
    ask.at("due").get_to(out.due);
    out.regarding = ask.value("regarding", "");
  }
  if (in.contains("message")) {
    out.message = true;
    in["message"].get_to(out.text);
  }
}
static void from_json(const json& in, When& out) {
  in.at("at").get_to(out.at);
  in.at("reports").get_to(out.reports);
}
static void from_json(const json& in, Act& out) {
  in.at("title").get_to(out.title);
  if (in.contains("when")) out.when = in["when"].get<When>();
  out.send = in.value("send", "");
  out.kill = in.value("kill", "");
  out.start = in.value("start", "");
  out.cut = in.value("cut", "");
  out.mend = in.value("mend", "");
  out.intrude = in.value("intrude", "");
}
static void from_json(const json& in, Expectation& out) {
  in.at("pairs_min").get_to(out.pairs_min);
  in.at("field").at("node").get_to(out.field_node);
  in.at("field").at("link").get_to(out.field_link);
  in.at("field").at("reports_min").get_to(out.field_reports_min);
}

namespace {

template <typename T>
bool names(const std::vector<T>& all, const std::string& name) {
  return std::any_of(all.begin(), all.end(), [&](const T& one) { return one.name == name; });
}

Result<json> read_json(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return Error{Code::unavailable, file.string() + ": cannot be read"};
  json out = json::parse(in, nullptr, false);
  if (out.is_discarded()) return Error{Code::bad_data, file.string() + ": not JSON"};
  return out;
}

/// The reports that belong to the scenario: of an act that is played, and of `only_units` where it names
/// some.
Result<void> read_reports(const std::filesystem::path& file, const json& scenario,
                          std::vector<ReportPlan>& out) {
  std::ifstream in(file);
  if (!in) return Error{Code::unavailable, file.string() + ": cannot be read"};
  std::set<std::string> played;
  for (const json& act : scenario.at("acts"))
    if (act.contains("send")) played.insert(act["send"]);
  const auto only = scenario.value("only_units", std::set<std::uint32_t>{});
  for (std::string line; std::getline(in, line);) {
    const json read = json::parse(line, nullptr, false);
    if (read.is_discarded()) return Error{Code::bad_data, file.string() + ": a line is not JSON: " + line};
    auto report = read.get<ReportPlan>();
    if (!played.contains(report.act)) continue;
    if (report.unit != 0 && !only.empty() && !only.contains(report.unit)) continue;
    out.push_back(std::move(report));
  }
  return {};
}

Error wrong(const std::string& where, const std::string& what) {
  return {Code::bad_data, "scenario: " + where + ": " + what};
}

/// A follow-up says what changed; the report says everything.
Result<void> merge_values(std::vector<ReportPlan>& reports) {
  std::map<std::string, const ReportPlan*> before;
  for (ReportPlan& report : reports) {
    for (const std::string* parent : {&report.update, &report.correct}) {
      if (parent->empty()) continue;
      const auto found = before.find(*parent);
      if (found == before.end())
        return wrong(report.key, "follows " + *parent + ", which does not come before it");
      json whole = found->second->values;
      whole.update(report.values);
      report.values = std::move(whole);
    }
    for (const std::string* other : {&report.cancel, &report.answer, &report.verify, &report.regarding})
      if (!other->empty() && before.find(*other) == before.end())
        return wrong(report.key, "names " + *other + ", which does not come before it");
    if (!before.emplace(report.key, &report).second) return wrong(report.key, "stands there twice");
  }
  return {};
}

Result<void> check(const Scenario& scenario) {
  for (const auto& person : scenario.people)
    if (!names(scenario.nodes, person.node)) return wrong(person.name, "no node " + person.node);
  for (const auto& link : scenario.links)
    for (const auto& end : {link.caller, link.called})
      if (!names(scenario.nodes, end)) return wrong(link.name, "no node " + end);
  for (const auto& report : scenario.reports) {
    if (!names(scenario.people, report.by)) return wrong(report.key, "nobody is called " + report.by);
    for (const auto& time : {report.as_of, report.due, report.told ? report.told->at : std::string()})
      if (!time.empty() && !parse_time(time)) return wrong(report.key, "not a time: " + time);
  }
  for (const auto& act : scenario.acts) {
    for (const auto& node : {act.kill, act.start, act.intrude, act.when ? act.when->at : std::string()})
      if (!node.empty() && !names(scenario.nodes, node)) return wrong(act.title.en, "no node " + node);
    for (const auto& link : {act.cut, act.mend})
      if (!link.empty() && !names(scenario.links, link)) return wrong(act.title.en, "no link " + link);
  }
  if (!names(scenario.people, scenario.board)) return wrong("board", "nobody is called " + scenario.board);
  if (!names(scenario.nodes, scenario.expect.field_node)) return wrong("expect", "no such field node");
  if (!names(scenario.links, scenario.expect.field_link)) return wrong("expect", "no such field link");
  return {};
}

Result<WallTime> time_of(const json& in, const char* key) {
  const auto time = parse_time(in.at(key).get<std::string>());
  if (!time) return wrong(key, "not a time");
  return *time;
}

Result<Scenario> read(const std::filesystem::path& file) {
  TRY(const json in, read_json(file));
  Scenario out;
  in.at("title").get_to(out.title);
  out.source = in.value("source", "");
  TRY(out.occurred, time_of(in, "occurred"));
  TRY(out.now, time_of(in, "now"));
  in.at("exercise").get_to(out.exercise);
  in.at("organisations").get_to(out.organisations);
  in.at("nodes").get_to(out.nodes);
  in.at("people").get_to(out.people);
  in.at("links").get_to(out.links);
  in.at("units").get_to(out.units);
  in.at("acts").get_to(out.acts);
  in.at("board").get_to(out.board);
  in.at("expect").get_to(out.expect);
  in.at("patience_s").get_to(out.patience_s);
  TRY_VOID(read_reports(file.parent_path() / in.at("reports").get<std::string>(), in, out.reports));
  TRY_VOID(merge_values(out.reports));
  TRY_VOID(check(out));
  return out;
}

template <typename T>
const T& named(const std::vector<T>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.name == name; });
  NOROSHI_ASSERT(found != all.end());  // read_scenario checked every name
  return *found;
}

}  // namespace

const NodePlan& Scenario::node(const std::string& name) const {
  return named(nodes, name);
}
const PersonPlan& Scenario::person(const std::string& name) const {
  return named(people, name);
}

Result<Scenario> read_scenario(const std::filesystem::path& file) {
  try {
    return read(file);
  } catch (const json::exception& error) {
    return Error{Code::bad_data, file.string() + ": " + error.what()};
  }
}

std::string told(const Scenario& scenario, const std::string& time, WallTime begin) {
  const auto event = parse_time(time);
  NOROSHI_ASSERT(event.has_value());
  const WallTime moved = begin - (scenario.now - *event);
  return to_rfc3339(WallTime{moved.s - moved.s % 60});
}

}  // namespace noroshi::cli::demo
