// The snapshot of who is who: what joins it, what is refused, and that every node ends with the same.
#include "keys/trust.hpp"

#include <random>

#include "keys/contact.hpp"
#include "keys/document.hpp"
#include "keys/root.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/network.hpp"

using namespace noroshi;
using namespace noroshi::test;
using keys::Applied;
using keys::ObjectType;
using keys::Trust;
using keys::TrustPtr;

namespace {

TrustPtr empty_trust(const Network& network) {
  return *Trust::begin(network.root_object());
}

Bytes renamed_roster(const Network& network, const std::string& name, WallTime issued, int steps = 1) {
  keys::Roster next = network.roster();
  auto toyama = *keys::decode_organisation(kToyama, next.entries[kToyama.value]);
  toyama.name_en = name;
  next.entries[kToyama.value] = keys::encode_organisation(toyama);
  next.head.version += static_cast<std::uint32_t>(steps - 1);
  return network.sign_roster(next, issued);
}

Bytes revocation_by(const Network& network, const keys::Signer& signer, keys::Revocation revocation) {
  return keys::sign_object(ObjectType::revocation, keys::encode_revocation(revocation), network.root_id(),
                           {signer});
}

}  // namespace

TEST_CASE("the objects of a network may come in any order and the result is the same") {
  const Network network;
  std::vector<Bytes> objects = network.objects();
  std::mt19937 shuffle(1);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(objects.begin(), objects.end(), shuffle);
    std::size_t left_out = 1;
    const TrustPtr trust = Trust::apply_all(empty_trust(network), objects, &left_out);
    CHECK(left_out == 0);
    CHECK(trust->state_digest() == network.trust()->state_digest());
    CHECK(trust->inventory() == network.trust()->inventory());
  }
}

TEST_CASE("one object at a time gives the same trust as all at once") {
  const Network network;
  TrustPtr trust = empty_trust(network);
  for (const Bytes& object : network.objects()) trust = Trust::apply(trust, object).next;
  CHECK(trust->state_digest() == network.trust()->state_digest());
  CHECK(trust->inventory() == network.trust()->inventory());
}

TEST_CASE("what is held can be handed on, and gives the next node the same trust") {
  const Network network;
  std::vector<Bytes> copies;
  for (const keys::ObjectRef& ref : network.trust()->inventory()) {
    const BytesView bytes = network.trust()->object(ref);
    REQUIRE_FALSE(bytes.empty());
    CHECK(keys::ref_of_object(bytes) == ref);
    copies.push_back(bytes_of(bytes));
  }
  CHECK(Trust::apply_all(empty_trust(network), copies)->inventory() == network.trust()->inventory());
}

TEST_CASE("an old snapshot stays what it was while a new one grows") {
  Network network;
  const TrustPtr before = network.trust();
  const auto inventory = before->inventory();
  const auto digest = before->state_digest();
  network.take(network.revoke({{field_of(kIshikawa), 1}, kStart, keys::RevocationReason::stolen, kStart}));
  CHECK(before->inventory() == inventory);
  CHECK(before->state_digest() == digest);
  CHECK_FALSE(before->revoked_since({field_of(kIshikawa), 1}));
  CHECK(network.trust()->revoked_since({field_of(kIshikawa), 1}));
  CHECK(network.trust()->state_digest() != digest);
}

TEST_CASE("the digest says nothing of certificates and contacts, which travel on demand") {
  Network network;
  const auto digest = network.trust()->state_digest();
  SeededRng rng(1);
  network.take(network.certify(network.usual_certificate({kToyama, 77}, keys::Roles{}.with(keys::Role::field),
                                                         keys::KeySet::random(rng))));
  network.take(keys::sign_contact(network.identity(relay_of(kToyama)), {{}, 1, kStart, {}}));
  CHECK(network.trust()->state_digest() == digest);
}

TEST_CASE("the first root must be signed by every key, and a later one cannot be a beginning") {
  const Network network;
  const auto body = keys::parse_object(network.root_object())->body;
  for (int officers = 1; officers < 5; ++officers)
    CHECK_FALSE(Trust::begin(network.sign_as_roots(ObjectType::root, body, officers)));
  CHECK(Trust::begin(network.root_object()));
  CHECK_FALSE(Trust::begin({}));
  CHECK_FALSE(Trust::begin(network.objects()[1]));
}

