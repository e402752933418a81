// Steps 4–8 of sealing and the opening that answers them (PROTOCOL.md, "Sealing"): a message from a seed, and
// a seed from a message. Who may say what, and which number comes next, is decided above (seal.hpp).
#pragma once

#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "keys/crypto.hpp"
#include "keys/secret.hpp"
#include "keys/verify.hpp"
#include "proto/envelope.hpp"

namespace noroshi::keys {

/// One recipient of a message about to be sealed.
struct Target {
  RecipientId recipient;
  std::uint8_t epoch = 0;
  std::uint8_t prev = 0;
  BoxPublic key;
};

/// Step 3: hedged, so that a random source that returns constants still gives every message its own seed.
[[nodiscard]] ByteArray<16> hedged_seed(BytesView hedge_key, const ByteArray<32>& random,
                                        const SignPublic& sender, BytesView header, BytesView body);

/// Steps 4–7 for n ≥ 1. `targets` ascending, `body` padded, header.wraps = targets.size(). Nothing if a key
/// is of low order.
[[nodiscard]] std::optional<Bytes> seal_with_seed(const proto::Header& header,
                                                  std::span<const Target> targets, BytesView body,
                                                  const ByteArray<16>& seed, const Secret<32>& sign_seed,
                                                  const RootId& root);
/// n = 0: `body` begins with dst.
[[nodiscard]] Bytes sign_clear(const proto::Header& header, BytesView body, const Secret<32>& sign_seed,
                               const RootId& root);
/// Does the signature of a parsed envelope hold?
[[nodiscard]] bool envelope_signed_by(const proto::Envelope& envelope, const SignPublic& sender,
                                      const RootId& root);
[[nodiscard]] bool cover_signed_by(const proto::Cover& cover, const SignPublic& sender, const RootId& root);

/// content ‖ 0x80 ‖ zeros to exactly `size` bytes (> content).
[[nodiscard]] Bytes pad(BytesView content, std::size_t size);
/// Bytes before the last 0x80; nothing if there is none, or a byte other than zero after it.
[[nodiscard]] std::optional<std::size_t> unpadded_size(BytesView body);

/// The seed that wrap `index` holds for the owner of `secret`. low_order if the envelope's E is.
[[nodiscard]] std::variant<ByteArray<16>, Refusal> unwrap_seed(const proto::Envelope& envelope,
                                                               std::size_t index,
                                                               std::span<const std::uint8_t, 32> secret,
                                                               const SignPublic& sender);
/// The padded body: commitment check, then AEAD.
[[nodiscard]] std::variant<Bytes, Refusal> open_with(const proto::Envelope& envelope,
                                                     const ByteArray<16>& seed, const SignPublic& sender,
                                                     const RootId& root);

}  // namespace noroshi::keys
