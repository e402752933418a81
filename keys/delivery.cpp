#include "keys/delivery.hpp"

#include <algorithm>

#include "keys/primitives.hpp"

namespace noroshi::keys {
namespace {

constexpr std::size_t kNameBytes = 5;

Bytes name_bytes(KeyId key) {
  return Writer().u16(key.device.org.value).u16(key.device.dev).u8(key.gen).take();
}

/// Key of a sealed delivery: both public halves are in it, so it fits nobody else.
ByteArray<32> delivery_key(const ByteArray<32>& dh, const ByteArray<32>& ephemeral, const BoxPublic& box) {
  return keyed_digest(Label::delivery, dh, {ephemeral, box.value});
}

}  // namespace

Bytes encode_delivery(std::span<const EpochSecret* const> secrets) {
  NOROSHI_ASSERT(secrets.size() <= kDeliveriesMax);
  Writer out;
  out.u16(static_cast<std::uint16_t>(secrets.size()));
  for (const EpochSecret* s : secrets) out.u16(s->owner.value).u32(s->number).bytes(s->secret.bytes());
  return out.take();
}

std::optional<std::vector<EpochSecret>> decode_delivery(BytesView content) {
  Reader in(content);
  const std::size_t count = in.u16();
  if (count > kDeliveriesMax) return std::nullopt;
  std::vector<EpochSecret> out;
  for (std::size_t i = 0; i < count; ++i) {
    const RecipientId owner{in.u16()};
    const std::uint32_t number = in.u32();
    Wiped<32> secret(in.array<32>());
    if (!in.ok()) return std::nullopt;
    out.push_back({owner, number, Secret<32>::take(secret.value), {}});
  }
  if (!in.done()) return std::nullopt;
  return out;
}

Bytes seal_delivery(std::span<const EpochSecret* const> secrets, const Certificate& device,
                    const RootId& root, Rng& rng) {
  const Secret<32> ephemeral = Secret<32>::random(rng);
  const ByteArray<32> ephemeral_public = x25519_public(ephemeral.bytes());
  Wiped<32> dh;
  const bool sound = x25519(dh.value, ephemeral.bytes(), device.box.value);
  NOROSHI_ASSERT(sound);  // a certificate with an unsound key is never held
  const Wiped<32> key(delivery_key(dh.value, ephemeral_public, device.box));
  const Bytes name = name_bytes(device.key);
  Bytes content = encode_delivery(secrets);
  const Bytes ad = Writer().bytes(root.value).bytes(name).take();
  const Bytes sealed = xaead_seal(key.value, ad, content, rng);
  wipe(content);
  return Writer().bytes(name).bytes(ephemeral_public).bytes(sealed).take();
}

std::optional<KeyId> addressee_of(BytesView sealed) {
  Reader in(sealed);
  KeyId key;
  key.device.org = {in.u16()};
  key.device.dev = in.u16();
  key.gen = in.u8();
  return in.ok() ? std::optional(key) : std::nullopt;
}

std::optional<std::vector<EpochSecret>> open_delivery(BytesView sealed, const Identity& identity) {
  if (addressee_of(sealed) != identity.key()) return std::nullopt;
  Reader in(sealed.subspan(kNameBytes));
  const auto ephemeral = in.array<32>();
  Wiped<32> dh;
  if (!in.ok() || !x25519(dh.value, identity.secrets().box.bytes(), ephemeral)) return std::nullopt;
  const Wiped<32> key(delivery_key(dh.value, ephemeral, identity.box_public()));
  const Bytes ad = Writer().bytes(identity.root_id().value).bytes(sealed.first(kNameBytes)).take();
  auto content = xaead_open(key.value, ad, in.rest());
  if (!content) return std::nullopt;
  auto out = decode_delivery(*content);
  wipe(*content);
  return out;
}

bool is_genuine(const EpochSecret& secret, const Trust& trust) {
  const BoxPublic key{x25519_public(secret.secret.bytes())};
  if (proto::kind_of(secret.owner) == proto::RecipientKind::transport) {
    const TransportKey* held = trust.transport({static_cast<std::uint16_t>(secret.owner.value & 0x07FF)});
    return held && held->number == secret.number && held->key == key;
  }
  const auto epochs = trust.epochs(secret.owner);
  return std::any_of(epochs.begin(), epochs.end(),
                     [&](const EpochKey* e) { return e->number == secret.number && e->key == key; });
}

std::vector<Draft> delivery_drafts(std::span<const EpochSecret* const> secrets,
                                   const std::vector<RecipientId>& recipients) {
  std::vector<Draft> out;
  for (std::size_t first = 0; first < recipients.size(); first += kWrapsMax) {
    const std::size_t last = std::min(recipients.size(), first + kWrapsMax);
    Draft draft;
    draft.ctype = proto::Ctype::epoch_secret;
    draft.level = proto::Level::urgent;
    draft.recipients.assign(recipients.begin() + static_cast<std::ptrdiff_t>(first),
                            recipients.begin() + static_cast<std::ptrdiff_t>(last));
    draft.content = encode_delivery(secrets);
    out.push_back(std::move(draft));
  }
  return out;
}

}  // namespace noroshi::keys
