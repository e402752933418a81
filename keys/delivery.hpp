// How epoch secrets reach the devices that may read (content of ctype 4, and of enrolment bundles), and what
// they are believed for: a secret is kept only if its public half is that of a signed epoch or transport key.
//
//   content = count u16 × (owner u16 | number u32 | secret 32)
//   sealed  = org u16 | dev u16 | gen u8 | E 32 | nonce 24 | XChaCha20-Poly1305(content)     to one device's
//   box key
//
// Never to an epoch key: a recorded delivery would be a back door to what was erased.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "keys/seal.hpp"
#include "keys/trust.hpp"
#include "proto/bytes.hpp"
#include "proto/random.hpp"

namespace noroshi::keys {

inline constexpr std::size_t kDeliveriesMax = 64;

[[nodiscard]] Bytes encode_delivery(std::span<const EpochSecret* const> secrets);
[[nodiscard]] std::optional<std::vector<EpochSecret>> decode_delivery(BytesView content);

/// For a bundle: readable by the holder of the device's box key alone.
[[nodiscard]] Bytes seal_delivery(std::span<const EpochSecret* const> secrets, const Certificate& device,
                                  const RootId& root, Rng& rng);
/// Nothing if it is for another device, or does not open.
[[nodiscard]] std::optional<std::vector<EpochSecret>> open_delivery(BytesView sealed,
                                                                    const Identity& identity);
[[nodiscard]] std::optional<KeyId> addressee_of(BytesView sealed);

/// Is it the secret half of a key that its owner's admin signed?
[[nodiscard]] bool is_genuine(const EpochSecret& secret, const Trust& trust);

/// The ctype 4 messages that bring `secrets` to these devices of the sender's own organisation or to other
/// organisations' transport keys, fifteen recipients a message. For the admin device's sequencer.
[[nodiscard]] std::vector<Draft> delivery_drafts(std::span<const EpochSecret* const> secrets,
                                                 const std::vector<RecipientId>& recipients);

}  // namespace noroshi::keys
