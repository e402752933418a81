// The program that a home starts for each new flash report.
#include "client-tui/tui/alarm.hpp"

#include <sys/stat.h>

#include <fstream>
#include <limits>

#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

namespace noroshi::tui {
namespace {

struct Siren {
  test::TemporaryDirectory directory;
  std::filesystem::path pipe = directory / "said", program = directory / "siren";
  Siren() {
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::ofstream(program)
        << "#!/bin/sh\n"
        << R"sh(echo "$# $NOROSHI_REPORT $NOROSHI_PRIORITY $NOROSHI_EXERCISE $(readlink /proc/self/fd/0)" > )sh"
        << pipe.string() << "\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  }
  /// Waits until it has spoken and has let go of the pipe: the next one opens it anew.
  [[nodiscard]] std::string said() const {
    std::ifstream in(pipe);
    std::string line;
    std::getline(in, line);
    in.ignore(std::numeric_limits<std::streamsize>::max());
    return line;
  }
};

TEST_CASE_METHOD(Siren,
                 "the hook is told the id, the precedence and whether it is an exercise, and nothing else") {
  Hook hook;
  REQUIRE(hook.start(program, {"17/3.1/42.0", proto::Level::flash, true}).ok());
  CHECK(said() == "0 17/3.1/42.0 flash 1 /dev/null");
  REQUIRE(hook.start(program, {"17/3.1/43.0", proto::Level::flash, false}).ok());
  CHECK(said() == "0 17/3.1/43.0 flash 0 /dev/null");
}

TEST_CASE_METHOD(Siren, "a hook that cannot be started is named, with what to do") {
  std::filesystem::permissions(program, std::filesystem::perms::owner_read);
  Hook hook;
  for (const std::filesystem::path& one : {program, directory / "missing"}) {
    const auto started = hook.start(one, {"17/3.1/42.0", proto::Level::flash, false});
    REQUIRE_FALSE(started.ok());
    CHECK(started.error().code == Code::config);
    CHECK(started.error().text.find(one.string()) == 0);
    CHECK(started.error().text.find("console.toml") != std::string::npos);
  }
}

}  // namespace
}  // namespace noroshi::tui
