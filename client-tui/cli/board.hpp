// One board as the options ask for it: to show, to list who is silent, to print.
#pragma once

#include <string>
#include <vector>

#include "client-tui/cli/context.hpp"
#include "client-tui/desk/rolled.hpp"
#include "client-tui/words/line.hpp"

namespace noroshi::cli {

struct BoardOptions {
  std::string incident, by, at, form = "F1";
  bool is_public = false;
};
/// --incident --by --at --form --public. The options outlive the command.
void add_board_options(CLI::App& command, BoardOptions& options);

/// A board, and whose it is.
struct AskedBoard {
  desk::Rolled rolled;
  std::optional<desk::Division> by;
  desk::Desk* desk = nullptr;
  WallTime now;
  [[nodiscard]] words::Around around() const { return {desk->trust(), desk->catalogue(), now}; }
};
/// After a contact with the relay. Errors (usage): an option that names nothing.
[[nodiscard]] Result<AskedBoard> asked_board(Context& context, const BoardOptions& options);

}  // namespace noroshi::cli
