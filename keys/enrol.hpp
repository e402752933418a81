// Enrolment without a network: request → bundle → install (trust: "Enrolment without a network").
//
//   bundle = "NOROBND1" | items × (kind u8: 0 object, 1 sealed delivery | length u32 | bytes)
//
// A bundle is also how trust and secrets travel on a stick later: installing one on an enrolled home takes
// what is new.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "keys/home.hpp"
#include "keys/keyring.hpp"
#include "keys/request.hpp"

namespace noroshi::keys {

struct Bundle {
  std::vector<Bytes> objects;
  std::vector<Bytes> deliveries;  ///< sealed to one device each (delivery.hpp)
};
/// A whole network's trust and a delivery for every device, with room.
inline constexpr std::size_t kBundleBytesMax = 16u * 1024 * 1024;
[[nodiscard]] Bytes encode_bundle(const Bundle& bundle);
[[nodiscard]] std::optional<Bundle> decode_bundle(BytesView file);

// ---- The laptop
/// Which devices a laptop asks for. Any role but relay and gateway makes the person's device; a relay's file
/// is unattended and holds no box secret, for nothing is ever sealed to a relay.
struct RequestPlan {
  OrgId org;
  Roles roles;
  bool with_relay = false;
  HandlerId handler;
  UnitId unit;
};
/// Makes the key files and the request. Refuses (cannot_make) to replace key files that exist. `lock` is the
/// person's.
[[nodiscard]] Result<Bytes> make_request(const Home& home, const RequestPlan& plan, const Lock& lock,
                                         Rng& rng);

/// What an installation found and did.
struct Installed {
  TrustPtr trust;
  std::vector<KeyId> devices;  ///< of this home, certified
  std::size_t objects_left_out = 0;
  std::size_t secrets = 0;  ///< new ones
};
/// Pins the root on the first installation: `root_words` (8 words or 64 digits, compared by a person) must
/// name it. Later the pinned root decides and `root_words` may be empty. Proves possession: a certificate
/// that does not fit this home's keys installs nothing of it. `lock.passphrase` opens the person's key file,
/// if there is one; without it only objects are taken.
[[nodiscard]] Result<Installed> install(const Home& home, const Bundle& bundle, std::string_view root_words,
                                        const Lock& lock, Rng& rng);

// ---- The organisation's admin
struct CertifyPlan {
  WallTime not_before;
  std::uint16_t valid_days = 400;
  std::uint16_t dev = 0;  ///< 0 = the next free number: relays from 1, persons from 101
};
inline constexpr std::uint16_t kFirstRelayNumber = 1, kFirstPersonNumber = 101;

/// Certificates of both generations. Refuses (permission) another organisation's request or roles it may not
/// give.
[[nodiscard]] Result<std::vector<Bytes>> certify(const AdminKeys& admin, const Trust& trust,
                                                 const DeviceRequest& request, const CertifyPlan& plan);
/// The admin's signature over any object of its organisation, under the number its key has in the roster.
[[nodiscard]] Result<Bytes> sign_as_admin(const AdminKeys& admin, const Trust& trust, ObjectType type,
                                          BytesView body);

/// Home relays of the roster that no certificate in force names: nothing can be delivered at them.
[[nodiscard]] std::vector<DeviceId> homeless(const Trust& trust, OrgId org);

/// Devices that get the organisation's secrets (H/readers).
[[nodiscard]] Result<std::vector<DeviceId>> load_readers(const Home& home);
[[nodiscard]] Result<void> add_reader(const Home& home, DeviceId device);

/// Everything `trust` holds, and for each reader the secrets of `held` for the current and the next epoch of
/// the organisation and its groups at `now`.
[[nodiscard]] Bundle make_bundle(const Trust& trust, const EpochStore& held, OrgId org,
                                 const std::vector<DeviceId>& readers, WallTime now, Rng& rng);

/// Epochs of one owner from its last one (or the week of `now`) until `weeks` ahead, with their secrets; or
/// one epoch of an incident, valid 60 days.
struct NewEpochs {
  std::vector<Bytes> objects;
  std::vector<EpochSecret> secrets;
};
inline constexpr int kEpochWeeksAhead = 8;
[[nodiscard]] Result<NewEpochs> make_epochs(const AdminKeys& admin, const Trust& trust, RecipientId owner,
                                            WallTime now, int weeks, Rng& rng);
[[nodiscard]] Result<NewEpochs> make_incident_epoch(const AdminKeys& admin, const Trust& trust,
                                                    RecipientId owner, IncidentId incident, WallTime now,
                                                    Rng& rng);
/// The next transport key of the organisation.
[[nodiscard]] Result<NewEpochs> make_transport(const AdminKeys& admin, const Trust& trust, WallTime now,
                                               Rng& rng);

}  // namespace noroshi::keys
