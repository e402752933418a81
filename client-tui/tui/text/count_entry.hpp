// The number field: digits and one key for each way a count can be meant.
//
//   0–9  the number (full-width ones too; , 、 and spaces are nothing)
//   ~ 約     < 未満     > 以上     once more: exact again
//   ? 未確認   - 該当なし           a digit begins a new number
//   * then d  規模 d (1–7): 10^(d−1)+1 … 10^d
//
// Empty is absent: not answered, which is neither zero nor unconfirmed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/forms/report.hpp"

namespace noroshi::tui {

enum class Keyed : std::uint8_t {
  accepted,
  nothing,  ///< a comma, a space; backspace in an empty field
  full,     ///< above 9,999,999, or a magnitude that is not 1 to 7
  unknown,  ///< no key of this field
};

class CountEntry {
 public:
  CountEntry() = default;
  explicit CountEntry(const std::optional<forms::Count>& count) { set(count); }

  void set(const std::optional<forms::Count>& count);
  /// One key, or what an input method or a paste gave: "３４５", "約1,200", "未確認" (forms::parse_count).
  Keyed type(std::string_view typed);
  Keyed backspace();
  void clear() { set(std::nullopt); }

  /// Nothing while it is empty or has a sign without a number.
  [[nodiscard]] std::optional<forms::Count> count() const;
  [[nodiscard]] bool empty() const { return digits_.empty() && state_ == forms::CountState::exact; }
  /// As reports are read ("約 1,200", "未確認"); the bare sign while its number is missing ("~").
  [[nodiscard]] std::string shown(forms::Language language) const;

 private:
  Keyed key(char key);
  Keyed digit(char digit);

  forms::CountState state_ = forms::CountState::exact;
  std::string digits_;  ///< of the number, or the one of the magnitude
};

}  // namespace noroshi::tui
