// Signals as something to read in the loop, so that no call is interrupted and nothing runs in a handler.
#pragma once

#include <optional>

namespace noroshi::daemon {

class Signals {
 public:
  /// Blocks SIGTERM, SIGINT and SIGHUP for this thread and those it starts later.
  Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals();
  [[nodiscard]] int fd() const { return fd_; }
  enum class Wanted { end, reload };
  [[nodiscard]] std::optional<Wanted> next();
  /// For a moment in which nothing else can be done: a wish to reload waits for next().
  [[nodiscard]] bool end_wanted();

 private:
  int fd_ = -1;
  bool reload_later_ = false;
};

}  // namespace noroshi::daemon
