// Adding qualified counts. What is a number is added, what is none is counted beside it.
//
//   state of a sum   exact < { less_than, at_least } < approx: the join of the terms' states
//     exact + exact = exact             less_than + exact, less_than = less_than (10未満 + 5 = 15未満)
//     approx + anything = approx        at_least + exact, at_least = at_least
//                                       less_than + at_least = approx
//   beside           unconfirmed, magnitude by decade, not_applicable: never added
//
// Sums form a commutative monoid: any order and any grouping of reports gives the same total, so each level
// can be computed again from the leaves. tests/property/desk holds that against the definition.
#pragma once

#include <array>
#include <cstdint>

#include "proto/forms/derive.hpp"
#include "proto/forms/report.hpp"

namespace noroshi::desk {

using forms::join;  // of two states: derived values are added the same way

struct Sum {
  std::uint64_t value = 0;
  forms::CountState state = forms::CountState::exact;  ///< of the added terms
  std::uint32_t added = 0;  ///< terms with a number; with none of them there is no total
  std::uint32_t unconfirmed = 0;
  std::uint32_t not_applicable = 0;
  std::array<std::uint32_t, forms::kMagnitudeMax + 1> magnitudes{};  ///< [d]: answers of 10^(d−1)+1 … 10^d

  Sum& operator+=(const forms::Count& count);
  Sum& operator+=(const Sum& other);
  bool operator==(const Sum&) const = default;
  /// There is a total: unknown is not zero.
  [[nodiscard]] bool known() const { return added > 0; }
  [[nodiscard]] bool empty() const { return *this == Sum{}; }
};

/// "345 (+3 未確認, +2 規模 10〜100)", "未確認 3", "—" for nothing. `scale`: digits after the point.
[[nodiscard]] std::string format(const Sum& sum, forms::Language language, std::uint32_t scale = 0);

}  // namespace noroshi::desk
