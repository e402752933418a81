// The root of a network: n officers' keys of which k together decide (type 1).
//
//   version u32 | issued u32 | k u8 | n u8 | n × Ed25519 key 32
//
// The first root (version 1) is signed by all n, and a person compares its digest: it is never learnt from
// the network. Version N + 1 needs k signatures of N (index 0x80 | i) and k of N + 1 (index i).
#pragma once

#include <optional>
#include <vector>

#include "keys/crypto.hpp"
#include "proto/bytes.hpp"
#include "proto/time.hpp"

namespace noroshi::keys {

struct Root {
  std::uint32_t version = 0;
  WallTime issued;
  std::uint8_t threshold = 0;    ///< k, 1..n
  std::vector<SignPublic> keys;  ///< n, 1..kRootKeysMax, all different
  bool operator==(const Root&) const = default;
};
inline constexpr std::size_t kRootKeysMax = 15;

[[nodiscard]] Bytes encode_root(const Root& root);
/// Strict; refuses unsound and repeated keys.
[[nodiscard]] std::optional<Root> decode_root(BytesView body);
[[nodiscard]] std::optional<std::size_t> root_length(BytesView after_type);

/// Digest of the first root's body: its first 8 bytes are the root id, its first 88 bits the 8 words people
/// compare.
[[nodiscard]] ByteArray<32> root_digest_of(BytesView first_root_body);
[[nodiscard]] RootId root_id_of(BytesView first_root_body);

}  // namespace noroshi::keys
