#include "keys/completion.hpp"

#include <algorithm>
#include <cstdio>

#include "keys/usage.hpp"
#include "proto/language.hpp"

namespace noroshi::keys {
namespace {

/// Names are letters, digits and hyphens: none needs more than the quotes that stand around it.
std::string quoted(const std::string& text) {
  return "'" + text + "'";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

/// The paths that words can reach (" exercise", " exercise start"), and a line for each with what can follow.
void walk(const CLI::App& app, const std::string& path, std::string& paths, std::string& lines) {
  if (!path.empty()) paths += (paths.empty() ? "" : " | ") + quoted(path);
  std::vector<std::string> words = command_names(app);
  const std::vector<std::string> options = option_names(app);
  words.insert(words.end(), options.begin(), options.end());
  lines += "    " + quoted(path) + ") words=" + quoted(joined(words)) + " ;;\n";
  for (const CLI::App* command : app.get_subcommands(nullptr))
    walk(*command, path + " " + command->get_name(), paths, lines);
}

}  // namespace

void add_completion_option(CLI::App& app) {
  app.add_flag_callback(
      "--completion",
      [&app] {
        std::fputs(bash_completion(app).c_str(), stdout);
        throw CLI::Success();
      },
      said("bash の補完", "completion for bash"));
}

std::string bash_completion(const CLI::App& app) {
  const std::string& name = app.get_name();
  std::string function = "_" + name, paths, lines;
  std::ranges::replace(function, '-', '_');
  walk(app, "", paths, lines);
  std::string out = "# bash completion of " + name + "; " + name + " --completion writes it\n";
  out += function + "() {\n  local words= path= word\n";
  if (!paths.empty()) {
    out += "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n    case \"$path $word\" in\n      " +
           paths + ") path=\"$path $word\" ;;\n    esac\n  done\n";
  }
  out += "  case \"$path\" in\n" + lines + "  esac\n";
  out += "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n}\n";
  return out + "complete -o default -F " + function + " " + name + "\n";
}

}  // namespace noroshi::keys
