// The acts of a scenario, one after the other, on a network that runs. Writes down what was sent as it is
// sent (DIR/sent.jsonl); what became of it is counted elsewhere.
#pragma once

#include <fstream>
#include <map>
#include <string>

#include "client-tui/cli/demo/arrivals.hpp"
#include "client-tui/cli/demo/network.hpp"
#include "client-tui/cli/demo/scenario.hpp"
#include "client-tui/cli/demo/screen.hpp"

namespace noroshi::cli::demo {

struct PlayOptions {
  bool japanese = true;
  WallTime begin;
  /// One more report is written down as sent and its envelope withheld from the network.
  bool drop_one = false;
};

class Play {
 public:
  Play(const Scenario& scenario, Network& network, Screen& screen, std::filesystem::path directory,
       PlayOptions options);

  /// Every act, then waits until the last report has reached every relay it is for, or the scenario's
  /// patience ends: that is no error here. Errors: a program that fails, an intruder that gets in, an
  /// interruption.
  [[nodiscard]] Result<void> run();
  /// Draws how far it is. Cheap; also called while programs run.
  void tick();

 private:
  struct Sent {
    std::string id, node;
    MsgId msg;
    std::vector<std::string> to;
  };
  [[nodiscard]] Result<void> play(const Act& act);
  [[nodiscard]] Result<void> wait(const When& when);
  [[nodiscard]] Result<void> send_act(const std::string& name);
  [[nodiscard]] Result<void> send(const ReportPlan& report);
  [[nodiscard]] Result<Argv> words_of(const ReportPlan& report);
  [[nodiscard]] Result<void> write_down(const ReportPlan& report, const std::string& answer);
  /// Until the desk of whoever refers to a report has it.
  [[nodiscard]] Result<void> wait_for(const std::string& key, const std::string& person);
  [[nodiscard]] Result<void> intrude(const std::string& node);
  [[nodiscard]] Result<Bytes> any_envelope();
  [[nodiscard]] Result<void> withhold_one();
  [[nodiscard]] const NodePlan& home_of(const std::string& org) const;
  [[nodiscard]] std::size_t arrived(const std::string& node, const std::string& from) const;
  [[nodiscard]] std::vector<Bar> bars() const;

  const Scenario& scenario_;
  Network& network_;
  Screen& screen_;
  std::filesystem::path dir_;
  PlayOptions options_;
  Arrivals arrivals_;
  std::chrono::steady_clock::time_point looked_{};
  std::map<std::string, Sent> sent_;  ///< by key
  std::ofstream record_;
};

}  // namespace noroshi::cli::demo
