// The console: pages on each other, the bars around them, and what happens when a key is pressed. No terminal
// here: keys come in, a Screen comes out.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client-tui/tui/alarm.hpp"
#include "client-tui/tui/page.hpp"

namespace noroshi::tui {

class Console {
 public:
  enum class Wish : std::uint8_t { nothing, quit, suspend, repaint };

  /// `office` and `bindings` outlive it. The first page follows the role of the certificate (home.hpp).
  Console(Office& office, const Bindings& bindings) : office_(office), bindings_(bindings) {}
  /// Reads the desk and shows the first page. Errors: the desk's.
  [[nodiscard]] Result<void> start();

  [[nodiscard]] Wish key(const Key& key);
  /// Nobody types: drafts are kept, the relay is asked. Cheap if called every second.
  [[nodiscard]] Wish tick();
  /// The terminal is going (SIGHUP, SIGTERM): what was typed is kept.
  void leave();

  /// What others have sent since the last call (alarm.hpp).
  [[nodiscard]] std::vector<Arrival> arrivals() { return std::exchange(arrived_, {}); }
  /// One line at the bottom until the next key.
  void announce(std::string line, bool trouble);

  [[nodiscard]] Screen view(Size size) const;

 private:
  Wish carry_out(Turn& turn);
  Result<void> look();
  void draw_bars(Screen& screen) const;

  Office& office_;
  const Bindings& bindings_;
  FactsPtr facts_;
  Alarm alarm_;
  std::vector<Arrival> arrived_;
  std::vector<PagePtr> pages_;  ///< the last one has the keys
  std::string notice_;
  bool trouble_ = false;
  std::optional<Instant> contacted_;
};

}  // namespace noroshi::tui
