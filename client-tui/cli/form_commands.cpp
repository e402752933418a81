// noroshi form list, form show: the standardized forms, as the catalogue has them.
#include "client-tui/cli/shapes.hpp"
#include "proto/forms/report_json.hpp"

namespace noroshi::cli {
namespace {

struct FormOptions {
  std::string form;
  bool proto = false;
};

Result<Done> list_forms(const Context& context) {
  for (const forms::FormInfo& form : catalogue().forms()) {
    if (context.json) {
      Context::print(Json{{"form", form.code},
                          {"version", form.version},
                          {"ja", form.label.ja},
                          {"en", form.label.en},
                          {"snapshot", form.snapshot}});
    } else {
      Context::print(fmt::format("{:<4} v{}  {}  {}", form.code, form.version, form.label.in(language()),
                                 form.help.in(language())));
    }
  }
  return kDone;
}

/// The type of a field as the annotated message writes it.
std::string proto_type(const forms::FieldInfo& field) {
  switch (field.kind) {
    case forms::Kind::count: return "Count";
    case forms::Kind::integer: return field.min && *field.min < 0 ? "int64" : "uint32";
    case forms::Kind::municipality:
    case forms::Kind::unit: return "uint32";
    case forms::Kind::decimal: return "Decimal";
    case forms::Kind::code: return (field.list != nullptr ? field.list->name : "Code") + ".Code";
    case forms::Kind::code_set:
      return "repeated " + (field.list != nullptr ? field.list->name : "Code") + ".Code";
    case forms::Kind::answer: return "Answer.Code";
    case forms::Kind::time: return "Time";
    case forms::Kind::date: return "Date";
    case forms::Kind::point: return "Point";
    case forms::Kind::text:
    case forms::Kind::person_text: return "string";
    case forms::Kind::references: return "repeated Reference";
    case forms::Kind::digest: return "bytes";
    case forms::Kind::group: return "repeated Row";
  }
  return "bytes";
}

void print_proto(const forms::FormInfo& form) {
  Context::print(fmt::format("message {} {{  // {} v{}", form.code, form.label.in(language()), form.version));
  for (const forms::FieldInfo& field : form.fields) {
    Context::print(fmt::format("  {} {} = {};  // {}", proto_type(field), field.key, field.number,
                               field.label.in(language())));
  }
  Context::print(std::string("}"));
}

void print_field(const forms::FieldInfo& field) {
  std::string line = fmt::format("  {:>3}  {:<22} {}", field.number, field.key, field.label.in(language()));
  if (!field.unit.ja.empty()) line += " [" + field.unit.in(language()) + "]";
  if (field.required) line += " " + say(Text::form_required);
  if (field.list != nullptr && field.kind != forms::Kind::answer) {
    std::string codes;
    for (const auto& code : field.list->codes) {
      codes += (codes.empty() ? "" : ", ") + code.name + " " + code.label.in(language());
    }
    line += ": " + codes;
  }
  Context::print(line);
}

Result<Done> show_form(const Context& context, const FormOptions& options) {
  const forms::FormInfo* form = options.form == "F0" ? &catalogue().header() : catalogue().form(options.form);
  if (form == nullptr) return no(Code::usage, Text::no_such_form, options.form);
  if (context.json) {
    Context::print(Json(forms::form_to_json(*form)));
  } else if (options.proto) {
    print_proto(*form);
  } else {
    Context::print(fmt::format("{} v{}  {}", form->code, form->version, form->label.in(language())));
    if (!form->help.ja.empty()) Context::print(form->help.in(language()));
    for (const forms::FieldInfo& field : form->fields) print_field(field);
    for (const forms::RuleInfo& rule : form->rules) {
      const bool error = rule.severity == forms::Severity::error;
      Context::print(fmt::format("  {:<5} {} {}", rule.id, say(error ? Text::word_error : Text::word_warning),
                                 rule.message.in(language())));
    }
  }
  return kDone;
}

}  // namespace

void add_form_commands(CLI::App& app, Context& context) {
  CLI::App* folder = add_folder(app, "form", Text::help_form);
  add_command(*folder, context, "list", Text::help_form_list, "noroshi form list",
              [&context] { return list_forms(context); });
  const auto options = std::make_shared<FormOptions>();
  CLI::App* show = add_command(*folder, context, "show", Text::help_form_show, "noroshi form show F1 --json",
                               [&context, options] { return show_form(context, *options); });
  show->add_option("FORM", options->form, say(Text::help_form_code))->required();
  show->add_flag("--proto", options->proto, say(Text::help_form_proto));
}

}  // namespace noroshi::cli
