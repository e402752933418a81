// The desk's index against what reading everything says.
#pragma once

#include "client-tui/desk/overview.hpp"

namespace noroshi::test {

/// Throws (std::runtime_error) what differs first.
void check_index(const desk::Desk& desk, desk::Store& store);
/// Board and time line of an incident, as this overview has kept them, against those of every report.
void check_overview(const desk::Desk& desk, desk::Store& store, desk::Overview& overview, IncidentId incident,
                    WallTime now);

}  // namespace noroshi::test
