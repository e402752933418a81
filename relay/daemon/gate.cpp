#include "relay/daemon/gate.hpp"

#include <algorithm>
#include <utility>

namespace noroshi::daemon {
namespace {

constexpr std::int64_t kHourMs = 3'600'000, kDayMs = 24 * kHourMs, kDaySeconds = 86'400;

/// Second of the day in Japan (UTC+9, no summer time).
std::int64_t second_of_day(WallTime time) {
  const std::int64_t s = (time.unix_seconds() + 9 * 3600) % kDaySeconds;
  return s < 0 ? s + kDaySeconds : s;
}
std::int64_t seconds_until(std::int64_t from, std::int64_t to) {
  return to > from ? to - from : to - from + kDaySeconds;
}

}  // namespace

void Gate::count(std::uint64_t bytes_total, Now now) {
  if (bytes_total < seen_) seen_ = 0;
  const std::uint64_t more = bytes_total - std::exchange(seen_, bytes_total);
  const auto enter = [&](Period& period, std::int64_t length) {
    if (period.number == now.mono.ms / length) return;
    period = {now.mono.ms / length, total_};
  };
  enter(hour_, kHourMs);
  enter(day_, kDayMs);
  total_ += more;
  spent_ = (budget_.hour > 0 && total_ - hour_.began_at >= budget_.hour) ||
           (budget_.day > 0 && total_ - day_.began_at >= budget_.day);
}

bool Gate::open(Now now) const {
  if (windows_.empty() || now.wall_suspect) return true;
  const std::int64_t at = second_of_day(now.wall);
  return std::any_of(windows_.begin(), windows_.end(), [&](const Window& window) {
    const std::int64_t from = window.from * 60, until = window.until * 60;
    return from < until ? from <= at && at < until : at >= from || at < until;
  });
}

std::optional<Instant> Gate::next_change(Now now) const {
  std::optional<Instant> next;
  const auto offer = [&](Millis in) {
    if (!next || now.mono + in < *next) next = now.mono + in;
  };
  const std::int64_t at = second_of_day(now.wall);
  for (const Window& window : windows_) {
    offer(millis({seconds_until(at, window.from * 60)}));
    offer(millis({seconds_until(at, window.until * 60)}));
  }
  if (spent_) offer({kHourMs - now.mono.ms % kHourMs});
  return next;
}

}  // namespace noroshi::daemon
