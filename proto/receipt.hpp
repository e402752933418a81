// Receipts (ctype 2): signed, clear, to the organisation whose envelopes they speak of. A range commits to
// the exact messages it covers, so a relay forgets a body only on proof, and one stolen relay cannot make the
// network drop mail.
//
//   kind u8 | reason u8 | signer's store id u64 | count u8 | count × entry | doc_len u16 | doc
//   entry: dev u16 | gen u8 | recipient u16 | from u32 | to u32 | count u16 | digest 8        (23 bytes)
//
// The source organisation of every entry is the envelope's dst. `doc` is the signer's current epoch object
// where kind is `unreadable`, else empty.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "proto/bytes.hpp"
#include "proto/ids.hpp"

namespace noroshi::proto {

/// Ordered by how far the message got; expired and unreadable are bad ends.
enum class ReceiptKind : std::uint8_t {
  delivered = 1,
  opened = 2,
  read = 3,
  accepted = 4,
  unreadable = 5,
  expired = 6
};

/// Why `unreadable`. Coarse on purpose: nobody learns which step of opening failed.
enum class UnreadableReason : std::uint8_t { none = 0, epoch_gone = 1, damaged = 2 };

/// The messages `from`..`to` of one key to one recipient, as the visible prev chain links them.
struct ReceiptEntry {
  std::uint16_t dev = 0;
  std::uint8_t gen = 0;
  RecipientId recipient;
  Seq from = 0, to = 0;
  std::uint16_t count = 0;  ///< 1..kReceiptRangeMax
  ByteArray<8> digest{};    ///< keys::receipt_digest of the message ids in seq order
  bool operator==(const ReceiptEntry&) const = default;
};

struct Receipt {
  ReceiptKind kind = ReceiptKind::delivered;
  UnreadableReason reason = UnreadableReason::none;
  StoreId store;  ///< of the signer: a receipt from before a lost store does not count after it
  std::vector<ReceiptEntry> entries;  ///< at most 255
  Bytes epoch_object;                 ///< unreadable only
};

[[nodiscard]] Bytes encode_receipt(const Receipt& receipt);
/// Strict: from ≤ to, count within bounds and ≤ to − from + 1, known kind, nothing left over.
[[nodiscard]] std::optional<Receipt> decode_receipt(BytesView content);

}  // namespace noroshi::proto
