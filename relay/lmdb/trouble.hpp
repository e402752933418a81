// What LMDB's return codes mean to us. Private to this folder.
#pragma once

#include <string_view>

#include "proto/result.hpp"
#include "relay/lmdb/txn.hpp"

struct MDB_env;

namespace noroshi::lmdb {

/// LMDB calls a write that was cut short EIO. The first that a disk without room shows is such a write: then
/// ENOSPC, else `rc` itself.
[[nodiscard]] int or_no_space(int rc, MDB_env* env);
[[nodiscard]] Trouble trouble_of(int rc);
/// What it means and what to do about it; `doing`: "writing a row", for who mends the program.
[[nodiscard]] Error error_of(int rc, std::string_view doing);

}  // namespace noroshi::lmdb
