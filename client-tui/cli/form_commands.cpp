// noroshi form list, show, lint, diff, export: the standardized forms, as a catalogue has them.
#include <fstream>
#include <iterator>
#include <optional>

#include "client-tui/cli/shapes.hpp"
#include "keys/files.hpp"
#include "proto/forms/annex.hpp"
#include "proto/forms/catalogue_file.hpp"
#include "proto/forms/lint.hpp"
#include "proto/forms/report_json.hpp"

namespace noroshi::cli {
namespace {

/// Data that does not hold, as sysexits has it.
constexpr Done kBadData{65};

struct FormOptions {
  std::string form, descriptors;
  bool proto = false;
  bool csv = false;
  std::string file;
  std::string newer;
};

Result<Done> list_forms(Context& context) {
  for (const forms::FormInfo& form : context.catalogue().forms()) {
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

Result<Done> show_form(Context& context, const FormOptions& options) {
  const forms::Catalogue& catalogue = context.catalogue();
  const forms::FormInfo* form = options.form == "F0" ? &catalogue.header() : catalogue.form(options.form);
  if (form == nullptr) return no(Code::usage, Text::no_such_form, options.form);
  if (context.json) {
    Context::print(Json(forms::form_to_json(*form, catalogue)));
  } else if (options.proto) {
    print_proto(*form);
  } else {
    Context::print(fmt::format("{} v{}  {}", form->code, form->version, form->label.in(language())));
    if (!form->help.ja.empty()) Context::print(form->help.in(language()));
    for (const forms::FieldInfo& field : form->fields) print_field(field);
    for (std::size_t i = 0; i < form->templates.size(); ++i)
      Context::print(say(Text::form_template, i + 1, form->templates[i].label.in(language())));
    for (const forms::RuleInfo& rule : form->rules) {
      const bool error = rule.severity == forms::Severity::error;
      Context::print(fmt::format("  {:<5} {} {}", rule.id, say(error ? Text::word_error : Text::word_warning),
                                 rule.message.in(language())));
    }
  }
  return kDone;
}

// ---- Catalogues as files: a FileDescriptorSet, signed or not
// ------------------------------------------------
/// What it makes of the program's own forms: a file may be whole, or hold only what is new.
Result<forms::Joined> load_catalogue(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) return no(Code::io, Text::cannot_read_file, name);
  std::string bytes(forms::kUnpackedCatalogueMax + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  auto joined = forms::join(view_of(bytes));
  if (!joined.ok()) return within(name, std::move(joined).error());
  return joined;
}

Result<Done> lint_catalogue(Context& context, const FormOptions& options) {
  std::vector<forms::Finding> findings;
  if (options.file.empty()) {
    findings = forms::lint(context.catalogue());
  } else {
    TRY(const forms::Joined loaded, load_catalogue(options.file));
    findings = forms::lint(loaded, context.catalogue());
  }
  for (const forms::Finding& finding : findings) {
    if (context.json)
      Context::print(Json{{"place", finding.place}, {"ja", finding.text_ja}, {"en", finding.text_en}});
    else
      Context::print(finding.place + ": " + finding.text(language()));
  }
  return findings.empty() ? kDone : kBadData;
}

Text word_of(forms::Change change) {
  switch (change) {
    case forms::Change::added: return Text::form_added;
    case forms::Change::retired: return Text::form_retired;
    case forms::Change::removed: return Text::form_removed;
    case forms::Change::changed: return Text::form_changed;
  }
  return Text::form_changed;
}

Result<Done> compare_catalogues(const Context& context, const FormOptions& options) {
  TRY(const forms::Joined before, load_catalogue(options.file));
  TRY(const forms::Joined after, load_catalogue(options.newer));
  for (const forms::Difference& one : forms::differences(before.catalogue, after.catalogue)) {
    if (context.json) {
      Context::print(Json{{"change", forms::name_of(one.change)},
                          {"place", one.place},
                          {"what", one.what},
                          {"ja", one.label_ja},
                          {"en", one.label_en}});
      continue;
    }
    std::string what;
    for (const std::string& property : one.what) what += (what.empty() ? " (" : ", ") + property;
    Context::print(fmt::format("{} {}  {}{}", say(word_of(one.change)), one.place, one.label(language()),
                               what.empty() ? "" : what + ")"));
  }
  return kDone;
}

/// The whole set, for protoc --descriptor_set_in: a new form is written against it without any other file.
Result<Done> export_descriptors(Context& context, const FormOptions& options) {
  const auto trust = keys::load_trust(context.home());
  Bytes set = bytes_of(forms::Catalogue::built_in_bytes());
  if (trust.ok()) {
    TRY(forms::Joined joined, desk::joined_forms(**trust));
    set = std::move(joined.set);
  }
  TRY_VOID(keys::write_atomically(options.descriptors, set));
  return kDone;
}

Result<Done> export_annex(Context& context, const FormOptions& options) {
  if (!options.descriptors.empty()) return export_descriptors(context, options);
  std::optional<forms::Joined> loaded;
  if (!options.file.empty()) {
    TRY(loaded, load_catalogue(options.file));
  }
  const forms::Catalogue& from = loaded ? loaded->catalogue : context.catalogue();
  const forms::FormInfo* only = nullptr;
  if (!options.form.empty()) {
    only = options.form == "F0" ? &from.header() : from.form(options.form);
    if (only == nullptr) return no(Code::usage, Text::no_such_form, options.form);
  }
  std::string annex =
      options.csv ? forms::annex_csv(from, only, language()) : forms::annex_markdown(from, only, language());
  annex.pop_back();  // printing ends the line
  Context::print(annex);
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
  CLI::App* lint =
      add_command(*folder, context, "lint", Text::help_form_lint, "noroshi form lint forms.binpb",
                  [&context, options] { return lint_catalogue(context, *options); });
  lint->add_option("FILE", options->file, say(Text::help_form_file));
  CLI::App* diff =
      add_command(*folder, context, "diff", Text::help_form_diff, "noroshi form diff 2025.binpb 2026.binpb",
                  [&context, options] { return compare_catalogues(context, *options); });
  diff->add_option("OLD", options->file, say(Text::help_form_file))->required();
  diff->add_option("NEW", options->newer, say(Text::help_form_file))->required();
  CLI::App* annex =
      add_command(*folder, context, "export", Text::help_form_export, "noroshi form export F2 --csv",
                  [&context, options] { return export_annex(context, *options); });
  annex->add_option("FORM", options->form, say(Text::help_form_code));
  annex->add_flag("--csv", options->csv, say(Text::help_form_csv));
  annex->add_option("--catalogue", options->file, say(Text::help_form_file));
  annex->add_option("--descriptors", options->descriptors, say(Text::help_form_descriptors));
}

}  // namespace noroshi::cli
