#include "relay/daemon/signals.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <utility>

#include "proto/result.hpp"

namespace noroshi::daemon {

Signals::Signals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int one : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&wanted, one);
  ::pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a file at its limit is a full disk, not an end
  fd_ = ::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
  NOROSHI_ASSERT(fd_ >= 0);
}

Signals::~Signals() {
  ::close(fd_);
}

bool Signals::end_wanted() {
  bool reload = false, end = false;
  while (const auto wanted = next()) (*wanted == Wanted::end ? end : reload) = true;
  reload_later_ = reload;
  return end;
}

std::optional<Signals::Wanted> Signals::next() {
  if (std::exchange(reload_later_, false)) return Wanted::reload;
  signalfd_siginfo info{};
  if (::read(fd_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return {};
  return info.ssi_signo == SIGHUP ? Wanted::reload : Wanted::end;
}

}  // namespace noroshi::daemon
