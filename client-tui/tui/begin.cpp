#include "client-tui/tui/begin.hpp"

#include <algorithm>

#include "client-tui/desk/talk.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/text.hpp"
#include "proto/forms/report_json.hpp"
#include "proto/forms/rules.hpp"
#include "proto/forms/six.hpp"

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
  // When it happened is what the incident begins with, until somebody knows better.
  const keys::Incident* incident = facts.trust->incident(facts.incident);
  const forms::FieldInfo* occurred = facts.catalogue->field(form, "occurred_at");
  if (incident != nullptr && occurred != nullptr) report.put(occurred->number, incident->start);
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
  const forms::FormInfo& form = *facts.catalogue->form("F1");
  forms::Report report = begin_report(form, facts);
  for (const forms::Template& begin : form.templates) {
    if (std::ranges::find(begin.set, std::pair<std::string, std::string>("nil_report", "yes")) ==
        begin.set.end())
      continue;
    static_cast<void>(forms::apply(begin, report, *facts.catalogue));  // what it cannot say is asked for
    break;
  }
  report.put(field::nil_report, forms::Answer::yes);
  report.values.erase(field::checked_scope);
  desk::Draft draft;
  draft.message.reports = {std::move(report)};
  draft.field = field::checked_scope;
  return draft;
}

std::optional<desk::Reading> last_standing(const Facts& facts, std::optional<forms::FormNo> of_form) {
  constexpr std::size_t kAtOnce = 20;
  for (std::size_t from = 0; from < facts.shelf->size(Shelf::List::own); from += kAtOnce) {
    for (const Item& item : facts.shelf->window(Shelf::List::own, from, kAtOnce)) {
      if (item.closed() || item.fold.fate != desk::Fate::standing) continue;
      const forms::FormNo form = item.reading().facts.form;
      const bool wanted = of_form ? form == *of_form : form != 9;
      if (wanted && facts.catalogue->form(form) != nullptr) return item.reading();
    }
  }
  return std::nullopt;
}

desk::Draft begin_picture(const Enclosed& picture, const Facts& facts) {
  const std::optional<desk::Reading> last = last_standing(facts);
  forms::Report report = last ? desk::talk_about(last->facts, ActKind::message, *facts.catalogue)
                              : desk::talk(ActKind::message, *facts.catalogue);
  if (!last) {
    forms::Header header = report.header();
    header.incident = facts.incident;
    report.set_header(header);
  }
  report.put(field::body, say(Text::attach_text));
  static_cast<void>(forms::attach(report, picture.file, *facts.catalogue->form("F9"), *facts.catalogue));
  desk::Draft draft;
  draft.message.reports = {std::move(report)};
  draft.field = field::body;
  return draft;
}

Result<desk::Draft> begin_update(const Facts& facts, Office& office) {
  const std::optional<desk::Reading> last = last_standing(facts);
  if (!last) return no(Code::usage, Text::console_nothing_to_update);
  desk::Draft draft;
  draft.message.reports = office.child_of(*last, ReportKind::update);
  return draft;
}

Result<desk::Draft> begin_child(const Item& item, ReportKind kind, const Facts& facts, Office& office) {
  const desk::Facts& its = item.reading().facts;
  const bool ours = its.signer.org == facts.self.org || its.association == facts.self.org;
  if (!ours || its.form == 9) return no(Code::permission, Text::console_not_yours);
  if (facts.catalogue->form(its.form) == nullptr)
    return no(Code::bad_data, Text::form_not_here, words::form_code(its.form, *facts.catalogue));
  desk::Draft draft;
  draft.message.reports = office.child_of(item.reading(), kind);
  return draft;
}

namespace {

desk::Draft to_sender(forms::Report report, const desk::Facts& about, const Facts& facts) {
  desk::Draft draft;
  draft.message.reports = {std::move(report)};
  draft.message.recipients = {desk::sender_of(about, facts.self)};
  return draft;
}

/// The sender beside those who keep the board.
desk::Draft to_all(std::vector<forms::Report> reports, const desk::Facts& about, const Facts& facts,
                   Office& office) {
  desk::Draft draft;
  draft.message.reports = std::move(reports);
  const auto prepared = office.prepare(draft.message);
  if (!prepared.ok()) return draft;  // the review says why
  draft.message.recipients = prepared->recipients;
  const RecipientId sender = desk::sender_of(about, facts.self);
  if (std::ranges::find(draft.message.recipients, sender) == draft.message.recipients.end())
    draft.message.recipients.push_back(sender);
  return draft;
}

desk::Draft begin_rung(const desk::Reading& request, const Facts& facts, Office& office) {
  if (const auto own = office.own_answer(request)) {
    return to_all(office.child_of(*own, ReportKind::update), request.facts, facts, office);
  }
  const forms::FormInfo& form = *facts.catalogue->form("F5");
  forms::Report report = begin_report(form, facts);
  forms::Header header = report.header();
  header.incident = request.facts.incident;
  report.set_header(header);
  const auto put = [&](std::string_view key, std::optional<forms::Value> value) {
    const forms::FieldInfo* one = facts.catalogue->field(form, key);
    if (one != nullptr && value) report.put(one->number, *std::move(value));
  };
  const auto asked = [&](std::string_view key) -> std::optional<forms::Value> {
    const forms::FieldInfo* one = words::field_named(request.report.form, key, *facts.catalogue);
    const forms::Value* value = one != nullptr ? request.report.find(one->number) : nullptr;
    return value != nullptr ? std::optional(*value) : std::nullopt;
  };
  put("answers", forms::References{request.facts.id});
  put("request_no", asked("request_no"));
  put("item_unit", asked("item_unit"));
  put("provider", std::int64_t{facts.self.org.value});
  return to_all({std::move(report)}, request.facts, facts, office);
}

/// What is called for: carried on from the last one of that form, or begun.
desk::Draft begin_called(const forms::FormInfo& form, IncidentId incident, const Facts& facts,
                         Office& office) {
  desk::Draft draft;
  const auto last = last_standing(facts, form.number);
  if (last && last->facts.incident == incident) {
    draft.message.reports = office.child_of(*last, ReportKind::update);
    return draft;
  }
  forms::Report report = begin_report(form, facts);
  forms::Header header = report.header();
  header.incident = incident;
  report.set_header(header);
  draft.message.reports = {std::move(report)};
  return draft;
}

}  // namespace

