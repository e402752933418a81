// The first run on a laptop, for people who were handed one: questions instead of options, and what comes
// next.
#pragma once

#include "client-tui/cli/context.hpp"
#include "client-tui/tui/plain/paper.hpp"
#include "keys/enrol.hpp"

namespace noroshi::cli {

/// What `noroshi init` has to know, from its options or from answers.
struct FirstRun {
  std::uint16_t org = 0, handler = 0;
  std::uint32_t unit = 0;
  std::string site, role = "field", address;
  bool without_relay = false;
  std::uint32_t kdf_ops = 0, kdf_mem_mib = 0;
};

/// Asks one thing after the other and reads the answers back; what the options said already is offered.
/// Nothing: somebody left (`.`), or there will be no more lines.
[[nodiscard]] std::optional<FirstRun> ask_first_run(const FirstRun& known, tui::plain::Paper& paper);
/// Makes keys, request and configuration, and says what to do with them.
[[nodiscard]] Result<Done> begin_home(Context& context, const FirstRun& first);
/// Where the console would open if this home were enrolled: what is missing, step by step. Without keys, the
/// questions.
[[nodiscard]] Result<Done> guide(Context& context, tui::plain::Paper& paper);

}  // namespace noroshi::cli
