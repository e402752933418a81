#include "client-tui/tui/plain/plain.hpp"

#include <array>

#include "client-tui/tui/begin.hpp"
#include "client-tui/tui/line_state.hpp"
#include "client-tui/tui/plain/fill.hpp"
#include "client-tui/tui/plain/room.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/spoken.hpp"

namespace noroshi::tui::plain {
namespace {

void first(Room& room) {
  first_report(begin_report(*room.facts->catalogue->form("F1"), *room.facts), room);
}
void nil(Room& room) {
  write(begin_nil(*room.facts), room);
}
void update(Room& room) {
  write(begin_update(*room.facts, room.office), room);
}
void begin(const forms::FormInfo& form, Room& room) {
  desk::Draft draft;
  draft.message.reports = {begin_report(form, *room.facts)};
  write(std::move(draft), room);
}
void support(Room& room) {
  begin(*room.facts->catalogue->form("F4"), room);
}
void phone(Room& room) {
  const UnitChoices units = unit_choices(*room.facts);
  const auto at = find(say(Text::console_pick_unit) + ": ", units.choices, room.paper);
  room.gone = !at;
  if (!at || *at == units.choices.size()) return;
  forms::Report report = begin_report(*room.facts->catalogue->form("F1"), *room.facts);
  speak_for(report, units.units[*at], room.office.now().wall);
  first_report(std::move(report), room);
}
void forms_list(Room& room) {
  const FormChoices offered = form_choices(*room.facts);
  const auto at = find(say(Text::console_pick_form) + ": ", offered.choices, room.paper);
  room.gone = !at;
  if (at && *at < offered.forms.size()) begin(*offered.forms[*at], room);
}
void aloud(Room& room) {
  const auto last = last_standing(*room.facts);
  if (!last) return room.print(say(Text::console_nothing_to_read));
  for (const std::string& line :
       words::script_lines(last->report, *room.facts->trust, *room.facts->catalogue))
    room.print(line);
}
void picture(Room& room) {
  if (const auto chosen = choose_picture(room)) write(begin_picture(*chosen, *room.facts), room);
}
void incident(Room& room) {
  const IncidentChoices offered = incident_choices(*room.facts);
  const auto at = find(say(Text::console_pick_incident) + ": ", offered.choices, room.paper);
  room.gone = !at;
  if (!at || *at >= offered.incidents.size()) return;
  room.office.choose_incident(offered.incidents[*at]);
  room.look();
  room.print(say(Text::console_incident_shown, incident_name(room.facts->incident, *room.facts)));
}
template <Tab tab>
void list(Room& room) {
  read_list(tab, room);
}

struct Entry {
  Text word;
  void (*act)(Room&);
};
/// The first nine as on the first screen of a field laptop, then the tabs of the lists.
constexpr std::array<Entry, 17> kMenu{{
    {Text::console_home_first, first},
    {Text::console_home_nil, nil},
    {Text::console_home_update, update},
    {Text::console_home_help, support},
    {Text::console_home_phone, phone},
    {Text::console_home_inbox, list<Tab::inbox>},
    {Text::console_home_drafts, list<Tab::drafts>},
    {Text::console_home_forms, forms_list},
    {Text::console_home_aloud, aloud},
    {Text::console_outbox, list<Tab::outbox>},
    {Text::console_board, list<Tab::board>},
    {Text::console_timeline, list<Tab::timeline>},
    {Text::console_map, list<Tab::map>},
    {Text::console_nodes, list<Tab::nodes>},
    {Text::console_support, list<Tab::support>},
    {Text::console_home_picture, picture},
    {Text::console_pick_incident, incident},
}};

void print_menu(Room& room) {
  for (std::size_t i = 0; i < kMenu.size(); ++i) room.print(std::to_string(i + 1) + " " + say(kMenu[i].word));
  room.print(say(Text::plain_leave));
}

std::string whose(const Facts& facts) {
  const keys::Incident* incident = facts.trust->incident(facts.incident);
  return (incident != nullptr && incident->exercise ? say(Text::console_exercise_mark) : "") +
         say(Text::console_program) + "  " +
         (facts.unit.value != 0 ? words::unit_name(facts.unit, *facts.trust)
                                : words::org_name(facts.self.org, *facts.trust));
}

}  // namespace

Result<void> run(Office& office, Paper& paper) {
  office.contact();
  TRY(FactsPtr facts, office.facts());
  Room room(office, paper, std::move(facts));
  room.print(whose(*room.facts));
  print_menu(room);
  while (!room.gone) {
    room.contact();
    room.print(line_state(*room.facts));
    const auto line = paper.ask("> ");
    if (!line || *line == "0" || *line == ".q") break;
    const auto number = number_typed(*line);
    if (number && *number >= 1 && *number <= kMenu.size()) {
      kMenu[*number - 1].act(room);
    } else if (!line->empty()) {
      print_menu(room);
    }
  }
  return {};
}

}  // namespace noroshi::tui::plain
