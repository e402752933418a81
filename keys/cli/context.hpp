// What every command of noroshi-keys shares: options, the clock, the passphrase, and how facts are printed.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "keys/home.hpp"
#include "keys/key_file.hpp"
#include "keys/keyring.hpp"
#include "keys/language.hpp"
#include "keys/random.hpp"
#include "proto/time.hpp"

namespace noroshi::keys::cli {

using Json = nlohmann::ordered_json;

class Context {
 public:
  // ---- common options
  std::string home, dir;
  bool json = false;
  int passphrase_fd = -1;
  std::uint32_t kdf_ops = 0, kdf_mem_mib = 0;  ///< 0 = the usual cost
  std::string clock;                           ///< empty = now

  SystemRng rng;
  /// What the chosen command does; set by its callback.
  std::function<Result<void>()> run;

  [[nodiscard]] Home home_path() const;
  [[nodiscard]] Result<WallTime> now() const;
  /// A time option; `otherwise` if it is empty.
  [[nodiscard]] static Result<WallTime> time(const std::string& text, WallTime otherwise);

  /// Of --passphrase-fd (one line, used for every file of this command) or the terminal. `fresh`: a new one,
  /// asked twice.
  [[nodiscard]] Result<const SecretBytes*> passphrase(const std::string& question, bool fresh);
  [[nodiscard]] KdfCost cost(KdfCost usual) const;

  [[nodiscard]] Result<AdminKeys> admin();
  /// One officer's root key, from its file; asks for its passphrase.
  [[nodiscard]] Result<SingleKey> officer(const std::string& file);
  /// All secrets of the admin's organisation.
  [[nodiscard]] Result<EpochStore> admin_epochs(const AdminKeys& admin) const;

  /// With --json one object on one line, else the lines of text.
  void put(const Json& facts, const std::vector<std::string>& lines) const;
  /// On stderr, for what is beside the answer.
  static void note(const std::string& line);

 private:
  std::optional<SecretBytes> given_;  ///< from the descriptor
  std::vector<std::unique_ptr<SecretBytes>> asked_;
};

/// A command in the language spoken: name, what it does, its options, and what it runs.
CLI::App* add_command(CLI::App& parent, Context& context, const std::string& name, std::string_view ja,
                      std::string_view en, std::function<Result<void>()> run);
/// A folder of commands.
CLI::App* add_folder(CLI::App& parent, const std::string& name, std::string_view ja, std::string_view en);

void add_home_option(CLI::App& command, Context& context);
void add_dir_option(CLI::App& command, Context& context);
void add_passphrase_options(CLI::App& command, Context& context, bool makes_file);

// One function per file of this folder.
void add_root_commands(CLI::App& app, Context& context);
void add_roster_commands(CLI::App& app, Context& context);
void add_catalogue_commands(CLI::App& app, Context& context);
void add_device_commands(CLI::App& app, Context& context);
void add_epoch_commands(CLI::App& app, Context& context);
void add_unit_commands(CLI::App& app, Context& context);
void add_incident_commands(CLI::App& app, Context& context);
void add_card_commands(CLI::App& app, Context& context);
void add_revoke_commands(CLI::App& app, Context& context);
void add_envelope_commands(CLI::App& app, Context& context);
void add_trust_commands(CLI::App& app, Context& context);

/// Applies what was just signed to the trust of this home and writes it down. Refuses what does not hold.
[[nodiscard]] Result<TrustPtr> keep(const Home& home, TrustPtr trust, const std::vector<Bytes>& objects);
/// "17,16, 2" as organisations.
[[nodiscard]] Result<std::vector<OrgId>> orgs_of(const std::string& text);
/// A decimal or 0x… number within bounds.
[[nodiscard]] Result<std::uint32_t> number_of(const std::string& text, std::uint32_t max);
[[nodiscard]] std::vector<std::string> split(const std::string& text, char separator);

}  // namespace noroshi::keys::cli
