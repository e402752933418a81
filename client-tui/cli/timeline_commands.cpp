// noroshi timeline, overdue, support, map: what is due, what came when, who was asked for help, and where.
#include <sys/ioctl.h>
#include <unistd.h>

#include "client-tui/cli/lookup.hpp"
#include "client-tui/cli/shapes.hpp"
#include "client-tui/desk/overview.hpp"
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

struct Asked {
  desk::Desk* desk = nullptr;
  IncidentId incident;
  WallTime now;
};
Result<Asked> asked(Context& context, const LineOptions& options) {
  Asked out;
  TRY(out.desk, context.fresh_desk());
  TRY(const Now now, context.now());
  out.now = now.wall;
  TRY(out.incident, incident_to_show(options.incident, out.desk->trust(), now.wall));
  return out;
}

Json time_json(const std::optional<WallTime>& time) {
  return time ? Json(to_rfc3339(*time)) : Json(nullptr);
}
Json phase_json(const std::optional<forms::Phase>& phase) {
  return phase ? Json(forms::name_of(*phase)) : Json(nullptr);
}

/// One object for each thing that waits: `kind` says which.
void print_overdue(const desk::Lined& lined, const forms::Catalogue& catalogue, bool open_too) {
  const WallTime now = lined.line.query.now;
  for (const desk::Owed& owed : lined.line.overdue) {
    Json one{{"kind", "report"},
             {"form", form_code(owed.form, catalogue)},
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
  for (const desk::Called& called : lined.line.calls) {
    const bool late = called.due < now && called.answered < called.expected;
    if (!late && !open_too) continue;
    Context::print(Json{{"kind", "call"},
                        {"id", to_string(called.id)},
                        {"from", to_string(lined.readings[called.reading].facts.signer)},
                        {"form", form_code(called.call.form, catalogue)},
                        {"area", called.call.area != 0 ? Json(called.call.area) : Json(nullptr)},
                        {"unit", called.call.unit.value != 0 ? Json(called.call.unit.value) : Json(nullptr)},
                        {"due", to_rfc3339(called.due)},
                        {"overdue", late},
                        {"answered", called.answered},
                        {"expected", called.expected}});
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

void print_steps(const desk::Lined& lined, const forms::Catalogue& catalogue) {
  for (const UnitId unit : lined.line.silent) Context::print(Json{{"kind", "silent"}, {"unit", unit.value}});
  for (const desk::Step& step : lined.line.steps) {
    Context::print(Json{{"kind", "step"},
                        {"phase", forms::name_of(step.phase)},
                        {"form", form_code(step.form, catalogue)},
                        {"due", to_rfc3339(step.due)},
                        {"answered", step.answered},
                        {"expected", step.expected}});
  }
}
void print_event(const desk::Event& event, const desk::Facts& facts, const forms::Catalogue& catalogue) {
  Context::print(Json{{"kind", event.sent ? "sent" : "received"},
                      {"at", to_rfc3339(event.at)},
                      {"phase", phase_json(event.phase)},
                      {"id", to_string(facts.id)},
                      {"form", form_code(facts.form, catalogue)},
                      {"unit", facts.unit.value != 0 ? Json(facts.unit.value) : Json(nullptr)},
                      {"from", to_string(facts.signer)},
                      {"as_of", to_rfc3339(facts.as_of)},
                      {"delay_s", event.delay.count},
                      {"late", event.late}});
}

/// What came and went, oldest first; read a part at a time, however much it is.
template <typename See>
void each_event(const desk::Desk& desk, const desk::StoreView& view, const desk::TimelineQuery& query,
                See see) {
  constexpr std::uint64_t kPart = 500;
  const desk::IndexView index = desk.index(view);
  const desk::Side side{query.incident, query.exercise};
  for (std::uint64_t left = index.events(side); left > 0;) {
    const std::uint64_t part = std::min(left, kPart);
    std::vector<desk::Listed> events = index.events(side, left - part, part);
    left -= part;
    for (auto listed = events.rbegin(); listed != events.rend(); ++listed) {
      const auto letter = desk.letters(view).read(listed->msg);
      if (!letter || listed->index.value_or(0) >= letter->reports.size()) continue;
      const desk::Reading& reading = letter->reports[listed->index.value_or(0)];
      see(desk::event_of(0, reading.facts, reading.first_seen, query), reading);
    }
  }
}

Result<Done> timeline(Context& context, const LineOptions& options) {
  TRY(const Asked where, asked(context, options));
  TRY(const desk::StoreRead view, where.desk->store().read());
  desk::Overview overview(*where.desk);
  const auto lined = overview.line(view, where.incident, where.now);
  const desk::TimelineQuery& query = lined->line.query;
  const forms::Catalogue& catalogue = where.desk->catalogue();
  if (context.json) {
    print_overdue(*lined, catalogue, true);
    print_steps(*lined, catalogue);
    each_event(*where.desk, view, query, [&](const desk::Event& event, const desk::Reading& reading) {
      print_event(event, reading.facts, catalogue);
    });
    TRY_VOID(view.check());
    return kDone;
  }
  const keys::Trust& trust = where.desk->trust();
  for (const Line& line : timeline_head(lined->line, lined->readings, trust, catalogue))
    Context::print(line.text);
  std::optional<std::optional<forms::Phase>> before;
  each_event(*where.desk, view, query, [&](const desk::Event& event, const desk::Reading& reading) {
    if (!before || *before != event.phase) Context::print(phase_heading(event.phase));
    before = event.phase;
    Context::print(event_line(event, reading, trust, catalogue, query.now).text);
  });
  if (!before) Context::print(say(Text::timeline_empty));
  TRY_VOID(view.check());
  return kDone;
}

Result<Done> overdue(Context& context, const LineOptions& options) {
  TRY(const Asked where, asked(context, options));
  TRY(const desk::StoreRead view, where.desk->store().read());
  desk::Overview overview(*where.desk);
  const auto lined = overview.line(view, where.incident, where.now);
  TRY_VOID(view.check());
  if (context.json) {
    print_overdue(*lined, where.desk->catalogue(), false);
    return kDone;
  }
  const desk::Desk& desk = *where.desk;
  for (const Line& line : overdue_lines(lined->line, lined->readings, desk.trust(), desk.catalogue()))
    Context::print(line.text);
  return kDone;
}

/// Every request for support, and the rung it stands on.
Result<Done> support(Context& context) {
  TRY(desk::Desk* const desk, context.fresh_desk());
  TRY(const Now now, context.now());
  TRY(const desk::StoreRead view, desk->store().read());
  std::vector<desk::Side> sides;
  for (const IncidentId incident : desk->index(view).incidents()) {
    for (const bool exercise : {false, true}) sides.push_back({incident, exercise});
  }
  const std::vector<desk::SupportRequest> requests = desk::Overview(*desk).support(view, sides, now.wall);
  TRY_VOID(view.check());
  if (context.json) {
    for (const desk::SupportRequest& request : requests) {
      const desk::Reading& reading = request.reading;
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
  for (const Line& line : support_lines(requests, desk->trust(), desk->catalogue(), now.wall))
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
  TRY(const Asked where, asked(context, options));
  TRY(const desk::StoreRead view, where.desk->store().read());
  desk::Overview overview(*where.desk);
  const auto rolled = overview.board(view, desk::board_query(where.desk->trust(), where.incident));
  TRY_VOID(view.check());
  const desk::Board& board = rolled->board;
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
