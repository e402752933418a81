#include "keys/keyring.hpp"

#include <algorithm>

#include "keys/delivery.hpp"
#include "keys/files.hpp"
#include "keys/language.hpp"
#include "keys/primitives.hpp"

namespace noroshi::keys {
namespace {

constexpr std::string_view kEpochsContext = "epochs";
/// Forty years of weekly epochs of an organisation and its groups.
constexpr std::size_t kEpochsBytesMax = 400'000;

Bytes encode_secrets_list(const std::vector<EpochSecret>& secrets) {
  Writer out;
  for (const EpochSecret& s : secrets)
    if (proto::kind_of(s.owner) != proto::RecipientKind::own_device)  // that one is in the key file
      out.u16(s.owner.value).u32(s.number).bytes(s.secret.bytes());
  return out.take();
}

std::vector<EpochSecret> decode_secrets_list(BytesView bytes) {
  std::vector<EpochSecret> out;
  Reader in(bytes);
  while (in.ok() && !in.rest().empty()) {
    const RecipientId owner{in.u16()};
    const std::uint32_t number = in.u32();
    Wiped<32> secret(in.array<32>());
    if (in.ok()) out.push_back({owner, number, Secret<32>::take(secret.value), {}});
  }
  return out;
}

ByteArray<32> context_key(const Secret<32>& store_key, std::string_view context) {
  return keyed_digest(Label::at_rest, store_key.bytes(), {view_of(context)});
}

}  // namespace

Bytes seal_at_rest(const Secret<32>& store_key, std::string_view context, BytesView plain, Rng& rng) {
  const Wiped<32> key(context_key(store_key, context));
  return xaead_seal(key.value, view_of(context), plain, rng);
}

std::optional<Bytes> open_at_rest(const Secret<32>& store_key, std::string_view context, BytesView sealed) {
  const Wiped<32> key(context_key(store_key, context));
  return xaead_open(key.value, view_of(context), sealed);
}

ByteArray<16> name_at_rest(const Secret<32>& store_key, BytesView thing) {
  return keyed_digest_to<16>(Label::row_name, store_key.bytes(), {thing});
}

Result<EpochStore> EpochStore::load(std::filesystem::path file, Secret<32> store_key) {
  EpochStore store(std::move(file), std::move(store_key));
  if (!is_present(store.file_)) return store;
  TRY(const SecretBytes sealed, read_private(store.file_, kEpochsBytesMax));
  auto plain = open_at_rest(store.store_key_, kEpochsContext, sealed.bytes());
  if (!plain)
    return Error{Code::bad_data, store.file_.string() + ": " +
                                     said("この鍵では開けません：控えから戻してください",
                                          "does not open under this key: restore it from its copy")};
  store.secrets_ = decode_secrets_list(*plain);
  wipe(*plain);
  return store;
}

const EpochSecret* EpochStore::find(RecipientId owner, std::uint32_t number) const {
  const auto at = std::find_if(secrets_.begin(), secrets_.end(),
                               [&](const EpochSecret& s) { return s.owner == owner && s.number == number; });
  return at == secrets_.end() ? nullptr : &*at;
}

std::size_t EpochStore::add(std::vector<EpochSecret> secrets) {
  std::size_t added = 0;
  for (EpochSecret& secret : secrets) {
    if (find(secret.owner, secret.number)) continue;
    secrets_.push_back(std::move(secret));
    ++added;
  }
  return added;
}

Result<void> EpochStore::save(Rng& rng) const {
  Bytes plain = encode_secrets_list(secrets_);
  const Bytes sealed = seal_at_rest(store_key_, kEpochsContext, plain, rng);
  wipe(plain);
  return write_atomically(file_, sealed);
}

Result<Keyring> Keyring::load(const Home& home, Which which, const SecretBytes* passphrase,
                              const Trust& trust) {
  TRY(const DeviceKeys keys, load_device_keys(home, which, passphrase));
  TRY(Identity identity, identity_of(keys, trust));
  TRY(EpochStore epochs,
      EpochStore::load(home / (std::string(name_of(which)) + ".epochs"), keys.store_key.copy()));
  const KeyId key = identity.key();
  std::vector<EpochSecret> own;
  // Both generations: the next one is certified in advance, and others seal to the newest they know.
  const RecipientId self = proto::to_own_device(key.device.dev);
  own.push_back({self, key.gen, identity.secrets().box.copy(), key.device.org});
  own.push_back({self, key.gen + 1u, keys.next.box.copy(), key.device.org});
  epochs.add(std::move(own));
  return Keyring(std::move(identity), std::move(epochs));
}

Result<std::size_t> Keyring::take(std::vector<EpochSecret> secrets, const Trust& trust, Rng& rng) {
  std::erase_if(secrets, [&](const EpochSecret& s) { return !is_genuine(s, trust); });
  const std::size_t added = epochs_.add(std::move(secrets));
  if (added > 0) TRY_VOID(epochs_.save(rng));
  return added;
}

Result<std::size_t> Keyring::take_delivery(BytesView content, const Trust& trust, Rng& rng) {
  auto secrets = decode_delivery(content);
  if (!secrets)
    return no(Code::bad_data, "暗号期の鍵の配布を読めません", "the delivery of epoch secrets cannot be read");
  return take(*std::move(secrets), trust, rng);
}

}  // namespace noroshi::keys
