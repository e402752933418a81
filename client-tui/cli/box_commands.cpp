// noroshi inbox, outbox, show.
#include "client-tui/cli/lookup.hpp"
#include "client-tui/cli/shapes.hpp"
#include "client-tui/desk/fates.hpp"
#include "client-tui/desk/timeline.hpp"
#include "client-tui/words/lines.hpp"

namespace noroshi::cli {
namespace {

struct BoxOptions {
  std::string incident, since, id;
  bool unread = false, overdue = false, raw = false;
};

void put_fate(Json& line, const desk::Reading& reading, const desk::Fates& fates) {
  if (const desk::Folded::Entry* entry = fates.of(reading)) {
    line["fate"] = name_of(entry->fate);
    if (entry->by.key.gen != 0) line["fate_by"] = to_string(entry->by);
  }
  line["verdict"] = name_of(fates.verdict(reading));
}

bool wanted(const desk::Letter& letter, const desk::Reading& reading,
            const std::optional<IncidentId>& incident, const std::optional<WallTime>& since, bool unread) {
  if (incident && reading.facts.incident != *incident) return false;
  if (since && letter.entry.first_seen < *since) return false;
  return !unread || !letter.entry.read;
}

/// Reports that wait past their time: questions without an answer, contacts that were announced, accidents
/// without their report; of every incident.
std::set<std::pair<ReportId, MsgId>> waiting_past_due(const desk::Desk& desk,
                                                      const std::vector<desk::Reading>& readings,
                                                      WallTime now) {
  std::set<IncidentId> incidents;
  for (const desk::Reading& reading : readings) incidents.insert(reading.facts.incident);
  std::set<std::pair<ReportId, MsgId>> out;
  for (const IncidentId incident : incidents) {
    const desk::Timeline line =
        desk::timeline(readings, desk.expected_units(),
                       desk::timeline_query(desk.trust(), incident, desk.self(), now), desk.catalogue());
    for (const std::size_t i : desk::past_due(line, readings))
      out.insert({readings[i].facts.id, readings[i].facts.msg});
  }
  return out;
}

Json inbox_json(const desk::Letter& letter, const desk::Reading& reading, const desk::Fates& fates,
                const forms::Catalogue& catalogue) {
  Json line = report_json(letter, reading, catalogue);
  line["state"] = letter.entry.accepted ? "accepted" : letter.entry.read ? "read" : "opened";
  put_fate(line, reading, fates);
  return line;
}
/// A sealed letter that could not be opened: who and when, nothing else is known.
Json closed_json(const desk::Letter& letter) {
  const char* state = letter.entry.state == desk::ReadState::locked       ? "locked"
                      : letter.entry.state == desk::ReadState::unreadable ? "unreadable"
                                                                          : "damaged";
  return {{"msg_id", letter.entry.id.hex()},
          {"from", to_string(letter.header.source.device)},
          {"seq", letter.header.seq},
          {"priority", proto::name_of(letter.header.level)},
          {"first_seen", to_rfc3339(letter.entry.first_seen)},
          {"state", state}};
}
Result<Done> inbox(Context& context, const BoxOptions& options) {
  TRY(desk::Desk* const desk, context.fresh_desk());
  std::optional<IncidentId> incident;
  std::optional<WallTime> since;
  TRY(const Now now, context.now());
  if (!options.incident.empty()) {
    TRY(incident, incident_to_show(options.incident, desk->trust(), now.wall));
  }
  if (!options.since.empty()) {
    TRY(since, time_of(options.since));
  }
  TRY(const std::vector<desk::Reading> readings, desk->readings());
  const desk::Fates fates(readings);
  const auto past_due = waiting_past_due(*desk, readings, now.wall);
  TRY(const desk::StoreRead view, desk->store().read());
  std::size_t closed = 0, shown = 0;
  for (const desk::Letter& letter : desk->letters(view).received()) {
    if (desk::is_closed(view, letter) && !incident && !options.overdue) {
      ++closed;
      if (context.json) Context::print(closed_json(letter));
    }
    for (const desk::Reading& reading : letter.reports) {
      if (!wanted(letter, reading, incident, since, options.unread)) continue;
      if (options.overdue && past_due.count({reading.facts.id, reading.facts.msg}) == 0) continue;
      ++shown;
      if (context.json) {
        Context::print(inbox_json(letter, reading, fates, desk->catalogue()));
      } else {
        Context::print((letter.entry.read || letter.own() ? "  " : "* ") +
                       report_line(letter, reading, desk->trust(), desk->catalogue(), now.wall));
      }
    }
  }
  if (!context.json && closed > 0) Context::print(say(Text::closed_letters, closed));
  if (!context.json && closed + shown == 0) Context::print(say(Text::inbox_empty));
  TRY_VOID(view.check());
  return kDone;
}

// ---- own

Json outbox_json(const desk::Letter& letter, const desk::Reading& reading,
                 const std::vector<desk::RecipientDelivery>& deliveries, const forms::Catalogue& catalogue) {
  Json line = report_json(letter, reading, catalogue);
  line["state"] = name_of(desk::overall(deliveries));
  line["per_recipient"] = per_recipient_json(deliveries);
  return line;
}

Result<Done> outbox(Context& context) {
  TRY(desk::Desk* const desk, context.fresh_desk());
  TRY(const desk::StoreRead view, desk->store().read());
  std::vector<desk::Letter> letters = desk->letters(view).own();
  TRY(const Now now, context.now());
  std::erase_if(letters, [](const desk::Letter& letter) { return letter.reports.empty(); });
  for (const desk::Letter& letter : letters) {
    const auto deliveries = desk::deliveries(view, letter.entry.id, letter.recipients);
    for (const desk::Reading& reading : letter.reports) {
      if (context.json) {
        Context::print(outbox_json(letter, reading, deliveries, desk->catalogue()));
      } else {
        Context::print(fmt::format("{}  {}", delivery_word(desk::overall(deliveries)),
                                   report_line(letter, reading, desk->trust(), desk->catalogue(), now.wall)));
      }
    }
    if (context.json) continue;
    for (const desk::RecipientDelivery& delivery : deliveries)
      Context::print(delivery_line(delivery, desk->trust(), now.wall));
  }
  if (!context.json && letters.empty()) Context::print(say(Text::outbox_empty));
  TRY_VOID(view.check());
  return kDone;
}

// ---- one

Result<Found> find_here(desk::Desk& desk, const std::string& name) {
  TRY(const desk::StoreRead view, desk.store().read());
  return find_report(desk, view, name);
}

/// What the relay has to add on an own message; without a relay what is kept stands.
void learn_progress(Context& context, desk::Desk& desk, const MsgId& id) {
  if (const auto relay = context.relay(); relay.ok()) (void)desk::follow(desk, **relay, {id}).ok();
}

Result<Done> show_raw(Context& context, desk::Desk& desk, const BoxOptions& options) {
  TRY(const desk::StoreRead view, desk.store().read());
  TRY(const desk::Letter letter, find_letter(desk, view, options.id));
  const auto bytes = view.envelope(letter.entry.id);
  if (!bytes) return no(Code::usage, Text::no_such_report, options.id);
  if (context.json) {
    Context::print(Json{{"msg_id", letter.entry.id.hex()}, {"envelope", to_hex(*bytes)}});
  } else {
    Context::print(to_hex(*bytes));
  }
  return kDone;
}

Result<Done> show(Context& context, const BoxOptions& options) {
  TRY(desk::Desk* const desk, context.desk());
  TRY(const std::vector<desk::Reading> readings, desk->readings());
  if (options.raw) return show_raw(context, *desk, options);
  TRY(const Found found, find_here(*desk, options.id));
  TRY(const Now now, context.now());
  const desk::Reading& reading = found.reading();
  const desk::Fates fates(readings);
  std::vector<desk::RecipientDelivery> deliveries;
  if (found.letter.own()) learn_progress(context, *desk, found.letter.entry.id);
  TRY(const desk::StoreRead view, desk->store().read());
  if (found.letter.own()) deliveries = desk::deliveries(view, found.letter.entry.id, found.letter.recipients);
  if (context.json) {
    Json line = found.letter.own() ? outbox_json(found.letter, reading, deliveries, desk->catalogue())
                                   : inbox_json(found.letter, reading, fates, desk->catalogue());
    put_fate(line, reading, fates);
    Context::print(line);
    return kDone;
  }
  Context::print(report_line(found.letter, reading, desk->trust(), desk->catalogue(), now.wall));
  for (const std::string& line : report_lines(reading, desk->catalogue())) Context::print(line);
  if (const desk::Folded::Entry* entry = fates.of(reading)) {
    const std::string by = entry->by.key.gen != 0 ? " (" + to_string(entry->by) + ")" : "";
    Context::print("  " + say(Text::on_the_board, fate_word(entry->fate) + by));
  }
  for (const desk::RecipientDelivery& delivery : deliveries)
    Context::print(delivery_line(delivery, desk->trust(), now.wall));
  return kDone;
}

}  // namespace

void add_box_commands(CLI::App& app, Context& context) {
  const auto options = std::make_shared<BoxOptions>();
  CLI::App* in = add_command(app, context, "inbox", Text::help_inbox, "noroshi inbox --json",
                             [&context, options] { return inbox(context, *options); });
  in->add_option("--incident", options->incident, say(Text::help_incident));
  in->add_option("--since", options->since, say(Text::help_since));
  in->add_flag("--unread", options->unread, say(Text::help_unread));
  in->add_flag("--overdue", options->overdue, say(Text::help_overdue_only));
  add_command(app, context, "outbox", Text::help_outbox, "noroshi outbox --json",
              [&context] { return outbox(context); });
  CLI::App* one = add_command(app, context, "show", Text::help_show, "noroshi show 17/3.1/42.0",
                              [&context, options] { return show(context, *options); });
  one->add_option("ID", options->id, say(Text::help_id))->required();
  one->add_flag("--raw", options->raw, say(Text::help_raw));
}

}  // namespace noroshi::cli
