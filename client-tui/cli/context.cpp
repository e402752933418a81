#include "client-tui/cli/context.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "client-tui/tui/text/grapheme.hpp"
#include "keys/passphrase.hpp"

namespace noroshi::cli {
namespace {

std::string duration_text(Seconds length) {
  const std::int64_t minutes = (std::abs(length.count) + 30) / 60;
  return minutes < 48 * 60 ? say(Text::hours_minutes, minutes / 60, minutes % 60)
                           : say(Text::days_long, minutes / (24 * 60));
}

/// Japan's time is nine hours ahead of the universal time that clocks of machines are usually set to.
bool nine_hours(Seconds apart) {
  constexpr Seconds kNineHours = hours(9), kAbout = minutes(15);
  return std::abs(std::abs(apart.count) - kNineHours.count) <= kAbout.count;
}

/// What is wrong with the clock, as well as the relay knows it.
std::string clock_trouble(const proto::control::Info& relay, Now now) {
  const Seconds ahead = relay.wall_suspect ? relay.wall_ahead : now.wall - relay.wall;
  const std::string time = to_rfc3339(now.wall);
  if (ahead.count == 0) return say(Text::clock_doubted, time);
  return say(ahead.count > 0 ? Text::clock_ahead : Text::clock_behind, time, duration_text(ahead)) +
         (nine_hours(ahead) ? say(Text::clock_nine_hours) : "");
}

}  // namespace

keys::Home Context::home() const {
  if (!home_option.empty()) return home_option;
  if (const char* value = std::getenv("NOROSHI_HOME"); value != nullptr && *value != '\0') return value;
  const char* user = std::getenv("HOME");
  return keys::Home(user != nullptr ? user : ".") / ".local/share/noroshi";
}

Result<desk::Settings> Context::settings() {
  if (!settings_) {
    TRY(settings_, desk::load_settings(home()));
  }
  return *settings_;
}

Now now_with(Seconds offset) {
  timespec mono{};
  ::clock_gettime(CLOCK_MONOTONIC, &mono);
  Now now;
  now.mono = {mono.tv_sec * 1000 + mono.tv_nsec / 1'000'000};
  now.wall = WallTime::from_unix(std::time(nullptr)) + offset;
  return now;
}

Result<Now> Context::now() {
  TRY(const desk::Settings set, settings());
  return now_with(set.clock_offset);
}

Result<Now> Context::now_to_seal() {
  TRY(const Now by_clock, now());
  auto line = relay();
  if (!line.ok()) return by_clock;
  const auto info = desk::ask<proto::control::Info>(**line, proto::control::InfoRequest{});
  if (!info.ok()) return by_clock;
  const Now time = desk::judged(by_clock, *info);
  const bool said_before = desk_ && desk_->clock_is_old(by_clock);
  if (time.wall_suspect && !said_before) note(clock_trouble(*info, time));
  return time;
}

Result<const keys::SecretBytes*> Context::passphrase(const std::string& question, bool fresh) {
  if (!passphrase_) {
    TRY(passphrase_, passphrase_fd >= 0 ? keys::passphrase_from_fd(passphrase_fd)
                                        : keys::passphrase_from_terminal(question, fresh));
    if (fresh) TRY_VOID(keys::check_new_passphrase(*passphrase_));
  }
  return &*passphrase_;
}

namespace {
/// Once for each store of an older program: some minutes for a million reports. What is cut off goes on the
/// next time.
Result<void> complete_index(desk::Desk& desk) {
  constexpr std::size_t kStep = 2'000;
  constexpr std::uint64_t kWorthSaying = 5'000;
  TRY(desk::Desk::Indexing indexing, desk.indexing());
  while (!indexing.complete()) {
    if (indexing.total > kWorthSaying) Context::note(say(Text::indexing, indexing.done, indexing.total));
    TRY(indexing, desk.index_some(kStep));
  }
  return {};
}
}  // namespace

Result<desk::Desk*> Context::desk() {
  if (!desk_) {
    if (!std::filesystem::exists(keys::key_path(home(), keys::Which::person)))
      return no(Code::io, Text::no_home_here, home().string());
    TRY(const bool locked, keys::needs_passphrase(home(), keys::Which::person));
    const keys::SecretBytes* phrase = nullptr;
    if (locked) {
      TRY(phrase, passphrase(say(Text::passphrase_of_device), false));
    }
    TRY(desk_, desk::Desk::open(home(), phrase, rng));
    TRY_VOID(complete_index(*desk_));
    TRY(const Now time, now());
    if (desk_->clock_is_old(time)) {
      note(say(Text::clock_is_old, to_rfc3339(time.wall), to_rfc3339(desk_->trust().not_before())));
    }
  }
  return desk_.get();
}

const forms::Catalogue& Context::catalogue() {
  if (desk_) return desk_->catalogue();
  if (!forms_) {
    const auto trust = keys::load_trust(home());
    if (!trust.ok()) return forms::Catalogue::built_in();
    forms_ = desk::forms_in_use(**trust);
  }
  return *forms_->catalogue;
}

Result<desk::Relay*> Context::relay() {
  if (!relay_) {
    TRY(const desk::Settings set, settings());
    TRY(relay_, desk::RelayClient::connect(set.control));
  }
  return relay_.get();
}

Result<desk::Desk*> Context::fresh_desk() {
  TRY(desk::Desk* const open, desk());
  auto line = relay();
  if (!line.ok()) {
    note(say(Text::relay_not_running_local, line.error().text));
    return open;
  }
  TRY(const Now time, now());
  const auto synced = desk::synchronize(*open, **line, time);
  if (!synced.ok()) {
    note(say(Text::relay_not_running_local, synced.error().text));
  } else if (synced->rolled_back) {
    note(say(Text::store_rolled_back));
  }
  TRY_VOID(complete_index(*open));  // forms may have come that ask for another one
  const desk::FormsInUse& forms = open->forms();
  if (!forms.trouble.empty()) note(say(Text::forms_not_usable, forms.version, forms.trouble));
  return open;
}

void Context::print(const Json& facts) {
  // Report texts are valid UTF-8; a name in a signed object may not be, and must not end the program.
  const std::string line = facts.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
}
void Context::print(const std::string& line) {
  const std::string harmless = tui::printable(line, tui::Lines::many) + "\n";
  std::fwrite(harmless.data(), 1, harmless.size(), stdout);
}
void Context::note(const std::string& line) {
  std::fprintf(stderr, "noroshi: %s\n", line.c_str());
}

void draw_with(tui::Glyphs glyphs, const Context& context) {
  tui::draw_with(glyphs);
  if (glyphs == tui::Glyphs::ascii && context.lang.empty()) keys::speak(keys::Language::en);
}

void add_common_options(CLI::App& app, Context& context) {
  app.add_option("--home", context.home_option, say(Text::help_home));
  app.add_flag("--json", context.json, say(Text::help_json));
  app.add_option("--passphrase-fd", context.passphrase_fd, say(Text::help_passphrase_fd));
  app.add_flag("--plain", context.plain, say(Text::help_plain));
  app.add_flag("--ascii", context.ascii, say(Text::help_ascii));
}

CLI::App* add_command(CLI::App& parent, Context& context, const std::string& name, Text help,
                      const std::string& example, std::function<Result<Done>()> run) {
  CLI::App* command = parent.add_subcommand(name, say(help));
  command->set_help_flag("-h,--help", say(Text::help_help));
  add_common_options(*command, context);
  if (!example.empty()) command->footer(say(Text::help_example) + " " + example);
  command->callback([&context, command, run = std::move(run)] {
    if (command->get_subcommands().empty()) context.run = run;
  });
  return command;
}

CLI::App* add_folder(CLI::App& parent, const std::string& name, Text help) {
  CLI::App* folder = parent.add_subcommand(name, say(help));
  folder->set_help_flag("-h,--help", say(Text::help_help));
  folder->require_subcommand(1);
  return folder;
}

}  // namespace noroshi::cli
