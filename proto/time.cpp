#include "proto/time.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace noroshi {
namespace {

constexpr std::int64_t kJstOffset = 9 * 3600;

struct Civil {
  std::int64_t year = 1970;
  unsigned month = 1, day = 1;
};

// Days since 1970-01-01 of a proleptic Gregorian date, and back: Howard Hinnant, "chrono-Compatible Low-Level
// Date Algorithms" (public domain): eras of 400 years that begin on March 1st, so that the leap day is the
// last of a year.
std::int64_t days_from_civil(Civil date) {
  const std::int64_t y = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const auto yoe = static_cast<unsigned>(y - era * 400);
  const unsigned doy = (153 * (date.month > 2 ? date.month - 3 : date.month + 9) + 2) / 5 + date.day - 1;
  const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146'097 + static_cast<std::int64_t>(doe) - 719'468;
}

Civil civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto doe = static_cast<unsigned>(days - era * 146'097);
  const unsigned yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
  const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const unsigned mp = (5 * doy + 2) / 153;
  const unsigned month = mp < 10 ? mp + 3 : mp - 9;
  return {static_cast<std::int64_t>(yoe) + era * 400 + (month <= 2 ? 1 : 0), month,
          doy - (153 * mp + 2) / 5 + 1};
}

struct Fields {
  Civil date;
  std::int64_t hour = 0, minute = 0, second = 0;
};

Fields jst_fields(WallTime time) {
  const std::int64_t local = time.unix_seconds() + kJstOffset;
  std::int64_t day = local / 86'400;
  std::int64_t rest = local % 86'400;
  if (rest < 0) {
    rest += 86'400;
    --day;
  }
  return {civil_from_days(day), rest / 3600, rest / 60 % 60, rest % 60};
}

/// Takes exactly `width` digits off the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + width, value);
  if (error != std::errc{} || end != text.data() + width || text[0] == '-') return std::nullopt;
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

/// "Z", "+09:00", "-03:30", or nothing at all (then Japan standard time). The text must end here.
std::optional<std::int64_t> parse_offset(std::string_view text) {
  if (text.empty()) return kJstOffset;
  if (text == "Z" || text == "z") return 0;
  const bool minus = text[0] == '-';
  if (!minus && text[0] != '+') return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !text.empty() || *hour > 23 || *minute > 59) return std::nullopt;
  const std::int64_t offset = *hour * 3600 + *minute * 60;
  return minus ? -offset : offset;
}

}  // namespace

std::string to_rfc3339(WallTime time) {
  const Fields f = jst_fields(time);
  std::array<char, 48> out{};
  std::snprintf(out.data(), out.size(), "%04lld-%02u-%02uT%02lld:%02lld:%02lld+09:00",
                static_cast<long long>(f.date.year), f.date.month, f.date.day, static_cast<long long>(f.hour),
                static_cast<long long>(f.minute), static_cast<long long>(f.second));
  return out.data();
}

std::string to_jst(WallTime time) {
  const Fields f = jst_fields(time);
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%lld/%u/%u %02lld:%02lld", static_cast<long long>(f.date.year),
                f.date.month, f.date.day, static_cast<long long>(f.hour), static_cast<long long>(f.minute));
  return out.data();
}

std::string to_short_jst(WallTime time, WallTime now) {
  const std::string whole = to_jst(time);
  const bool this_year = jst_fields(time).date.year == jst_fields(now).date.year;
  return this_year ? whole.substr(whole.find('/') + 1) : whole;
}

std::optional<WallTime> parse_time(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !(take(text, 'T') || take(text, ' '))) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute) return std::nullopt;
  int second = 0;
  if (take(text, ':')) {
    const auto given = take_digits(text, 2);
    if (!given) return std::nullopt;
    second = *given;
  }
  const auto offset = parse_offset(text);
  if (!offset || *month < 1 || *month > 12 || *day < 1 || *hour > 23 || *minute > 59 || second > 59)
    return std::nullopt;
  const Civil date{*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day)};
  const std::int64_t day_number = days_from_civil(date);
  const Civil back = civil_from_days(day_number);
  if (back.month != date.month || back.day != date.day) return std::nullopt;  // 30 February
  return WallTime::from_unix(day_number * 86'400 + *hour * 3600 + *minute * 60 + second - *offset);
}

}  // namespace noroshi
