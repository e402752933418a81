#include "relay/store/mend.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "proto/envelope.hpp"
#include "relay/store/index.hpp"
#include "relay/store/layout.hpp"
#include "relay/store/upgrade.hpp"

namespace noroshi::store {
namespace {

using core::Record;

class Mender {
 public:
  Mender(lmdb::WriteTxn& txn, const Tables& tables, Rng& rng) : txn_(txn), tables_(tables), rng_(rng) {}

  Result<Mended> run() {
    set_aside_bad_rows();
    forget_orphans_were_seen();
    rebuild_names();
    rebuild_indexes();
    restore_numbers();
    TRY_VOID(txn_.check());
    return std::move(out_);
  }

 private:
  // ---- finding
  void set_aside_bad_rows();
  [[nodiscard]] static bool sound(Table table, BytesView key, BytesView value);
  void set_aside(Table table, BytesView key, BytesView value);

  // ---- making anew
  void forget_orphans_were_seen();
  void rebuild_names();
  void rebuild_indexes();
  void restore_numbers();
  void restore_number(std::string_view name, std::uint64_t value);

  [[nodiscard]] lmdb::Range range(Table table) const { return {txn_, tables_[table]}; }
  void put(Table table, BytesView key, BytesView value) { txn_.put(tables_[table], key, value); }
  /// The record of a row that has passed `sound`.
  [[nodiscard]] static Record record_of(const lmdb::Row& row) {
    return *decode_record(*checked(row.key, row.value));
  }
  [[nodiscard]] std::uint64_t last_number(Table table) const;

