#include "keys/admission.hpp"

#include <algorithm>

#include "keys/contact.hpp"
#include "keys/language.hpp"

namespace noroshi::keys {
namespace {

Step refused(std::string why) {
  return {Applied::refused, std::move(why), {}};
}
Step unproven(std::string why) {
  return {Applied::unproven, std::move(why), {}};
}
Step known() {
  return {Applied::known, {}, {}};
}
Step added() {
  return {Applied::added, {}, {}};
}
Step conflict(std::string why) {
  return {Applied::conflict, std::move(why), {}};
}

std::string organisation_text(OrgId org) {
  return said("組織 ", "organisation ") + std::to_string(org.value);
}
std::string no_certificate(KeyId key) {
  return said("手元に証明書がありません: ", "no certificate is held here of ") + to_string(key);
}
Step malformed() {
  return refused(said("形が正しくありません", "malformed"));
}

// ---- signatures ---------------------------------------------------------------------------------

/// A step that stops, or the key that signed.
struct Proof {
  std::optional<Step> stop;
  SignPublic signer;
};
Proof stop(Step step) {
  return {std::move(step), {}};
}

Proof proof_by(const Snapshot& trust, const Candidate& c, const ObjectSignature& signature,
               const SignPublic& key) {
  if (c.proven == key || object_signed_by(c.object, signature, key, trust.root_id_))
    return {std::nullopt, key};
  return stop(refused(said("署名が正しくありません", "the signature does not hold")));
}

/// Exactly one signature, by an admin key of `org`.
Proof proof_of_admin(const Snapshot& trust, const Candidate& c, OrgId org) {
  if (c.object.signatures.size() != 1 || c.object.signatures[0].kind != SignerKind::admin)
    return stop(refused(
        said("組織の管理者の署名が 1 つ要ります", "one signature of the organisation's admin is needed")));
  const Organisation* organisation = trust.organisation(org);
  if (!organisation)
    return stop(unproven(organisation_text(org) +
                         said(" は手元の名簿にありません", " is not in the roster held here")));
  const ObjectSignature& signature = c.object.signatures[0];
  const SignPublic* key = organisation->admin_key(signature.index);
  if (!key)
    return stop(unproven(organisation_text(org) + said(" のその管理者の鍵は手元の名簿にありません",
                                                       " has no such admin key in the roster held here")));
  return proof_by(trust, c, signature, *key);
}

Step needs_roots(std::size_t have, std::size_t need) {
  return refused(said("根の署名 ", "root signatures: ") + std::to_string(have) + "/" + std::to_string(need));
}

// ---- root and roster ----------------------------------------------------------------------------

Step apply_root(Snapshot& trust, const Candidate& c) {
  const auto root = decode_root(c.object.body);
  if (!root) return malformed();
  const ObjectRef ref = c.ref(0, root->version);
  if (root->version <= trust.roots_.size())
    return trust.roots_[root->version - 1]->ref == ref
               ? known()
               : conflict(said("同じ版の別の根です", "another root of the same version"));
  if (root->version != trust.roots_.size() + 1)
    return unproven(said("ひとつ前の根が手元にありません", "the root before it is not held here"));
  const Root& before = trust.root();
  const Domain domain = Domain::root;
  const std::size_t old_signers =
      distinct_signers(before.keys, true, c.object, c.object.signed_part, domain, trust.root_id_);
  const std::size_t new_signers =
      distinct_signers(root->keys, false, c.object, c.object.signed_part, domain, trust.root_id_);
  if (old_signers < before.threshold) return needs_roots(old_signers, before.threshold);
  if (new_signers < root->threshold) return needs_roots(new_signers, root->threshold);
  trust.roots_.push_back(c.held(*root, ref, {}));
  return added();
}

/// The tables of a roster; nothing if an entry that this version reads does not hold.
std::shared_ptr<const RosterTable> table_of(Roster roster, Bytes bytes, const ObjectRef& ref) {
  auto table = std::make_shared<RosterTable>();
  for (const auto& [id, entry] : roster.entries) {
    const RecipientId name{id};
    if (proto::kind_of(name) == proto::RecipientKind::organisation) {
      auto organisation = decode_organisation({id}, entry);
      if (!organisation) return nullptr;
      table->organisations.emplace(OrgId{id}, *std::move(organisation));
    } else {
      auto group = decode_group(name, entry);
      if (!group) return nullptr;
      table->groups.emplace(name, *std::move(group));
    }
  }
  table->digest = roster_digest(roster);
  table->held = {std::move(roster), std::move(bytes), ref, {}};
  return table;
}

/// `body` with the object's signatures is a full roster, given whole or made of a delta.
Step take_roster(Snapshot& trust, const SignedObject& object, BytesView body, Roster roster) {
  const RosterHead& head = roster.head;
  const Bytes whole = join_object(ObjectType::roster, body, object.signatures);
  const BytesView signed_part = BytesView(whole).first(1 + body.size());
  const ObjectRef ref{ObjectType::roster, 0, head.version, object_hash(signed_part)};
  if (trust.roster_) {
    const RosterHead& held = trust.roster_->held.value.head;
    if (head.version < held.version) return known();
    if (head.version == held.version)
      return ref == trust.roster_->held.ref
                 ? known()
                 : conflict(said("同じ版の別の名簿です", "another roster of the same version"));
    if (head.root_version < held.root_version)
      return refused(said("替わった後の古い根の署名です", "signed by a root that has been replaced"));
    if (head.version == held.version + 1 && head.previous != trust.roster_->digest)
      return refused(said("手元の名簿の続きではありません", "it does not follow the roster held here"));
  }
  if (head.root_version > trust.roots_.size())
    return unproven(said("署名した根が手元にありません", "the root that signed it is not held here"));
  const Root& root = trust.roots_[head.root_version - 1]->value;
  const std::size_t signers =
      distinct_signers(root.keys, false, object, signed_part, Domain::roster, trust.root_id_);
  if (signers < root.threshold) return needs_roots(signers, root.threshold);
  auto table = table_of(std::move(roster), whole, ref);
  if (!table) return refused(said("名簿に読めない項目があります", "malformed entry in the roster"));
  trust.roster_ = std::move(table);
  Step step = added();
  step.ref = ref;
  return step;
}

Step apply_roster(Snapshot& trust, const Candidate& c) {
  auto roster = decode_roster(c.object.body);
  if (!roster) return malformed();
  return take_roster(trust, c.object, c.object.body, *std::move(roster));
}

Step apply_roster_delta(Snapshot& trust, const Candidate& c) {
  const auto delta = decode_delta(c.object.body);
  if (!delta) return malformed();
  if (delta->head.version <= trust.roster_version()) return known();
  if (!trust.roster_ || delta->base != trust.roster_version())
    return unproven(said("手元にない名簿への差分です：第", "it changes a roster that is not held here: ") +
                    std::to_string(delta->base) + said("版", ""));
  auto roster = apply_delta(trust.roster_->held.value, *delta);
  if (!roster) return refused(said("差分が名簿と合いません", "the delta does not give the roster it names"));
  const Bytes body = encode_roster(*roster);
  if (body.size() + 1 > kObjectBytesMax)
    return refused(said("名簿が大きすぎます", "the roster would be too large"));
  return take_roster(trust, c.object, body, *std::move(roster));
}

// ---- devices ------------------------------------------------------------------------------------

Step apply_certificate(Snapshot& trust, const Candidate& c) {
  const auto certificate = decode_certificate(c.object.body);
  if (!certificate) return malformed();
  const OrgId org = certificate->key.device.org;
  const ObjectRef ref = c.ref(owner_of(certificate->key), 0);
  const auto at = trust.devices_.find(org);
  if (at != trust.devices_.end()) {
    const auto held = at->second->certificates.find(certificate->key);
    if (held != at->second->certificates.end() && held->second->ref == ref) return known();
  }
  const Proof proof = proof_of_admin(trust, c, org);
  if (proof.stop) return *proof.stop;
  if (c.object.signatures[0].index != certificate->issuer)
    return refused(said("名乗る管理者の鍵と署名が違います", "signed by another admin key than it says"));
  if (certificate->roles.bits & ~trust.organisation(org)->role_mask.bits)
    return refused(organisation_text(org) + said(" はこの役割を認められません", " may not give these roles"));
  if (trust.certificate(certificate->key))
    return conflict(said("証明書が二つあります: ", "two certificates for ") + to_string(certificate->key));
  if (const Certificate* other = trust.certificate_by_link_key(certificate->link); other)
    return conflict(said("回線の鍵が別の端末のものです: ", "its link key is already certified for ") +
                    to_string(other->key));
  DeviceTable& table = owned(trust.devices_[org]);
  table.certificates.emplace(certificate->key, c.held(*certificate, ref, proof.signer));
  table.by_link.emplace(certificate->link, certificate->key);
  return added();
}

/// An organisation's word (or the roots') goes before the device's own, then the earlier date, then the
/// smaller hash: the same winner everywhere, in whatever order they come.
bool stronger(const Held<Revocation>& a, const Held<Revocation>& b) {
  const auto rank = [](const Held<Revocation>& r) {
    const bool own_word =
        r.bytes[1 + kRevocationBodyBytes + 1] == static_cast<std::uint8_t>(SignerKind::device);
    return std::tuple(own_word, r.value.since, r.ref.hash);
  };
  return rank(a) < rank(b);
}

/// Admin, recovery key, k roots, or the device itself.
Proof proof_of_revocation(const Snapshot& trust, const Candidate& c, const Revocation& revocation) {
  const ObjectSignature& first = c.object.signatures[0];
  const OrgId org = revocation.key.device.org;
  switch (first.kind) {
    case SignerKind::admin: return proof_of_admin(trust, c, org);
    case SignerKind::recovery: {
      const Organisation* organisation = trust.organisation(org);
      if (!organisation)
        return stop(unproven(organisation_text(org) +
                             said(" は手元の名簿にありません", " is not in the roster held here")));
      if (c.object.signatures.size() != 1)
        return stop(refused(said("署名が 1 つ要ります", "one signature is needed")));
      return proof_by(trust, c, first, organisation->recovery);
    }
    case SignerKind::device: {
      if (c.object.signatures.size() != 1 || first.device.device != revocation.key.device)
        return stop(refused(said("端末が失効できるのは自分だけです", "a device may revoke only itself")));
      const Certificate* certificate = trust.certificate(first.device);
      if (!certificate) return stop(unproven(no_certificate(first.device)));
      return proof_by(trust, c, first, certificate->sign);
    }
    case SignerKind::root: break;
  }
  const Root& root = trust.root();
  const std::size_t signers =
      distinct_signers(root.keys, false, c.object, c.object.signed_part, Domain::revocation, trust.root_id_);
  if (signers < root.threshold) return stop(needs_roots(signers, root.threshold));
  return {};
}

Step apply_revocation(Snapshot& trust, const Candidate& c) {
  const auto revocation = decode_revocation(c.object.body);
  if (!revocation) return malformed();
  const ObjectRef ref = c.ref(owner_of(revocation->key), stamp(revocation->issued));
  const Proof proof = proof_of_revocation(trust, c, *revocation);
  if (proof.stop) return *proof.stop;
  const auto held = c.held(*revocation, ref, proof.signer);
  DeviceTable& table = owned(trust.devices_[revocation->key.device.org]);
  auto& place = table.revocations[revocation->key];
  if (place && (place->ref == ref || !stronger(*held, *place))) return known();
  place = held;
  return added();
}

/// Does the newer list name everything the older one did, from the same time or earlier?
bool covers(const RevocationList& newer, const RevocationList& older) {
  return std::all_of(older.entries.begin(), older.entries.end(), [&](const Revocation& was) {
    return std::any_of(newer.entries.begin(), newer.entries.end(),
                       [&](const Revocation& is) { return is.key == was.key && is.since <= was.since; });
  });
}

Step apply_revocation_list(Snapshot& trust, const Candidate& c) {
  auto list = decode_revocation_list(c.object.body);
  if (!list) return malformed();
  const ObjectRef ref = c.ref(list->org.value, stamp(list->issued));
  const auto at = trust.devices_.find(list->org);
  const RevocationList* held =
      at != trust.devices_.end() && at->second->list ? &at->second->list->value : nullptr;
  if (held && (at->second->list->ref == ref || list->issued < held->issued)) return known();
  const Proof proof = proof_of_admin(trust, c, list->org);
  if (proof.stop) return *proof.stop;
  if (held && (list->issued == held->issued || !covers(*list, *held)))
    return conflict(said("新しい失効一覧は古い一覧のすべてを含まねばなりません",
                         "a newer revocation list must name everything the older one did"));
  const OrgId org = list->org;
  owned(trust.devices_[org]).list = c.held(*std::move(list), ref, proof.signer);
  return added();
}

Step apply_contact(Snapshot& trust, const Candidate& c) {
  auto contact = decode_contact(c.object.body);
  if (!contact) return malformed();
  const DeviceId node = contact->key.device;
  const ObjectRef ref = c.ref(owner_of({node, 0}), contact->contact.version);
  if (const Contact* held = trust.contact(node); held && held->version >= contact->contact.version)
    return known();
  if (c.object.signatures.size() != 1 || c.object.signatures[0].kind != SignerKind::device)
    return refused(said("その中継機自身の署名が 1 つ要ります", "one signature of the node itself is needed"));
  const Certificate* certificate = trust.certificate(contact->key);
  if (!certificate) return unproven(no_certificate(contact->key));
  if (!certificate->roles.has(Role::relay) && !certificate->roles.has(Role::gateway))
    return refused(to_string(node) + said(" は中継機ではありません", " is no relay"));
  if (trust.revoked_since(contact->key))
    return refused(to_string(contact->key) + said(" は失効しています", " is revoked"));
  const Proof proof = proof_by(trust, c, c.object.signatures[0], certificate->sign);
  if (proof.stop) return *proof.stop;
  owned(trust.devices_[node.org]).contacts[node] = c.held(std::move(contact->contact), ref, proof.signer);
  return added();
}

// ---- epochs -------------------------------------------------------------------------------------

/// The organisation that speaks for an epoch owner: itself, or the group's owner.
std::optional<OrgId> speaker_of(const Snapshot& trust, RecipientId owner) {
  if (proto::kind_of(owner) == proto::RecipientKind::organisation) return OrgId{owner.value};
  const Group* group = trust.group(owner);
  return group ? std::optional(group->owner) : std::nullopt;
}

Step apply_epoch(Snapshot& trust, const Candidate& c) {
  const auto epoch = decode_epoch(c.object.body);
  if (!epoch) return malformed();
  const ObjectRef ref = c.ref(epoch->owner.value, epoch->number);
  const auto at = trust.epochs_.find(epoch->owner);
  const bool taken = at != trust.epochs_.end() && at->second->epochs.contains(epoch->number);
  if (taken && at->second->epochs.at(epoch->number)->ref == ref) return known();
  const auto speaker = speaker_of(trust, epoch->owner);
  if (!speaker)
    return unproven(said("そのグループは手元の名簿にありません", "its group is not in the roster held here"));
  const Proof proof = proof_of_admin(trust, c, *speaker);
  if (proof.stop) return *proof.stop;
  if (taken) return conflict(said("同じ番号の暗号期が二つあります", "two epochs with one number"));
  owned(trust.epochs_[epoch->owner]).epochs.emplace(epoch->number, c.held(*epoch, ref, proof.signer));
  return added();
}

Step apply_epoch_void(Snapshot& trust, const Candidate& c) {
  const auto gone = decode_epoch_void(c.object.body);
  if (!gone) return malformed();
  const ObjectRef ref = c.ref(static_cast<std::uint64_t>(gone->owner.value) << 32 | gone->first, gone->last);
  const std::pair range(gone->first, gone->last);
  const auto at = trust.epochs_.find(gone->owner);
  if (at != trust.epochs_.end() && at->second->voids.contains(range)) return known();
  const auto speaker = speaker_of(trust, gone->owner);
  if (!speaker)
    return unproven(said("そのグループは手元の名簿にありません", "its group is not in the roster held here"));
  const Proof proof = proof_of_admin(trust, c, *speaker);
  if (proof.stop) return *proof.stop;
  owned(trust.epochs_[gone->owner]).voids.emplace(range, c.held(*gone, ref, proof.signer));
  return added();
}

Step apply_transport(Snapshot& trust, const Candidate& c) {
  const auto key = decode_transport(c.object.body);
  if (!key) return malformed();
  const ObjectRef ref = c.ref(key->org.value, key->number);
  const auto at = trust.transports_.find(key->org);
  if (at != trust.transports_.end() && (at->second->ref == ref || key->number < at->second->value.number))
    return known();
  const Proof proof = proof_of_admin(trust, c, key->org);
  if (proof.stop) return *proof.stop;
  if (at != trust.transports_.end() && key->number == at->second->value.number)
    return conflict(said("同じ番号の配送鍵が二つあります", "two transport keys with one number"));
  trust.transports_[key->org] = c.held(*key, ref, proof.signer);
  return added();
}

// ---- documents ----------------------------------------------------------------------------------

/// Reads what this version knows of the content; nothing if it does not hold.
std::optional<ReadDocument> read_document(ObjectType type, Document document) {
  ReadDocument read;
  if (type == ObjectType::units) {
    if (document.owner == 0 || document.owner > 0x07FF || document.issuer.value != document.owner)
      return std::nullopt;
    auto units = decode_units(document.issuer, document.content);
    if (!units) return std::nullopt;
    read.units = *std::move(units);
  } else if (type == ObjectType::incident) {
    auto incident = decode_incident({document.owner}, document.content);
    if (!incident || document.owner == 0) return std::nullopt;
    read.incident = *std::move(incident);
  } else if (type == ObjectType::places) {
    if (document.issuer.value != document.owner) return std::nullopt;
  } else if (document.owner != 0 || document.issuer.value != 0) {
    return std::nullopt;
  }
  read.document = std::move(document);
  return read;
}

/// National incidents are the national body's; an association declares exercises of its own, under its own
/// numbers.
bool may_declare(const Snapshot& trust, const ReadDocument& read) {
  const Organisation* issuer = trust.organisation(read.document.issuer);
  if (!issuer || issuer->kind == OrgKind::national) return true;
  return read.incident.exercise && read.document.owner / kUnitsPerAssociation == issuer->id.value;
}

/// Who must have signed a document of this type.
Proof proof_of_document(const Snapshot& trust, const Candidate& c, const Document& document) {
  if (c.object.type != ObjectType::catalogue) return proof_of_admin(trust, c, document.issuer);
  const Root& root = trust.root();
  const std::size_t signers =
      distinct_signers(root.keys, false, c.object, c.object.signed_part, Domain::catalogue, trust.root_id_);
  if (signers < root.threshold) return stop(needs_roots(signers, root.threshold));
  return {};
}

Step apply_document(Snapshot& trust, const Candidate& c) {
  auto document = decode_document(c.object.body);
  if (!document) return malformed();
  const ObjectType type = c.object.type;
  const Snapshot::DocumentName name{type, document->owner};
  const ObjectRef ref = c.ref(document->owner, document->version);
  const auto at = trust.documents_.find(name);
  const Document* held = at != trust.documents_.end() ? &at->second->value.document : nullptr;
  if (held && (at->second->ref == ref || document->version < held->version)) return known();
  // The signature comes before the content: a stranger's bytes never reach the protobuf parser.
  const Proof proof = proof_of_document(trust, c, *document);
  if (proof.stop) return *proof.stop;
  auto read = read_document(type, *std::move(document));
  if (!read) return malformed();
  const Document& d = read->document;
  if (type == ObjectType::incident && !may_declare(trust, *read))
    return refused(organisation_text(d.issuer) + said(" が宣言できるのは自分の番号の訓練だけです",
                                                      " may declare only exercises of its own numbers"));
  if (held && (d.version == held->version || d.issuer != held->issuer))
    return conflict(said("同じ名前と版の別の文書です", "another one of the same name and version"));
  trust.documents_[name] = c.held(*std::move(read), ref, proof.signer);
  return added();
}

}  // namespace

std::size_t distinct_signers(const std::vector<SignPublic>& keys, bool previous, const SignedObject& object,
                             BytesView signed_part, Domain domain, const RootId& root) {
  std::vector<bool> signed_by_key(keys.size());
  for (const ObjectSignature& s : object.signatures) {
    const std::size_t index = s.index & 0x7Fu;
    if (s.kind != SignerKind::root || (s.index >= 0x80) != previous || index >= keys.size() ||
        signed_by_key[index])
      continue;
    signed_by_key[index] = signed_by(keys[index], s.signature, domain, root, {signed_part});
  }
  return static_cast<std::size_t>(std::count(signed_by_key.begin(), signed_by_key.end(), true));
}

Step admit(Snapshot& trust, const Candidate& c) {
  switch (c.object.type) {
    case ObjectType::root: return apply_root(trust, c);
    case ObjectType::roster: return apply_roster(trust, c);
    case ObjectType::roster_delta: return apply_roster_delta(trust, c);
    case ObjectType::certificate: return apply_certificate(trust, c);
    case ObjectType::revocation: return apply_revocation(trust, c);
    case ObjectType::revocation_list: return apply_revocation_list(trust, c);
    case ObjectType::epoch: return apply_epoch(trust, c);
    case ObjectType::epoch_void: return apply_epoch_void(trust, c);
    case ObjectType::transport_key: return apply_transport(trust, c);
    case ObjectType::contact: return apply_contact(trust, c);
    case ObjectType::units:
    case ObjectType::places:
    case ObjectType::catalogue:
    case ObjectType::incident: return apply_document(trust, c);
    case ObjectType::organisation_list:
    case ObjectType::delegation:
    case ObjectType::log_head:
    case ObjectType::network_key: break;
  }
  return refused(said("この版はこの種類を読みません", "this version does not read objects of this type"));
}

}  // namespace noroshi::keys
