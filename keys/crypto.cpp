#include "keys/crypto.hpp"

#include <sodium.h>

#include "keys/primitives.hpp"

namespace noroshi::keys {

ByteArray<32> file_digest(BytesView file) {
  return sha256(file);
}
ByteArray<32> body_hash(BytesView body) {
  return digest(Label::body_hash, {body});
}

MsgId msg_id_of(const proto::Envelope& envelope) {
  return {digest_to<16>(Label::msg_id, {envelope.head(), body_hash(envelope.body)})};
}
MsgId msg_id_of(const proto::Cover& cover) {
  return {digest_to<16>(Label::msg_id, {cover.outside.head(), cover.body_hash})};
}

ByteArray<8> receipt_digest(std::span<const MsgId> in_seq_order) {
  Bytes ids;
  ids.reserve(16 * in_seq_order.size());
  for (const MsgId& id : in_seq_order) ids.insert(ids.end(), id.value.begin(), id.value.end());
  return digest_to<8>(Label::rcpt_set, {ids});
}

ByteArray<8> mail_digest(const proto::MailSum& sum) {
  return digest_to<8>(Label::mail, {Writer().u64(sum.count).u64(sum.high).u64(sum.low).take()});
}

bool signature_holds(BytesView signature, BytesView message, const SignPublic& key) {
  // libsodium refuses S ≥ L, low-order R and keys, and non-canonical keys here.
  return signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.value.data()) == 0;
}

bool start_cryptography() {
  return sodium_init() >= 0;
}

}  // namespace noroshi::keys
