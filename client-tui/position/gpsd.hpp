// Where this laptop is, as the receiver says that a gpsd of this machine reads (libgps; gpsd_json(5): TPV).
// It is asked only when somebody wants a position, and only where the configuration names its port.
#pragma once

#include <cstdint>

#include "proto/forms/report.hpp"
#include "proto/result.hpp"
#include "proto/time.hpp"

namespace noroshi::position {

/// Receivers say where they are once a second; somebody waits for it.
inline constexpr Millis kPatience{2'500};

/// A fix of at least two dimensions, with its error if the receiver knows it. Blocks until there is one, for
/// `patience` at most. Errors: unavailable (nobody listens on that port of 127.0.0.1, or it hung up),
/// temporary (no fix yet).
[[nodiscard]] Result<forms::Point> ask_gpsd(std::uint16_t port, Millis patience = kPatience);

}  // namespace noroshi::position
