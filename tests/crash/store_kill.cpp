// store_kill WRITER [ROUNDS] [SEED]: a child commits numbered envelopes and prints each number after its
// commit; this program kills it with SIGKILL at random moments, on the same store again and again. After each
// kill everything that was printed is in the store, whole, and nothing half. (The page cache survives a kill:
// this tests order and atomicity; power_cut_test tests what reaches the disk.)
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "tests/crash/numbered.hpp"
#include "tests/support/seeded_random.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace noroshi;

namespace {

struct Child {
  pid_t pid = -1;
  int out = -1;
};

Child start(const char* writer, const std::string& directory) {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) std::abort();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::execl(writer, writer, directory.c_str(), "free", nullptr);
    ::_exit(127);
  }
  ::close(pipe[1]);
  return {pid, pipe[0]};
}

/// What a child has said: its last promise, and whether a turn was open behind it.
struct Said {
  std::uint64_t promised = 0;
  std::uint64_t commits = 0;
  bool turn_open = false;
};

/// Takes whole lines off `text`.
void listen(std::string& text, Said& said) {
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
    const std::string line = text.substr(0, end);
    text.erase(0, end + 1);
    said.turn_open = line == "b";
    if (line.rfind("c ", 0) == 0) {
      said.promised = std::stoull(line.substr(2));
      ++said.commits;
    }
  }
}

bool read_some(int fd, std::string& text) {
  char buffer[4096];
  const ssize_t n = ::read(fd, buffer, sizeof buffer);
  if (n <= 0) return false;
  text.append(buffer, static_cast<std::size_t>(n));
  return true;
}

/// Lets the child make a few promises, waits a moment that falls anywhere in a turn, kills it, hears it out.
Said run_and_kill(const Child& child, std::uint64_t commits, std::chrono::microseconds moment) {
  Said said;
  std::string text;
  while (said.commits < commits && read_some(child.out, text)) listen(text, said);
  std::this_thread::sleep_for(moment);
  ::kill(child.pid, SIGKILL);
  int status = 0;
  ::waitpid(child.pid, &status, 0);
  if (!WIFSIGNALED(status)) {
    std::fprintf(stderr, "store_kill: the writer ended by itself (%d)\n", status);
    std::exit(1);
  }
  while (read_some(child.out, text)) {
  }
  listen(text, said);
  ::close(child.out);
  return said;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 64;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 10;
  const std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  const test::TemporaryDirectory home;
  const std::string directory = home / "store";
  test::SeededRng rng(seed);

  int open_turns = 0;
  std::uint64_t kept_unpromised = 0, last = 0;
  for (int round = 1; round <= rounds; ++round) {
    const Child child = start(argv[1], directory);
    const Said said = run_and_kill(child, 1 + rng.below(12), std::chrono::microseconds(rng.below(12'000)));
    open_turns += said.turn_open;

    auto disk = store::Disk::open({.directory = directory}, rng);
    const std::string wrong = disk ? test::what_is_wrong(**disk) : disk.error().text;
    const std::uint64_t there = disk && wrong.empty() ? test::last_number(**(*disk)->begin()) : 0;
    if (!wrong.empty() || there < said.promised || there < last) {
      std::fprintf(stderr, "store_kill: seed %llu round %d: promised %llu, there %llu: %s\n",
                   static_cast<unsigned long long>(seed), round,
                   static_cast<unsigned long long>(said.promised), static_cast<unsigned long long>(there),
                   wrong.c_str());
      return 1;
    }
    kept_unpromised += there > said.promised;
    last = there;
  }
  std::printf("kills %d with an open turn %d committed but not yet said %llu numbers %llu lost 0\n", rounds,
              open_turns, static_cast<unsigned long long>(kept_unpromised),
              static_cast<unsigned long long>(last));
  return 0;
}
