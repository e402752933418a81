#include "tests/support/disk_tap.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

namespace noroshi::test {
namespace {
DiskTap* tap = nullptr;

/// True if the call is to fail; errno is set then.
bool refused(int fd, off_t at, BytesView bytes) {
  if (tap == nullptr || !tap->on_write) return false;
  const int error = tap->on_write(fd, at, bytes);
  if (error != 0) errno = error;
  return error != 0;
}

}  // namespace

DiskTap::DiskTap() {
  tap = this;
}
DiskTap::~DiskTap() {
  tap = nullptr;
}

bool writes_through(int fd) {
  return (::fcntl(fd, F_GETFL) & O_DSYNC) != 0;
}

}  // namespace noroshi::test

extern "C" {

ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
  if (noroshi::test::refused(fd, at, {static_cast<const std::uint8_t*>(data), size})) return -1;
  return ::syscall(SYS_pwrite64, fd, data, size, at);
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
  if (noroshi::test::tap != nullptr) {
    off_t at = ::lseek(fd, 0, SEEK_CUR);
    for (int i = 0; at >= 0 && i < count; ++i) {
      const noroshi::BytesView bytes{static_cast<const std::uint8_t*>(parts[i].iov_base), parts[i].iov_len};
      if (noroshi::test::refused(fd, at, bytes)) return -1;
      at += static_cast<off_t>(bytes.size());
    }
  }
  return ::syscall(SYS_writev, fd, parts, count);
}

int fdatasync(int fd) {
  auto* tap = noroshi::test::tap;
  if (tap != nullptr && tap->on_sync) {
    const int error = tap->on_sync(fd);
    if (error != 0) {
      errno = error;
      return -1;
    }
  }
  const auto rc = static_cast<int>(::syscall(SYS_fdatasync, fd));
  if (rc == 0 && tap != nullptr && tap->synced) tap->synced(fd);
  return rc;
}
}
