// A laptop asks to be enrolled: its public keys, signed by themselves, as a file or one line. The admin
// compares six words face to face with the screen that made it.
//
//   file    = "NOROREQ1" | count u8 | count × request
//   request = org u16 | roles u8 | handler u16 | unit u32 | gen u8 | sign, box, link of gen | sign, box, link
//   of gen + 1
//             | signature by sign(gen) 64 | signature by sign(gen + 1) 64                               330
//             bytes
//
// The keys of the next generation are certified in advance, so that erasure and repair need no admin at hand.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "keys/identity.hpp"
#include "keys/key_file.hpp"
#include "keys/trust.hpp"
#include "proto/bytes.hpp"

namespace noroshi::keys {

struct PublicKeys {
  SignPublic sign;
  BoxPublic box;
  LinkPublic link;
  bool operator==(const PublicKeys&) const = default;
};
[[nodiscard]] PublicKeys public_keys(const KeySet& keys);

struct DeviceRequest {
  OrgId org;
  Roles roles;
  HandlerId handler;
  UnitId unit;
  std::uint8_t gen = 1;
  PublicKeys now, next;
  bool operator==(const DeviceRequest&) const = default;
};
/// One laptop asks for its relay and its person at once.
inline constexpr std::size_t kRequestsMax = 8;

/// One signed request for the devices whose keys are given, in the same order as `requests` (whose keys are
/// filled in).
[[nodiscard]] Bytes encode_requests(std::vector<DeviceRequest> requests,
                                    const std::vector<const DeviceKeys*>& keys);
/// Strict: both signatures of every request hold, every key is sound.
[[nodiscard]] std::optional<std::vector<DeviceRequest>> decode_requests(BytesView file);
/// The same as one line "NORO1R:" base32, for a message or a QR code.
[[nodiscard]] std::string request_line(BytesView file);
[[nodiscard]] std::optional<Bytes> request_from_line(std::string_view line);
/// The six words both screens show.
[[nodiscard]] std::string request_words(BytesView file);

}  // namespace noroshi::keys
