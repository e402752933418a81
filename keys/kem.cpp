#include "keys/kem.hpp"

#include "keys/primitives.hpp"

namespace noroshi::keys {
namespace {

/// What a seed grows into: the ephemeral secret and the single-use content key.
struct Expanded {
  Wiped<32> ephemeral, content;
  Expanded(const ByteArray<16>& seed, const RootId& root, const SignPublic& sender, BytesView header) {
    static constexpr ByteArray<1> kOne{1}, kTwo{2};
    const Wiped<32> prk(keyed_digest(Label::seed_prk, seed, {root.value, sender.value, header}));
    ephemeral.value = keyed_digest(Label::seed_exp, prk.value, {kOne});
    content.value = keyed_digest(Label::seed_exp, prk.value, {kTwo});
  }
};

struct WrapName {
  RecipientId recipient;
  std::uint8_t epoch, prev;
};

/// seed XOR F(16, "NORO1 kem wrap", dh, E ‖ PK ‖ S_pk ‖ H ‖ recipient ‖ epoch ‖ prev): both directions.
ByteArray<16> masked(const ByteArray<16>& value, const ByteArray<32>& dh, const ByteArray<32>& ephemeral,
                     const ByteArray<32>& recipient_key, const SignPublic& sender, BytesView header,
                     WrapName name) {
  const Bytes tail = Writer().u16(name.recipient.value).u8(name.epoch).u8(name.prev).take();
  const Wiped<16> mask(
      keyed_digest_to<16>(Label::kem_wrap, dh, {ephemeral, recipient_key, sender.value, header, tail}));
  ByteArray<16> out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = value[i] ^ mask.value[i];
  return out;
}

Bytes signed_envelope(BytesView head, BytesView body, const Secret<32>& sign_seed, const RootId& root) {
  const auto signature = sign(sign_seed, Domain::envelope, root, {head, body_hash(body)});
  return Writer().bytes(head).bytes(body).bytes(signature).take();
}

}  // namespace

ByteArray<16> hedged_seed(BytesView hedge_key, const ByteArray<32>& random, const SignPublic& sender,
                          BytesView header, BytesView body) {
  return keyed_digest_to<16>(Label::seed_hedge, hedge_key,
                             {random, sender.value, header, digest(Label::pt_hash, {body})});
}

std::optional<Bytes> seal_with_seed(const proto::Header& header, std::span<const Target> targets,
                                    BytesView body, const ByteArray<16>& seed, const Secret<32>& sign_seed,
                                    const RootId& root) {
  NOROSHI_ASSERT(!targets.empty() && header.wraps == targets.size());
  const auto h = proto::encode_header(header);
  const SignPublic sender = sign_public(sign_seed);
  const Expanded keys(seed, root, sender, h);
  const ByteArray<32> ephemeral = x25519_public(keys.ephemeral.value);

  std::vector<proto::Wrap> wraps;
  for (const Target& target : targets) {
    Wiped<32> dh;
    if (!x25519(dh.value, keys.ephemeral.value, target.key.value)) return std::nullopt;
    const WrapName name{target.recipient, target.epoch, target.prev};
    wraps.push_back({target.recipient, target.epoch, target.prev,
                     masked(seed, dh.value, ephemeral, target.key.value, sender, h, name)});
  }
  const Bytes head = Writer().bytes(h).bytes(ephemeral).bytes(proto::encode_wraps(wraps)).take();
  const Bytes sealed = aead_seal(keys.content.value, kZeroNonce, head, body);
  return signed_envelope(head, sealed, sign_seed, root);
}

Bytes sign_clear(const proto::Header& header, BytesView body, const Secret<32>& sign_seed,
                 const RootId& root) {
  NOROSHI_ASSERT(header.wraps == 0);
  return signed_envelope(proto::encode_header(header), body, sign_seed, root);
}

bool envelope_signed_by(const proto::Envelope& envelope, const SignPublic& sender, const RootId& root) {
  return signed_by(sender, envelope.signature, Domain::envelope, root,
                   {envelope.head(), body_hash(envelope.body)});
}
bool cover_signed_by(const proto::Cover& cover, const SignPublic& sender, const RootId& root) {
  return signed_by(sender, cover.outside.signature, Domain::envelope, root,
                   {cover.outside.head(), cover.body_hash});
}

Bytes pad(BytesView content, std::size_t size) {
  NOROSHI_ASSERT(content.size() < size);
  Bytes out(size);
  std::copy(content.begin(), content.end(), out.begin());
  out[content.size()] = 0x80;
  return out;
}

std::optional<std::size_t> unpadded_size(BytesView body) {
  std::size_t end = body.size();
  while (end > 0 && body[end - 1] == 0) --end;
  if (end == 0 || body[end - 1] != 0x80) return std::nullopt;
  return end - 1;
}

std::variant<ByteArray<16>, Refusal> unwrap_seed(const proto::Envelope& envelope, std::size_t index,
                                                 std::span<const std::uint8_t, 32> secret,
                                                 const SignPublic& sender) {
  const proto::Wrap& wrap = envelope.wraps[index];
  Wiped<32> dh;
  if (!x25519(dh.value, secret, envelope.ephemeral)) return Refusal::low_order;
  return masked(wrap.x, dh.value, envelope.ephemeral, x25519_public(secret), sender, envelope.header_bytes(),
                {wrap.recipient, wrap.epoch, wrap.prev});
}

std::variant<Bytes, Refusal> open_with(const proto::Envelope& envelope, const ByteArray<16>& seed,
                                       const SignPublic& sender, const RootId& root) {
  const Expanded keys(seed, root, sender, envelope.header_bytes());
  if (!same_secret(x25519_public(keys.ephemeral.value), envelope.ephemeral)) return Refusal::commitment;
  auto body = aead_open(keys.content.value, kZeroNonce, envelope.head(), envelope.body);
  if (!body) return Refusal::aead;
  return *std::move(body);
}

}  // namespace noroshi::keys
