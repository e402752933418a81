// The desk's index against what reading everything says.
#pragma once

#include "client-tui/desk/desk.hpp"

namespace noroshi::test {

/// Throws (std::runtime_error) what differs first.
void check_index(const desk::Desk& desk, desk::Store& store);

}  // namespace noroshi::test
