// The network of a scenario as real programs on this machine: a noroshid for every node, a noroshi-shaper for
// every shaped link, a home for every person's noroshi. Traffic stays on loopback; sockets stand in a
// directory of their own, because their paths must be short.
//   DIR/homes/NAME/config.toml   of a relay, and where a person's noroshi finds it
//   DIR/logs/NAME.log            what a relay or a shaper said
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "client-tui/cli/demo/homes.hpp"
#include "client-tui/cli/demo/process.hpp"
#include "client-tui/cli/demo/scenario.hpp"

namespace noroshi::cli::demo {

/// The house's programs: they stand beside each other.
struct Programs {
  std::filesystem::path noroshi, noroshid, keys, shaper;
  /// Errors: unavailable, naming the first that is missing.
  [[nodiscard]] static Result<Programs> beside_this_one();
};

class Network {
 public:
  /// `tick` is called while programs run, so that a display stays alive.
  Network(const Scenario& scenario, Programs programs, std::filesystem::path directory,
          std::function<void()> tick);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  /// Ends every program and removes the sockets; the directory stays.
  ~Network();

  /// Homes with their keys, and the configuration of each.
  [[nodiscard]] Result<void> make(WallTime begin);
  /// Every shaper and every relay; they answer when this returns.
  [[nodiscard]] Result<void> start();

  [[nodiscard]] Result<void> start_relay(const std::string& node);
  void kill_relay(const std::string& node);
  [[nodiscard]] Result<void> cut(const std::string& link);
  [[nodiscard]] Result<void> mend(const std::string& link);
  /// The shaper's own count, one line of JSON.
  [[nodiscard]] Result<std::string> line_stats(const std::string& link);
  /// An error that names a relay that ended although nobody killed it.
  [[nodiscard]] Result<void> all_running();

  /// `noroshi WORDS… --home …` as this person, with its answer. An error unless it exits with 0, or with 75:
  /// accepted, not delivered yet.
  [[nodiscard]] Result<std::string> as_person(const std::string& person, const Argv& words);

  /// Does this person sit at a laptop without a relay?
  [[nodiscard]] bool has_own_home(const std::string& person) const;
  /// Takes the relay away from such a person: what is sealed from now on stays where it is.
  [[nodiscard]] Result<void> part(const std::string& person);

  [[nodiscard]] std::filesystem::path socket(const std::string& node) const;
  [[nodiscard]] std::filesystem::path log(const std::string& name) const;

 private:
  [[nodiscard]] Result<void> assign_port(const std::string& name);
  [[nodiscard]] Result<void> configure(const Home& home, const std::filesystem::path& control);
  [[nodiscard]] std::optional<DeviceId> only_neighbour(const std::string& node) const;
  [[nodiscard]] Result<void> start_shaper(const LinkPlan& link);
  [[nodiscard]] Result<std::string> tell_line(const std::string& link, const std::string& command);

  const Scenario& scenario_;
  Programs programs_;
  std::filesystem::path dir_, sockets_;
  std::function<void()> tick_;
  Homes homes_;
  std::map<std::string, std::uint16_t> ports_;  ///< where a node, or the shaper of a link, listens
  std::map<std::string, Daemon> relays_, shapers_;
};

}  // namespace noroshi::cli::demo
