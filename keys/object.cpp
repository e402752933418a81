#include "keys/object.hpp"

#include <algorithm>
#include <array>

#include "keys/certificate.hpp"
#include "keys/contact.hpp"
#include "keys/document.hpp"
#include "keys/epoch.hpp"
#include "keys/language.hpp"
#include "keys/root.hpp"
#include "keys/roster.hpp"
#include "proto/limits.hpp"

namespace noroshi::keys {
namespace {

/// Type, one byte of body, count, kind, signature: whatever is shorter is nothing.
constexpr std::size_t kSmallestObject = 1 + 1 + 1 + 1 + 64;

std::optional<ObjectSignature> get_signature(Reader& in, ObjectType type) {
  ObjectSignature s;
  const std::uint8_t kind = in.u8();
  if (kind > static_cast<std::uint8_t>(SignerKind::device)) return std::nullopt;
  s.kind = static_cast<SignerKind>(kind);
  if (s.kind != SignerKind::device) {
    s.index = in.u8();
  } else if (type != ObjectType::contact) {
    s.device.device.org = {in.u16()};
    s.device.device.dev = in.u16();
    s.device.gen = in.u8();
  }
  s.signature = in.array<64>();
  return in.ok() ? std::optional(s) : std::nullopt;
}

void put_signature(Writer& out, ObjectType type, const ObjectSignature& s) {
  out.u8(static_cast<std::uint8_t>(s.kind));
  if (s.kind != SignerKind::device)
    out.u8(s.index);
  else if (type != ObjectType::contact)
    out.u16(s.device.device.org.value).u16(s.device.device.dev).u8(s.device.gen);
  out.bytes(s.signature);
}

}  // namespace

std::optional<Domain> domain_of(ObjectType type) {
  switch (type) {
    case ObjectType::root: return Domain::root;
    case ObjectType::roster:
    case ObjectType::roster_delta: return Domain::roster;
    case ObjectType::certificate: return Domain::certificate;
    case ObjectType::revocation: return Domain::revocation;
    case ObjectType::revocation_list: return Domain::revocation_list;
    case ObjectType::epoch: return Domain::epoch;
    case ObjectType::epoch_void: return Domain::epoch_void;
    case ObjectType::transport_key: return Domain::transport;
    case ObjectType::units: return Domain::units;
    case ObjectType::places: return Domain::places;
    case ObjectType::catalogue: return Domain::catalogue;
    case ObjectType::incident: return Domain::incident;
    case ObjectType::contact: return Domain::contact;
    case ObjectType::organisation_list:
    case ObjectType::delegation:
    case ObjectType::log_head:
    case ObjectType::network_key: break;
  }
  return std::nullopt;
}

std::string_view name_of(ObjectType type) {
  switch (type) {
    case ObjectType::root: return "root";
    case ObjectType::roster: return "roster";
    case ObjectType::roster_delta: return "roster delta";
    case ObjectType::certificate: return "certificate";
    case ObjectType::organisation_list: return "organisation list";
    case ObjectType::revocation: return "revocation";
    case ObjectType::epoch: return "epoch";
    case ObjectType::epoch_void: return "epoch void";
    case ObjectType::transport_key: return "transport key";
    case ObjectType::delegation: return "delegation";
    case ObjectType::log_head: return "log head";
    case ObjectType::units: return "units";
    case ObjectType::places: return "places";
    case ObjectType::catalogue: return "catalogue";
    case ObjectType::incident: return "incident";
    case ObjectType::network_key: return "network key";
    case ObjectType::contact: return "contact";
    case ObjectType::revocation_list: return "revocation list";
  }
  return "object";
}

std::string spoken_name(ObjectType type) {
  static constexpr std::array<std::string_view, 19> kJapanese = {
      "オブジェクト", "根",           "名簿",   "名簿の差分", "証明書",     "組織の一覧",     "失効",
      "暗号期",       "暗号期の無効", "配送鍵", "委任",       "記録の先頭", "報告単位の台帳", "所在",
      "様式集",       "事案",         "網の鍵", "連絡先",     "失効一覧"};
  const auto index = static_cast<std::size_t>(type);
  return said(index < kJapanese.size() ? kJapanese[index] : kJapanese[0], name_of(type));
}

std::optional<std::size_t> body_length(ObjectType type, BytesView after_type) {
  switch (type) {
    case ObjectType::root: return root_length(after_type);
    case ObjectType::roster: return roster_length(after_type);
    case ObjectType::roster_delta: return delta_length(after_type);
    case ObjectType::certificate: return kCertificateBodyBytes;
    case ObjectType::revocation: return kRevocationBodyBytes;
    case ObjectType::revocation_list: return revocation_list_length(after_type);
    case ObjectType::epoch: return kEpochBodyBytes;
    case ObjectType::epoch_void: return kEpochVoidBodyBytes;
    case ObjectType::transport_key: return kTransportBodyBytes;
    case ObjectType::units:
    case ObjectType::places:
    case ObjectType::catalogue:
    case ObjectType::incident: return document_length(after_type);
    case ObjectType::contact: return contact_length(after_type);
    case ObjectType::organisation_list:
    case ObjectType::delegation:
    case ObjectType::log_head:
    case ObjectType::network_key: break;
  }
  return std::nullopt;
}

std::optional<SignedObject> parse_object(BytesView bytes) {
  if (bytes.size() < kSmallestObject || bytes.size() > kObjectBytesMax) return std::nullopt;
  SignedObject object;
  object.type = static_cast<ObjectType>(bytes[0]);
  if (!domain_of(object.type)) return std::nullopt;
  const BytesView after_type = bytes.subspan(1);
  const auto length = body_length(object.type, after_type);
  if (!length || *length >= after_type.size()) return std::nullopt;
  object.body = after_type.first(*length);
  object.signed_part = bytes.first(1 + *length);

  Reader in(after_type.subspan(*length));
  const std::size_t count = in.u8();
  if (count == 0 || count > kSignaturesMax) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    const auto signature = get_signature(in, object.type);
    if (!signature) return std::nullopt;
    object.signatures.push_back(*signature);
  }
  if (!in.done()) return std::nullopt;
  return object;
}

