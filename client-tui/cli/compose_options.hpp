// What a person types to write a report: options of `new`, turned into a message of the desk.
#pragma once

#include <string>
#include <vector>

#include "client-tui/cli/context.hpp"

namespace noroshi::cli {

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
};

/// The message, without the defaults that the desk fills in.
[[nodiscard]] Result<desk::Message> compose(Context& context, desk::Desk& desk,
                                            const ComposeOptions& options);

/// Hands a sealed message to the relay and prints where it stands. kQueued while no relay has it.
[[nodiscard]] Result<Done> hand_over_and_print(Context& context, desk::Desk& desk, const desk::Sent& sent);

}  // namespace noroshi::cli
