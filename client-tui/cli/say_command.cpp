// noroshi say: the script of a report for the telephone.
#include "client-tui/cli/lookup.hpp"
#include "client-tui/desk/draft.hpp"
#include "client-tui/words/spoken.hpp"

namespace noroshi::cli {
namespace {

struct SayOptions {
  std::string report, six;
  std::optional<std::uint64_t> draft;
};

/// What scripts get: every line, the words, the syllables.
Json script_json(const forms::Script& script, forms::FormNo form, const forms::Catalogue& catalogue) {
  Json lines = Json::array();
  for (const forms::SpokenLine& line : script.lines) {
    const forms::FieldInfo* field = field_of(form, line.field, catalogue);
    lines.push_back({{"section", line.section + 1},
                     {"field", field != nullptr ? field->key : std::to_string(line.field)},
                     {"label", line.label},
                     {"said", line.said}});
  }
  return {{"form", form_code(form, catalogue)},
          {"lines", std::move(lines)},
          {"words", check_words(script.check)},
          {"sections", section_syllables(script)}};
}

void print_lines(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) Context::print(line);
}

Result<Done> say_reports(Context& context, const std::vector<forms::Report>& reports,
                         const desk::Desk& desk) {
  for (const forms::Report& report : reports) {
    if (context.json) {
      Context::print(
          script_json(forms::script(report, desk.catalogue(), language()), report.form, desk.catalogue()));
    } else {
      print_lines(script_lines(report, desk.trust(), desk.catalogue()));
    }
  }
  return kDone;
}

Result<Done> say_six(const Context& context, const std::string& digits, const forms::Catalogue& catalogue) {
  TRY(const forms::SixAnswers six, forms::parse_six(digits, catalogue));
  const forms::Script script = forms::script(six, catalogue, language());
  if (context.json) {
    Context::print(script_json(script, 1, catalogue));
  } else {
    print_lines(script_lines(script));
  }
  return kDone;
}

/// As it would be sent now: with what the person need not type.
Result<Done> say_draft(Context& context, desk::Desk& desk, std::uint64_t number) {
  TRY(std::vector<desk::Draft> drafts, desk::drafts(desk));
  const auto found = std::ranges::find(drafts, number, &desk::Draft::number);
  if (found == drafts.end()) return no(Code::usage, Text::no_such_draft, number);
  TRY(const Now now, context.now());
  TRY(const desk::StoreRead view, desk.store().read());
  const std::vector<desk::Reading> before = desk.before(view, found->message.reports);
  for (forms::Report& report : found->message.reports)
    desk::complete(report, desk.author(), now.wall, before);
  return say_reports(context, found->message.reports, desk);
}

Result<Done> say_aloud(Context& context, const SayOptions& options) {
  const int asked = !options.report.empty() + !options.six.empty() + options.draft.has_value();
  if (asked != 1) return no(Code::usage, Text::one_of_say);
  if (!options.six.empty()) return say_six(context, options.six, context.catalogue());
  TRY(desk::Desk* const desk, context.desk());
  if (options.draft) return say_draft(context, *desk, *options.draft);
  TRY(const desk::StoreRead view, desk->store().read());
  TRY(const Found found, find_report(*desk, view, options.report));
  return say_reports(context, {found.reading().report}, *desk);
}

}  // namespace

void add_say_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<SayOptions>();
  CLI::App* command = add_command(app, context, "say", Text::help_say, "noroshi say 17/3.1/42",
                                  [&context, options] { return say_aloud(context, *options); });
  command->add_option("REPORT", options->report, say(Text::help_say_report));
  command->add_option("--draft", options->draft, say(Text::help_say_draft));
  command->add_option("--six", options->six, say(Text::help_say_six));
}

}  // namespace noroshi::cli
