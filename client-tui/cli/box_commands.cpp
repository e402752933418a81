// noroshi inbox, outbox, recall, show.
#include "client-tui/cli/lookup.hpp"
#include "client-tui/cli/shapes.hpp"
#include "client-tui/desk/overview.hpp"
#include "client-tui/desk/recall.hpp"
#include "client-tui/words/lines.hpp"

namespace noroshi::cli {
namespace {

struct BoxOptions {
  std::string incident, since, id;
  bool unread = false, overdue = false, raw = false;
};

void put_fate(Json& line, const desk::IndexView& index, const desk::Letter& letter, std::size_t i) {
  if (const auto entry = fate_of(index, letter, i)) {
    line["fate"] = name_of(entry->fate);
    if (entry->by.key.gen != 0) line["fate_by"] = to_string(entry->by);
  }
  line["verdict"] = name_of(index.verdict(letter.reports[i].facts.id));
}

bool wanted(const desk::Letter& letter, const desk::Reading& reading,
            const std::optional<IncidentId>& incident, const std::optional<WallTime>& since, bool unread) {
  if (incident && reading.facts.incident != *incident) return false;
  if (since && letter.entry.first_seen < *since) return false;
  return !unread || !letter.entry.read;
}

/// Reports that wait past their time: questions without an answer, contacts that were announced, accidents
/// without their report; of every incident.
std::set<desk::Place> waiting_past_due(const desk::Desk& desk, const desk::StoreView& view, WallTime now) {
  const desk::IndexView index = desk.index(view);
  std::set<desk::Place> out;
  desk::Overview overview(desk);
  for (const IncidentId incident : index.incidents()) {
    const auto lined = overview.line(view, incident, now);
    for (const std::size_t i : desk::past_due(lined->line, lined->readings)) {
      const desk::Facts& facts = lined->readings[i].facts;
      for (const desk::Place& place : index.rows().carrying(facts.id)) {
        if (place.msg == facts.msg) out.insert(place);  // a number may have been given twice
      }
    }
  }
  return out;
}

Json inbox_json(const desk::IndexView& index, const desk::Letter& letter, std::size_t i,
                const forms::Catalogue& catalogue) {
  Json line = report_json(letter, letter.reports[i], catalogue);
  line["state"] = letter.entry.accepted ? "accepted" : letter.entry.read ? "read" : "opened";
  put_fate(line, index, letter, i);
  return line;
}

/// The lines of a list, oldest first, a part at a time, however many they are.
template <typename See>
void each_line(const desk::Desk& desk, const desk::StoreView& view, desk::IndexView::List list, See see) {
  constexpr std::uint64_t kPart = 500;
  const desk::IndexView index = desk.index(view);
  for (std::uint64_t left = index.size(list); left > 0;) {
    const std::uint64_t part = std::min(left, kPart);
    std::vector<desk::Listed> lines = index.window(list, left - part, part);
    left -= part;
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
      const auto letter = desk.letters(view).read(line->msg);
      // Until a catalogue that has come is indexed with, a line may name a report that no longer holds.
      const bool there = letter && (!line->index || *line->index < letter->reports.size());
      if (there) see(*letter, line->index);
    }
  }
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
  TRY(const desk::StoreRead view, desk->store().read());
  const desk::IndexView index = desk->index(view);
  const auto past_due = options.overdue ? waiting_past_due(*desk, view, now.wall) : std::set<desk::Place>{};
  std::size_t closed = 0, shown = 0;
  const auto show_line = [&](const desk::Letter& letter, std::optional<std::uint8_t> place) {
    if (!place) {
      if (incident || options.overdue) return;
      ++closed;
      if (context.json) Context::print(closed_json(letter));
      return;
    }
    const desk::Reading& reading = letter.reports[*place];
    if (!wanted(letter, reading, incident, since, options.unread)) return;
    if (options.overdue && past_due.count({letter.entry.id, *place}) == 0) return;
    ++shown;
    if (context.json) {
      Context::print(inbox_json(index, letter, *place, desk->catalogue()));
    } else {
      Context::print((letter.entry.read || letter.own() ? "  " : "* ") +
                     report_line(letter, reading, desk->trust(), desk->catalogue(), now.wall));
    }
  };
  each_line(*desk, view, options.unread ? desk::IndexView::List::unread : desk::IndexView::List::inbox,
            show_line);
  if (!context.json && closed > 0) Context::print(say(Text::closed_letters, closed));
  if (!context.json && closed + shown == 0) Context::print(say(Text::inbox_empty));
  TRY_VOID(view.check());
  return kDone;
}

// ---- own

Result<Found> find_here(desk::Desk& desk, const std::string& name) {
  TRY(const desk::StoreRead view, desk.store().read());
  return find_report(desk, view, name);
}

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
  TRY(const Now now, context.now());
  bool any = false;
  const auto show_line = [&](const desk::Letter& letter, std::optional<std::uint8_t> place) {
    if (!place) return;
    any = true;
    const desk::Reading& reading = letter.reports[*place];
    const auto deliveries = desk::deliveries(view, letter.entry.id, letter.recipients);
    if (context.json) return Context::print(outbox_json(letter, reading, deliveries, desk->catalogue()));
    Context::print(fmt::format("{}  {}", delivery_word(desk::overall(deliveries)),
                               report_line(letter, reading, desk->trust(), desk->catalogue(), now.wall)));
    if (*place + 1u < letter.reports.size()) return;  // once for the message
    for (const desk::RecipientDelivery& delivery : deliveries)
      Context::print(delivery_line(delivery, desk->trust(), now.wall));
  };
  each_line(*desk, view, desk::IndexView::List::outbox, show_line);
  if (!context.json && !any) Context::print(say(Text::outbox_empty));
  TRY_VOID(view.check());
  return kDone;
}

