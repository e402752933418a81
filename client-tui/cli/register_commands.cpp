// noroshi unit, incident, exercise, not-reported: what has been declared, and who is silent.
#include "client-tui/cli/lookup.hpp"
#include "client-tui/cli/shapes.hpp"
#include "proto/forms/places.hpp"

namespace noroshi::cli {
namespace {

/// What the register says needs no key: only the trust of the home.
Result<keys::TrustPtr> trust_of(const Context& context) {
  return keys::load_trust(context.home());
}

Json unit_json(const keys::Unit& unit) {
  return {{"unit", unit.id.value},
          {"name", unit.name},
          {"kana", unit.kana},
          {"association", unit.association.value},
          {"parent", unit.parent.value != 0 ? Json(unit.parent.value) : Json(nullptr)},
          {"municipalities", unit.municipalities},
          {"households_served", unit.households_served},
          {"expected_interval_h", unit.expected_interval_h}};
}
std::string unit_line(const keys::Unit& unit) {
  std::string places;
  for (const std::string& code : unit.municipalities) {
    const auto number = forms::parse_municipality(code);
    places += (places.empty() ? "" : ", ") +
              (number ? forms::place_name(*number, language() == forms::Language::en) : code);
  }
  return say(Text::unit_line, unit.id.value, unit.name, places, forms::with_commas(unit.households_served));
}

Result<Done> list_units(const Context& context) {
  TRY(const keys::TrustPtr trust, trust_of(context));
  for (const OrgId org : trust->organisations()) {
    for (const keys::Unit* unit : trust->units(org)) {
      if (context.json) {
        Context::print(unit_json(*unit));
      } else {
        Context::print(unit_line(*unit));
      }
    }
  }
  return kDone;
}
Result<Done> show_unit(const Context& context, const std::string& name) {
  TRY(const keys::TrustPtr trust, trust_of(context));
  TRY(const UnitId id, unit_of(name, *trust));
  if (context.json) {
    Context::print(unit_json(*trust->unit(id)));
  } else {
    Context::print(unit_line(*trust->unit(id)));
    Context::print("  " + org_name(trust->unit(id)->association, *trust));
  }
  return kDone;
}

Result<Done> list_incidents(Context& context, bool exercises) {
  TRY(const keys::TrustPtr trust, trust_of(context));
  TRY(const Now now, context.now());
  for (const keys::Incident* incident : trust->incidents()) {
    if (incident->exercise != exercises) continue;
    if (context.json) {
      Context::print(Json{{"incident", incident->id.value},
                          {"name", incident->name},
                          {"name_en", incident->name_en},
                          {"exercise", incident->exercise},
                          {"start", to_rfc3339(incident->start)},
                          {"end", incident->end ? Json(to_rfc3339(*incident->end)) : Json(nullptr)},
                          {"prefectures", incident->prefectures}});
    } else {
      Context::print(fmt::format(
          "{}  {}{}  {} – {}", incident->id.value, incident->exercise ? say(Text::mark_exercise) : "",
          in_language(incident->name, incident->name_en), to_short_jst(incident->start, now.wall),
          incident->end ? to_short_jst(*incident->end, now.wall) : ""));
    }
  }
  return kDone;
}

}  // namespace

void add_register_commands(CLI::App& app, Context& context) {
  CLI::App* units = add_folder(app, "unit", Text::help_unit);
  add_command(*units, context, "list", Text::help_unit_list, "noroshi unit list --json",
              [&context] { return list_units(context); });
  const auto name = std::make_shared<std::string>();
  CLI::App* one = add_command(*units, context, "show", Text::help_unit_show, "noroshi unit show 1700001",
                              [&context, name] { return show_unit(context, *name); });
  one->add_option("UNIT", *name, say(Text::help_unit_number))->required();

  CLI::App* incidents = add_folder(app, "incident", Text::help_incidents);
  add_command(*incidents, context, "list", Text::help_incident_list, "noroshi incident list",
              [&context] { return list_incidents(context, false); });
  CLI::App* exercises = add_folder(app, "exercise", Text::help_exercises);
  add_command(*exercises, context, "list", Text::help_exercise_list, "noroshi exercise list",
              [&context] { return list_incidents(context, true); });
}

}  // namespace noroshi::cli
