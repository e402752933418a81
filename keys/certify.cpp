#include <algorithm>
#include <charconv>
#include <set>

#include "keys/certificate.hpp"
#include "keys/delivery.hpp"
#include "keys/enrol.hpp"
#include "keys/epoch.hpp"
#include "keys/files.hpp"
#include "keys/language.hpp"
#include "keys/object.hpp"
#include "keys/primitives.hpp"

namespace noroshi::keys {
namespace {

constexpr Seconds kWeek = days(7);
constexpr Seconds kIncidentEpochLife = days(60);
constexpr std::size_t kReadersBytesMax = 64 * 1024;

std::filesystem::path readers_path(const Home& home) {
  return home / "readers";
}

/// The key of this file that the roster lists, with its number.
struct Authority {
  std::uint8_t number = 0;
  const SignSeed* seed = nullptr;
};
Result<Authority> authority_of(const AdminKeys& admin, const Trust& trust) {
  const Organisation* organisation = trust.organisation(admin.org);
  if (!organisation)
    return no(Code::unavailable, "この組織は手元の名簿にありません：署名済みの名簿を入れてください",
              "this organisation is not in the roster held here: install the signed roster");
  const std::pair<const Secret<32>*, std::uint8_t> candidates[] = {
      {&admin.now, admin.number}, {&admin.next, static_cast<std::uint8_t>(admin.number + 1)}};
  for (const auto& [seed, number] : candidates) {
    const SignPublic* listed = organisation->admin_key(number);
    if (listed && *listed == sign_public(*seed)) return Authority{number, seed};
  }
  return no(Code::permission, "この管理者の鍵は手元の名簿にありません",
            "this admin key is not in the roster held here");
}

/// The smallest number that no certificate of the organisation uses, in the range of the kind of device. For
/// a relay first those that the roster calls home relays: while one of them is nobody's, reports to the
/// organisation have nowhere to be delivered.
std::uint16_t free_number(const Trust& trust, OrgId org, bool relay) {
  std::set<std::uint16_t> taken;
  for (const Certificate* c : trust.certificates(org)) taken.insert(c->key.device.dev);
  if (relay)
    for (const DeviceId& home : trust.organisation(org)->home_relays)
      if (!taken.contains(home.dev)) return home.dev;
  std::uint16_t number = relay ? kFirstRelayNumber : kFirstPersonNumber;
  while (taken.contains(number)) ++number;
  return number;
}

WallTime start_of_week(WallTime time) {
  return {time.s - time.s % kWeek.count};
}

const EpochKey* last_epoch(const Trust& trust, RecipientId owner) {
  const auto all = trust.epochs(owner);
  return all.empty() ? nullptr : all.back();
}

Result<void> check_owner(const AdminKeys& admin, const Trust& trust, RecipientId owner) {
  const Group* group = trust.group(owner);
  if (owner == proto::to_org(admin.org) || (group && group->owner == admin.org)) return {};
  return no(Code::permission, "この宛先の暗号期を作る権限がありません",
            "this admin may not make epochs of that recipient");
}

struct Period {
  WallTime from, until;
};
Result<void> add_epoch(const AdminKeys& admin, const Trust& trust, RecipientId owner, std::uint32_t number,
                       IncidentId incident, Period period, Rng& rng, NewEpochs& out) {
  Secret<32> secret = Secret<32>::random(rng);
  const EpochKey epoch{owner, number, incident, period.from, period.until, {x25519_public(secret.bytes())}};
  TRY(Bytes object, sign_as_admin(admin, trust, ObjectType::epoch, encode_epoch(epoch)));
  out.objects.push_back(std::move(object));
  out.secrets.push_back({owner, number, std::move(secret), {}});
  return {};
}

/// Owners whose secrets an organisation's readers get: itself and the groups it belongs to.
std::vector<RecipientId> owners_of(const Trust& trust, OrgId org) {
  std::vector<RecipientId> owners = {proto::to_org(org)};
  for (const Group* group : trust.groups())
    if (std::find(group->members.begin(), group->members.end(), org) != group->members.end())
      owners.push_back(group->id);
  return owners;
}

/// Current and next weekly epoch, and every incident epoch that has not ended.
bool is_due(const EpochKey& epoch, WallTime now) {
  const Seconds ahead = epoch.incident.value != 0 ? kIncidentEpochLife : kWeek;
  return now < epoch.not_after && epoch.not_before <= now + ahead;
}

}  // namespace

Result<Bytes> sign_as_admin(const AdminKeys& admin, const Trust& trust, ObjectType type, BytesView body) {
  TRY(const Authority authority, authority_of(admin, trust));
  return sign_object(type, body, trust.root_id(),
                     {{.kind = SignerKind::admin, .index = authority.number, .seed = authority.seed}});
}

Result<std::vector<Bytes>> certify(const AdminKeys& admin, const Trust& trust, const DeviceRequest& request,
                                   const CertifyPlan& plan) {
  if (request.org != admin.org)
    return no(Code::permission, "別の組織への登録依頼です", "the request is to another organisation");
  TRY(const Authority authority, authority_of(admin, trust));
  if (request.roles.bits & ~trust.organisation(admin.org)->role_mask.bits)
    return no(Code::permission, "名簿はこの組織にその役割を認めていません",
              "the roster does not let this organisation give that role");
  const bool relay = request.roles.has(Role::relay) || request.roles.has(Role::gateway);
  Certificate c;
  c.key = {{admin.org, plan.dev ? plan.dev : free_number(trust, admin.org, relay)}, request.gen};
  if (c.key.device.dev > 0x7FFE)
    return no(Code::usage, "端末番号が大きすぎます", "the device number is too large");
  if (const Certificate* other = trust.certificate_by_link_key(request.now.link)) {
    const std::string had = to_string(other->key.device);
    return no(Code::bad_data,
              "この登録依頼の鍵は " + had +
                  " として登録済みです：別の番号には新しい --home で noroshi-keys device "
                  "request からやり直し、" +
                  had + " は noroshi-keys revoke --device " + had + " で失効させてください",
              "the keys of this request are enrolled as " + had +
                  ": for another number make a new request with "
                  "noroshi-keys device request and a new --home, then noroshi-keys revoke --device " +
                  had);
  }
  if (trust.newest_certificate(c.key.device) && trust.certificate(c.key))
    return no(Code::usage, "その端末番号は使われています：--dev を外すか別の番号にしてください",
              "that device number is taken: leave out --dev or choose another");
  c.roles = request.roles;
  c.send_mask = usual_send_mask(request.roles);
  c.quota = usual_quota(request.roles);
  c.default_unit = request.unit;
  c.not_before = plan.not_before;
  c.valid_days = plan.valid_days;
  c.handler = request.handler;
  c.issuer = authority.number;
  std::vector<Bytes> out;
  for (const PublicKeys* keys : {&request.now, &request.next}) {
    c.sign = keys->sign;
    c.box = keys->box;
    c.link = keys->link;
    TRY(Bytes object, sign_as_admin(admin, trust, ObjectType::certificate, encode_certificate(c)));
    out.push_back(std::move(object));
    ++c.key.gen;
  }
  return out;
}

std::vector<DeviceId> homeless(const Trust& trust, OrgId org) {
  const Organisation* organisation = trust.organisation(org);
  std::vector<DeviceId> out;
  if (organisation == nullptr) return out;
  for (const DeviceId& home : organisation->home_relays) {
    const Certificate* enrolled = trust.newest_certificate(home);
    if (enrolled == nullptr || trust.revoked_since(enrolled->key)) out.push_back(home);
  }
  return out;
}

Result<std::vector<DeviceId>> load_readers(const Home& home) {
  std::vector<DeviceId> out;
  if (!is_present(readers_path(home))) return out;
  TRY(const Bytes file, read_file(readers_path(home), kReadersBytesMax));
  std::string_view text = text_of(file);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto device = parse_device_id(line);
    if (!device)
      return Error{Code::bad_data, readers_path(home).string() + ": " +
                                       said("読めない行があります", "has a line that cannot be read")};
    out.push_back(*device);
  }
  return out;
}

