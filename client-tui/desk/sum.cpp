#include "client-tui/desk/sum.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace noroshi::desk {

using forms::CountState;

Sum& Sum::operator+=(const forms::Count& count) {
  switch (count.state) {
    case CountState::exact:
    case CountState::approx:
    case CountState::less_than:
    case CountState::at_least:
      value += count.value;
      state = join(state, count.state);
      ++added;
      break;
    case CountState::unconfirmed: ++unconfirmed; break;
    case CountState::not_applicable: ++not_applicable; break;
    case CountState::magnitude:
      if (count.value <= forms::kMagnitudeMax) ++magnitudes[count.value];
      break;
    case CountState::absent: break;
  }
  return *this;
}

Sum& Sum::operator+=(const Sum& other) {
  value += other.value;
  state = join(state, other.state);
  added += other.added;
  unconfirmed += other.unconfirmed;
  not_applicable += other.not_applicable;
  for (std::size_t d = 0; d < magnitudes.size(); ++d) magnitudes[d] += other.magnitudes[d];
  return *this;
}

namespace {

std::string digits(std::uint64_t value, std::uint32_t scale) {
  std::uint64_t one = 1;
  for (std::uint32_t i = 0; i < scale; ++i) one *= 10;
  const std::string whole = forms::with_commas(value / one);
  return scale == 0 ? whole : fmt::format("{}.{:0{}}", whole, value % one, scale);
}

std::string total(const Sum& sum, forms::Language language, std::uint32_t scale) {
  const std::string number = digits(sum.value, scale);
  const bool ja = language == forms::Language::ja;
  switch (sum.state) {
    case CountState::approx: return (ja ? "約 " : "about ") + number;
    case CountState::less_than: return ja ? number + "未満" : "under " + number;
    case CountState::at_least: return ja ? number + "以上" : number + " or more";
    default: return number;
  }
}

}  // namespace

std::string format(const Sum& sum, forms::Language language, std::uint32_t scale) {
  const bool ja = language == forms::Language::ja;
  std::vector<std::string> beside;
  const char* plus = sum.known() ? "+" : "";
  if (sum.unconfirmed > 0) {
    beside.push_back(
        fmt::format(fmt::runtime(ja ? "{}{} 未確認" : "{}{} unconfirmed"), plus, sum.unconfirmed));
  }
  for (std::uint32_t d = 1; d < sum.magnitudes.size(); ++d) {
    if (sum.magnitudes[d] == 0) continue;
    const forms::Count range{d, CountState::magnitude};
    beside.push_back(fmt::format("{}{} {}", plus, sum.magnitudes[d], forms::format(range, language)));
  }
  std::string joined;
  for (const std::string& part : beside) joined += (joined.empty() ? "" : ", ") + part;
  if (!sum.known()) return joined.empty() ? "—" : joined;
  return total(sum, language, scale) + (joined.empty() ? "" : " (" + joined + ")");
}

}  // namespace noroshi::desk
