#include "client-tui/tui/begin.hpp"

#include <algorithm>

#include "client-tui/desk/talk.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/text.hpp"
#include "proto/forms/rules.hpp"

namespace noroshi::tui {

using forms::ActKind;
using forms::ReportKind;
using words::say, words::Text, words::no;
namespace field = forms::field;

forms::Report begin_report(const forms::FormInfo& form, const Facts& facts) {
  forms::Report report = forms::new_report(form);
  forms::Header header = report.header();
  header.incident = facts.incident;
  if (facts.unit.value != 0) header.unit = facts.unit;
  header.source = forms::SourceKind::own_obs;  // who else's; a proxy report says so
  header.clock = facts.now.wall_suspect ? forms::ClockQuality::unknown
                 : facts.relay          ? forms::ClockQuality::network  // its neighbours' clocks agree
                                        : forms::ClockQuality::manual;
  report.set_header(header);
  return report;
}

void speak_for(forms::Report& report, UnitId unit, WallTime now) {
  forms::Header header = report.header();
  header.on_behalf_of = unit;
  header.unit.reset();
  header.told_at = now;
  header.told_channel = forms::ToldChannel::phone;
  header.source = forms::SourceKind::telephone;
  report.set_header(header);
}

desk::Draft begin_nil(const Facts& facts) {
  forms::Report report = begin_report(*words::catalogue().form("F1"), facts);
  report.put(field::nil_report, forms::Answer::yes);
  desk::Draft draft;
  draft.message.reports = {std::move(report)};
  draft.field = field::checked_scope;
  return draft;
}

Result<desk::Draft> begin_update(const Facts& facts, Office& office) {
  const auto last = std::ranges::find_if(facts.own, [](const Item& item) {
    return !item.closed() && item.reading().facts.form != 9 && item.fold.fate == desk::Fate::standing;
  });
  if (last == facts.own.end()) return no(Code::usage, Text::console_nothing_to_update);
  desk::Draft draft;
  draft.message.reports = office.child_of(last->reading(), ReportKind::update);
  return draft;
}

Result<desk::Draft> begin_child(const Item& item, ReportKind kind, const Facts& facts, Office& office) {
  const desk::Facts& its = item.reading().facts;
  const bool ours = its.signer.org == facts.self.org || its.association == facts.self.org;
  if (!ours || its.form == 9) return no(Code::permission, Text::console_not_yours);
  desk::Draft draft;
  draft.message.reports = office.child_of(item.reading(), kind);
  return draft;
}

desk::Draft begin_reply(const Item& item, ActKind act, WallTime now) {
  const desk::Facts& about = item.reading().facts;
  forms::Report report = desk::talk_about(about, act, words::catalogue());
  if (act == ActKind::inquiry) report.put(field::answer_due, now + desk::kAnswerDue);
  desk::Draft draft;
  draft.message.reports = {std::move(report)};
  draft.message.recipients = {proto::to_org(about.signer.org)};
  return draft;
}

Result<desk::Draft> begin_verification(const Item& item, forms::Verdict verdict, const Facts& facts) {
  const desk::Facts& about = item.reading().facts;
  if (about.association != facts.self.org) return no(Code::permission, Text::console_only_association);
  desk::Draft draft;
  draft.message.reports = {desk::verification(about, verdict, words::catalogue())};
  return draft;
}

std::vector<const forms::FieldInfo*> asked_now(const forms::Report& report, const forms::FormInfo& form) {
  std::vector<const forms::FieldInfo*> out;
  const ReportKind kind = report.header().kind;
  for (const forms::FieldInfo* one : words::catalogue().asked(form)) {
    const bool why = one->number == field::reason;
    if (kind == ReportKind::cancel ? !why : !forms::relevant(*one, report, form, words::catalogue()))
      continue;
    out.insert(why && kind != ReportKind::initial ? out.begin() : out.end(), one);
  }
  return out;
}

std::size_t first_asked(const forms::Report& report, const std::vector<const forms::FieldInfo*>& fields) {
  if (report.header().kind != ReportKind::update) return 0;
  const auto second = std::ranges::find_if(fields, [](const auto* one) { return one->page > 1; });
  return second == fields.end() ? 0 : static_cast<std::size_t>(second - fields.begin());
}

}  // namespace noroshi::tui
