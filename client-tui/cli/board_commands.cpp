// noroshi board, not-reported, clashes, gaps: what is known together, who is silent, what does not agree,
// what is missing.
#include "client-tui/cli/board.hpp"
#include "client-tui/cli/lookup.hpp"
#include "client-tui/cli/shapes.hpp"
#include "client-tui/desk/gaps.hpp"
#include "client-tui/desk/overview.hpp"
#include "client-tui/desk/public_edition.hpp"
#include "client-tui/words/board_lines.hpp"

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

Result<AskedBoard> asked_board(Context& context, const BoardOptions& options) {
  AskedBoard out;
  out.by = desk::division_of(options.by);
  if (!options.by.empty() && !out.by) return no(Code::usage, Text::by_which_division, options.by);
  TRY(out.desk, context.fresh_desk());
  TRY(const Now now, context.now());
  out.now = now.wall;
  desk::Desk& desk = *out.desk;
  TRY(const desk::BoardQuery query, query_of(options, desk, now.wall));
  if (query.at) {  // what stood then: the index knows only what stands
    TRY(std::vector<desk::Reading> readings, desk.readings());
    out.rolled = desk::rolled_up(std::move(readings), desk.expected_units(), query, desk.catalogue());
  } else {
    TRY(const desk::StoreRead view, desk.store().read());
    out.rolled = *desk::Overview(desk).board(view, query);
    TRY_VOID(view.check());
  }
  if (options.is_public) {
    auto edition = desk::public_edition(out.rolled.board, desk.catalogue());
    if (!edition) return no(Code::permission, Text::no_public_edition, options.form);
    out.rolled = {*std::move(edition), {}, {}};
  }
  return out;
}

namespace {

Result<Done> board(Context& context, const BoardOptions& options) {
  TRY(const AskedBoard asked, asked_board(context, options));
  if (context.json) {
    Context::print(board_json(asked.rolled, asked.by, asked.desk->catalogue(), asked.now));
    return kDone;
  }
  for (const words::Line& line : words::board_lines(asked.rolled, asked.by, asked.around()))
    Context::print(line.text);
  return kDone;
}

Result<Done> not_reported(Context& context, const BoardOptions& options) {
  TRY(const AskedBoard asked, asked_board(context, options));
  const keys::Trust& trust = asked.desk->trust();
  for (const UnitId id : asked.rolled.board.not_heard) {
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

/// What no board of one form shows whole.
Result<Done> clashes(Context& context, const BoardOptions& options) {
  TRY(desk::Desk* const desk, context.fresh_desk());
  TRY(const Now now, context.now());
  TRY(const IncidentId incident, incident_to_show(options.incident, desk->trust(), now.wall));
  TRY(const desk::StoreRead view, desk->store().read());
  const std::vector<desk::Clash> found =
      desk::Overview(*desk).clashes(view, desk::board_query(desk->trust(), incident));
  TRY_VOID(view.check());
  for (const desk::Clash& clash : found) {
    if (context.json) {
      Context::print(clash_json(clash, desk->catalogue()));
    } else {
      Context::print(words::clash_line(clash, {desk->trust(), desk->catalogue(), now.wall}).text);
    }
  }
  if (found.empty()) Context::note(say(Text::no_clashes));
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
  CLI::App* clash = add_command(app, context, "clashes", Text::help_clashes, "noroshi clashes --json",
                                [&context, options] { return clashes(context, *options); });
  clash->add_option("--incident", options->incident, say(Text::help_incident));
  add_command(app, context, "gaps", Text::help_gaps, "noroshi gaps", [&context] { return gaps(context); });
}

}  // namespace noroshi::cli
