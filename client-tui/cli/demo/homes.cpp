#include "client-tui/cli/demo/homes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace noroshi::cli::demo {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

const Argv kLeastCost{"--kdf-ops", "2", "--kdf-mem", "64"};
constexpr int kThreshold = 3, kOfficers = 5;
/// Dealers report every eight hours.
constexpr int kInterval = 8;
/// An exercise of minutes may cross one change of the week.
constexpr const char* kEpochWeeks = "1";

std::string joined(const std::vector<std::string>& words, const char* separator) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : separator) + word;
  return out;
}

}  // namespace

Homes::Homes(const Scenario& scenario, std::filesystem::path program, std::filesystem::path directory,
             std::function<void()> tick)
    : scenario_(scenario), program_(std::move(program)), dir_(std::move(directory)), tick_(std::move(tick)) {
  for (const NodePlan& node : scenario_.nodes) homes_.push_back({node.name, node.org, &node, nullptr, {}});
  std::set<std::string> with_person;
  for (const PersonPlan& person : scenario_.people) {
    const NodePlan& node = scenario_.node(person.node);
    if (with_person.insert(node.name).second)
      std::find_if(homes_.begin(), homes_.end(), [&](const Home& one) { return one.node == &node; })->person =
          &person;
    else
      homes_.push_back({person.name, node.org, nullptr, &person, {}});
  }
}

const Home& Homes::of_node(const std::string& node) const {
  const auto found = std::find_if(homes_.begin(), homes_.end(),
                                  [&](const Home& one) { return one.node && one.node->name == node; });
  NOROSHI_ASSERT(found != homes_.end());  // read_scenario checked every name
  return *found;
}

const Home& Homes::of_person(const std::string& person) const {
  const auto found = std::find_if(homes_.begin(), homes_.end(),
                                  [&](const Home& one) { return one.person && one.person->name == person; });
  NOROSHI_ASSERT(found != homes_.end());
  return *found;
}

std::string Homes::admin(std::uint16_t org) const {
  return (root() / fmt::format("org-{}", org)).string();
}

Result<std::string> Homes::ask(Argv words) {
  words.insert(words.begin(), program_.string());
  TRY(const Said said, run(words, {{}, kPassphrase, 60s}, tick_));
  if (said.exit_code != 0) return Error{Code::internal, said.complaint()};
  return said.out;
}

Result<void> Homes::tell(Argv words) {
  TRY([[maybe_unused]] const std::string answer, ask(std::move(words)));
  return {};
}

Result<void> Homes::enrol(WallTime begin) {
  std::filesystem::create_directories(dir_ / "homes");
  TRY_VOID(found());
  TRY_VOID(make_epochs());
  TRY_VOID(declare_exercise(begin));
  // Home relays first: the roster names them as number 1 of their organisation, and numbers are given in
  // turn.
  for (const bool first : {true, false})
    for (Home& home : homes_)
      if ((home.node && home.node->home) == first) TRY_VOID(certify(home));
  TRY_VOID(exchange_trust());
  for (const Home& home : homes_) TRY_VOID(install(home));
  return {};
}

/// Root keys, organisations, and a roster that the threshold of officers has signed.
Result<void> Homes::found() {
  const std::string dir = root().string();
  TRY(const std::string made,
      ask(Argv{"root", "init", "--dir", dir, "--threshold", std::to_string(kThreshold), "--keys",
               std::to_string(kOfficers), "--json", "--passphrase-fd", "3"} +
          kLeastCost));
  const json facts = json::parse(made, nullptr, false);
  if (!facts.is_object() || !facts.contains("words"))
    return Error{Code::protocol, "noroshi-keys root init did not say the words of the root: " + made};
  root_words_ = facts["words"];
  for (const OrgPlan& org : scenario_.organisations) {
    Argv words{"org",    "add",    "--dir",  dir,         "--id",      std::to_string(org.id), "--kind",
               org.kind, "--name", org.name, "--name-en", org.name_en, "--passphrase-fd",      "3"};
    if (!org.prefecture.empty()) words = std::move(words) + Argv{"--pref", org.prefecture};
    TRY_VOID(tell(std::move(words) + kLeastCost));
  }
  for (int officer = 1; officer <= kThreshold; ++officer)
    TRY_VOID(tell({"roster", "sign", "--dir", dir, "--key", fmt::format("{}/root-{}.key", dir, officer),
                   "--passphrase-fd", "3"}));
  return {};
}

