// Rows as bytes. Decoders are strict: a row that is not exactly what the encoder writes is no row, so damage
// is noticed where it is read and never acted on.
//
//   record layout
//   off  len  field
//    0    1   1
//    1   16   id
//   17    5   key
//   22    4   seq
//   26    1   ctype
//   27    1   level
//   28    8   arrival
//   36    4   size
//   40    1   b0 origin, b1 body held
//   41    4   from
//   45    8   created          53  8  first seen          61  8  dead at
//   69    1   b0..1 roster state, b2 certificate expired, b3 time doubtful, b4 stale, b5 dead, b6 quarantine
//   70    1   t, then t × recipient u16
//    .    1   p, then p × prev u8
//    .    1   d, then d duties:
//              wrap u8
//              u8: b0..1 state; what follows: b2 number, b3 again, b4 receipt, b5 avoid
//              end u8 | via
//              b2: number u32
//              b3: again i64
//              b4: reached u8 | proof id | at i64 | by device
//              b5: c u8, then c × peer
//
//   neighbour layout
//    0    8   store
//    8    2   session
//   10    4   sent       14  4  acked
//   18    8   last contact i64
//   26    4   accepted: contiguous       30  8  map
//   38    1   o, then o × (number u32 | parked u16 | settled u16)
//
//   partial layout
//    0   32   hash of the body
//   32    4   size
//   36    8   offered i64
//   44    1   b0 pieces of one neighbour only
//   45    .   cover
#pragma once

#include <optional>

#include "proto/bytes.hpp"
#include "relay/core/store.hpp"

namespace noroshi::store {

/// `value` and the sum over `key` and it.
[[nodiscard]] Bytes with_sum(BytesView key, BytesView value);
/// The value without its sum; nothing if the sum does not fit.
[[nodiscard]] std::optional<BytesView> checked(BytesView key, BytesView value_and_sum);

[[nodiscard]] Bytes encode_record(const core::Record& record);
[[nodiscard]] std::optional<core::Record> decode_record(BytesView bytes);

[[nodiscard]] Bytes encode_peer(const core::PeerRow& row);
[[nodiscard]] std::optional<core::PeerRow> decode_peer(BytesView bytes);

[[nodiscard]] Bytes encode_mail_sum(const proto::MailSum& sum);
[[nodiscard]] std::optional<proto::MailSum> decode_mail_sum(BytesView bytes);
[[nodiscard]] Bytes encode_on_time(const core::OnTime& counts);
[[nodiscard]] std::optional<core::OnTime> decode_on_time(BytesView bytes);
[[nodiscard]] Bytes encode_quota(const core::QuotaRow& row);
[[nodiscard]] std::optional<core::QuotaRow> decode_quota(BytesView bytes);

/// What a key has said.
struct LedgerRow {
  Seq last_seq = 0;
  WallTime last_created;
  bool operator==(const LedgerRow&) const = default;
};
[[nodiscard]] Bytes encode_ledger(const LedgerRow& row);
[[nodiscard]] std::optional<LedgerRow> decode_ledger(BytesView bytes);

/// Where an envelope lives.
struct NameRow {
  std::uint64_t row = 0;
  std::uint64_t inbox = 0;  ///< cursor, 0 = in no inbox
  bool operator==(const NameRow&) const = default;
};
[[nodiscard]] Bytes encode_name(const NameRow& row);
[[nodiscard]] std::optional<NameRow> decode_name(BytesView bytes);

/// Without the id, which is the key.
[[nodiscard]] Bytes encode_partial(const core::Partial& row);
[[nodiscard]] std::optional<core::Partial> decode_partial(BytesView bytes);

[[nodiscard]] Bytes encode_queued(const core::Store::Queued& row);
[[nodiscard]] std::optional<core::Store::Queued> decode_queued(BytesView bytes);

[[nodiscard]] std::optional<MsgId> decode_id(BytesView bytes);
[[nodiscard]] Bytes encode_number(std::uint64_t value);
[[nodiscard]] std::optional<std::uint64_t> decode_number(BytesView bytes);

}  // namespace noroshi::store
