#include "keys/manual.hpp"

#include <algorithm>
#include <string_view>

#include "proto/language.hpp"

namespace noroshi::keys {
namespace {

/// A text that roff prints as it is.
std::string plain(std::string_view text) {
  std::string out;
  bool begins = true;
  for (const char c : text) {
    if (begins && (c == '.' || c == '\'')) out += "\\&";
    begins = c == '\n';
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      default: out += c;
    }
  }
  return out;
}

std::string argument(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\\(dq") : plain(std::string(1, c));
  return out + "\"";
}

void item(std::string& out, std::string_view term, std::string_view text) {
  out += ".TP\n\\fB" + plain(term) + "\\fR\n" + plain(text) + "\n";
}

/// A type is named with its limits behind a colon: UINT:UINT in [2 - 10].
std::string before_colon(const std::string& type) {
  return type.substr(0, type.find(':'));
}

std::string term_of(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  std::string out = option.get_name(false, true);
  if (option.get_items_expected_max() > 0) out += " " + before_colon(option.get_type_name());
  return out;
}

bool has(const CLI::App& app, const CLI::Option& option) {
  return std::ranges::any_of(app.get_options(), [&](const CLI::Option* other) {
    return !option.get_positional() && other->get_name(false, true) == option.get_name(false, true);
  });
}

/// `whole` has the options that need not be said again.
void options(std::string& out, const CLI::App& app, const CLI::App* whole) {
  for (const CLI::Option* option : app.get_options()) {
    if (whole != nullptr && has(*whole, *option)) continue;
    item(out, term_of(*option), option->get_description());
  }
}

void command(std::string& out, const CLI::App& app, const std::string& before, const CLI::App& whole) {
  std::string name = before + " " + app.get_name();
  std::string line = name;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) line += " " + option->get_name(true);
  }
  const auto below = app.get_subcommands(nullptr);
  if (below.empty()) {
    out += ".SS " + argument(line) + "\n" + plain(app.get_description()) + "\n";
    options(out, app, &whole);
    if (!app.get_footer().empty()) out += ".PP\n" + plain(app.get_footer()) + "\n";
  }
  for (const CLI::App* one : below) command(out, *one, name, whole);
}

/// sysexits(3), as every program of the house ends.
std::vector<std::pair<std::string, std::string>> exit_codes() {
  return {
      {"0", said("できました", "done")},
      {"64", said("使い方の誤り", "wrong usage")},
      {"65", said("データの誤り", "bad data")},
      {"69", said("使えません（中継局が動いていないなど）", "unavailable, as a relay that does not run")},
      {"70", said("プログラムの誤り", "a fault of the program")},
      {"73", said("作れません", "cannot create")},
      {"74", said("読み書きの誤り", "input or output failed")},
      {"75", said("受け付けて送信待ちです（まだ届いていません）", "accepted and queued, not delivered yet")},
      {"76", said("取り決めに合いません", "protocol error")},
      {"77", said("権限または鍵がありません", "permission or key")},
      {"78", said("設定の誤り", "configuration")}};
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

void add_manual_option(CLI::App& app) {
  app.set_help_all_flag("--manual", said("手引き（man の形）", "the manual page (roff)"));
}

std::string manual(const CLI::App& app, int section, const std::vector<Chapter>& chapters) {
  const std::string& name = app.get_name();
  const std::string version = app.version();
  std::string out = ".\\\" -*- mode: troff; coding: utf-8 -*-\n";
  out += ".TH " + argument(name) + " " + std::to_string(section) + " \"\" " + argument(version) + " " +
         argument(said("狼煙", "Noroshi")) + "\n";
  out += ".SH " + argument(said("名前", "NAME")) + "\n" + plain(name) + " \\- " +
         plain(first_line(app.get_description())) + "\n";
  const auto commands = app.get_subcommands(nullptr);
  out += ".SH " + argument(said("書式", "SYNOPSIS")) + "\n.B " + plain(name) + "\n" +
         plain(commands.empty() ? "[OPTION]…" : "[OPTION]… [COMMAND …]") + "\n";
  if (app.get_description().find('\n') != std::string::npos) {
    out +=
        ".SH " + argument(said("説明", "DESCRIPTION")) + "\n.nf\n" + plain(app.get_description()) + "\n.fi\n";
  }
  out += ".SH " + argument(said("オプション", "OPTIONS")) + "\n";
  options(out, app, nullptr);
  if (!commands.empty()) {
    out += ".SH " + argument(said("コマンド", "COMMANDS")) + "\n";
    for (const CLI::App* one : commands) command(out, *one, name, app);
  }
  const auto chapter = [&](const Chapter& one) {
    out += ".SH " + argument(one.title) + "\n";
    for (const auto& [term, text] : one.items) item(out, term, text);
  };
  for (const Chapter& one : chapters) chapter(one);
  chapter({said("終了コード", "EXIT STATUS"), exit_codes()});
  out += ".SH " + argument(said("関連項目", "SEE ALSO")) + "\n";
  std::string others;
  for (const std::string_view other : {"noroshi(1)", "noroshi-keys(1)", "noroshi-shaper(1)", "noroshid(8)"}) {
    if (!other.starts_with(name + "(")) others += (others.empty() ? "" : ", ") + std::string(other);
  }
  return out + plain(others) + "\n";
}

}  // namespace noroshi::keys
