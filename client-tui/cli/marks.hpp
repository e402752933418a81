// What one should know of a report before relying on it. The one list of it: for scripts by name, for people
// in words, the gravest first.
#pragma once

#include <string_view>
#include <vector>

#include "client-tui/cli/text.hpp"
#include "client-tui/desk/rollup.hpp"

namespace noroshi::cli {

struct Mark {
  std::string_view name;  ///< in JSON
  Text text;              ///< "[時刻不確実]"
  Text advice;            ///< what it means and what to do, in a sentence
};
[[nodiscard]] std::vector<Mark> marks_of(const desk::Reading& reading);

}  // namespace noroshi::cli
