#include "relay/daemon/lock.hpp"
#include "proto/language.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace noroshi::daemon {

Result<HomeLock> HomeLock::take(const std::filesystem::path& home) {
  const auto file = home / "noroshid.lock";
  HomeLock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.fd_ < 0)
    return Error{errno == EACCES ? Code::permission : Code::cannot_make,
                 file.string() + ": " + std::system_category().message(errno)};
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0)
    return Error{Code::unavailable, home.string() + said(": 別の noroshid がすでに動いています",
                                                         ": another noroshid already serves it")};
  return lock;
}

HomeLock::HomeLock(HomeLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
HomeLock::~HomeLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace noroshi::daemon
