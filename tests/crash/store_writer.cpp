// The child of the crash tests: commits numbered envelopes and says so.
//
//   store_writer DIR free       "b\n" when a turn opens, "c N\n" after the commit of all up to N; until
//   killed store_writer DIR lockstep   reads "N\n", commits N, answers "N\n"; until its input ends
//   store_writer DIR early      the same with the mistake that must be found: answers before it commits
//
// Output goes out with one write(2) each, so that the parent and strace see it when it happens.
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "tests/crash/numbered.hpp"
#include "tests/support/seeded_random.hpp"

using namespace noroshi;

namespace {

void say(const std::string& line) {
  if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(1);
}

[[noreturn]] void fail(const Error& error) {
  std::fprintf(stderr, "store_writer: %s\n", error.text.c_str());
  ::_exit(1);
}

void commit(store::Turn& turn) {
  if (const auto done = turn.commit(); !done) fail(done.error());
}

std::unique_ptr<store::Turn> begin(store::Disk& disk) {
  auto turn = disk.begin();
  if (!turn) fail(turn.error());
  return std::move(*turn);
}

void run_free(store::Disk& disk) {
  test::SeededRng rng(static_cast<std::uint64_t>(::getpid()));
  for (;;) {
    const auto turn = begin(disk);
    say("b\n");
    std::uint64_t n = test::last_number(*turn);
    for (std::uint64_t batch = 1 + rng.below(12); batch > 0; --batch) test::put_number(*turn, ++n);
    commit(*turn);
    say("c " + std::to_string(n) + "\n");
  }
}

void run_lockstep(store::Disk& disk, bool early) {
  for (std::string line; std::getline(std::cin, line);) {
    const auto turn = begin(disk);
    test::put_number(*turn, std::stoull(line));
    if (early) say(line + "\n");
    commit(*turn);
    if (!early) say(line + "\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  const std::string how = argv[2];
  test::SeededRng rng(1);
  auto disk = store::Disk::open({.directory = argv[1]}, rng);
  if (!disk) fail(disk.error());
  if (how == "free") run_free(**disk);
  if (how == "lockstep" || how == "early") run_lockstep(**disk, how == "early");
  return 0;
}
