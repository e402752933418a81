// One daemon a home: a lock that goes with the process, however it ends.
#pragma once

#include <filesystem>
#include <utility>

#include "proto/result.hpp"

namespace noroshi::daemon {

class HomeLock {
 public:
  /// Locks HOME/noroshid.lock. Errors: unavailable (another daemon has it), permission, cannot_make.
  [[nodiscard]] static Result<HomeLock> take(const std::filesystem::path& home);
  HomeLock(HomeLock&& other) noexcept;
  HomeLock& operator=(HomeLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~HomeLock();

 private:
  explicit HomeLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace noroshi::daemon
