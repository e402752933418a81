#include "client-tui/words/lines.hpp"

#include <algorithm>
#include <numeric>

#include "client-tui/words/marks.hpp"
#include "client-tui/words/names.hpp"
#include "proto/forms/derive.hpp"
#include "proto/forms/places.hpp"
#include "proto/forms/six.hpp"

namespace noroshi::words {
namespace {

std::string code_label(const forms::FieldInfo& field, std::uint32_t code) {
  const auto* known = field.list != nullptr ? field.list->by_number(code) : nullptr;
  return known != nullptr ? known->label.in(language()) : std::to_string(code);
}

std::string place_of(const desk::Facts& facts) {
  return facts.municipality != 0 ? forms::place_name(facts.municipality, language() == forms::Language::en)
                                 : "";
}

/// What a form without counts begins with: its first page, codes and texts as they are, numbers by their
/// name.
std::vector<std::string> first_words(const forms::Report& report, const forms::FormInfo& form,
                                     const forms::Catalogue& catalogue) {
  std::vector<std::string> out;
  for (const forms::FieldInfo* field : catalogue.asked(form)) {
    const forms::Value* value = report.find(field->number);
    const bool own =
        std::ranges::find(form.fields, field->number, &forms::FieldInfo::number) != form.fields.end();
    if (value == nullptr || !own || field->page != 1) continue;
    const bool number = field->kind == forms::Kind::integer || field->kind == forms::Kind::decimal;
    if (field->kind == forms::Kind::code || field->is_text())
      out.push_back(forms::format(*value, *field, language()));
    if (number) out.push_back(field->label.in(language()) + " " + forms::format(*value, *field, language()));
  }
  return out;
}

/// A text with every line feed replaced: no line of it can pass for one of ours.
std::string with_breaks(const std::string& text, std::string_view as) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += as;
    } else {
      out += c;
    }
  }
  return out;
}

std::string summary_of(const forms::Report& report, const forms::Catalogue& catalogue) {
  constexpr std::size_t kFieldsShown = 4;
  const forms::FormInfo* form = catalogue.form(report.form);
  if (form == nullptr) return say(Text::form_not_here, form_code(report.form, catalogue));
  if (report.form == 9) {
    for (const forms::FieldNo number :
         {forms::field::subject, forms::field::answer_text, forms::field::body}) {
      if (const auto* text = report.get<std::string>(number)) {
        return code_label(*field_of(9, forms::field::act_kind, catalogue),
                          report.code(forms::field::act_kind)) +
               ": " + *text;
      }
    }
    if (const std::uint32_t verdict = report.code(forms::field::verdict)) {
      return code_label(*field_of(9, forms::field::verdict, catalogue), verdict);
    }
  }
  std::vector<std::string> said;
  for (const forms::FieldInfo& field : form->fields) {
    const auto* count = report.get<forms::Count>(field.number);
    if (count != nullptr && *count != forms::Count{0, forms::CountState::exact})
      said.push_back(field.label.in(language()) + " " + forms::format(*count, field, language()));
  }
  const auto six = forms::six_of(report);
  if (said.empty() && six) return say(Text::six_answers, forms::to_string(*six));
  if (said.empty()) said = first_words(report, *form, catalogue);
  if (said.size() > kFieldsShown) said.resize(kFieldsShown);
  return said.empty() ? say(Text::nothing_counted) : fmt::format("{}", fmt::join(said, ", "));
}

}  // namespace

std::string report_summary(const forms::Report& report, const forms::Catalogue& catalogue) {
  return with_breaks(summary_of(report, catalogue), " ");
}

std::string level_word(proto::Level level) {
  switch (level) {
    case proto::Level::flash: return say(Text::level_flash);
    case proto::Level::urgent: return say(Text::level_urgent);
    case proto::Level::routine: return say(Text::level_routine);
    case proto::Level::bulk: return say(Text::level_bulk);
  }
  return {};
}

std::string delivery_word(desk::Delivery state) {
  switch (state) {
    case desk::Delivery::signed_here: return say(Text::delivery_signed);
    case desk::Delivery::queued: return say(Text::delivery_queued);
    case desk::Delivery::relayed: return say(Text::delivery_relayed);
    case desk::Delivery::delivered: return say(Text::delivery_delivered);
    case desk::Delivery::opened: return say(Text::delivery_opened);
    case desk::Delivery::read: return say(Text::delivery_read);
    case desk::Delivery::accepted: return say(Text::delivery_accepted);
    case desk::Delivery::resealed: return say(Text::delivery_resealed);
    case desk::Delivery::unreadable: return say(Text::delivery_unreadable);
    case desk::Delivery::expired: return say(Text::delivery_expired);
    case desk::Delivery::refused: return say(Text::delivery_refused);
  }
  return {};
}

