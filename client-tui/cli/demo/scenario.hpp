// What a demonstration plays: a network, its people, the reports they send and what befalls them, read from
// deploy/demo/*.json and the reports file it names (JSON Lines). Every figure is data there; nothing is made
// up here.
//
// Times of a scenario are those of the event it retells. `told(...)` moves them so that the scenario's `now`
// falls on the moment the demonstration starts: distances stay, and no report is older than its exercise.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "proto/result.hpp"
#include "proto/time.hpp"

namespace noroshi::cli::demo {

struct Label {
  std::string ja, en;
  [[nodiscard]] const std::string& in(bool japanese) const { return japanese ? ja : en; }
};

struct OrgPlan {
  std::uint16_t id = 0;
  std::string kind, prefecture, name, name_en;
};
/// One relay: a process of noroshid.
struct NodePlan {
  std::string name;
  std::uint16_t org = 0;
  bool home = false;  ///< its commit means "delivered" for the organisation
  Label label;
};
/// One person's device, attached to a relay.
struct PersonPlan {
  std::string name, node, role;
  std::uint32_t unit = 0;  ///< the unit it reports for by default; 0 = none
  std::uint16_t handler = 0;
};
/// What stands in the way of a link: a process of noroshi-shaper.
struct ShapePlan {
  std::uint64_t rate_bps = 0;
  std::uint32_t delay_ms = 0;  ///< one way
  std::string outages;         ///< "50+6,105+5": seconds
};
struct LinkPlan {
  std::string name, caller, called, profile;
  std::optional<ShapePlan> shape;
};
struct UnitPlan {
  std::uint32_t id = 0, parent = 0, households = 0;
  std::string name;
  std::vector<std::string> municipalities;
};
struct ExercisePlan {
  std::uint32_t id = 0;
  std::string name, name_en;
  std::vector<std::string> prefectures;
};

/// A proxy report's source.
struct Told {
  std::string by, at, channel;
};
/// One report of the reports file; `key` names it there. Exactly one of form, ask, answer, verify, message
/// says what it is.
struct ReportPlan {
  std::string key, act, by;
  std::vector<std::string> to;
  std::string form, update, correct, cancel;  ///< the last three: key of the parent
  std::uint32_t unit = 0;                     ///< on behalf of; 0 = the device's own
  std::optional<Told> told;
  std::string six, reason, as_of, priority;
  nlohmann::json values;                      ///< of a follow-up: merged over its parent's
  std::string subject, text, due, regarding;  ///< inquiry; text is the body of everything said in words
  std::string answer, verify, verdict;        ///< key of what is answered or verified
  bool ask = false, message = false;
};

/// The next act begins when `at` has this many reports of the field node, or at once.
struct When {
  std::string at;
  std::size_t reports = 0;
};
/// One thing that happens. One of the names is set.
struct Act {
  Label title;
  std::optional<When> when;
  std::string send;         ///< act of the reports file
  std::string kill, start;  ///< node
  std::string cut, mend;    ///< link
  std::string intrude;      ///< node that three bad envelopes are handed to
};

struct Expectation {
  std::size_t pairs_min = 0;
  std::string field_node, field_link;
  std::size_t field_reports_min = 0;
};

struct Scenario {
  Label title;
  std::string source;
  WallTime occurred, now;
  ExercisePlan exercise;
  std::vector<OrgPlan> organisations;
  std::vector<NodePlan> nodes;
  std::vector<PersonPlan> people;
  std::vector<LinkPlan> links;
  std::vector<UnitPlan> units;
  std::vector<ReportPlan> reports;
  std::vector<Act> acts;
  std::string board;  ///< person whose board ends the demonstration
  Expectation expect;
  std::uint32_t patience_s = 0;  ///< for the last report, counted from the last act

  [[nodiscard]] const NodePlan& node(const std::string& name) const;
  [[nodiscard]] const PersonPlan& person(const std::string& name) const;
};

/// Reads and checks a scenario: every name that is used exists, every follow-up comes after its parent.
[[nodiscard]] Result<Scenario> read_scenario(const std::filesystem::path& file);

/// A time of the scenario on the clock of this demonstration: RFC 3339, minutes.
[[nodiscard]] std::string told(const Scenario& scenario, const std::string& time, WallTime begin);

}  // namespace noroshi::cli::demo
