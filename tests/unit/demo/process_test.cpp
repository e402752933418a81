#include "client-tui/cli/demo/process.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::cli::demo;
using namespace std::chrono_literals;

namespace {

/// A file of its own in the temporary directory, gone afterwards.
struct LogFile {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("noroshi-process-test-" + std::to_string(::getpid()));
  ~LogFile() { std::filesystem::remove(path); }
  [[nodiscard]] std::string text() const {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
  }
};

}  // namespace

TEST_CASE("a command's output, complaint and exit code come back apart") {
  const auto said = run({"sh", "-c", "echo facts; echo first >&2; echo 'sh: what to do' >&2; exit 69"});
  REQUIRE(said.ok());
  CHECK(said->out == "facts\n");
  CHECK(said->exit_code == 69);
  CHECK(said->complaint() == "sh: what to do");
}

TEST_CASE("a command reads its input to the end, more than a pipe holds") {
  Given given;
  given.input = std::string(1'000'000, 'x');
  const auto said = run({"wc", "-c"}, given);
  REQUIRE(said.ok());
  CHECK(said->out == "1000000\n");
}

TEST_CASE("the passphrase comes on descriptor 3 and nowhere else") {
  Given given;
  given.passphrase = "kaki no ki";
  const auto said = run({"sh", "-c", "cat <&3; env; cat /proc/$$/cmdline"}, given);
  REQUIRE(said.ok());
  CHECK(said->out.find("kaki no ki") == 0);
  CHECK(said->out.find("kaki no ki", 1) == std::string::npos);
}

TEST_CASE("a command that does not answer in time is ended") {
  Given given;
  given.patience = 0s;
  const auto said = run({"sleep", "1000"}, given);
  REQUIRE_FALSE(said.ok());
  CHECK(said.error().code == Code::temporary);
}

TEST_CASE("a program that is not there is an error, not an exit code") {
  CHECK_FALSE(run({"/nonexistent/program"}).ok());
}

TEST_CASE("a daemon is killed at once, ends by itself when asked, and leaves its words in the log") {
  const LogFile log;
  auto polite = Daemon::start(
      {"sh", "-c", "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.01; done"}, log.path);
  REQUIRE(polite.ok());
  REQUIRE(wait_until(10s, [&] { return log.text() == "up\n"; }));
  CHECK(polite->running());
  CHECK(polite->stop(10s));
  CHECK(log.text() == "up\nbye\n");

  auto deaf = Daemon::start({"sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 0.01; done"}, log.path);
  REQUIRE(deaf.ok());
  REQUIRE(wait_until(10s, [&] { return log.text().find("deaf") != std::string::npos; }));
  CHECK_FALSE(deaf->stop(100ms));
  CHECK_FALSE(deaf->running());
}

TEST_CASE("a daemon ends with its owner") {
  const LogFile log;
  pid_t pid = 0;
  {
    const auto daemon = Daemon::start({"sleep", "1000"}, log.path);
    REQUIRE(daemon.ok());
    pid = daemon->pid();
    CHECK(::kill(pid, 0) == 0);
  }
  CHECK(::kill(pid, 0) != 0);
}
