// noroshi: compose, sign, read, roll up. The command line; it talks to the relay of this machine.
#include <csignal>
#include <cstdio>
#include <exception>

#include "client-tui/cli/context.hpp"

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its limit is a full disk: an error, not an end
  try {
    return noroshi::cli::run_program(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "noroshi: %s\n", error.what());
    return noroshi::exit_code(noroshi::Code::internal);
  }
}
