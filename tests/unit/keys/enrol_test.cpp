// From the root ceremony to a laptop that seals and reads, without a network.
#include "keys/enrol.hpp"

#include <filesystem>

#include "keys/ceremony.hpp"
#include "keys/delivery.hpp"
#include "keys/files.hpp"
#include "keys/passphrase.hpp"
#include "keys/words.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/network.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace noroshi;
using namespace noroshi::test;
using namespace noroshi::keys;

namespace {

constexpr WallTime kNow = kStart;

/// One root of 2-of-3 with the national body and Ishikawa, signed and published; every file under the
/// cheapest lock.
struct Office {
  TemporaryDirectory place;
  SeededRng rng{1};
  SecretBytes phrase = *normalized_passphrase(view_of("words of the office"));
  std::string words;

  [[nodiscard]] Lock lock() const { return {&phrase, kKdfLeast}; }
  [[nodiscard]] std::filesystem::path dir() const { return place.path() / "root"; }
  [[nodiscard]] Home admin_home() const { return dir() / "org-17"; }
  [[nodiscard]] Home laptop(const std::string& name) const { return place.path() / name; }

  SingleKey officer(int n) {
    const auto secrets =
        read_key_file(dir() / ("root-" + std::to_string(n) + ".key"), KeyOwner::root, &phrase);
    REQUIRE(secrets);
    return *decode_single_key(secrets->bytes());
  }
  void add(std::uint16_t id, OrgKind kind, const std::string& name) {
    Organisation o;
    o.id = {id};
    o.kind = kind;
    o.name = name;
    o.role_mask = {0x7F};
    o.home_relays = {{{id}, kFirstRelayNumber}};
    REQUIRE(add_organisation(dir(), o, lock(), kNow, rng));
  }
  void found() {
    const auto root = make_root(dir(), {2, 3}, {lock(), lock(), lock()}, kNow, rng);
    REQUIRE(root);
    words = text_of_words(words_of((*root)->root_digest(), kRootWords));
    add(1, OrgKind::national, "全国LPガス協会");
    add(17, OrgKind::association, "石川県エルピーガス協会");
    REQUIRE(sign_draft(dir(), officer(1)));
    const auto state = sign_draft(dir(), officer(3));
    REQUIRE(state);
    REQUIRE(state->published);
  }
  AdminKeys admin() {
    auto keys = load_admin_keys(admin_home(), &phrase);
    REQUIRE(keys);
    return *std::move(keys);
  }
  /// The admin's side: epochs, certificates, bundle.
  Bundle certified(const Bytes& request_file, bool with_epochs = true) {
    const AdminKeys keys = admin();
    TrustPtr trust = *load_trust(admin_home());
    EpochStore epochs = *EpochStore::load(admin_home() / "admin.epochs", keys.store_key.copy());
    if (with_epochs && trust->epochs({17}).empty()) {
      auto made = make_epochs(keys, *trust, {17}, kNow, 2, rng);
      REQUIRE(made);
      epochs.add(std::move(made->secrets));
      trust = Trust::apply_all(trust, made->objects);
    }
    const auto requests = decode_requests(request_file);
    REQUIRE(requests);
    std::vector<DeviceId> readers;
    for (const DeviceRequest& request : *requests) {
      const auto objects = certify(keys, *trust, request, {kNow, 400, 0});
      REQUIRE(objects);
      trust = Trust::apply_all(trust, *objects);
      if (!request.roles.has(Role::relay))
        readers.push_back({{17}, static_cast<std::uint16_t>(ref_of_object((*objects)[0])->owner >> 8)});
    }
    REQUIRE(save_trust(admin_home(), *trust));
    REQUIRE(epochs.save(rng));
    return make_bundle(*trust, epochs, {17}, readers, kNow, rng);
  }
};

Roles role(Role r) {
  return Roles{}.with(r);
}

}  // namespace