Result<void> add_reader(const Home& home, DeviceId device) {
  TRY(std::vector<DeviceId> readers, load_readers(home));
  if (std::find(readers.begin(), readers.end(), device) != readers.end()) return {};
  readers.push_back(device);
  std::sort(readers.begin(), readers.end());
  std::string text;
  for (const DeviceId id : readers) text += to_string(id) + "\n";
  return write_atomically(readers_path(home), view_of(text));
}

Bundle make_bundle(const Trust& trust, const EpochStore& held, OrgId org,
                   const std::vector<DeviceId>& readers, WallTime now, Rng& rng) {
  Bundle bundle;
  for (const ObjectRef& ref : trust.inventory()) bundle.objects.push_back(bytes_of(trust.object(ref)));
  std::vector<const EpochSecret*> secrets;
  for (const RecipientId owner : owners_of(trust, org))
    for (const EpochKey* epoch : trust.epochs(owner))
      if (const EpochSecret* secret = held.find(owner, epoch->number); secret && is_due(*epoch, now))
        secrets.push_back(secret);
  if (secrets.empty()) return bundle;
  if (secrets.size() > kDeliveriesMax) secrets.resize(kDeliveriesMax);
  for (const DeviceId device : readers)
    for (const Certificate* c :
         trust.certificates(org))  // both generations: the next one may be in use already
      if (c->key.device == device && !trust.revoked_since(c->key))
        bundle.deliveries.push_back(seal_delivery(secrets, *c, trust.root_id(), rng));
  return bundle;
}

