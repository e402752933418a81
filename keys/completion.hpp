// What a shell completes for a program, made from the same descriptions as its --help.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace noroshi::keys {

/// `--completion` of a program: prints the script and ends. The app outlives its parsing.
void add_completion_option(CLI::App& app);
/// A script for bash: the commands and options at the place that the words before the cursor have reached;
/// file names where none of them fits.
[[nodiscard]] std::string bash_completion(const CLI::App& app);

}  // namespace noroshi::keys
