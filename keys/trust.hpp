// Who is who: the snapshot of every signed object this node holds (root, roster, certificates, revocations,
// epochs, units, incidents, contacts …). Immutable and shared: `apply` gives the next snapshot, the old one
// stays valid for whoever still holds it. One owner per program hands the same pointer to verification, the
// node and ZAP.
//
// A Trust answers questions; it never reads a clock: `now` is an argument.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "keys/crypto.hpp"
#include "proto/bytes.hpp"
#include "proto/envelope.hpp"
#include "proto/ids.hpp"
#include "proto/object.hpp"
#include "proto/result.hpp"
#include "proto/time.hpp"

namespace noroshi::keys {

using proto::ObjectRef;
using proto::ObjectType;

// ---- Roles --------------------------------------------------------------------------------------
enum class Role : std::uint8_t { field, desk, relay, gateway, admin, auditor, reviewer };
/// Bit set of Role.
struct Roles {
  std::uint8_t bits = 0;
  [[nodiscard]] constexpr bool has(Role role) const { return bits >> static_cast<int>(role) & 1; }
  [[nodiscard]] constexpr Roles with(Role role) const {
    return {static_cast<std::uint8_t>(bits | 1u << static_cast<int>(role))};
  }
  constexpr auto operator<=>(const Roles&) const = default;
};

/// What the admin of an organisation says of one device key. ≤ 190 bytes on the wire.
struct Certificate {
  KeyId key;
  Roles roles;
  std::uint64_t send_mask = 0;  ///< bit c = may send ctype c (0–47 travel: 6 bytes)
  proto::Level highest = proto::Level::flash;
  std::uint8_t quota = 0;  ///< code into the roster's quota table
  UnitId default_unit;
  WallTime not_before;
  std::uint16_t valid_days = 0;
  HandlerId handler;        ///< of the person the device was issued to; 0 for relays
  std::uint8_t issuer = 0;  ///< index of the admin key in the roster entry
  SignPublic sign;
  BoxPublic box;
  LinkPublic link;
  [[nodiscard]] WallTime expires() const { return not_before + days(valid_days); }
};

enum class OrgKind : std::uint8_t {
  national = 1,
  ministry = 2,
  association = 3,
  dealer = 4,
  inspector = 5,
  other = 6
};

/// A relay of an organisation with a fixed address that others dial.
struct Hub {
  DeviceId device;
  std::string address;  ///< as links name it: "tcp://hub.example.jp:7411"
};

/// An organisation as the roster lists it.
struct Organisation {
  OrgId id;
  std::string name, name_en;
  OrgKind kind = OrgKind::other;
  std::uint8_t prefecture = 0;        ///< JIS X 0401, 0 = none
  Roles role_mask;                    ///< roles its admin may give
  std::vector<OrgId> may_direct;      ///< organisations its desks may send directives to
  std::vector<DeviceId> home_relays;  ///< whose commit means "delivered"
  std::vector<Hub> hubs;
  SignPublic admin, admin_next;  ///< current admin key and the next one
  SignPublic recovery;
  std::uint8_t admin_number = 0;          ///< number of `admin` in signatures; `admin_next` is one more
  std::vector<SignPublic> former_admins;  ///< numbers just before `admin`: what they signed still holds
  std::uint8_t suites = 1;                ///< bit s = suite s + 1 may be used
  WallTime valid_from, valid_until{0xFFFF'FFFF};
  /// The admin key of that number; null if the roster lists none.
  [[nodiscard]] const SignPublic* admin_key(std::uint8_t number) const;
};

/// A group of the roster: its owner makes the epochs, every member may read.
struct Group {
  RecipientId id;
  OrgId owner;
  std::vector<OrgId> members;  ///< ascending
  WallTime since;
  std::string name, name_en;
};

/// Quota of one code: per day, as a token bucket with a burst of 7 days.
struct Quota {
  std::uint32_t envelopes = 0;
  std::uint64_t bytes = 0;
  std::uint32_t flash = 0;
};

/// Public half of an epoch key.
struct EpochKey {
  RecipientId owner;
  std::uint32_t number = 0;  ///< its low byte stands in wraps
  IncidentId incident;       ///< 0 = weekly
  WallTime not_before, not_after;
  BoxPublic key;
};

/// The key an organisation's epoch secrets are delivered under (its admin device holds the secret).
struct TransportKey {
  OrgId org;
  std::uint32_t number = 0;  ///< its low byte stands in wraps
  WallTime issued;
  BoxPublic key;
};

/// State of the roster by the local clock (trust: "When the roster is old").
enum class RosterState : std::uint8_t { a_fresh, b_refresh, c_expired, d_lapsed };
/// 'A'..'D'.
[[nodiscard]] char letter(RosterState state);

/// An entry of the register of reporting units 台帳.
struct Unit {
  UnitId id;
  OrgId association;
  UnitId parent;  ///< 0 = directly under the association
  std::string name, kana;
  std::vector<std::string> municipalities;  ///< JIS X 0402, five digits
  std::uint32_t households_served = 0;
  std::uint16_t expected_interval_h = 0;  ///< 0 = none agreed
};

/// A declared incident or exercise.
struct Incident {
  IncidentId id;
  std::string name, name_en;
  bool exercise = false;
  WallTime start;
  std::optional<WallTime> end;
  std::vector<std::string> prefectures;  ///< JIS X 0401; empty = everywhere
};

/// One neighbour of a contact object: the link and how long ago it last worked when the object was signed.
struct ContactNeighbour {
  DeviceId node;
  std::uint8_t link_class = 0;  ///< delay class, 2^class seconds for one flash report
  std::uint8_t age_class = 0;   ///< 0 = up when signed, else 2^age minutes since last contact
};
/// A node's own word on its links; newest version wins.
struct Contact {
  DeviceId node;
  std::uint32_t version = 0;
  WallTime issued;
  std::vector<ContactNeighbour> neighbours;
};

/// The newest form catalogue: packed files that join those of every program (proto/forms/catalogue_file.hpp).
struct SignedCatalogue {
  std::uint32_t version = 0;
  WallTime issued;
  BytesView packed;  ///< valid as long as the snapshot
};

class Trust;
using TrustPtr = std::shared_ptr<const Trust>;

/// What `apply` did with an object.
enum class Applied : std::uint8_t {
  added,     ///< new or newer: the snapshot changed
  known,     ///< held already, or older than what is held
  conflict,  ///< same name, other bytes, both correctly signed: first stays, alarm on the issuer
  unproven,  ///< its signer is not known (yet): ask for that object first
  refused,   ///< malformed, wrong signature, rollback, low-order key …
};
struct ApplyResult {
  Applied applied = Applied::refused;
  TrustPtr next;    ///< the new snapshot if `added`, else the old one
  ObjectRef ref;    ///< of the object, where it could be read
  std::string why;  ///< one clear line unless added or known
};

/// The name of an object as its bytes tell it, checked for shape only; nothing if they are malformed.
[[nodiscard]] std::optional<ObjectRef> ref_of_object(BytesView object);

class Trust {
 public:
  /// The snapshot that trusts exactly this first root object (compared by a person at enrolment).
  [[nodiscard]] static Result<TrustPtr> begin(BytesView root_object);
  /// The next snapshot with `object` in it. Verifies every signature over the stored bytes. Never throws on
  /// any input.
  [[nodiscard]] static ApplyResult apply(const TrustPtr& held, BytesView object);
  /// Applies in an order that succeeds whatever order they come in; what stays unproven is counted, not an
  /// error.
  [[nodiscard]] static TrustPtr apply_all(TrustPtr held, std::span<const Bytes> objects,
                                          std::size_t* left_out = nullptr);

