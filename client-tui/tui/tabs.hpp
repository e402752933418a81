// The tabs of the console: their keys, their words, the bar that names them.
#pragma once

#include <optional>
#include <string>

#include "client-tui/tui/pages.hpp"

namespace noroshi::tui {

/// "1受信 12  2待機 3  … [5時系列 2]": where one is in brackets, with how many there are of what waits.
[[nodiscard]] std::string tabs_title(Tab at, const Facts& facts, const Bindings& bindings);
/// The tab that an action goes to.
[[nodiscard]] std::optional<Tab> tab_of(Action action);
/// What a list says that has no lines.
[[nodiscard]] Text text_when_empty(Tab tab);

}  // namespace noroshi::tui
