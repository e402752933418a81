#include "client-tui/cli/context.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "keys/passphrase.hpp"

namespace noroshi::cli {

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

Result<Now> Context::now() {
  TRY(const desk::Settings set, settings());
  timespec mono{};
  ::clock_gettime(CLOCK_MONOTONIC, &mono);
  Now now;
  now.mono = {mono.tv_sec * 1000 + mono.tv_nsec / 1'000'000};
  now.wall = WallTime::from_unix(std::time(nullptr)) + set.clock_offset;
  return now;
}

Result<const keys::SecretBytes*> Context::passphrase(const std::string& question, bool fresh) {
  if (!passphrase_) {
    TRY(passphrase_, passphrase_fd >= 0 ? keys::passphrase_from_fd(passphrase_fd)
                                        : keys::passphrase_from_terminal(question, fresh));
  }
  return &*passphrase_;
}

Result<desk::Desk*> Context::desk() {
  if (!desk_) {
    TRY(const bool locked, keys::needs_passphrase(home(), keys::Which::person));
    const keys::SecretBytes* phrase = nullptr;
    if (locked) {
      TRY(phrase, passphrase(say(Text::passphrase_of_device), false));
    }
    TRY(desk_, desk::Desk::open(home(), phrase, rng));
    TRY(const Now time, now());
    if (desk_->clock_is_old(time)) {
      note(say(Text::clock_is_old, to_rfc3339(time.wall), to_rfc3339(desk_->trust().not_before())));
    }
  }
  return desk_.get();
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
  return open;
}

void Context::print(const Json& facts) {
  // Report texts are valid UTF-8; a name in a signed object may not be, and must not end the program.
  print(facts.dump(-1, ' ', false, Json::error_handler_t::replace));
}
void Context::print(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
}
void Context::note(const std::string& line) {
  std::fprintf(stderr, "noroshi: %s\n", line.c_str());
}

CLI::App* add_command(CLI::App& parent, Context& context, const std::string& name, Text help,
                      const std::string& example, std::function<Result<Done>()> run) {
  CLI::App* command = parent.add_subcommand(name, say(help));
  command->set_help_flag("-h,--help", say(Text::help_help));
  command->add_option("--home", context.home_option, say(Text::help_home));
  command->add_flag("--json", context.json, say(Text::help_json));
  command->add_option("--passphrase-fd", context.passphrase_fd, say(Text::help_passphrase_fd));
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