  [[nodiscard]] virtual RootId root_id() const = 0;
  /// Digest of the first root, shown as words and QR at enrolment.
  [[nodiscard]] virtual ByteArray<32> root_digest() const = 0;
  /// 0 before the first roster.
  [[nodiscard]] virtual std::uint32_t roster_version() const = 0;
  [[nodiscard]] virtual WallTime roster_issued() const = 0;
  [[nodiscard]] virtual RosterState roster_state(WallTime now) const = 0;
  /// Newest issue date of any k-of-n signed document: the local clock is not behind it, or is suspect.
  [[nodiscard]] virtual WallTime not_before() const = 0;

  [[nodiscard]] virtual const Organisation* organisation(OrgId id) const = 0;
  [[nodiscard]] virtual std::vector<OrgId> organisations() const = 0;
  [[nodiscard]] virtual const Group* group(RecipientId id) const = 0;
  [[nodiscard]] virtual std::vector<const Group*> groups() const = 0;
  [[nodiscard]] virtual Quota quota(std::uint8_t code) const = 0;
  [[nodiscard]] virtual bool is_home_relay(DeviceId device) const = 0;

  [[nodiscard]] virtual const Certificate* certificate(KeyId key) const = 0;
  /// The newest generation held of a device.
  [[nodiscard]] virtual const Certificate* newest_certificate(DeviceId device) const = 0;
  [[nodiscard]] virtual const Certificate* certificate_by_link_key(const LinkPublic& key) const = 0;
  /// All of one organisation, by device and generation.
  [[nodiscard]] virtual std::vector<const Certificate*> certificates(OrgId org) const = 0;
  /// How long after its expiry a certificate that was never revoked still brings reports (roster policy).
  [[nodiscard]] virtual Seconds certificate_grace() const = 0;
  /// Since when the key is revoked (created ≥ T is refused), if it is.
  [[nodiscard]] virtual std::optional<WallTime> revoked_since(KeyId key) const = 0;

