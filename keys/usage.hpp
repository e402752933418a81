// What is wrong with a command line, in one line of the language spoken. The three programs share it, so that
// the same slip of the finger gets the same words and the same exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "proto/result.hpp"

namespace noroshi::keys {

/// Of the commands below this one.
[[nodiscard]] std::vector<std::string> command_names(const CLI::App& app);
/// "--home": of this command and of those around it, because an option may stand before its command; each
/// once.
[[nodiscard]] std::vector<std::string> option_names(const CLI::App& app);

/// The line that ends a program whose words `app` could not parse: what is wrong, the limit that was missed,
/// the nearest command or option where one was mistyped. Always Code::usage.
[[nodiscard]] Error usage_error(const CLI::App& app, const CLI::ParseError& error);
/// An option or argument given with nothing in it (`--six ""`) is a variable that a script forgot to set, not
/// a wish for the default.
[[nodiscard]] Result<void> refuse_empty(const CLI::App& app);

}  // namespace noroshi::keys