TEST_CASE("a roster needs k distinct keys, not k signatures") {
  const Network network;
  const Bytes roster = renamed_roster(network, "T", kStart);
  const auto body = keys::parse_object(roster)->body;
  const auto signed_by = [&](std::vector<int> officers) {
    std::vector<keys::Signer> signers;
    for (const int i : officers)
      signers.push_back({.kind = keys::SignerKind::root,
                         .index = static_cast<std::uint8_t>(i),
                         .seed = &network.root_key(i)});
    return Trust::apply(network.trust(),
                        keys::sign_object(ObjectType::roster, body, network.root_id(), signers))
        .applied;
  };
  CHECK(signed_by({0, 1}) == Applied::refused);
  CHECK(signed_by({0, 1, 1, 0, 0}) == Applied::refused);
  CHECK(signed_by({0, 4, 2}) == Applied::added);
  CHECK(signed_by({3, 3, 1, 0}) == Applied::added);
}

TEST_CASE("the same roster under other officers' signatures is the same roster") {
  Network network;
  const Bytes roster = renamed_roster(network, "T", kStart);
  const auto body = keys::parse_object(roster)->body;
  const Bytes four = network.sign_as_roots(ObjectType::roster, body, 4);
  const TrustPtr a = Trust::apply(network.trust(), roster).next;
  const TrustPtr b = Trust::apply(network.trust(), four).next;
  CHECK(a->state_digest() == b->state_digest());
  CHECK(Trust::apply(a, four).applied == Applied::known);
}

TEST_CASE("a roster never goes back, forks or skips its predecessor's digest") {
  Network network;
  const Bytes old = network.objects()[1];
  const Bytes two = renamed_roster(network, "two", kStart);
  const Bytes other_two = renamed_roster(network, "other", kStart);
  keys::Roster unrelated = network.roster();
  unrelated.head.version = 2;
  unrelated.head.previous = {1, 2, 3};
  const Bytes wrong_previous = network.sign_as_roots(ObjectType::roster, keys::encode_roster(unrelated));
  CHECK(Trust::apply(network.trust(), wrong_previous).applied == Applied::refused);
  const TrustPtr trust = Trust::apply(network.trust(), two).next;
  CHECK(trust->roster_version() == 2);
  CHECK(Trust::apply(trust, old).applied == Applied::known);
  CHECK(Trust::apply(trust, other_two).applied == Applied::conflict);
  CHECK(trust->organisation(kToyama)->name_en == "two");
}

TEST_CASE("a delta gives the very bytes of the roster it leads to") {
  Network network;
  const BytesView held = network.trust()->object({ObjectType::roster, 0, 0, {}});
  const Bytes next = renamed_roster(network, "Toyama", kStart);
  const auto delta = keys::delta_object(held, next);
  REQUIRE(delta);
  CHECK(delta->size() < next.size());
  const auto result = Trust::apply(network.trust(), *delta);
  REQUIRE(result.applied == Applied::added);
  CHECK(equal(result.next->object({ObjectType::roster, 0, 0, {}}), next));
  CHECK(result.next->state_digest() == Trust::apply(network.trust(), next).next->state_digest());
  CHECK(Trust::apply(result.next, *delta).applied == Applied::known);
  CHECK(Trust::apply(empty_trust(network), *delta).applied == Applied::unproven);
  CHECK_FALSE(keys::delta_object(next, held));
}

