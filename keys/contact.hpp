// A node's own word on its links (type 17), signed by the device it names.
//
//   org u16 | dev u16 | gen u8 | version u32 | issued u32 | count u8 | count × (org u16 | dev u16 | class u8
//   | age u8)
//
// 81 bytes and 6 a neighbour with its one signature: 111 for five.
#pragma once

#include <optional>

#include "keys/identity.hpp"
#include "keys/trust.hpp"
#include "proto/bytes.hpp"

namespace noroshi::keys {

/// A contact object names relays, not leaves: nobody has more that matter.
inline constexpr std::size_t kContactNeighboursMax = 64;

struct SignedContact {
  KeyId key;
  Contact contact;
};
[[nodiscard]] Bytes encode_contact(const SignedContact& contact);
[[nodiscard]] std::optional<SignedContact> decode_contact(BytesView body);
[[nodiscard]] std::optional<std::size_t> contact_length(BytesView after_type);

/// The object a relay signs of itself; node and key come from `identity`. Neighbours beyond the limit are
/// left out.
[[nodiscard]] Bytes sign_contact(const Identity& identity, Contact contact);

}  // namespace noroshi::keys
