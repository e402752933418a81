// noroshi board, not-reported, gaps: what is known together, who is silent, what is missing.
#include "client-tui/cli/board.hpp"
#include "client-tui/cli/lookup.hpp"
#include "client-tui/cli/shapes.hpp"
#include "client-tui/desk/gaps.hpp"
#include "client-tui/desk/overview.hpp"
#include "client-tui/desk/public_edition.hpp"
#include "client-tui/words/lines.hpp"

namespace noroshi::cli {
namespace {

Result<desk::BoardQuery> query_of(const BoardOptions& options, const desk::Desk& desk, WallTime now) {
  const keys::Trust& trust = desk.trust();
  desk::BoardQuery query;
  const forms::FormInfo* form = desk.catalogue().form(options.form);
  if (form == nullptr) return no(Code::usage, Text::no_such_form, options.form);
  TRY(const IncidentId incident, incident_to_show(options.incident, trust, now));
  query = desk::board_query(trust, incident);
  query.form = form->number;
  if (!options.at.empty()) {
    TRY(query.at, time_of(options.at));
  }
  return query;
}

}  // namespace

void add_board_options(CLI::App& command, BoardOptions& options) {
  command.add_option("--incident", options.incident, say(Text::help_incident));
  command.add_option("--by", options.by, say(Text::help_by));
  command.add_option("--at", options.at, say(Text::help_at));
  command.add_option("--form", options.form, say(Text::help_form_code));
  command.add_flag("--public", options.is_public, say(Text::help_public));
}

Result<Rolled> roll_up(Context& context, const BoardOptions& options) {
  Rolled out;
  out.by = desk::division_of(options.by);
  if (!options.by.empty() && !out.by) return no(Code::usage, Text::by_which_division, options.by);
  TRY(out.desk, context.fresh_desk());
  TRY(const Now now, context.now());
  out.now = now.wall;
  TRY(const desk::BoardQuery query, query_of(options, *out.desk, now.wall));
  if (query.at) {  // what stood then: the index knows only what stands
    TRY(out.readings, out.desk->readings());
    out.board = desk::roll_up(out.readings, out.desk->expected_units(), query, out.desk->catalogue());
  } else {
    TRY(const desk::StoreRead view, out.desk->store().read());
    desk::Rolled rolled = *desk::Overview(*out.desk).board(view, query);
    TRY_VOID(view.check());
    out.readings = std::move(rolled.readings);
    out.board = std::move(rolled.board);
  }
  if (options.is_public) {
    auto edition = desk::public_edition(out.board, out.desk->catalogue());
    if (!edition) return no(Code::permission, Text::no_public_edition, options.form);
    out.board = *std::move(edition);
    out.readings.clear();
  }
  return out;
}

namespace {

Result<Done> board(Context& context, const BoardOptions& options) {
  TRY(const Rolled rolled, roll_up(context, options));
  if (context.json) {
    Context::print(
        board_json(rolled.board, rolled.readings, rolled.by, rolled.desk->catalogue(), rolled.now));
    return kDone;
  }
  for (const std::string& line : board_lines(rolled.board, rolled.readings, rolled.by, rolled.desk->trust(),
                                             rolled.desk->catalogue(), rolled.now)) {
    Context::print(line);
  }
  return kDone;
}

Result<Done> not_reported(Context& context, const BoardOptions& options) {
  TRY(const Rolled rolled, roll_up(context, options));
  const keys::Trust& trust = rolled.desk->trust();
  for (const UnitId id : rolled.board.not_heard) {
    const keys::Unit* unit = trust.unit(id);
    if (unit == nullptr) continue;
    if (context.json) {
      Context::print(Json{{"unit", id.value},
                          {"name", unit->name},
                          {"association", unit->association.value},
                          {"municipalities", unit->municipalities},
                          {"households_served", unit->households_served}});
    } else {
      Context::print(
          say(Text::silent_line, unit_name(id, trust), forms::with_commas(unit->households_served)));
    }
  }
  return kDone;
}

Result<Done> gaps(Context& context) {
  TRY(desk::Desk* const desk, context.fresh_desk());
  TRY(const Now now, context.now());
  TRY(const desk::StoreRead view, desk->store().read());
  for (const desk::Gap& gap : desk::gaps(view)) {
    if (context.json) {
      Context::print(Json{{"sender", to_string(gap.key)},
                          {"recipient", recipient_text(gap.recipient)},
                          {"missing", gap.missing},
                          {"have_below", gap.have_below},
                          {"named_by", fmt::format("{}/{}", to_string(gap.key), gap.named_by)},
                          {"named_at", to_rfc3339(gap.named_at)}});
    } else {
      Context::print(say(Text::gap_line, to_string(gap.key), gap.missing, gap.have_below, gap.named_by,
                         to_short_jst(gap.named_at, now.wall)));
    }
  }
  TRY_VOID(view.check());
  return kDone;
}

}  // namespace

void add_board_commands(CLI::App& app, Context& context) {
  const auto options = std::make_shared<BoardOptions>();
  CLI::App* table = add_command(app, context, "board", Text::help_board, "noroshi board --by pref",
                                [&context, options] { return board(context, *options); });
  add_board_options(*table, *options);
  CLI::App* silent =
      add_command(app, context, "not-reported", Text::help_not_reported, "noroshi not-reported --json",
                  [&context, options] { return not_reported(context, *options); });
  silent->add_option("--incident", options->incident, say(Text::help_incident));
  silent->add_option("--form", options->form, say(Text::help_form_code));
  add_command(app, context, "gaps", Text::help_gaps, "noroshi gaps", [&context] { return gaps(context); });
}

}  // namespace noroshi::cli
