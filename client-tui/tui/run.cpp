#include "client-tui/tui/run.hpp"

#include <csignal>

#include "client-tui/tui/console.hpp"
#include "client-tui/tui/terminal.hpp"

namespace noroshi::tui {
namespace {

/// How long a pause is before drafts are looked at and the relay is asked; also the longest that a signal
/// waits.
constexpr Millis kPause{500};

volatile std::sig_atomic_t ending = 0;

/// SIGHUP and SIGTERM end the loop; what was there before comes back with the scope.
class Ending {
 public:
  Ending() {
    ending = 0;
    struct sigaction action {};
    action.sa_handler = [](int) { ending = 1; };
    ::sigaction(SIGHUP, &action, &hangup_);
    ::sigaction(SIGTERM, &action, &terminate_);
  }
  ~Ending() {
    ::sigaction(SIGHUP, &hangup_, nullptr);
    ::sigaction(SIGTERM, &terminate_, nullptr);
  }
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

 private:
  struct sigaction hangup_ {
  }, terminate_{};
};

}  // namespace

Result<void> run(Office& office) {
  Console console(office, Bindings::standard());
  TRY_VOID(console.start());
  TRY(const std::unique_ptr<Terminal> terminal, Terminal::open());
  const Ending signals;
  Console::Wish wish = Console::Wish::nothing;
  while (ending == 0 && wish != Console::Wish::quit) {
    terminal->paint(console.view(terminal->size()));
    Key key;
    Terminal::Heard heard = terminal->read(key, kPause);
    if (heard == Terminal::Heard::gone) break;
    if (heard == Terminal::Heard::nothing) wish = console.tick();
    // What is already there is taken before the next painting: a slow line shows the end of it, not each
    // step.
    for (int taken = 0; heard == Terminal::Heard::key && taken < 256; ++taken) {
      wish = console.key(key);
      if (wish != Console::Wish::nothing) break;
      heard = terminal->read(key, Millis{0});
    }
    if (wish == Console::Wish::suspend) terminal->suspend();
    if (wish == Console::Wish::repaint) terminal->forget();
  }
  console.leave();
  return {};
}

}  // namespace noroshi::tui