std::string fate_word(desk::Fate fate) {
  switch (fate) {
    case desk::Fate::standing: return say(Text::fate_standing);
    case desk::Fate::superseded: return say(Text::fate_superseded);
    case desk::Fate::cancelled: return say(Text::fate_cancelled);
    case desk::Fate::replaced: return say(Text::fate_replaced);
    case desk::Fate::proxy_passed: return say(Text::fate_proxy_passed);
    case desk::Fate::cancelling: return say(Text::fate_cancelling);
    case desk::Fate::copy: return say(Text::fate_copy);
    case desk::Fate::equivocal: return say(Text::fate_equivocal);
    case desk::Fate::quarantined: return say(Text::fate_quarantined);
    case desk::Fate::beside: return say(Text::fate_beside);
  }
  return {};
}

namespace {

std::string marks_text(const desk::Reading& reading, bool exercise_is_said) {
  std::string marks;
  if (reading.facts.exercise && !exercise_is_said) marks += say(Text::mark_exercise);
  if (reading.facts.proxy) marks += say(Text::mark_proxy);
  for (const Mark& mark : marks_of(reading)) marks += say(mark.text);
  return marks;
}
std::string kind_word(const desk::Facts& facts, const forms::Catalogue& catalogue) {
  const forms::FieldInfo* kind = field_of(facts.form, forms::field::report_version_kind, catalogue);
  return kind != nullptr ? code_label(*kind, static_cast<std::uint32_t>(facts.kind)) : "";
}

}  // namespace

std::string list_line(const desk::Letter& letter, const desk::Reading& reading, const keys::Trust& trust,
                      const forms::Catalogue& catalogue, WallTime now, bool exercise_is_said) {
  const desk::Facts& facts = reading.facts;
  const bool urgent = letter.header.level >= proto::Level::urgent;
  const std::string marks = marks_text(reading, exercise_is_said);
  // A message is its writer's; figures are a unit's. What is doubtful stands before what a narrow window cuts
  // off.
  const keys::Unit* unit = facts.form != 9 ? trust.unit(facts.unit) : nullptr;
  const keys::Organisation* org = trust.organisation(facts.signer.org);
  const std::string who = unit != nullptr  ? unit->name
                          : org != nullptr ? in_language(org->name, org->name_en)
                                           : to_string(facts.signer);
  return fmt::format("{:>11} {}{}  {}#{} {}  {}{}", to_short_jst(facts.as_of, now),
                     urgent ? level_word(letter.header.level) + " " : "", who,
                     form_code(facts.form, catalogue), reading.report.header().report_no,
                     kind_word(facts, catalogue), marks.empty() ? "" : marks + " ",
                     report_summary(reading.report, catalogue));
}

std::string report_line(const desk::Letter& letter, const desk::Reading& reading, const keys::Trust& trust,
                        const forms::Catalogue& catalogue, WallTime now) {
  const desk::Facts& facts = reading.facts;
  const std::string marks = marks_text(reading, false);
  const std::string who = facts.unit.value != 0 && facts.form != 9 ? unit_name(facts.unit, trust)
                                                                   : org_name(facts.signer.org, trust);
  return fmt::format("{:>11}  {}  {}  {} {} #{}  {}  {}{}", to_short_jst(facts.as_of, now),
                     level_word(letter.header.level), who, form_code(facts.form, catalogue),
                     kind_word(facts, catalogue), reading.report.header().report_no, to_string(facts.id),
                     report_summary(reading.report, catalogue), marks.empty() ? "" : "  " + marks);
}

