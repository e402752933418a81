// The manual page of a program, made from the same descriptions as its --help, so that neither can say what the
// other does not.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

namespace noroshi::keys {

/// What stands in a manual page beside what --help says: titles, and items of a term and its text.
struct Chapter {
  std::string title;
  std::vector<std::pair<std::string, std::string>> items;
};

/// `--manual` of a program: call it when every command has been added; the commands do not have it.
void add_manual_option(CLI::App& app);
/// roff for man(7), in UTF-8, in the language spoken. `section` 1 for what people use, 8 for services. Every
/// command with its options, those of the whole program once; then the chapters, exit codes, the other programs.
[[nodiscard]] std::string manual(const CLI::App& app, int section, const std::vector<Chapter>& chapters = {});

}  // namespace noroshi::keys
