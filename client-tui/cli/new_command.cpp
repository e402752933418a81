// noroshi new: compose, check, measure, seal, hand over. And drafts.
#include <algorithm>

#include "client-tui/cli/compose_options.hpp"
#include "client-tui/cli/lookup.hpp"
#include "client-tui/cli/shapes.hpp"
#include "client-tui/desk/draft.hpp"
#include "client-tui/words/spoken.hpp"
#include "proto/forms/report_json.hpp"

namespace noroshi::cli {
namespace {

struct NewOptions {
  ComposeOptions compose;
  bool dry_run = false, send = false, draft = false;
};

void print_dry_run(const desk::Prepared& prepared, const forms::Catalogue& catalogue) {
  for (const auto& of_report : prepared.problems) {
    for (const forms::Problem& problem : of_report) {
      const bool error = problem.severity == forms::Severity::error;
      // A rule has a number of its own; what is said of one field alone goes by the field's key.
      const bool numbered = problem.rule.find_first_of("0123456789") != std::string::npos;
      Context::print(fmt::format("{} {}: {}", say(error ? Text::word_error : Text::word_warning),
                                 numbered || problem.field.empty() ? problem.rule : problem.field,
                                 problem.text(language())));
    }
  }
  const keys::SealedSize& size = prepared.size;
  std::string to;
  for (const RecipientId id : prepared.recipients) to += (to.empty() ? "" : " ") + recipient_text(id);
  Context::print(
      say(Text::dry_run_size, size.total(), prepared.content.size(), size.total() - size.padding + 1));
  Context::print(say(Text::dry_run_parts, size.header, size.ephemeral, size.wraps, size.body, size.padding,
                     size.tag, size.signature));
  Context::print(say(Text::dry_run_to, to, std::string(proto::name_of(prepared.level))));
  for (const forms::Report& report : prepared.reports) {
    const forms::Script script = forms::script(report, catalogue, language());
    Context::print(say(Text::dry_run_check, check_words(script.check), section_syllables(script)));
  }
}

/// 電話受付: what was typed is what the caller read, or nothing is sent.
Result<void> check_heard(const desk::Prepared& prepared, const ComposeOptions& options,
                         const forms::Catalogue& catalogue) {
  if (options.check.empty()) return {};
  if (prepared.reports.size() != 1) return no(Code::usage, Text::check_one_report);
  return compare(prepared.reports.front(), {options.check, options.check_sections}, catalogue);
}

/// Keeps what has been typed so far, whatever is wrong with it.
Result<Done> keep_draft(desk::Desk& desk, const desk::Message& message, WallTime now) {
  desk::Draft draft;
  draft.message = message;
  draft.owner = desk.rng().u64();
  draft.kept = now;
  TRY(const std::uint64_t number, desk::keep(desk, draft));
  Context::print(Json{{"draft", number}, {"state", "draft"}});
  return kDone;
}

Result<Done> new_report(Context& context, const NewOptions& options) {
  if (options.dry_run + options.send + options.draft > 1)
    return no(Code::usage, Text::one_of_send_dry_run_draft);
  const ComposeOptions& typed = options.compose;
  if (typed.check.empty() && !typed.check_sections.empty())
    return no(Code::usage, Text::check_sections_alone);
  if (options.draft && !typed.check.empty()) return no(Code::usage, Text::check_not_for_draft);
  TRY(desk::Desk* const desk, context.desk());
  // A form may have come to the relay since, or have changed there.
  if (const auto relay = context.relay(); relay.ok()) (void)desk::take_objects(*desk, **relay).ok();
  TRY(const std::vector<Enclosure> enclosures, read_enclosures(typed.attach, desk::files_max(desk->author())));
  TRY(desk::Message message, compose(context, *desk, typed));
  TRY_VOID(name_enclosures(context, enclosures, message.reports.front(), desk->catalogue()));
  TRY(const Now now, context.now_to_seal());
  if (options.draft) {
    TRY_VOID(keep_enclosures(*desk, enclosures));
    return keep_draft(*desk, message, now.wall);
  }
  if (options.send) {
    if (!typed.check.empty()) {
      TRY(const desk::Prepared prepared, desk->prepare(message, now));
      TRY_VOID(check_heard(prepared, typed, desk->catalogue()));
    }
    TRY(const desk::Sent sent, send_with(enclosures, *desk, message, now));
    return hand_over_and_print(context, *desk, sent);
  }
  TRY(const desk::Prepared prepared, desk->prepare(message, now));
  if (context.json) {
    Context::print(dry_run_json(prepared, desk->catalogue()));
  } else {
    print_dry_run(prepared, desk->catalogue());
  }
  TRY_VOID(check_heard(prepared, typed, desk->catalogue()));
  if (!prepared.sendable()) return why_not_sendable(prepared, desk->catalogue());
  TRY_VOID(desk->check_recipients(prepared));
  return kDone;
}

// ---- drafts

Json reports_json(const desk::Draft& draft, const forms::Catalogue& catalogue) {
  Json out = Json::array();
  for (const forms::Report& report : draft.message.reports)
    out.push_back(Json(forms::to_json(report, catalogue)));
  return out;
}
/// The reports, and what the console was in the middle of.
Json draft_json(const desk::Draft& draft, const forms::Catalogue& catalogue) {
  Json out{
      {"draft", draft.number}, {"kept", to_rfc3339(draft.kept)}, {"reports", reports_json(draft, catalogue)}};
  if (draft.field != 0) {
    const forms::FieldInfo* field = field_of(draft.message.reports.front().form, draft.field, catalogue);
    out["field"] = field != nullptr ? Json(field->key) : Json(draft.field);
    out["typing"] = draft.typing;
  }
  return out;
}

Result<Done> list_drafts(Context& context) {
  TRY(desk::Desk* const desk, context.desk());
  std::vector<std::uint64_t> unreadable;
  TRY(const std::vector<desk::Draft> drafts, desk::drafts(*desk, &unreadable));
  for (const std::uint64_t number : unreadable) Context::note(say(Text::draft_unreadable, number));
  for (const desk::Draft& draft : drafts) {
    if (context.json) {
      Context::print(draft_json(draft, desk->catalogue()));
    } else {
      const auto& reports = draft.message.reports;
      Context::print(say(Text::draft_line, draft.number, form_code(reports.front().form, desk->catalogue()),
                         reports.size()));
    }
  }
  return kDone;
}

Result<Done> show_or_drop_draft(Context& context, std::uint64_t number, bool drop) {
  TRY(desk::Desk* const desk, context.desk());
  TRY(const std::vector<desk::Draft> drafts, desk::drafts(*desk));
  const auto draft = std::ranges::find(drafts, number, &desk::Draft::number);
  if (draft == drafts.end()) return no(Code::usage, Text::no_such_draft, number);
  if (drop) {
    TRY_VOID(desk::drop(*desk, number));
  } else {
    Context::print(reports_json(*draft, desk->catalogue()));
  }
  return kDone;
}

}  // namespace

void add_new_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<NewOptions>();
  ComposeOptions& compose = options->compose;
  CLI::App* command =
      add_command(app, context, "new", Text::help_new, "noroshi new F1 --six 1-9-3-2-2-4 --send",
                  [&context, options] { return new_report(context, *options); });
  command->add_option("FORM", compose.form, say(Text::help_form_code));
  command->add_option("--from", compose.from, say(Text::help_from));
  command->add_option("--set", compose.set, say(Text::help_set))->allow_extra_args(false);
  command->add_option("--to", compose.to, say(Text::help_to))->allow_extra_args(false);
  command->add_option("--incident", compose.incident, say(Text::help_incident));
  command->add_option("--priority", compose.priority, say(Text::help_priority));
  command->add_option("--update", compose.update, say(Text::help_update));
  command->add_option("--correct", compose.correct, say(Text::help_correct));
  command->add_option("--cancel", compose.cancel, say(Text::help_cancel));
  command->add_option("--final", compose.final, say(Text::help_final));
  command->add_option("--reason", compose.reason, say(Text::help_reason));
  command->add_option("--for", compose.for_unit, say(Text::help_for));
  command->add_option("--told-by", compose.told_by, say(Text::help_told_by));
  command->add_option("--told-at", compose.told_at, say(Text::help_told_at));
  command->add_option("--channel", compose.channel, say(Text::help_channel));
  command->add_option("--six", compose.six, say(Text::help_six));
  command->add_option("--template", compose.begin, say(Text::help_template));
  add_attach_options(*command, compose.attach);
  command->add_option("--check", compose.check, say(Text::help_check_words));
  command->add_option("--check-sections", compose.check_sections, say(Text::help_check_sections));
  command->add_flag("--dry-run", options->dry_run, say(Text::help_dry_run));
  command->add_flag("--send", options->send, say(Text::help_send));
  command->add_flag("--draft", options->draft, say(Text::help_draft));
}

void add_draft_commands(CLI::App& app, Context& context) {
  CLI::App* drafts = add_command(app, context, "drafts", Text::help_drafts, "noroshi drafts",
                                 [&context] { return list_drafts(context); });
  const auto number = std::make_shared<std::uint64_t>(0);
  CLI::App* show = add_command(*drafts, context, "show", Text::help_drafts_show, "noroshi drafts show 3",
                               [&context, number] { return show_or_drop_draft(context, *number, false); });
  show->add_option("NUMBER", *number, say(Text::help_draft_number))->required();
  CLI::App* drop = add_command(*drafts, context, "drop", Text::help_drafts_drop, "noroshi drafts drop 3",
                               [&context, number] { return show_or_drop_draft(context, *number, true); });
  drop->add_option("NUMBER", *number, say(Text::help_draft_number))->required();
}

}  // namespace noroshi::cli