  /// The key to seal to at `now`: the current epoch of `owner` (an incident's own first if `incident` is
  /// given), else the newest known. Voided epochs are never given.
  [[nodiscard]] virtual const EpochKey* epoch_for(RecipientId owner, WallTime now,
                                                  IncidentId incident = {}) const = 0;
  [[nodiscard]] virtual std::vector<const EpochKey*> epochs(RecipientId owner) const = 0;
  [[nodiscard]] virtual const BoxPublic* transport_key(OrgId org) const = 0;
  /// The same with its number.
  [[nodiscard]] virtual const TransportKey* transport(OrgId org) const = 0;

  [[nodiscard]] virtual const Unit* unit(UnitId id) const = 0;
  [[nodiscard]] virtual std::vector<const Unit*> units(OrgId association) const = 0;
  [[nodiscard]] virtual const Incident* incident(IncidentId id) const = 0;
  [[nodiscard]] virtual std::vector<const Incident*> incidents() const = 0;
  /// Signed by k roots; nothing before the first one.
  [[nodiscard]] virtual std::optional<SignedCatalogue> catalogue() const = 0;
  [[nodiscard]] virtual const Contact* contact(DeviceId node) const = 0;
  [[nodiscard]] virtual std::vector<const Contact*> contacts() const = 0;

  /// Digest over all objects but certificates and contacts, which travel on demand: equal digests need no
  /// exchange.
  [[nodiscard]] virtual ByteArray<8> state_digest() const = 0;
  /// Every object held, sorted; certificates and contacts included.
  [[nodiscard]] virtual std::vector<ObjectRef> inventory() const = 0;
  /// Stored bytes of one object; empty if it is not held. Zero version and hash: the newest of that type and
  /// owner (a certificate's owner with gen 0: of that device). Valid as long as the snapshot.
  [[nodiscard]] virtual BytesView object(const ObjectRef& ref) const = 0;

  virtual ~Trust() = default;
};

}  // namespace noroshi::keys
