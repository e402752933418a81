// A tap on what LMDB writes: the program's own pwrite, writev, fdatasync and statvfs stand before those of
// the C library, so a test sees every write and sync of the data file and may let it fail. Link
// tests/support/disk_tap.cpp into the program.
#pragma once

#include <sys/types.h>

#include <functional>

#include "proto/bytes.hpp"

namespace noroshi::test {

/// For on_write: the disk takes a part of it, as the last free blocks do, and says how much.
inline constexpr int kCutShort = -1;

/// Set while alive. Each function gives 0, or the errno that the call then fails with.
class DiskTap {
 public:
  std::function<int(int fd, off_t at, BytesView bytes)> on_write;
  /// A sync that is about to begin.
  std::function<int(int fd)> on_sync;
  /// A sync that has succeeded.
  std::function<void(int fd)> synced;
  bool no_room = false;  ///< what statvfs says of free blocks

  DiskTap();
  ~DiskTap();
  DiskTap(const DiskTap&) = delete;
  DiskTap& operator=(const DiskTap&) = delete;
};

/// True if what is written through this descriptor is durable when the call returns.
[[nodiscard]] bool writes_through(int fd);

}  // namespace noroshi::test