Result<NewEpochs> make_epochs(const AdminKeys& admin, const Trust& trust, RecipientId owner, WallTime now,
                              int weeks, Rng& rng) {
  TRY_VOID(check_owner(admin, trust, owner));
  NewEpochs out;
  WallTime from = start_of_week(now);
  std::uint32_t number = 0;
  for (const EpochKey* epoch : trust.epochs(owner)) {
    number = std::max(number, epoch->number);
    if (epoch->incident.value == 0) from = std::max(from, epoch->not_after);
  }
  for (const WallTime end = start_of_week(now) + kWeek * (weeks + 1); from < end; from = from + kWeek)
    TRY_VOID(add_epoch(admin, trust, owner, ++number, {}, {from, from + kWeek}, rng, out));
  return out;
}

Result<NewEpochs> make_incident_epoch(const AdminKeys& admin, const Trust& trust, RecipientId owner,
                                      IncidentId incident, WallTime now, Rng& rng) {
  TRY_VOID(check_owner(admin, trust, owner));
  NewEpochs out;
  const EpochKey* last = last_epoch(trust, owner);
  const std::uint32_t number = last ? last->number + 1 : 1;
  TRY_VOID(add_epoch(admin, trust, owner, number, incident, {now, now + kIncidentEpochLife}, rng, out));
  return out;
}

Result<NewEpochs> make_transport(const AdminKeys& admin, const Trust& trust, WallTime now, Rng& rng) {
  NewEpochs out;
  const TransportKey* held = trust.transport(admin.org);
  const std::uint32_t number = held ? held->number + 1 : 1;
  Secret<32> secret = Secret<32>::random(rng);
  const TransportKey key{admin.org, number, now, {x25519_public(secret.bytes())}};
  TRY(Bytes object, sign_as_admin(admin, trust, ObjectType::transport_key, encode_transport(key)));
  out.objects.push_back(std::move(object));
  out.secrets.push_back({proto::to_transport(admin.org), number, std::move(secret), {}});
  return out;
}

}  // namespace noroshi::keys
