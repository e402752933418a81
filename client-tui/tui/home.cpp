// The first screen: a short numbered menu for the field, the lists for a headquarters, the nodes for a relay.
#include <algorithm>

#include "client-tui/tui/begin.hpp"
#include "client-tui/tui/pages.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/text.hpp"

namespace noroshi::tui {
namespace {

class HomePage final : public Page {
 public:
  [[nodiscard]] std::vector<Where> places() const override { return {Where::home}; }
  [[nodiscard]] std::string title(const Facts& facts, const Bindings&) const override {
    return say(Text::console_program) + "  " +
           (facts.unit.value != 0 ? words::unit_name(facts.unit, *facts.trust)
                                  : words::org_name(facts.self.org, *facts.trust));
  }
  [[nodiscard]] std::vector<Action> hints() const override {
    return {Action::console, Action::refresh, Action::help, Action::quit};
  }

  void key(const Key& key, Turn& turn) override {
    const auto action = turn.bindings.action(key, places());
    if (action == Action::quit) turn.quit = true;
    if (action == Action::console) return turn.open(list_page(Tab::inbox));
    if (action == Action::refresh) return contact(turn);
    if (action == Action::attach) return picture(turn);
    if (action == Action::incident) return choose_incident(turn);
    const Key plain = key.plain();
    if (plain.kind != Key::Kind::text || plain.text.size() != 1) return;
    const auto digit = static_cast<std::size_t>(plain.text[0] - '1');
    if (digit < std::size(kMenu)) (this->*kMenu[digit].act)(turn);
  }

  void draw(Area area) const override {
    const Facts& facts = *area.facts;
    int row = area.top + 1;
    for (std::size_t i = 0; i < std::size(kMenu); ++i) {
      std::string line = std::to_string(i + 1) + "  " + say(kMenu[i].word);
      if (kMenu[i].word == Text::console_home_inbox) {
        const std::size_t unread = facts.shelf->unread();
        if (unread > 0) line += say(Text::console_home_unread, unread);
      }
      area.screen.put({row++, 3}, line);
    }
    area.screen.put({row++, 3},
                    area.bindings.key(Action::attach, places()) + "  " + say(Text::console_home_picture));
    ++row;
    for (const Item& item : facts.shelf->window(Shelf::List::own, 0, 1)) {
      area.screen.put_within({row++, 3}, area.columns(),
                             say(Text::console_home_last, words::delivery_word(item.state),
                                 words::list_line(item.letter, item.reading(), *facts.trust, *facts.catalogue,
                                                  facts.now.wall, facts.board().query.exercise)));
      return;
    }
    area.screen.put({row, 3}, say(Text::console_home_none), Style::label);
  }

 private:
  struct Entry {
    Text word;
    void (HomePage::*act)(Turn&);
  };
  static const Entry kMenu[9];

