#include "relay/store/turn.hpp"

#include <algorithm>

#include "relay/store/index.hpp"

namespace noroshi::store {
namespace {

template <typename T>
bool has(const std::vector<T>& sorted, const T& value) {
  return std::binary_search(sorted.begin(), sorted.end(), value);
}

}  // namespace

Turn::Turn(lmdb::WriteTxn txn, const Tables& tables, core::Pressure pressure, TurnEnd& end)
    : txn_(std::move(txn)), tables_(tables), rows_(txn_, tables), pressure_(pressure), end_(end) {
  NOROSHI_ASSERT(!end_.open);
  end_ = {.open = true};
}

Turn::~Turn() {
  // An aborted turn has ended too; what it met on the way still tells how to go on.
  if (end_.open) end_ = {.open = false, .trouble = txn_.trouble(), .damaged = rows_.damaged()};
}

Result<void> Turn::commit() {
  NOROSHI_ASSERT(end_.open);
  auto outcome = rows_.check();
  if (outcome) outcome = txn_.commit();
  end_ = {.open = false, .trouble = txn_.trouble(), .damaged = rows_.damaged()};
  return outcome;
}

// ---- writing

void Turn::write(Table table, BytesView key, BytesView value) {
  if (rows_.whole()) txn_.put(tables_[table], key, value);
}

void Turn::write_summed(Table table, BytesView key, BytesView value) {
  write(table, key, with_sum(key, value));
}

void Turn::put_meta(std::string_view name, std::uint64_t value) {
  write_summed(Table::meta, view_of(name), encode_number(value));
}

std::uint64_t Turn::next(std::string_view name) {
  const std::uint64_t number = rows_.meta(name) + 1;
  put_meta(name, number);
  return number;
}

NameRow Turn::place(const MsgId& id) {
  if (const auto known = rows_.name(id)) return *known;
  const NameRow fresh{.row = next(kMetaRow), .inbox = 0};
  write(Table::name, id_key(id), encode_name(fresh));
  return fresh;
}

// ---- the store itself

StoreId Turn::id() const {
  return {rows_.meta(kMetaStore)};
}
void Turn::set_id(StoreId id) {
  put_meta(kMetaStore, id.value);
  put_meta(kMetaNamedAt, rows_.meta(kMetaArrival));
}
std::uint64_t Turn::named_at() const {
  return rows_.meta(kMetaNamedAt);
}
core::NodeTime Turn::node_time() const {
  return {static_cast<std::int64_t>(rows_.meta(kMetaTime))};
}
void Turn::set_node_time(core::NodeTime time) {
  put_meta(kMetaTime, static_cast<std::uint64_t>(time.s));
}

// ---- envelopes

std::vector<MsgId> Turn::seen(KeyId key, Seq seq) const {
  return rows_.seen(key, seq);
}

void Turn::put_seen(KeyId key, Seq seq, MsgId id) {
  auto ids = rows_.seen(key, seq);
  if (ids.size() >= 2 || std::find(ids.begin(), ids.end(), id) != ids.end()) return;
  ids.push_back(id);
  Writer value;
  for (const MsgId& each : ids) value.bytes(each.value);
  write(Table::seen, seen_key(key, seq), value.data());
}

std::optional<core::Record> Turn::record(const MsgId& id) const {
  const core::Record* found = rows_.record(id);
  if (found == nullptr) return std::nullopt;
  return *found;
}

void Turn::put(const core::Record& record) {
  const std::optional<core::Record> old = Turn::record(record.id);
  const auto before = old ? index_rows(*old) : std::vector<IndexRow>{};
  const auto waited = old ? waits_for(*old) : std::vector<core::PeerId>{};
  const Key key = number_key(place(record.id).row);
  if (!rows_.whole()) return;

  const auto after = index_rows(record);
  for (const IndexRow& row : before)
    if (!has(after, row)) txn_.erase(tables_[row.table], row.key);
  for (const IndexRow& row : after)
    if (!has(before, row))
      write(row.table, row.key, id_in_key(row.table) ? BytesView{} : BytesView(record.id.value));

  const auto waits = waits_for(record);
  const bool counts_alike = old && old->level == record.level && old->size == record.size;
  for (const core::PeerId via : waited)
    if (!counts_alike || !has(waits, via)) count(via, *old, false);
  for (const core::PeerId via : waits)
    if (!counts_alike || !has(waited, via)) count(via, record, true);

  txn_.append(tables_[Table::record], key, with_sum(key, encode_record(record)));
  rows_.remember(record);
}

void Turn::count(core::PeerId via, const core::Record& record, bool more) {
  Queued queued = rows_.queued(via, record.level);
  if (more) {
    queued.records += 1;
    queued.bytes += record.size;
  } else {
    queued.records -= 1;
    queued.bytes -= record.size;
  }
  if (queued.records == 0)
    txn_.erase(tables_[Table::queued], queue_key(via, record.level));
  else
    write(Table::queued, queue_key(via, record.level), encode_queued(queued));
}

std::uint64_t Turn::next_arrival() {
  return next(kMetaArrival);
}

void Turn::put_body(const MsgId& id, BytesView bytes) {
  const Key key = number_key(place(id).row);
  if (rows_.whole()) txn_.append(tables_[Table::body], key, bytes);
}

std::optional<Bytes> Turn::body(const MsgId& id) const {
  return rows_.body(id);
}

void Turn::drop_body(const MsgId& id) {
  const auto place = rows_.name(id);
  if (place) txn_.erase(tables_[Table::body], number_key(place->row));
}

// ---- not whole yet

void Turn::put_partial(const core::Partial& partial) {
  write_summed(Table::partial, id_key(partial.id), encode_partial(partial));
}
std::optional<core::Partial> Turn::partial(const MsgId& id) const {
  return rows_.partial(id);
}
std::vector<core::Partial> Turn::partials() const {
  return rows_.partials();
}
void Turn::put_piece(const MsgId& id, core::PeerId peer, std::uint16_t from, BytesView bytes) {
  write(Table::piece, piece_key(id, peer, from), bytes);
}
std::vector<core::PieceHere> Turn::pieces(const MsgId& id) const {
  return rows_.pieces(id);
}
Bytes Turn::pieced(const MsgId& id, std::optional<core::PeerId> peer, std::size_t size) const {
  return rows_.pieced(id, peer, size);
}
void Turn::drop_partial(const MsgId& id) {
  if (!rows_.whole() || !txn_.has(tables_[Table::partial], id_key(id))) return;
  txn_.erase(tables_[Table::partial], id_key(id));
  std::vector<Bytes> keys;
  for (const lmdb::Row& row : rows_.range(Table::piece, id_key(id))) keys.push_back(bytes_of(row.key));
  for (const Bytes& key : keys) txn_.erase(tables_[Table::piece], key);
}

// ---- in order

std::optional<MsgId> Turn::owed_first(core::PeerId via, proto::Level level, core::NodeTime now,
                                      std::uint64_t after_arrival) const {
  return rows_.owed_first(via, level, now, after_arrival);
}
core::Store::Queued Turn::queued(core::PeerId via, proto::Level level) const {
  return rows_.queued(via, level);
}
std::optional<MsgId> Turn::sent_as(core::PeerId via, proto::LinkNumber number) const {
  return rows_.sent_as(via, number);
}
std::vector<proto::LinkNumber> Turn::outstanding(core::PeerId via) const {
  return rows_.outstanding(via);
}
std::vector<MsgId> Turn::parked_at(core::PeerId via, const MsgId& after, std::size_t max) const {
  return rows_.parked_at(via, after, max);
}
std::optional<core::Store::Again> Turn::next_again() const {
  return rows_.next_again();
}
std::optional<core::Store::Dying> Turn::next_dying() const {
  return rows_.next_dying();
}

// ---- chains, receipts, inbox

void Turn::put_link(KeyId key, RecipientId recipient, const core::ChainLink& link) {
  write(Table::chain, chain_key(key, recipient, link.seq),
        Writer().u8(link.prev).bytes(link.id.value).data());
}
std::vector<core::ChainLink> Turn::chain(KeyId key, RecipientId recipient, Seq from, Seq to,
                                         std::size_t max) const {
  return rows_.chain(key, recipient, from, to, max);
}
void Turn::put_due(const core::ReceiptDue& due) {
  write(Table::due, due_key(due), {});
}
std::vector<core::ReceiptDue> Turn::due(std::size_t max) const {
  return rows_.due(max);
}
void Turn::drop_due(const core::ReceiptDue& due) {
  if (rows_.whole()) txn_.erase(tables_[Table::due], due_key(due));
}

void Turn::put_inbox(const MsgId& id, WallTime created) {
  NameRow name = place(id);
  if (name.inbox != 0) return;
  name.inbox = next(kMetaInbox);
  write(Table::name, id_key(id), encode_name(name));
  write(Table::inbox, number_key(name.inbox), id.value);
  const proto::MailKey key = proto::mail_key(created, id);
  write(Table::mail, key, {});
  for (const std::uint8_t nibbles : kTallied) {
    const Key tally = tally_key(nibbles, key);
    proto::MailSum sum = rows_.tally(tally);
    sum += proto::sum_of(id);
    write(Table::tally, tally, encode_mail_sum(sum));
  }
}
proto::MailSum Turn::mail_sum(const proto::MailPrefix& prefix) const {
  return rows_.mail_sum(prefix);
}
std::vector<proto::MailKey> Turn::mail(const proto::MailPrefix& prefix, const proto::MailKey& after,
                                       std::size_t max) const {
  return rows_.mail(prefix, after, max);
}

// ---- neighbours, quota, trust

std::optional<core::PeerRow> Turn::peer(core::PeerId id) const {
  return rows_.peer(id);
}
std::vector<core::PeerId> Turn::peers() const {
  return rows_.peers();
}
void Turn::put_peer(core::PeerId id, const core::PeerRow& row) {
  write_summed(Table::peer, device_key(id), encode_peer(row));
}
std::optional<core::PeerId> Turn::behind(DeviceId device) const {
  return rows_.behind(device);
}
void Turn::put_behind(DeviceId device, core::PeerId peer) {
  write(Table::behind, device_key(device), device_key(peer));
}
bool Turn::told(core::PeerId peer, KeyId key) const {
  return rows_.told(peer, key);
}
void Turn::put_told(core::PeerId peer, KeyId key) {
  write(Table::told, told_key(peer, key), {});
}
std::optional<core::QuotaRow> Turn::quota(DeviceId device) const {
  return rows_.quota(device);
}
void Turn::put_quota(DeviceId device, const core::QuotaRow& row) {
  write_summed(Table::quota, device_key(device), encode_quota(row));
}
core::OnTime Turn::on_time(std::int64_t day) const {
  return rows_.on_time(day);
}
void Turn::put_on_time(std::int64_t day, const core::OnTime& counts) {
  write_summed(Table::on_time, Key().time(day), encode_on_time(counts));
}
void Turn::put_object(const proto::ObjectRef& ref, BytesView bytes) {
  write(Table::object, object_key(ref), bytes);
}
void Turn::drop_object(const proto::ObjectRef& ref) {
  if (rows_.whole()) txn_.erase(tables_[Table::object], object_key(ref));
}

// ---- the sequencer's ledger

Seq Turn::last_seq(KeyId key) const {
  return rows_.ledger(key).last_seq;
}
Seq Turn::last_to(KeyId key, RecipientId recipient) const {
  return rows_.last_to(key, recipient);
}
WallTime Turn::last_created(KeyId key) const {
  return rows_.ledger(key).last_created;
}

void Turn::record(const keys::Sealed& sealed, std::span<const RecipientId> recipients, WallTime created) {
  const LedgerRow before = rows_.ledger(sealed.key);
  NOROSHI_ASSERT(!rows_.whole() || sealed.seq > before.last_seq);
  const LedgerRow row{.last_seq = sealed.seq, .last_created = std::max(before.last_created, created)};
  write_summed(Table::ledger, Key().key(sealed.key), encode_ledger(row));
  for (const RecipientId recipient : recipients)
    write_summed(Table::last_to, last_to_key(sealed.key, recipient), Writer().u32(sealed.seq).data());
}

}  // namespace noroshi::store
