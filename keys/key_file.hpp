// Keys at rest. One file holds the secrets of one owner:
//
//   off  len
//    0    8   magic "NOROKEY1"
//    8    1   owner      1 device, 2 organisation admin, 3 organisation recovery, 4 root officer
//    9    1   protection 0 none (unattended relay: the file's mode is the lock), 1 passphrase
//   10    4   Argon2id operations 2..10           (0 unattended)
//   14    4   Argon2id memory in KiB, 64 MiB..1 GiB   (0 unattended)
//   18   16   salt                                 (zeros unattended)
//   34    .   nonce 24 | XChaCha20-Poly1305(secrets, key of passphrase, AD = bytes 0..33) ;
//             unattended: secrets | F(8, "NORO1 key file", ∅, bytes 0..33 ‖ secrets)
//
// The cost of a passphrase is bounded on load both ways: a planted file must neither exhaust memory nor ask
// for nothing.
#pragma once

#include <filesystem>
#include <optional>

#include "keys/identity.hpp"
#include "keys/secret.hpp"
#include "proto/ids.hpp"
#include "proto/result.hpp"

namespace noroshi::keys {

struct KdfCost {
  std::uint32_t ops = 3;
  std::uint32_t mem_kib = 256 * 1024;
};
inline constexpr std::uint32_t kKdfOpsMin = 2, kKdfOpsMax = 10;
inline constexpr std::uint32_t kKdfMemMinKib = 64 * 1024, kKdfMemMaxKib = 1024 * 1024;
/// libsodium's MODERATE (256 MiB, about half a second) for field devices, SENSITIVE (1 GiB) for admin and
/// root.
inline constexpr KdfCost kKdfField{3, 256 * 1024}, kKdfOffice{4, 1024 * 1024};
/// The least that is accepted: for tests and demonstrations.
inline constexpr KdfCost kKdfLeast{kKdfOpsMin, kKdfMemMinKib};

enum class KeyOwner : std::uint8_t { device = 1, admin = 2, recovery = 3, root = 4 };

/// How a file is locked: a passphrase and its cost, or nothing (unattended).
struct Lock {
  const SecretBytes* passphrase = nullptr;
  KdfCost cost = kKdfField;
};

/// What a device's key file holds. The device number is not in it: the certificate gives it.
struct DeviceKeys {
  OrgId org;
  RootId root;
  StoreId store;
  std::uint8_t gen = 1;
  KeySet now;
  KeySet next;           ///< of gen + 1, made at enrolment, certified in advance
  Secret<32> store_key;  ///< seals what this device keeps at rest
  [[nodiscard]] static DeviceKeys random(OrgId org, RootId root, Rng& rng);
};

/// The admin of an organisation.
struct AdminKeys {
  OrgId org;
  RootId root;
  std::uint8_t number = 1;  ///< of `now` in the roster entry; `next` is one more
  Secret<32> now, next;     ///< Ed25519 seeds
  Secret<32> store_key;     ///< seals the organisation's epoch secrets
};

/// One signing key: an organisation's recovery key, or a root officer's.
struct SingleKey {
  std::uint16_t id = 0;  ///< organisation, or index of the root key
  Secret<32> key;
};

/// Refuses (usage): a cost out of bounds. (temporary): too little memory for it.
[[nodiscard]] Result<Bytes> encode_key_file(KeyOwner owner, const SecretBytes& secrets, const Lock& lock,
                                            Rng& rng);
/// Refuses (bad_data): magic, owner, cost out of bounds, damage. (permission): wrong or missing passphrase.
[[nodiscard]] Result<SecretBytes> decode_key_file(KeyOwner owner, BytesView file,
                                                  const SecretBytes* passphrase);
/// Does opening it need a passphrase? Nothing if it is no key file.
[[nodiscard]] std::optional<bool> needs_passphrase(BytesView file);

[[nodiscard]] SecretBytes encode_secrets(const DeviceKeys& keys);
[[nodiscard]] SecretBytes encode_secrets(const AdminKeys& keys);
[[nodiscard]] SecretBytes encode_secrets(const SingleKey& key);
[[nodiscard]] std::optional<DeviceKeys> decode_device_keys(BytesView secrets);
[[nodiscard]] std::optional<AdminKeys> decode_admin_keys(BytesView secrets);
[[nodiscard]] std::optional<SingleKey> decode_single_key(BytesView secrets);

/// Both steps with the file's checks (files.hpp): reading, and writing atomically with mode 0600.
[[nodiscard]] Result<void> write_key_file(const std::filesystem::path& file, KeyOwner owner,
                                          const SecretBytes& secrets, const Lock& lock, Rng& rng);
[[nodiscard]] Result<SecretBytes> read_key_file(const std::filesystem::path& file, KeyOwner owner,
                                                const SecretBytes* passphrase);
/// Of a file on disk, after the same checks.
[[nodiscard]] Result<bool> key_file_needs_passphrase(const std::filesystem::path& file);

}  // namespace noroshi::keys
