#include <algorithm>

#include "keys/delivery.hpp"
#include "keys/enrol.hpp"
#include "keys/files.hpp"
#include "keys/language.hpp"
#include "keys/object.hpp"
#include "keys/root.hpp"
#include "keys/words.hpp"

namespace noroshi::keys {
namespace {

bool is_relay(Roles roles) {
  return roles.has(Role::relay) || roles.has(Role::gateway);
}

Result<void> refuse_existing(const Home& home, Which which) {
  if (!is_present(key_path(home, which))) return {};
  return Error{Code::cannot_make, key_path(home, which).string() + ": " +
                                      said("鍵ファイルが既にあります：別の --home を使ってください",
                                           "the key file is there already: use another --home")};
}

/// The first root of a bundle that a person's words name.
Result<Bytes> trusted_root(const Bundle& bundle, std::string_view root_words) {
  bool any = false;
  for (const Bytes& object : bundle.objects) {
    const auto parsed = parse_object(object);
    if (!parsed || parsed->type != ObjectType::root) continue;
    const auto root = decode_root(parsed->body);
    if (!root || root->version != 1) continue;
    any = true;
    if (names_root(root_words, root_digest_of(parsed->body))) return object;
  }
  if (!any) return no(Code::bad_data, "登録束に根がありません", "there is no root in the bundle");
  if (root_words.empty())
    return no(Code::permission, "根の照合語が要ります：--root-digest に 8 語を与えてください",
              "the words of the root are needed: give the 8 words with --root-digest");
  if (const std::size_t given = words_in(root_words); given != kRootWords)
    return Error{Code::permission, said("根の照合語は 8 語です：--root-digest には ",
                                        "the root has 8 words: --root-digest has ") +
                                       std::to_string(given) + said(" 語しかないか、多すぎます", " of them")};
  return no(Code::permission, "根が照合語と一致しません：この束を使わず、渡した人に確かめてください",
            "the root does not match the words: do not use this bundle, ask who gave it");
}

/// A bundle without any root is an update; one that begins with a root must begin with ours.
bool of_another_root(const Bundle& bundle, const Trust& trust) {
  bool any = false;
  for (const Bytes& object : bundle.objects) {
    const auto parsed = parse_object(object);
    if (!parsed || parsed->type != ObjectType::root) continue;
    const auto root = decode_root(parsed->body);
    if (!root || root->version != 1) continue;
    if (root_digest_of(parsed->body) == trust.root_digest()) return false;
    any = true;
  }
  return any;
}

/// Before anything is written: a home whose keys no certificate names was not the one this bundle was made
/// for. Without keys, or with only the objects wanted, there is nothing to enrol.
Result<void> check_meant(const Home& home, const Trust& trust, const Lock& lock) {
  bool asked = false;
  for (const Which which : {Which::relay, Which::person}) {
    if (!is_present(key_path(home, which))) continue;
    TRY(const bool attended, needs_passphrase(home, which));
    if (attended && !lock.passphrase) return {};
    TRY(const DeviceKeys keys, load_device_keys(home, which, attended ? lock.passphrase : nullptr));
    const auto identity = identity_of(keys, trust);
    if (identity || identity.error().code != Code::unavailable) return {};
    asked = true;
  }
  if (!asked) return {};
  return Error{
      Code::permission,
      home.string() + said(": この束にこの端末の証明書がありません：この --home の登録依頼から作った束を"
                           "入れてください（noroshi-keys device certify --request …）",
                           ": the bundle has no certificate of this home: install the one made from its "
                           "own request (noroshi-keys device certify --request …)")};
}

/// Takes over the certificate of one key file: proves possession, binds the file to the network, takes its
/// secrets.
Result<void> take_device(const Home& home, Which which, const Bundle& bundle, const Lock& lock, Rng& rng,
                         Installed& done) {
  if (!is_present(key_path(home, which))) return {};
  TRY(const bool attended, needs_passphrase(home, which));
  if (attended && !lock.passphrase) return {};  // only objects are wanted
  TRY(DeviceKeys keys, load_device_keys(home, which, attended ? lock.passphrase : nullptr));
  auto identity = identity_of(keys, *done.trust);
  if (!identity) {
    if (identity.error().code == Code::unavailable) return {};  // this bundle is not for this device
    return within(key_path(home, which).string(), std::move(identity).error());
  }
  const Certificate* certificate = done.trust->certificate(identity->key());
  if (certificate->link != identity->link_public())
    return no(Code::permission, "証明書がこの鍵と合いません", "the certificate does not fit this key");
  if (keys.root == RootId{}) {
    keys.root = done.trust->root_id();
    const Lock same{attended ? lock.passphrase : nullptr, lock.cost};
    TRY_VOID(save_device_keys(home, which, keys, same, rng));
  }
  done.devices.push_back(identity->key());
  if (which != Which::person) return {};
  TRY(Keyring keyring, Keyring::load(home, which, lock.passphrase, *done.trust));
  for (const Bytes& delivery : bundle.deliveries) {
    auto secrets = open_delivery(delivery, *identity);
    if (!secrets) continue;
    TRY(const std::size_t added, keyring.take(*std::move(secrets), *done.trust, rng));
    done.secrets += added;
  }
  return {};
}

}  // namespace

Result<Bytes> make_request(const Home& home, const RequestPlan& plan, const Lock& lock, Rng& rng) {
  TRY_VOID(make_private_directory(home));
  Roles person{
      static_cast<std::uint8_t>(plan.roles.bits & ~Roles{}.with(Role::relay).with(Role::gateway).bits)};
  Roles relay{static_cast<std::uint8_t>(plan.roles.bits & ~person.bits)};
  if (plan.with_relay && relay.bits == 0) relay = relay.with(Role::relay);
  std::vector<DeviceRequest> requests;
  std::vector<DeviceKeys> made;
  made.reserve(2);
  if (relay.bits != 0) {
    TRY_VOID(refuse_existing(home, Which::relay));
    requests.push_back({plan.org, relay, {}, plan.unit, 1, {}, {}});
    made.push_back(DeviceKeys::random(plan.org, {}, rng));
  }
  if (person.bits != 0) {
    TRY_VOID(refuse_existing(home, Which::person));
    requests.push_back({plan.org, person, plan.handler, plan.unit, 1, {}, {}});
    made.push_back(DeviceKeys::random(plan.org, {}, rng));
  }
  if (made.empty()) return no(Code::usage, "役割を --role で指定してください", "give a role with --role");
  std::vector<const DeviceKeys*> keys;
  for (const DeviceKeys& k : made) keys.push_back(&k);
  const Bytes file = encode_requests(requests, keys);
  for (std::size_t i = 0; i < made.size(); ++i) {
    const bool unattended = is_relay(requests[i].roles);
    if (unattended) {
      made[i].now.box = Secret<32>();
      made[i].next.box = Secret<32>();
    }
    TRY_VOID(save_device_keys(home, unattended ? Which::relay : Which::person, made[i],
                              unattended ? Lock{} : lock, rng));
  }
  return file;
}

Result<Installed> install(const Home& home, const Bundle& bundle, std::string_view root_words,
                          const Lock& lock, Rng& rng) {
  Installed done;
  Bytes root;
  if (is_enrolled(home)) {
    TRY(done.trust, load_trust(home));
    if (of_another_root(bundle, *done.trust))
      return no(Code::permission, "別のネットワークの登録束です：この --home には入れられません",
                "the bundle is of another network: it cannot be installed in this --home");
    if (!root_words.empty() && !names_root(root_words, done.trust->root_digest()))
      return no(Code::permission, "この --home は別の根に登録されています",
                "this home is enrolled under another root");
  } else {
    TRY(root, trusted_root(bundle, root_words));
    TRY(done.trust, Trust::begin(root));
  }
  done.trust = Trust::apply_all(done.trust, bundle.objects, &done.objects_left_out);
  TRY_VOID(check_meant(home, *done.trust, lock));
  if (!root.empty()) {
    TRY([[maybe_unused]] const TrustPtr pinned, pin_root(home, root));
  }
  TRY_VOID(save_trust(home, *done.trust));
  for (const Which which : {Which::relay, Which::person})
    TRY_VOID(take_device(home, which, bundle, lock, rng, done));
  return done;
}

}  // namespace noroshi::keys
