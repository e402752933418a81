// Where a node keeps its keys and what it trusts. One directory, mode 0700, of one user:
//
//   H/person.key      this person's device, under a passphrase
//   H/relay.key       this machine's relay, unattended
//   H/admin.key       the organisation's admin, under a passphrase (only on the admin's machine)
//   H/root            the digest of the first root that a person compared: 64 hexadecimal digits
//   H/trust/          one file per signed object, TT-OWNER-VERSION-HASH in hexadecimal
//   H/person.epochs   secrets this device may read with, sealed under its store key
//   H/admin.epochs    all secrets of the organisation, sealed under the admin's store key
//   H/readers         devices of the organisation that get its epoch secrets, one "org/dev" a line (admin's
//   machine)
//
// The daemon and the client add their own folders beside these (store/, desk/ …).
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "keys/identity.hpp"
#include "keys/key_file.hpp"
#include "keys/secret.hpp"
#include "keys/trust.hpp"
#include "proto/result.hpp"

namespace noroshi::keys {

using Home = std::filesystem::path;

/// The two devices of a laptop.
enum class Which : std::uint8_t { person, relay };
/// "person" or "relay".
[[nodiscard]] std::string_view name_of(Which which);
[[nodiscard]] std::filesystem::path key_path(const Home& home, Which which);
[[nodiscard]] std::filesystem::path admin_key_path(const Home& home);

// ---- Trust
/// Is a first root pinned here?
[[nodiscard]] bool is_enrolled(const Home& home);
/// Trusts exactly this first root from now on; refuses (permission) when another one is pinned already.
[[nodiscard]] Result<TrustPtr> pin_root(const Home& home, BytesView root_object);
/// Every object under trust/, checked anew. Refuses (unavailable) a home that is not enrolled. Objects that
/// do not hold are left out; `left_out` counts them.
[[nodiscard]] Result<TrustPtr> load_trust(const Home& home, std::size_t* left_out = nullptr);
/// Writes one object beside the others, atomically; one that is there already is left alone.
[[nodiscard]] Result<void> save_object(const Home& home, const ObjectRef& ref, BytesView object);
/// The same for an object of unknown name. Refuses (bad_data) what does not parse; nothing is verified here.
[[nodiscard]] Result<void> save_object(const Home& home, BytesView object);
/// Makes trust/ hold exactly what `trust` holds: writes what is missing, removes what was superseded.
[[nodiscard]] Result<void> save_trust(const Home& home, const Trust& trust);

// ---- Keys
/// Secrets of a key file. Without a passphrase only unattended files open.
[[nodiscard]] Result<DeviceKeys> load_device_keys(const Home& home, Which which,
                                                  const SecretBytes* passphrase);
[[nodiscard]] Result<void> save_device_keys(const Home& home, Which which, const DeviceKeys& keys,
                                            const Lock& lock, Rng& rng);
[[nodiscard]] Result<AdminKeys> load_admin_keys(const Home& home, const SecretBytes* passphrase);
/// Does opening it need a passphrase?
[[nodiscard]] Result<bool> needs_passphrase(const Home& home, Which which);

/// The device as the trust knows it: its number is that of the certificate over its signing key. Refuses
/// (unavailable) if no certificate is held, (permission) if the key file belongs to another network.
[[nodiscard]] Result<Identity> identity_of(const DeviceKeys& keys, const Trust& trust);
/// load_device_keys and identity_of.
[[nodiscard]] Result<Identity> load_identity(const Home& home, Which which, const SecretBytes* passphrase,
                                             const Trust& trust);

}  // namespace noroshi::keys
