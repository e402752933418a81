#include "client-tui/cli/demo/scenario.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::cli::demo;

namespace {

const std::filesystem::path kShipped = std::filesystem::path(NOROSHI_SOURCE_DIR) / "deploy/demo";

Scenario shipped(const char* name) {
  auto read = read_scenario(kShipped / name);
  INFO((read.ok() ? std::string() : read.error().text));
  REQUIRE(read.ok());
  return *std::move(read);
}

const ReportPlan& report(const Scenario& scenario, const std::string& key) {
  return *std::find_if(scenario.reports.begin(), scenario.reports.end(),
                       [&](const ReportPlan& one) { return one.key == key; });
}

std::size_t pairs(const Scenario& scenario) {
  std::size_t out = 0;
  for (const auto& one : scenario.reports) out += one.to.size();
  return out;
}

/// The shipped scenario with one thing changed, read from a directory of its own.
Result<Scenario> with(const std::string& from, const std::string& to) {
  std::ifstream in(kShipped / "noto.json");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  const auto dir =
      std::filesystem::temp_directory_path() / ("noroshi-scenario-" + std::to_string(::getpid()));
  std::filesystem::create_directories(dir);
  std::ofstream(dir / "noto.json") << text;
  std::filesystem::copy_file(kShipped / "noto.jsonl", dir / "noto.jsonl",
                             std::filesystem::copy_options::overwrite_existing);
  auto out = read_scenario(dir / "noto.json");
  std::filesystem::remove_all(dir);
  return out;
}

}  // namespace

TEST_CASE(
    "the Noto scenario has five nodes, 13 municipalities of three dealers, and sends what it promises") {
  const Scenario noto = shipped("noto.json");
  CHECK(noto.nodes.size() >= 5);
  std::map<std::string, int> dealers;
  for (const auto& unit : noto.units)
    if (unit.households > 0) ++dealers[unit.municipalities.front()];
  CHECK(dealers.size() == 13);
  CHECK(std::all_of(dealers.begin(), dealers.end(), [](const auto& one) { return one.second == 3; }));
  CHECK(pairs(noto) >= noto.expect.pairs_min);
  CHECK(std::count_if(noto.reports.begin(), noto.reports.end(), [&](const ReportPlan& one) {
          return noto.person(one.by).node == noto.expect.field_node;
        }) >= static_cast<std::ptrdiff_t>(noto.expect.field_reports_min));
}

TEST_CASE("the short scenario is the same story with fewer reports") {
  const Scenario noto = shipped("noto.json"), brief = shipped("noto-short.json");
  CHECK(brief.reports.size() * 3 < noto.reports.size());
  CHECK(pairs(brief) >= brief.expect.pairs_min);
  std::set<std::string> keys;
  for (const auto& one : noto.reports) keys.insert(one.key);
  for (const auto& one : brief.reports) CHECK(keys.count(one.key) == 1);
}

TEST_CASE("a follow-up holds its parent's values and its own") {
  const Scenario noto = shipped("noto.json");
  const auto& full = report(noto, "1700205-full");
  const auto& later = report(noto, "1700205-day3");
  CHECK(later.values.at("occurred_at") == full.values.at("occurred_at"));
  CHECK(later.values.at("checked_households") != full.values.at("checked_households"));
}

TEST_CASE("times move so that the scenario's now is the beginning, and distances stay") {
  const Scenario noto = shipped("noto.json");
  const WallTime begin = *parse_time("2026-11-22T10:00:30+09:00");
  CHECK(told(noto, "2024-01-06T14:20", begin) == "2026-11-22T10:00:00+09:00");
  CHECK(told(noto, "2024-01-06T13:20", begin) == "2026-11-22T09:00:00+09:00");
  CHECK(told(noto, "2024-01-01T14:20", begin) == "2026-11-17T10:00:00+09:00");
}

TEST_CASE("a scenario that names what does not exist is refused with the name") {
  const auto refused = [](const char* from, const char* to, const char* name) {
    const auto read = with(from, to);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == Code::bad_data);
    CHECK_THAT(read.error().text, Catch::Matchers::Contains(name));
  };
  refused("\"kill\": \"ishikawa\"", "\"kill\": \"kanazawa\"", "kanazawa");
  refused("\"cut\": \"direct\"", "\"cut\": \"tunnel\"", "tunnel");
  refused("\"caller\": \"wajima\"", "\"caller\": \"noto\"", "noto");
  refused("\"now\": \"2024-01-06T14:20\"", "\"now\": \"one day\"", "now");
  refused("\"units\": [", "\"unit\": [", "units");
  refused("{\n", "{{", "JSON");
}
