// Files on the command line: read, reduced, named in a report, kept until it is sent.
#include "client-tui/cli/compose_options.hpp"
#include "client-tui/desk/draft.hpp"
#include "client-tui/words/lines.hpp"
#include "proto/forms/entry.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::cli {
namespace {

constexpr std::uint32_t kPictureKbMin = 5, kPictureKbMax = 1'000;

/// ", about 3 min on the slowest line"; nothing without a relay, or where no line is metered.
std::string time_on_line(Context& context, std::size_t bytes) {
  const auto relay = context.relay();
  if (!relay.ok()) return {};
  const auto status = desk::ask<proto::control::Status>(**relay, proto::control::StatusRequest{});
  const auto seconds = status.ok() ? words::line_seconds(bytes, *status) : std::nullopt;
  return seconds ? say(Text::attached_time, words::about_seconds(*seconds)) : "";
}

}  // namespace

Result<std::vector<Enclosure>> read_enclosures(const AttachOptions& options, std::size_t bytes_max) {
  if (options.picture_kb < kPictureKbMin || options.picture_kb > kPictureKbMax)
    return no(Code::usage, Text::picture_kb_range);
  if (options.captions.size() > options.files.size()) return no(Code::usage, Text::captions_without_files);
  std::vector<Enclosure> out;
  for (std::size_t i = 0; i < options.files.size(); ++i) {
    Enclosure one;
    one.name = options.files[i];
    TRY(one.prepared, attach::prepare(std::filesystem::path(one.name), options.picture_kb * 1'000));
    std::string caption;
    if (i < options.captions.size()) {
      TRY(caption, forms::clean_text(options.captions[i]));
    }
    TRY(one.described, desk::describe(one.prepared.file, one.prepared.media, std::move(caption), bytes_max));
    out.push_back(std::move(one));
  }
  return out;
}

Result<void> name_enclosures(Context& context, const std::vector<Enclosure>& enclosures,
                             forms::Report& report, const forms::Catalogue& catalogue) {
  const forms::FormInfo& form = *catalogue.form(report.form);
  const forms::FieldInfo* place = forms::open_position(report, form, catalogue);
  for (const Enclosure& one : enclosures) {
    if (!forms::attach(report, one.described, form, catalogue)) {
      return no(Code::bad_data, Text::attach_too_many, form.code,
                forms::attachments_field(form, catalogue).items_max);
    }
    const std::size_t size = one.described.size;
    Context::note(
        say(Text::attached_line, one.name, words::size_text(one.prepared.was), words::size_text(size)) +
        time_on_line(context, size));
    if (place != nullptr && one.prepared.position) {
      Context::note(say(Text::attached_position, one.name, place->key, forms::typed(*one.prepared.position)));
    }
  }
  return {};
}

Result<void> keep_enclosures(desk::Desk& desk, const std::vector<Enclosure>& enclosures) {
  for (const Enclosure& one : enclosures) TRY_VOID(desk::keep_file(desk, one.prepared.file, one.described));
  return {};
}

Result<desk::Sent> send_with(const std::vector<Enclosure>& enclosures, desk::Desk& desk,
                             const desk::Message& message, Now now) {
  TRY_VOID(keep_enclosures(desk, enclosures));
  Result<desk::Sent> sent = desk.send(message, now);
  if (sent.ok()) return sent;
  std::vector<forms::Attachment> files;
  for (const Enclosure& one : enclosures) files.push_back(one.described);
  (void)desk::give_up(desk, files).ok();  // what went wrong first is said
  return sent;
}

void add_attach_options(CLI::App& command, AttachOptions& options, bool named) {
  if (named)
    command.add_option("--attach", options.files, say(Text::help_new_attach))->allow_extra_args(false);
  command.add_option("--caption", options.captions, say(Text::help_caption))->allow_extra_args(false);
  command.add_option("--picture-kb", options.picture_kb, say(Text::help_picture_kb));
}

}  // namespace noroshi::cli
