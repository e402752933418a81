#include "relay/store/rows.hpp"

#include <algorithm>

namespace noroshi::store {
namespace {

using core::PeerId;

std::optional<PeerId> decode_device(BytesView bytes) {
  Reader in(bytes);
  const OrgId org{in.u16()};
  const DeviceId device{org, in.u16()};
  if (!in.done()) return std::nullopt;
  return device;
}

std::optional<Seq> decode_seq(BytesView bytes) {
  Reader in(bytes);
  const Seq seq = in.u32();
  if (!in.done()) return std::nullopt;
  return seq;
}

std::optional<std::vector<MsgId>> decode_ids(BytesView bytes) {
  if (bytes.size() != 16 && bytes.size() != 32) return std::nullopt;
  std::vector<MsgId> out;
  for (std::size_t at = 0; at < bytes.size(); at += 16) out.push_back({array_of<16>(bytes.subspan(at))});
  return out;
}

std::optional<core::ChainLink> decode_link(BytesView key, BytesView value) {
  Reader name(key.last(4));
  Reader in(value);
  core::ChainLink link;
  link.seq = name.u32();
  link.prev = in.u8();
  link.id = {in.array<16>()};
  if (!in.done()) return std::nullopt;
  return link;
}

std::optional<core::ReceiptDue> decode_due(BytesView key) {
  Reader in(key);
  core::ReceiptDue due;
  due.key.device.org.value = in.u16();
  due.key.device.dev = in.u16();
  due.key.gen = in.u8();
  due.recipient.value = in.u16();
  due.seq = in.u32();
  due.id = {in.array<16>()};
  if (!in.done()) return std::nullopt;
  return due;
}

/// Keys of `again` and `dying`.
struct Timed {
  std::int64_t at = 0;
  BytesView id;
};
std::optional<Timed> decode_timed(BytesView key) {
  Reader in(key);
  const std::int64_t at = key_time(in.u64());
  const BytesView id = in.bytes(16);
  if (!in.done()) return std::nullopt;
  return Timed{at, id};
}

/// Whose, and from where.
std::pair<core::PeerId, std::uint16_t> piece_of(BytesView key) {
  Reader in(key.subspan(sizeof(MsgId::value)));
  const OrgId org{in.u16()};
  const std::uint16_t dev = in.u16();
  return {{org, dev}, in.u16()};
}

}  // namespace

// ---- trouble

void Rows::damaged(Table table, BytesView key) const {
  if (!damage_) damage_ = Damage{table, bytes_of(key)};
}

Result<void> Rows::check() const {
  if (damage_)
    return Error{Code::io, std::string("the store's row ") + name_of(damage_->table) + "/" +
                               to_hex(damage_->key) + " cannot be read: it is set aside at the next start"};
  return txn_.check();
}

std::optional<BytesView> Rows::get(Table table, BytesView key) const {
  if (!whole()) return std::nullopt;
  return txn_.get(tables_[table], key);
}

template <typename T>
std::optional<T> Rows::decoded(Table table, BytesView key, std::optional<T> (*decode)(BytesView)) const {
  const auto value = get(table, key);
  if (!value) return std::nullopt;
  auto out = decode(*value);
  if (!out) damaged(table, key);
  return out;
}

template <typename T>
std::optional<T> Rows::summed(Table table, BytesView key, std::optional<T> (*decode)(BytesView)) const {
  const auto row = get(table, key);
  if (!row) return std::nullopt;
  const auto value = checked(key, *row);
  auto out = value ? decode(*value) : std::nullopt;
  if (!out) damaged(table, key);
  return out;
}

std::optional<MsgId> Rows::named(Table table, BytesView key, BytesView id) const {
  const auto out = decode_id(id);
  // An index row whose record is not there is as damaged as one that cannot be read.
  if (!out || record(*out) == nullptr) {
    damaged(table, key);
    return std::nullopt;
  }
  return out;
}

// ---- one row

std::uint64_t Rows::meta(std::string_view name) const {
  return summed(Table::meta, view_of(name), decode_number).value_or(0);
}

std::optional<NameRow> Rows::name(const MsgId& id) const {
  return decoded(Table::name, id_key(id), decode_name);
}

const core::Record* Rows::record(const MsgId& id) const {
  if (!whole()) return nullptr;
  if (last_ && last_->id == id) return &*last_;
  const auto place = name(id);
  if (!place) return nullptr;
  auto found = summed(Table::record, number_key(place->row), decode_record);
  if (found && found->id != id) damaged(Table::name, id_key(id));
  if (!found || !whole()) return nullptr;
  last_ = std::move(found);
  return &*last_;
}

std::optional<Bytes> Rows::body(const MsgId& id) const {
  const auto place = name(id);
  if (!place) return std::nullopt;
  const auto bytes = get(Table::body, number_key(place->row));
  if (!bytes) return std::nullopt;
  return bytes_of(*bytes);
}

std::optional<core::Partial> Rows::partial(const MsgId& id) const {
  auto out = summed(Table::partial, id_key(id), decode_partial);
  if (out) out->id = id;
  return out;
}

std::vector<core::Partial> Rows::partials() const {
  std::vector<core::Partial> out;
  for (const lmdb::Row& row : range(Table::partial)) {
    const auto id = decode_id(row.key);
    auto partial = id ? Rows::partial(*id) : std::nullopt;
    if (!partial) break;
    partial->cover.clear();
    out.push_back(*std::move(partial));
  }
  return out;
}

std::vector<core::PieceHere> Rows::pieces(const MsgId& id) const {
  std::vector<core::PieceHere> out;
  for (const lmdb::Row& row : range(Table::piece, id_key(id))) {
    const auto [peer, from] = piece_of(row.key);
    out.push_back({peer, {from, static_cast<std::uint16_t>(from + row.value.size())}});
  }
  return out;
}

Bytes Rows::pieced(const MsgId& id, std::optional<core::PeerId> peer, std::size_t size) const {
  Bytes out(size);
  for (const lmdb::Row& row : range(Table::piece, id_key(id))) {
    const auto [whose, from] = piece_of(row.key);
    if ((peer && whose != *peer) || from + row.value.size() > size) continue;
    std::copy(row.value.begin(), row.value.end(), out.begin() + from);
  }
  return out;
}

std::vector<MsgId> Rows::seen(KeyId key, Seq seq) const {
  return decoded(Table::seen, seen_key(key, seq), decode_ids).value_or(std::vector<MsgId>{});
}

core::Store::Queued Rows::queued(PeerId via, proto::Level level) const {
  return decoded(Table::queued, queue_key(via, level), decode_queued).value_or(core::Store::Queued{});
}

std::optional<MsgId> Rows::sent_as(PeerId via, proto::LinkNumber number) const {
  const Key key = device_key(via).u32(number);
  const auto id = get(Table::sent, key);
  if (!id) return std::nullopt;
  return named(Table::sent, key, *id);
}

std::optional<core::PeerRow> Rows::peer(PeerId id) const {
  return summed(Table::peer, device_key(id), decode_peer);
}

std::vector<PeerId> Rows::peers() const {
  std::vector<PeerId> out;
  if (!whole()) return out;
  for (const lmdb::Row& row : range(Table::peer)) {
    Reader in(row.key);
    const OrgId org{in.u16()};
    out.push_back({org, in.u16()});
  }
  return out;
}

std::optional<PeerId> Rows::behind(DeviceId device) const {
  return decoded(Table::behind, device_key(device), decode_device);
}

bool Rows::told(PeerId peer, KeyId key) const {
  return get(Table::told, told_key(peer, key)).has_value();
}

std::optional<core::QuotaRow> Rows::quota(DeviceId device) const {
  return summed(Table::quota, device_key(device), decode_quota);
}

core::OnTime Rows::on_time(std::int64_t day) const {
  return summed(Table::on_time, Key().time(day), decode_on_time).value_or(core::OnTime{});
}

proto::MailSum Rows::tally(BytesView key) const {
  return decoded(Table::tally, key, decode_mail_sum).value_or(proto::MailSum{});
}

LedgerRow Rows::ledger(KeyId key) const {
  return summed(Table::ledger, Key().key(key), decode_ledger).value_or(LedgerRow{});
}

Seq Rows::last_to(KeyId key, RecipientId recipient) const {
  return summed(Table::last_to, last_to_key(key, recipient), decode_seq).value_or(0);
}

// ---- in order

std::optional<MsgId> Rows::owed_first(PeerId via, proto::Level level, core::NodeTime now,
                                      std::uint64_t after_arrival) const {
  if (!whole() || after_arrival == UINT64_MAX) return std::nullopt;
  const Key queue = queue_key(via, level);
  std::uint64_t best = UINT64_MAX;
  Table table = Table::owed;
  Bytes key, id;
  const auto keep = [&](Table from, const lmdb::Row& row, std::uint64_t arrival) {
    best = arrival;
    table = from;
    key = bytes_of(row.key);
    id = bytes_of(row.value);
  };
  for (const lmdb::Row& row : range_from(Table::owed, queue, Key(queue).u64(after_arrival + 1))) {
    keep(Table::owed, row, Reader(row.key.subspan(queue.view().size())).u64());
    break;
  }
  for (const lmdb::Row& row : range(Table::later, queue)) {
    Reader in(row.key.subspan(queue.view().size()));
    if (key_time(in.u64()) > now.s) break;
    const std::uint64_t arrival = in.u64();
    if (arrival > after_arrival && arrival < best) keep(Table::later, row, arrival);
  }
  if (key.empty()) return std::nullopt;
  return named(table, key, id);
}

std::vector<proto::LinkNumber> Rows::outstanding(PeerId via) const {
  std::vector<proto::LinkNumber> out;
  if (!whole()) return out;
  for (const lmdb::Row& row : range(Table::sent, device_key(via)))
    out.push_back(Reader(row.key.last(4)).u32());
  return out;
}

std::vector<MsgId> Rows::parked_at(PeerId via, const MsgId& after, std::size_t max) const {
  std::vector<MsgId> out;
  if (!whole()) return out;
  const Key prefix = device_key(via);
  const Key from = Key(prefix).id(after);
  for (const lmdb::Row& row : range_from(Table::parked, prefix, from)) {
    if (out.size() == max) break;
    if (equal(row.key, from)) continue;
    const auto id = named(Table::parked, row.key, row.key.subspan(prefix.view().size()));
    if (!id) return {};
    out.push_back(*id);
  }
  return out;
}

std::optional<core::Store::Again> Rows::next_again() const {
  if (!whole()) return std::nullopt;
  const auto row = cursor(Table::again).first();
  if (!row) return std::nullopt;
  const auto timed = decode_timed(row->key);
  const auto id = named(Table::again, row->key, timed ? timed->id : BytesView{});
  if (!id) return std::nullopt;
  return core::Store::Again{{timed->at}, *id};
}

/// By the coarsest tally that is fine enough.
proto::MailSum Rows::mail_sum(const proto::MailPrefix& prefix) const {
  proto::MailSum out;
  for (const std::uint8_t nibbles : kTallied) {
    if (prefix.nibbles > nibbles) continue;
    const Key depth = Key().u8(nibbles);
    for (const lmdb::Row& row : range_from(Table::tally, depth, tally_key(nibbles, prefix.key))) {
      if (!prefix.covers(row.key.subspan(1))) break;
      const auto sum = decode_mail_sum(row.value);
      if (!sum) {
        damaged(Table::tally, row.key);
        return {};
      }
      out += *sum;
    }
    return out;
  }
  for (const lmdb::Row& row : range_from(Table::mail, {}, prefix.key)) {
    if (!prefix.covers(row.key)) break;
    out += proto::sum_of(MsgId{array_of<16>(row.key.last(16))});
  }
  return out;
}

std::vector<proto::MailKey> Rows::mail(const proto::MailPrefix& prefix, const proto::MailKey& after,
                                       std::size_t max) const {
  std::vector<proto::MailKey> out;
  const proto::MailKey& from = std::max(prefix.key, after);
  for (const lmdb::Row& row : range_from(Table::mail, {}, from)) {
    if (out.size() == max || !prefix.covers(row.key)) break;
    if (!equal(row.key, BytesView(after))) out.push_back(array_of<20>(row.key));
  }
  return out;
}

std::optional<core::Store::Dying> Rows::next_dying() const {
  if (!whole()) return std::nullopt;
  const auto row = cursor(Table::dying).first();
  if (!row) return std::nullopt;
  const auto timed = decode_timed(row->key);
  const auto id = named(Table::dying, row->key, timed ? timed->id : BytesView{});
  if (!id) return std::nullopt;
  return core::Store::Dying{{timed->at}, *id};
}

std::vector<core::ChainLink> Rows::chain(KeyId key, RecipientId recipient, Seq from, Seq to,
                                         std::size_t max) const {
  std::vector<core::ChainLink> out;
  if (!whole()) return out;
  const Key line = Key().key(key).u16(recipient.value);
  for (const lmdb::Row& row : range_from(Table::chain, line, chain_key(key, recipient, from))) {
    const auto link = decode_link(row.key, row.value);
    if (!link) {
      damaged(Table::chain, row.key);
      return {};
    }
    if (link->seq > to || out.size() == max) break;
    out.push_back(*link);
  }
  return out;
}

std::vector<core::ReceiptDue> Rows::due(std::size_t max) const {
  std::vector<core::ReceiptDue> out;
  if (!whole()) return out;
  for (const lmdb::Row& row : range(Table::due)) {
    if (out.size() == max) break;
    const auto due = decode_due(row.key);
    if (!due) {
      damaged(Table::due, row.key);
      return {};
    }
    out.push_back(*due);
  }
  return out;
}

}  // namespace noroshi::store
