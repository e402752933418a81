#include "client-tui/tui/run.hpp"

#include <csignal>

#include "client-tui/tui/console.hpp"
#include "client-tui/tui/terminal.hpp"
#include "client-tui/words/lines.hpp"

namespace noroshi::tui {
namespace {

/// How long a pause is before drafts are looked at and the relay is asked; also the longest that a signal
/// waits.
constexpr Millis kPause{500};
/// On a slow line what several keys change is sent together: a key every 100 ms would cost three paintings.
constexpr Millis kSlowPaint{250};

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

/// One bell and one line for what is urgent enough, the hook for each flash report.
void ring(Console& console, const Preferences& preferences, Terminal& terminal, Hook& hook) {
  const std::vector<Arrival> arrived = console.arrivals();
  const Arrival* loudest = nullptr;
  std::size_t loud = 0;
  for (const Arrival& one : arrived) {
    if (preferences.bell && one.level >= *preferences.bell) {
      ++loud;
      if (loudest == nullptr || one.level >= loudest->level) loudest = &one;
    }
  }
  if (loudest != nullptr) {
    terminal.bell();
    console.announce(
        words::say(words::Text::console_arrived, words::level_word(loudest->level), loudest->id, loud),
        false);
  }
  if (preferences.hook.empty()) return;
  for (const Arrival& one : arrived) {
    if (one.level != proto::Level::flash) continue;
    if (const auto started = hook.start(preferences.hook, one); !started)
      return console.announce(started.error().text, true);
  }
}

}  // namespace

Result<void> run(Office& office, const Preferences& preferences) {
  Console console(office, preferences.bindings);
  TRY_VOID(console.start());
  TRY(const std::unique_ptr<Terminal> terminal, Terminal::open(preferences.theme));
  const Ending signals;
  const bool slow = preferences.slow.value_or(terminal->is_slow());
  std::optional<Instant> painted;
  Hook hook;
  Console::Wish wish = Console::Wish::nothing;
  while (ending == 0 && wish != Console::Wish::quit) {
    ring(console, preferences, *terminal, hook);
    const Millis rest = painted ? kSlowPaint - (office.now().mono - *painted) : Millis{0};
    const bool early = slow && rest.count > 0;
    if (!early) {
      terminal->paint(console.view(terminal->size()));
      painted = office.now().mono;
    }
    Key key;
    Terminal::Heard heard = terminal->read(key, early ? rest : kPause);
    if (heard == Terminal::Heard::gone) break;
    if (heard == Terminal::Heard::nothing && !early) wish = console.tick();
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