TEST_CASE("a root change needs k of the old and k of the new keys, one step at a time") {
  Network network;
  SeededRng rng(9);
  std::vector<keys::SignSeed> fresh;
  auto root = *keys::decode_root(keys::parse_object(network.root_object())->body);
  root.version = 2;
  for (int i = 3; i < 5; ++i) {  // two officers hand over
    fresh.push_back(keys::SignSeed::random(rng));
    root.keys[static_cast<std::size_t>(i)] = keys::sign_public(fresh.back());
  }
  const Bytes body = keys::encode_root(root);
  const auto signed_by = [&](std::vector<int> old_keys, std::vector<int> new_keys) {
    std::vector<keys::Signer> signers;
    for (const int i : old_keys)
      signers.push_back({.kind = keys::SignerKind::root,
                         .index = static_cast<std::uint8_t>(0x80 | i),
                         .seed = &network.root_key(i)});
    for (const int i : new_keys)
      signers.push_back({.kind = keys::SignerKind::root,
                         .index = static_cast<std::uint8_t>(i),
                         .seed = i >= 3 ? &fresh[static_cast<std::size_t>(i - 3)] : &network.root_key(i)});
    return Trust::apply(network.trust(),
                        keys::sign_object(ObjectType::root, body, network.root_id(), signers));
  };
  CHECK(signed_by({0, 1}, {0, 1, 2}).applied == Applied::refused);
  CHECK(signed_by({0, 1, 2}, {0, 1}).applied == Applied::refused);
  CHECK(signed_by({}, {0, 1, 2, 3, 4}).applied == Applied::refused);
  const auto changed = signed_by({0, 1, 4}, {0, 3, 4});
  REQUIRE(changed.applied == Applied::added);
  CHECK(changed.next->root_id() == network.root_id());
  CHECK(changed.next->root_digest() == network.trust()->root_digest());
  CHECK(changed.next->roster_version() == 1);  // what the old root signed still holds
  CHECK(changed.next->certificate({field_of(kIshikawa), 1}));

  keys::Roster next = network.roster();
  next.head.root_version = 2;
  const Bytes under_new = network.sign_roster(next, kStart);  // officers 0, 1, 2 are in both roots
  CHECK(Trust::apply(network.trust(), under_new).applied == Applied::unproven);
  const TrustPtr trust = Trust::apply(changed.next, under_new).next;
  CHECK(trust->roster_version() == 2);
  keys::Roster back = next;
  back.head.version = 2;
  back.head.root_version = 1;
  CHECK(Trust::apply(trust, network.sign_roster(back, kStart)).applied == Applied::refused);
}

TEST_CASE("two certificates for one key, or one link key for two devices, are a conflict: the first stays") {
  const Network network;
  SeededRng rng(2);
  const auto field = keys::Roles{}.with(keys::Role::field);
  const auto twin = network.usual_certificate(field_of(kIshikawa), field, keys::KeySet::random(rng));
  CHECK(Trust::apply(network.trust(), network.certify(twin)).applied == Applied::conflict);
  auto thief = network.usual_certificate({kToyama, 66}, field, keys::KeySet::random(rng));
  thief.link = network.identity(relay_of(kIshikawa)).link_public();
  const auto result = Trust::apply(network.trust(), network.certify(thief));
  CHECK(result.applied == Applied::conflict);
  CHECK(result.why.find("17/2.1") != std::string::npos);
  CHECK(network.trust()->certificate_by_link_key(thief.link)->key.device == relay_of(kIshikawa));
}

TEST_CASE("an admin certifies only its own organisation's devices, in roles its organisation may give") {
  Network network;
  SeededRng rng(3);
  const auto keys = keys::KeySet::random(rng);
  const auto certificate =
      network.usual_certificate({kToyama, 50}, keys::Roles{}.with(keys::Role::field), keys);
  const Bytes body = keys::encode_certificate(certificate);
  CHECK(Trust::apply(network.trust(), network.sign_as_admin(kIshikawa, ObjectType::certificate, body))
            .applied == Applied::refused);
  keys::Roster roster = network.roster();
  auto toyama = *keys::decode_organisation(kToyama, roster.entries[kToyama.value]);
  toyama.role_mask = keys::Roles{}.with(keys::Role::field).with(keys::Role::relay);
  roster.entries[kToyama.value] = keys::encode_organisation(toyama);
  network.take(network.sign_roster(roster, kStart));
  CHECK_FALSE(network.trust()->certificate({desk_of(kToyama), 1}));  // given before, no longer covered
  CHECK(network.trust()->certificate({field_of(kToyama), 1}));
  const auto desk = network.usual_certificate({kToyama, 51}, keys::Roles{}.with(keys::Role::desk), keys);
  CHECK(Trust::apply(network.trust(), network.certify(desk)).applied == Applied::refused);
}

