// The store, byte by byte. Format 3.
//
// Integers are big-endian, so that the order of the keys is the order that is asked for. `time` is seconds as
// i64: in keys with the sign bit flipped (negative before positive), in values plain two's complement. Short
// names of what is drawn once:
//
//   id     16  message id
//   key     5  org u16 | dev u16 | gen u8
//   device  4  org u16 | dev u16; peer and via are devices
//   row     8  number of an envelope in this store, from 1 in order of first mention: names are random, rows
//              are not, so records and bodies are appended side by side instead of scattered over the file
//   sum     4  CRC-32C over key and value: stands behind every row that is the only copy of a decision. Index
//              rows can be made again from the records; bodies, objects and seen ids prove themselves (hash,
//              signature)
//
//   table   key                                      value
//   ---- facts
//   meta    "format", "store", "time"                u64 | sum
//           "row", "arrival", "inbox"                u64 | sum     the last number given of each
//   name    id                                       row | inbox u64 (0 = in no inbox)
//   record  row                                      record layout (layout.hpp) | sum
//   body    row                                      the envelope as it travelled
//   seen    key | seq u32                            id, or id | id (equivocation)
//   chain   key | recipient u16 | seq u32            prev u8 | id
//   due     key | recipient u16 | seq u32 | id       (empty)
//   inbox   cursor u64                               id
//   peer    peer                                     neighbour layout | sum
//   behind  device                                   peer
//   told    peer | key                               (empty)
//   quota   device                                   5 × i64 (core::QuotaRow's order) | sum
//   on_time day time                                 4 × (met u32, missed u32) | sum
//   object  type u8 | owner u64 | version u32 | hash 8    the signed bytes
//   ledger  key                                      last seq u32 | last created time | sum
//   last_to key | recipient u16                      seq u32 | sum
//   partial id                                       partial layout | sum   offered, and not whole yet
//   piece   id | peer | from u16                           bytes of its body from there
//   odd     table u8 | its key                       value of a row that could not be read, kept for people
//   ---- indexes: functions of the records
//   owed    via | level u8 | arrival u64             id         owed, may go now
//   later   via | level u8 | time | arrival u64      id         owed, not before that time
//   again   time | id                                (empty)    a timer of a duty that is not settled
//   sent    via | number u32                         id         numbered, no outcome yet
//   parked  via | id                                 (empty)    a duty parked at or sent to `via`
//   dying   time | id                                (empty)    body held until then (never: no row)
//   own     arrival u64                              id         submitted here
//   unanswered level u8 | created time | id          (empty)    submitted here, no receipt, and not settled
//   mail    created u32 | id                         (empty)    the inbox by time, for other relays of ours
//   tally   half-bytes u8 | begin of created u32     count u64 | sum of ids 16, over mail
//   queued  via | level u8                           records u64 | bytes u64, counted over owed and later
//
// Opening refuses a store of a newer format. A change of any drawing is a new format and brings its step in
// upgrade.cpp:
//   2   on_time, unanswered
//   3   mail, tally
#pragma once

#include <array>
#include <cstdint>

#include "proto/bytes.hpp"
#include "proto/envelope.hpp"
#include "proto/object.hpp"
#include "relay/core/store.hpp"
#include "relay/lmdb/txn.hpp"

