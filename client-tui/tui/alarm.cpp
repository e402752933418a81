#include "client-tui/tui/alarm.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "client-tui/words/text.hpp"

namespace noroshi::tui {

std::vector<Arrival> Alarm::since(const Facts& facts) {
  constexpr std::size_t kAtOnce = 16;
  std::vector<Arrival> out;
  std::uint64_t newest = seen_.value_or(0);
  bool known = false;  // what comes now was there before
  for (std::size_t from = 0; !known && from < kArrivalsMost; from += kAtOnce) {
    const std::vector<Item> window = facts.shelf->window(Shelf::List::received, from, kAtOnce);
    known = window.size() < kAtOnce;
    for (const Item& item : window) {
      const std::uint64_t arrival = item.letter.entry.arrival;
      newest = std::max(newest, arrival);
      known = known || !seen_ || arrival <= *seen_;
      if (!seen_ || arrival <= *seen_) break;
      if (item.letter.own() || item.index > 0) continue;  // one bell for one envelope
      const proto::Header& header = item.letter.header;
      out.push_back({item.closed() ? item.letter.entry.id.hex() : to_string(item.reading().facts.id),
                     header.level, header.exercise});
    }
  }
  seen_ = newest;
  std::ranges::reverse(out);
  return out;
}

Result<void> Hook::start(const std::filesystem::path& program, const Arrival& arrival) {
  std::erase_if(running_, [](pid_t one) { return ::waitpid(one, nullptr, WNOHANG) != 0; });
  std::vector<std::string> said{"NOROSHI_REPORT=" + arrival.id,
                                "NOROSHI_PRIORITY=" + std::string(proto::name_of(arrival.level)),
                                std::string("NOROSHI_EXERCISE=") + (arrival.exercise ? "1" : "0")};
  std::vector<char*> environment;
  for (std::string& one : said) environment.push_back(one.data());
  for (char** one = ::environ; *one != nullptr; ++one) environment.push_back(*one);
  environment.push_back(nullptr);
  std::string name = program.string();
  char* arguments[] = {name.data(), nullptr};

  posix_spawn_file_actions_t files;
  posix_spawnattr_t manner;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&manner);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  sigset_t usual;
  ::sigemptyset(&usual);
  for (const int signal : {SIGXFSZ, SIGPIPE, SIGHUP, SIGTERM}) ::sigaddset(&usual, signal);
  ::posix_spawnattr_setsigdefault(&manner, &usual);
  // A session of its own: Ctrl-C and a closed window are the console's.
  ::posix_spawnattr_setflags(&manner, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, name.c_str(), &files, &manner, arguments, environment.data());
  ::posix_spawnattr_destroy(&manner);
  ::posix_spawn_file_actions_destroy(&files);
  if (failed != 0) return words::no(Code::config, words::Text::hook_fails, name, std::strerror(failed));
  running_.push_back(child);
  return {};
}

}  // namespace noroshi::tui
