#include "client-tui/desk/rollup_part.hpp"

#include <algorithm>

namespace noroshi::desk {

Lanes& Lanes::operator+=(const Lanes& other) {
  sum += other.sum;
  verified += other.verified;
  hearsay += other.hearsay;
  held += other.held;
  return *this;
}

void Filling::expect(const ExpectedUnit& unit, bool counts_households) {
  ++part_.coverage.units_expected;
  expected_.insert(unit.id);
  if (counts_households) part_.coverage.households_served += unit.households_served;
}

void Filling::hear(UnitId unit, WallTime as_of, const Sum& checked) {
  if (expected_.count(unit) > 0 && heard_.insert(unit).second) ++part_.coverage.units_heard;
  part_.coverage.households_checked += checked;
  auto& oldest = part_.coverage.oldest;
  if (!oldest || as_of < *oldest) oldest = as_of;
}

Part Filling::finish() {
  for (auto& [field, by_scope] : lanes_) {
    const auto first = std::find_if(by_scope.begin(), by_scope.end(), [](const auto& entry) {
      return entry.first != 0 && !entry.second.sum.empty();
    });
    Lanes main = by_scope[0];
    Total total;
    if (first != by_scope.end()) {
      total.scope = first->first;
      main += first->second;
    }
    for (const auto& [scope, lanes] : by_scope) {
      if (scope != 0 && scope != total.scope && !lanes.sum.empty()) total.other_scopes[scope] = lanes.sum;
    }
    total.sum = main.sum;
    total.verified = main.verified;
    total.hearsay = main.hearsay;
    total.held = main.held;
    part_.totals.emplace(field, std::move(total));
  }
  return std::move(part_);
}

}  // namespace noroshi::desk