std::vector<std::string> report_lines(const desk::Reading& reading, const forms::Catalogue& catalogue) {
  std::vector<std::string> out;
  const forms::FormInfo* form = catalogue.form(reading.report.form, reading.report.version);
  for (const auto& [number, value] : reading.report.values) {
    const forms::FieldInfo* field =
        form != nullptr ? catalogue.field(*form, number) : catalogue.header_field(number);
    if (field == nullptr || forms::holds_attachments(*field)) continue;  // file_lines
    const std::string text = with_breaks(forms::format(value, *field, language()), "\n      ");
    out.push_back(fmt::format("  {}: {}", field->label.in(language()), text));
  }
  const forms::RuleContext around = forms::made_at(reading.facts.created);
  for (const std::string& line : forms::derived_lines(reading.report, catalogue, language(), around))
    out.push_back("  = " + line);
  for (const std::string& line : forms::unknown_lines(reading.report, catalogue, language()))
    out.push_back("  " + line);
  for (const Mark& mark : marks_of(reading)) out.push_back("  ! " + say(mark.advice));
  return out;
}

std::string delivery_line(const desk::RecipientDelivery& delivery, const keys::Trust& trust, WallTime now) {
  const bool org = proto::kind_of(delivery.recipient) == proto::RecipientKind::organisation;
  const std::string to =
      org ? org_name({delivery.recipient.value}, trust) : recipient_text(delivery.recipient);
  std::string line = fmt::format("  {}  {}", to, delivery_word(delivery.state));
  if (delivery.no_route) line += say(Text::delivery_no_route);
  if (delivery.at) line += "  " + to_short_jst(*delivery.at, now);
  if (delivery.by != DeviceId{}) line += "  " + to_string(delivery.by);
  return line;
}

std::string warning_line(const desk::Warning& warning, const keys::Trust& trust) {
  const auto text = [&](desk::WarningKind kind) -> std::string {
    switch (kind) {
      case desk::WarningKind::forked: return say(Text::warn_forked);
      case desk::WarningKind::base_missing: return say(Text::warn_base_missing);
      case desk::WarningKind::parent_kept: return say(Text::warn_parent_kept);
      case desk::WarningKind::equivocal: return say(Text::warn_equivocal);
      case desk::WarningKind::quarantined: return say(Text::warn_quarantined);
      case desk::WarningKind::dead: return say(Text::warn_dead);
      case desk::WarningKind::time_doubtful: return say(Text::warn_time_doubtful);
      case desk::WarningKind::certificate_expired: return say(Text::warn_certificate_expired);
      case desk::WarningKind::old_roster: return say(Text::warn_old_roster);
      case desk::WarningKind::incomplete: return say(Text::warn_incomplete);
      case desk::WarningKind::unknown_fields: return say(Text::warn_unknown_fields);
      case desk::WarningKind::invalid: return say(Text::warn_invalid);
      case desk::WarningKind::scope_clash: return say(Text::warn_scope_clash, warning.field, warning.number);
      case desk::WarningKind::over_register:
        return say(Text::warn_over_register, warning.other, warning.number);
      case desk::WarningKind::rollup_not_added: return say(Text::warn_rollup_not_added);
      case desk::WarningKind::held: return say(Text::warn_held);
      case desk::WarningKind::hearsay: return say(Text::warn_hearsay);
      case desk::WarningKind::unit_unlisted: return say(Text::warn_unit_unlisted);
      case desk::WarningKind::exercise_elsewhere: return say(Text::warn_exercise_elsewhere, warning.number);
      case desk::WarningKind::pending: return say(Text::warn_pending, warning.number);
      case desk::WarningKind::not_heard: return say(Text::warn_not_heard, warning.number);
    }
    return {};
  };
  std::string who;
  if (warning.unit.value != 0) who = unit_name(warning.unit, trust);
  if (warning.report.key.gen != 0) who += (who.empty() ? "" : " ") + to_string(warning.report);
  return "  ! " + (who.empty() ? "" : who + ": ") + text(warning.kind);
}

