// Two clocks that must never be mixed up, so they are two types.
//   Instant   a point on this process's own line: it never steps, it means nothing on another machine, it is
//   never stored. WallTime  people's time: seconds since 2024-01-01T00:00:00Z (the epoch of the envelope's
//   `created`), may be wrong.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace noroshi {

struct Millis {
  std::int64_t count = 0;
  constexpr auto operator<=>(const Millis&) const = default;
};
constexpr Millis operator+(Millis a, Millis b) {
  return {a.count + b.count};
}
constexpr Millis operator-(Millis a, Millis b) {
  return {a.count - b.count};
}
constexpr Millis operator*(Millis a, std::int64_t n) {
  return {a.count * n};
}

struct Seconds {
  std::int64_t count = 0;
  constexpr auto operator<=>(const Seconds&) const = default;
};
constexpr Seconds operator+(Seconds a, Seconds b) {
  return {a.count + b.count};
}
constexpr Seconds operator-(Seconds a, Seconds b) {
  return {a.count - b.count};
}
constexpr Seconds operator*(Seconds a, std::int64_t n) {
  return {a.count * n};
}
constexpr Seconds hours(std::int64_t n) {
  return {n * 3600};
}
constexpr Seconds days(std::int64_t n) {
  return {n * 86'400};
}
constexpr Seconds minutes(std::int64_t n) {
  return {n * 60};
}
constexpr Millis millis(Seconds s) {
  return {s.count * 1000};
}

/// Milliseconds on the process's own line (CLOCK_MONOTONIC in the daemon, virtual in the simulator).
struct Instant {
  std::int64_t ms = 0;
  constexpr auto operator<=>(const Instant&) const = default;
};
constexpr Instant operator+(Instant t, Millis d) {
  return {t.ms + d.count};
}
constexpr Millis operator-(Instant a, Instant b) {
  return {a.ms - b.ms};
}

/// 2024-01-01T00:00:00Z as Unix time.
inline constexpr std::int64_t kWallEpochUnix = 1'704'067'200;

/// Seconds since 2024-01-01T00:00:00Z; negative before it. On the wire u32 (to the year 2160).
struct WallTime {
  std::int64_t s = 0;
  constexpr auto operator<=>(const WallTime&) const = default;
  [[nodiscard]] static constexpr WallTime from_unix(std::int64_t unix_seconds) {
    return {unix_seconds - kWallEpochUnix};
  }
  [[nodiscard]] constexpr std::int64_t unix_seconds() const { return s + kWallEpochUnix; }
};
constexpr WallTime operator+(WallTime t, Seconds d) {
  return {t.s + d.count};
}
constexpr WallTime operator-(WallTime t, Seconds d) {
  return {t.s - d.count};
}
constexpr Seconds operator-(WallTime a, WallTime b) {
  return {a.s - b.s};
}

/// What a turn knows of time. `wall_suspect`: the wall clock is known to be unset, behind a signed root
/// document or more than an hour off two peers: then nothing expires and the seen-set is not pruned.
struct Now {
  Instant mono;
  WallTime wall;
  bool wall_suspect = false;
};

/// "2024-01-01T16:10:00+09:00": RFC 3339 in Japan standard time, for JSON and people.
[[nodiscard]] std::string to_rfc3339(WallTime time);
/// "2024/1/2 11:20": year/month/day hour:minute in Japan standard time.
[[nodiscard]] std::string to_jst(WallTime time);
/// The same for narrow screens: "1/2 11:20", with the year only where it is not that of `now`.
[[nodiscard]] std::string to_short_jst(WallTime time, WallTime now);
/// RFC 3339 with any offset, or "YYYY-MM-DD HH:MM[:SS]" / "YYYY-MM-DDTHH:MM[:SS]" meant as Japan standard
/// time.
[[nodiscard]] std::optional<WallTime> parse_time(std::string_view text);

}  // namespace noroshi
