// Other programs, run and watched from the demonstration: short commands whose answer is wanted, and
// long-lived daemons that are killed and started again.
//
// Nothing outlives us: every child is killed when its owner goes, and by the kernel when this process dies
// any other way (PR_SET_PDEATHSIG), kill -9 included. One thread; forks only from there.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "proto/result.hpp"

namespace noroshi::cli::demo {

/// One program and its arguments; argv[0] is looked up in PATH unless it holds a slash.
using Argv = std::vector<std::string>;
[[nodiscard]] Argv operator+(Argv command, const Argv& more);

/// What the last system call said.
[[nodiscard]] Error from_errno(const std::string& what);

/// What a finished command said.
struct Said {
  int exit_code = 0;  ///< 128 + signal if a signal ended it
  std::string out, err;
  /// The last line of `err`, where the house's programs say what, where and what to do.
  [[nodiscard]] std::string complaint() const;
};

/// What a command is given besides its arguments.
struct Given {
  std::string input;                      ///< to stdin, which is then closed
  std::optional<std::string> passphrase;  ///< written to descriptor 3, for --passphrase-fd 3
  std::chrono::seconds patience{60};      ///< then SIGKILL and an error
};

/// Runs a command to its end. An error only if it could not be run or lost our patience; a non-zero exit is
/// an answer. `tick` is called about ten times a second meanwhile, so that a display stays alive.
[[nodiscard]] Result<Said> run(const Argv& argv, const Given& given = {},
                               const std::function<void()>& tick = {});

/// A program that runs beside us until it is told to stop. stdout and stderr are appended to `log`.
class Daemon {
 public:
  [[nodiscard]] static Result<Daemon> start(const Argv& argv, const std::filesystem::path& log);

  Daemon(Daemon&& other) noexcept;
  Daemon& operator=(Daemon&& other) noexcept;
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  ~Daemon() { kill(); }

  [[nodiscard]] bool running();
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// SIGKILL, and waits for the kernel's word that it is gone.
  void kill();
  /// SIGTERM; SIGKILL if it has not ended within `patience`. True if it ended by itself with exit code 0.
  bool stop(std::chrono::milliseconds patience);

 private:
  explicit Daemon(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;  ///< −1 = gone
};

/// True once SIGINT, SIGTERM or SIGHUP has come since `watch_signals`; whoever waits then gives up.
[[nodiscard]] bool interrupted();
void watch_signals();

/// Waits until `done` or until time is up or a signal came; calls `done` about ten times a second. True if
/// done.
[[nodiscard]] bool wait_until(std::chrono::milliseconds patience, const std::function<bool()>& done);

}  // namespace noroshi::cli::demo
