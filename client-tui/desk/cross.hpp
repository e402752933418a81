// Rules that no report breaks by itself, only several together: X1–X3, X5, X7, X9 and R9 of the catalogue.
// (X4 is a rule of F7; X6 and X8 are kept by folding, which never mixes exercise and reality and orders
// doubtful clocks apart.)
//
// Pure: the reports that stand for one incident go in, what clashes comes out, with the reports and both
// values, so that somebody can ask. Nothing is mended here and nothing is left out of a total; X9 is a
// suggestion only. What a clash says to people is in client-tui/words/board_lines.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client-tui/desk/rollup.hpp"

namespace noroshi::desk {

enum class CrossRule : std::uint8_t {
  recovered_over_count,    ///< X1: more cylinders recovered one by one (F3) than F2 counts
  accident_without_count,  ///< X2: more accidents (F6) than F2 counts; the only error
  count_without_accident,  ///< X2 the other way
  over_delivered,          ///< X3: more delivered (F5) than asked for (F4)
  delivers_on_cut_road,    ///< X5: F1 delivers as usual, a newer F8 says the road is closed
  over_register,           ///< X7: more households than the register has
  same_object,             ///< X9: two F3 that may be one object
  parts_not_total,         ///< R9: the municipalities do not add up to the roll-up
};
/// "X1"; "recovered_over_count".
[[nodiscard]] std::string_view id_of(CrossRule rule);
[[nodiscard]] std::string_view name_of(CrossRule rule);

/// A report that has a part in a clash.
struct Party {
  ReportId id;
  UnitId unit;
  forms::FormNo form = 0;
  std::uint32_t municipality = 0;  ///< 0 = not said
  bool operator==(const Party&) const = default;
};
struct Clash {
  CrossRule rule{};
  forms::Severity severity = forms::Severity::warning;
  std::vector<Party> parties;  ///< those that disagree; the one to be doubted first
  std::string field;           ///< key of what is compared
  std::int64_t said = 0;       ///< what the first says, or the sum of the parts; decimals as scaled
  std::int64_t against = 0;    ///< what it is held against; metres for same_object (distance, accuracy)
  bool operator==(const Clash&) const = default;
};

/// Forms that a rule holds against a form, and that form itself: whose standing reports clashes() needs to
/// find every clash in which a report on it has a part.
[[nodiscard]] std::vector<forms::FormNo> held_against(forms::FormNo form, const forms::Catalogue& catalogue);

/// In the order of the rules, then of the reports' ids; whatever the order of the input. `standing`: reports
/// of one incident, on one side of exercise, without what is only said or held; `units` for X7. They are
/// looked at only during the call. Cost: O(n log n), X9 quadratic only within six hours of one kind and size.
[[nodiscard]] std::vector<Clash> clashes(std::vector<const Reading*> standing,
                                         std::span<const ExpectedUnit> units,
                                         const forms::Catalogue& catalogue);
/// Those in which a report on the form has a part.
[[nodiscard]] std::vector<Clash> with_form(std::vector<Clash> clashes, forms::FormNo form);

}  // namespace noroshi::desk
