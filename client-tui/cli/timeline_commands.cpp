// noroshi timeline, overdue, support, map: what is due, what came when, who was asked for help, and where.
#include <sys/ioctl.h>
#include <unistd.h>

#include "client-tui/cli/lookup.hpp"
#include "client-tui/cli/shapes.hpp"
#include "client-tui/desk/timeline.hpp"
#include "client-tui/tui/map.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/support_lines.hpp"
#include "client-tui/words/timeline_lines.hpp"
#include "proto/forms/places.hpp"

namespace noroshi::cli {
namespace {

struct LineOptions {
  std::string incident;
};

struct Lined {
  std::vector<desk::Reading> readings;
  desk::Timeline line;
  desk::Desk* desk = nullptr;
};
Result<Lined> line_up(Context& context, const LineOptions& options) {
  Lined out;
  TRY(out.desk, context.fresh_desk());
  TRY(const Now now, context.now());
  TRY(const IncidentId incident, incident_to_show(options.incident, out.desk->trust(), now.wall));
  TRY(out.readings, out.desk->readings());
  out.line = desk::timeline(out.readings, out.desk->expected_units(),
                            desk::timeline_query(out.desk->trust(), incident, out.desk->self(), now.wall),
                            out.desk->catalogue());
  return out;
}

Json time_json(const std::optional<WallTime>& time) {
  return time ? Json(to_rfc3339(*time)) : Json(nullptr);
}
Json phase_json(const std::optional<forms::Phase>& phase) {
  return phase ? Json(forms::name_of(*phase)) : Json(nullptr);
}

/// One object for each thing that waits: `kind` says which.
void print_overdue(const Lined& lined, bool open_too) {
  const WallTime now = lined.line.query.now;
  for (const desk::Owed& owed : lined.line.overdue) {
    Json one{{"kind", "report"},
             {"form", form_code(owed.form, lined.desk->catalogue())},
             {"unit", owed.unit.value},
             {"phase", phase_json(owed.phase)},
             {"due", to_rfc3339(owed.due)},
             {"overdue_s", (now - owed.due).count},
             {"last_heard", time_json(owed.last_heard)}};
    if (owed.because) one["because"] = to_string(*owed.because);
    Context::print(one);
  }
  for (const desk::MissedContact& contact : lined.line.missed) {
    Context::print(Json{{"kind", "contact"},
                        {"unit", contact.unit.value},
                        {"due", to_rfc3339(contact.announced)},
                        {"overdue_s", (now - contact.announced).count},
                        {"announced_in", to_string(lined.readings[contact.reading].facts.id)}});
  }
  for (const desk::Question& question : lined.line.questions) {
    if (!question.overdue && !open_too) continue;
    const desk::Reading& reading = lined.readings[question.reading];
    const auto* subject = reading.report.get<std::string>(forms::field::subject);
    const auto* to = reading.report.get<std::int64_t>(forms::field::to_unit);
    Context::print(Json{{"kind", "question"},
                        {"id", to_string(reading.facts.id)},
                        {"from", to_string(reading.facts.signer)},
                        {"unit", to != nullptr ? Json(*to) : Json(nullptr)},
                        {"subject", subject != nullptr ? Json(*subject) : Json(nullptr)},
                        {"due", to_rfc3339(question.due)},
                        {"overdue", question.overdue},
                        {"overdue_s", (now - question.due).count}});
  }
}

void print_steps_and_events(const Lined& lined) {
  for (const UnitId unit : lined.line.silent) Context::print(Json{{"kind", "silent"}, {"unit", unit.value}});
  for (const desk::Step& step : lined.line.steps) {
    Context::print(Json{{"kind", "step"},
                        {"phase", forms::name_of(step.phase)},
                        {"form", form_code(step.form, lined.desk->catalogue())},
                        {"due", to_rfc3339(step.due)},
                        {"answered", step.answered},
                        {"expected", step.expected}});
  }
  for (const desk::Event& event : lined.line.events) {
    const desk::Facts& facts = lined.readings[event.reading].facts;
    Context::print(Json{{"kind", event.sent ? "sent" : "received"},
                        {"at", to_rfc3339(event.at)},
                        {"phase", phase_json(event.phase)},
                        {"id", to_string(facts.id)},
                        {"form", form_code(facts.form, lined.desk->catalogue())},
                        {"unit", facts.unit.value != 0 ? Json(facts.unit.value) : Json(nullptr)},
                        {"from", to_string(facts.signer)},
                        {"as_of", to_rfc3339(facts.as_of)},
                        {"delay_s", event.delay.count},
                        {"late", event.late}});
  }
}

Result<Done> timeline(Context& context, const LineOptions& options) {
  TRY(const Lined lined, line_up(context, options));
  if (context.json) {
    print_overdue(lined, true);
    print_steps_and_events(lined);
    return kDone;
  }
  for (const TimelineLine& line :
       timeline_lines(lined.line, lined.readings, lined.desk->trust(), lined.desk->catalogue()))
    Context::print(line.text);
  return kDone;
}

Result<Done> overdue(Context& context, const LineOptions& options) {
  TRY(const Lined lined, line_up(context, options));
  if (context.json) {
    print_overdue(lined, false);
    return kDone;
  }
  for (const TimelineLine& line :
       overdue_lines(lined.line, lined.readings, lined.desk->trust(), lined.desk->catalogue()))
    Context::print(line.text);
  return kDone;
}

/// Every request for support, and the rung it stands on.
Result<Done> support(Context& context) {
  TRY(desk::Desk* const desk, context.fresh_desk());
  TRY(const Now now, context.now());
  TRY(const std::vector<desk::Reading> readings, desk->readings());
  const std::vector<desk::SupportRequest> requests =
      desk::support_requests(readings, now.wall, desk->catalogue());
  if (context.json) {
    for (const desk::SupportRequest& request : requests) {
      const desk::Reading& reading = readings[request.reading];
      Json answers = Json::array();
      for (const ReportId& id : request.found.answers) answers.push_back(to_string(id));
      Context::print(
          Json{{"id", to_string(reading.facts.id)},
               {"unit", reading.facts.unit.value != 0 ? Json(reading.facts.unit.value) : Json(nullptr)},
               {"from", to_string(reading.facts.signer)},
               {"state", name_of(request.found.state)},
               {"committed", static_cast<double>(request.found.committed) / 1000},
               {"delivered", static_cast<double>(request.found.delivered) / 1000},
               {"answers", answers},
               {"answered", time_json(request.found.answered)},
               {"unanswered", request.found.unanswered}});
    }
    return kDone;
  }
  for (const TimelineLine& line :
       support_lines(requests, readings, desk->trust(), desk->catalogue(), now.wall))
    Context::print(line.text);
  if (requests.empty()) Context::note(say(Text::console_list_empty_support));
  return kDone;
}

// ---- map

/// Of the terminal that standard output is; nothing if it is none.
std::optional<tui::Size> terminal_size() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return std::nullopt;
  if (size.ws_row < 6 || size.ws_col < 16) return std::nullopt;
  return tui::Size{size.ws_row, size.ws_col};
}

void print_picture(const desk::Board& board, const std::vector<tui::MapPlace>& places, tui::Size terminal) {
  // The prompt and the legend have a row each.
  tui::Screen screen({terminal.rows - 2, terminal.columns});
  const tui::MapLeftOut left_out = tui::draw_map(
      screen, 0, screen.size().rows, tui::fitted(board.query.prefectures, places, screen.size()), places);
  std::string text = screen.text();
  text.pop_back();  // print() ends the last line
  Context::print(text);
  Context::print(tui::map_legend(places, left_out));
}

Result<Done> map(Context& context, const LineOptions& options) {
  TRY(const Lined lined, line_up(context, options));
  const desk::TimelineQuery& asked = lined.line.query;
  desk::BoardQuery query;
  query.incident = asked.incident;
  query.exercise = asked.exercise;
  query.prefectures = asked.prefectures;
  const desk::Board board =
      desk::roll_up(lined.readings, lined.desk->expected_units(), query, lined.desk->catalogue());
  const std::vector<tui::MapPlace> places = tui::map_places(board);
  if (context.json) {
    for (const tui::MapPlace& place : places) {
      Context::print(Json{{"muni", forms::municipality_text(place.municipality)},
                          {"name", place.name},
                          {"lat", place.lat},
                          {"lon", place.lon},
                          {"units_heard", place.heard},
                          {"units_expected", place.expected},
                          {"households_stopped", sum_json(place.stopped)},
                          {"danger", place.danger}});
    }
    return kDone;
  }
  const auto terminal = terminal_size();
  if (terminal && !context.plain) {
    print_picture(board, places, *terminal);
    return kDone;
  }
  for (const std::string& line : tui::map_lines(board, places)) Context::print(line);
  return kDone;
}

}  // namespace

void add_timeline_commands(CLI::App& app, Context& context) {
  const auto options = std::make_shared<LineOptions>();
  CLI::App* line = add_command(app, context, "timeline", Text::help_timeline, "noroshi timeline",
                               [&context, options] { return timeline(context, *options); });
  CLI::App* late = add_command(app, context, "overdue", Text::help_overdue, "noroshi overdue --json",
                               [&context, options] { return overdue(context, *options); });
  CLI::App* place = add_command(app, context, "map", Text::help_map, "noroshi map --plain",
                                [&context, options] { return map(context, *options); });
  add_command(app, context, "support", Text::help_support, "noroshi support --json",
              [&context] { return support(context); });
  for (CLI::App* command : {line, late, place})
    command->add_option("--incident", options->incident, say(Text::help_incident));
}

}  // namespace noroshi::cli
