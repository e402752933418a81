// A text for reading, in rows: nothing of it is cut.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace noroshi::tui {

/// Rows of at most `width` columns, printable; the ones after the first begin under `hang` blanks, so that
/// the eye finds where the next text begins. At least one row.
[[nodiscard]] std::vector<std::string> flow(std::string_view text, int width, int hang = 4);

}  // namespace noroshi::tui
