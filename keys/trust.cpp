#include "keys/trust.hpp"

#include <algorithm>

#include "keys/admission.hpp"
#include "keys/contact.hpp"
#include "keys/language.hpp"
#include "keys/snapshot.hpp"

namespace noroshi::keys {
namespace {

/// Name of an object as its body tells it, held or not.
ObjectRef ref_of(const SignedObject& object, const ByteArray<8>& hash) {
  const auto named = [&](std::uint64_t owner, std::uint32_t version) {
    return ObjectRef{object.type, owner, version, hash};
  };
  switch (object.type) {
    case ObjectType::root:
      if (const auto r = decode_root(object.body)) return named(0, r->version);
      break;
    case ObjectType::roster:
      if (const auto r = decode_roster(object.body)) return named(0, r->head.version);
      break;
    case ObjectType::roster_delta:
      if (const auto d = decode_delta(object.body)) return named(d->base, d->head.version);
      break;
    case ObjectType::certificate:
      if (const auto c = decode_certificate(object.body)) return named(owner_of(c->key), 0);
      break;
    case ObjectType::revocation:
      if (const auto r = decode_revocation(object.body)) return named(owner_of(r->key), stamp(r->issued));
      break;
    case ObjectType::revocation_list:
      if (const auto l = decode_revocation_list(object.body)) return named(l->org.value, stamp(l->issued));
      break;
    case ObjectType::epoch:
      if (const auto e = decode_epoch(object.body)) return named(e->owner.value, e->number);
      break;
    case ObjectType::epoch_void:
      if (const auto v = decode_epoch_void(object.body))
        return named(static_cast<std::uint64_t>(v->owner.value) << 32 | v->first, v->last);
      break;
    case ObjectType::transport_key:
      if (const auto t = decode_transport(object.body)) return named(t->org.value, t->number);
      break;
    case ObjectType::contact:
      if (const auto c = decode_contact(object.body))
        return named(owner_of({c->key.device, 0}), c->contact.version);
      break;
    case ObjectType::units:
    case ObjectType::places:
    case ObjectType::catalogue:
    case ObjectType::incident:
      if (const auto d = decode_document(object.body)) return named(d->owner, d->version);
      break;
    case ObjectType::organisation_list:
    case ObjectType::delegation:
    case ObjectType::log_head:
    case ObjectType::network_key: break;
  }
  return {};
}

const Snapshot& snapshot_of(const Trust& trust) {
  return static_cast<const Snapshot&>(trust);
}

/// The same network under a new root or roster: everything held is asked again whether it still holds. A
/// signature that verified under a key that is still the key is not verified twice.
void rebuild(Snapshot& trust) {
  Snapshot fresh;
  fresh.root_id_ = trust.root_id_;
  fresh.root_digest_ = trust.root_digest_;
  fresh.roots_ = trust.roots_;
  fresh.roster_ = trust.roster_;
  const auto again = [&](const auto& held) {
    const auto object = parse_object(held->bytes);
    NOROSHI_ASSERT(object);
    (void)admit(fresh, {*object, held->bytes, held->ref.hash, held->signer});
  };
  for (const auto& [org, table] : trust.devices_) {
    for (const auto& [key, held] : table->certificates) again(held);
    for (const auto& [key, held] : table->revocations) again(held);
    if (table->list) again(table->list);
    for (const auto& [node, held] : table->contacts) again(held);
  }
  for (const auto& [owner, table] : trust.epochs_) {
    for (const auto& [number, held] : table->epochs) again(held);
    for (const auto& [range, held] : table->voids) again(held);
  }
  for (const auto& [org, held] : trust.transports_) again(held);
  for (const auto& [name, held] : trust.documents_) again(held);
  trust = std::move(fresh);
}

Step apply_to(Snapshot& trust, BytesView bytes) {
  const auto object = parse_object(bytes);
  if (!object)
    return {Applied::refused, said("署名付きオブジェクトではありません", "is not a signed object"), {}};
  const ByteArray<8> hash = object_hash(object->signed_part);
  Step step = admit(trust, {*object, bytes, hash, {}});
  if (step.ref == ObjectRef{}) step.ref = ref_of(*object, hash);
  if (!step.why.empty()) step.why = spoken_name(object->type) + ": " + step.why;
  const bool changes_authority = object->type == ObjectType::root || object->type == ObjectType::roster ||
                                 object->type == ObjectType::roster_delta;
  if (step.outcome == Applied::added && changes_authority) rebuild(trust);
  return step;
}

/// Whatever an object needs to be proven comes before it.
int rank_of(const Bytes& object) {
  switch (object.empty() ? ObjectType{} : static_cast<ObjectType>(object[0])) {
    case ObjectType::root: return 0;
    case ObjectType::roster: return 1;
    case ObjectType::roster_delta: return 2;
    case ObjectType::certificate: return 3;
    default: return 4;
  }
}

}  // namespace

std::optional<ObjectRef> ref_of_object(BytesView object) {
  const auto parsed = parse_object(object);
  if (!parsed) return std::nullopt;
  const ObjectRef ref = ref_of(*parsed, object_hash(parsed->signed_part));
  return ref == ObjectRef{} ? std::nullopt : std::optional(ref);
}

Result<TrustPtr> Trust::begin(BytesView root_object) {
  const auto no_root = [](const std::string& why) {
    return Error{Code::bad_data, said("最初の根: ", "first root: ") + why};
  };
  const auto object = parse_object(root_object);
  if (!object || object->type != ObjectType::root) return no_root(said("形が正しくありません", "malformed"));
  const auto root = decode_root(object->body);
  if (!root || root->version != 1) return no_root(said("第 1 版ではありません", "not version 1"));
  auto trust = std::make_shared<Snapshot>();
  trust->root_id_ = root_id_of(object->body);
  trust->root_digest_ = root_digest_of(object->body);
  const std::size_t signers =
      distinct_signers(root->keys, false, *object, object->signed_part, Domain::root, trust->root_id_);
  if (signers != root->keys.size())
    return no_root(said("すべての根の鍵の署名が要ります", "every root key must have signed it"));
  const ByteArray<8> hash = object_hash(object->signed_part);
  trust->roots_.push_back(std::make_shared<const Held<Root>>(
      Held<Root>{*root, bytes_of(root_object), {ObjectType::root, 0, 1, hash}, {}}));
  trust->renew_digest();
  return TrustPtr(std::move(trust));
}

ApplyResult Trust::apply(const TrustPtr& held, BytesView object) {
  auto next = std::make_shared<Snapshot>(snapshot_of(*held));
  Step step = apply_to(*next, object);
  ApplyResult result{step.outcome, held, step.ref, std::move(step.why)};
  if (step.outcome != Applied::added) return result;
  if (step.ref.type != ObjectType::certificate && step.ref.type != ObjectType::contact) next->renew_digest();
  result.next = std::move(next);
  return result;
}

TrustPtr Trust::apply_all(TrustPtr held, std::span<const Bytes> objects, std::size_t* left_out) {
  auto next = std::make_shared<Snapshot>(snapshot_of(*held));
  std::vector<const Bytes*> waiting;
  for (const Bytes& object : objects) waiting.push_back(&object);
  std::stable_sort(waiting.begin(), waiting.end(),
                   [](const Bytes* a, const Bytes* b) { return rank_of(*a) < rank_of(*b); });
  for (bool progress = true; progress && !waiting.empty();) {
    progress = false;
    std::vector<const Bytes*> unproven_still;
    for (const Bytes* object : waiting) {
      const Applied outcome = apply_to(*next, *object).outcome;
      progress = progress || outcome == Applied::added;
      if (outcome == Applied::unproven) unproven_still.push_back(object);
    }
    waiting = std::move(unproven_still);
  }
  if (left_out) *left_out = waiting.size();
  next->renew_digest();
  return next;
}

}  // namespace noroshi::keys
