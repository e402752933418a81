#include "relay/daemon/clock.hpp"

#include <ctime>

namespace noroshi::daemon {

Now Clock::now() const {
  timespec mono{}, wall{};
  ::clock_gettime(CLOCK_MONOTONIC, &mono);
  ::clock_gettime(CLOCK_REALTIME, &wall);
  Now out;
  out.mono = {mono.tv_sec * 1000 + mono.tv_nsec / 1'000'000};
  out.wall = WallTime::from_unix(wall.tv_sec) + offset_;
  return out;
}

}  // namespace noroshi::daemon
