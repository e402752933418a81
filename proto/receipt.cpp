#include "proto/receipt.hpp"

#include "proto/limits.hpp"
#include "proto/result.hpp"

namespace noroshi::proto {
namespace {

bool fits(const ReceiptEntry& e) {
  return e.from >= 1 && e.from <= e.to && e.count >= 1 && e.count <= kReceiptRangeMax &&
         e.count - 1u <= e.to - e.from && (e.count > 1) == (e.from < e.to);
}

ReceiptEntry read_entry(Reader& in) {
  ReceiptEntry e;
  e.dev = in.u16();
  e.gen = in.u8();
  e.recipient.value = in.u16();
  e.from = in.u32();
  e.to = in.u32();
  e.count = in.u16();
  e.digest = in.array<8>();
  return e;
}

}  // namespace

Bytes encode_receipt(const Receipt& receipt) {
  NOROSHI_ASSERT(receipt.entries.size() <= 255 && receipt.epoch_object.size() <= 0xFFFF);
  Writer out;
  out.u8(static_cast<std::uint8_t>(receipt.kind)).u8(static_cast<std::uint8_t>(receipt.reason));
  out.u64(receipt.store.value).u8(static_cast<std::uint8_t>(receipt.entries.size()));
  for (const ReceiptEntry& e : receipt.entries) {
    NOROSHI_ASSERT(fits(e));
    out.u16(e.dev).u8(e.gen).u16(e.recipient.value).u32(e.from).u32(e.to).u16(e.count).bytes(e.digest);
  }
  out.u16(static_cast<std::uint16_t>(receipt.epoch_object.size())).bytes(receipt.epoch_object);
  return out.take();
}

std::optional<Receipt> decode_receipt(BytesView content) {
  Reader in(content);
  Receipt receipt;
  const std::uint8_t kind = in.u8();
  const std::uint8_t reason = in.u8();
  if (kind < 1 || kind > static_cast<std::uint8_t>(ReceiptKind::expired) ||
      reason > static_cast<std::uint8_t>(UnreadableReason::damaged))
    return std::nullopt;
  receipt.kind = static_cast<ReceiptKind>(kind);
  receipt.reason = static_cast<UnreadableReason>(reason);
  receipt.store.value = in.u64();
  const std::size_t count = in.u8();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    receipt.entries.push_back(read_entry(in));
    if (!fits(receipt.entries.back())) return std::nullopt;
  }
  receipt.epoch_object = bytes_of(in.bytes(in.u16()));
  const bool document_fits = receipt.epoch_object.empty() || receipt.kind == ReceiptKind::unreadable;
  if (!in.done() || receipt.entries.empty() || !document_fits) return std::nullopt;
  return receipt;
}

}  // namespace noroshi::proto
