// A report as it would be sent, in lines: what stops it, what is doubtful, to whom, how large, who signs, and
// every value beside the one it takes the place of. The last look before signing, on whatever front end.
#pragma once

#include <string>
#include <vector>

#include "client-tui/tui/office.hpp"
#include "client-tui/tui/screen.hpp"

namespace noroshi::tui {

struct ReviewLine {
  std::string text;
  Style style = Style::plain;
};
[[nodiscard]] std::vector<ReviewLine> review_lines(const desk::Prepared& prepared, const Facts& facts);

}  // namespace noroshi::tui
