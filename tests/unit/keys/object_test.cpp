// Every signed object: its size, and that nothing but its own bytes passes.
#include "keys/object.hpp"

#include "keys/contact.hpp"
#include "keys/document.hpp"
#include "keys/root.hpp"
#include "tests/support/catch.hpp"
#include "world.hpp"

using namespace noroshi;
using namespace noroshi::test;
using keys::Applied;
using keys::ObjectType;

namespace {

Bytes contact_of_five() {
  keys::Contact contact;
  contact.version = 1;
  contact.issued = kStart;
  for (int i = 0; i < 5; ++i) contact.neighbours.push_back({relay_of(kToyama, i), 3, 0});
  return keys::sign_contact(world().identity(relay_of(kIshikawa)), contact);
}

/// One of every type, new to the world it is brought to.
std::map<std::string, Bytes> one_of_each() {
  const Network& w = world();
  SeededRng rng(5);
  const auto keys = keys::KeySet::random(rng);
  std::map<std::string, Bytes> out;
  keys::Roster next = w.roster();
  auto toyama = *keys::decode_organisation(kToyama, next.entries[kToyama.value]);
  toyama.name_en = "Toyama";
  next.entries[kToyama.value] = keys::encode_organisation(toyama);
  out["roster"] = w.sign_roster(next, kStart);
  out["roster delta"] = *keys::delta_object(w.trust()->object({ObjectType::roster, 0, 0, {}}), out["roster"]);
  out["certificate"] =
      w.certify(w.usual_certificate({kIshikawa, 40}, keys::Roles{}.with(keys::Role::field), keys));
  out["revocation"] = w.revoke({{field_of(kIshikawa), 1}, kStart, keys::RevocationReason::stolen, kStart});
  out["revocation list"] =
      w.sign_as_admin(kIshikawa, ObjectType::revocation_list,
                      keys::encode_revocation_list({kIshikawa,
                                                    kStart,
                                                    {{{field_of(kIshikawa), 1}, kStart, {}, kStart},
                                                     {{field_of(kIshikawa, 1), 0}, kStart, {}, kStart}}}));
  out["epoch"] =
      w.sign_as_admin(kIshikawa, ObjectType::epoch,
                      keys::encode_epoch({{17}, 99, {}, kStart, kStart + days(7), keys.box_public()}));
  out["epoch void"] =
      w.sign_as_admin(kIshikawa, ObjectType::epoch_void, keys::encode_epoch_void({{17}, 1, 2, 3, kStart}));
  out["transport key"] = w.sign_as_admin(kIshikawa, ObjectType::transport_key,
                                         keys::encode_transport({kIshikawa, 2, kStart, keys.box_public()}));
  out["units"] = w.sign_as_admin(
      kIshikawa, ObjectType::units,
      keys::encode_document(
          {kIshikawa, 17, 2, kStart,
           keys::encode_units(
               {{{1'700'001}, kIshikawa, {}, "輪島支部", "わじましぶ", {"17204"}, 9800, 3}})}));
  out["incident"] =
      w.sign_as_admin(kNational, ObjectType::incident,
                      keys::encode_document(
                          {kNational, 7, 1, kStart,
                           keys::encode_incident({{7}, "能登半島地震", "Noto", false, kStart, {}, {"17"}})}));
  out["places"] = w.sign_as_admin(kIshikawa, ObjectType::places,
                                  keys::encode_document({kIshikawa, 17, 1, kStart, {1, 2, 3}}));
  out["catalogue"] =
      w.sign_as_roots(ObjectType::catalogue, keys::encode_document({{}, 0, 1, kStart, {1, 2, 3}}));
  out["contact"] = contact_of_five();
  return out;
}

}  // namespace

TEST_CASE("every kind of object is applied, and a second time it is known") {
  for (const auto& [name, object] : one_of_each()) {
    INFO(name);
    const auto result = keys::Trust::apply(world().trust(), object);
    INFO(result.why);
    CHECK(result.applied == Applied::added);
    CHECK(keys::name_of(keys::parse_object(object)->type) == name);
    CHECK(keys::Trust::apply(result.next, object).applied == Applied::known);
    CHECK(result.next->object(result.ref).size() >= 66);
  }
}

