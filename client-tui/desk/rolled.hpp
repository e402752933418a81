// A board with what stands behind it.
#pragma once

#include <span>
#include <vector>

#include "client-tui/desk/cross.hpp"
#include "client-tui/desk/rollup.hpp"

namespace noroshi::desk {

struct Rolled {
  Board board;
  std::vector<Clash> clashes;     ///< in which a report on the board's form has a part
  std::vector<Reading> readings;  ///< of its rows
};

/// From every report that is held, as of any moment. What stands now is quicker to have (overview.hpp).
[[nodiscard]] Rolled rolled_up(std::vector<Reading> readings, std::span<const ExpectedUnit> units,
                               const BoardQuery& query, const forms::Catalogue& catalogue);

}  // namespace noroshi::desk
