#include "keys/key_file.hpp"

#include <sodium.h>

#include "keys/files.hpp"
#include "keys/language.hpp"
#include "keys/primitives.hpp"

namespace noroshi::keys {
namespace {

constexpr std::string_view kKeyFileMagic = "NOROKEY1";
constexpr std::size_t kHeadBytes = 34, kSaltBytes = 16, kCheckBytes = 8;
constexpr std::uint8_t kUnattended = 0, kPassphrase = 1;
constexpr std::size_t kSecretsMax = 4096;
constexpr std::size_t kFileBytesMax = kHeadBytes + kXaeadOverhead + kSecretsMax;
constexpr std::size_t kKeySetBytes = 4 * 32;
constexpr std::size_t kDeviceBytes = 2 + 8 + 8 + 1 + 2 * kKeySetBytes + 32;
constexpr std::size_t kAdminBytes = 2 + 8 + 1 + 3 * 32;
constexpr std::size_t kSingleBytes = 2 + 32;

static_assert(crypto_pwhash_argon2id_SALTBYTES == kSaltBytes);

struct Head {
  KeyOwner owner{};
  std::uint8_t protection = kUnattended;
  KdfCost cost;
  ByteArray<kSaltBytes> salt{};
};

Bytes encode_head(const Head& head) {
  return Writer()
      .bytes(view_of(kKeyFileMagic))
      .u8(static_cast<std::uint8_t>(head.owner))
      .u8(head.protection)
      .u32(head.protection == kPassphrase ? head.cost.ops : 0)
      .u32(head.protection == kPassphrase ? head.cost.mem_kib : 0)
      .bytes(head.salt)
      .take();
}

bool within_bounds(KdfCost cost) {
  return cost.ops >= kKdfOpsMin && cost.ops <= kKdfOpsMax && cost.mem_kib >= kKdfMemMinKib &&
         cost.mem_kib <= kKdfMemMaxKib;
}

std::optional<Head> decode_head(BytesView file) {
  Reader in(file);
  if (!equal(in.bytes(kKeyFileMagic.size()), view_of(kKeyFileMagic))) return std::nullopt;
  Head head;
  head.owner = static_cast<KeyOwner>(in.u8());
  head.protection = in.u8();
  head.cost.ops = in.u32();
  head.cost.mem_kib = in.u32();
  head.salt = in.array<kSaltBytes>();
  if (!in.ok() || head.protection > kPassphrase) return std::nullopt;
  return head;
}

Result<Secret<32>> key_of(const SecretBytes& passphrase, const Head& head) {
  Secret<32> key;
  const auto text = passphrase.bytes();
  if (crypto_pwhash_argon2id(key.writable().data(), 32, reinterpret_cast<const char*>(text.data()),
                             text.size(), head.salt.data(), head.cost.ops,
                             std::size_t{head.cost.mem_kib} * 1024,
                             crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
    return no(Code::temporary, "鍵を開くためのメモリーが足りません：ほかのプログラムを閉じてください",
              "not enough memory to open the key file: close other programs");
  return key;
}

ByteArray<kCheckBytes> check_of(BytesView head, BytesView secrets) {
  return digest_to<kCheckBytes>(Label::key_file, {head, secrets});
}

/// Fields of fixed size one after the other, into guarded memory.
class SecretWriter {
 public:
  explicit SecretWriter(std::size_t size) : out_(size) {}
  SecretWriter& bytes(BytesView value) {
    std::copy(value.begin(), value.end(), out_.writable().begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += value.size();
    return *this;
  }
  SecretWriter& number(std::uint64_t value, std::size_t width) {
    for (std::size_t i = width; i-- > 0;) out_.writable()[at_++] = static_cast<std::uint8_t>(value >> 8 * i);
    return *this;
  }
  SecretWriter& keys(const KeySet& k) {
    return bytes(k.sign.bytes()).bytes(k.box.bytes()).bytes(k.link.bytes()).bytes(k.hedge.bytes());
  }
  [[nodiscard]] SecretBytes take() {
    NOROSHI_ASSERT(at_ == out_.size());
    return std::move(out_);
  }

 private:
  SecretBytes out_;
  std::size_t at_ = 0;
};

Secret<32> take_key(Reader& in) {
  return Secret<32>::copy_of(in.bytes(32).first<32>());
}
KeySet take_keys(Reader& in) {
  Secret<32> sign = take_key(in), box = take_key(in), link = take_key(in), hedge = take_key(in);
  return {std::move(sign), std::move(box), std::move(link), std::move(hedge)};
}

}  // namespace

DeviceKeys DeviceKeys::random(OrgId org, RootId root, Rng& rng) {
  const StoreId store{rng.u64() | 1};  // never 0, which means none
  return {org, root, store, 1, KeySet::random(rng), KeySet::random(rng), Secret<32>::random(rng)};
}

Result<Bytes> encode_key_file(KeyOwner owner, const SecretBytes& secrets, const Lock& lock, Rng& rng) {
  NOROSHI_ASSERT(secrets.size() <= kSecretsMax);
  Head head{owner, lock.passphrase ? kPassphrase : kUnattended, lock.cost, {}};
  if (!lock.passphrase) {
    const Bytes front = encode_head(head);
    return Writer().bytes(front).bytes(secrets.bytes()).bytes(check_of(front, secrets.bytes())).take();
  }
  if (!within_bounds(lock.cost))
    return no(Code::usage, "鍵ファイルの計算量は 2〜10 回、64〜1024 MiB の範囲です",
              "the cost of a key file is 2 to 10 operations and 64 to 1024 MiB");
  rng.fill(head.salt);
  const Bytes front = encode_head(head);
  TRY(const Secret<32> key, key_of(*lock.passphrase, head));
  return Writer().bytes(front).bytes(xaead_seal(key.bytes(), front, secrets.bytes(), rng)).take();
}

std::optional<bool> needs_passphrase(BytesView file) {
  const auto head = decode_head(file);
  return head ? std::optional(head->protection == kPassphrase) : std::nullopt;
}

Result<SecretBytes> decode_key_file(KeyOwner owner, BytesView file, const SecretBytes* passphrase) {
  const auto head = decode_head(file);
  if (!head) return no(Code::bad_data, "狼煙の鍵ファイルではありません", "is not a key file of Noroshi");
  if (head->owner != owner)
    return no(Code::bad_data, "別の種類の鍵ファイルです", "is a key file of another kind");
  const BytesView front = file.first(kHeadBytes), rest = file.subspan(kHeadBytes);
  if (head->protection == kUnattended) {
    if (rest.size() < kCheckBytes || head->cost.ops != 0 || head->cost.mem_kib != 0)
      return no(Code::bad_data, "鍵ファイルが壊れています", "the key file is damaged");
    const BytesView secrets = rest.first(rest.size() - kCheckBytes);
    if (!equal(check_of(front, secrets), rest.last(kCheckBytes)))
      return no(Code::bad_data, "鍵ファイルが壊れています：控えから戻してください",
                "the key file is damaged: restore it from its copy");
    return SecretBytes::copy_of(secrets);
  }
  if (!within_bounds(head->cost))
    return no(Code::bad_data, "鍵ファイルの計算量の指定が範囲外です（細工されたおそれがあります）",
              "the key file asks for a cost out of bounds (it may have been planted)");
  if (!passphrase)
    return no(Code::permission, "パスフレーズが要ります：--passphrase-fd N で渡すか端末で入力してください",
              "needs a passphrase: give it with --passphrase-fd N or on a terminal");
  TRY(const Secret<32> key, key_of(*passphrase, *head));
  auto secrets = xaead_open(key.bytes(), front, rest);
  if (!secrets)
    return no(Code::permission, "パスフレーズが違うか、鍵ファイルが壊れています",
              "the passphrase is wrong, or the key file is damaged");
  SecretBytes out = SecretBytes::copy_of(*secrets);
  wipe(*secrets);
  return out;
}

SecretBytes encode_secrets(const DeviceKeys& k) {
  return SecretWriter(kDeviceBytes)
      .number(k.org.value, 2)
      .bytes(k.root.value)
      .number(k.store.value, 8)
      .number(k.gen, 1)
      .keys(k.now)
      .keys(k.next)
      .bytes(k.store_key.bytes())
      .take();
}

std::optional<DeviceKeys> decode_device_keys(BytesView secrets) {
  if (secrets.size() != kDeviceBytes) return std::nullopt;
  Reader in(secrets);
  const OrgId org{in.u16()};
  const RootId root{in.array<8>()};
  const StoreId store{in.u64()};
  const std::uint8_t gen = in.u8();
  KeySet now = take_keys(in), next = take_keys(in);
  return DeviceKeys{org, root, store, gen, std::move(now), std::move(next), take_key(in)};
}

SecretBytes encode_secrets(const AdminKeys& k) {
  return SecretWriter(kAdminBytes)
      .number(k.org.value, 2)
      .bytes(k.root.value)
      .number(k.number, 1)
      .bytes(k.now.bytes())
      .bytes(k.next.bytes())
      .bytes(k.store_key.bytes())
      .take();
}

std::optional<AdminKeys> decode_admin_keys(BytesView secrets) {
  if (secrets.size() != kAdminBytes) return std::nullopt;
  Reader in(secrets);
  const OrgId org{in.u16()};
  const RootId root{in.array<8>()};
  const std::uint8_t number = in.u8();
  Secret<32> now = take_key(in), next = take_key(in);
  return AdminKeys{org, root, number, std::move(now), std::move(next), take_key(in)};
}

SecretBytes encode_secrets(const SingleKey& k) {
  return SecretWriter(kSingleBytes).number(k.id, 2).bytes(k.key.bytes()).take();
}

std::optional<SingleKey> decode_single_key(BytesView secrets) {
  if (secrets.size() != kSingleBytes) return std::nullopt;
  Reader in(secrets);
  const std::uint16_t id = in.u16();
  return SingleKey{id, take_key(in)};
}

Result<void> write_key_file(const std::filesystem::path& file, KeyOwner owner, const SecretBytes& secrets,
                            const Lock& lock, Rng& rng) {
  TRY(Bytes bytes, encode_key_file(owner, secrets, lock, rng));
  auto written = write_atomically(file, bytes);
  wipe(bytes);
  return written;
}

Result<SecretBytes> read_key_file(const std::filesystem::path& file, KeyOwner owner,
                                  const SecretBytes* passphrase) {
  TRY(const SecretBytes bytes, read_private(file, kFileBytesMax));
  auto secrets = decode_key_file(owner, bytes.bytes(), passphrase);
  if (!secrets) return within(file.string(), std::move(secrets).error());
  return secrets;
}

Result<bool> key_file_needs_passphrase(const std::filesystem::path& file) {
  TRY(const SecretBytes bytes, read_private(file, kFileBytesMax));
  const auto needs = needs_passphrase(bytes.bytes());
  if (!needs)
    return Error{Code::bad_data, file.string() + ": " +
                                     said("狼煙の鍵ファイルではありません", "is not a key file of Noroshi")};
  return *needs;
}

}  // namespace noroshi::keys