TEST_CASE("after a change of admin keys former signatures hold as long as the roster lists the former key") {
  Network network;
  const auto change = [&](bool keep_former) {
    keys::Roster roster = network.roster();
    auto toyama = *keys::decode_organisation(kToyama, roster.entries[kToyama.value]);
    SeededRng rng(4);
    if (keep_former) toyama.former_admins = {toyama.admin};
    toyama.admin = toyama.admin_next;
    toyama.admin_next = keys::KeySet::random(rng).sign_public();
    ++toyama.admin_number;
    roster.entries[kToyama.value] = keys::encode_organisation(toyama);
    return Trust::apply(network.trust(), network.sign_roster(roster, kStart)).next;
  };
  const TrustPtr kept = change(true), dropped = change(false);
  CHECK(kept->certificate({field_of(kToyama), 1}));
  CHECK_FALSE(dropped->certificate({field_of(kToyama), 1}));
  CHECK_FALSE(dropped->epoch_for({16}, kStart));
  CHECK(dropped->certificate({field_of(kIshikawa), 1}));
}

TEST_CASE("a device is revoked by its admin, its recovery key, k roots or itself, and by nobody else") {
  const Network network;
  const keys::Revocation entry{{field_of(kIshikawa), 1}, kStart, keys::RevocationReason::stolen, kStart};
  const auto applied = [&](const Bytes& object) { return Trust::apply(network.trust(), object).applied; };
  CHECK(applied(network.revoke(entry)) == Applied::added);
  CHECK(applied(revocation_by(network,
                              {.kind = keys::SignerKind::recovery, .seed = &network.recovery_key(kIshikawa)},
                              entry)) == Applied::added);
  const Bytes body = keys::encode_revocation(entry);
  CHECK(applied(network.sign_as_roots(ObjectType::revocation, body, 3)) == Applied::added);
  CHECK(applied(network.sign_as_roots(ObjectType::revocation, body, 2)) == Applied::refused);
  const auto by_device = [&](DeviceId device) {
    const auto& who = network.identity(device);
    return applied(revocation_by(
        network, {.kind = keys::SignerKind::device, .device = who.key(), .seed = &who.secrets().sign},
        entry));
  };
  CHECK(by_device(field_of(kIshikawa)) == Applied::added);
  CHECK(by_device(field_of(kIshikawa, 1)) == Applied::refused);
  CHECK(by_device(admin_of(kToyama)) == Applied::refused);
  CHECK(applied(network.sign_as_admin(kToyama, ObjectType::revocation, body)) == Applied::refused);
}

TEST_CASE(
    "revocations of one key end the same in every order, and the organisation's word goes before the "
    "device's") {
  const Network network;
  const KeyId key{field_of(kIshikawa), 1};
  const auto& who = network.identity(field_of(kIshikawa));
  std::vector<Bytes> entries = {
      network.revoke({key, kStart + hours(2), keys::RevocationReason::lost, kStart + hours(3)}),
      network.revoke({key, kStart + hours(1), keys::RevocationReason::stolen, kStart + hours(4)}),
      revocation_by(network,
                    {.kind = keys::SignerKind::device, .device = who.key(), .seed = &who.secrets().sign},
                    {key, WallTime{0}, keys::RevocationReason::other, kStart})};
  std::sort(entries.begin(), entries.end());
  std::optional<ByteArray<8>> digest;
  do {
    TrustPtr trust = network.trust();
    for (const Bytes& entry : entries) trust = Trust::apply(trust, entry).next;
    CHECK(trust->revoked_since(key) == kStart + hours(1));
    CHECK(digest.value_or(trust->state_digest()) == trust->state_digest());
    digest = trust->state_digest();
  } while (std::next_permutation(entries.begin(), entries.end()));
}

TEST_CASE("a revocation list only grows") {
  Network network;
  const auto list = [&](WallTime issued, std::vector<keys::Revocation> entries) {
    return network.sign_as_admin(kIshikawa, ObjectType::revocation_list,
                                 keys::encode_revocation_list({kIshikawa, issued, std::move(entries)}));
  };
  const keys::Revocation one{{field_of(kIshikawa), 1}, kStart, keys::RevocationReason::lost, {}};
  const keys::Revocation two{{field_of(kIshikawa, 1), 0}, kStart, keys::RevocationReason::lost, {}};
  network.take(list(kStart, {one}));
  CHECK(network.trust()->revoked_since({field_of(kIshikawa), 1}) == kStart);
  CHECK(Trust::apply(network.trust(), list(kStart + days(7), {two})).applied == Applied::conflict);
  CHECK(Trust::apply(network.trust(), list(kStart - days(7), {two})).applied == Applied::known);
  network.take(list(kStart + days(7), {one, two}));
  CHECK(network.trust()->revoked_since({field_of(kIshikawa, 1), 3}) == kStart);
}