namespace {

/// Totals as lines, counts first in the order of asking, then what is only said as codes, then what is least
/// or greatest.
std::vector<std::string> part_lines(const desk::Part& part, forms::FormNo form,
                                    const forms::Catalogue& catalogue) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& label, const std::string& text) {
    out.push_back("  " + label + ": " + text);
  };
  for (const auto& [number, total] : part.totals) {
    const forms::FieldInfo* field = field_of(form, number, catalogue);
    if (field == nullptr) continue;
    const auto sum_text = [&](const desk::Sum& sum) { return format(sum, language(), field->scale); };
    std::string text = sum_text(total.sum);
    if (total.sum.known()) text = forms::with_unit(std::move(text), *field, language());
    if (total.verified.known()) text += say(Text::board_verified, sum_text(total.verified));
    if (!total.hearsay.empty()) text += say(Text::board_hearsay, sum_text(total.hearsay));
    if (!total.held.empty()) text += say(Text::board_held, sum_text(total.held));
    const forms::FormInfo* info = catalogue.form(form);
    const forms::FieldInfo* scope = info != nullptr ? catalogue.field(*info, "cyl_scope") : nullptr;
    if (scope != nullptr && !total.other_scopes.empty()) {
      text += " [" + code_label(*scope, total.scope);
      for (const auto& [code, sum] : total.other_scopes) {
        text += " / " + code_label(*scope, code) + " " + sum_text(sum);
      }
      text += "]";
    }
    add(field->label.in(language()), text);
  }
  for (const auto* tallies : {&part.six, &part.tallies}) {
    for (const auto& [number, codes] : *tallies) {
      const forms::FieldInfo* field = field_of(form, number, catalogue);
      if (field == nullptr) continue;
      std::string text;
      for (const auto& [code, rows] : codes) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", code_label(*field, code), rows);
      }
      add((tallies == &part.six ? say(Text::board_six) : "") + field->label.in(language()), text);
    }
  }
  for (const auto& [number, value] : part.extremes) {
    const forms::FieldInfo* field = field_of(form, number, catalogue);
    if (field == nullptr) continue;
    const bool least = field->aggregation == forms::Aggregation::min;
    add(field->label.in(language()) + say(least ? Text::board_least : Text::board_greatest),
        forms::format(value, *field, language()));
  }
  return out;
}

std::string coverage_line(const desk::Board& board, const desk::Part& part, WallTime now) {
  const desk::Coverage& coverage = part.coverage;
  const std::string oldest =
      coverage.oldest ? say(Text::board_oldest, to_short_jst(*coverage.oldest, now)) : "";
  if (board.is_public)
    return say(Text::board_coverage_public, coverage.units_heard, coverage.units_expected) + oldest;
  desk::Sum stopped;
  const auto total = part.totals.find(forms::field::households_stopped);
  if (total != part.totals.end()) stopped = total->second.sum;
  return say(Text::board_coverage, coverage.units_heard, coverage.units_expected, format(stopped, language()),
             format(coverage.households_checked, language()),
             forms::with_commas(coverage.households_served)) +
         oldest;
}

/// "石川県", "輪島市", "メッシュ 56360761".
std::string place_line(desk::Division division, std::uint32_t place) {
  const bool en = language() == forms::Language::en;
  if (place == 0) return say(Text::board_place_unknown);
  switch (division) {
    case desk::Division::prefecture: {
      const forms::Prefecture* prefecture = forms::prefecture(place);
      return prefecture == nullptr ? std::to_string(place) : en ? prefecture->name_en : prefecture->name;
    }
    case desk::Division::municipality: return forms::place_name(place, en);
    case desk::Division::mesh: return say(Text::board_mesh, place);
  }
  return {};
}

/// Units are expected in prefectures and municipalities, and nobody expects anything of a mesh.
void add_part(std::vector<std::string>& out, const desk::Board& board, desk::Division division,
              const desk::Part& part, const forms::Catalogue& catalogue, WallTime now) {
  std::string heading = place_line(division, part.place);
  if (division != desk::Division::mesh) heading += "  " + coverage_line(board, part, now);
  out.push_back(std::move(heading));
  for (const std::string& line : part_lines(part, board.query.form, catalogue)) out.push_back("  " + line);
}

}  // namespace

