#include <algorithm>

#include "client-tui/paper/sheets.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/marks.hpp"
#include "client-tui/words/names.hpp"
#include "keys/paper.hpp"
#include "proto/forms/derive.hpp"
#include "proto/forms/spoken.hpp"

namespace noroshi::paper {
namespace {

using words::language;
using words::say;
using words::Text;

/// The fields that have a value: those that are said first in their order, then the rest by number. What the
/// catalogue does not know is said elsewhere.
std::vector<const forms::FieldInfo*> fields_of(const forms::Report& report, const forms::FormInfo* form,
                                               const forms::Catalogue& catalogue) {
  const forms::SpokenOrder order = forms::spoken_order(form, catalogue);
  std::vector<const forms::FieldInfo*> out;
  const auto add = [&](const forms::FieldInfo* field) {
    const bool there = field != nullptr && report.find(field->number) != nullptr;
    if (there && std::ranges::find(out, field) == out.end()) out.push_back(field);
  };
  std::ranges::for_each(order.header, add);
  std::ranges::for_each(order.own, add);
  for (const auto& [number, value] : report.values)
    add(form != nullptr ? catalogue.field(*form, number) : catalogue.header_field(number));
  return out;
}

std::string incident_text(IncidentId id, const keys::Trust& trust) {
  const keys::Incident* incident = trust.incident(id);
  if (incident == nullptr) return say(Text::board_pending);
  return fmt::format("{} ({})", words::in_language(incident->name, incident->name_en), id.value);
}

void put_envelope(Sheet& sheet, const desk::Letter& letter, const desk::Reading& reading,
                  const Around& around) {
  const auto entry = [&](Text label, std::string text) {
    sheet.blocks.push_back(Entry{say(label), std::move(text)});
  };
  std::string to;
  for (const RecipientId id : letter.recipients)
    to += (to.empty() ? "" : "\n") + words::recipient_name(id, around.trust);
  entry(Text::paper_report_id, to_string(reading.facts.id));
  entry(Text::paper_signed_by,
        words::org_name(reading.facts.signer.org, around.trust) + "  " + to_string(letter.header.source));
  entry(Text::paper_signed_at, to_jst(letter.header.created));
  entry(Text::paper_for, to);
  entry(Text::paper_level, words::level_word(letter.header.level));
  entry(Text::paper_incident, incident_text(reading.facts.incident, around.trust));
  entry(Text::paper_message_id, letter.entry.id.hex());
  entry(Text::paper_printed, to_jst(around.now));
}

void put_values(Sheet& sheet, const desk::Reading& reading, const forms::FormInfo* form,
                const Around& around) {
  const forms::Report& report = reading.report;
  const auto fields = fields_of(report, form, around.catalogue);
  for (const bool header : {true, false}) {
    const forms::FormInfo* part = header ? &around.catalogue.header() : form;
    bool begun = false;
    for (const forms::FieldInfo* field : fields) {
      const bool of_header = around.catalogue.header_field(field->number) != nullptr;
      if (of_header != header || forms::holds_attachments(*field)) continue;
      if (!begun && part != nullptr) sheet.blocks.push_back(Section{part->label.in(language())});
      begun = true;
      sheet.blocks.push_back(Entry{field->label.in(language()),
                                   words::value_text(*report.find(field->number), *field, around.trust)});
    }
  }
  const auto lines = [&](const std::vector<std::string>& texts, const std::string& before) {
    for (const std::string& text : texts) sheet.blocks.push_back(Line{before + text});
  };
  lines(forms::derived_lines(report, around.catalogue, language(), forms::made_at(reading.facts.created)),
        "= ");
  lines(forms::unknown_lines(report, around.catalogue, language()), "");
  std::size_t number = 0;
  for (const forms::Attachment& file : forms::attachments_of(report, around.catalogue))
    sheet.blocks.push_back(Line{words::file_line(++number, file, around.catalogue)});
}

void put_attention(Sheet& sheet, const desk::Reading& reading,
                   const std::optional<desk::Folded::Entry>& fate) {
  std::vector<std::string> texts;
  for (const words::Mark& mark : words::marks_of(reading)) texts.push_back(say(mark.advice));
  if (fate && fate->fate != desk::Fate::standing) {
    const std::string by = fate->by.key.gen != 0 ? " (" + to_string(fate->by) + ")" : "";
    texts.push_back(say(Text::on_the_board, words::fate_word(fate->fate) + by));
  }
  if (texts.empty()) return;
  sheet.blocks.push_back(Section{say(Text::paper_attention)});
  for (std::string& text : texts) sheet.blocks.push_back(Line{std::move(text), true});
}

void put_codes(Sheet& sheet, BytesView envelope, const ReportId& id) {
  const std::vector<std::string> parts = keys::paper_parts(envelope);
  sheet.blocks.push_back(Section{say(Text::paper_codes)});
  if (parts.empty()) {
    sheet.blocks.push_back(Line{say(Text::paper_too_large, envelope.size(), to_string(id)), true});
    return;
  }
  sheet.blocks.push_back(Line{say(Text::paper_codes_note)});
  for (std::size_t i = 0; i < parts.size(); ++i)
    sheet.blocks.push_back(Code{say(Text::paper_code, i + 1, parts.size(), to_string(id)), parts[i]});
}

}  // namespace

std::string marks_of(bool exercise, forms::Confidentiality confidentiality) {
  std::string out = exercise ? say(Text::paper_exercise) : "";
  if (confidentiality == forms::Confidentiality::restricted) out += say(Text::paper_parties_only);
  if (confidentiality == forms::Confidentiality::handlers) out += say(Text::paper_handlers_only);
  return out;
}

Sheet report_sheet(const desk::Letter& letter, std::size_t index, BytesView envelope,
                   const std::optional<desk::Folded::Entry>& fate, const Around& around) {
  const desk::Reading& reading = letter.reports[index];
  const forms::Report& report = reading.report;
  const forms::FormInfo* form = around.catalogue.form(report.form, report.version);
  Sheet sheet;
  sheet.marks = marks_of(reading.facts.exercise, forms::confidentiality_of(report, around.catalogue));
  sheet.who = words::org_name(reading.facts.signer.org, around.trust);
  sheet.what = fmt::format("{} {}  {}", words::form_code(report.form, around.catalogue),
                           form != nullptr ? form->label.in(language()) : "", to_string(reading.facts.id));
  sheet.when = to_jst(reading.facts.as_of);
  put_envelope(sheet, letter, reading, around);
  put_attention(sheet, reading, fate);
  put_values(sheet, reading, form, around);
  put_codes(sheet, envelope, reading.facts.id);
  return sheet;
}

}  // namespace noroshi::paper