desk::Draft begin_call(const Facts& facts) {
  const keys::Incident* incident = facts.trust->incident(facts.incident);
  desk::Call call{1, 0, {}};
  if (incident != nullptr && incident->prefectures.size() == 1)
    call.area = static_cast<std::uint32_t>(std::strtoul(incident->prefectures.front().c_str(), nullptr, 10));
  const std::string code = words::form_code(call.form, *facts.catalogue);
  forms::Report report = desk::talk(ActKind::inquiry, *facts.catalogue);
  forms::Header header = report.header();
  header.incident = facts.incident;
  report.set_header(header);
  report.put(field::subject, say(Text::call_subject, code));
  report.put(field::body,
             say(Text::call_body, code, facts.catalogue->form(call.form)->label.in(words::language())));
  report.put(field::answer_due, facts.now.wall + desk::kAnswerDue);
  report.put(field::asked_form, std::int64_t{call.form});
  if (call.area != 0) report.put(field::asked_area, std::int64_t{call.area});
  desk::Draft draft;
  draft.message.reports = {std::move(report)};
  draft.message.recipients =
      desk::associations_called(call, desk::units_of(facts.incident, *facts.trust), *facts.trust);
  draft.message.level = proto::Level::urgent;
  draft.field = field::asked_area;
  return draft;
}

desk::Draft begin_question(const Item& item, const Facts& facts, WallTime now) {
  const desk::Facts& about = item.reading().facts;
  forms::Report report = desk::talk_about(about, ActKind::inquiry, *facts.catalogue);
  report.put(field::answer_due, now + desk::kAnswerDue);
  return to_sender(std::move(report), about, facts);
}

desk::Draft begin_answer(const Item& item, const Facts& facts, Office& office) {
  const desk::Reading& about = item.reading();
  if (const auto call = desk::call_of(about.report); call && facts.unit.value != 0) {
    const forms::FormInfo* form = facts.catalogue->form(call->form);
    if (form != nullptr) return begin_called(*form, about.facts.incident, facts, office);
  }
  if (words::form_code(about.facts.form, *facts.catalogue) == "F4") return begin_rung(about, facts, office);
  return to_sender(desk::talk_about(about.facts, ActKind::answer, *facts.catalogue), about.facts, facts);
}

Result<desk::Draft> begin_verification(const Item& item, forms::Verdict verdict, const Facts& facts) {
  const desk::Facts& about = item.reading().facts;
  if (about.association != facts.self.org) return no(Code::permission, Text::console_only_association);
  desk::Draft draft;
  draft.message.reports = {desk::verification(about, verdict, *facts.catalogue)};
  return draft;
}

std::vector<const forms::FieldInfo*> asked_now(const forms::Report& report, const forms::FormInfo& form,
                                               const forms::Catalogue& catalogue) {
  std::vector<const forms::FieldInfo*> out;
  const ReportKind kind = report.header().kind;
  for (const forms::FieldInfo* one : catalogue.asked(form)) {
    const bool why = one->number == field::reason;
    if (kind == ReportKind::cancel ? !why : !forms::relevant(*one, report, form, catalogue)) continue;
    out.insert(why && kind != ReportKind::initial ? out.begin() : out.end(), one);
  }
  return out;
}

std::size_t first_asked(const forms::Report& report, const std::vector<const forms::FieldInfo*>& fields) {
  const bool has_six =
      std::ranges::any_of(fields, [](const auto* one) { return one->number == forms::kSixFields.front(); });
  if (report.header().kind != ReportKind::update || !has_six) return 0;
  const auto second = std::ranges::find_if(fields, [](const auto* one) { return one->page > 1; });
  return second == fields.end() ? 0 : static_cast<std::size_t>(second - fields.begin());
}

}  // namespace noroshi::tui
