#include "keys/snapshot.hpp"

#include <algorithm>

namespace noroshi::keys {
namespace {

/// Among epochs that are not void: the newest that is current at `at`; `only` picks those of one incident.
const EpochKey* current_epoch(const OwnerEpochs& owner, WallTime at, IncidentId only) {
  const EpochKey* best = nullptr;
  for (const auto& [number, held] : owner.epochs) {
    const EpochKey& e = held->value;
    if (e.incident == only && !owner.is_void(number) && e.not_before <= at && at < e.not_after) best = &e;
  }
  return best;
}

const EpochKey* newest_epoch(const OwnerEpochs& owner) {
  const EpochKey* best = nullptr;
  for (const auto& [number, held] : owner.epochs)
    if (held->value.incident.value == 0 && !owner.is_void(number)) best = &held->value;
  return best;
}

}  // namespace

char letter(RosterState state) {
  return static_cast<char>('A' + static_cast<int>(state));
}

const SignPublic* Organisation::admin_key(std::uint8_t number) const {
  if (number == admin_number) return &admin;
  if (number == admin_number + 1) return &admin_next;
  const std::size_t back = static_cast<std::size_t>(admin_number) - number;
  if (number < admin_number && back <= former_admins.size())
    return &former_admins[former_admins.size() - back];
  return nullptr;
}

bool OwnerEpochs::is_void(std::uint32_t number) const {
  return std::any_of(voids.begin(), voids.end(),
                     [&](const auto& v) { return v.first.first <= number && number <= v.first.second; });
}

// ---- roster
std::uint32_t Snapshot::roster_version() const {
  return roster_ ? roster_->held.value.head.version : 0;
}
WallTime Snapshot::roster_issued() const {
  return roster_ ? roster_->held.value.head.issued : WallTime{0};
}

RosterState Snapshot::roster_state(WallTime now) const {
  if (!roster_) return RosterState::d_lapsed;
  const RosterHead& head = roster_->held.value.head;
  const WallTime at = std::max(now, not_before());
  if (at <= head.refresh_after) return RosterState::a_fresh;
  if (at <= head.expires) return RosterState::b_refresh;
  return at <= head.expires + days(head.lapse_days) ? RosterState::c_expired : RosterState::d_lapsed;
}

WallTime Snapshot::not_before() const {
  const auto forms = catalogue();
  return std::max({root().issued, roster_issued(), forms ? forms->issued : WallTime{0}});
}

const Organisation* Snapshot::organisation(OrgId id) const {
  if (!roster_) return nullptr;
  const auto at = roster_->organisations.find(id);
  return at == roster_->organisations.end() ? nullptr : &at->second;
}

std::vector<OrgId> Snapshot::organisations() const {
  std::vector<OrgId> out;
  if (roster_)
    for (const auto& [id, organisation] : roster_->organisations) out.push_back(id);
  return out;
}

const Group* Snapshot::group(RecipientId id) const {
  if (!roster_) return nullptr;
  const auto at = roster_->groups.find(id);
  return at == roster_->groups.end() ? nullptr : &at->second;
}

std::vector<const Group*> Snapshot::groups() const {
  std::vector<const Group*> out;
  if (roster_)
    for (const auto& [id, group] : roster_->groups) out.push_back(&group);
  return out;
}

Quota Snapshot::quota(std::uint8_t code) const {
  if (!roster_) return {};
  const auto& quotas = roster_->held.value.head.quotas;
  return code < quotas.size() ? quotas[code] : Quota{};
}

bool Snapshot::is_home_relay(DeviceId device) const {
  const Organisation* org = organisation(device.org);
  return org && std::find(org->home_relays.begin(), org->home_relays.end(), device) != org->home_relays.end();
}

// ---- devices
const DeviceTable* Snapshot::devices(OrgId org) const {
  const auto at = devices_.find(org);
  return at == devices_.end() ? nullptr : at->second.get();
}

const Certificate* Snapshot::certificate(KeyId key) const {
  const DeviceTable* table = devices(key.device.org);
  if (!table) return nullptr;
  const auto at = table->certificates.find(key);
  return at == table->certificates.end() ? nullptr : &at->second->value;
}

const Certificate* Snapshot::newest_certificate(DeviceId device) const {
  const DeviceTable* table = devices(device.org);
  if (!table) return nullptr;
  auto after = table->certificates.upper_bound({device, 0xFF});
  if (after == table->certificates.begin()) return nullptr;
  --after;
  return after->first.device == device ? &after->second->value : nullptr;
}

const Certificate* Snapshot::certificate_by_link_key(const LinkPublic& key) const {
  for (const auto& [org, table] : devices_)
    if (const auto at = table->by_link.find(key); at != table->by_link.end()) return certificate(at->second);
  return nullptr;
}

std::vector<const Certificate*> Snapshot::certificates(OrgId org) const {
  std::vector<const Certificate*> out;
  if (const DeviceTable* table = devices(org))
    for (const auto& [id, held] : table->certificates) out.push_back(&held->value);
  return out;
}

Seconds Snapshot::certificate_grace() const {
  return days(roster_ ? roster_->held.value.head.cert_grace_days : 0);
}

std::optional<WallTime> Snapshot::revoked_since(KeyId key) const {
  const DeviceTable* table = devices(key.device.org);
  if (!table) return std::nullopt;
  std::optional<WallTime> since;
  const auto note = [&](WallTime time) { since = since ? std::min(*since, time) : time; };
  for (const KeyId name : {key, KeyId{key.device, 0}})
    if (const auto at = table->revocations.find(name); at != table->revocations.end())
      note(at->second->value.since);
  if (table->list)
    for (const Revocation& r : table->list->value.entries)
      if (r.key == key || r.key == KeyId{key.device, 0}) note(r.since);
  return since;
}

// ---- epochs
const EpochKey* Snapshot::epoch_for(RecipientId owner, WallTime now, IncidentId incident) const {
  const auto at = epochs_.find(owner);
  if (at == epochs_.end()) return nullptr;
  const WallTime time = std::max(now, not_before());
  if (incident.value != 0)
    if (const EpochKey* own = current_epoch(*at->second, time, incident)) return own;
  if (const EpochKey* weekly = current_epoch(*at->second, time, {})) return weekly;
  return newest_epoch(*at->second);
}

std::vector<const EpochKey*> Snapshot::epochs(RecipientId owner) const {
  std::vector<const EpochKey*> out;
  if (const auto at = epochs_.find(owner); at != epochs_.end())
    for (const auto& [number, held] : at->second->epochs) out.push_back(&held->value);
  return out;
}

const TransportKey* Snapshot::transport(OrgId org) const {
  const auto at = transports_.find(org);
  return at == transports_.end() ? nullptr : &at->second->value;
}

const BoxPublic* Snapshot::transport_key(OrgId org) const {
  const TransportKey* found = transport(org);
  return found ? &found->key : nullptr;
}

// ---- documents
const Unit* Snapshot::unit(UnitId id) const {
  const auto at = documents_.find({ObjectType::units, association_of(id).value});
  if (at == documents_.end()) return nullptr;
  const auto& all = at->second->value.units;
  const auto found =
      std::lower_bound(all.begin(), all.end(), id, [](const Unit& u, UnitId i) { return u.id < i; });
  return found != all.end() && found->id == id ? &*found : nullptr;
}

std::vector<const Unit*> Snapshot::units(OrgId association) const {
  std::vector<const Unit*> out;
  if (const auto at = documents_.find({ObjectType::units, association.value}); at != documents_.end())
    for (const Unit& unit : at->second->value.units) out.push_back(&unit);
  return out;
}

const Incident* Snapshot::incident(IncidentId id) const {
  const auto at = documents_.find({ObjectType::incident, id.value});
  return at == documents_.end() ? nullptr : &at->second->value.incident;
}

std::vector<const Incident*> Snapshot::incidents() const {
  std::vector<const Incident*> out;
  for (auto at = documents_.lower_bound({ObjectType::incident, 0});
       at != documents_.end() && at->first.first == ObjectType::incident; ++at)
    out.push_back(&at->second->value.incident);
  return out;
}

// ---- contacts
std::optional<SignedCatalogue> Snapshot::catalogue() const {
  const auto at = documents_.find({ObjectType::catalogue, 0});
  if (at == documents_.end()) return std::nullopt;
  const Document& document = at->second->value.document;
  return SignedCatalogue{document.version, document.issued, document.content};
}

const Contact* Snapshot::contact(DeviceId node) const {
  const DeviceTable* table = devices(node.org);
  if (!table) return nullptr;
  const auto at = table->contacts.find(node);
  return at == table->contacts.end() ? nullptr : &at->second->value;
}

std::vector<const Contact*> Snapshot::contacts() const {
  std::vector<const Contact*> out;
  for (const auto& [org, table] : devices_)
    for (const auto& [node, held] : table->contacts) out.push_back(&held->value);
  return out;
}

// ---- inventory
/// Calls visit(ref, bytes) for everything that counts for the state digest.
template <typename Visit>
void Snapshot::visit_state(Visit&& visit) const {
  const auto one = [&](const auto& held) { visit(held.ref, BytesView(held.bytes)); };
  for (const auto& held : roots_) one(*held);
  if (roster_) one(roster_->held);
  for (const auto& [org, table] : devices_) {
    for (const auto& [key, held] : table->revocations) one(*held);
    if (table->list) one(*table->list);
  }
  for (const auto& [owner, table] : epochs_) {
    for (const auto& [number, held] : table->epochs) one(*held);
    for (const auto& [range, held] : table->voids) one(*held);
  }
  for (const auto& [org, held] : transports_) one(*held);
  for (const auto& [name, held] : documents_) one(*held);
}

template <typename Visit>
void Snapshot::visit_travelling(Visit&& visit) const {
  for (const auto& [org, table] : devices_) {
    for (const auto& [key, held] : table->certificates) visit(held->ref, BytesView(held->bytes));
    for (const auto& [node, held] : table->contacts) visit(held->ref, BytesView(held->bytes));
  }
}

void Snapshot::renew_digest() {
  std::vector<ObjectRef> refs;
  visit_state([&](const ObjectRef& ref, BytesView) { refs.push_back(ref); });
  std::sort(refs.begin(), refs.end());
  Writer out;
  for (const ObjectRef& ref : refs)
    out.u8(static_cast<std::uint8_t>(ref.type)).u64(ref.owner).u32(ref.version).bytes(ref.hash);
  state_digest_ = digest_to<8>(Label::state, {out.data()});
}

std::vector<ObjectRef> Snapshot::inventory() const {
  std::vector<ObjectRef> refs;
  const auto note = [&](const ObjectRef& ref, BytesView) { refs.push_back(ref); };
  visit_state(note);
  visit_travelling(note);
  std::sort(refs.begin(), refs.end());
  return refs;
}

BytesView Snapshot::certificate_bytes(const ObjectRef& ref, bool newest) const {
  const DeviceId device{{static_cast<std::uint16_t>(ref.owner >> 32)},
                        static_cast<std::uint16_t>(ref.owner >> 8)};
  const auto gen = static_cast<std::uint8_t>(ref.owner);
  const Certificate* named = newest && gen == 0 ? newest_certificate(device) : certificate({device, gen});
  if (!named) return {};
  const auto& held = *devices(device.org)->certificates.at(named->key);
  return newest || held.ref.hash == ref.hash ? BytesView(held.bytes) : BytesView{};
}

BytesView Snapshot::object(const ObjectRef& ref) const {
  const bool newest = ref.version == 0 && ref.hash == ByteArray<8>{};
  if (ref.type ==
      ObjectType::certificate)  // the one that is asked for by the thousand: no walk over everything
    return certificate_bytes(ref, newest);
  BytesView found;
  std::uint32_t best = 0;
  const auto look = [&](const ObjectRef& held, BytesView bytes) {
    if (held == ref) found = bytes;
    if (newest && held.type == ref.type && held.owner == ref.owner && held.version >= best) {
      found = bytes;
      best = held.version;
    }
  };
  visit_state(look);
  if (ref.type == ObjectType::contact) visit_travelling(look);
  return found;
}

}  // namespace noroshi::keys
