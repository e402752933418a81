#include "keys/primitives.hpp"

#include <sodium.h>

#include <algorithm>

namespace noroshi::keys {
namespace {

static_assert(crypto_aead_chacha20poly1305_IETF_NPUBBYTES == Nonce{}.size());
static_assert(crypto_sign_PUBLICKEYBYTES == 32 && crypto_sign_BYTES == 64 && crypto_scalarmult_BYTES == 32);

Bytes joined(Domain domain, const RootId& root, Pieces pieces) {
  Bytes out;
  std::size_t size = kDomainBytes + root.value.size();
  for (const BytesView piece : pieces) size += piece.size();
  out.reserve(size);
  const auto dst = padded(domain);
  out.insert(out.end(), dst.begin(), dst.end());
  out.insert(out.end(), root.value.begin(), root.value.end());
  for (const BytesView piece : pieces) out.insert(out.end(), piece.begin(), piece.end());
  return out;
}

// Points of small order in canonical form, little-endian: the y of Edwards25519 (orders 1, 2, 4, 8, 8) and
// the u of Curve25519 (RFC 7748, section 7; cr.yp.to/ecdh.html). A table, because certificates come by the
// thousand and a scalar multiplication each would cost more than their signatures.
using Point = ByteArray<32>;
constexpr Point point_of(std::string_view hex) {
  Point out{};
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
  return out;
}
constexpr std::string_view kMinusOne = "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
constexpr std::array<Point, 5> kSmallOrderY = {
    Point{}, Point{1}, point_of(kMinusOne),
    point_of("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    point_of("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")};
constexpr std::array<Point, 5> kSmallOrderU = {
    Point{}, Point{1}, point_of(kMinusOne),
    point_of("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    point_of("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")};

bool is_one_of(const Point& point, const std::array<Point, 5>& points) {
  return std::find(points.begin(), points.end(), point) != points.end();
}

/// Below p = 2^255 − 19, little-endian ed ff … ff 7f: at or above it the same coordinate has two spellings.
bool is_canonical(const Point& point) {
  if (point[31] != 0x7F) return point[31] < 0x7F;
  if (point[0] < 0xED) return true;
  return std::any_of(point.begin() + 1, point.begin() + 31, [](std::uint8_t byte) { return byte != 0xFF; });
}

/// libsodium's 64-byte secret key: seed ‖ public.
struct ExpandedSignKey {
  Wiped<64> secret;
  SignPublic key;
  explicit ExpandedSignKey(const SignSeed& seed) {
    crypto_sign_seed_keypair(key.value.data(), secret.value.data(), seed.bytes().data());
  }
};

}  // namespace

ByteArray<32> digest(Label label, Pieces pieces) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  const auto head = padded(label);
  crypto_hash_sha256_update(&state, head.data(), head.size());
  for (const BytesView piece : pieces) crypto_hash_sha256_update(&state, piece.data(), piece.size());
  ByteArray<32> out;
  crypto_hash_sha256_final(&state, out.data());
  return out;
}

ByteArray<32> keyed_digest(Label label, BytesView key, Pieces pieces) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  const auto head = padded(label);
  crypto_auth_hmacsha256_update(&state, head.data(), head.size());
  for (const BytesView piece : pieces) crypto_auth_hmacsha256_update(&state, piece.data(), piece.size());
  ByteArray<32> out;
  crypto_auth_hmacsha256_final(&state, out.data());
  sodium_memzero(&state, sizeof state);
  return out;
}

ByteArray<32> sha256(BytesView bytes) {
  ByteArray<32> out;
  crypto_hash_sha256(out.data(), bytes.data(), bytes.size());
  return out;
}

SignPublic sign_public(const SignSeed& seed) {
  return ExpandedSignKey(seed).key;
}

ByteArray<64> sign(const SignSeed& seed, Domain domain, const RootId& root, Pieces pieces) {
  const ExpandedSignKey key(seed);
  const Bytes message = joined(domain, root, pieces);
  ByteArray<64> signature;
  crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), key.secret.value.data());
  return signature;
}

bool signed_by(const SignPublic& key, BytesView signature, Domain domain, const RootId& root, Pieces pieces) {
  return signature_holds(signature, joined(domain, root, pieces), key);
}

bool is_sound(const SignPublic& key) {
  ByteArray<32> y = key.value;
  y[31] &= 0x7F;  // the top bit is the sign of x
  return is_canonical(y) && !is_one_of(y, kSmallOrderY);
}

ByteArray<32> x25519_public(std::span<const std::uint8_t, 32> secret) {
  ByteArray<32> out;
  crypto_scalarmult_base(out.data(), secret.data());
  return out;
}

bool x25519(std::span<std::uint8_t, 32> out, std::span<const std::uint8_t, 32> secret,
            const ByteArray<32>& point) {
  return crypto_scalarmult(out.data(), secret.data(), point.data()) == 0;
}

bool is_sound_x25519(const ByteArray<32>& point) {
  return is_canonical(point) && !is_one_of(point, kSmallOrderU);
}

Bytes aead_seal(std::span<const std::uint8_t, 32> key, const Nonce& nonce, BytesView ad, BytesView plain) {
  Bytes out(plain.size() + crypto_aead_chacha20poly1305_IETF_ABYTES);
  crypto_aead_chacha20poly1305_ietf_encrypt(out.data(), nullptr, plain.data(), plain.size(), ad.data(),
                                            ad.size(), nullptr, nonce.data(), key.data());
  return out;
}

std::optional<Bytes> aead_open(std::span<const std::uint8_t, 32> key, const Nonce& nonce, BytesView ad,
                               BytesView sealed) {
  if (sealed.size() < crypto_aead_chacha20poly1305_IETF_ABYTES) return std::nullopt;
  Bytes out(sealed.size() - crypto_aead_chacha20poly1305_IETF_ABYTES);
  if (crypto_aead_chacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, sealed.data(), sealed.size(),
                                                ad.data(), ad.size(), nonce.data(), key.data()) != 0)
    return std::nullopt;
  return out;
}

Bytes xaead_seal(std::span<const std::uint8_t, 32> key, BytesView ad, BytesView plain, Rng& rng) {
  constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  static_assert(kNonce + crypto_aead_xchacha20poly1305_ietf_ABYTES == kXaeadOverhead);
  Bytes out(plain.size() + kXaeadOverhead);
  rng.fill(std::span(out).first(kNonce));
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + kNonce, nullptr, plain.data(), plain.size(),
                                             ad.data(), ad.size(), nullptr, out.data(), key.data());
  return out;
}

std::optional<Bytes> xaead_open(std::span<const std::uint8_t, 32> key, BytesView ad, BytesView sealed) {
  if (sealed.size() < kXaeadOverhead) return std::nullopt;
  constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  Bytes out(sealed.size() - kXaeadOverhead);
  const BytesView text = sealed.subspan(kNonce);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, text.data(), text.size(),
                                                 ad.data(), ad.size(), sealed.data(), key.data()) != 0)
    return std::nullopt;
  return out;
}

bool same_secret(BytesView a, BytesView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace noroshi::keys
