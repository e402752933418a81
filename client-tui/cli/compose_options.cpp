#include "client-tui/cli/compose_options.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

#include "client-tui/cli/lookup.hpp"
#include "client-tui/cli/shapes.hpp"
#include "proto/forms/report_json.hpp"
#include "proto/forms/six.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::cli {
namespace {

using forms::Report;
using forms::ReportKind;

/// A file of reports is small; one that is not is a mistake.
constexpr std::size_t kReportFileMax = 1 << 20;

Result<std::string> read_text(const std::string& name) {
  std::ifstream file;
  if (name != "-") file.open(name, std::ios::binary);
  std::istream& in = name == "-" ? std::cin : file;
  if (!in) return no(Code::io, Text::cannot_read_file, name);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (text.size() > kReportFileMax) return no(Code::bad_data, Text::file_too_large, name);
  return text;
}

/// One report, or several rows of one body.
Result<std::vector<Report>> read_reports(const std::string& name, const std::string& form,
                                         const forms::Catalogue& catalogue) {
  TRY(const std::string text, read_text(name));
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded()) return no(Code::bad_data, Text::file_is_no_json, name);
  std::vector<Report> out;
  for (const nlohmann::json& one : json.is_array() ? json : nlohmann::json::array({json})) {
    auto report = forms::report_from_json(one, form, catalogue);
    if (!report.ok()) return within(name, std::move(report).error());
    out.push_back(*std::move(report));
  }
  if (out.empty()) return no(Code::bad_data, Text::file_has_no_report, name);
  return out;
}

Result<std::string> cleaned(const std::string& option, const std::string& text) {
  auto clean = forms::clean_text(text);
  if (!clean.ok()) return within(option, std::move(clean).error());
  return clean;
}

/// The reports to begin from: a child of one that is here, or an empty one.
Result<std::vector<Report>> begin(desk::Desk& desk, const ComposeOptions& options) {
  const std::pair<const std::string*, ReportKind> parents[] = {{&options.update, ReportKind::update},
                                                               {&options.correct, ReportKind::correction},
                                                               {&options.cancel, ReportKind::cancel},
                                                               {&options.final, ReportKind::final}};
  std::optional<std::pair<std::string, ReportKind>> asked;
  for (const auto& [id, kind] : parents) {
    if (id->empty()) continue;
    if (asked) return no(Code::usage, Text::one_parent_only);
    asked.emplace(*id, kind);
  }
  const forms::FormInfo* const form = desk.catalogue().form(options.form);
  if (!asked) {
    if (form == nullptr) return no(Code::usage, Text::no_such_form, options.form);
    return std::vector<Report>{forms::new_report(*form)};
  }
  TRY(const desk::StoreRead view, desk.store().read());
  TRY(const Found parent, find_report(desk, view, asked->first));
  if (form_code(parent.reading().facts.form, desk.catalogue()) != options.form) {
    return no(Code::usage, Text::parent_of_other_form, asked->first,
              form_code(parent.reading().facts.form, desk.catalogue()));
  }
  // What cannot be read cannot be changed; taken back it can be.
  if (form == nullptr && asked->second != ReportKind::cancel)
    return no(Code::unavailable, Text::form_not_here, options.form);
  return desk.child_of(parent.reading(), asked->second);
}

Result<void> apply_six_answers(Report& report, const std::string& digits, const forms::Catalogue& catalogue) {
  TRY(const forms::SixAnswers six, forms::parse_six(digits, catalogue));
  const std::uint32_t said = report.code(forms::field::checked_scope);
  const auto scope = said != 0 ? static_cast<forms::CheckedScope>(said) : forms::CheckedScope::office;
  std::optional<std::uint32_t> households;
  if (const auto* count = report.get<forms::Count>(forms::field::checked_households))
    households = count->value;
  forms::apply_six(report, six, scope, households);
  return {};
}

