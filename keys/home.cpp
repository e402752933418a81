#include "keys/home.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

#include "keys/files.hpp"
#include "keys/language.hpp"
#include "keys/object.hpp"
#include "keys/root.hpp"
#include "proto/limits.hpp"

namespace noroshi::keys {
namespace {

namespace fs = std::filesystem;

fs::path trust_path(const Home& home) {
  return home / "trust";
}
fs::path pin_path(const Home& home) {
  return home / "root";
}

std::string file_name(const ObjectRef& ref) {
  char out[64];
  std::snprintf(out, sizeof out, "%02x-%016llx-%08x-", static_cast<unsigned>(ref.type),
                static_cast<unsigned long long>(ref.owner), ref.version);
  return out + to_hex(ref.hash);
}

/// The objects under trust/ by file name, which begins with the type: what others need comes first.
Result<std::map<std::string, Bytes>> stored_objects(const Home& home) {
  std::map<std::string, Bytes> out;
  std::error_code error;
  for (fs::directory_iterator at(trust_path(home), error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename();
    if (name.starts_with(".")) continue;  // a temporary file of an interrupted write
    TRY(Bytes bytes, read_file(at->path(), kObjectBytesMax));
    out.emplace(name, std::move(bytes));
  }
  if (error) return Error{Code::io, trust_path(home).string() + ": " + error.message()};
  return out;
}

Result<ByteArray<32>> pinned_digest(const Home& home) {
  if (!is_enrolled(home))
    return Error{Code::unavailable,
                 home.string() + ": " +
                     said("まだ登録されていません：noroshi-keys device install を実行してください",
                          "is not enrolled yet: run noroshi-keys device install")};
  TRY(const Bytes text, read_file(pin_path(home), 256));
  std::string_view digits = text_of(text);
  while (!digits.empty() && digits.back() == '\n') digits.remove_suffix(1);
  const auto digest = array_from_hex<32>(digits);
  if (!digest)
    return Error{Code::bad_data, pin_path(home).string() + ": " + said("壊れています", "is damaged")};
  return *digest;
}

bool is_first_root(BytesView object, const ByteArray<32>& digest) {
  const auto parsed = parse_object(object);
  return parsed && parsed->type == ObjectType::root && root_digest_of(parsed->body) == digest;
}

}  // namespace

std::string_view name_of(Which which) {
  return which == Which::person ? "person" : "relay";
}
fs::path key_path(const Home& home, Which which) {
  return home / (std::string(name_of(which)) + ".key");
}
fs::path admin_key_path(const Home& home) {
  return home / "admin.key";
}

bool is_enrolled(const Home& home) {
  return is_present(pin_path(home));
}

Result<TrustPtr> pin_root(const Home& home, BytesView root_object) {
  TRY(TrustPtr trust, Trust::begin(root_object));
  const std::string digits = to_hex(trust->root_digest());
  if (is_enrolled(home)) {
    TRY(const auto pinned, pinned_digest(home));
    if (pinned != trust->root_digest())
      return Error{
          Code::permission,
          home.string() + ": " + said("別のネットワークに登録済みです", "is enrolled in another network")};
    return trust;
  }
  TRY_VOID(make_private_directory(home));
  TRY_VOID(save_object(home, root_object));
  TRY_VOID(write_atomically(pin_path(home), view_of(digits + "\n")));
  return trust;
}

Result<TrustPtr> load_trust(const Home& home, std::size_t* left_out) {
  TRY(const auto digest, pinned_digest(home));
  TRY(auto stored, stored_objects(home));
  std::vector<Bytes> objects;
  const Bytes* first = nullptr;
  for (auto& [name, bytes] : stored) objects.push_back(std::move(bytes));
  for (const Bytes& object : objects)
    if (is_first_root(object, digest)) first = &object;
  if (!first)
    return Error{Code::bad_data, trust_path(home).string() + ": " +
                                     said("最初の根がありません：登録をやり直してください",
                                          "the first root is missing: enrol again")};
  TRY(TrustPtr trust, Trust::begin(*first));
  return Trust::apply_all(std::move(trust), objects, left_out);
}

Result<void> save_object(const Home& home, const ObjectRef& ref, BytesView object) {
  TRY_VOID(make_private_directory(trust_path(home)));
  const fs::path file = trust_path(home) / file_name(ref);
  if (is_present(file)) return {};
  return write_atomically(file, object);
}

Result<void> save_object(const Home& home, BytesView object) {
  const auto ref = ref_of_object(object);
  if (!ref) return no(Code::bad_data, "署名付きオブジェクトとして読めません", "is not a signed object");
  return save_object(home, *ref, object);
}

Result<void> save_trust(const Home& home, const Trust& trust) {
  TRY_VOID(make_private_directory(trust_path(home)));
  std::map<std::string, bool> wanted;
  for (const ObjectRef& ref : trust.inventory()) {
    TRY_VOID(save_object(home, ref, trust.object(ref)));
    wanted[file_name(ref)] = true;
  }
  TRY(const auto stored, stored_objects(home));
  std::error_code ignored;  // what cannot be removed is only superseded
  for (const auto& [name, bytes] : stored)
    if (!wanted.contains(name)) fs::remove(trust_path(home) / name, ignored);
  return {};
}

Result<DeviceKeys> load_device_keys(const Home& home, Which which, const SecretBytes* passphrase) {
  const fs::path file = key_path(home, which);
  TRY(const SecretBytes secrets, read_key_file(file, KeyOwner::device, passphrase));
  auto keys = decode_device_keys(secrets.bytes());
  if (!keys)
    return Error{Code::bad_data,
                 file.string() + ": " + said("鍵ファイルが壊れています", "the key file is damaged")};
  return *std::move(keys);
}

Result<void> save_device_keys(const Home& home, Which which, const DeviceKeys& keys, const Lock& lock,
                              Rng& rng) {
  TRY_VOID(make_private_directory(home));
  return write_key_file(key_path(home, which), KeyOwner::device, encode_secrets(keys), lock, rng);
}

Result<AdminKeys> load_admin_keys(const Home& home, const SecretBytes* passphrase) {
  const fs::path file = admin_key_path(home);
  TRY(const SecretBytes secrets, read_key_file(file, KeyOwner::admin, passphrase));
  auto keys = decode_admin_keys(secrets.bytes());
  if (!keys)
    return Error{Code::bad_data,
                 file.string() + ": " + said("鍵ファイルが壊れています", "the key file is damaged")};
  return *std::move(keys);
}

Result<bool> needs_passphrase(const Home& home, Which which) {
  return key_file_needs_passphrase(key_path(home, which));
}

Result<Identity> identity_of(const DeviceKeys& keys, const Trust& trust) {
  if (keys.root != RootId{} && keys.root != trust.root_id())
    return no(Code::permission, "この鍵は別のネットワークのものです", "this key belongs to another network");
  const SignPublic own = keys.now.sign_public();
  for (const Certificate* certificate : trust.certificates(keys.org))
    if (certificate->sign == own)
      return Identity(certificate->key, trust.root_id(), keys.store, keys.now.copy());
  return no(Code::unavailable, "この鍵の証明書がありません：登録束を device install してください",
            "there is no certificate for this key: install its bundle with device install");
}

Result<Identity> load_identity(const Home& home, Which which, const SecretBytes* passphrase,
                               const Trust& trust) {
  TRY(const DeviceKeys keys, load_device_keys(home, which, passphrase));
  auto identity = identity_of(keys, trust);
  if (!identity) return within(key_path(home, which).string(), std::move(identity).error());
  return identity;
}

}  // namespace noroshi::keys
