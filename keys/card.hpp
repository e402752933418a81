// One line that introduces a node to its neighbour: who it is, its keys, where it listens. It is believed
// only as far as a certificate of the same network says the same (no trust on first use).
//
//   "NORO1:" base32( 1 u8 | root_id 8 | org u16 | dev u16 | gen u8 | link 32 | sign 32 | address ≤ 64 as u8 +
//   text | check 4 )
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "keys/crypto.hpp"
#include "proto/ids.hpp"

namespace noroshi::keys {

inline constexpr std::size_t kCardAddressMax = 64;

struct Card {
  RootId root;
  KeyId key;
  LinkPublic link;
  SignPublic sign;
  std::string address;  ///< may be empty: this node dials out
  bool operator==(const Card&) const = default;
};
/// The address is cut to its maximum.
[[nodiscard]] std::string encode_card(const Card& card);
[[nodiscard]] std::optional<Card> decode_card(std::string_view line);

}  // namespace noroshi::keys
