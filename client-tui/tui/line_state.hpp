// What a person must know before pulling the cable, in one line of words.
#pragma once

#include <string>

#include "client-tui/tui/office.hpp"

namespace noroshi::tui {

/// "回線 通  未送 2件 680バイト", "回線 通  全部済・切ってよい"; then what is doubtful: the roster's age, the
/// clock.
[[nodiscard]] std::string line_state(const Facts& facts);

}  // namespace noroshi::tui
