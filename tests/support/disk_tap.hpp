// A tap on what LMDB writes: the program's own pwrite, writev and fdatasync stand before those of the C
// library, so a test sees every write and sync of the data file and may let it fail. Link
// tests/support/disk_tap.cpp into the program.
#pragma once

#include <sys/types.h>

#include <functional>

#include "proto/bytes.hpp"

namespace noroshi::test {

/// Set while alive. Each function gives 0, or the errno that the call then fails with.
class DiskTap {
 public:
  std::function<int(int fd, off_t at, BytesView bytes)> on_write;
  /// A sync that is about to begin.
  std::function<int(int fd)> on_sync;
  /// A sync that has succeeded.
  std::function<void(int fd)> synced;

  DiskTap();
  ~DiskTap();
  DiskTap(const DiskTap&) = delete;
  DiskTap& operator=(const DiskTap&) = delete;
};

/// True if what is written through this descriptor is durable when the call returns.
[[nodiscard]] bool writes_through(int fd);

}  // namespace noroshi::test
