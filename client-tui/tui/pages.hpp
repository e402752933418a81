// The pages of the console. Each opens others through its Turn.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client-tui/tui/page.hpp"
#include "proto/forms/search.hpp"

namespace noroshi::tui {

/// What somebody sees first: the menu of a field laptop, or the lists of a headquarters.
[[nodiscard]] PagePtr first_page(const Facts& facts);

/// In the order of their keys.
enum class Tab : std::uint8_t { inbox, outbox, drafts, board, timeline, map, nodes, support };
[[nodiscard]] PagePtr list_page(Tab tab);
/// The map lies on a list, which it tells where to go when the key of another tab closes it.
[[nodiscard]] PagePtr map_page(std::function<void(Tab)> go);
/// One report in full.
[[nodiscard]] PagePtr report_page(Item item);

/// What a key does to a report, in a list or on its page.
void act_on_report(const Item& item, Action action, Turn& turn);

/// The six answers; of a unit that telephones, or of the own one.
[[nodiscard]] PagePtr six_page(forms::Report report, const forms::Catalogue& catalogue);
/// A form with its fields, to fill in. The form is one of the catalogue in use.
[[nodiscard]] PagePtr form_page(desk::Draft draft, const Facts& facts);
/// The printed view, warnings, size, recipients: the last look before it is signed.
[[nodiscard]] PagePtr review_page(desk::Draft draft, Office& office);

/// The script of a report for the telephone, with its check words at the end.
[[nodiscard]] PagePtr say_page(forms::Report report);

/// A list to choose from, narrowed by typing (proto/forms/search.hpp says what is found).
struct Choice {
  std::string text;
  std::string kana;  ///< reading, for the search
  std::string key;   ///< what it is called in short: a code's number, a unit's number
  std::vector<std::string> aliases = {};
};
[[nodiscard]] forms::SearchIndex index_of(const std::vector<Choice>& choices);
/// `then` is called once, with the place of what was chosen, after the list has closed: so it may speak of
/// the page below. Nothing is called where nothing was chosen. `sought`: what has been typed of it already.
using Chosen = std::function<void(std::size_t choice, Turn& turn)>;
[[nodiscard]] PagePtr pick_page(std::string title, std::vector<Choice> choices, Chosen then = {},
                                std::size_t at = 0, const std::string& sought = {});
/// Everything that can be done where somebody is, by its key, its words or its name; Enter does it.
[[nodiscard]] PagePtr help_page(const Bindings& bindings, const std::vector<Where>& places,
                                const Facts& facts);

// ---- what several pages begin
/// Every form in use, in the order of the catalogue.
struct FormChoices {
  std::vector<Choice> choices;
  std::vector<const forms::FormInfo*> forms;
};
[[nodiscard]] FormChoices form_choices(const Facts& facts);
/// Every registered unit, and its number.
struct UnitChoices {
  std::vector<Choice> choices;
  std::vector<UnitId> units;
};
[[nodiscard]] UnitChoices unit_choices(const Facts& facts);
/// Every open incident, then that none has a number yet.
struct IncidentChoices {
  std::vector<Choice> choices;
  std::vector<IncidentId> incidents;
  std::size_t at = 0;  ///< the one that is shown
};
[[nodiscard]] IncidentChoices incident_choices(const Facts& facts);
/// "[訓練]能登半島地震 訓練"; of 0 that it has no number yet.
[[nodiscard]] std::string incident_name(IncidentId incident, const Facts& facts);
/// Another incident to be shown and reported to.
void choose_incident(Turn& turn);
void begin_form(const forms::FormInfo& form, Turn& turn);
/// Any form, chosen from the catalogue.
void choose_form(Turn& turn);
/// A unit telephones: which one, then its six answers.
void take_call(Turn& turn);
/// The form page of a draft, or the line that says why there is none.
void fill_in(Result<desk::Draft> draft, Turn& turn);
/// One of the pictures on this laptop and on what is plugged in, made small and kept; `then` is called with
/// it and has to name it in a report.
void choose_picture(Turn& turn, std::function<void(const Enclosed& picture, Turn& turn)> then);
/// What became of a picture, and how long it will be on its way.
[[nodiscard]] std::string enclosed_line(const Enclosed& picture, const std::string& name, const Facts& facts);

}  // namespace noroshi::tui
