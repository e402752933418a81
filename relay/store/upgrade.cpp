#include "relay/store/upgrade.hpp"

#include <map>

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

void tally_mail(lmdb::WriteTxn& txn, const Tables& tables) {
  for (const Table table : {Table::mail, Table::tally}) txn.clear(tables[table]);
  std::map<Key, proto::MailSum> sums;
  for (const lmdb::Row& row : lmdb::Range(txn, tables[Table::inbox])) {
    const auto id = decode_id(row.value);
    const auto named = id ? txn.get(tables[Table::name], id_key(*id)) : std::nullopt;
    const auto name = named ? decode_name(*named) : std::nullopt;
    const Key number = number_key(name ? name->row : 0);
    const auto value = name ? txn.get(tables[Table::record], number) : std::nullopt;
    const auto summed = value ? checked(number, *value) : std::nullopt;
    const auto record = summed ? decode_record(*summed) : std::nullopt;
    if (!record) continue;  // its envelope is taken in anew
    const proto::MailKey key = proto::mail_key(record->created, *id);
    txn.put(tables[Table::mail], key, {});
    for (const std::uint8_t nibbles : kTallied) sums[tally_key(nibbles, key)] += proto::sum_of(*id);
  }
  for (const auto& [key, sum] : sums) txn.put(tables[Table::tally], key, encode_mail_sum(sum));
}

Result<void> upgrade(lmdb::WriteTxn& txn, const Tables& tables, std::uint64_t from) {
  if (from < 2) make_index(txn, tables, Table::unanswered);
  if (from < 3) tally_mail(txn, tables);
  txn.put(tables[Table::meta], view_of(kMetaFormat), with_sum(view_of(kMetaFormat), encode_number(kFormat)));
  return txn.check();
}

}  // namespace noroshi::store
