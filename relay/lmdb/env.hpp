// One LMDB environment: a directory with a data file and a lock file, its map, its tables.
//
// Who may read it is decided here: the directory is made with mode 0700 and its files with 0600, and one that
// is a symbolic link, belongs to somebody else or is open to others is refused. What was committed survives a
// power cut from its first moment on: the directory and its parent are synced after they were made, which
// LMDB leaves to its caller.
//
// Threads: an Env may be shared; a transaction belongs to one thread at a time. One Env per directory and
// process (LMDB's file locks need that; `exclusive` also keeps other processes out). Every transaction ends
// before its Env.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "proto/result.hpp"
#include "relay/lmdb/txn.hpp"

namespace noroshi::lmdb {

struct EnvOptions {
  std::filesystem::path directory;    ///< made if missing; its parent must exist
  std::size_t map_bytes = 64u << 20;  ///< largest data file until `grow`; address space, not memory or disk
  unsigned tables_max = 32;
  bool exclusive = false;  ///< refuse (unavailable) while another Env has the directory exclusively
};

class Env {
 public:
  /// Errors: cannot_make, permission (owner, mode, symbolic link), unavailable (held by another), io (not a
  /// database, or a damaged one). A map smaller than what the file holds is raised to it.
  [[nodiscard]] static Result<Env> open(const EnvOptions& options);
  Env(Env&&) noexcept;
  Env& operator=(Env&&) noexcept;
  ~Env();
  /// False once it was moved from.
  [[nodiscard]] bool open() const { return impl_ != nullptr; }

  /// Handles of these tables in the same order, made if missing. Once at start: handles stay valid as long as
  /// the Env.
  [[nodiscard]] Result<std::vector<Dbi>> tables(std::span<const char* const> names);

  /// A snapshot of the last commit. Many at a time; a long-lived one keeps old pages from being used again.
  [[nodiscard]] Result<ReadTxn> read() const;
  /// The only write transaction: waits for another process's, never for one of this Env (that would be a
  /// deadlock: a bug).
  [[nodiscard]] Result<WriteTxn> write();

  /// Raises the map. Refused (temporary) while any transaction of this Env is open: its views point into the
  /// old map.
  [[nodiscard]] Result<void> grow(std::size_t map_bytes);

  struct Size {
    std::size_t map_bytes = 0;
    std::size_t used_end = 0;  ///< end of the highest page ever used: the data file is at least this long
  };
  [[nodiscard]] Size size() const;

 private:
  struct Impl;
  explicit Env(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace noroshi::lmdb
