// The implementation of Trust: tables of checked objects, shared between snapshots and copied only when one
// changes. Private to trust.cpp, admission.cpp and snapshot.cpp.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <vector>

#include "keys/certificate.hpp"
#include "keys/document.hpp"
#include "keys/epoch.hpp"
#include "keys/object.hpp"
#include "keys/root.hpp"
#include "keys/roster.hpp"
#include "keys/trust.hpp"

namespace noroshi::keys {

/// One object that has been checked, beside the bytes it was checked as.
template <typename T>
struct Held {
  T value;
  Bytes bytes;
  ObjectRef ref;
  /// The one key that signed it, so that a new roster need not verify it again; zeros where several keys
  /// sign.
  SignPublic signer;
};
template <typename T>
using HeldPtr = std::shared_ptr<const Held<T>>;

/// The part of `shared` that this snapshot may change: its own copy, made at the first change.
template <typename T>
T& owned(std::shared_ptr<T>& shared) {
  if (!shared)
    shared = std::make_shared<T>();
  else if (shared.use_count() != 1)
    shared = std::make_shared<T>(*shared);
  return *shared;
}

struct RosterTable {
  Held<Roster> held;
  ByteArray<32> digest{};
  std::map<OrgId, Organisation> organisations;
  std::map<RecipientId, Group> groups;
};

/// What one organisation's devices are: a network's certificates are many, one organisation's are few.
struct DeviceTable {
  std::map<KeyId, HeldPtr<Certificate>> certificates;
  std::map<LinkPublic, KeyId> by_link;               ///< of those certificates
  std::map<KeyId, HeldPtr<Revocation>> revocations;  ///< gen 0 = every generation; the strongest of each name
  HeldPtr<RevocationList> list;
  std::map<DeviceId, HeldPtr<Contact>> contacts;
};

struct OwnerEpochs {
  std::map<std::uint32_t, HeldPtr<EpochKey>> epochs;  ///< by number
  std::map<std::pair<std::uint32_t, std::uint32_t>, HeldPtr<EpochVoid>> voids;
  [[nodiscard]] bool is_void(std::uint32_t number) const;
};

/// A document with what this version reads of it.
struct ReadDocument {
  Document document;
  std::vector<Unit> units;  ///< type 12
  Incident incident;        ///< type 15
};

class Snapshot final : public Trust {
 public:
  [[nodiscard]] RootId root_id() const override { return root_id_; }
  [[nodiscard]] ByteArray<32> root_digest() const override { return root_digest_; }
  [[nodiscard]] std::uint32_t roster_version() const override;
  [[nodiscard]] WallTime roster_issued() const override;
  [[nodiscard]] RosterState roster_state(WallTime now) const override;
  [[nodiscard]] WallTime not_before() const override;
  [[nodiscard]] const Organisation* organisation(OrgId id) const override;
  [[nodiscard]] std::vector<OrgId> organisations() const override;
  [[nodiscard]] const Group* group(RecipientId id) const override;
  [[nodiscard]] std::vector<const Group*> groups() const override;
  [[nodiscard]] Quota quota(std::uint8_t code) const override;
  [[nodiscard]] bool is_home_relay(DeviceId device) const override;
  [[nodiscard]] const Certificate* certificate(KeyId key) const override;
  [[nodiscard]] const Certificate* newest_certificate(DeviceId device) const override;
  [[nodiscard]] const Certificate* certificate_by_link_key(const LinkPublic& key) const override;
  [[nodiscard]] std::vector<const Certificate*> certificates(OrgId org) const override;
  [[nodiscard]] Seconds certificate_grace() const override;
  [[nodiscard]] std::optional<WallTime> revoked_since(KeyId key) const override;
  [[nodiscard]] const EpochKey* epoch_for(RecipientId owner, WallTime now,
                                          IncidentId incident) const override;
  [[nodiscard]] std::vector<const EpochKey*> epochs(RecipientId owner) const override;
  [[nodiscard]] const BoxPublic* transport_key(OrgId org) const override;
  [[nodiscard]] const TransportKey* transport(OrgId org) const override;
  [[nodiscard]] const Unit* unit(UnitId id) const override;
  [[nodiscard]] std::vector<const Unit*> units(OrgId association) const override;
  [[nodiscard]] const Incident* incident(IncidentId id) const override;
  [[nodiscard]] std::vector<const Incident*> incidents() const override;
  [[nodiscard]] std::optional<SignedCatalogue> catalogue() const override;
  [[nodiscard]] const Contact* contact(DeviceId node) const override;
  [[nodiscard]] std::vector<const Contact*> contacts() const override;
  [[nodiscard]] ByteArray<8> state_digest() const override { return state_digest_; }
  [[nodiscard]] std::vector<ObjectRef> inventory() const override;
  [[nodiscard]] BytesView object(const ObjectRef& ref) const override;

  // ---- tables, changed by admission.cpp only while nobody else holds this snapshot
  using DocumentName = std::pair<ObjectType, std::uint32_t>;
  RootId root_id_;
  ByteArray<32> root_digest_{};
  std::vector<HeldPtr<Root>> roots_;  ///< versions 1..N
  std::shared_ptr<const RosterTable> roster_;
  std::map<OrgId, std::shared_ptr<DeviceTable>> devices_;
  std::map<RecipientId, std::shared_ptr<OwnerEpochs>> epochs_;
  std::map<OrgId, HeldPtr<TransportKey>> transports_;
  std::map<DocumentName, HeldPtr<ReadDocument>> documents_;
  ByteArray<8> state_digest_{};

  /// Computes state_digest_ anew: O(objects without certificates and contacts).
  void renew_digest();
  [[nodiscard]] const Root& root() const { return roots_.back()->value; }

 private:
  template <typename Visit>
  void visit_state(Visit&& visit) const;
  template <typename Visit>
  void visit_travelling(Visit&& visit) const;
  [[nodiscard]] const DeviceTable* devices(OrgId org) const;
  [[nodiscard]] BytesView certificate_bytes(const ObjectRef& ref, bool newest) const;
};

}  // namespace noroshi::keys
