#include "relay/store/ballast.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace noroshi::store {

bool Ballast::held() const {
  struct stat facts {};
  return ::lstat(file_.c_str(), &facts) == 0 && S_ISREG(facts.st_mode) &&
         static_cast<std::size_t>(facts.st_size) == bytes_;
}

bool Ballast::take() {
  if (held()) return true;
  const int fd = ::open(file_.c_str(), O_CREAT | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  // Real blocks: a file with a hole would give nothing back.
  const bool taken = ::posix_fallocate(fd, 0, static_cast<off_t>(bytes_)) == 0;
  ::close(fd);
  if (!taken) ::unlink(file_.c_str());
  return taken;
}

bool Ballast::release() {
  return ::unlink(file_.c_str()) == 0;
}

}  // namespace noroshi::store
