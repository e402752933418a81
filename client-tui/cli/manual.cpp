// What the manual page of noroshi says beside its commands: the keys of the console, from the one table of
// them, and the files of a home.
#include "keys/manual.hpp"

#include "client-tui/cli/context.hpp"
#include "client-tui/tui/bindings.hpp"

namespace noroshi::cli {

std::string manual_page(const CLI::App& app) {
  keys::Chapter keys{say(Text::manual_keys), {}};
  for (const tui::Binding& binding : tui::Bindings::standard().all()) {
    std::string names;
    for (const tui::Key& key : binding.keys) names += (names.empty() ? "" : " ") + tui::name_of(key);
    keys.items.emplace_back(names, binding.label.in(language()) + " (keys." + std::string(binding.place) +
                                       " " + std::string(binding.name) + ")");
  }
  const keys::Chapter files{say(Text::manual_files),
                            {{"~/.local/share/noroshi", say(Text::manual_home)},
                             {"HOME/config.toml", say(Text::manual_config)},
                             {"HOME/console.toml", say(Text::manual_console)}}};
  const keys::Chapter environment{say(Text::manual_environment),
                                  {{"NOROSHI_HOME", say(Text::manual_home)},
                                   {"LC_ALL, LC_MESSAGES, LANG", say(Text::manual_language)},
                                   {"NO_COLOR", say(Text::manual_no_colour)},
                                   {"TERM", say(Text::manual_term)}}};
  return keys::manual(app, 1, {keys, files, environment});
}

}  // namespace noroshi::cli
