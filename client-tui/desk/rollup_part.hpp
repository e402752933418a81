// One Part of a board while it is filled. Private to the roll-up.
#pragma once

#include <map>
#include <set>

#include "client-tui/desk/rollup.hpp"

namespace noroshi::desk {

/// Sums of one field and one scope of cylinders on their way to a Total.
struct Lanes {
  Sum sum, verified, hearsay, held;
  Lanes& operator+=(const Lanes& other);
};

class Filling {
 public:
  explicit Filling(std::uint32_t place) { part_.place = place; }
  [[nodiscard]] Part& part() { return part_; }

  void expect(const ExpectedUnit& unit, bool counts_households);
  /// A unit has a standing row here. Counted once, however many rows it has, and only where it is expected;
  /// remembered elsewhere too, because the whole may expect it.
  void hear(UnitId unit, WallTime as_of, const Sum& checked);
  /// A number, time or date of a row.
  void add_extreme(const forms::FieldInfo& field, const forms::Value& value);
  /// `scope` 0: none was said, or none is needed.
  [[nodiscard]] Lanes& lanes(forms::FieldNo field, std::uint32_t scope) { return lanes_[field][scope]; }
  /// What was counted elsewhere, among what is expected here.
  void add(const Filling& other, const forms::FormInfo& form, const forms::Catalogue& catalogue);
  /// What was filled, with totals of one scope each.
  [[nodiscard]] Part finish() const;

 private:
  void hear(UnitId unit);
  Part part_;
  std::set<UnitId> expected_, heard_;
  std::map<forms::FieldNo, std::map<std::uint32_t, Lanes>> lanes_;
};

}  // namespace noroshi::desk
