// The form catalogue as a signed object: whose word it takes, and that there is no way back.
#include "keys/ceremony.hpp"
#include "keys/document.hpp"
#include "keys/trust.hpp"
#include "proto/limits.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/network.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace noroshi;
using namespace noroshi::test;
using keys::Applied;
using keys::ObjectType;
using keys::Trust;
using keys::TrustPtr;

namespace {

Bytes body_of(std::uint32_t version, Bytes content, OrgId issuer = {}, std::uint32_t owner = 0) {
  return keys::encode_document({issuer, owner, version, kStart, std::move(content)});
}
Bytes signed_catalogue(const Network& network, std::uint32_t version, Bytes content, int officers = 3) {
  return network.sign_as_roots(ObjectType::catalogue, body_of(version, std::move(content)), officers);
}

}  // namespace

TEST_CASE("k officers give a catalogue, and trust shows its version and its bytes as they were signed") {
  const Network network;
  CHECK_FALSE(network.trust()->catalogue());
  const auto applied = Trust::apply(network.trust(), signed_catalogue(network, 7, {1, 2, 3}));
  REQUIRE(applied.applied == Applied::added);
  const auto held = applied.next->catalogue();
  REQUIRE(held);
  CHECK(held->version == 7);
  CHECK(held->issued == kStart);
  CHECK(equal(held->packed, Bytes{1, 2, 3}));
  CHECK(applied.next->state_digest() != network.trust()->state_digest());
}

TEST_CASE("fewer than k officers, or an organisation's admin, give no catalogue") {
  const Network network;
  for (int officers = 1; officers < 3; ++officers) {
    const auto applied = Trust::apply(network.trust(), signed_catalogue(network, 1, {1}, officers));
    CHECK(applied.applied == Applied::refused);
    CHECK_FALSE(applied.next->catalogue());
  }
  for (const OrgId org : {kNational, kIshikawa})
    CHECK(Trust::apply(network.trust(), network.sign_as_admin(org, ObjectType::catalogue, body_of(1, {1})))
              .applied == Applied::refused);
  const auto in_its_name = network.sign_as_roots(ObjectType::catalogue, body_of(1, {1}, kIshikawa, 17));
  CHECK(Trust::apply(network.trust(), in_its_name).applied == Applied::refused);
}

TEST_CASE("a signature of another network, or over other bytes, gives no catalogue") {
  const Network network, other(usual_plan(2));
  CHECK(Trust::apply(network.trust(), signed_catalogue(other, 1, {1})).applied == Applied::refused);
  Bytes object = signed_catalogue(network, 1, {1, 2, 3, 4});
  object[20] ^= 1;  // the content
  CHECK(Trust::apply(network.trust(), object).applied == Applied::refused);
}

TEST_CASE("a newer catalogue takes the place of an older one, and never the other way round") {
  const Network network;
  const Bytes first = signed_catalogue(network, 1, {1}), second = signed_catalogue(network, 2, {2});
  const TrustPtr one = Trust::apply(network.trust(), first).next;
  const TrustPtr two = Trust::apply(one, second).next;
  CHECK(two->catalogue()->version == 2);
  CHECK(Trust::apply(two, first).applied == Applied::known);
  CHECK(Trust::apply(two, first).next->catalogue()->version == 2);
  CHECK(one->catalogue()->version == 1);  // whoever holds the old snapshot still reads it
  CHECK(Trust::apply_all(network.trust(), std::vector<Bytes>{second, first})->state_digest() ==
        two->state_digest());
}

TEST_CASE("two catalogues of one version do not take each other's place") {
  const Network network;
  const TrustPtr held = Trust::apply(network.trust(), signed_catalogue(network, 1, {1})).next;
  CHECK(Trust::apply(held, signed_catalogue(network, 1, {2})).applied == Applied::conflict);
}

TEST_CASE("a catalogue cut off anywhere is refused, and so is one that no object has room for") {
  const Network network;
  const Bytes object = signed_catalogue(network, 1, Bytes(40, 7));
  for (std::size_t length = 0; length < object.size(); ++length)
    CHECK(Trust::apply(network.trust(), BytesView(object).first(length)).applied == Applied::refused);
  CHECK(Trust::apply(network.trust(), signed_catalogue(network, 1, Bytes(kObjectBytesMax, 7))).applied ==
        Applied::refused);
}

namespace {

/// A ceremony of three officers, two needed.
struct Officers {
  TemporaryDirectory directory;
  SeededRng rng{5};
  keys::Ceremony dir = directory.path() / "root";
  Officers() {
    const std::vector<keys::Lock> open(3);
    REQUIRE(keys::make_root(dir, {2, 3}, open, kStart, rng).ok());
    keys::Organisation ishikawa;
    ishikawa.id = kIshikawa;
    ishikawa.name = "石川県協会";
    ishikawa.kind = keys::OrgKind::association;
    REQUIRE(keys::add_organisation(dir, ishikawa, {}, kStart, rng).ok());
    for (const int i : {1, 2}) REQUIRE(keys::sign_draft(dir, officer(i)).ok());
  }
  keys::SingleKey officer(int i) const {
    const auto secrets =
        keys::read_key_file(dir / ("root-" + std::to_string(i) + ".key"), keys::KeyOwner::root, nullptr);
    REQUIRE(secrets.ok());
    return std::move(*keys::decode_single_key(secrets->bytes()));
  }
};

}  // namespace

TEST_CASE("officers sign a catalogue's draft one by one, and the k-th hands it to every admin") {
  const Officers ceremony;
  REQUIRE(keys::draft_catalogue(ceremony.dir, {1, 2, 3}, kStart).ok());
  const auto first = keys::sign_catalogue(ceremony.dir, ceremony.officer(1));
  REQUIRE(first.ok());
  CHECK_FALSE(first->published);
  const auto again = keys::sign_catalogue(ceremony.dir, ceremony.officer(1));  // the same officer counts once
  CHECK(again->signers == std::vector<int>{1});
  const auto second = keys::sign_catalogue(ceremony.dir, ceremony.officer(3));
  REQUIRE(second.ok());
  CHECK(second->published);
  const auto admin = keys::load_trust(ceremony.dir / "org-17");
  REQUIRE(admin.ok());
  REQUIRE((*admin)->catalogue());
  CHECK(equal((*admin)->catalogue()->packed, Bytes{1, 2, 3}));
}

TEST_CASE("a draft after a published catalogue has the next version and none of its signatures") {
  const Officers ceremony;
  REQUIRE(keys::draft_catalogue(ceremony.dir, {1}, kStart).ok());
  for (const int i : {1, 2}) REQUIRE(keys::sign_catalogue(ceremony.dir, ceremony.officer(i)).ok());
  const auto next = keys::draft_catalogue(ceremony.dir, {2}, kStart);
  REQUIRE(next.ok());
  CHECK(next->document.version == 2);
  CHECK(next->signers.empty());
  CHECK_FALSE(next->published);
  CHECK((*keys::ceremony_trust(ceremony.dir))->catalogue()->version == 1);
}
