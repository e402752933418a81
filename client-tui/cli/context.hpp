// What every command shares: where the home is, who is speaking, what time it is, how facts and words are
// printed.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "client-tui/desk/desk.hpp"
#include "client-tui/desk/forms_in_use.hpp"
#include "client-tui/desk/relay_client.hpp"
#include "client-tui/desk/settings.hpp"
#include "client-tui/desk/sync.hpp"
#include "client-tui/tui/text/grapheme.hpp"
#include "client-tui/words/names.hpp"
#include "keys/random.hpp"

namespace noroshi::cli {

/// It speaks with the words that the console has too.
using namespace words;
using words::language;  // as the forms know it

/// Keys in the order they are written: JSON for people who read it too.
using Json = nlohmann::ordered_json;

/// How a command ended that met no error: its exit code.
struct Done {
  int code = 0;
  bool operator==(const Done&) const = default;
};
inline constexpr Done kDone{0};
/// Accepted and safe here, not delivered yet.
inline constexpr Done kQueued{75};

/// What the clocks of this machine say, the wall clock shifted by an exercise's documented offset.
[[nodiscard]] Now now_with(Seconds offset);

class Context {
 public:
  // ---- options of every command
  std::string home_option;
  bool json = false;
  int passphrase_fd = -1;
  bool plain = false;  ///< lines, no pictures and no screen
  bool ascii = false;  ///< for a terminal that draws nothing else
  std::string lang;    ///< as it was asked for; empty: the locale's, or English where only ASCII is drawn

  /// What the chosen command does; set by its callback.
  std::function<Result<Done>()> run;

  [[nodiscard]] keys::Home home() const;
  /// Of H/config.toml, read once.
  [[nodiscard]] Result<desk::Settings> settings();
  /// The wall clock with the home's documented offset for exercises.
  [[nodiscard]] Result<Now> now();
  /// The same for what is about to be sealed: in doubt, and said so, if the relay of this machine has heard
  /// better from its neighbours. Without a relay the clock has to do.
  [[nodiscard]] Result<Now> now_to_seal();

  /// The desk, opened once; asks for the passphrase if the key file needs one.
  [[nodiscard]] Result<desk::Desk*> desk();
  /// The relay of this machine, connected once. Unavailable if none runs.
  [[nodiscard]] Result<desk::Relay*> relay();
  /// The desk after a contact with the relay; without one it shows what is here, and says so on stderr.
  [[nodiscard]] Result<desk::Desk*> fresh_desk();
  /// The forms in use at this home, for commands that need no desk: the program's own where nobody is
  /// enrolled yet.
  [[nodiscard]] const forms::Catalogue& catalogue();
  [[nodiscard]] Result<const keys::SecretBytes*> passphrase(const std::string& question, bool fresh);

  /// One object on one line.
  static void print(const Json& facts);
  /// For people: with what it holds made harmless (client-tui/tui/text/grapheme.hpp).
  static void print(const std::string& line);
  /// On stderr, for what is beside the answer.
  static void note(const std::string& line);
  /// The same, but only if the command succeeds: an error is one line.
  void remark(std::string line) { remarks.push_back(std::move(line)); }
  std::vector<std::string> remarks;

  keys::SystemRng rng;

 private:
  std::optional<desk::Settings> settings_;
  std::optional<keys::SecretBytes> passphrase_;
  std::unique_ptr<desk::Desk> desk_;
  std::optional<desk::FormsInUse> forms_;
  std::unique_ptr<desk::Relay> relay_;
};

/// What is drawn from now on. Labels in Japanese are of no use to whoever sees ASCII only.
void draw_with(tui::Glyphs glyphs, const Context& context);

/// --home, --json, --passphrase-fd, --plain, --ascii.
void add_common_options(CLI::App& app, Context& context);
/// A command with its help and example, in the language spoken; the options of
/// every command come with it.
CLI::App* add_command(CLI::App& parent, Context& context, const std::string& name, Text help,
                      const std::string& example, std::function<Result<Done>()> run);
/// A folder of commands: `form list`, `form show`.
CLI::App* add_folder(CLI::App& parent, const std::string& name, Text help);

// One function for each file of commands.
void add_init_command(CLI::App& app, Context& context);
void add_form_commands(CLI::App& app, Context& context);
void add_new_command(CLI::App& app, Context& context);
void add_say_command(CLI::App& app, Context& context);
void add_draft_commands(CLI::App& app, Context& context);
void add_box_commands(CLI::App& app, Context& context);
void add_attach_commands(CLI::App& app, Context& context);
void add_talk_commands(CLI::App& app, Context& context);
void add_register_commands(CLI::App& app, Context& context);
void add_board_commands(CLI::App& app, Context& context);
void add_timeline_commands(CLI::App& app, Context& context);
void add_state_commands(CLI::App& app, Context& context);
void add_doctor_command(CLI::App& app, Context& context);
void add_print_command(CLI::App& app, Context& context);
void add_import_command(CLI::App& app, Context& context);
void add_demo_command(CLI::App& app, Context& context);

/// --manual: the page of the whole program.
[[nodiscard]] std::string manual_page(const CLI::App& app);

/// The console; what runs where no command is named.
[[nodiscard]] Result<Done> run_console(Context& context);

/// The whole program but main: gives the exit code.
[[nodiscard]] int run_program(int argc, char** argv);

}  // namespace noroshi::cli
