#include "tests/fuzz/world.hpp"

#include <algorithm>

#include "keys/contact.hpp"

namespace noroshi::fuzz {
namespace {

bool knows(DeviceId device) {
  static const std::vector<DeviceId> devices = network().devices();
  return std::find(devices.begin(), devices.end(), device) != devices.end();
}

/// Every object of an organisation begins with its number, or with a group that the national body speaks for.
std::optional<OrgId> speaker_of(const keys::SignedObject& object) {
  static const std::vector<OrgId> organisations = network().organisations();
  const std::uint16_t first = Reader(object.body).u16();
  if (RecipientId{first} == test::kEverybody) return test::kNational;
  const bool known =
      std::find(organisations.begin(), organisations.end(), OrgId{first}) != organisations.end();
  return known ? std::optional(OrgId{first}) : std::nullopt;
}

const keys::SignSeed* key_of(const keys::SignedObject& object, const keys::ObjectSignature& signature) {
  const auto speaker = speaker_of(object);
  switch (signature.kind) {
    case keys::SignerKind::root: {
      const int officer = signature.index & 0x7F;
      return officer < 5 ? &network().root_key(officer) : nullptr;
    }
    case keys::SignerKind::admin: return speaker ? &network().admin_key(*speaker) : nullptr;
    case keys::SignerKind::recovery: return speaker ? &network().recovery_key(*speaker) : nullptr;
    case keys::SignerKind::device: {
      DeviceId device = signature.device.device;
      if (object.type == keys::ObjectType::contact)
        if (const auto contact = keys::decode_contact(object.body)) device = contact->key.device;
      return knows(device) ? &network().identity(device).secrets().sign : nullptr;
    }
  }
  return nullptr;
}

}  // namespace

Bytes signed_again(const proto::Envelope& envelope) {
  if (!knows(envelope.header.source.device)) return bytes_of(envelope.bytes);
  const keys::Secret<32>& key = network().identity(envelope.header.source.device).secrets().sign;
  const ByteArray<32> body = keys::body_hash(envelope.body);
  const auto signature =
      keys::sign(key, keys::Domain::envelope, network().root_id(), {envelope.head(), body});
  Bytes out = bytes_of(envelope.bytes);
  std::copy(signature.begin(), signature.end(), out.end() - proto::kSignatureBytes);
  return out;
}

Bytes signed_again(const keys::SignedObject& object) {
  std::vector<keys::ObjectSignature> signatures = object.signatures;
  const auto domain = keys::domain_of(object.type);
  for (keys::ObjectSignature& signature : signatures)
    if (const keys::SignSeed* key = key_of(object, signature); key && domain)
      signature.signature = keys::sign(*key, *domain, network().root_id(), {object.signed_part});
  return keys::join_object(object.type, object.body, signatures);
}

}  // namespace noroshi::fuzz
