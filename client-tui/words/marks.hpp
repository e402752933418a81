// What one should know of a report before relying on it. The one list of it: for scripts by name, for people
// in words, the gravest first.
#pragma once

#include <string_view>
#include <vector>

#include "client-tui/desk/rollup.hpp"
#include "client-tui/words/text.hpp"

namespace noroshi::words {

struct Mark {
  std::string_view name;  ///< in JSON
  Text text;              ///< "[時刻不確実]"
  Text advice;            ///< what it means and what to do, in a sentence
};
[[nodiscard]] std::vector<Mark> marks_of(const desk::Reading& reading);

}  // namespace noroshi::words
