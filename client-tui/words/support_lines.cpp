#include "client-tui/words/support_lines.hpp"

#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/timeline_lines.hpp"

namespace noroshi::words {
namespace {

/// Quantities have three decimals; whole ones are said whole.
std::string quantity_text(std::int64_t scaled) {
  std::string out = forms::with_commas(static_cast<std::uint64_t>(scaled / 1000));
  if (scaled % 1000 != 0) out += fmt::format(".{:03}", scaled % 1000);
  return out;
}

Weight weight_of(const desk::SupportCase& found) {
  if (found.unanswered) return Weight::alarm;
  const bool stuck =
      found.state == desk::RequestState::declined || found.state == desk::RequestState::expired;
  return stuck ? Weight::caution : Weight::plain;
}

}  // namespace

std::string support_word(desk::RequestState state, const forms::Catalogue& catalogue) {
  const forms::FieldInfo* field = field_named(catalogue.form("F4")->number, "request_state", catalogue);
  const forms::CodeInfo* code = field != nullptr && field->list != nullptr
                                    ? field->list->by_number(static_cast<std::uint32_t>(state))
                                    : nullptr;
  return code != nullptr ? code->label.in(language()) : std::to_string(static_cast<int>(state));
}

std::vector<Line> support_lines(const std::vector<desk::SupportRequest>& requests, const keys::Trust& trust,
                                const forms::Catalogue& catalogue, WallTime now) {
  std::vector<Line> out;
  for (const desk::SupportRequest& request : requests) {
    const desk::Reading& reading = request.reading;
    const desk::SupportCase& found = request.found;
    std::string line = fmt::format("{}  {:>11}  {}  {}", support_word(found.state, catalogue),
                                   to_short_jst(reading.facts.created, now),
                                   reading.facts.unit.value != 0 ? unit_name(reading.facts.unit, trust)
                                                                 : org_name(reading.facts.signer.org, trust),
                                   report_summary(reading.report, catalogue));
    if (found.committed > 0 || found.delivered > 0)
      line +=
          "  " + say(Text::support_amounts, quantity_text(found.committed), quantity_text(found.delivered));
    if (found.unanswered)
      line += "  " + say(Text::support_unanswered, span_text(now - reading.facts.created));
    out.push_back({std::move(line), weight_of(found), {reading.facts.id}});
  }
  return out;
}

}  // namespace noroshi::words
