#include <algorithm>
#include <set>

#include "keys/certificate.hpp"
#include "keys/contact.hpp"
#include "keys/document.hpp"
#include "keys/epoch.hpp"
#include "keys/key_file.hpp"
#include "keys/object.hpp"
#include "keys/paper.hpp"
#include "proto/receipt.hpp"
#include "tests/fuzz/seeds.hpp"
#include "tests/fuzz/world.hpp"
#include "tests/support/new_form.hpp"

namespace noroshi::fuzz {
namespace {

using proto::Ctype;
using proto::Level;
using proto::to_org;

Bytes sealed(DeviceId sender, const keys::Draft& draft, Now when = now()) {
  test::Speaker speaker(network(), sender);
  auto envelope = speaker.say(draft, when);
  NOROSHI_ASSERT(envelope.ok());
  return std::move(envelope->bytes);
}

keys::Draft draft(Ctype ctype, std::vector<RecipientId> recipients, Bytes content = Bytes(24, 0x5A)) {
  keys::Draft out;
  out.ctype = ctype;
  out.recipients = std::move(recipients);
  out.content = std::move(content);
  return out;
}

proto::Receipt receipt(proto::ReceiptKind kind) {
  const MsgId id{{1, 2, 3}};
  return {.kind = kind,
          .reason = proto::UnreadableReason::none,
          .store = {7},
          .entries = {{21, 1, to_org(test::kMinistry), 1, 1, 1, keys::receipt_digest({&id, 1})},
                      {21, 1, test::kEverybody, 2, 65, 64, {}}},
          .epoch_object = {}};
}

Bytes admin_says(OrgId org, keys::ObjectType type, BytesView body) {
  return network().sign_as_admin(org, type, body);
}

}  // namespace

std::vector<Seed> envelope_seeds() {
  const DeviceId field = test::field_of(test::kIshikawa), desk = test::desk_of(test::kMinistry);
  const std::vector<RecipientId> up = {to_org(test::kIshikawa), to_org(test::kNational),
                                       to_org(test::kMinistry)};
  keys::Draft flash = draft(Ctype::report, up);
  flash.level = Level::flash;
  flash.exercise = true;
  const Bytes report = sealed(field, draft(Ctype::report, {to_org(test::kMinistry)}));
  Now unset = now();
  unset.wall = WallTime{0};
  proto::Receipt unreadable = receipt(proto::ReceiptKind::unreadable);
  unreadable.reason = proto::UnreadableReason::epoch_gone;
  unreadable.epoch_object = network().objects().back();
  return {
      {"report_one", report},
      {"report_flash_three", sealed(field, flash)},
      {"report_group", sealed(desk, draft(Ctype::report, {test::kEverybody}))},
      {"report_clock_unset", sealed(field, draft(Ctype::report, up), unset)},
      {"report_long", sealed(field, draft(Ctype::report, up, Bytes(900, 0x33)))},
      {"directive", sealed(desk, draft(Ctype::directive, {to_org(test::kIshikawa), to_org(test::kToyama)}))},
      {"epoch_secret", sealed(test::admin_of(test::kMinistry),
                              draft(Ctype::epoch_secret,
                                    {proto::to_transport(test::kMinistry), proto::to_own_device(desk.dev)}))},
      {"attachment", sealed(field, draft(Ctype::attachment, up, Bytes(2000, 0xA5)))},
      {"forwarded", sealed(desk, draft(Ctype::forwarded, {to_org(test::kMinistry)},
                                       keys::encode_forwarded({1, 2, 3}, report)))},
      {"desk_event", sealed(desk, draft(Ctype::desk_event, {to_org(test::kMinistry)}))},
      {"receipt_delivered", sealed(test::relay_of(test::kMinistry),
                                   draft(Ctype::receipt, {to_org(test::kIshikawa)},
                                         proto::encode_receipt(receipt(proto::ReceiptKind::delivered))))},
      {"receipt_unreadable",
       sealed(desk, draft(Ctype::receipt, {to_org(test::kIshikawa)}, proto::encode_receipt(unreadable)))},
      {"device_head", sealed(field, draft(Ctype::device_head, {proto::kEveryone}))},
      {"incident_notice", sealed(field, draft(Ctype::incident_notice, {proto::kEveryone}))},
  };
}

std::vector<Seed> object_seeds() {
  using keys::ObjectType;
  std::vector<Seed> out;
  std::set<ObjectType> have;
  for (const Bytes& bytes : network().objects()) {
    const auto object = keys::parse_object(bytes);
    if (have.insert(object->type).second) out.push_back({std::string(keys::name_of(object->type)), bytes});
  }
  const OrgId org = test::kIshikawa;
  const KeyId lost{test::field_of(org), 1};
  const WallTime when = now().wall;
  const keys::Revocation revocation{lost, when, keys::RevocationReason::stolen, when};
  keys::Roster roster = network().roster();
  roster.entries.erase(test::kNiigata.value);
  const Bytes next_roster = network().sign_roster(roster, when);
  keys::Roster result = *keys::decode_roster(keys::parse_object(next_roster)->body);
  test::SeededRng rng(3);
  const keys::Incident incident{{1700001}, "訓練", "Exercise", true, when, when + days(2), {"17"}};
  const keys::Unit unit{{1700001}, org, {}, "輪島支部", "わじましぶ", {"17204"}, 5200, 3};
  out.push_back({"revocation", network().revoke(revocation)});
  out.push_back(
      {"revocation_by_itself",
       keys::sign_object(ObjectType::revocation, keys::encode_revocation(revocation), network().root_id(),
                         {{.kind = keys::SignerKind::device,
                           .device = lost,
                           .seed = &network().identity(lost.device).secrets().sign}})});
  out.push_back({"revocation_list", admin_says(org, ObjectType::revocation_list,
                                               keys::encode_revocation_list({org, when, {revocation}}))});
  out.push_back({"roster_next", next_roster});
  out.push_back(
      {"roster_delta", keys::join_object(ObjectType::roster_delta,
                                         keys::encode_delta(keys::delta_between(network().roster(), result)),
                                         keys::parse_object(next_roster)->signatures)});
  out.push_back({"certificate_next",
                 network().certify(network().usual_certificate(
                     lost.device, keys::Roles{}.with(keys::Role::field), keys::KeySet::random(rng), 2))});
  out.push_back(
      {"epoch_incident",
       admin_says(org, ObjectType::epoch,
                  keys::encode_epoch({to_org(org),
                                      90,
                                      test::kExercise,
                                      when,
                                      when + days(7),
                                      {keys::x25519_public(keys::Secret<32>::random(rng).bytes())}}))});
  out.push_back({"epoch_void", admin_says(org, ObjectType::epoch_void,
                                          keys::encode_epoch_void({to_org(org), 1, 2, 3, when}))});
  out.push_back({"units_next",
                 admin_says(org, ObjectType::units,
                            keys::encode_document({org, org.value, 2, when, keys::encode_units({unit})}))});
  out.push_back({"incident_own", admin_says(org, ObjectType::incident,
                                            keys::encode_document(
                                                {org, 1700001, 1, when, keys::encode_incident(incident)}))});
  out.push_back({"catalogue", test::catalogue_object(network(), 3, {0x78, 0xDA, 1, 2, 3})});
  keys::Contact contact;
  contact.version = 4;
  contact.issued = when;
  contact.neighbours = {{test::relay_of(test::kNational), 3, 0}, {test::relay_of(test::kToyama), 5, 6}};
  out.push_back({"contact", keys::sign_contact(network().identity(test::relay_of(org)), contact)});
  return out;
}

std::vector<Seed> paper_seeds() {
  const auto text = [](const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines) out += line + "\n";
    return bytes_of(view_of(out));
  };
  const Bytes report = envelope_seeds().front().bytes;
  std::vector<std::string> parts = keys::paper_parts(report);
  std::vector<Seed> out{{"one", text(keys::paper_parts(Bytes(100, 1)))}, {"in_order", text(parts)}};
  parts.push_back(parts.front());
  std::ranges::reverse(parts);
  out.push_back({"backwards_with_a_second_copy", text(parts)});
  parts[0] += keys::paper_parts(Bytes(500, 2)).front();
  out.push_back({"with_a_foreign_one", text(parts)});
  parts[1].insert(20, "\n");
  out.push_back({"in_rows", text(parts)});
  return out;
}