TEST_CASE("a contact object is its node's own word: newest wins, a leaf or a revoked relay has none") {
  Network network;
  const auto contact = [&](DeviceId node, std::uint32_t version) {
    return keys::sign_contact(network.identity(node), {{}, version, kStart, {{relay_of(kToyama), 1, 0}}});
  };
  network.take(contact(relay_of(kIshikawa), 5));
  CHECK(Trust::apply(network.trust(), contact(relay_of(kIshikawa), 4)).applied == Applied::known);
  network.take(contact(relay_of(kIshikawa), 6));
  CHECK(network.trust()->contact(relay_of(kIshikawa))->version == 6);
  CHECK(network.trust()->contacts().size() == 1);
  CHECK(Trust::apply(network.trust(), contact(field_of(kIshikawa), 1)).applied == Applied::refused);
  network.take(network.revoke({{relay_of(kToyama), 1}, kStart, keys::RevocationReason::stolen, kStart}));
  CHECK(Trust::apply(network.trust(), contact(relay_of(kToyama), 1)).applied == Applied::refused);
}

TEST_CASE("only the national body declares incidents; an association declares exercises of its own numbers") {
  const Network network;
  const auto declared = [&](OrgId org, std::uint32_t id, bool exercise) {
    const keys::Incident incident{{id}, "x", "x", exercise, kStart, {}, {}};
    return Trust::apply(network.trust(),
                        network.sign_as_admin(
                            org, ObjectType::incident,
                            keys::encode_document({org, id, 1, kStart, keys::encode_incident(incident)})))
        .applied;
  };
  CHECK(declared(kNational, 5, false) == Applied::added);
  CHECK(declared(kIshikawa, 1'700'001, true) == Applied::added);
  CHECK(declared(kIshikawa, 1'700'001, false) == Applied::refused);
  CHECK(declared(kIshikawa, 5, true) == Applied::refused);
  CHECK(declared(kMinistry, 5, false) == Applied::refused);
}

TEST_CASE("a closed incident is a newer version of the same object") {
  Network network;
  keys::Incident exercise = *network.trust()->incident(kExercise);
  exercise.end = kStart + days(1);
  network.take(network.sign_as_admin(
      kNational, ObjectType::incident,
      keys::encode_document({kNational, kExercise.value, 2, kStart, keys::encode_incident(exercise)})));
  CHECK(network.trust()->incident(kExercise)->end == kStart + days(1));
  CHECK(network.trust()->incidents().size() == 1);
}

TEST_CASE("units answer by number and by association") {
  const Network network;
  const keys::Unit* unit = network.trust()->unit({1'700'002});
  REQUIRE(unit);
  CHECK(unit->name == "支部2");
  CHECK(unit->municipalities == std::vector<std::string>{"17202"});
  CHECK(network.trust()->units(kIshikawa).size() == 3);
  CHECK_FALSE(network.trust()->unit({1'700'009}));
  CHECK(network.trust()->units(kMinistry).empty());
}

TEST_CASE("home relays, quotas and groups come from the roster") {
  const Network network;
  CHECK(network.trust()->is_home_relay(relay_of(kIshikawa)));
  CHECK_FALSE(network.trust()->is_home_relay(desk_of(kIshikawa)));
  CHECK(network.trust()->quota(keys::kQuotaField).flash == 30);
  CHECK(network.trust()->quota(63).envelopes == 0);
  REQUIRE(network.trust()->group(kEverybody));
  CHECK(network.trust()->group(kEverybody)->members.size() == 5);
  CHECK(network.trust()->organisation(kIshikawa)->prefecture == 17);
}

TEST_CASE("a newest certificate is asked for without its hash") {
  const Network network;
  const auto owner = keys::owner_of({field_of(kIshikawa), 1});
  CHECK(network.trust()->object({ObjectType::certificate, owner, 0, {}}).size() == 190);
  CHECK(network.trust()
            ->object({ObjectType::certificate, keys::owner_of({field_of(kIshikawa), 0}), 0, {}})
            .size() == 190);
  CHECK(network.trust()
            ->object({ObjectType::certificate, keys::owner_of({{kIshikawa, 99}, 1}), 0, {}})
            .empty());
  CHECK(network.trust()->object({ObjectType::certificate, owner, 0, {1}}).empty());
}
