#include "relay/store/view.hpp"

#include <algorithm>

namespace noroshi::store {
namespace {

DeviceId read_device(Reader& in) {
  const OrgId org{in.u16()};
  return {org, in.u16()};
}

}  // namespace

std::vector<View::InboxRow> View::inbox(std::uint64_t after, std::size_t max) const {
  std::vector<InboxRow> out;
  if (!rows_.whole() || after == UINT64_MAX) return out;
  for (const lmdb::Row& row : rows_.range_from(Table::inbox, {}, number_key(after + 1))) {
    if (out.size() == max) break;
    const auto cursor = decode_number(row.key);
    const auto id = decode_id(row.value);
    if (!cursor || !id) {
      rows_.damaged(Table::inbox, row.key);
      return {};
    }
    out.push_back({*cursor, *id});
  }
  return out;
}

std::optional<core::Record> View::record(const MsgId& id) const {
  const core::Record* found = rows_.record(id);
  if (found == nullptr) return std::nullopt;
  return *found;
}

std::vector<core::Record> View::own(std::uint64_t before, std::size_t max) const {
  std::vector<core::Record> out;
  if (!rows_.whole()) return out;
  lmdb::Cursor cursor = rows_.cursor(Table::own);
  for (auto row = cursor.before(number_key(before)); row && out.size() < max; row = cursor.prev()) {
    const auto id = decode_id(row->value);
    const core::Record* found = id ? rows_.record(*id) : nullptr;
    if (found == nullptr) {
      rows_.damaged(Table::own, row->key);
      return {};
    }
    out.push_back(*found);
  }
  return out;
}

std::size_t View::unanswered(proto::Level level, WallTime before, std::size_t max) const {
  std::size_t out = 0;
  if (!rows_.whole()) return out;
  const Key end = Key().level(level).time(before.s);
  for (const lmdb::Row& row : rows_.range(Table::unanswered, Key().level(level))) {
    if (out == max || !std::ranges::lexicographical_compare(row.key, end.view())) break;
    ++out;
  }
  return out;
}

std::vector<View::Queue> View::queues() const {
  std::vector<Queue> out;
  if (!rows_.whole()) return out;
  for (const lmdb::Row& row : rows_.range(Table::queued)) {
    Reader in(row.key);
    Queue queue;
    queue.via = read_device(in);
    queue.level = static_cast<proto::Level>(in.u8());
    const auto counted = decode_queued(row.value);
    if (!in.done() || !counted) {
      rows_.damaged(Table::queued, row.key);
      return {};
    }
    queue.queued = *counted;
    out.push_back(queue);
  }
  constexpr core::NodeTime kAnyTime{INT64_MAX};
  for (Queue& queue : out) {
    const auto oldest = rows_.owed_first(queue.via, queue.level, kAnyTime, 0);
    const core::Record* found = oldest ? rows_.record(*oldest) : nullptr;
    if (found != nullptr) queue.oldest = found->first_seen;
  }
  return out;
}

std::vector<View::Peer> View::peers() const {
  std::vector<Peer> out;
  if (!rows_.whole()) return out;
  for (const lmdb::Row& row : rows_.range(Table::peer)) {
    Reader in(row.key);
    const DeviceId id = read_device(in);
    const auto found = rows_.peer(id);
    if (!found) return {};
    out.push_back({id, *found});
  }
  return out;
}

std::vector<View::Object> View::objects() const {
  std::vector<Object> out;
  if (!rows_.whole()) return out;
  for (const lmdb::Row& row : rows_.range(Table::object)) {
    Reader in(row.key);
    Object object;
    object.ref.type = static_cast<proto::ObjectType>(in.u8());
    object.ref.owner = in.u64();
    object.ref.version = in.u32();
    object.ref.hash = in.array<8>();
    object.bytes = bytes_of(row.value);
    if (!in.done()) {
      rows_.damaged(Table::object, row.key);
      return {};
    }
    out.push_back(std::move(object));
  }
  return out;
}

std::vector<Bytes> View::orphans() const {
  std::vector<Bytes> out;
  if (!rows_.whole()) return out;
  const Key prefix = Key().u8(static_cast<std::uint8_t>(Table::record));
  for (const lmdb::Row& row : rows_.range(Table::odd, prefix)) {
    const BytesView place = row.key.subspan(1);
    if (rows_.get(Table::record, place)) continue;  // taken in again since
    const auto body = rows_.get(Table::body, place);
    if (body) out.push_back(bytes_of(*body));
  }
  return out;
}

}  // namespace noroshi::store
