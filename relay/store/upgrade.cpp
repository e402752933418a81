#include "relay/store/upgrade.hpp"

#include "relay/store/index.hpp"
#include "relay/store/layout.hpp"

namespace noroshi::store {
namespace {

/// An index that came with a format is made from the records.
void make_index(lmdb::WriteTxn& txn, const Tables& tables, Table index) {
  for (const lmdb::Row& row : lmdb::Range(txn, tables[Table::record])) {
    const auto value = checked(row.key, row.value);
    const auto record = value ? decode_record(*value) : std::nullopt;
    if (!record) continue;
    for (const IndexRow& entry : index_rows(*record)) {
      if (entry.table != index) continue;
      txn.put(tables[index], entry.key, id_in_key(index) ? BytesView{} : BytesView(record->id.value));
    }
  }
}

}  // namespace

Result<void> upgrade(lmdb::WriteTxn& txn, const Tables& tables, std::uint64_t from) {
  if (from < 2) make_index(txn, tables, Table::unanswered);
  txn.put(tables[Table::meta], view_of(kMetaFormat), with_sum(view_of(kMetaFormat), encode_number(kFormat)));
  return txn.check();
}

}  // namespace noroshi::store
