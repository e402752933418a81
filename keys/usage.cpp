#include "keys/usage.hpp"

#include <algorithm>

#include "proto/language.hpp"
#include "proto/nearest.hpp"

namespace noroshi::keys {
namespace {

/// The command that the words have reached: `noroshi unit lst` reaches `unit`.
const CLI::App& reached(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

std::string maybe(const std::string& meant) {
  return meant.empty() ? "" : said("（" + meant + " ですか）", ", did you mean " + meant + "?");
}

/// `text` without `before` and `after`; nothing if they are not there.
std::optional<std::string> between(std::string_view text, std::string_view before, std::string_view after) {
  if (!text.starts_with(before) || !text.ends_with(after) || text.size() < before.size() + after.size())
    return std::nullopt;
  return std::string(text.substr(before.size(), text.size() - before.size() - after.size()));
}

/// What the library says in English only; its sentences are few.
std::string translated(const std::string& what) {
  if (language() == Language::en) return what;
  if (what == "A subcommand is required") return "コマンドを指定してください";
  if (const auto name = between(what, "", " is required")) return *name + " は必須です";
  if (const auto value = between(what, "Could not convert: ", "")) return "読めない値です: " + *value;
  if (const auto at = what.find(" not in range "); at != std::string::npos) {
    const std::string limits = what.substr(at + 14);
    const auto to = limits.find(" to "), value = what.find(": Value ");
    if (to != std::string::npos && value != std::string::npos)
      return what.substr(0, value) + ": " + what.substr(value + 8, at - value - 8) +
             said(" は範囲の外です（", " is out of range (") + limits.substr(0, to) + "〜" +
             limits.substr(to + 4) + "）";
  }
  if (const auto at = what.find(" required "); at != std::string::npos && what.ends_with(" missing"))
    return what.substr(0, what.find(':')) + ": 値がありません";
  return what;
}

}  // namespace

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::App* command : app.get_subcommands(nullptr)) out.push_back(command->get_name());
  return out;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent())
    for (const CLI::Option* option : at->get_options())
      for (const std::string& name : option->get_lnames())
        if (std::ranges::find(out, "--" + name) == out.end()) out.push_back("--" + name);
  return out;
}

Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& at = reached(app);
  const std::vector<std::string> left = app.remaining(true);
  const auto word =
      std::find_if(left.begin(), left.end(), [](const std::string& one) { return one != "--"; });
  std::string what;
  // By type: the name that an error carries is sometimes the program's.
  const bool extra = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  const bool lacking = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (word != left.end() && (extra || lacking)) {
    const bool option = word->size() > 1 && word->front() == '-';
    const std::vector<std::string> known = option ? option_names(at) : command_names(at);
    if (option)
      what = said("知らないオプションです: ", "unknown option: ") + *word + maybe(nearest(*word, known));
    else if (!known.empty())
      what = said("知らないコマンドです: ", "unknown command: ") + *word + maybe(nearest(*word, known));
    else if (extra)
      what = said("余分な語です: ", "one word too many: ") + *word;
  }
  if (what.empty()) what = translated(error.what());
  std::string command;
  for (const CLI::App* one = &at; one != nullptr; one = one->get_parent())
    command = one->get_name() + (command.empty() ? "" : " ") + command;
  return {Code::usage, said("使い方が違います: ", "wrong usage: ") + what +
                           said("：" + command + " --help を見てください", ": see " + command + " --help")};
}

Result<void> refuse_empty(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const auto& given = option->results();
    if (std::find(given.begin(), given.end(), "") != given.end())
      return no(Code::usage, option->get_name() + ": 値が空です：値を書くか、外してください",
                option->get_name() + ": is empty: give it a value or leave it out");
  }
  for (const CLI::App* command : app.get_subcommands())
    if (const auto fine = refuse_empty(*command); !fine) return fine;
  return {};
}

}  // namespace noroshi::keys
