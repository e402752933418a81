// noroshi without a command: the console, on a screen or on lines.
#include <unistd.h>

#include <cstdlib>

#include "client-tui/cli/context.hpp"
#include "client-tui/cli/first_run.hpp"
#include "client-tui/cli/standard_paper.hpp"
#include "client-tui/tui/desk_office.hpp"
#include "client-tui/tui/plain/plain.hpp"
#include "client-tui/tui/preferences.hpp"
#include "client-tui/tui/run.hpp"

namespace noroshi::cli {
namespace {

/// Whoever types must not wait for a daemon that hangs.
constexpr Millis kConsolePatience{1'000};

/// The file's word, else what is known of this kind of terminal. A pipe draws nothing.
void choose_glyphs(const tui::Preferences& preferences, const Context& context) {
  if (context.ascii) return;
  const char* terminal = ::isatty(STDOUT_FILENO) != 0 ? std::getenv("TERM") : nullptr;
  draw_with(preferences.glyphs.value_or(tui::glyphs_of(terminal != nullptr ? terminal : "")), context);
}

}  // namespace

Result<Done> run_console(Context& context) {
  if (!context.plain && (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0))
    return no(Code::usage, Text::console_needs_terminal);
  if (!keys::is_enrolled(context.home())) {
    StandardPaper paper;
    return guide(context, paper);
  }
  TRY(const tui::Preferences preferences, tui::load_preferences(context.home()));
  choose_glyphs(preferences, context);
  TRY(desk::Desk* const desk, context.desk());
  TRY(desk::Settings settings, context.settings());
  const auto clock = [offset = settings.clock_offset] { return now_with(offset); };
  const auto connect = [socket = settings.control]() -> Result<std::unique_ptr<desk::Relay>> {
    TRY(std::unique_ptr<desk::Relay> relay, desk::RelayClient::connect(socket, kConsolePatience));
    return relay;
  };
  tui::DeskOffice office(*desk, std::move(settings), clock, connect);
  office.look_for_pictures_in(preferences.pictures.empty() ? attach::usual_folders() : preferences.pictures);
  office.ask_for_position_at(preferences.gpsd_port);
  if (context.plain) {
    StandardPaper paper;
    TRY_VOID(tui::plain::run(office, paper));
  } else {
    TRY_VOID(tui::run(office, preferences));
  }
  return kDone;
}

}  // namespace noroshi::cli