Result<void> apply_proxy(Report& report, const ComposeOptions& options, const desk::Desk& desk) {
  forms::Header header = report.header();
  if (!options.for_unit.empty()) {
    TRY(header.on_behalf_of, unit_of(options.for_unit, desk.trust()));
    header.unit.reset();
  }
  if (!options.told_by.empty()) {
    TRY(header.told_by, cleaned("--told-by", options.told_by));
  }
  if (!options.told_at.empty()) {
    TRY(header.told_at, time_of(options.told_at));
  }
  if (!options.reason.empty()) {
    TRY(header.reason, cleaned("--reason", options.reason));
  }
  report.set_header(header);
  if (!options.channel.empty()) {
    TRY_VOID(forms::set_from_text(report, "told_channel", options.channel, desk.catalogue()));
    const bool by_phone = report.header().told_channel == forms::ToldChannel::phone;
    if (by_phone && report.code(forms::field::source_kind) == 0) {
      TRY_VOID(forms::set_from_text(report, "source_kind", "telephone", desk.catalogue()));
    }
  }
  return {};
}

}  // namespace

Result<desk::Message> compose(Context& context, desk::Desk& desk, const ComposeOptions& options) {
  TRY(const Now now, context.now());
  desk::Message message;
  TRY(message.reports, begin(desk, options));
  const bool child = message.reports.front().header().kind != ReportKind::initial;
  if (!options.from.empty()) {
    TRY(const std::vector<Report> typed, read_reports(options.from, options.form, desk.catalogue()));
    if (typed.size() > 1 && child) return no(Code::usage, Text::rows_of_child);
    const Report base = message.reports.front();
    message.reports.resize(std::max(typed.size(), message.reports.size()), base);
    for (std::size_t i = 0; i < typed.size(); ++i) {
      for (const auto& [field, value] : typed[i].values) message.reports[i].put(field, value);
    }
  }
  if (!child || !options.incident.empty()) {
    TRY(const IncidentId incident, incident_for_report(context, options.incident, desk.trust(), now.wall));
    for (Report& report : message.reports) {
      forms::Header header = report.header();
      if (header.incident.value == 0 || !options.incident.empty()) header.incident = incident;
      report.set_header(header);
    }
  }
  Report& first = message.reports.front();
  if (options.begin != 0) {
    const forms::FormInfo& form = *desk.catalogue().form(first.form);
    if (options.begin > form.templates.size())
      return no(Code::usage, Text::no_such_template, form.code, options.begin, form.templates.size());
    TRY_VOID(forms::apply(form.templates[options.begin - 1], first, desk.catalogue()));
  }
  for (const std::string& assignment : options.set) {
    const auto sign = assignment.find('=');
    if (sign == std::string::npos) return no(Code::usage, Text::set_needs_value, assignment);
    TRY_VOID(forms::set_from_text(first, assignment.substr(0, sign), assignment.substr(sign + 1),
                                  desk.catalogue()));
  }
  if (!options.six.empty()) TRY_VOID(apply_six_answers(first, options.six, desk.catalogue()));
  TRY_VOID(apply_proxy(first, options, desk));
  TRY(message.recipients, recipients_of(options.to, desk.trust()));
  if (!options.priority.empty()) {
    message.level = proto::level_of(options.priority);
    if (!message.level) return no(Code::usage, Text::no_such_priority, options.priority);
  }
  return message;
}

Result<Done> hand_over_and_print(Context& context, desk::Desk& desk, const desk::Sent& sent) {
  const auto state_now = [&]() -> Result<desk::Delivery> {
    TRY(const desk::StoreRead view, desk.store().read());
    return desk::overall(desk::deliveries(view, sent.msg_id, sent.recipients));
  };
  auto relay = context.relay();
  std::optional<Error> trouble;
  if (relay.ok()) {
    TRY(const Now now, context.now());
    const auto handed = desk::hand_over(desk, **relay, now);
    if (!handed.ok()) trouble = handed.error();
  } else {
    trouble = relay.error();
  }
  TRY(const desk::Delivery state, state_now());
  Context::print(sent_json(sent, state));
  if (state == desk::Delivery::refused) {
    TRY(const desk::StoreRead view, desk.store().read());
    return no(Code::bad_data, Text::relay_refused, view.handed(sent.msg_id).refusal);
  }
  if (state != desk::Delivery::signed_here) return kDone;
  Context::note(trouble ? say(Text::safe_until_relay, trouble->text) : say(Text::safe_until_room));
  return kQueued;
}

}  // namespace noroshi::cli
