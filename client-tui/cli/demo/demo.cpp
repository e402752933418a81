#include "client-tui/cli/demo/demo.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "client-tui/cli/demo/network.hpp"
#include "client-tui/cli/demo/play.hpp"

namespace noroshi::cli::demo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

/// Where the scenarios and the count stand: beside bin/, as installed and in a build tree.
Result<fs::path> data_directory() {
  std::error_code error;
  const fs::path data = fs::read_symlink("/proc/self/exe", error).parent_path() / "../share/noroshi/demo";
  if (!fs::exists(data / "check.py", error))
    return Error{Code::unavailable, data.string() + ": is not there"};
  return data;
}

Result<fs::path> work_directory(const Options& options) {
  if (options.keep.empty()) {
    std::string pattern = (fs::temp_directory_path() / "noroshi-demo-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) return Error{Code::cannot_make, pattern + ": cannot be made"};
    return fs::path(pattern);
  }
  std::error_code error;
  fs::create_directories(options.keep, error);
  if (error) return Error{Code::cannot_make, options.keep.string() + ": " + error.message()};
  if (!fs::is_empty(options.keep, error))
    return Error{Code::cannot_make, options.keep.string() + ": is not empty; --check counts what it holds"};
  return fs::absolute(options.keep);
}

/// The count, by a program that shares nothing with us. Its own words, its exit code.
Result<int> count(const fs::path& data, const fs::path& directory) {
  TRY(const Said said, run({"python3", (data / "check.py").string(), directory.string()}));
  std::fputs(said.err.c_str(), stderr);
  fmt::print("{}", said.out);
  std::fflush(stdout);
  return said.exit_code;
}

/// What check.py reads besides sent.jsonl: what the desks opened, the line's own count, what was meant to
/// happen.
Result<void> gather(const Scenario& scenario, Network& network, const fs::path& directory) {
  fs::create_directories(directory / "desks");
  for (const PersonPlan& person : scenario.people) {
    if (person.role != "desk") continue;
    TRY(const std::string inbox, network.as_person(person.name, {"inbox", "--json"}));
    std::ofstream(directory / "desks" / fmt::format("{}.jsonl", scenario.node(person.node).org)) << inbox;
  }
  TRY(const std::string stats, network.line_stats(scenario.expect.field_link));
  std::ofstream(directory / "field.json") << stats << '\n';
  const json expect{
      {"pairs_min", scenario.expect.pairs_min},
      {"field", {{"node", scenario.expect.field_node}, {"reports_min", scenario.expect.field_reports_min}}}};
  std::ofstream(directory / "expect.json") << expect.dump() << '\n';
  return {};
}

Result<int> play(const Options& options, const fs::path& data, const fs::path& directory) {
  const bool by_name =
      options.scenario.find('/') == std::string::npos && !options.scenario.ends_with(".json");
  TRY(const Scenario scenario,
      read_scenario(by_name ? data / (options.scenario + ".json") : fs::path(options.scenario)));
  TRY(Programs programs, Programs::beside_this_one());
  const WallTime begin = WallTime::from_unix(std::time(nullptr));
  Screen screen(::isatty(STDOUT_FILENO) != 0, Clock::now());
  Play* playing = nullptr;
  Network network(scenario, std::move(programs), directory, [&] {
    if (playing) playing->tick();
  });

  const auto say = [&](const char* ja, const char* en) { return std::string(options.japanese ? ja : en); };
  screen.act(scenario.title.in(options.japanese));
  screen.note(scenario.source);
  screen.act(say("鍵の儀式・名簿・端末の登録", "Root ceremony, roster, enrolment"));
  TRY_VOID(network.make(begin));
  screen.act(say("中継局と回線を立ち上げる", "Relays and lines start"));
  TRY_VOID(network.start());
  Play story(scenario, network, screen, directory, {options.japanese, begin, options.drop_one});
  playing = &story;
  TRY_VOID(story.run());
  screen.act(say("宛先の机が開封する", "The desks open what came"));
  TRY_VOID(gather(scenario, network, directory));
  TRY(const std::string board,
      network.as_person(scenario.board, {"board", "--incident", std::to_string(scenario.exercise.id)}));
  playing = nullptr;
  screen.act(say("経産省の集計", "The ministry's board"));
  screen.text(board);
  screen.clear();
  return count(data, directory);
}

}  // namespace

int run(const Options& options) {
  watch_signals();
  const auto fail = [](const Error& error) {
    std::fprintf(stderr, "noroshi demo: %s\n", error.text.c_str());
    return exit_code(error.code);
  };
  const auto data = data_directory();
  if (!data.ok()) return fail(data.error());
  if (options.check) {
    const auto counted = count(*data, options.keep);
    return counted.ok() ? *counted : fail(counted.error());
  }
  const auto directory = work_directory(options);
  if (!directory.ok()) return fail(directory.error());
  const auto played = play(options, *data, *directory);
  const bool good = played.ok() && *played == 0;
  std::error_code ignored;
  if (options.keep.empty() && (good || interrupted()))
    fs::remove_all(*directory, ignored);
  else if (!good)
    std::fprintf(stderr, "noroshi demo: everything is kept in %s\n", directory->c_str());
  return played.ok() ? *played : fail(played.error());
}

}  // namespace noroshi::cli::demo
