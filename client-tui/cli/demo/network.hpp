// The network of a scenario as real programs on this machine: keys and roster made by noroshi-keys in a ceremony, a noroshid
// for every node, a noroshi-shaper for every shaped link, a home for every person's noroshi. Traffic stays on loopback.
//
// Everything stands below one directory:
//   root/  root keys and roster      nodes/NAME/  a relay: home, configuration, log      people/NAME/  a person's home
//   lines/NAME.log  what a shaper printed
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "client-tui/cli/demo/process.hpp"
#include "client-tui/cli/demo/scenario.hpp"
#include "proto/ids.hpp"

namespace noroshi::cli::demo {

/// The house's programs: they stand beside each other.
struct Programs {
  std::filesystem::path noroshi, noroshid, keys, shaper;
  [[nodiscard]] static Result<Programs> beside_this_one();
};

class Network {
 public:
  /// `tick` is called while programs run, so that a display stays alive.
  Network(const Scenario& scenario, Programs programs, std::filesystem::path directory, std::function<void()> tick);

  /// Root keys, organisations, devices, epochs, units and the exercise; then a configuration for every node.
  [[nodiscard]] Result<void> make(WallTime begin);
  /// Every shaper and every relay, ready when this returns.
  [[nodiscard]] Result<void> start();

  [[nodiscard]] Result<void> start_relay(const std::string& node);
  void kill_relay(const std::string& node);
  [[nodiscard]] Result<void> cut(const std::string& link);
  [[nodiscard]] Result<void> mend(const std::string& link);
  /// The shaper's own count, one line of JSON.
  [[nodiscard]] Result<std::string> line_stats(const std::string& link);
  /// A relay that ended although nobody killed it, with where its log is.
  [[nodiscard]] Result<void> all_running();

  /// `noroshi --home … words…` as this person. An error unless it exits with 0 or 75 (accepted, not delivered yet).
  [[nodiscard]] Result<std::string> as_person(const std::string& person, const Argv& words);

  [[nodiscard]] std::filesystem::path socket(const std::string& node) const;
  [[nodiscard]] std::filesystem::path log(const std::string& node) const;

 private:
  struct Line {
    std::uint16_t port = 0;
    std::optional<Daemon> shaper;
  };
  [[nodiscard]] Result<Said> keys(const Argv& words);
  [[nodiscard]] Result<std::string> tell_line(const std::string& link, const std::string& command);

  const Scenario& scenario_;
  Programs programs_;
  std::filesystem::path dir_;
  std::function<void()> tick_;
  std::map<std::string, std::uint16_t> ports_;  ///< of relays
  std::map<std::string, Line> lines_;
  std::map<std::string, Daemon> relays_;
};

}  // namespace noroshi::cli::demo
