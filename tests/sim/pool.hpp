// Everything of the simulation that costs cryptography, made once from a fixed seed: a network, the
// identities of its relays in several generations, envelopes of its authors, and forged ones. Every seed
// plays with the same pieces.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "keys/seal.hpp"
#include "tests/support/network.hpp"

namespace noroshi::sim {

/// The relays of every world, by number. Ishikawa has two.
///
///               J
///             ╱   ╲
///        L1 ──── I ──── N ──── M
///          ╲   ╱   ╲  ╱ │    ╱
///            T ──────╱  │   ╱
///          ╱   ╲        │  ╱
///        L2 ──── G ─────┴─╱
///
enum Place : int {
  kLaptop1,
  kHubIshikawa,
  kHubToyama,
  kHubNational,
  kHubMinistry,
  kHubNiigata,
  kLaptop2,
  kSecondIshikawa,
  kPlaces
};

struct Relay {
  DeviceId device;
  bool leaf = false;
  int default_route = -1;                   ///< leaf: a Place
  std::vector<keys::Identity> generations;  ///< [0] seals for `first_store`
  StoreId first_store;
};

/// A message as its author sealed it.
struct Message {
  MsgId id;
  Bytes bytes;
  int place = 0;  ///< relay it is submitted at
  proto::Level level{};
  WallTime created, dead_at;
  std::vector<RecipientId> recipients;
};

struct Author {
  DeviceId device;
  int place = 0;
  std::vector<Message> line;  ///< in seq order
};

class Pool {
 public:
  Pool();
  /// Authors of one of kLines variants.
  [[nodiscard]] const std::vector<Author>& authors(std::uint64_t variant) const {
    return lines_[variant % lines_.size()];
  }
  [[nodiscard]] const std::vector<Bytes>& forged() const { return forged_; }
  /// Real envelopes of an author that sends more than it may.
  [[nodiscard]] const std::vector<Bytes>& greedy() const { return greedy_; }
  /// Three messages of one device under one number.
  [[nodiscard]] const std::vector<Bytes>& equivocal() const { return equivocal_; }
  [[nodiscard]] DeviceId equivocal_device() const { return equivocal_device_; }
  /// Messages that die a few hours into every world, undelivered or not.
  [[nodiscard]] const Author& dying() const { return dying_; }
  [[nodiscard]] DeviceId greedy_device() const { return greedy_device_; }
  [[nodiscard]] const Relay& relay(int place) const { return relays_[static_cast<std::size_t>(place)]; }
  /// A neighbour that is enrolled and means harm.
  [[nodiscard]] DeviceId hostile() const { return hostile_->device(); }
  [[nodiscard]] const keys::Identity& hostile_identity() const { return *hostile_; }
  /// Knows every certificate; `lean` lacks those of the authors, which then travel with their first envelope.
  [[nodiscard]] const keys::TrustPtr& trust() const { return trust_; }
  [[nodiscard]] const keys::TrustPtr& lean_trust() const { return lean_; }
  [[nodiscard]] const Bytes& certificate(DeviceId device) const { return certificates_.at(device); }
  /// A desk that only reads and says so.
  [[nodiscard]] const keys::Identity& reader(OrgId org) const { return readers_.at(org); }

 private:
  void make_relays();
  void make_authors();
  void make_forged();
  void make_dying();
  /// Enrolled like any other, beside the usual devices; its certificate is known everywhere.
  keys::Identity enrol(DeviceId device, keys::Role role, Rng& rng, std::optional<std::uint8_t> quota = {});
  Message message(test::Speaker& speaker, Rng& rng, int place, WallTime created);

  test::Network network_;
  std::vector<Relay> relays_;
  std::vector<std::vector<Author>> lines_;
  std::vector<Bytes> forged_, greedy_, equivocal_;
  Author dying_;
  DeviceId greedy_device_, equivocal_device_;
  std::optional<keys::Identity> hostile_;
  std::map<OrgId, keys::Identity> readers_;
  std::map<DeviceId, Bytes> certificates_;
  keys::TrustPtr trust_, lean_;
};

/// Real time of the start of every world: long enough after the roster that messages can have grown old.
inline constexpr WallTime kWorldStart = test::kStart + days(20);

}  // namespace noroshi::sim
