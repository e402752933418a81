// The cryptographic steps of PROTOCOL.md over plain bytes, for the files of keys/ and their tests; everybody
// else uses crypto.hpp, seal.hpp and verify.hpp. Nothing here knows an envelope or an object.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>

#include "keys/crypto.hpp"
#include "keys/labels.hpp"
#include "keys/secret.hpp"
#include "proto/bytes.hpp"
#include "proto/ids.hpp"

namespace noroshi::keys {

/// Pieces that are hashed or signed one after the other.
using Pieces = std::initializer_list<BytesView>;

/// F(32, label, ∅, pieces) = SHA-256(label16 ‖ pieces).
[[nodiscard]] ByteArray<32> digest(Label label, Pieces pieces);
/// F(32, label, key, pieces) = HMAC-SHA-256(key, label16 ‖ pieces).
[[nodiscard]] ByteArray<32> keyed_digest(Label label, BytesView key, Pieces pieces);
/// F(N, …): the first N bytes.
template <std::size_t N>
[[nodiscard]] ByteArray<N> digest_to(Label label, Pieces pieces) {
  static_assert(N <= 32);
  return array_of<N>(digest(label, pieces));
}
template <std::size_t N>
[[nodiscard]] ByteArray<N> keyed_digest_to(Label label, BytesView key, Pieces pieces) {
  static_assert(N <= 32);
  const Wiped<32> whole(keyed_digest(label, key, pieces));
  return array_of<N>(whole.value);
}
[[nodiscard]] ByteArray<32> sha256(BytesView bytes);

// ---- Ed25519 ------------------------------------------------------------------------------------
/// A signing key: the 32-byte seed; the public half is derived.
using SignSeed = Secret<32>;
[[nodiscard]] SignPublic sign_public(const SignSeed& seed);
/// Ed25519 over DST24 ‖ root_id ‖ pieces.
[[nodiscard]] ByteArray<64> sign(const SignSeed& seed, Domain domain, const RootId& root, Pieces pieces);
[[nodiscard]] bool signed_by(const SignPublic& key, BytesView signature, Domain domain, const RootId& root,
                             Pieces pieces);
/// Canonical and not of small order: what a key field of a certificate or a root may hold. (Not every such string is on the
/// curve; one that is not verifies nothing.)
[[nodiscard]] bool is_sound(const SignPublic& key);

// ---- X25519 -------------------------------------------------------------------------------------
[[nodiscard]] ByteArray<32> x25519_public(std::span<const std::uint8_t, 32> secret);
/// Nothing for a low-order point.
[[nodiscard]] bool x25519(std::span<std::uint8_t, 32> out, std::span<const std::uint8_t, 32> secret,
                          const ByteArray<32>& point);
/// Canonical (below 2^255 − 19, top bit clear) and not of low order: what a key field may hold.
[[nodiscard]] bool is_sound_x25519(const ByteArray<32>& point);

// ---- ChaCha20-Poly1305
// --------------------------------------------------------------------------------------------
using Nonce = ByteArray<12>;
/// For keys that are used once, as every message's is.
inline constexpr Nonce kZeroNonce{};
/// IETF (RFC 8439). Gives ct ‖ tag.
[[nodiscard]] Bytes aead_seal(std::span<const std::uint8_t, 32> key, const Nonce& nonce, BytesView ad, BytesView plain);
[[nodiscard]] std::optional<Bytes> aead_open(std::span<const std::uint8_t, 32> key, const Nonce& nonce, BytesView ad,
                                             BytesView sealed);
/// XChaCha20-Poly1305 with a random 24-byte nonce in front: for data at rest.
[[nodiscard]] Bytes xaead_seal(std::span<const std::uint8_t, 32> key, BytesView ad, BytesView plain,
                               Rng& rng);
[[nodiscard]] std::optional<Bytes> xaead_open(std::span<const std::uint8_t, 32> key, BytesView ad,
                                              BytesView sealed);
inline constexpr std::size_t kXaeadOverhead = 24 + 16;

/// Constant time.
[[nodiscard]] bool same_secret(BytesView a, BytesView b);

}  // namespace noroshi::keys
