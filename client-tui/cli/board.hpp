// One board as the options ask for it: to show, to list who is silent, to print.
#pragma once

#include <string>
#include <vector>

#include "client-tui/cli/context.hpp"
#include "client-tui/desk/rollup.hpp"

namespace noroshi::cli {

struct BoardOptions {
  std::string incident, by, at, form = "F1";
};
struct Rolled {
  std::vector<desk::Reading> readings;
  desk::Board board;
  desk::Desk* desk = nullptr;
  WallTime now;
};
/// After a contact with the relay. Errors (usage): an option that names nothing.
[[nodiscard]] Result<Rolled> roll_up(Context& context, const BoardOptions& options);

}  // namespace noroshi::cli
