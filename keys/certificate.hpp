// What an organisation's admin says of device keys: certificate (type 4), revocation (6) and the compact list
// of revocations (18). Fixed layouts, big-endian, times u32 seconds since 2024.
//
//   certificate 122 = org u16 | dev u16 | gen u8 | roles u8 | send mask 6 | level b7..b6, quota b5..b0 |
//   default unit u32
//                     | not_before u32 | valid days u16 | handler u16 | issuer u8 | sign 32 | box 32 | link
//                     32
//   revocation   14 = org u16 | dev u16 | gen u8 | since u32 | reason u8 | issued u32
//   list      8 + … = org u16 | issued u32 | count u16 | count × (dev u16 | gen u8 | since u32 | reason u8)
//   ascending
//
// With the 68 bytes of type and one signature: 190, 82 and 76 + 8 an entry.
#pragma once

#include <optional>
#include <vector>

#include "keys/crypto.hpp"
#include "keys/trust.hpp"
#include "proto/bytes.hpp"

namespace noroshi::keys {

inline constexpr std::size_t kCertificateBodyBytes = 122;
inline constexpr std::size_t kRevocationBodyBytes = 14;

[[nodiscard]] Bytes encode_certificate(const Certificate& certificate);
/// Strict; refuses unsound keys, empty roles, ids out of range.
[[nodiscard]] std::optional<Certificate> decode_certificate(BytesView body);
/// org<<32 | dev<<8 | gen: the owner of certificates and revocations in an inventory.
[[nodiscard]] std::uint64_t owner_of(KeyId key);

enum class RevocationReason : std::uint8_t {
  other = 0,
  lost = 1,
  stolen = 2,
  compromised = 3,
  replaced = 4,
  restored = 5,
  left = 6
};
[[nodiscard]] std::string_view name_of(RevocationReason reason);
[[nodiscard]] std::optional<RevocationReason> revocation_reason_of(std::string_view name);

struct Revocation {
  KeyId key;       ///< gen 0: every generation of the device
  WallTime since;  ///< created ≥ since is refused
  RevocationReason reason = RevocationReason::other;
  WallTime issued;
  bool operator==(const Revocation&) const = default;
};
[[nodiscard]] Bytes encode_revocation(const Revocation& revocation);
[[nodiscard]] std::optional<Revocation> decode_revocation(BytesView body);

/// Cumulative: a newer list names every key of the older one. Also says, when empty, "nothing is revoked as
/// of `issued`".
struct RevocationList {
  OrgId org;
  WallTime issued;                  ///< its version
  std::vector<Revocation> entries;  ///< `issued` of each is the list's
};
[[nodiscard]] Bytes encode_revocation_list(const RevocationList& list);
[[nodiscard]] std::optional<RevocationList> decode_revocation_list(BytesView body);
[[nodiscard]] std::optional<std::size_t> revocation_list_length(BytesView after_type);

/// The send mask and quota that a device of these roles is given by default.
[[nodiscard]] std::uint64_t usual_send_mask(Roles roles);
[[nodiscard]] std::uint8_t usual_quota(Roles roles);
/// "field", "desk", …
[[nodiscard]] std::string_view name_of(Role role);
[[nodiscard]] std::optional<Role> role_of(std::string_view name);

}  // namespace noroshi::keys
