// A whole network for tests, the same from the same seed: root of 3-of-5, organisations with their devices,
// certificates, weekly epochs with their secrets, transport keys, a group, units and a declared exercise.
// Everything goes through the product's own formats and checks; only the random source is a test's.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "keys/certificate.hpp"
#include "keys/epoch.hpp"
#include "keys/identity.hpp"
#include "keys/object.hpp"
#include "keys/roster.hpp"
#include "keys/seal.hpp"
#include "keys/trust.hpp"
#include "tests/support/seeded_random.hpp"

namespace noroshi::test {

/// 2025-02-04T09:00 in Japan: the roster was issued a day before.
inline constexpr WallTime kStart{400 * 86'400};
[[nodiscard]] constexpr Now at(WallTime wall, std::int64_t mono_ms = 0) {
  return {{mono_ms}, wall, false};
}

inline constexpr OrgId kNational{1}, kMinistry{2}, kToyama{16}, kIshikawa{17}, kNiigata{15};
/// Owned by the national body; every organisation is a member.
inline constexpr RecipientId kEverybody{0x0801};
inline constexpr IncidentId kExercise{2024001};

/// Device numbers by role: 1 admin, 2… relays (all home relays), 11… desks, 21… field devices.
[[nodiscard]] constexpr DeviceId admin_of(OrgId org) {
  return {org, 1};
}
[[nodiscard]] constexpr DeviceId relay_of(OrgId org, int i = 0) {
  return {org, static_cast<std::uint16_t>(2 + i)};
}
[[nodiscard]] constexpr DeviceId desk_of(OrgId org, int i = 0) {
  return {org, static_cast<std::uint16_t>(11 + i)};
}
[[nodiscard]] constexpr DeviceId field_of(OrgId org, int i = 0) {
  return {org, static_cast<std::uint16_t>(21 + i)};
}

struct OrgPlan {
  OrgId id;
  keys::OrgKind kind = keys::OrgKind::association;
  std::string name, name_en;
  int relays = 1, desks = 1, fields = 1;
};
struct NetworkPlan {
  std::uint64_t seed = 1;
  std::vector<OrgPlan> organisations;
  int weeks = 10;  ///< weekly epochs from kStart − 7 d
  WallTime start = kStart;
};
/// National body, ministry, Ishikawa (two field devices), Toyama, Niigata.
[[nodiscard]] NetworkPlan usual_plan(std::uint64_t seed = 1);

class Network {
 public:
  explicit Network(NetworkPlan plan = usual_plan());

  /// Every object applied, every device certified at gen 1.
  [[nodiscard]] const keys::TrustPtr& trust() const { return trust_; }
  /// All of them, in an order that applies one by one after the first (the root).
  [[nodiscard]] const std::vector<Bytes>& objects() const { return objects_; }
  [[nodiscard]] const Bytes& root_object() const { return objects_.front(); }
  [[nodiscard]] RootId root_id() const { return trust_->root_id(); }
  [[nodiscard]] std::vector<OrgId> organisations() const;
  [[nodiscard]] std::vector<DeviceId> devices() const;

  [[nodiscard]] const keys::Identity& identity(DeviceId device) const;
  /// Copies of every secret an organisation's readers hold: its epochs and those of its groups.
  [[nodiscard]] std::vector<keys::EpochSecret> epoch_secrets(OrgId org) const;
  /// Those of one owner up to epoch `last` (its number).
  [[nodiscard]] std::vector<keys::EpochSecret> secrets_of(RecipientId owner, std::uint32_t first,
                                                          std::uint32_t last) const;
  /// Secret of the organisation's transport key.
  [[nodiscard]] keys::EpochSecret transport_secret(OrgId org) const;
  /// Box secret of a device, as a secret to open envelopes to 0x8000|dev.
  [[nodiscard]] keys::EpochSecret device_secret(DeviceId device) const;

  // ---- to change the world
  [[nodiscard]] Bytes sign_as_admin(OrgId org, keys::ObjectType type, BytesView body) const;
  [[nodiscard]] Bytes sign_as_roots(keys::ObjectType type, BytesView body, int officers = 3) const;
  /// A certificate as the network would give it: roles' usual mask and quota, 400 days from a day before
  /// start.
  [[nodiscard]] keys::Certificate usual_certificate(DeviceId device, keys::Roles roles,
                                                    const keys::KeySet& keys, std::uint8_t gen = 1) const;
  [[nodiscard]] Bytes certify(const keys::Certificate& certificate) const;
  [[nodiscard]] Bytes revoke(keys::Revocation revocation) const;
  /// The roster in force, to change and sign again (version, issued and previous are set by `sign_roster`).
  [[nodiscard]] const keys::Roster& roster() const { return roster_; }
  [[nodiscard]] Bytes sign_roster(keys::Roster next, WallTime issued) const;
  /// The same network with this object in it.
  void take(const Bytes& object);
  [[nodiscard]] const keys::SignSeed& root_key(int i) const { return roots_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] const keys::SignSeed& admin_key(OrgId org) const { return orgs_.at(org).admin; }
  [[nodiscard]] const keys::SignSeed& recovery_key(OrgId org) const { return orgs_.at(org).recovery; }

 private:
  struct Org {
    OrgPlan plan;
    keys::SignSeed admin, admin_next, recovery;
    keys::Secret<32> transport;
  };
  void make_root();
  void make_roster();
  void make_devices(const Org& org);
  void make_epochs(RecipientId owner, OrgId speaker);
  void make_documents();
  void add(Bytes object) { objects_.push_back(std::move(object)); }

  NetworkPlan plan_;
  SeededRng rng_;
  RootId root_id_;
  std::vector<keys::SignSeed> roots_;
  std::map<OrgId, Org> orgs_;
  std::map<DeviceId, keys::Identity> identities_;
  std::map<std::pair<RecipientId, std::uint32_t>, keys::Secret<32>> epoch_secrets_;
  keys::Roster roster_;
  std::vector<Bytes> objects_;
  keys::TrustPtr trust_;
};

/// A KeyLedger over std::map: what a store's transaction keeps, always committed.
class MemoryLedger final : public keys::KeyLedger {
 public:
  explicit MemoryLedger(StoreId store) : store_(store) {}
  [[nodiscard]] StoreId store_id() const override { return store_; }
  [[nodiscard]] Seq last_seq(KeyId key) const override;
  [[nodiscard]] Seq last_to(KeyId key, RecipientId recipient) const override;
  [[nodiscard]] WallTime last_created(KeyId key) const override;
  void record(const keys::Sealed& sealed, std::span<const RecipientId> recipients, WallTime created) override;

 private:
  StoreId store_;
  std::map<KeyId, std::pair<Seq, WallTime>> last_;
  std::map<std::pair<KeyId, RecipientId>, Seq> last_to_;
};

/// One device with its ledger and random source: `say` gives the next envelope.
class Speaker {
 public:
  Speaker(const Network& network, DeviceId device, std::uint64_t seed = 7);
  [[nodiscard]] Result<keys::Sealed> say(const keys::Draft& draft, Now now);
  /// A sealed report of `content` to `recipients`; the test fails if it cannot be sealed.
  [[nodiscard]] keys::Sealed report(const std::vector<RecipientId>& recipients, BytesView content,
                                    WallTime now, proto::Level level = proto::Level::routine);
  [[nodiscard]] const keys::Identity& identity() const { return identity_; }
  [[nodiscard]] MemoryLedger& ledger() { return ledger_; }

 private:
  const Network& network_;
  const keys::Identity& identity_;
  MemoryLedger ledger_;
  SeededRng rng_;
};

}  // namespace noroshi::test
