// noroshi ask, answer, message, bulletin, verify: form F9.
#include "client-tui/cli/compose_options.hpp"
#include "client-tui/cli/lookup.hpp"
#include "client-tui/desk/talk.hpp"
#include "client-tui/desk/timeline.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::cli {
namespace {

using forms::ActKind;
namespace field = forms::field;

struct TalkOptions {
  std::vector<std::string> to;
  std::string id, text, subject, due, regarding, incident, priority, form = "F1";
  std::uint32_t area = 0;
  bool confirm = false, hold = false;
};

Result<void> put_text(forms::Report& report, forms::FieldNo number, const std::string& text) {
  TRY(std::string clean, forms::clean_text(text));
  report.put(number, std::move(clean));
  return {};
}
void set_incident(forms::Report& report, IncidentId incident) {
  forms::Header header = report.header();
  header.incident = incident;
  report.set_header(header);
}

Result<Found> found(desk::Desk& desk, const std::string& id) {
  TRY(const desk::StoreRead view, desk.store().read());
  return find_report(desk, view, id);
}

Result<Done> send(Context& context, desk::Desk& desk, std::vector<forms::Report> reports,
                  std::vector<RecipientId> to, const TalkOptions& options) {
  desk::Message message;
  message.reports = std::move(reports);
  message.recipients = std::move(to);
  if (!options.priority.empty()) {
    message.level = proto::level_of(options.priority);
    if (!message.level) return no(Code::usage, Text::no_such_priority, options.priority);
  }
  TRY(const Now now, context.now_to_seal());
  TRY(const desk::Sent sent, desk.send(message, now));
  return hand_over_and_print(context, desk, sent);
}

/// The incident asked for, else that of the report it is about, else the open one.
Result<IncidentId> incident_of(Context& context, const desk::Desk& desk, const TalkOptions& options,
                               const std::optional<Found>& about) {
  if (options.incident.empty() && about) return about->reading().facts.incident;
  TRY(const Now now, context.now());
  return incident_for_report(context, options.incident, desk.trust(), now.wall);
}

Result<Done> ask(Context& context, const TalkOptions& options) {
  TRY(desk::Desk* const desk, context.desk());
  TRY(const std::vector<Addressee> to, addressees_of(options.to, desk->trust()));
  TRY(const Now now, context.now());
  forms::Report report = desk::talk(ActKind::inquiry, desk->catalogue());
  TRY_VOID(put_text(report, field::subject, options.subject));
  TRY_VOID(put_text(report, field::body, options.text));
  WallTime due = now.wall + desk::kAnswerDue;
  if (!options.due.empty()) {
    TRY(due, time_of(options.due));
    if (due < now.wall) return no(Code::usage, Text::due_is_past, to_rfc3339(due));
  }
  report.put(field::answer_due, due);
  std::optional<Found> about;
  if (!options.regarding.empty()) {
    TRY(about, found(*desk, options.regarding));
    report.put(field::regarding, forms::References{about->reading().facts.id});
  }
  TRY(const IncidentId incident, incident_of(context, *desk, options, about));
  set_incident(report, incident);
  std::vector<RecipientId> recipients;
  for (const Addressee& addressee : to) {
    recipients.push_back(addressee.recipient);
    if (addressee.unit.value != 0) report.put(field::to_unit, std::int64_t{addressee.unit.value});
  }
  return send(context, *desk, {report}, std::move(recipients), options);
}

/// 呼集: every unit of an area is to report on a form by a time; the time line follows who has.
Result<Done> call(Context& context, TalkOptions options) {
  TRY(desk::Desk* const desk, context.desk());
  const forms::FormInfo* form = desk->catalogue().form(options.form);
  if (form == nullptr) return no(Code::usage, Text::no_such_form, options.form);
  const desk::Call called{form->number, options.area, {}};
  TRY(std::vector<RecipientId> to, recipients_of(options.to, desk->trust()));
  TRY(const Now now, context.now());
  TRY(const IncidentId incident, incident_of(context, *desk, options, std::nullopt));
  if (to.empty())
    to = desk::associations_called(called, desk::units_of(incident, desk->trust()), desk->trust());
  if (to.empty()) return no(Code::usage, Text::nobody_called);
  forms::Report report = desk::talk(ActKind::inquiry, desk->catalogue());
  const std::string label = form->label.in(language());
  TRY_VOID(put_text(report, field::subject,
                    options.subject.empty() ? say(Text::call_subject, form->code) : options.subject));
  TRY_VOID(put_text(report, field::body,
                    options.text.empty() ? say(Text::call_body, form->code, label) : options.text));
  WallTime due = now.wall + desk::kAnswerDue;
  if (!options.due.empty()) {
    TRY(due, time_of(options.due));
    if (due < now.wall) return no(Code::usage, Text::due_is_past, to_rfc3339(due));
  }
  report.put(field::answer_due, due);
  report.put(field::asked_form, std::int64_t{called.form});
  if (called.area != 0) report.put(field::asked_area, std::int64_t{called.area});
  set_incident(report, incident);
  if (options.priority.empty()) options.priority = "urgent";
  return send(context, *desk, {report}, std::move(to), options);
}

/// Somebody waits for a word on it.
bool asks(const forms::Report& report) {
  const auto* kind = report.get<forms::CodeValue>(field::act_kind);
  if (report.form != 9 || kind == nullptr) return false;
  const auto act = static_cast<ActKind>(kind->number);
  return act == ActKind::inquiry || act == ActKind::directive || act == ActKind::guidance;
}

Result<Done> reply(Context& context, const TalkOptions& options, ActKind act) {
  TRY(desk::Desk* const desk, context.desk());
  TRY(const Found about, found(*desk, options.id));
  if (act == ActKind::answer && !asks(about.reading().report))
    return Error{Code::bad_data, say(Text::not_a_question, options.id)};
  forms::Report report = desk::talk_about(about.reading().facts, act, desk->catalogue());
  TRY_VOID(put_text(report, act == ActKind::answer ? field::answer_text : field::body, options.text));
  TRY(std::vector<RecipientId> to, recipients_of(options.to, desk->trust()));
  if (to.empty()) to.push_back(desk::sender_of(about.reading().facts, desk->self()));
  return send(context, *desk, {report}, std::move(to), options);
}

Result<Done> tell(Context& context, const TalkOptions& options) {
  TRY(desk::Desk* const desk, context.desk());
  TRY(const std::vector<Addressee> to, addressees_of(options.to, desk->trust()));
  TRY(const IncidentId incident, incident_of(context, *desk, options, std::nullopt));
  forms::Report report = desk::talk(ActKind::message, desk->catalogue());
  TRY_VOID(put_text(report, field::body, options.text));
  set_incident(report, incident);
  std::vector<RecipientId> recipients;
  for (const Addressee& addressee : to) {
    recipients.push_back(addressee.recipient);
    if (addressee.unit.value != 0) report.put(field::to_unit, std::int64_t{addressee.unit.value});
  }
  return send(context, *desk, {report}, std::move(recipients), options);
}

/// For everybody who is named at once, read by whoever comes by; nobody has to answer.
Result<Done> post(Context& context, const TalkOptions& options) {
  TRY(desk::Desk* const desk, context.desk());
  TRY(std::vector<RecipientId> to, recipients_of(options.to, desk->trust()));
  TRY(const IncidentId incident, incident_of(context, *desk, options, std::nullopt));
  forms::Report report = desk::talk(ActKind::bulletin, desk->catalogue());
  TRY_VOID(put_text(report, field::body, options.text));
  if (!options.subject.empty()) TRY_VOID(put_text(report, field::subject, options.subject));
  if (options.area != 0) report.put(field::asked_area, std::int64_t{options.area});
  set_incident(report, incident);
  return send(context, *desk, {report}, std::move(to), options);
}

Result<Done> verify(Context& context, const TalkOptions& options) {
  if (options.confirm == options.hold) return no(Code::usage, Text::confirm_or_hold);
  TRY(desk::Desk* const desk, context.desk());
  TRY(const Found about, found(*desk, options.id));
  const desk::Facts& facts = about.reading().facts;
  if (facts.association != desk->self().org) {
    return no(Code::permission, Text::only_association_verifies, org_name(facts.association, desk->trust()));
  }
  const forms::Verdict verdict = options.confirm ? forms::Verdict::confirmed : forms::Verdict::held;
  forms::Report report = desk::verification(facts, verdict, desk->catalogue());
  if (!options.text.empty()) TRY_VOID(put_text(report, field::body, options.text));
  TRY(std::vector<RecipientId> to, recipients_of(options.to, desk->trust()));
  return send(context, *desk, {report}, std::move(to), options);
}

Result<Done> acknowledge(Context& context, const TalkOptions& options, bool accept, bool refuse) {
  if (accept && refuse) return no(Code::usage, Text::accept_or_refuse);
  TRY(desk::Desk* const desk, context.desk());
  TRY(const Found about, found(*desk, options.id));
  TRY(const Now now, context.now_to_seal());
  const proto::ReceiptKind kind = accept ? proto::ReceiptKind::accepted : proto::ReceiptKind::read;
  TRY_VOID(desk->acknowledge(about.letter.entry.id, kind, now));
  if (refuse) return reply(context, options, ActKind::refuse);
  Context::print(Json{{"id", to_string(about.reading().facts.id)}, {"state", accept ? "accepted" : "read"}});
  auto relay = context.relay();
  if (!relay.ok()) {
    Context::note(say(Text::safe_until_relay, relay.error().text));
    return kQueued;
  }
  TRY([[maybe_unused]] const desk::Synced synced, desk::hand_over(*desk, **relay, now));
  return kDone;
}

}  // namespace

