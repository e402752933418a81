// What a person types to write a report: options of `new`, turned into a message of the desk.
#pragma once

#include <string>
#include <vector>

#include "client-tui/attach/file.hpp"
#include "client-tui/cli/context.hpp"

namespace noroshi::cli {

struct AttachOptions {
  std::vector<std::string> files, captions;
  std::uint32_t picture_kb = attach::kPictureBytes / 1'000;
};

struct ComposeOptions {
  std::string form = "F1";
  std::string from;              ///< JSON file, "-" = standard input
  std::vector<std::string> set;  ///< key=value
  std::vector<std::string> to;
  std::string incident, priority;
  std::string update, correct, cancel, final, reason;
  std::string for_unit, told_by, told_at, channel;
  std::string six;
  std::size_t begin = 0;              ///< template of the form, from 1; 0 = none
  std::string check, check_sections;  ///< what the caller read out of `noroshi say`
  AttachOptions attach;
};

/// The message, without the defaults that the desk fills in.
[[nodiscard]] Result<desk::Message> compose(Context& context, desk::Desk& desk,
                                            const ComposeOptions& options);

/// A file that was read, and what a report says of it.
struct Enclosure {
  std::string name;  ///< as it was typed
  attach::Prepared prepared;
  forms::Attachment described;
};
/// Reads and reduces what is to be attached. Nothing is kept yet.
[[nodiscard]] Result<std::vector<Enclosure>> read_enclosures(const AttachOptions& options,
                                                              std::size_t bytes_max);
/// Names them in the report; says on stderr what became of each, how long it will take, and where it was
/// taken, if the report has a place for that and nobody has said it.
[[nodiscard]] Result<void> name_enclosures(Context& context, const std::vector<Enclosure>& enclosures,
                                           forms::Report& report, const forms::Catalogue& catalogue);
/// Keeps them until the report that names them is sent.
[[nodiscard]] Result<void> keep_enclosures(desk::Desk& desk, const std::vector<Enclosure>& enclosures);
/// Seals a message with its enclosures. None of them is kept if it cannot be sent.
[[nodiscard]] Result<desk::Sent> send_with(const std::vector<Enclosure>& enclosures, desk::Desk& desk,
                                           const desk::Message& message, Now now);
/// --attach (unless the command takes files by themselves), --caption, --picture-kb.
void add_attach_options(CLI::App& command, AttachOptions& options, bool named = true);

/// Hands a sealed message to the relay and prints where it stands. kQueued while no relay has it.
[[nodiscard]] Result<Done> hand_over_and_print(Context& context, desk::Desk& desk, const desk::Sent& sent);

}  // namespace noroshi::cli
