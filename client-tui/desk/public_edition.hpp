// The public edition of a board: what may be told to everybody. Made by taking over what is open, never by
// striking out what is not: a field that is not known to be open stays behind, and so do rows, units,
// reports, warnings, what is only said and what is held (client-tui/desk/DESIGN.md, "Public edition").
#pragma once

#include "client-tui/desk/rollup.hpp"

namespace noroshi::desk {

/// Totals, tallies and extremes of the fields of class `open`; units heard and expected. Households served
/// and checked rest on a restricted field and stay behind. Nothing for a form without an open field: not even
/// how many have sent one is told (F10). Pure; O(places × fields).
[[nodiscard]] std::optional<Board> public_edition(const Board& board, const forms::Catalogue& catalogue);

}  // namespace noroshi::desk
