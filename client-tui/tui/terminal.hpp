// The terminal: the only place that knows curses. Keys come from it, Screens are painted on it; curses finds
// out which cells differ and sends no more than that.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "client-tui/tui/key.hpp"
#include "client-tui/tui/preferences.hpp"
#include "client-tui/tui/screen.hpp"
#include "proto/result.hpp"
#include "proto/time.hpp"

namespace noroshi::tui {

class Terminal {
 public:
  /// Takes the terminal of standard input and output. Errors: config (its character set is not UTF-8, or
  /// nothing is known of its kind), unavailable (it is none). The locale of characters is set here: C.UTF-8
  /// where the environment names none.
  [[nodiscard]] static Result<std::unique_ptr<Terminal>> open(Theme theme);
  /// Gives the terminal back as it was.
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  [[nodiscard]] Size size() const;
  /// A line of less than 38,400 bit/s, by the terminal's own account. A pseudo-terminal says 38,400.
  [[nodiscard]] bool is_slow() const;
  void bell();
  enum class Heard : std::uint8_t {
    key,
    nothing,  ///< in this time
    resized,
    gone,  ///< the line is dead
  };
  /// Waits for a key at most so long.
  [[nodiscard]] Heard read(Key& key, Millis wait);
  void paint(const Screen& screen);
  /// Every cell anew: something else has written on the terminal.
  void forget();
  /// To the shell, and back when it says so.
  void suspend();

 private:
  Terminal();
  void lay_over(std::vector<int> changed, Place caret);
  struct Held;
  std::unique_ptr<Held> held_;
};

}  // namespace noroshi::tui
