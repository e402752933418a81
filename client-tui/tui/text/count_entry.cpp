#include "client-tui/tui/text/count_entry.hpp"

#include "proto/forms/entry.hpp"
#include "proto/forms/text.hpp"
#include "proto/forms/utf8.hpp"

namespace noroshi::tui {
namespace {

using forms::CountState;

std::optional<CountState> state_of_key(char key) {
  switch (key) {
    case '~': return CountState::approx;
    case '<': return CountState::less_than;
    case '>': return CountState::at_least;
    case '?': return CountState::unconfirmed;
    case '-': return CountState::not_applicable;
    case '*': return CountState::magnitude;
    default: return std::nullopt;
  }
}

/// The key that is meant while an input method is on; 0 for what is no key.
char key_of(char32_t c) {
  switch (c) {
    case 0x3001: return ',';  // 、
    case 0x30FC:              // ー
    case 0x2212: return '-';
    case 0x301C:              // 〜
    case 0x7D04: return '~';  // 約
    default: return c < 0x80 ? static_cast<char>(c) : '\0';
  }
}

std::string as_keys(std::string_view typed) {
  std::string out;
  for (const char32_t c : forms::scalars_of(forms::fold_for_search(typed)).value_or(U"\uFFFD"))
    out += key_of(c);
  return out;
}

}  // namespace

void CountEntry::set(const std::optional<forms::Count>& count) {
  const bool given = count && count->state != CountState::absent;
  state_ = given ? count->state : CountState::exact;
  digits_ = given && has_value(count->state) ? std::to_string(count->value) : "";
}

Keyed CountEntry::type(std::string_view typed) {
  const std::string keys = as_keys(typed);
  if (keys.size() > 1) {
    if (const auto count = empty() ? forms::parse_count(typed) : std::nullopt)
      return set(count), Keyed::accepted;
    // All of it or nothing.
    CountEntry tried = *this;
    for (const char one : keys)
      if (const Keyed keyed = tried.key(one); keyed > Keyed::nothing) return keyed;
    *this = tried;
    return Keyed::accepted;
  }
  return keys.empty() ? Keyed::nothing : key(keys.front());
}

Keyed CountEntry::key(char key) {
  if (key >= '0' && key <= '9') return digit(key);
  if (key == ',' || key == ' ') return Keyed::nothing;
  const auto state = state_of_key(key);
  if (!state) return Keyed::unknown;
  const bool was_magnitude = state_ == CountState::magnitude;
  state_ = state_ == *state ? CountState::exact : *state;
  // A magnitude's digit is no number, and a number no magnitude.
  if (was_magnitude || state_ == CountState::magnitude) digits_.clear();
  return Keyed::accepted;
}

Keyed CountEntry::digit(char digit) {
  if (!has_value(state_)) {
    state_ = CountState::exact;
    digits_.clear();
  }
  if (state_ == CountState::magnitude) {
    if (digit < '1' || digit > '0' + static_cast<int>(forms::kMagnitudeMax)) return Keyed::full;
    digits_ = digit;
    return Keyed::accepted;
  }
  std::string longer = digits_ == "0" ? std::string() : digits_;
  longer += digit;
  if (longer.size() > std::to_string(forms::kCountMax).size()) return Keyed::full;
  digits_ = std::move(longer);
  return Keyed::accepted;
}

Keyed CountEntry::backspace() {
  if (empty()) return Keyed::nothing;
  if (!digits_.empty() && has_value(state_)) {
    digits_.pop_back();
  } else {
    state_ = CountState::exact;
  }
  return Keyed::accepted;
}

std::optional<forms::Count> CountEntry::count() const {
  if (!has_value(state_)) return forms::Count{0, state_};
  if (digits_.empty()) return std::nullopt;
  return forms::Count{static_cast<std::uint32_t>(std::stoul(digits_)), state_};
}

std::string CountEntry::shown(forms::Language language) const {
  if (const auto known = count()) return format(*known, language);
  if (state_ == CountState::exact) return {};
  return typed(forms::Count{0, state_}).substr(0, 1);
}

}  // namespace noroshi::tui
