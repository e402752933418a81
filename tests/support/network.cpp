#include "tests/support/network.hpp"

#include <stdexcept>

#include "keys/document.hpp"
#include "keys/primitives.hpp"
#include "keys/root.hpp"

namespace noroshi::test {
namespace {

using keys::ObjectType;
using keys::Role;
using keys::Roles;
using keys::Secret;
using keys::SignerKind;

constexpr int kOfficers = 5, kThreshold = 3;
constexpr std::uint8_t kAdminNumber = 1;

Roles roles_of(DeviceId device) {
  if (device.dev == 1) return Roles{}.with(Role::admin);
  if (device.dev < 11) return Roles{}.with(Role::relay);
  return device.dev < 21 ? Roles{}.with(Role::desk) : Roles{}.with(Role::field);
}

std::vector<DeviceId> devices_of(const OrgPlan& plan) {
  std::vector<DeviceId> out = {admin_of(plan.id)};
  for (int i = 0; i < plan.relays; ++i) out.push_back(relay_of(plan.id, i));
  for (int i = 0; i < plan.desks; ++i) out.push_back(desk_of(plan.id, i));
  for (int i = 0; i < plan.fields; ++i) out.push_back(field_of(plan.id, i));
  return out;
}

StoreId store_of(DeviceId device) {
  return {0x5105'0000'0000'0000u | std::uint64_t{device.org.value} << 16 | device.dev};
}

/// A test that prepares its world wrongly ends here, with the reason.
[[noreturn]] void wrong(const std::string& why) {
  throw std::runtime_error("test network: " + why);
}

}  // namespace

NetworkPlan usual_plan(std::uint64_t seed) {
  using keys::OrgKind;
  NetworkPlan plan;
  plan.seed = seed;
  plan.organisations = {
      {kNational, OrgKind::national, "全国LPガス協会", "National LP Gas Association"},
      {kMinistry, OrgKind::ministry, "経産省ガス安全室", "METI Gas Safety Office"},
      {kNiigata, OrgKind::association, "新潟県LPガス協会", "Niigata LP Gas Association"},
      {kToyama, OrgKind::association, "富山県エルピーガス協会", "Toyama LP Gas Association"},
      {kIshikawa, OrgKind::association, "石川県エルピーガス協会", "Ishikawa LP Gas Association", 1, 1, 2},
  };
  return plan;
}

Network::Network(NetworkPlan plan) : plan_(std::move(plan)), rng_(plan_.seed) {
  NOROSHI_ASSERT(keys::start_cryptography());
  for (const OrgPlan& org : plan_.organisations)
    orgs_.emplace(org.id, Org{org, Secret<32>::random(rng_), Secret<32>::random(rng_),
                              Secret<32>::random(rng_), Secret<32>::random(rng_)});
  make_root();
  make_roster();
  for (const auto& [id, org] : orgs_) make_devices(org);
  for (const auto& [id, org] : orgs_) {
    make_epochs(proto::to_org(id), id);
    add(sign_as_admin(id, ObjectType::transport_key,
                      keys::encode_transport(
                          {id, 1, plan_.start - days(1), {keys::x25519_public(org.transport.bytes())}})));
  }
  make_epochs(kEverybody, plan_.organisations.front().id);
  make_documents();

  auto trust = keys::Trust::begin(root_object());
  NOROSHI_ASSERT(trust);
  std::size_t left_out = 0;
  trust_ = keys::Trust::apply_all(*trust, std::span(objects_).subspan(1), &left_out);
  NOROSHI_ASSERT(left_out == 0 && trust_->inventory().size() == objects_.size());
}

void Network::make_root() {
  keys::Root root{1, plan_.start - days(30), kThreshold, {}};
  for (int i = 0; i < kOfficers; ++i) {
    roots_.push_back(Secret<32>::random(rng_));
    root.keys.push_back(keys::sign_public(roots_.back()));
  }
  const Bytes body = keys::encode_root(root);
  root_id_ = keys::root_id_of(body);
  add(sign_as_roots(ObjectType::root, body, kOfficers));
}

void Network::make_roster() {
  keys::Group everybody{kEverybody, plan_.organisations.front().id, {}, plan_.start - days(1), "全組織",
                        "Everybody"};
  for (const auto& [id, org] : orgs_) {
    everybody.members.push_back(id);
    keys::Organisation o;
    o.id = id;
    o.name = org.plan.name;
    o.name_en = org.plan.name_en;
    o.kind = org.plan.kind;
    o.prefecture =
        org.plan.kind == keys::OrgKind::association ? static_cast<std::uint8_t>(id.value) : std::uint8_t{0};
    o.role_mask = {0x7F};
    for (const auto& [other, unused] :
         orgs_)  // national body and ministry direct everybody, associations themselves
      if (org.plan.kind != keys::OrgKind::association && other != id) o.may_direct.push_back(other);
    for (int i = 0; i < org.plan.relays; ++i) o.home_relays.push_back(relay_of(id, i));
    o.admin_number = kAdminNumber;
    o.admin = keys::sign_public(org.admin);
    o.admin_next = keys::sign_public(org.admin_next);
    o.recovery = keys::sign_public(org.recovery);
    roster_.entries[id.value] = keys::encode_organisation(o);
  }
  roster_.entries[kEverybody.value] = keys::encode_group(everybody);
  roster_.head.version = 0;
  roster_.head.quotas = keys::shipped_quotas();
  const Bytes object = sign_roster(roster_, plan_.start - days(1));
  roster_ = *keys::decode_roster(keys::parse_object(object)->body);
  add(object);
}

Bytes Network::sign_roster(keys::Roster next, WallTime issued) const {
  if (next.head.version > 0) next.head.previous = keys::roster_digest(roster_);
  ++next.head.version;
  next.head.issued = issued;
  next.head.refresh_after = issued + days(7);
  next.head.expires = issued + days(90);
  return sign_as_roots(ObjectType::roster, keys::encode_roster(next));
}

keys::Certificate Network::usual_certificate(DeviceId device, Roles roles, const keys::KeySet& keys,
                                             std::uint8_t gen) const {
  keys::Certificate c;
  c.key = {device, gen};
  c.roles = roles;
  c.send_mask = keys::usual_send_mask(roles);
  c.quota = keys::usual_quota(roles);
  if (roles.has(Role::field)) c.default_unit = {device.org.value * 100'000u + 1};
  c.not_before = plan_.start - days(1);
  c.valid_days = 400;
  c.handler = {static_cast<std::uint16_t>(roles.has(Role::relay) ? 0 : device.dev)};
  c.issuer = kAdminNumber;
  c.sign = keys.sign_public();
  c.box = keys.box_public();
  c.link = keys.link_public();
  return c;
}

Bytes Network::certify(const keys::Certificate& certificate) const {
  return sign_as_admin(certificate.key.device.org, ObjectType::certificate,
                       keys::encode_certificate(certificate));
}

void Network::make_devices(const Org& org) {
  for (const DeviceId device : devices_of(org.plan)) {
    keys::KeySet keys = keys::KeySet::random(rng_);
    add(certify(usual_certificate(device, roles_of(device), keys)));
    identities_.emplace(device, keys::Identity({device, 1}, root_id_, store_of(device), std::move(keys)));
  }
}

void Network::make_epochs(RecipientId owner, OrgId speaker) {
  for (int week = 0; week < plan_.weeks; ++week) {
    const auto number = static_cast<std::uint32_t>(week + 1);
    Secret<32> secret = Secret<32>::random(rng_);
    const WallTime from = plan_.start + days(7 * (week - 1));
    add(sign_as_admin(speaker, ObjectType::epoch,
                      keys::encode_epoch(
                          {owner, number, {}, from, from + days(7), {keys::x25519_public(secret.bytes())}})));
    epoch_secrets_.emplace(std::pair(owner, number), std::move(secret));
  }
}

void Network::make_documents() {
  const OrgId national = plan_.organisations.front().id;
  const keys::Incident exercise{
      kExercise, "令和6年能登半島地震 訓練", "Noto 2024 exercise", true, plan_.start, {}, {"17", "16"}};
  add(sign_as_admin(
      national, ObjectType::incident,
      keys::encode_document({national, kExercise.value, 1, plan_.start, keys::encode_incident(exercise)})));
  for (const auto& [id, org] : orgs_) {
    if (org.plan.kind != keys::OrgKind::association) continue;
    std::vector<keys::Unit> units;
    for (std::uint32_t n = 1; n <= 3; ++n)
      units.push_back({{id.value * 100'000u + n},
                       id,
                       {},
                       "支部" + std::to_string(n),
                       "しぶ" + std::to_string(n),
                       {std::to_string(id.value) + "20" + std::to_string(n)},
                       1000 * n,
                       3});
    add(sign_as_admin(
        id, ObjectType::units,
        keys::encode_document({id, id.value, 1, plan_.start - days(1), keys::encode_units(units)})));
  }
}

Bytes Network::sign_as_admin(OrgId org, ObjectType type, BytesView body) const {
  return keys::sign_object(
      type, body, root_id_,
      {{.kind = SignerKind::admin, .index = kAdminNumber, .seed = &orgs_.at(org).admin}});
}

Bytes Network::sign_as_roots(ObjectType type, BytesView body, int officers) const {
  std::vector<keys::Signer> signers;
  for (int i = 0; i < officers; ++i)
    signers.push_back({.kind = SignerKind::root,
                       .index = static_cast<std::uint8_t>(i),
                       .seed = &roots_[static_cast<std::size_t>(i)]});
  return keys::sign_object(type, body, root_id_, signers);
}

Bytes Network::revoke(keys::Revocation revocation) const {
  return sign_as_admin(revocation.key.device.org, ObjectType::revocation,
                       keys::encode_revocation(revocation));
}

void Network::take(const Bytes& object) {
  const keys::ApplyResult result = keys::Trust::apply(trust_, object);
  if (result.applied != keys::Applied::added) wrong(result.why);
  trust_ = result.next;
  objects_.push_back(object);
}

std::vector<OrgId> Network::organisations() const {
  std::vector<OrgId> out;
  for (const auto& [id, org] : orgs_) out.push_back(id);
  return out;
}

std::vector<DeviceId> Network::devices() const {
  std::vector<DeviceId> out;
  for (const auto& [id, identity] : identities_) out.push_back(id);
  return out;
}

const keys::Identity& Network::identity(DeviceId device) const {
  return identities_.at(device);
}

std::vector<keys::EpochSecret> Network::secrets_of(RecipientId owner, std::uint32_t first,
                                                   std::uint32_t last) const {
  std::vector<keys::EpochSecret> out;
  for (const auto& [name, secret] : epoch_secrets_)
    if (name.first == owner && first <= name.second && name.second <= last)
      out.push_back({owner, name.second, secret.copy(), {}});
  return out;
}

std::vector<keys::EpochSecret> Network::epoch_secrets(OrgId org) const {
  auto out = secrets_of(proto::to_org(org), 1, 0xFFFF'FFFF);
  for (auto& secret : secrets_of(kEverybody, 1, 0xFFFF'FFFF)) out.push_back(std::move(secret));
  return out;
}

keys::EpochSecret Network::transport_secret(OrgId org) const {
  return {proto::to_transport(org), 1, orgs_.at(org).transport.copy(), {}};
}

keys::EpochSecret Network::device_secret(DeviceId device) const {
  const keys::Identity& who = identity(device);
  return {proto::to_own_device(device.dev), who.key().gen, who.secrets().box.copy(), device.org};
}

Seq MemoryLedger::last_seq(KeyId key) const {
  const auto found = last_.find(key);
  return found == last_.end() ? 0 : found->second.first;
}

Seq MemoryLedger::last_to(KeyId key, RecipientId recipient) const {
  const auto found = last_to_.find({key, recipient});
  return found == last_to_.end() ? 0 : found->second;
}

WallTime MemoryLedger::last_created(KeyId key) const {
  const auto found = last_.find(key);
  return found == last_.end() ? WallTime{} : found->second.second;
}

void MemoryLedger::record(const keys::Sealed& sealed, std::span<const RecipientId> recipients,
                          WallTime created) {
  auto& last = last_[sealed.key];
  last = {sealed.seq, std::max(last.second, created)};
  for (const RecipientId recipient : recipients) last_to_[{sealed.key, recipient}] = sealed.seq;
}

Speaker::Speaker(const Network& network, DeviceId device, std::uint64_t seed)
    : network_(network), identity_(network.identity(device)), ledger_(identity_.store_id()), rng_(seed) {}

Result<keys::Sealed> Speaker::say(const keys::Draft& draft, Now now) {
  return keys::seal_next(identity_, *network_.trust(), ledger_, draft, now, rng_);
}

keys::Sealed Speaker::report(const std::vector<RecipientId>& recipients, BytesView content, WallTime now,
                             proto::Level level) {
  keys::Draft draft;
  draft.level = level;
  draft.recipients = recipients;
  draft.content = bytes_of(content);
  auto sealed = say(draft, at(now));
  if (!sealed) wrong(sealed.error().text);
  return *std::move(sealed);
}

}  // namespace noroshi::test
