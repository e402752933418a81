// A sheet as one self-contained A4 file that any browser prints or saves as PDF: no script, nothing fetched,
// codes as inline SVG, the head repeated on every page.
#pragma once

#include <string>

#include "client-tui/paper/sheet.hpp"

namespace noroshi::paper {

/// Every text in it is escaped: whatever a report says, it stays text.
[[nodiscard]] std::string as_html(const Sheet& sheet);

}  // namespace noroshi::paper