ObjectSignature sign_body(ObjectType type, BytesView body, const RootId& root, const Signer& signer) {
  NOROSHI_ASSERT(domain_of(type) && signer.seed != nullptr);
  // A delta is signed as the roster it leads to.
  const auto byte = static_cast<std::uint8_t>(type);
  return {signer.kind, signer.index, signer.device,
          sign(*signer.seed, *domain_of(type), root, {BytesView(&byte, 1), body})};
}

Bytes join_object(ObjectType type, BytesView body, const std::vector<ObjectSignature>& signatures) {
  Writer out;
  out.u8(static_cast<std::uint8_t>(type)).bytes(body).u8(static_cast<std::uint8_t>(signatures.size()));
  for (const ObjectSignature& s : signatures) put_signature(out, type, s);
  return out.take();
}

Bytes sign_object(ObjectType type, BytesView body, const RootId& root, const std::vector<Signer>& signers) {
  std::vector<ObjectSignature> signatures;
  for (const Signer& signer : signers) signatures.push_back(sign_body(type, body, root, signer));
  return join_object(type, body, signatures);
}

bool object_signed_by(const SignedObject& object, const ObjectSignature& signature, const SignPublic& key,
                      const RootId& root) {
  return signed_by(key, signature.signature, *domain_of(object.type), root, {object.signed_part});
}

ByteArray<8> object_hash(BytesView signed_part) {
  return digest_to<8>(Label::state, {signed_part});
}

std::uint32_t stamp(WallTime time) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(time.s, 0, 0xFFFF'FFFF));
}

}  // namespace noroshi::keys
