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

struct Statement {
  Bytes body, signed_part;
};

/// What the object says, as its signers would have said it. A delta's signatures are those of the roster it
/// leads to, and it carries that roster's digest.
Statement statement_of(const keys::SignedObject& object) {
  if (object.type == keys::ObjectType::roster_delta)
    if (auto delta = keys::decode_delta(object.body)) {
      keys::Roster result{delta->head, network().roster().entries};
      for (const auto& [id, entry] : delta->changes) result.entries[id] = entry;
      std::erase_if(result.entries, [](const auto& entry) { return entry.second.empty(); });
      delta->digest = keys::roster_digest(result);
      const Bytes whole = keys::encode_roster(result);
      return {keys::encode_delta(*delta),
              Writer().u8(static_cast<std::uint8_t>(keys::ObjectType::roster)).bytes(whole).take()};
    }
  return {bytes_of(object.body), bytes_of(object.signed_part)};
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
  const Statement statement = statement_of(object);
  for (keys::ObjectSignature& signature : signatures)
    if (const keys::SignSeed* key = key_of(object, signature); key && domain)
      signature.signature = keys::sign(*key, *domain, network().root_id(), {statement.signed_part});
  return keys::join_object(object.type, statement.body, signatures);
}

}  // namespace noroshi::fuzz
