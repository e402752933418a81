#include "client-tui/cli/lookup.hpp"

#include <algorithm>
#include <charconv>

#include "client-tui/cli/context.hpp"
#include "client-tui/desk/incidents.hpp"

namespace noroshi::cli {
namespace {

std::optional<std::uint32_t> number_of(std::string_view text) {
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<ReportId> report_id_of(const std::string& name) {
  if (const auto id = parse_report_id(name)) return id;
  return parse_report_id(name + ".0");
}

/// Letters that a name may mean: by report id through the index of carriers, else by the message id's first
/// digits.
std::vector<MsgId> candidates(const desk::StoreView& view, const std::string& name) {
  if (const auto id = report_id_of(name)) {
    std::vector<MsgId> found = view.carriers(id->key, id->seq);
    const std::vector<MsgId> numbered = view.at(id->key, id->seq);  // locked ones carry nothing yet
    found.insert(found.end(), numbered.begin(), numbered.end());
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }
  constexpr std::size_t kDigitsMin = 6;
  std::vector<MsgId> found;
  if (name.size() < kDigitsMin) return found;
  for (const std::vector<MsgId>& ids : {view.own(), view.received()}) {
    for (const MsgId& id : ids) {
      const bool new_one = std::find(found.begin(), found.end(), id) == found.end();
      if (id.hex().starts_with(name) && new_one) found.push_back(id);
    }
  }
  return found;
}

/// "2024001 令和6年能登半島地震, 2024002 …", for a person to choose from.
std::string listed(const std::vector<IncidentId>& ids, const keys::Trust& trust) {
  std::string out;
  for (const IncidentId id : ids) {
    const keys::Incident* incident = trust.incident(id);
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", id.value,
                       in_language(incident->name, incident->name_en));
  }
  return out;
}
std::vector<IncidentId> open_ones(const keys::Trust& trust, bool exercise, WallTime now) {
  std::vector<IncidentId> out;
  for (const keys::Incident* incident : desk::open_incidents(trust, exercise, now))
    out.push_back(incident->id);
  return out;
}

Result<IncidentId> declared(const std::string& name, const keys::Trust& trust) {
  const auto number = number_of(name);
  if (!number) return no(Code::usage, Text::no_such_incident, name);
  if (*number != 0 && trust.incident({*number}) == nullptr)
    return no(Code::usage, Text::no_such_incident, name);
  return IncidentId{*number};
}

}  // namespace

Result<desk::Letter> find_letter(const desk::Desk& desk, const desk::StoreView& view,
                                 const std::string& name) {
  const std::vector<MsgId> found = candidates(view, name);
  if (found.empty()) return no(Code::usage, Text::no_such_report, name);
  const auto number = report_id_of(name);
  if (!number && found.size() > 1) return no(Code::usage, Text::several_reports, name);
  // Copies carry the same report; two messages under one number do not: a person says which is meant.
  if (const auto numbered = number ? view.at(number->key, number->seq) : std::vector<MsgId>{};
      numbered.size() > 1) {
    std::string names;
    for (const MsgId& one : numbered) names += (names.empty() ? "" : ", ") + one.hex().substr(0, 12);
    return no(Code::usage, Text::number_twice, name, names);
  }
  std::optional<desk::Letter> best;
  for (const MsgId& id : found) {
    auto letter = desk.letters(view).read(id);
    if (letter && (!best || (best->reports.empty() && !letter->reports.empty()))) best = std::move(letter);
  }
  if (!best) return no(Code::usage, Text::no_such_report, name);
  return *std::move(best);
}

Result<Found> find_report(const desk::Desk& desk, const desk::StoreView& view, const std::string& name) {
  TRY(desk::Letter letter, find_letter(desk, view, name));
  if (view.handed(letter.entry.id).state == desk::Handed::State::taken_back)
    return no(Code::bad_data, Text::report_taken_back, name);
  if (letter.reports.empty()) return no(Code::bad_data, Text::report_not_opened, name);
  std::size_t index = 0;
  if (const auto id = report_id_of(name)) {
    const auto place = std::find_if(letter.reports.begin(), letter.reports.end(),
                                    [&](const desk::Reading& reading) { return reading.facts.id == *id; });
    if (place == letter.reports.end()) return no(Code::usage, Text::no_such_report, name);
    index = static_cast<std::size_t>(place - letter.reports.begin());
  }
  return Found{std::move(letter), index};
}

std::optional<desk::Folded::Entry> fate_of(const desk::IndexView& index, const desk::Letter& letter,
                                           std::size_t report) {
  constexpr forms::FormNo kMessage = 9;
  if (letter.reports[report].facts.form == kMessage) return std::nullopt;
  return index.outcome({letter.entry.id, static_cast<std::uint8_t>(report)});
}

std::vector<std::string> split(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  for (const std::string& text : texts) {
    std::string part;
    for (const char c : text + ",") {
      if (c != ',') {
        if (c != ' ') part += c;
      } else if (!part.empty()) {
        out.push_back(std::exchange(part, {}));
      }
    }
  }
  return out;
}

Result<std::vector<Addressee>> addressees_of(const std::vector<std::string>& names,
                                             const keys::Trust& trust) {
  constexpr std::uint32_t kFirstGroup = 0x0800, kLastGroup = 0x0FFF;
  std::vector<Addressee> out;
  for (const std::string& name : split(names)) {
    const auto number = number_of(name);
    if (!number) return no(Code::usage, Text::no_such_recipient, name);
    if (*number < kFirstGroup && trust.organisation({static_cast<std::uint16_t>(*number)}) != nullptr) {
      out.push_back({{static_cast<std::uint16_t>(*number)}, {}});
    } else if (*number >= kFirstGroup && *number <= kLastGroup &&
               trust.group({static_cast<std::uint16_t>(*number)}) != nullptr) {
      out.push_back({{static_cast<std::uint16_t>(*number)}, {}});
    } else if (const keys::Unit* unit = trust.unit({*number})) {
      out.push_back({proto::to_org(unit->association), unit->id});
    } else {
      return no(Code::usage, Text::no_such_recipient, name);
    }
  }
  return out;
}

Result<std::vector<RecipientId>> recipients_of(const std::vector<std::string>& names,
                                               const keys::Trust& trust) {
  TRY(const std::vector<Addressee> addressees, addressees_of(names, trust));
  std::vector<RecipientId> out;
  for (const Addressee& addressee : addressees) out.push_back(addressee.recipient);
  return out;
}

Result<UnitId> unit_of(const std::string& name, const keys::Trust& trust) {
  const auto number = number_of(name);
  if (!number || trust.unit({*number}) == nullptr) return no(Code::usage, Text::no_such_unit, name);
  return UnitId{*number};
}

Result<WallTime> time_of(const std::string& text) {
  const auto time = parse_time(text);
  if (!time) return no(Code::usage, Text::no_time, text);
  return *time;
}

Result<IncidentId> incident_for_report(Context& context, const std::string& name, const keys::Trust& trust,
                                       WallTime now) {
  if (!name.empty()) return declared(name, trust);
  const std::vector<IncidentId> open = open_ones(trust, false, now), exercises = open_ones(trust, true, now);
  if (open.size() > 1) return no(Code::usage, Text::which_incident, listed(open, trust));
  if (open.size() == 1) {
    context.remark(say(Text::incident_chosen, listed(open, trust)));
    return open.front();
  }
  if (!exercises.empty()) context.remark(say(Text::incident_none, listed(exercises, trust)));
  return IncidentId{};
}

Result<IncidentId> incident_to_show(const std::string& name, const keys::Trust& trust, WallTime now) {
  if (!name.empty()) return declared(name, trust);
  for (const bool exercise : {false, true}) {
    const std::vector<IncidentId> open = open_ones(trust, exercise, now);
    if (open.size() == 1) return open.front();
    if (open.size() > 1) return no(Code::usage, Text::which_incident, listed(open, trust));
  }
  return IncidentId{};
}

}  // namespace noroshi::cli