namespace noroshi::store {

inline constexpr std::uint64_t kFormat = 3;

enum class Table : std::uint8_t {
  meta,
  name,
  record,
  body,
  seen,
  chain,
  due,
  inbox,
  peer,
  behind,
  told,
  quota,
  object,
  ledger,
  last_to,
  odd,
  owed,
  later,
  again,
  sent,
  parked,
  dying,
  own,
  queued,
  partial,
  piece,
  on_time,
  unanswered,
  mail,
  tally
};
inline constexpr std::array kTableNames{
    "meta",   "name",  "record", "body",   "seen",    "chain", "due",     "inbox",      "peer",  "behind",
    "told",   "quota", "object", "ledger", "last_to", "odd",   "owed",    "later",      "again", "sent",
    "parked", "dying", "own",    "queued", "partial", "piece", "on_time", "unanswered", "mail",  "tally"};
inline constexpr std::size_t kTables = kTableNames.size();
static_assert(static_cast<std::size_t>(Table::tally) + 1 == kTables);
/// These are made from the records alone.
inline constexpr std::array kIndexes{Table::owed, Table::later,  Table::again,
                                     Table::sent, Table::parked, Table::dying,
                                     Table::own,  Table::queued, Table::unanswered};

[[nodiscard]] constexpr const char* name_of(Table table) {
  return kTableNames[static_cast<std::size_t>(table)];
}

/// Handles of all tables.
struct Tables {
  std::array<lmdb::Dbi, kTables> handles{};
  [[nodiscard]] lmdb::Dbi operator[](Table table) const { return handles[static_cast<std::size_t>(table)]; }
};

/// A key under construction: at most 32 bytes, no allocation.
class Key {
 public:
  Key& u8(std::uint8_t value) { return number(value, 1); }
  Key& u16(std::uint16_t value) { return number(value, 2); }
  Key& u32(std::uint32_t value) { return number(value, 4); }
  Key& u64(std::uint64_t value) { return number(value, 8); }
  Key& bytes(BytesView value) {
    NOROSHI_ASSERT(size_ + value.size() <= bytes_.size());
    std::copy(value.begin(), value.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += value.size();
    return *this;
  }
  Key& id(const MsgId& value) { return bytes(value.value); }
  Key& device(DeviceId value) { return u16(value.org.value).u16(value.dev); }
  Key& key(KeyId value) { return device(value.device).u8(value.gen); }
  Key& level(proto::Level value) { return u8(static_cast<std::uint8_t>(value)); }
  /// i64 in ascending order as bytes.
  Key& time(std::int64_t value) { return u64(static_cast<std::uint64_t>(value) ^ std::uint64_t{1} << 63); }

  [[nodiscard]] BytesView view() const { return BytesView(bytes_).first(size_); }
  operator BytesView() const { return view(); }
  friend bool operator==(const Key& a, const Key& b) { return equal(a, b); }
  friend bool operator<(const Key& a, const Key& b) {
    return std::lexicographical_compare(a.view().begin(), a.view().end(), b.view().begin(), b.view().end());
  }

 private:
  Key& number(std::uint64_t value, std::size_t width) {
    NOROSHI_ASSERT(size_ + width <= bytes_.size());
    for (std::size_t shift = 8 * width; shift > 0; shift -= 8)
      bytes_[size_++] = static_cast<std::uint8_t>(value >> (shift - 8));
    return *this;
  }
  ByteArray<32> bytes_{};
  std::size_t size_ = 0;
};

// ---- The rows of meta
inline constexpr std::string_view kMetaFormat = "format";
inline constexpr std::string_view kMetaStore = "store";
inline constexpr std::string_view kMetaNamedAt = "named";  ///< absent: its first name
inline constexpr std::string_view kMetaTime = "time";
inline constexpr std::string_view kMetaRow = "row";
inline constexpr std::string_view kMetaArrival = "arrival";
inline constexpr std::string_view kMetaInbox = "inbox";

// ---- Keys that more than one question builds
[[nodiscard]] inline Key number_key(std::uint64_t number) {
  return Key().u64(number);
}
[[nodiscard]] inline Key id_key(const MsgId& id) {
  return Key().id(id);
}
[[nodiscard]] inline Key device_key(DeviceId device) {
  return Key().device(device);
}
[[nodiscard]] inline Key seen_key(KeyId key, Seq seq) {
  return Key().key(key).u32(seq);
}
[[nodiscard]] inline Key chain_key(KeyId key, RecipientId to, Seq seq) {
  return Key().key(key).u16(to.value).u32(seq);
}
[[nodiscard]] inline Key due_key(const core::ReceiptDue& due) {
  return Key().key(due.key).u16(due.recipient.value).u32(due.seq).id(due.id);
}
[[nodiscard]] inline Key told_key(core::PeerId peer, KeyId key) {
  return Key().device(peer).key(key);
}
[[nodiscard]] inline Key object_key(const proto::ObjectRef& ref) {
  return Key().u8(static_cast<std::uint8_t>(ref.type)).u64(ref.owner).u32(ref.version).bytes(ref.hash);
}
[[nodiscard]] inline Key last_to_key(KeyId key, RecipientId to) {
  return Key().key(key).u16(to.value);
}
[[nodiscard]] inline Key piece_key(const MsgId& id, core::PeerId peer, std::uint16_t from) {
  return Key().id(id).device(peer).u16(from);
}
/// The half-bytes of a mail key that are tallied: 18 hours and four minutes of messages.
inline constexpr std::uint8_t kTallied[] = {4, 6};
[[nodiscard]] inline Key tally_key(std::uint8_t nibbles, const proto::MailKey& key) {
  const std::size_t kept = nibbles / 2u;
  return Key().u8(nibbles).bytes(BytesView(key).first(kept)).bytes(BytesView(ByteArray<4>{}).first(4 - kept));
}
[[nodiscard]] inline Key queue_key(core::PeerId via, proto::Level level) {
  return Key().device(via).level(level);
}

/// Reads a time as it stands in keys.
[[nodiscard]] inline std::int64_t key_time(std::uint64_t value) {
  return static_cast<std::int64_t>(value ^ std::uint64_t{1} << 63);
}

}  // namespace noroshi::store
