#include "keys/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "keys/language.hpp"

namespace noroshi::keys {
namespace {

namespace fs = std::filesystem;

/// One owner of a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

std::string octal(mode_t mode) {
  char out[8];
  std::snprintf(out, sizeof out, "%04o", mode & 07777u);
  return out;
}

Error failed(const fs::path& where, std::string_view ja, std::string_view en, int error,
             Code code = Code::io) {
  if (error == ENOSPC || error == EDQUOT) {
    return {code, where.string() + ": " +
                      said("ディスクに空きがありません: 要らないファイルを消してください",
                           "no space left on the disk: delete what is not needed")};
  }
  return {code, where.string() + ": " + said(ja, en) + ": " + std::strerror(error)};
}

fs::path parent_of(const fs::path& file) {
  const fs::path parent = file.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

Result<void> check_owner_and_mode(const fs::path& where, const struct stat& found, mode_t wanted) {
  if (found.st_uid != ::geteuid())
    return Error{Code::permission, where.string() + ": " +
                                       said("所有者が違います：このユーザーの所有にしてください（chown）",
                                            "belongs to another user: give it to this user (chown)")};
  if ((found.st_mode & 077u) != 0)
    return Error{
        Code::permission,
        where.string() + ": " + said("ほかの利用者に開かれています（mode ", "is open to other users (mode ") +
            octal(found.st_mode) + said("）：chmod ", "): chmod ") + octal(wanted) + " " + where.string()};
  return {};
}

Result<void> check_directory(const fs::path& directory, int fd) {
  struct stat found {};
  if (::fstat(fd, &found) != 0) return failed(directory, "調べられません", "cannot be examined", errno);
  return check_owner_and_mode(directory, found, 0700);
}

Result<void> read_into(const fs::path& file, int fd, std::span<std::uint8_t> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = ::read(fd, out.data() + done, out.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(file, "読めません", "cannot be read", errno);
    if (got == 0)
      return Error{Code::io, file.string() + ": " +
                                 said("読んでいる間に短くなりました", "became shorter while it was read")};
    done += static_cast<std::size_t>(got);
  }
  return {};
}

Result<std::size_t> size_of(const fs::path& file, const struct stat& found, std::size_t max) {
  if (!S_ISREG(found.st_mode))
    return Error{Code::permission,
                 file.string() + ": " + said("普通のファイルではありません", "is not a regular file")};
  const auto size = static_cast<std::size_t>(found.st_size);
  if (size > max)
    return Error{Code::bad_data, file.string() + ": " + said("大きすぎます（", "is too large (") +
                                     std::to_string(size) + said(" バイト、上限 ", " bytes, at most ") +
                                     std::to_string(max) + said("）", ")")};
  return size;
}

Error open_error(const fs::path& file, int error) {
  if (error == ENOENT)
    return {Code::io, file.string() + ": " + said("ファイルがありません", "there is no such file")};
  if (error == ELOOP)
    return {Code::permission, file.string() + ": " +
                                  said("シンボリックリンクは使えません：実体を置いてください",
                                       "is a symbolic link: put the file itself there")};
  return failed(file, "開けません", "cannot be opened", error, error == EACCES ? Code::permission : Code::io);
}

Result<void> write_all(const fs::path& file, int fd, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed(file, "書けません", "cannot be written", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

}  // namespace

Result<SecretBytes> read_private(const fs::path& file, std::size_t max) {
  const fs::path parent = parent_of(file);
  const Descriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return open_error(errno == ENOENT ? file : parent, errno);
  TRY_VOID(check_directory(parent, directory.get()));
  // O_NONBLOCK: a planted pipe must not hold us up.
  const Descriptor fd(
      ::openat(directory.get(), file.filename().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return open_error(file, errno);
  struct stat found {};
  if (::fstat(fd.get(), &found) != 0) return failed(file, "調べられません", "cannot be examined", errno);
  TRY(const std::size_t size, size_of(file, found, max));
  TRY_VOID(check_owner_and_mode(file, found, 0600));
  SecretBytes out(size);
  TRY_VOID(read_into(file, fd.get(), out.writable()));
  return out;
}

Result<Bytes> read_file(const fs::path& file, std::size_t max) {
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return open_error(file, errno);
  struct stat found {};
  if (::fstat(fd.get(), &found) != 0) return failed(file, "調べられません", "cannot be examined", errno);
  TRY(const std::size_t size, size_of(file, found, max));
  Bytes out(size);
  TRY_VOID(read_into(file, fd.get(), out));
  return out;
}

Result<void> write_atomically(const fs::path& file, BytesView bytes, bool secret) {
  const fs::path parent = parent_of(file);
  const Descriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return failed(parent, "開けません", "cannot be opened", errno, Code::cannot_make);
  const std::string temporary = "." + file.filename().string() + "." + std::to_string(::getpid()) + ".new";
  const mode_t mode = secret ? 0600 : 0644;
  (void)::unlinkat(directory.get(), temporary.c_str(), 0);
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor fd(::openat(directory.get(), temporary.c_str(), flags, mode));
  if (!fd) return failed(file, "作れません", "cannot be created", errno, Code::cannot_make);
  auto written = write_all(file, fd.get(), bytes);
  if (written && ::fsync(fd.get()) != 0) written = failed(file, "書けません", "cannot be written", errno);
  if (written &&
      ::renameat(directory.get(), temporary.c_str(), directory.get(), file.filename().c_str()) != 0)
    written = failed(file, "置き換えられません", "cannot be put in place", errno, Code::cannot_make);
  if (!written) {
    (void)::unlinkat(directory.get(), temporary.c_str(), 0);
    return written;
  }
  if (::fsync(directory.get()) != 0) return failed(parent, "書けません", "cannot be written", errno);
  return {};
}

Result<void> make_private_directory(const fs::path& directory) {
  struct stat found {};
  if (::lstat(directory.c_str(), &found) != 0) {
    if (errno != ENOENT) return failed(directory, "調べられません", "cannot be examined", errno);
    const fs::path parent = parent_of(directory);
    if (!is_present(parent)) TRY_VOID(make_private_directory(parent));
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
      return failed(directory, "作れません", "cannot be created", errno, Code::cannot_make);
    if (::lstat(directory.c_str(), &found) != 0)
      return failed(directory, "調べられません", "cannot be examined", errno);
  }
  if (!S_ISDIR(found.st_mode))
    return Error{Code::permission,
                 directory.string() + ": " + said("ディレクトリではありません", "is not a directory")};
  return check_owner_and_mode(directory, found, 0700);
}

bool is_present(const fs::path& file) {
  struct stat found {};
  return ::lstat(file.c_str(), &found) == 0;
}

}  // namespace noroshi::keys
