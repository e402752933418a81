// What people type for a value, and back: the one parser of counts, times, days and positions that the
// console, the plain prompts and `--set` share. Full-width forms count as their ASCII, spaces and commas in
// numbers as nothing. Pure: `now` is an argument, days and times of day are Japan's. Nothing: it is not one
// of these forms.
//
// `typed` writes a value so that parsing it with the same `now` gives the value again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/forms/report.hpp"

namespace noroshi::forms {

/// 345 1,200 · 約1200 ~1200 · 100未満 <100 · 100以上 >100 · 未確認 ? · 該当なし - · 規模2 *2 規模10〜100, and
/// the English words of format(). The absent count is no text.
[[nodiscard]] std::optional<Count> parse_count(std::string_view text);
/// "1200", "~1200", "<100", ">100", "?", "-", "*2".
[[nodiscard]] std::string typed(const Count& count);

/// Which of the times a time of day without a day means.
enum class Lean : std::uint8_t {
  past,    ///< the last one, for what has happened: 2350 at 00:10 is yesterday's
  future,  ///< the next one, for what is awaited
};
/// A time of day up to so far ahead is still "past": people round up, and clocks differ.
inline constexpr Seconds kRoundedUp{3600};
/// How far a relative time may reach: a year; more is a slip of the hand.
inline constexpr Seconds kRelativeMax = days(366);

/// 0930 930 9:30 9時30分 9時半 午後9時 24:00, alone or behind a day (1/2 9:30, 昨日 21:00, 2日 0930); -2h
/// -90m -1d +1h30m 2時間前 30分後 今; and everything that parse_time reads. To the minute.
[[nodiscard]] std::optional<WallTime> parse_when(std::string_view text, WallTime now, Lean lean = Lean::past);
/// "1/2 09:30", with the year where it would be taken for another: "2023-07-02 09:30".
[[nodiscard]] std::string typed(WallTime time, WallTime now);

/// 2024-01-31 2024/1/31 20240131 1/31 1月31日 31日 今日 昨日 一昨日 明日 明後日. Without a year or month: the
/// nearest.
[[nodiscard]] std::optional<Date> parse_day(std::string_view text, WallTime now);
/// "1/31" or "2023-07-02".
[[nodiscard]] std::string typed(Date date, WallTime now);

/// 37.2861 136.7345 · 37.2861, 136.7345 · 37.2861N 136.7345E · N37°17'10" E136°44'04" · 37°17'10.5"N
/// 136°44'4"E · 北緯37度17分10秒 東経136度44分4秒, with ±10m behind. Latitude first where nothing says; a
/// first number above 90 is the longitude. `method`: how whoever types it came to know.
[[nodiscard]] std::optional<Point> parse_point(std::string_view text, PointMethod method = PointMethod::map);
/// "37.28610N 136.73450E ±10m".
[[nodiscard]] std::string typed(const Point& point);

}  // namespace noroshi::forms
