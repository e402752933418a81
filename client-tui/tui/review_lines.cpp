#include "client-tui/tui/review_lines.hpp"

#include <algorithm>

#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/text.hpp"
#include "proto/forms/rules.hpp"

namespace noroshi::tui {
namespace {

using words::language, words::say, words::Text;

std::optional<desk::Reading> parent_of(const forms::Report& report, const Facts& facts) {
  const forms::Header header = report.header();
  const auto found = header.parents.empty() ? std::nullopt : facts.shelf->find(header.parents.front());
  return found && !found->closed() ? std::optional(found->reading()) : std::nullopt;
}

void add_problems(std::vector<ReviewLine>& out, const desk::Prepared& prepared, const Facts& facts) {
  // What stops the report first; what is only empty in one line, or a first report would be all warnings.
  std::vector<ReviewLine> warnings;
  std::string empty;
  bool missing = false;
  for (std::size_t i = 0; i < prepared.problems.size(); ++i) {
    for (const forms::Problem& problem : prepared.problems[i]) {
      const bool error = problem.severity == forms::Severity::error;
      missing = missing || (error && problem.missing);
      if (error) {
        out.push_back({say(Text::console_review_error) + " " + problem.text(language()), Style::alarm});
      } else if (problem.missing) {
        const auto* field = words::field_named(prepared.reports[i].form, problem.field, *facts.catalogue);
        empty +=
            (empty.empty() ? "" : ", ") + (field != nullptr ? field->label.in(language()) : problem.field);
      } else {
        warnings.push_back(
            {say(Text::console_review_warning) + " " + problem.text(language()), Style::caution});
      }
    }
  }
  out.insert(out.end(), warnings.begin(), warnings.end());
  if (!empty.empty()) out.push_back({say(Text::console_review_empty) + ": " + empty, Style::label});
  if (!prepared.sendable()) {
    out.push_back({say(Text::console_review_blocked), Style::alarm});
  } else if (missing) {
    out.push_back({say(Text::console_review_incomplete), Style::caution});
  }
}
void add_address(std::vector<ReviewLine>& out, const desk::Prepared& prepared, const Facts& facts) {
  std::string to;
  for (const RecipientId id : prepared.recipients)
    to += (to.empty() ? "" : ", ") + words::recipient_name(id, *facts.trust);
  const keys::SealedSize& size = prepared.size;
  const keys::Incident* incident = facts.trust->incident(prepared.incident);
  out.push_back({say(Text::console_review_incident) + ": " +
                 (prepared.exercise ? say(Text::console_exercise_mark) : "") +
                 (incident != nullptr ? words::in_language(incident->name, incident->name_en)
                                      : say(Text::console_pending))});
  out.push_back({say(Text::console_review_to) + ": " + to});
  out.push_back({say(Text::console_review_level) + ": " + words::level_word(prepared.level) + "   " +
                     say(Text::console_review_size) + ": " +
                     say(Text::console_review_size_is, size.total(), prepared.content.size(), size.padding),
                 prepared.level == proto::Level::flash ? Style::alarm : Style::plain});
  if (!prepared.files.empty()) {
    const auto seconds = facts.relay ? words::line_seconds(prepared.files_bytes, *facts.relay) : std::nullopt;
    const std::string time = seconds ? say(Text::attached_time, words::about_seconds(*seconds)) : "";
    out.push_back({say(Text::console_review_files, prepared.files.size(),
                       words::size_text(prepared.files_bytes), time)});
  }
  const std::optional<HandlerId> handler = prepared.reports.front().header().handler;
  out.push_back({say(Text::console_review_signer) + ": " +
                 say(Text::console_review_signer_is, to_string(facts.self), handler ? handler->value : 0u)});
  out.push_back({});
}
void add_report(std::vector<ReviewLine>& out, const forms::Report& report, const Facts& facts) {
  const forms::Catalogue& catalogue = *facts.catalogue;
  const forms::FormInfo* form = catalogue.form(report.form, report.version);
  if (form == nullptr) return;
  const forms::Header header = report.header();
  const auto unit = header.speaks_for();
  out.push_back({form->code + " " + form->label.in(language()) + "  " +
                     (unit ? words::unit_name(*unit, *facts.trust) : "") + "  #" +
                     std::to_string(header.report_no),
                 Style::title});
  const std::optional<desk::Reading> parent = parent_of(report, facts);
  for (const forms::FieldInfo* field : catalogue.asked(*form)) {
    const forms::Value* value = report.find(field->number);
    const forms::Value* before = parent ? parent->report.find(field->number) : nullptr;
    if (value == nullptr && before == nullptr) continue;
    const bool changed = parent && (value == nullptr || before == nullptr || *value != *before);
    std::string line =
        std::string(changed ? "~" : " ") +
        (field->confidentiality == forms::Confidentiality::open ? " " : "*") + " " +
        field->label.in(language()) + ": " +
        (value != nullptr ? words::value_text(*value, *field, *facts.trust) : say(Text::console_picked_none));
    if (changed && before != nullptr)
      line += say(Text::console_review_was, words::value_text(*before, *field, *facts.trust));
    out.push_back({std::move(line), changed ? Style::caution : Style::plain});
  }
  std::size_t number = 0;
  for (const forms::Attachment& file : forms::attachments_of(report, catalogue))
    out.push_back({" * " + words::file_line(++number, file, catalogue)});
}

}  // namespace

std::vector<ReviewLine> review_lines(const desk::Prepared& prepared, const Facts& facts) {
  std::vector<ReviewLine> out;
  add_problems(out, prepared, facts);
  add_address(out, prepared, facts);
  for (const forms::Report& report : prepared.reports) add_report(out, report, facts);
  return out;
}

}  // namespace noroshi::tui
