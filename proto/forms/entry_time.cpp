// Days and times of day as people write them. Calendar arithmetic is proto/time's, by way of its texts.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>

#include "proto/forms/entry.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::forms {
namespace {

/// Takes pieces off the front of a folded text.
class Typing {
 public:
  explicit Typing(std::string_view text) : rest_(text) {}

  bool take(std::string_view piece) {
    if (!rest_.starts_with(piece)) return false;
    rest_.remove_prefix(piece.size());
    return true;
  }
  bool take_any(std::initializer_list<std::string_view> pieces) {
    for (const std::string_view piece : pieces)
      if (take(piece)) return true;
    return false;
  }
  /// One to `most` digits, and no digit behind them.
  std::optional<int> number(std::size_t most = 4) {
    std::size_t size = 0;
    while (size < rest_.size() && rest_[size] >= '0' && rest_[size] <= '9') ++size;
    if (size == 0 || size > most) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, size)) value = value * 10 + (c - '0');
    rest_.remove_prefix(size);
    digits_ = size;
    return value;
  }
  /// Of the number taken last.
  [[nodiscard]] std::size_t digits() const { return digits_; }
  void skip_spaces() {
    while (take(" ")) {
    }
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  std::size_t digits_ = 0;
};

std::string folded(std::string_view text) {
  std::string out = fold_for_search(text);
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out.substr(std::min(out.find_first_not_of(' '), out.size()));
}

constexpr std::int64_t kJapan = 9 * 3600;

