// The pages of the console. Each opens others through its Turn.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client-tui/tui/page.hpp"

namespace noroshi::tui {

/// What somebody sees first: the menu of a field laptop, or the lists of a headquarters.
[[nodiscard]] PagePtr first_page(const Facts& facts);

/// In the order of their keys.
enum class Tab : std::uint8_t { inbox, outbox, drafts, board, timeline, map, nodes };
[[nodiscard]] PagePtr list_page(Tab tab);
/// The map lies on a list, which it tells where to go when the key of another tab closes it.
[[nodiscard]] PagePtr map_page(std::function<void(Tab)> go);
/// One report in full.
[[nodiscard]] PagePtr report_page(Item item);

/// What a key does to a report, in a list or on its page.
void act_on_report(const Item& item, Action action, Turn& turn);

/// The six answers; of a unit that telephones, or of the own one.
[[nodiscard]] PagePtr six_page(forms::Report report);
/// A form with its fields, to fill in.
[[nodiscard]] PagePtr form_page(desk::Draft draft, const Facts& facts);
/// The printed view, warnings, size, recipients: the last look before it is signed.
[[nodiscard]] PagePtr review_page(desk::Draft draft, Office& office);

/// A list to choose from, narrowed by typing. The page below gets the index as `std::size_t` (`chosen`).
struct Choice {
  std::string text;
  std::string kana;  ///< reading, for the search
  std::string key;   ///< what it is called in short: a code's number, a unit's number
};
[[nodiscard]] PagePtr pick_page(std::string title, std::vector<Choice> choices, std::size_t at = 0);
[[nodiscard]] PagePtr help_page(const Bindings& bindings, std::vector<Where> places);

// ---- parts that several pages share
/// A new report of a form with what need not be typed: incident, unit.
[[nodiscard]] forms::Report begin_report(const forms::FormInfo& form, const Facts& facts);
/// A proxy report for a unit: 代行, told by telephone now.
void speak_for(forms::Report& report, UnitId unit, WallTime now);

}  // namespace noroshi::tui