TEST_CASE("a laptop is enrolled by one request and one bundle, and seals and reads afterwards") {
  Office office;
  office.found();
  const Home home = office.laptop("wajima");
  const auto request =
      make_request(home, {{17}, role(Role::desk), true, {5}, {1'700'001}}, office.lock(), office.rng);
  REQUIRE(request);
  CHECK(request_from_line(request_line(*request)) == *request);
  CHECK(read_words(request_words(*request))->size() == 6);
  const Bundle bundle = office.certified(*request);
  const auto decoded = decode_bundle(encode_bundle(bundle));
  REQUIRE(decoded);
  const auto done = install(home, *decoded, office.words, office.lock(), office.rng);
  INFO((done ? "" : done.error().text));
  REQUIRE(done);
  CHECK(done->devices == std::vector<KeyId>{{{{17}, 1}, 1}, {{{17}, 101}, 1}});
  CHECK(done->secrets == 2);  // this week's and the next

  const auto trust = load_trust(home);
  REQUIRE(trust);
  CHECK((*trust)->state_digest() == done->trust->state_digest());
  auto keyring = Keyring::load(home, Which::person, &office.phrase, **trust);
  REQUIRE(keyring);
  MemoryLedger ledger(keyring->identity().store_id());
  Draft draft;
  draft.recipients = {{17}};
  draft.content = bytes_of(view_of("被害なし"));
  const auto sealed = seal_next(keyring->identity(), **trust, ledger, draft, at(kNow), office.rng);
  REQUIRE(sealed);
  const auto outcome = verify(sealed->bytes, **trust, at(kNow));
  REQUIRE(std::holds_alternative<Verified>(outcome));
  const auto opened = open(std::get<Verified>(outcome), keyring->secrets(), **trust);
  REQUIRE(std::holds_alternative<Opened>(opened));
  CHECK(text_of(std::get<Opened>(opened).content) == "被害なし");

  // What comes to the device itself is sealed to its newest certificate, which is of the generation after
  // this one.
  draft.recipients = {proto::to_own_device(101)};
  const auto to_self = seal_next(keyring->identity(), **trust, ledger, draft, at(kNow), office.rng);
  REQUIRE(to_self);
  const auto checked = verify(to_self->bytes, **trust, at(kNow));
  REQUIRE(std::holds_alternative<Verified>(checked));
  CHECK(std::holds_alternative<Opened>(open(std::get<Verified>(checked), keyring->secrets(), **trust)));

  const auto relay = load_identity(home, Which::relay, nullptr, **trust);
  REQUIRE(relay);
  CHECK(relay->key() == KeyId{{{17}, 1}, 1});
  CHECK(equal(relay->secrets().box.bytes(), ByteArray<32>{}));  // a relay can open nothing
  CHECK((*trust)->is_home_relay({{17}, 1}));
  CHECK((*trust)->certificate({{{17}, 101}, 2}));  // the next generation is certified in advance
}

TEST_CASE("a root that a person did not name is never believed") {
  Office office;
  office.found();
  const Home home = office.laptop("a");
  const Bundle bundle =
      office.certified(*make_request(home, {{17}, role(Role::relay), false, {}, {}}, {}, office.rng));
  auto other_words = words_of(ByteArray<32>{}, kRootWords);
  CHECK(install(home, bundle, text_of_words(other_words), {}, office.rng).error().code == Code::permission);
  CHECK(install(home, bundle, "", {}, office.rng).error().code == Code::permission);
  CHECK_FALSE(is_enrolled(home));
  CHECK(load_trust(home).error().code == Code::unavailable);
  REQUIRE(install(home, bundle, office.words, {}, office.rng));
  REQUIRE(install(home, bundle, "", {}, office.rng));  // later the pinned root decides
  CHECK(install(home, bundle, text_of_words(other_words), {}, office.rng).error().code == Code::permission);
}

TEST_CASE("a certificate of somebody else's keys installs nothing, and the wrong passphrase opens nothing") {
  Office office;
  office.found();
  const Home a = office.laptop("a"), b = office.laptop("b");
  const auto request_a =
      make_request(a, {{17}, role(Role::field), false, {5}, {}}, office.lock(), office.rng);
  REQUIRE(make_request(b, {{17}, role(Role::field), false, {6}, {}}, office.lock(), office.rng));
  const Bundle bundle = office.certified(*request_a);
  const auto refused = install(b, bundle, office.words, office.lock(), office.rng);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::permission);
  CHECK_FALSE(is_enrolled(b));  // nothing is left behind
  REQUIRE(install(a, bundle, office.words, office.lock(), office.rng));
  const SecretBytes wrong = *normalized_passphrase(view_of("wrong"));
  CHECK(install(a, bundle, office.words, {&wrong, kKdfLeast}, office.rng).error().code == Code::permission);
  CHECK(load_identity(b, Which::person, &office.phrase, **load_trust(a)).error().code == Code::unavailable);
}