std::vector<Seed> key_file_seeds() {
  using keys::KeyOwner;
  test::SeededRng rng(5);
  const keys::SecretBytes passphrase = keys::SecretBytes::copy_of(view_of("烽火三月"));
  const keys::Lock locked{&passphrase, keys::kKdfLeast}, unattended{};
  const auto file = [&](KeyOwner owner, const keys::SecretBytes& secrets, const keys::Lock& lock) {
    auto bytes = keys::encode_key_file(owner, secrets, lock, rng);
    NOROSHI_ASSERT(bytes.ok());
    return *std::move(bytes);
  };
  const auto device =
      keys::encode_secrets(keys::DeviceKeys::random(test::kIshikawa, network().root_id(), rng));
  const auto admin = keys::encode_secrets(
      keys::AdminKeys{test::kIshikawa, network().root_id(), 1, keys::Secret<32>::random(rng),
                      keys::Secret<32>::random(rng), keys::Secret<32>::random(rng)});
  const auto single = keys::encode_secrets(keys::SingleKey{3, keys::Secret<32>::random(rng)});
  Bytes asks_too_much = file(KeyOwner::admin, admin, locked);
  asks_too_much[10] = 0xFF;
  Bytes pays = file(KeyOwner::recovery, single, locked);
  pays[18] = pays[19] = 0;
  return {
      {"device", file(KeyOwner::device, device, unattended)},
      {"device_locked", file(KeyOwner::device, device, locked)},
      {"admin", file(KeyOwner::admin, admin, unattended)},
      {"admin_asks_too_much", asks_too_much},
      {"recovery", file(KeyOwner::recovery, single, unattended)},
      {"recovery_pays", pays},
      {"root_locked", file(KeyOwner::root, single, locked)},
      {"secrets_device", bytes_of(device.bytes())},
      {"secrets_single", bytes_of(single.bytes())},
  };
}

}  // namespace noroshi::fuzz
