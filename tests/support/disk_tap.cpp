#include "tests/support/disk_tap.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

namespace noroshi::test {
namespace {
DiskTap* tap = nullptr;

/// What the call gives if it does not go on to the disk; errno is set if that is an error.
std::optional<ssize_t> instead(int fd, off_t at, BytesView bytes) {
  const int error = tap != nullptr && tap->on_write ? tap->on_write(fd, at, bytes) : 0;
  if (error == 0) return std::nullopt;
  if (error == kCutShort) return ::syscall(SYS_pwrite64, fd, bytes.data(), bytes.size() / 2, at);
  errno = error;
  return -1;
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
  if (const auto told = noroshi::test::instead(fd, at, {static_cast<const std::uint8_t*>(data), size}))
    return *told;
  return ::syscall(SYS_pwrite64, fd, data, size, at);
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
  if (noroshi::test::tap != nullptr) {
    const off_t begin = ::lseek(fd, 0, SEEK_CUR);
    off_t at = begin;
    for (int i = 0; at >= 0 && i < count; ++i) {
      const noroshi::BytesView bytes{static_cast<const std::uint8_t*>(parts[i].iov_base), parts[i].iov_len};
      if (const auto told = noroshi::test::instead(fd, at, bytes)) return *told < 0 ? -1 : at - begin + *told;
      at += static_cast<off_t>(bytes.size());
    }
  }
  return ::syscall(SYS_writev, fd, parts, count);
}

int statvfs(const char* path, struct statvfs* out) {
  struct statfs raw {};
  if (::statfs(path, &raw) != 0) return -1;
  *out = {};
  out->f_bsize = out->f_frsize = static_cast<unsigned long>(raw.f_frsize);
  out->f_blocks = raw.f_blocks;
  out->f_bfree = raw.f_bfree;
  out->f_bavail = raw.f_bavail;
  if (noroshi::test::tap != nullptr && noroshi::test::tap->no_room) out->f_bfree = out->f_bavail = 0;
  return 0;
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
