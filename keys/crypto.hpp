// The public functions of cryptography that others need: digests and names, no secret.
// F(out, label, key, in) = first `out` bytes of HMAC-SHA-256(key, label16 ‖ in); with no key SHA-256(label16
// ‖ in) (PROTOCOL.md, "Functions"). Algorithms: SHA-256, HMAC-SHA-256, Ed25519, X25519, ChaCha20-Poly1305.
#pragma once

#include <span>

#include "proto/bytes.hpp"
#include "proto/envelope.hpp"
#include "proto/ids.hpp"
#include "proto/mail.hpp"

namespace noroshi::keys {

struct SignPublic {
  ByteArray<32> value{};
  auto operator<=>(const SignPublic&) const = default;
};
struct BoxPublic {
  ByteArray<32> value{};
  auto operator<=>(const BoxPublic&) const = default;
};
/// ZeroMQ CURVE key of a device, and the source of pairwise link MACs.
struct LinkPublic {
  ByteArray<32> value{};
  auto operator<=>(const LinkPublic&) const = default;
};

/// F(32, "NORO1 body hash", ∅, ct‖tag or the clear body).
[[nodiscard]] ByteArray<32> body_hash(BytesView body);
/// F(16, "NORO1 msg id", ∅, H ‖ E ‖ W ‖ body hash): a re-signed copy is the same message.
[[nodiscard]] MsgId msg_id_of(const proto::Envelope& envelope);
[[nodiscard]] MsgId msg_id_of(const proto::Cover& cover);
/// F(8, "NORO1 rcpt set", ∅, msg_ids in seq order): what a receipt entry commits to.
[[nodiscard]] ByteArray<8> receipt_digest(std::span<const MsgId> in_seq_order);
/// F(8, "NORO1 mail", ∅, count ‖ sum): what two relays compare of a stretch of mail. By itself the sum of ids
/// could be steered by whoever writes many messages.
[[nodiscard]] ByteArray<8> mail_digest(const proto::MailSum& sum);
/// SHA-256: what a report names an attached file by.
[[nodiscard]] ByteArray<32> file_digest(BytesView file);
/// F(8, "NORO1 state", ∅, sorted (type, owner, version, F(8, stored bytes))) is Trust::state_digest.
/// Ed25519 with refusal of low-order and non-canonical keys.
[[nodiscard]] bool signature_holds(BytesView signature, BytesView message, const SignPublic& key);

/// Call once before anything of keys/; false if libsodium cannot start.
[[nodiscard]] bool start_cryptography();

}  // namespace noroshi::keys