std::vector<std::string> board_lines(const desk::Board& board, const std::vector<desk::Reading>& readings,
                                     std::optional<desk::Division> by, const keys::Trust& trust,
                                     const forms::Catalogue& catalogue, WallTime now) {
  std::vector<std::string> out;
  const keys::Incident* incident = trust.incident(board.query.incident);
  const std::string name =
      incident != nullptr ? in_language(incident->name, incident->name_en) : say(Text::board_pending);
  out.push_back(fmt::format(
      "{}{}{}  {}", board.query.exercise ? say(Text::mark_exercise) : "",
      board.is_public ? say(Text::mark_public) : "", name,
      board.as_of ? say(Text::board_as_of, to_short_jst(*board.as_of, now)) : say(Text::board_empty)));
  out.push_back(coverage_line(board, board.all, now));
  for (std::string& line : part_lines(board.all, board.query.form, catalogue)) out.push_back(std::move(line));
  if (by) {
    for (const desk::Part& part : board.by(*by)) add_part(out, board, *by, part, catalogue, now);
  }
  if (board.is_public) return out;
  out.push_back(say(Text::board_rows, board.rows.size()));
  for (const desk::BoardRow& row : board.rows) {
    const desk::Reading& reading = readings[row.reading];
    std::string marks = reading.facts.proxy ? say(Text::mark_proxy) : "";
    if (row.verdict == desk::Verdict::confirmed) marks += say(Text::mark_confirmed);
    if (!row.added) marks += say(Text::mark_not_added);
    for (const Mark& mark : marks_of(reading)) marks += say(mark.text);
    if (!marks.empty()) marks = "  " + marks;
    out.push_back(fmt::format("  {}  {}  #{}  {}  {}{}", place_of(reading.facts), unit_name(row.unit, trust),
                              reading.report.header().report_no, to_short_jst(reading.facts.as_of, now),
                              report_summary(reading.report, catalogue), marks));
  }
  for (const desk::Warning& warning : board.warnings) out.push_back(warning_line(warning, trust));
  return out;
}

std::string size_text(std::size_t bytes) {
  return bytes < 1'000 ? fmt::format("{} B", bytes)
                       : fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1'000);
}

std::string about_seconds(std::uint64_t seconds) {
  constexpr std::uint64_t kMinute = 60, kHour = 3'600;
  if (seconds < 2 * kMinute) return say(Text::about_seconds, std::max<std::uint64_t>(seconds, 1));
  if (seconds < 2 * kHour) return say(Text::about_minutes, (seconds + kMinute - 1) / kMinute);
  return say(Text::about_hours, (seconds + kHour - 1) / kHour);
}

std::optional<std::uint64_t> line_seconds(std::uint64_t bytes, const proto::control::Status& status) {
  std::optional<std::uint64_t> slowest;
  for (const proto::control::LinkStatus& link : status.links) {
    if (link.rate_bps == 0) continue;
    slowest = std::max(slowest.value_or(0), (bytes * 8 + link.rate_bps - 1) / link.rate_bps);
  }
  return slowest;
}

std::string file_line(std::size_t number, const forms::Attachment& file, const forms::Catalogue& catalogue) {
  const std::vector<forms::FieldInfo>& columns = catalogue.header_field(forms::field::attachments)->columns;
  const auto media =
      std::ranges::find(columns, forms::attachment_column::media_type, &forms::FieldInfo::number);
  const std::string kind = code_label(*media, static_cast<std::uint32_t>(file.media));
  const std::string size = size_text(file.size);
  if (file.caption.empty()) return say(Text::file_line_bare, number, kind, size);
  return say(Text::file_line, number, with_breaks(file.caption, " "), kind, size);
}

std::vector<std::string> file_lines(const std::vector<desk::FileHere>& files,
                                    const forms::Catalogue& catalogue) {
  std::vector<std::string> out;
  for (const desk::FileHere& here : files) {
    std::string line = file_line(out.size() + 1, here.file, catalogue);
    if (!here.complete()) line += say(Text::file_on_its_way, here.arrived, proto::parts_of(here.file.size));
    out.push_back(std::move(line));
  }
  return out;
}

namespace {

std::uint64_t queued_on(const proto::control::LinkStatus& link) {
  return std::accumulate(std::begin(link.queued), std::end(link.queued), std::uint64_t{0});
}

}  // namespace

std::vector<std::string> status_lines(const proto::control::Status& status, WallTime now) {
  std::vector<std::string> out;
  out.push_back(say(Text::status_node, to_string(status.node), to_short_jst(status.wall, now),
                    status.wall_suspect ? say(Text::mark_time) : "", status.roster_version,
                    std::string(1, status.roster_state)));
  std::string queue;
  for (int level = proto::kLevels - 1; level >= 0; --level) {
    queue += fmt::format(" {} {}", level_word(static_cast<proto::Level>(level)), status.queue[level]);
  }
  out.push_back(say(Text::status_queue, queue, status.unrouted, status.fill_percent));
  for (const proto::control::LinkStatus& link : status.links) {
    out.push_back(say(Text::status_link, link.name, to_string(link.peer),
                      say(link.up ? Text::word_up : Text::word_down), queued_on(link), link.queued_bytes,
                      link.oldest_s));
  }
  return out;
}

}  // namespace noroshi::words