void add_talk_commands(CLI::App& app, Context& context) {
  const auto options = std::make_shared<TalkOptions>();
  const auto refuse = std::make_shared<std::string>();
  const auto accept = std::make_shared<bool>(false);

  CLI::App* question = add_command(app, context, "ask", Text::help_ask,
                                   "noroshi ask 17 --subject … --body … --regarding 17/3.1/42.0",
                                   [&context, options] { return ask(context, *options); });
  question->add_option("TO", options->to, say(Text::help_to))->required();
  question->add_option("--subject", options->subject, say(Text::help_subject))->required();
  question->add_option("--body", options->text, say(Text::help_body))->required();
  question->add_option("--due", options->due, say(Text::help_due));
  question->add_option("--regarding", options->regarding, say(Text::help_regarding));
  question->add_option("--incident", options->incident, say(Text::help_incident));
  question->add_option("--priority", options->priority, say(Text::help_priority));

  CLI::App* summons =
      add_command(app, context, "call", Text::help_call, "noroshi call --area 17 --form F1 --due 18:00",
                  [&context, options] { return call(context, *options); });
  summons->add_option("--form", options->form, say(Text::help_form_code));
  summons->add_option("--area", options->area, say(Text::help_call_area));
  summons->add_option("--due", options->due, say(Text::help_due));
  summons->add_option("--subject", options->subject, say(Text::help_subject));
  summons->add_option("--body", options->text, say(Text::help_body));
  summons->add_option("--to", options->to, say(Text::help_call_to))->allow_extra_args(false);
  summons->add_option("--incident", options->incident, say(Text::help_incident));
  summons->add_option("--priority", options->priority, say(Text::help_priority));

  CLI::App* answer = add_command(app, context, "answer", Text::help_answer, "noroshi answer 2/101.1/7.0 …",
                                 [&context, options] { return reply(context, *options, ActKind::answer); });
  answer->add_option("ID", options->id, say(Text::help_id))->required();
  answer->add_option("TEXT", options->text, say(Text::help_text))->required();
  answer->add_option("--to", options->to, say(Text::help_to))->allow_extra_args(false);
  answer->add_option("--priority", options->priority, say(Text::help_priority));

  CLI::App* message = add_command(app, context, "message", Text::help_message, "noroshi message 17,1700001 …",
                                  [&context, options] { return tell(context, *options); });
  message
      ->add_option_function<std::string>(
          "TO", [options](const std::string& to) { options->to = {to}; }, say(Text::help_message_to))
      ->required();
  message->add_option("TEXT", options->text, say(Text::help_text))->required();
  message->add_option("--incident", options->incident, say(Text::help_incident));
  message->add_option("--priority", options->priority, say(Text::help_priority));

  CLI::App* bulletin =
      add_command(app, context, "bulletin", Text::help_bulletin, "noroshi bulletin … --to 17,16 --subject …",
                  [&context, options] { return post(context, *options); });
  bulletin->add_option("TEXT", options->text, say(Text::help_text))->required();
  bulletin->add_option("--to", options->to, say(Text::help_to))->allow_extra_args(false);
  bulletin->add_option("--subject", options->subject, say(Text::help_subject));
  bulletin->add_option("--area", options->area, say(Text::help_area));
  bulletin->add_option("--incident", options->incident, say(Text::help_incident));
  bulletin->add_option("--priority", options->priority, say(Text::help_priority));

  CLI::App* note =
      add_command(app, context, "verify", Text::help_verify, "noroshi verify 17/3.1/42.0 --confirm",
                  [&context, options] { return verify(context, *options); });
  note->add_option("ID", options->id, say(Text::help_id))->required();
  note->add_flag("--confirm", options->confirm, say(Text::help_confirm));
  note->add_flag("--hold", options->hold, say(Text::help_hold));
  note->add_option("--text", options->text, say(Text::help_text));
  note->add_option("--to", options->to, say(Text::help_to))->allow_extra_args(false);

  CLI::App* ack = add_command(app, context, "ack", Text::help_ack, "noroshi ack 1/101.1/9.0 --accept",
                              [&context, options, accept, refuse] {
                                options->text = *refuse;
                                return acknowledge(context, *options, *accept, !refuse->empty());
                              });
  ack->add_option("ID", options->id, say(Text::help_id))->required();
  ack->add_flag("--accept", *accept, say(Text::help_accept));
  ack->add_option("--refuse", *refuse, say(Text::help_refuse));
}

}  // namespace noroshi::cli