TEST_CASE("every single flipped bit and every truncation of every object is refused") {
  for (const auto& [name, object] : one_of_each()) {
    INFO(name);
    std::size_t taken = 0;
    // Large objects: every byte, one bit each; small ones: every bit.
    const int bits = object.size() > 300 ? 1 : 8;
    for (std::size_t i = 0; i < object.size(); ++i)
      for (int bit = 0; bit < bits; ++bit) {
        Bytes wrong = object;
        wrong[i] ^= static_cast<std::uint8_t>(1u << (bits == 1 ? i % 8 : static_cast<std::size_t>(bit)));
        const Applied applied = keys::Trust::apply(world().trust(), wrong).applied;
        taken += applied == Applied::added;
      }
    CHECK(taken == 0);
    for (std::size_t size = 0; size < object.size(); ++size)
      taken += keys::Trust::apply(world().trust(), BytesView(object).first(size)).applied == Applied::added;
    Bytes longer = object;
    longer.push_back(0);
    taken += keys::Trust::apply(world().trust(), longer).applied == Applied::added;
    CHECK(taken == 0);
  }
}

TEST_CASE("objects keep to their budgets") {
  const auto objects = one_of_each();
  CHECK(objects.at("certificate").size() == 190);
  CHECK(objects.at("revocation").size() == 82);
  CHECK(objects.at("revocation list").size() == 76 + 2 * 8);
  CHECK(objects.at("epoch").size() <= 120);
  CHECK(objects.at("contact").size() <= 120);
  CHECK(objects.at("roster delta").size() <= 600);
}

TEST_CASE("an object signed for another network, or as another kind, is refused") {
  const Network other(usual_plan(2));
  for (const auto& [name, object] : one_of_each()) {
    INFO(name);
    CHECK(keys::Trust::apply(other.trust(), object).applied != Applied::added);
    Bytes other_kind = object;
    for (int type = 0; type < 20; ++type) {
      if (type == object[0]) continue;
      other_kind[0] = static_cast<std::uint8_t>(type);
      CHECK(keys::Trust::apply(world().trust(), other_kind).applied != Applied::added);
    }
  }
}

TEST_CASE("keys of low order or in a second spelling are refused in every key field of an object") {
  SeededRng rng(6);
  const auto keys = keys::KeySet::random(rng);
  const ByteArray<32> zero{};
  ByteArray<32> second_spelling{};  // p + 2: the coordinate 2 again
  second_spelling.fill(0xFF);
  second_spelling[0] = 0xEF;
  second_spelling[31] = 0x7F;
  for (const auto& bad : {zero, second_spelling}) {
    const auto base = world().usual_certificate({kIshikawa, 41}, keys::Roles{}.with(keys::Role::field), keys);
    for (int field = 0; field < 3; ++field) {
      auto c = base;
      (field == 0 ? c.sign.value : field == 1 ? c.box.value : c.link.value) = bad;
      CHECK(keys::Trust::apply(world().trust(), world().certify(c)).applied == Applied::refused);
    }
    const auto epoch = world().sign_as_admin(
        kIshikawa, ObjectType::epoch, keys::encode_epoch({{17}, 98, {}, kStart, kStart + days(7), {bad}}));
    CHECK(keys::Trust::apply(world().trust(), epoch).applied == Applied::refused);
    const auto transport = world().sign_as_admin(kIshikawa, ObjectType::transport_key,
                                                 keys::encode_transport({kIshikawa, 9, kStart, {bad}}));
    CHECK(keys::Trust::apply(world().trust(), transport).applied == Applied::refused);
    auto root = *keys::decode_root(keys::parse_object(world().root_object())->body);
    root.keys[0].value = bad;
    CHECK_FALSE(keys::decode_root(keys::encode_root(root)));
  }
}

TEST_CASE("types this version does not read are refused, not stored") {
  for (const ObjectType type : {ObjectType::organisation_list, ObjectType::delegation, ObjectType::log_head,
                                ObjectType::network_key}) {
    Bytes object = one_of_each().at("epoch");
    object[0] = static_cast<std::uint8_t>(type);
    CHECK(keys::Trust::apply(world().trust(), object).applied == Applied::refused);
  }
}
