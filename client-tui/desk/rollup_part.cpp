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

void Filling::hear(UnitId unit) {
  if (heard_.insert(unit).second && expected_.count(unit) > 0) ++part_.coverage.units_heard;
}
void Filling::hear(UnitId unit, WallTime as_of, const Sum& checked) {
  hear(unit);
  part_.coverage.households_checked += checked;
  auto& oldest = part_.coverage.oldest;
  if (!oldest || as_of < *oldest) oldest = as_of;
}

namespace {

std::int64_t order_of(const forms::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* decimal = std::get_if<forms::Decimal>(&value)) return decimal->scaled;
  if (const auto* time = std::get_if<WallTime>(&value)) return time->s;
  if (const auto* date = std::get_if<forms::Date>(&value)) return date->days;
  return 0;
}

}  // namespace

void Filling::add_extreme(const forms::FieldInfo& field, const forms::Value& value) {
  const auto [place, first] = part_.extremes.try_emplace(field.number, value);
  if (first) return;
  const std::int64_t held = order_of(place->second), next = order_of(value);
  if (field.aggregation == forms::Aggregation::min ? next < held : next > held) place->second = value;
}

void Filling::add(const Filling& other, const forms::FormInfo& form, const forms::Catalogue& catalogue) {
  for (const UnitId unit : other.heard_) hear(unit);
  const Coverage& theirs = other.part_.coverage;
  Coverage& ours = part_.coverage;
  ours.households_checked += theirs.households_checked;
  if (theirs.oldest && (!ours.oldest || *theirs.oldest < *ours.oldest)) ours.oldest = theirs.oldest;
  for (const auto& [field, by_scope] : other.lanes_) {
    for (const auto& [scope, lanes] : by_scope) lanes_[field][scope] += lanes;
  }
  const auto count = [](auto& into, const auto& from) {
    for (const auto& [field, codes] : from) {
      for (const auto& [code, rows] : codes) into[field][code] += rows;
    }
  };
  count(part_.tallies, other.part_.tallies);
  count(part_.six, other.part_.six);
  for (const auto& [number, value] : other.part_.extremes) {
    if (const forms::FieldInfo* field = catalogue.field(form, number)) add_extreme(*field, value);
  }
}

Part Filling::finish() const {
  Part part = part_;
  for (const auto& [field, by_scope] : lanes_) {
    const auto first = std::find_if(by_scope.begin(), by_scope.end(), [](const auto& entry) {
      return entry.first != 0 && !entry.second.sum.empty();
    });
    const auto unscoped = by_scope.find(0);
    Lanes main = unscoped != by_scope.end() ? unscoped->second : Lanes{};
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
    part.totals.emplace(field, std::move(total));
  }
  return part;
}

}  // namespace noroshi::desk
