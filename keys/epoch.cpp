#include "keys/epoch.hpp"

#include "keys/object.hpp"
#include "keys/primitives.hpp"

namespace noroshi::keys {
namespace {

/// Only organisations and groups own epochs.
bool owns_epochs(RecipientId id) {
  const auto kind = proto::kind_of(id);
  return kind == proto::RecipientKind::organisation || kind == proto::RecipientKind::group;
}

}  // namespace

Bytes encode_epoch(const EpochKey& e) {
  Writer out;
  out.u16(e.owner.value).u32(e.number).u32(e.incident.value).u32(stamp(e.not_before)).u32(stamp(e.not_after));
  out.bytes(e.key.value);
  return out.take();
}

std::optional<EpochKey> decode_epoch(BytesView body) {
  Reader in(body);
  EpochKey e;
  e.owner = {in.u16()};
  e.number = in.u32();
  e.incident = {in.u32()};
  e.not_before = {in.u32()};
  e.not_after = {in.u32()};
  e.key = {in.array<32>()};
  if (!in.done() || !owns_epochs(e.owner) || e.number == 0 || e.not_after <= e.not_before)
    return std::nullopt;
  if (!is_sound_x25519(e.key.value)) return std::nullopt;
  return e;
}

Bytes encode_epoch_void(const EpochVoid& v) {
  return Writer().u16(v.owner.value).u32(v.first).u32(v.last).u32(v.successor).u32(stamp(v.issued)).take();
}

std::optional<EpochVoid> decode_epoch_void(BytesView body) {
  Reader in(body);
  EpochVoid v;
  v.owner = {in.u16()};
  v.first = in.u32();
  v.last = in.u32();
  v.successor = in.u32();
  v.issued = {in.u32()};
  if (!in.done() || !owns_epochs(v.owner) || v.first == 0 || v.first > v.last) return std::nullopt;
  if (v.successor >= v.first && v.successor <= v.last) return std::nullopt;
  return v;
}

Bytes encode_transport(const TransportKey& t) {
  return Writer().u16(t.org.value).u32(t.number).u32(stamp(t.issued)).bytes(t.key.value).take();
}

std::optional<TransportKey> decode_transport(BytesView body) {
  Reader in(body);
  TransportKey t;
  t.org = {in.u16()};
  t.number = in.u32();
  t.issued = {in.u32()};
  t.key = {in.array<32>()};
  if (!in.done() || proto::kind_of(proto::to_org(t.org)) != proto::RecipientKind::organisation ||
      t.number == 0)
    return std::nullopt;
  if (!is_sound_x25519(t.key.value)) return std::nullopt;
  return t;
}

}  // namespace noroshi::keys
