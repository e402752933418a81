// The sheets there are. Labels, units, choices and order come from the catalogue; what is said of a report is
// what `show` says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client-tui/desk/letter.hpp"
#include "client-tui/desk/rolled.hpp"
#include "client-tui/paper/sheet.hpp"
#include "client-tui/words/line.hpp"

namespace noroshi::paper {

using words::Around;  ///< `now`: of printing

/// Who may see it, as every page says; empty for what anybody may.
[[nodiscard]] std::string marks_of(bool exercise, forms::Confidentiality confidentiality);

/// One report of a letter. `envelope`: printed as codes at the end, so that the sheet carries the report;
/// `fate`: what became of it, where that is known.
[[nodiscard]] Sheet report_sheet(const desk::Letter& letter, std::size_t index, BytesView envelope,
                                 const std::optional<desk::Folded::Entry>& fate, const Around& around);

/// A form to fill in by hand, in the order in which it is read aloud over the telephone; of F1 the six
/// answers first.
[[nodiscard]] Sheet blank_sheet(const forms::FormInfo& form, const forms::Catalogue& catalogue, WallTime now);

/// As words::board_lines. `reader`: whose board it is.
[[nodiscard]] Sheet board_sheet(const desk::Rolled& rolled, std::optional<desk::Division> by, OrgId reader,
                                const Around& around);

}  // namespace noroshi::paper
