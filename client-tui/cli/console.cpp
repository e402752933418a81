// noroshi without a command: the console, on a screen or on lines.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "client-tui/cli/context.hpp"
#include "client-tui/tui/desk_office.hpp"
#include "client-tui/tui/plain/plain.hpp"
#include "client-tui/tui/preferences.hpp"
#include "client-tui/tui/run.hpp"

namespace noroshi::cli {
namespace {

/// Whoever types must not wait for a daemon that hangs.
constexpr Millis kConsolePatience{1'000};

/// Standard input and output. A line that waits for its answer is out before anything is read.
class StandardPaper final : public tui::plain::Paper {
 public:
  StandardPaper() = default;
  ~StandardPaper() override { std::free(line_); }

 private:
  void put(const std::string& text) override { std::fwrite(text.data(), 1, text.size(), stdout); }
  std::optional<std::string> read() override {
    std::fflush(stdout);
    const ssize_t length = ::getline(&line_, &room_, stdin);
    if (length < 0) return std::nullopt;
    std::string line(line_, static_cast<std::size_t>(length));
    if (line.ends_with('\n')) line.pop_back();
    if (!echoed_) print(line);  // a record of a script reads like that of a person
    return line;
  }
  const bool echoed_ = ::isatty(STDIN_FILENO) != 0;  // by the terminal
  char* line_ = nullptr;                             // getline's own
  std::size_t room_ = 0;
};

/// The file's word, else what is known of this kind of terminal.
void choose_glyphs(const tui::Preferences& preferences, const Context& context) {
  const char* terminal = std::getenv("TERM");
  if (!context.ascii)
    draw_with(preferences.glyphs.value_or(tui::glyphs_of(terminal != nullptr ? terminal : "")), context);
}

}  // namespace

Result<Done> run_console(Context& context) {
  if (!context.plain && (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0))
    return no(Code::usage, Text::console_needs_terminal);
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
  if (context.plain) {
    StandardPaper paper;
    TRY_VOID(tui::plain::run(office, paper));
  } else {
    TRY_VOID(tui::run(office, preferences));
  }
  return kDone;
}

}  // namespace noroshi::cli
