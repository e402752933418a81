// Lines for people: the ladder of support, 要請 → 受領 → 受諾 → 提供決定 → 輸送中 → 到着.
#pragma once

#include "client-tui/desk/support.hpp"
#include "client-tui/words/line.hpp"

namespace noroshi::words {

/// "受諾": the word of code list RequestState.
[[nodiscard]] std::string support_word(desk::RequestState state, const forms::Catalogue& catalogue);
/// A line for each request, in their order: state, who asks for what, how much is promised and has arrived.
[[nodiscard]] std::vector<Line> support_lines(const std::vector<desk::SupportRequest>& requests,
                                              const keys::Trust& trust, const forms::Catalogue& catalogue,
                                              WallTime now);

}  // namespace noroshi::words