Result<Done> recall(Context& context, const BoxOptions& options) {
  TRY(desk::Desk* const desk, context.desk());
  TRY(const Now now, context.now_to_seal());
  TRY(const auto relay, context.relay());
  TRY(const Found found, find_here(*desk, options.id));
  const std::string id = to_string(found.reading().facts.id);
  TRY(const desk::Draft draft, desk::recall(*desk, *relay, found.letter.entry.id, 0, now));
  if (context.json) {
    Context::print(Json{{"id", id}, {"draft", draft.number}});
  } else {
    Context::print(say(Text::recalled_line, id, draft.number, draft.number));
  }
  return kDone;
}

// ---- one

/// What the relay has to add on an own message; without a relay what is kept stands.
struct Live {
  std::optional<proto::control::EnvelopeProgress> progress;
  std::optional<proto::control::Status> status;
};
Live learn_progress(Context& context, desk::Desk& desk, const MsgId& id) {
  const auto relay = context.relay();
  if (!relay.ok()) return {};
  (void)desk::follow(desk, **relay, {id}).ok();
  const auto status = desk::ask<proto::control::Status>(**relay, proto::control::StatusRequest{});
  return {desk::progress_now(**relay, id), status.ok() ? std::optional(*status) : std::nullopt};
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
  if (options.raw) return show_raw(context, *desk, options);
  TRY(const Found found, find_here(*desk, options.id));
  TRY(const Now now, context.now());
  const desk::Reading& reading = found.reading();
  std::vector<desk::RecipientDelivery> deliveries;
  Live live;
  if (found.letter.own()) live = learn_progress(context, *desk, found.letter.entry.id);
  TRY(const desk::StoreRead view, desk->store().read());
  const desk::IndexView index = desk->index(view);
  if (found.letter.own()) deliveries = desk::deliveries(view, found.letter.entry.id, found.letter.recipients);
  if (context.json) {
    Json line = found.letter.own() ? outbox_json(found.letter, reading, deliveries, desk->catalogue())
                                   : inbox_json(index, found.letter, found.index, desk->catalogue());
    put_fate(line, index, found.letter, found.index);
    line["files"] = Json::array();
    for (const desk::FileHere& file : desk->files(view).of(reading.report, desk->catalogue()))
      line["files"].push_back(file_json(file, desk->catalogue()));
    Context::print(line);
    return kDone;
  }
  Context::print(report_line(found.letter, reading, desk->trust(), desk->catalogue(), now.wall));
  for (const std::string& line : report_lines(reading, desk->catalogue())) Context::print(line);
  for (const std::string& line :
       file_lines(desk->files(view).of(reading.report, desk->catalogue()), desk->catalogue()))
    Context::print("  " + line);
  if (const auto entry = fate_of(index, found.letter, found.index)) {
    const std::string by = entry->by.key.gen != 0 ? " (" + to_string(entry->by) + ")" : "";
    Context::print("  " + say(Text::on_the_board, fate_word(entry->fate) + by));
  }
  for (const std::string& line :
       delivery_lines(found.letter, deliveries, live.progress, live.status, desk->trust(), now.wall))
    Context::print(line);
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
  CLI::App* back = add_command(app, context, "recall", Text::help_recall, "noroshi recall 17/3.1/42.0",
                               [&context, options] { return recall(context, *options); });
  back->add_option("ID", options->id, say(Text::help_id))->required();
  CLI::App* one = add_command(app, context, "show", Text::help_show, "noroshi show 17/3.1/42.0",
                              [&context, options] { return show(context, *options); });
  one->add_option("ID", options->id, say(Text::help_id))->required();
  one->add_flag("--raw", options->raw, say(Text::help_raw));
}

}  // namespace noroshi::cli