TEST_CASE("keys are not made twice, nor certified for another organisation or a wider role") {
  Office office;
  office.found();
  const Home home = office.laptop("a");
  const auto request = make_request(home, {{17}, role(Role::field), true, {}, {}}, office.lock(), office.rng);
  REQUIRE(request);
  CHECK(make_request(home, {{17}, role(Role::field), true, {}, {}}, office.lock(), office.rng).error().code ==
        Code::cannot_make);
  CHECK(make_request(office.laptop("c"), {{17}, {}, false, {}, {}}, office.lock(), office.rng).error().code ==
        Code::usage);
  auto foreign = (*decode_requests(*request))[0];
  foreign.org = {1};
  CHECK(certify(office.admin(), **load_trust(office.admin_home()), foreign, {kNow, 400, 0}).error().code ==
        Code::permission);
}

TEST_CASE("a request that was touched is no request") {
  Office office;
  const Home home = office.laptop("a");
  const auto request = make_request(home, {{17}, role(Role::relay), false, {}, {}}, {}, office.rng);
  REQUIRE(request);
  for (std::size_t i = 0; i < request->size(); ++i) {
    Bytes wrong = *request;
    wrong[i] ^= 1;
    CHECK_FALSE(decode_requests(wrong));
    CHECK_FALSE(decode_requests(BytesView(*request).first(i)));
  }
}

TEST_CASE("a roster is published by k officers, and every change drops their signatures") {
  Office office;
  REQUIRE(make_root(office.dir(), {2, 3}, {office.lock(), office.lock(), office.lock()}, kNow, office.rng));
  CHECK(make_root(office.dir(), {2, 3}, {office.lock(), office.lock(), office.lock()}, kNow, office.rng)
            .error()
            .code == Code::cannot_make);
  CHECK_FALSE(sign_draft(office.dir(), office.officer(1)));  // nothing to sign yet
  office.add(1, OrgKind::national, "全国");
  CHECK(sign_draft(office.dir(), office.officer(2))->signers == std::vector<int>{2});
  CHECK_FALSE(sign_draft(office.dir(), office.officer(2))->published);  // twice by one officer is once
  office.add(17, OrgKind::association, "石川");
  CHECK(draft_state(office.dir())->signers.empty());
  REQUIRE(sign_draft(office.dir(), office.officer(1)));
  CHECK(sign_draft(office.dir(), office.officer(3))->published);
  const auto trust = load_trust(office.admin_home());
  REQUIRE(trust);
  CHECK((*trust)->roster_version() == 1);
  CHECK((*trust)->organisation({1})->may_direct == std::vector<OrgId>{{17}});
  CHECK((*trust)->organisation({17})->may_direct.empty());

  office.add(16, OrgKind::association, "富山");  // begins version 2
  CHECK(draft_state(office.dir())->roster.head.version == 2);
  REQUIRE(sign_draft(office.dir(), office.officer(1)));
  REQUIRE(sign_draft(office.dir(), office.officer(2)));
  CHECK((*load_trust(office.admin_home()))->roster_version() == 2);
  CHECK((*load_trust(office.admin_home()))->organisation({1})->may_direct.size() == 2);
}

TEST_CASE("a stranger's key signs no draft") {
  Office office;
  office.found();
  office.add(16, OrgKind::association, "富山");
  CHECK(sign_draft(office.dir(), SingleKey{0, Secret<32>::random(office.rng)}).error().code ==
        Code::permission);
}

TEST_CASE("epochs go on from the last one, eight weeks ahead, and an incident gets its own") {
  Office office;
  office.found();
  const AdminKeys admin = office.admin();
  TrustPtr trust = *load_trust(office.admin_home());
  const auto first = make_epochs(admin, *trust, {17}, kNow, kEpochWeeksAhead, office.rng);
  REQUIRE(first);
  CHECK(first->objects.size() == 9);
  trust = Trust::apply_all(trust, first->objects);
  CHECK(make_epochs(admin, *trust, {17}, kNow, kEpochWeeksAhead, office.rng)->objects.empty());
  const auto later = make_epochs(admin, *trust, {17}, kNow + days(14), kEpochWeeksAhead, office.rng);
  CHECK(later->objects.size() == 2);
  trust = Trust::apply_all(trust, later->objects);
  const auto own = make_incident_epoch(admin, *trust, {17}, {7}, kNow, office.rng);
  REQUIRE(own);
  trust = Trust::apply_all(trust, own->objects);
  CHECK(trust->epoch_for({17}, kNow, {7})->number == 12);
  CHECK(trust->epoch_for({17}, kNow)->number == 1);
  CHECK(make_epochs(admin, *trust, {1}, kNow, 1, office.rng).error().code == Code::permission);
  for (const EpochKey* epoch : trust->epochs({17}))
    if (epoch->incident.value == 0) CHECK(epoch->not_after - epoch->not_before == days(7));
}