  lmdb::WriteTxn& txn_;
  const Tables& tables_;
  Rng& rng_;
  Mended out_;
  std::vector<Bytes> lost_records_;  // their row numbers, as keys
  std::uint64_t last_arrival_ = 0;
};

template <typename T>
bool summed(BytesView key, BytesView row, std::optional<T> (*decode)(BytesView)) {
  const auto value = checked(key, row);
  return value && decode(*value);
}

bool Mender::sound(Table table, BytesView key, BytesView value) {
  const auto shaped = [&](std::size_t key_bytes, std::size_t value_bytes) {
    return key.size() == key_bytes && value.size() == value_bytes;
  };
  switch (table) {
    case Table::meta: return summed(key, value, decode_number);
    case Table::name: return key.size() == 16 && decode_name(value);
    case Table::record: return key.size() == 8 && summed(key, value, decode_record);
    case Table::body: return key.size() == 8;
    case Table::seen: return shaped(9, 16) || shaped(9, 32);
    case Table::chain: return shaped(11, 17);
    case Table::due: return shaped(27, 0);
    case Table::inbox: return shaped(8, 16);
    case Table::peer: return key.size() == 4 && summed(key, value, decode_peer);
    case Table::behind: return shaped(4, 4);
    case Table::told: return shaped(9, 0);
    case Table::on_time: return key.size() == 8 && summed(key, value, decode_on_time);
    case Table::quota: return key.size() == 4 && summed(key, value, decode_quota);
    case Table::object: return key.size() == 21;
    case Table::ledger: return key.size() == 5 && summed(key, value, decode_ledger);
    case Table::partial: return key.size() == 16 && summed(key, value, decode_partial);
    case Table::piece: return key.size() == 22 && !value.empty();
    case Table::last_to: return key.size() == 7 && value.size() == 8 && checked(key, value);
    default: return true;  // odd is for people, indexes are made anew
  }
}

void Mender::set_aside_bad_rows() {
  for (std::size_t i = 0; i < kTables; ++i) {
    const auto table = static_cast<Table>(i);
    std::vector<std::pair<Bytes, Bytes>> bad;
    for (const lmdb::Row& row : range(table))
      if (!sound(table, row.key, row.value)) bad.emplace_back(bytes_of(row.key), bytes_of(row.value));
    for (const auto& [key, value] : bad) set_aside(table, key, value);
  }
}

void Mender::set_aside(Table table, BytesView key, BytesView value) {
  out_.set_aside.push_back(std::string(name_of(table)) + "/" +
                           (table == Table::meta ? std::string(text_of(key)) : to_hex(key)));
  put(Table::odd, Writer().u8(static_cast<std::uint8_t>(table)).bytes(key).data(), value);
  txn_.erase(tables_[table], key);
  if (table == Table::record) lost_records_.push_back(bytes_of(key));
  if (table == Table::ledger || table == Table::last_to) out_.new_store_id = true;
}

/// An envelope without its record must not be taken for a duplicate when it is taken in anew.
void Mender::forget_orphans_were_seen() {
  for (const Bytes& row : lost_records_) {
    const auto body = txn_.get(tables_[Table::body], row);
    if (!body) continue;
    const auto parsed = proto::parse_envelope(*body);
    if (!parsed.envelope) continue;
    txn_.erase(tables_[Table::seen], seen_key(parsed.envelope->header.source, parsed.envelope->header.seq));
  }
}

/// Names that are missing or lead elsewhere. A record knows its name, an inbox row the message it holds.
void Mender::rebuild_names() {
  std::map<MsgId, NameRow> missing;
  for (const lmdb::Row& row : range(Table::record)) {
    const Record record = record_of(row);
    const auto number = *decode_number(row.key);
    const auto value = txn_.get(tables_[Table::name], id_key(record.id));
    const auto name = value ? decode_name(*value) : std::nullopt;
    if (!name || name->row != number) missing[record.id] = {.row = number, .inbox = name ? name->inbox : 0};
  }
  for (const lmdb::Row& row : range(Table::inbox)) {
    const auto found = missing.find(MsgId{array_of<16>(row.value)});
    if (found != missing.end()) found->second.inbox = *decode_number(row.key);
  }
  for (const auto& [id, name] : missing) put(Table::name, id_key(id), encode_name(name));
}

void Mender::rebuild_indexes() {
  for (const Table index : kIndexes) txn_.clear(tables_[index]);
  std::map<Key, core::Store::Queued> queued;
  for (const lmdb::Row& row : range(Table::record)) {
    const Record record = record_of(row);
    for (const IndexRow& entry : index_rows(record))
      put(entry.table, entry.key, id_in_key(entry.table) ? BytesView{} : BytesView(record.id.value));
    for (const core::PeerId via : waits_for(record)) {
      auto& count = queued[queue_key(via, record.level)];
      count.records += 1;
      count.bytes += record.size;
    }
    last_arrival_ = std::max(last_arrival_, record.arrival);
  }
  for (const auto& [key, count] : queued) put(Table::queued, key, encode_queued(count));
  tally_mail(txn_, tables_);
}

std::uint64_t Mender::last_number(Table table) const {
  const auto row = lmdb::Cursor(txn_, tables_[table]).last();
  return row ? decode_number(row->key).value_or(0) : 0;
}

void Mender::restore_number(std::string_view name, std::uint64_t value) {
  const auto row = txn_.get(tables_[Table::meta], view_of(name));
  if (!row && value != 0) put(Table::meta, view_of(name), with_sum(view_of(name), encode_number(value)));
}

/// Counters that were set aside, from what they have counted. A name may hold a row that nothing else uses.
void Mender::restore_numbers() {
  std::uint64_t last_row = std::max(last_number(Table::record), last_number(Table::body));
  for (const lmdb::Row& row : range(Table::name)) last_row = std::max(last_row, decode_name(row.value)->row);
  std::int64_t last_time = 0;
  for (const lmdb::Row& row : range(Table::peer))
    last_time = std::max(last_time, decode_peer(*checked(row.key, row.value))->last_contact.s);
  for (const lmdb::Row& row : range(Table::quota))
    last_time = std::max(last_time, decode_quota(*checked(row.key, row.value))->filled.s);
  restore_number(kMetaRow, last_row);
  restore_number(kMetaArrival, last_arrival_);
  restore_number(kMetaInbox, last_number(Table::inbox));
  restore_number(kMetaTime, static_cast<std::uint64_t>(last_time));
  restore_number(kMetaFormat, kFormat);
  if (!txn_.has(tables_[Table::meta], view_of(kMetaStore))) out_.new_store_id = true;
  if (out_.new_store_id) {
    const std::uint64_t id = std::max<std::uint64_t>(1, rng_.u64());
    put(Table::meta, view_of(kMetaStore), with_sum(view_of(kMetaStore), encode_number(id)));
    put(Table::meta, view_of(kMetaNamedAt), with_sum(view_of(kMetaNamedAt), encode_number(last_arrival_)));
  }
}

}  // namespace

Result<Mended> mend(lmdb::WriteTxn& txn, const Tables& tables, Rng& rng) {
  return Mender(txn, tables, rng).run();
}

}  // namespace noroshi::store
