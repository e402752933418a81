// What became of every report that a desk holds, and what the associations have said of it: one folding,
// asked for each report.
#pragma once

#include <map>
#include <span>
#include <utility>

#include "client-tui/desk/rollup.hpp"

namespace noroshi::desk {

class Fates {
 public:
  /// O(n log n).
  explicit Fates(std::span<const Reading> readings);
  /// Nothing for questions and notes: they are no figures of a unit, and nothing takes their place.
  [[nodiscard]] const Folded::Entry* of(const Reading& reading) const;
  [[nodiscard]] Verdict verdict(const Reading& reading) const;

 private:
  std::map<std::pair<ReportId, MsgId>, Folded::Entry> entries_;
  std::map<ReportId, Verdict> verdicts_;
};

}  // namespace noroshi::desk
