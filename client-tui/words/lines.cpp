#include "client-tui/words/lines.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "client-tui/words/marks.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/timeline_lines.hpp"
#include "keys/verify.hpp"
#include "proto/forms/derive.hpp"
#include "proto/forms/six.hpp"

namespace noroshi::words {
namespace {

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

namespace {

/// Those that somebody can do something about; the others by their name.
std::string refusal_text(const std::string& name) {
  static const std::pair<keys::Refusal, Text> kTexts[] = {
      {keys::Refusal::quota, Text::refused_quota},
      {keys::Refusal::role, Text::refused_role},
      {keys::Refusal::revoked, Text::refused_revoked},
      {keys::Refusal::cert_time, Text::refused_cert_time},
      {keys::Refusal::unknown_key, Text::refused_unknown_key},
      {keys::Refusal::dead, Text::refused_dead}};
  for (const auto& [refusal, text] : kTexts) {
    if (name == keys::name_of(refusal)) return say(text);
  }
  return name;
}

}  // namespace

std::optional<std::string> waiting_line(const proto::control::RecipientProgress& progress,
                                        const std::optional<proto::control::Status>& status) {
  enum Duty : std::uint8_t { owed, sent, parked };  // core::DutyState as the control protocol numbers it
  if (progress.end != "open" || progress.duty > parked || progress.via == DeviceId{}) return std::nullopt;
  std::string to = to_string(progress.via), waiting = "?";
  bool up = true;
  if (status) {
    const auto link = std::ranges::find(status->links, progress.via, &proto::control::LinkStatus::peer);
    if (link != status->links.end()) {
      to = link->name + " " + to;
      waiting = size_text(link->queued_bytes);
      up = link->up;
    }
  }
  const bool planned = progress.again_s > 0;
  const std::string again = planned ? about_seconds(static_cast<std::uint64_t>(progress.again_s)) : "";
  std::string line = progress.duty == parked ? say(Text::waiting_parked, to)
                     : !up                   ? say(Text::waiting_down, to, waiting)
                     : progress.duty == sent ? say(Text::waiting_sent, to)
                     : planned               ? say(Text::waiting_postponed, to, again, waiting)
                                             : say(Text::waiting_turn, to, waiting);
  if (planned && progress.duty != owed) line += say(Text::waiting_again, again);
  if (progress.tried > 0) line += say(Text::waiting_tried, progress.tried);
  return line;
}

std::vector<std::string> delivery_lines(const desk::Letter& letter,
                                        const std::vector<desk::RecipientDelivery>& deliveries,
                                        const std::optional<proto::control::EnvelopeProgress>& progress,
                                        const std::optional<proto::control::Status>& status,
                                        const keys::Trust& trust, WallTime now) {
  std::vector<std::string> out;
  if (!deliveries.empty()) out.push_back(say(Text::sealed_size, size_text(letter.entry.size)));
  for (const desk::RecipientDelivery& delivery : deliveries) {
    out.push_back(delivery_line(delivery, trust, now));
    if (!progress) continue;
    const auto said = std::ranges::find(progress->recipients, delivery.recipient,
                                        &proto::control::RecipientProgress::recipient);
    if (said == progress->recipients.end()) continue;
    if (auto line = waiting_line(*said, status)) out.push_back(*std::move(line));
  }
  return out;
}

std::string delivery_line(const desk::RecipientDelivery& delivery, const keys::Trust& trust, WallTime now) {
  const bool org = proto::kind_of(delivery.recipient) == proto::RecipientKind::organisation;
  const std::string to =
      org ? org_name({delivery.recipient.value}, trust) : recipient_text(delivery.recipient);
  std::string line = fmt::format("  {}  {}", to, delivery_word(delivery.state));
  if (delivery.no_route) line += say(Text::delivery_no_route);
  if (!delivery.refusal.empty()) line += say(Text::delivery_refused_why, refusal_text(delivery.refusal));
  if (delivery.at) line += "  " + to_short_jst(*delivery.at, now);
  if (delivery.by != DeviceId{}) line += "  " + to_string(delivery.by);
  return line;
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

Text text_of(keys::RosterState state) {
  switch (state) {
    case keys::RosterState::a_fresh: return Text::roster_fresh;
    case keys::RosterState::b_refresh: return Text::roster_refresh;
    case keys::RosterState::c_expired: return Text::roster_expired;
    case keys::RosterState::d_lapsed: return Text::roster_lapsed;
  }
  return Text::roster_fresh;
}

std::uint64_t queued_on(const proto::control::LinkStatus& link) {
  return std::accumulate(std::begin(link.queued), std::end(link.queued), std::uint64_t{0});
}

}  // namespace

std::vector<Line> expiry_lines(const keys::Trust& trust, const std::vector<DeviceId>& devices, WallTime now) {
  constexpr std::int64_t kDay = 86'400,
                         kSoon = 30;  // days: enough for a request to go and come back on a stick
  std::vector<Line> out;
  const keys::RosterState state = trust.roster_state(now);
  out.push_back({say(Text::status_roster, trust.roster_version(), to_short_jst(trust.roster_issued(), now),
                     say(text_of(state))),
                 state == keys::RosterState::a_fresh ? Weight::plain : Weight::caution});
  for (const DeviceId device : devices) {
    const keys::Certificate* certificate = trust.newest_certificate(device);
    if (certificate == nullptr) continue;
    const std::int64_t left = (certificate->expires() - now).count / kDay;
    const bool over = certificate->expires() <= now;
    out.push_back({over ? say(Text::status_certificate_over, to_string(device),
                              to_short_jst(certificate->expires(), now))
                        : say(Text::status_certificate, to_string(device), left,
                              to_short_jst(certificate->expires(), now)),
                   over           ? Weight::alarm
                   : left < kSoon ? Weight::caution
                                  : Weight::plain});
  }
  return out;
}

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
  for (int level = proto::kLevels - 1; level >= 0; --level) {
    const proto::control::TargetStatus& target = status.targets[level];
    if (target.met + target.missed + target.overdue == 0) continue;
    out.push_back(say(Text::status_target, level_word(static_cast<proto::Level>(level)),
                      span_text(Seconds{target.target_s}), target.met, target.missed, target.overdue));
  }
  for (const proto::control::LinkStatus& link : status.links) {
    const std::string state = link.rests_s > 0 ? say(Text::word_resting, link.rests_s)
                                               : say(link.up ? Text::word_up : Text::word_down);
    out.push_back(say(Text::status_link, link.name, to_string(link.peer), state, queued_on(link),
                      link.queued_bytes, link.oldest_s));
  }
  return out;
}

}  // namespace noroshi::words
