// The keys of a scenario, made as people would make them: noroshi-keys runs a root ceremony of three officers
// out of five, founds the organisations, writes the register of units, declares the exercise, and enrols
// every laptop.
//
//   DIR/root/         the ceremony: root keys, roster, homes of the organisations' admins
//   DIR/homes/NAME/   a laptop's home: of a node and its first person together, of every other person alone
//
// Passphrases cost the documented least: the keys live as long as a demonstration.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "client-tui/cli/demo/process.hpp"
#include "client-tui/cli/demo/scenario.hpp"
#include "proto/ids.hpp"

namespace noroshi::cli::demo {

/// Of every key file of a demonstration.
inline constexpr const char* kPassphrase = "kunren kunren kunren";

struct Home {
  std::string name;
  std::uint16_t org = 0;
  const NodePlan* node = nullptr;      ///< null: no relay here
  const PersonPlan* person = nullptr;  ///< null: no person here
  DeviceId relay;                      ///< number of its relay, once enrolled
};

class Homes {
 public:
  /// `tick` is called while noroshi-keys runs.
  Homes(const Scenario& scenario, std::filesystem::path program, std::filesystem::path directory,
        std::function<void()> tick);

  [[nodiscard]] Result<void> enrol(WallTime begin);

  [[nodiscard]] const std::vector<Home>& all() const { return homes_; }
  [[nodiscard]] const Home& of_node(const std::string& node) const;
  [[nodiscard]] const Home& of_person(const std::string& person) const;
  [[nodiscard]] std::filesystem::path path(const Home& home) const { return dir_ / "homes" / home.name; }

 private:
  /// noroshi-keys with the passphrase; its standard output.
  [[nodiscard]] Result<std::string> ask(Argv words);
  /// The same where the answer does not matter.
  [[nodiscard]] Result<void> tell(Argv words);
  [[nodiscard]] Result<void> found();
  [[nodiscard]] Result<void> make_epochs();
  [[nodiscard]] Result<void> write_register(std::uint16_t org);
  [[nodiscard]] Result<void> declare_exercise(WallTime begin);
  [[nodiscard]] Result<void> certify(Home& home);
  [[nodiscard]] Result<void> exchange_trust();
  [[nodiscard]] Result<void> install(const Home& home);
  [[nodiscard]] std::filesystem::path root() const { return dir_ / "root"; }
  [[nodiscard]] std::string admin(std::uint16_t org) const;

  const Scenario& scenario_;
  std::filesystem::path program_, dir_;
  std::function<void()> tick_;
  std::vector<Home> homes_;
  std::string root_words_;
};

}  // namespace noroshi::cli::demo
