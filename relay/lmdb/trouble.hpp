// What LMDB's return codes mean to us. Private to this folder.
#pragma once

#include <string_view>

#include "proto/result.hpp"
#include "relay/lmdb/txn.hpp"

namespace noroshi::lmdb {

[[nodiscard]] Trouble trouble_of(int rc);
/// "writing a row: the store's map is full …"
[[nodiscard]] Error error_of(int rc, std::string_view doing);

}  // namespace noroshi::lmdb