TEST_CASE("a delivery opens for its device alone and brings only what is signed") {
  const Network network;
  SeededRng rng(1);
  auto genuine = network.secrets_of({17}, 2, 2);
  std::vector<EpochSecret> forged;
  forged.push_back({{17}, 3, Secret<32>::random(rng), {}});
  const std::vector<const EpochSecret*> both = {&genuine[0], &forged[0]};
  const Certificate& desk = *network.trust()->newest_certificate(desk_of(kIshikawa));
  const Bytes sealed = seal_delivery(both, desk, network.root_id(), rng);
  CHECK(addressee_of(sealed) == desk.key);
  const auto opened = open_delivery(sealed, network.identity(desk_of(kIshikawa)));
  REQUIRE(opened);
  CHECK(is_genuine((*opened)[0], *network.trust()));
  CHECK_FALSE(is_genuine((*opened)[1], *network.trust()));
  CHECK_FALSE(open_delivery(sealed, network.identity(field_of(kIshikawa))));
  CHECK(is_genuine(network.transport_secret(kIshikawa), *network.trust()));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes wrong = sealed;
    wrong[i] ^= 1;
    CHECK_FALSE(open_delivery(wrong, network.identity(desk_of(kIshikawa))));
  }
}

TEST_CASE("deliveries to many go out fifteen recipients a message") {
  const Network network;
  auto secrets = network.secrets_of({17}, 1, 2);
  const std::vector<const EpochSecret*> views = {&secrets[0], &secrets[1]};
  std::vector<RecipientId> readers;
  for (std::uint16_t dev = 1; dev <= 31; ++dev) readers.push_back(proto::to_own_device(dev));
  const auto drafts = delivery_drafts(views, readers);
  REQUIRE(drafts.size() == 3);
  CHECK(drafts[0].recipients.size() == 15);
  CHECK(drafts[2].recipients.size() == 1);
  const auto back = decode_delivery(drafts[0].content);
  REQUIRE(back);
  CHECK(back->size() == 2);
  CHECK((*back)[1].number == 2);
  CHECK_FALSE(decode_delivery(BytesView(drafts[0].content).first(20)));
}

TEST_CASE("a bundle that is cut or swollen is no bundle") {
  const Bundle bundle{{{1, 2, 3}, {4}}, {{5, 6}}};
  const Bytes file = encode_bundle(bundle);
  const auto back = decode_bundle(file);
  REQUIRE(back);
  CHECK(back->objects == bundle.objects);
  CHECK(back->deliveries == bundle.deliveries);
  CHECK_FALSE(decode_bundle(BytesView(file).first(file.size() - 1)));
  CHECK_FALSE(decode_bundle({}));
  Bytes wrong = file;
  wrong[9] = 0xFF;  // a length beyond the end
  CHECK_FALSE(decode_bundle(wrong));
}

TEST_CASE("superseded objects leave the folder and a damaged one is left out") {
  Office office;
  office.found();
  const Home home = office.admin_home();
  const AdminKeys admin = office.admin();
  TrustPtr trust = *load_trust(home);
  const auto transport = make_transport(admin, *trust, kNow, office.rng);
  trust = Trust::apply_all(trust, transport->objects);
  REQUIRE(save_trust(home, *trust));
  const auto second = make_transport(admin, *trust, kNow, office.rng);
  trust = Trust::apply_all(trust, second->objects);
  REQUIRE(save_trust(home, *trust));
  CHECK((*load_trust(home))->transport({17})->number == 2);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(home / "trust")) ++files;
  CHECK(files == trust->inventory().size());
  REQUIRE(write_atomically(home / "trust" / "09-damaged", view_of("damaged")));
  CHECK(load_trust(home));
  CHECK_FALSE(save_object(home, view_of("damaged")));
}
