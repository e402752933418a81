// Which index rows a record has: a pure function, so that writing a record, rebuilding after damage and the
// tests agree.
#pragma once

#include <compare>
#include <vector>

#include "relay/core/store.hpp"
#include "relay/store/schema.hpp"

namespace noroshi::store {

/// One row of an index table (all but `queued`). Its value is the record's id where the key does not end with
/// it.
struct IndexRow {
  Table table{};
  Key key;
  friend bool operator==(const IndexRow& a, const IndexRow& b) {
    return a.table == b.table && a.key == b.key;
  }
  friend bool operator<(const IndexRow& a, const IndexRow& b) {
    return a.table != b.table ? a.table < b.table : a.key < b.key;
  }
};

/// Sorted, each once.
[[nodiscard]] std::vector<IndexRow> index_rows(const core::Record& record);
/// True where the value of a row of this index is empty.
[[nodiscard]] bool id_in_key(Table index);
/// The neighbours a record waits for, sorted, each once: where it is counted in `queued`.
[[nodiscard]] std::vector<core::PeerId> waits_for(const core::Record& record);

}  // namespace noroshi::store
