// LD_PRELOAD this under a relay and its store's disk fails while the file that NOROSHI_DISK_FAULT names
// exists: every write and every flush of a file below a folder "store" gives the error whose number stands in
// it (28 full, 30 read-only, 5 worn). It lives here, outside every product library, so that no configuration
// can reach it.
#include <dlfcn.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

/// The error number of this moment; 0 = none.
int fault() {
  static const char* const file = std::getenv("NOROSHI_DISK_FAULT");
  std::FILE* const in = file != nullptr ? std::fopen(file, "r") : nullptr;
  if (in == nullptr) return 0;
  int number = 0;
  if (std::fscanf(in, "%d", &number) != 1) number = 0;
  std::fclose(in);
  return number;
}

bool is_of_the_store(int fd) {
  char link[64], path[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = ::readlink(link, path, sizeof path - 1);
  if (length <= 0) return false;
  path[length] = '\0';
  return std::strstr(path, "/store/") != nullptr;
}

bool fails(int fd) {
  const int number = is_of_the_store(fd) ? fault() : 0;
  if (number != 0) errno = number;
  return number != 0;
}

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {
ssize_t write(int fd, const void* bytes, size_t size) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
  return fails(fd) ? -1 : real(fd, bytes, size);
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return fails(fd) ? -1 : real(fd, bytes, size, at);
}
ssize_t writev(int fd, const iovec* parts, int count) {
  static const auto real = next<ssize_t (*)(int, const iovec*, int)>("writev");
  return fails(fd) ? -1 : real(fd, parts, count);
}
int fsync(int fd) {
  static const auto real = next<int (*)(int)>("fsync");
  return fails(fd) ? -1 : real(fd);
}
int fdatasync(int fd) {
  static const auto real = next<int (*)(int)>("fdatasync");
  return fails(fd) ? -1 : real(fd);
}
}