WallTime to_minute_of(WallTime time) {
  return {time.s - ((time.s % 60) + 60) % 60};
}
Date day_in_japan(WallTime time) {
  const std::int64_t local = time.s + kJapan;
  return {static_cast<std::int32_t>((local - ((local % 86'400) + 86'400) % 86'400) / 86'400)};
}
WallTime at(Date date, int minutes_of_day) {
  return {std::int64_t{date.days} * 86'400 - kJapan + minutes_of_day * 60};
}

std::optional<Date> civil(int year, int month, int day) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", year, month, day);
  return parse_date(text.data());
}
int year_of(Date date) {
  return std::atoi(to_string(date).substr(0, 4).c_str());
}
int month_of(Date date) {
  return std::atoi(to_string(date).substr(5, 2).c_str());
}

/// Of candidates that may not exist (30 February): the nearest to today, of two the earlier.
std::optional<Date> nearest(std::initializer_list<std::optional<Date>> candidates, Date today) {
  std::optional<Date> best;
  for (const auto& one : candidates) {
    if (!one) continue;
    if (!best || std::abs(one->days - today.days) < std::abs(best->days - today.days)) best = one;
  }
  return best;
}

std::optional<Date> month_and_day(int month, int day, Date today) {
  const int year = year_of(today);
  return nearest({civil(year - 1, month, day), civil(year, month, day), civil(year + 1, month, day)}, today);
}

std::optional<Date> day_of_month(int day, Date today) {
  const auto in_month = [&](int ahead) {
    const int months = year_of(today) * 12 + month_of(today) - 1 + ahead;
    return civil(months / 12, months % 12 + 1, day);
  };
  return nearest({in_month(-1), in_month(0), in_month(1)}, today);
}

struct DayWord {
  std::string_view text;
  int ahead;
};
constexpr std::array kDayWords{
    DayWord{"今日", 0},    DayWord{"きょう", 0},    DayWord{"本日", 0},   DayWord{"today", 0},
    DayWord{"昨日", -1},   DayWord{"きのう", -1},   DayWord{"前日", -1},  DayWord{"yesterday", -1},
    DayWord{"一昨日", -2}, DayWord{"おととい", -2}, DayWord{"明後日", 2}, DayWord{"あさって", 2},
    DayWord{"明日", 1},    DayWord{"あした", 1},    DayWord{"あす", 1},   DayWord{"tomorrow", 1}};

std::optional<Date> take_day_in_figures(Typing& typing, Date today) {
  const Typing before = typing;
  if (const auto eight = typing.number(8); eight && typing.digits() == 8)
    return civil(*eight / 10'000, *eight / 100 % 100, *eight % 100);
  typing = before;
  const auto first = typing.number();
  if (!first) return std::nullopt;
  const bool year = typing.digits() == 4;
  if (!year && typing.take("日")) return day_of_month(*first, today);
  const bool kanji = typing.take(year ? "年" : "月");
  if (!kanji && !typing.take("/") && !(year && typing.take("-"))) return std::nullopt;
  const auto second = typing.number(2);
  if (!second) return std::nullopt;
  if (!year) return kanji && !typing.take("日") ? std::nullopt : month_and_day(*first, *second, today);
  if (kanji ? !typing.take("月") : !typing.take_any({"/", "-"})) return std::nullopt;
  const auto third = typing.number(2);
  if (!third || (kanji && !typing.take("日"))) return std::nullopt;
  return civil(*first, *second, *third);
}

/// A day off the front; if there is none the typing stays as it was.
std::optional<Date> take_day(Typing& typing, Date today) {
  for (const DayWord& word : kDayWords)
    if (typing.take(word.text)) return Date{today.days + word.ahead};
  Typing tried = typing;
  const auto day = take_day_in_figures(tried, today);
  if (day) typing = tried;
  return day;
}

/// Minutes since midnight, 0 … 1440 (24:00).
std::optional<int> take_time_of_day(Typing& typing) {
  const bool morning = typing.take_any({"午前", "am"});
  const bool afternoon = !morning && typing.take_any({"午後", "pm"});
  typing.skip_spaces();
  const auto first = typing.number();
  if (!first) return std::nullopt;
  const std::size_t digits = typing.digits();
  int hour = *first, minute = 0;
  if (typing.take("時")) {
    if (typing.take("半")) {
      minute = 30;
    } else if (const auto given = typing.number(2)) {
      if (!typing.take("分")) return std::nullopt;
      minute = *given;
    }
  } else if (typing.take(":")) {
    const auto given = typing.number(2);
    if (!given || typing.digits() != 2) return std::nullopt;
    minute = *given;
  } else if (digits >= 3) {
    hour = *first / 100;
    minute = *first % 100;
  } else {
    return std::nullopt;  // "9" alone may be the begin of anything
  }
  if (digits > 2 && hour == *first) return std::nullopt;
  if ((morning || afternoon) && hour > 12) return std::nullopt;
  if (afternoon && hour < 12) hour += 12;
  if (morning && hour == 12) hour = 0;
  if (minute > 59 || hour > 24 || (hour == 24 && minute > 0)) return std::nullopt;
  return hour * 60 + minute;
}

/// "-1h30m", "2時間前": seconds from now.
std::optional<Seconds> relative(std::string_view text) {
  Typing typing(text);
  const bool minus = typing.take_any({"-", "ー", "−"});
  const bool sign = minus || typing.take("+");
  std::int64_t sum = 0;
  do {
    const auto value = typing.number(5);
    if (!value) return std::nullopt;
    if (typing.take_any({"時間", "h"}))
      sum += std::int64_t{*value} * 3600;
    else if (typing.take_any({"分", "m"}))
      sum += std::int64_t{*value} * 60;
    else if (typing.take_any({"日", "d"}))
      sum += std::int64_t{*value} * 86'400;
    else
      return std::nullopt;
    if (!sign && typing.take("前")) {
      if (!typing.done()) return std::nullopt;
      sum = -sum;
    } else if (!sign && typing.take("後")) {
      if (!typing.done()) return std::nullopt;
    } else if (!sign && typing.done()) {
      return std::nullopt;  // "2h" says neither
    }
  } while (!typing.done());
  if (std::abs(sum) > kRelativeMax.count) return std::nullopt;
  return Seconds{minus ? -sum : sum};
}

}  // namespace

std::optional<WallTime> parse_when(std::string_view text, WallTime now, Lean lean) {
  const std::string typed_text = folded(text);
  if (typed_text == "今" || typed_text == "いま" || typed_text == "now") return to_minute_of(now);
  if (const auto full = parse_time(text)) return to_minute_of(*full);
  if (const auto ahead = relative(typed_text)) return to_minute_of(now + *ahead);
  Typing typing(typed_text);
  const Date today = day_in_japan(now);
  const auto day = take_day(typing, today);
  if (day) (void)typing.take_any({"の", "t"}), typing.skip_spaces();
  const auto minutes_of_day = take_time_of_day(typing);
  if (!minutes_of_day || !typing.done()) return std::nullopt;
  if (day) return at(*day, *minutes_of_day);
  if (lean == Lean::future) {
    WallTime time = at({today.days - 1}, *minutes_of_day);
    while (time < to_minute_of(now)) time = time + days(1);
    return time;
  }
  WallTime time = at({today.days + 1}, *minutes_of_day);
  while (time > now + kRoundedUp) time = time - days(1);
  return time;
}

std::optional<Date> parse_day(std::string_view text, WallTime now) {
  const std::string typed_text = folded(text);
  Typing typing(typed_text);
  const auto day = take_day(typing, day_in_japan(now));
  return typing.done() ? day : std::nullopt;
}

std::string typed(WallTime time, WallTime now) {
  time = to_minute_of(time);
  const std::string clock = to_rfc3339(time).substr(11, 5);
  return typed(day_in_japan(time), now) + " " + clock;
}

std::string typed(Date date, WallTime now) {
  const std::string full = to_string(date);
  const std::string brief =
      std::to_string(month_of(date)) + "/" + std::to_string(std::atoi(full.substr(8).c_str()));
  return parse_day(brief, now) == date ? brief : full;
}

}  // namespace noroshi::forms
