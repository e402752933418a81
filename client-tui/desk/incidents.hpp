// Which incident people look at and report to, where they have not said it.
#pragma once

#include <vector>

#include "keys/trust.hpp"
#include "proto/time.hpp"

namespace noroshi::desk {

/// Declared and not over: of one side of exercise and reality, in the order of the register. One that begins
/// later is among them: people prepare for it.
[[nodiscard]] std::vector<const keys::Incident*> open_incidents(const keys::Trust& trust, bool exercise,
                                                                WallTime now);
/// The newest that has begun and is open, a real one before an exercise; 0 if there is none: PENDING.
[[nodiscard]] IncidentId incident_to_show(const keys::Trust& trust, WallTime now);

}  // namespace noroshi::desk
