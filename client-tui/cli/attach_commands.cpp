// noroshi attach, files: pictures and documents, sent and taken out.
#include "client-tui/cli/compose_options.hpp"
#include "client-tui/cli/lookup.hpp"
#include "client-tui/cli/shapes.hpp"
#include "client-tui/desk/talk.hpp"
#include "client-tui/words/lines.hpp"
#include "keys/files.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::cli {
namespace {

namespace field = forms::field;

struct SendOptions {
  AttachOptions attach;
  std::string about, text, incident, priority;
  std::vector<std::string> to;
  bool dry_run = false;
};

Result<forms::Report> covering_note(Context& context, desk::Desk& desk, const SendOptions& options) {
  forms::Report report = desk::talk(forms::ActKind::message, desk.catalogue());
  if (!options.about.empty()) {
    TRY(const desk::StoreRead view, desk.store().read());
    TRY(const Found about, find_report(desk, view, options.about));
    report = desk::talk_about(about.reading().facts, forms::ActKind::message, desk.catalogue());
  }
  if (options.about.empty() || !options.incident.empty()) {
    TRY(const Now now, context.now());
    forms::Header header = report.header();
    TRY(header.incident, incident_for_report(context, options.incident, desk.trust(), now.wall));
    report.set_header(header);
  }
  TRY(std::string text, forms::clean_text(options.text.empty() ? say(Text::attach_text) : options.text));
  report.put(field::body, std::move(text));
  return report;
}

Result<Done> attach_files(Context& context, const SendOptions& options) {
  TRY(desk::Desk* const desk, context.desk());
  TRY(const std::vector<Enclosure> enclosures, read_enclosures(options.attach, desk::files_max(desk->author())));
  TRY(forms::Report report, covering_note(context, *desk, options));
  TRY_VOID(name_enclosures(context, enclosures, report, desk->catalogue()));
  desk::Message message;
  message.reports = {std::move(report)};
  TRY(message.recipients, recipients_of(options.to, desk->trust()));
  if (!options.priority.empty()) {
    message.level = proto::level_of(options.priority);
    if (!message.level) return no(Code::usage, Text::no_such_priority, options.priority);
  }
  TRY(const Now now, context.now_to_seal());
  if (options.dry_run) {
    TRY(const desk::Prepared prepared, desk->prepare(message, now));
    if (context.json) Context::print(dry_run_json(prepared, desk->catalogue()));
    return kDone;
  }
  TRY(const desk::Sent sent, send_with(enclosures, *desk, message, now));
  return hand_over_and_print(context, *desk, sent);
}

// ---- taking out

struct TakeOptions {
  std::string id, folder;
  bool original = false;
};

/// An original may be of another kind than what was made of it.
forms::MediaType media_of(const forms::Attachment& file, BytesView bytes) {
  return attach::is_png(bytes) ? forms::MediaType::png : file.media;
}

Result<std::string> take_out(const desk::Files& files, const ReportId& id, std::size_t number,
                             const forms::Attachment& file, const TakeOptions& options) {
  const auto bytes = options.original ? files.original(file) : files.whole(file);
  if (!bytes) {
    return options.original ? no(Code::unavailable, Text::file_no_original, number)
                            : no(Code::unavailable, Text::file_not_here, number);
  }
  const std::filesystem::path path =
      std::filesystem::path(options.folder) / attach::outside_name(id, number, media_of(file, *bytes));
  TRY_VOID(keys::write_atomically(path, *bytes));
  return path.string();
}

Result<Done> show_files(Context& context, const TakeOptions& options) {
  TRY(desk::Desk* const desk, context.fresh_desk());
  TRY(const desk::StoreRead view, desk->store().read());
  TRY(const Found found, find_report(*desk, view, options.id));
  const ReportId id = found.reading().facts.id;
  const desk::Files files = desk->files(view);
  const std::vector<desk::FileHere> here = files.of(found.reading().report, desk->catalogue());
  if (here.empty()) return no(Code::usage, Text::no_files, options.id);
  const std::vector<std::string> lines = words::file_lines(here, desk->catalogue());
  std::optional<Error> trouble;
  for (std::size_t i = 0; i < here.size(); ++i) {
    std::optional<std::string> saved;
    if (!options.folder.empty()) {
      auto taken = take_out(files, id, i + 1, here[i].file, options);
      if (taken.ok())
        saved = *std::move(taken);
      else if (!trouble)
        trouble = std::move(taken).error();
    }
    if (context.json) {
      Json line = file_json(here[i], desk->catalogue());
      line["number"] = i + 1;
      if (saved) line["saved"] = *saved;
      Context::print(line);
    } else {
      Context::print(lines[i]);
      if (saved) Context::print("  " + say(Text::file_saved, *saved));
    }
  }
  TRY_VOID(view.check());
  if (trouble) return *std::move(trouble);
  return kDone;
}

}  // namespace

void add_attach_commands(CLI::App& app, Context& context) {
  const auto options = std::make_shared<SendOptions>();
  CLI::App* send = add_command(app, context, "attach", Text::help_attach,
                               "noroshi attach IMG_0012.jpg --about 17/3.1/42.0 --text …",
                               [&context, options] { return attach_files(context, *options); });
  send->add_option("FILE", options->attach.files, say(Text::help_attach_file))->required();
  send->add_option("--about", options->about, say(Text::help_regarding));
  send->add_option("--text", options->text, say(Text::help_attach_text));
  add_attach_options(*send, options->attach, false);
  send->add_option("--to", options->to, say(Text::help_to))->allow_extra_args(false);
  send->add_option("--incident", options->incident, say(Text::help_incident));
  send->add_option("--priority", options->priority, say(Text::help_priority));
  send->add_flag("--dry-run", options->dry_run, say(Text::help_attach_dry_run));

  const auto take = std::make_shared<TakeOptions>();
  CLI::App* files =
      add_command(app, context, "files", Text::help_files, "noroshi files 17/3.1/42.0 --save /media/usb",
                  [&context, take] { return show_files(context, *take); });
  files->add_option("ID", take->id, say(Text::help_id))->required();
  files->add_option("--save", take->folder, say(Text::help_files_save));
  files->add_flag("--original", take->original, say(Text::help_files_original));
}

}  // namespace noroshi::cli
