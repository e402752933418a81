#include <array>
#include <utility>

#include "proto/forms/entry.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::forms {
namespace {

/// Without spaces and the commas of thousands.
std::string bare_number_text(std::string_view text) {
  std::string out = fold_for_search(text);
  for (const std::string_view nothing : {" ", ",", "、"})
    for (std::size_t at = 0; (at = out.find(nothing, at)) != std::string::npos;)
      out.erase(at, nothing.size());
  return out;
}

std::optional<std::uint32_t> digits_only(std::string_view text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return value;
}

/// "2", or the range it stands for: "10〜100".
std::optional<Count> magnitude_of(std::string_view text) {
  for (const std::string_view to : {"〜", "~", "-"}) {
    const std::size_t at = text.find(to);
    if (at == std::string_view::npos) continue;
    const auto low = digits_only(text.substr(0, at));
    const auto high = digits_only(text.substr(at + to.size()));
    if (!low || !high) return std::nullopt;
    for (std::uint32_t decade = 1; decade <= kMagnitudeMax; ++decade) {
      const Count count{decade, CountState::magnitude};
      if (count.hi() == high && (*low == *high / 10 || *low == count.lo())) return count;
    }
    return std::nullopt;
  }
  const auto decade = digits_only(text);
  if (!decade || *decade < 1 || *decade > kMagnitudeMax) return std::nullopt;
  return Count{*decade, CountState::magnitude};
}

struct CountSign {
  std::string_view text;
  CountState state;
};
constexpr std::array kBefore{
    CountSign{"約", CountState::approx},      CountSign{"about", CountState::approx},
    CountSign{"~", CountState::approx},       CountSign{"〜", CountState::approx},
    CountSign{"<", CountState::less_than},    CountSign{"under", CountState::less_than},
    CountSign{">", CountState::at_least},     CountSign{"*", CountState::magnitude},
    CountSign{"規模", CountState::magnitude}, CountSign{"magnitude", CountState::magnitude}};
constexpr std::array kBehind{CountSign{"未満", CountState::less_than},
                             CountSign{"以上", CountState::at_least},
                             CountSign{"ormore", CountState::at_least}, CountSign{"+", CountState::at_least}};
/// ー is what the minus key gives while an input method is on.
constexpr std::array kAlone{CountSign{"?", CountState::unconfirmed},
                            CountSign{"未確認", CountState::unconfirmed},
                            CountSign{"unconfirmed", CountState::unconfirmed},
                            CountSign{"-", CountState::not_applicable},
                            CountSign{"ー", CountState::not_applicable},
                            CountSign{"−", CountState::not_applicable},
                            CountSign{"該当なし", CountState::not_applicable},
                            CountSign{"notapplicable", CountState::not_applicable}};

}  // namespace

std::optional<Count> parse_count(std::string_view text) {
  const std::string bare = bare_number_text(text);
  for (const CountSign& sign : kAlone)
    if (bare == sign.text) return Count{0, sign.state};
  std::string_view number = bare;
  CountState state = CountState::exact;
  for (const CountSign& sign : kBefore) {
    if (!number.starts_with(sign.text)) continue;
    state = sign.state;
    number.remove_prefix(sign.text.size());
    break;
  }
  if (state == CountState::magnitude) return magnitude_of(number);
  for (const CountSign& sign : kBehind) {
    if (state != CountState::exact || !number.ends_with(sign.text)) continue;
    state = sign.state;
    number.remove_suffix(sign.text.size());
  }
  const auto value = digits_only(number);
  if (!value || *value > kCountMax) return std::nullopt;
  return Count{*value, state};
}

std::string typed(const Count& count) {
  const std::string number = std::to_string(count.value);
  switch (count.state) {
    case CountState::exact: return number;
    case CountState::approx: return "~" + number;
    case CountState::less_than: return "<" + number;
    case CountState::at_least: return ">" + number;
    case CountState::unconfirmed: return "?";
    case CountState::not_applicable: return "-";
    case CountState::magnitude: return "*" + number;
    case CountState::absent: break;
  }
  return {};
}

}  // namespace noroshi::forms
