// Public halves of the keys that content is sealed to: epoch (type 7), epoch void (8), transport key (9).
// Signed by the admin of the owner; a group's epochs by its owning organisation's admin.
//
//   epoch      50 = owner u16 | number u32 | incident u32 | not_before u32 | not_after u32 | X25519 key 32
//   epoch void 18 = owner u16 | first u32 | last u32 | successor u32 | issued u32
//   transport  42 = org u16 | number u32 | issued u32 | X25519 key 32
#pragma once

#include <optional>

#include "keys/crypto.hpp"
#include "keys/trust.hpp"
#include "proto/bytes.hpp"

namespace noroshi::keys {

inline constexpr std::size_t kEpochBodyBytes = 50, kEpochVoidBodyBytes = 18, kTransportBodyBytes = 42;

[[nodiscard]] Bytes encode_epoch(const EpochKey& epoch);
[[nodiscard]] std::optional<EpochKey> decode_epoch(BytesView body);

/// Epochs first..last of an owner: nobody seals to them any more.
struct EpochVoid {
  RecipientId owner;
  std::uint32_t first = 0, last = 0;
  std::uint32_t successor = 0;  ///< use this one instead; 0 = whatever is current
  WallTime issued;
  bool operator==(const EpochVoid&) const = default;
};
[[nodiscard]] Bytes encode_epoch_void(const EpochVoid& gone);
[[nodiscard]] std::optional<EpochVoid> decode_epoch_void(BytesView body);

[[nodiscard]] Bytes encode_transport(const TransportKey& key);
[[nodiscard]] std::optional<TransportKey> decode_transport(BytesView body);

}  // namespace noroshi::keys