  void first(Turn& turn) {
    turn.open(
        six_page(begin_report(*turn.facts->catalogue->form("F1"), *turn.facts), *turn.facts->catalogue));
  }
  void nil(Turn& turn) { turn.open(form_page(begin_nil(*turn.facts), *turn.facts)); }
  void update(Turn& turn) { fill_in(begin_update(*turn.facts, turn.office), turn); }
  void help(Turn& turn) {
    const forms::FormInfo* form = turn.facts->catalogue->form("F4");
    if (form == nullptr) return turn.complain(say(Text::console_no_form, "F4"));
    begin_form(*form, turn);
  }
  void phone(Turn& turn) { take_call(turn); }
  void inbox(Turn& turn) { turn.open(list_page(Tab::inbox)); }
  void drafts(Turn& turn) { turn.open(list_page(Tab::drafts)); }
  void others(Turn& turn) { choose_form(turn); }
  void aloud(Turn& turn) {
    const auto last = last_standing(*turn.facts);
    if (!last) return turn.complain(say(Text::console_nothing_to_read));
    turn.open(say_page(last->report));
  }
  void picture(Turn& turn) {
    choose_picture(turn, [](const Enclosed& chosen, Turn& after) {
      desk::Draft draft = begin_picture(chosen, *after.facts);
      // A picture that is kept has a draft that names it.
      if (const auto number = after.office.keep(draft, false); number.ok()) draft.number = *number;
      after.open(form_page(std::move(draft), *after.facts));
    });
  }
  static void contact(Turn& turn) {
    turn.stale = true;
    turn.office.contact();
    turn.say(say(Text::console_contacted));
  }
};

const HomePage::Entry HomePage::kMenu[9] = {
    {Text::console_home_first, &HomePage::first},   {Text::console_home_nil, &HomePage::nil},
    {Text::console_home_update, &HomePage::update}, {Text::console_home_help, &HomePage::help},
    {Text::console_home_phone, &HomePage::phone},   {Text::console_home_inbox, &HomePage::inbox},
    {Text::console_home_drafts, &HomePage::drafts}, {Text::console_home_forms, &HomePage::others},
    {Text::console_home_aloud, &HomePage::aloud},
};

}  // namespace

PagePtr first_page(const Facts& facts) {
  if (facts.roles.has(keys::Role::desk)) return list_page(Tab::board);
  if (facts.roles.has(keys::Role::field)) return std::make_unique<HomePage>();
  return list_page(Tab::nodes);
}

FormChoices form_choices(const Facts& facts) {
  FormChoices out;
  for (const forms::FormInfo& form : facts.catalogue->forms()) {
    out.choices.push_back({form.label.in(language()), form.label.kana, form.code});
    out.forms.push_back(&form);
  }
  return out;
}

UnitChoices unit_choices(const Facts& facts) {
  UnitChoices out;
  for (const OrgId org : facts.trust->organisations()) {
    for (const keys::Unit* unit : facts.trust->units(org)) {
      out.choices.push_back({unit->name, unit->kana, std::to_string(unit->id.value)});
      out.units.push_back(unit->id);
    }
  }
  return out;
}

std::string incident_name(IncidentId incident, const Facts& facts) {
  const keys::Incident* declared = facts.trust->incident(incident);
  if (declared == nullptr) return say(Text::console_pending);
  return (declared->exercise ? say(Text::console_exercise_mark) : "") +
         words::in_language(declared->name, declared->name_en);
}

IncidentChoices incident_choices(const Facts& facts) {
  IncidentChoices out;
  const auto add = [&](IncidentId incident, const std::string& key) {
    if (incident == facts.incident) out.at = out.incidents.size();
    out.choices.push_back({incident_name(incident, facts), "", key});
    out.incidents.push_back(incident);
  };
  for (const keys::Incident* incident : facts.open) add(incident->id, std::to_string(incident->id.value));
  add({}, "");
  return out;
}

void choose_incident(Turn& turn) {
  IncidentChoices offered = incident_choices(*turn.facts);
  turn.open(pick_page(
      say(Text::console_pick_incident), std::move(offered.choices),
      [incidents = std::move(offered.incidents)](std::size_t choice, Turn& after) {
        after.office.choose_incident(incidents[choice]);
        after.stale = true;
        after.say(say(Text::console_incident_shown, incident_name(incidents[choice], *after.facts)));
      },
      offered.at));
}

void begin_form(const forms::FormInfo& form, Turn& turn) {
  desk::Draft draft;
  draft.message.reports = {begin_report(form, *turn.facts)};
  turn.open(form_page(std::move(draft), *turn.facts));
}

void choose_form(Turn& turn) {
  FormChoices offered = form_choices(*turn.facts);
  turn.open(pick_page(say(Text::console_pick_form), std::move(offered.choices),
                      [forms = std::move(offered.forms)](std::size_t choice, Turn& after) {
                        begin_form(*forms[choice], after);
                      }));
}

void take_call(Turn& turn) {
  UnitChoices units = unit_choices(*turn.facts);
  turn.open(pick_page(say(Text::console_pick_unit), std::move(units.choices),
                      [units = std::move(units.units)](std::size_t choice, Turn& after) {
                        forms::Report report =
                            begin_report(*after.facts->catalogue->form("F1"), *after.facts);
                        speak_for(report, units[choice], after.office.now().wall);
                        after.open(six_page(std::move(report), *after.facts->catalogue));
                      }));
}

}  // namespace noroshi::tui