Result<void> Homes::make_epochs() {
  for (const OrgPlan& org : scenario_.organisations) {
    TRY_VOID(tell({"epoch", "new", "--home", admin(org.id), "--weeks", kEpochWeeks, "--passphrase-fd", "3"}));
    TRY_VOID(write_register(org.id));
  }
  return {};
}

Result<void> Homes::write_register(std::uint16_t org) {
  std::string csv;
  for (const UnitPlan& unit : scenario_.units)
    if (unit.id / 100'000 == org)
      csv += fmt::format("{},{},{},,{},{},{}\n", unit.id, unit.parent ? std::to_string(unit.parent) : "",
                         unit.name, joined(unit.municipalities, "/"), unit.households, kInterval);
  if (csv.empty()) return {};
  const auto file = root() / fmt::format("units-{}.csv", org);
  std::ofstream(file) << csv;
  return tell({"unit", "import", file.string(), "--home", admin(org), "--passphrase-fd", "3"});
}

Result<void> Homes::declare_exercise(WallTime begin) {
  const ExercisePlan& plan = scenario_.exercise;
  const WallTime start = begin - (scenario_.now - scenario_.occurred);
  return tell({"exercise", "start", "--home", admin(scenario_.organisations.front().id), "--id",
               std::to_string(plan.id), "--name", plan.name, "--name-en", plan.name_en, "--pref",
               joined(plan.prefectures, ","), "--start", to_rfc3339(start), "--passphrase-fd", "3"});
}

Result<void> Homes::certify(Home& who) {
  const std::string request = (root() / (who.name + ".request")).string();
  Argv words{
      "device", "request",         "--home", path(who).string(), "--org", std::to_string(who.org), "--out",
      request,  "--passphrase-fd", "3"};
  if (who.person) {
    words =
        std::move(words) + Argv{"--role", who.person->role, "--handler", std::to_string(who.person->handler)};
    if (who.person->unit != 0) words = std::move(words) + Argv{"--unit", std::to_string(who.person->unit)};
    if (who.node) words.push_back("--with-relay");
  } else {
    words = std::move(words) + Argv{"--role", "relay"};
  }
  TRY_VOID(tell(std::move(words) + kLeastCost));
  TRY(const std::string certified, ask({"device", "certify", "--home", admin(who.org), "--request", request,
                                        "--json", "--passphrase-fd", "3"}));
  std::istringstream lines(certified);
  for (std::string line; std::getline(lines, line);) {
    const json facts = json::parse(line, nullptr, false);
    if (!facts.is_object() || facts.value("roles", "") != "relay") continue;
    const auto id = parse_device_id(facts.value("device", ""));
    if (!id) return Error{Code::protocol, "noroshi-keys device certify named no device: " + line};
    who.relay = *id;
  }
  return {};
}

/// Every admin learns what the others have signed, then hands out one bundle for all machines of its
/// organisation.
Result<void> Homes::exchange_trust() {
  const auto bundle = [&](std::uint16_t org) { return admin(org) + "/bundle"; };
  const auto publish = [&]() -> Result<void> {
    for (const OrgPlan& org : scenario_.organisations)
      TRY_VOID(tell(
          {"epoch", "publish", "--home", admin(org.id), "--out", bundle(org.id), "--passphrase-fd", "3"}));
    return {};
  };
  TRY_VOID(publish());
  for (const OrgPlan& org : scenario_.organisations) {
    Argv words{"trust", "add", "--home", admin(org.id)};
    for (const OrgPlan& other : scenario_.organisations)
      if (other.id != org.id) words.push_back(bundle(other.id));
    TRY_VOID(tell(std::move(words)));
  }
  return publish();
}

Result<void> Homes::install(const Home& who) {
  return tell(Argv{"device", "install", "--home", path(who).string(), "--bundle", admin(who.org) + "/bundle",
                   "--root-digest", root_words_, "--passphrase-fd", "3"} +
              kLeastCost);
}

}  // namespace noroshi::cli::demo
