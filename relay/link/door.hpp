// Who may speak on a link: the configured neighbours, by the link keys of their certificates, and only as
// long as these are not revoked. ZAP asks once a handshake, the bearer asks again on every message, both of
// the same snapshot.
//
// A neighbour that rests (patience.hpp) may not speak until then, like a stranger.
//
// A certificate that only expired still speaks for the roster's grace time (reports keep flowing,
// keys/trust.hpp); with a clock in doubt nothing expires.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "keys/trust.hpp"
#include "proto/ids.hpp"
#include "proto/time.hpp"

namespace noroshi::link {

enum class Admission : std::uint8_t { admitted, unknown_key, stranger, revoked, expired, resting };
[[nodiscard]] std::string_view name_of(Admission admission);

class Door {
 public:
  Door(keys::TrustPtr trust, std::set<DeviceId> neighbours)
      : trust_(std::move(trust)), neighbours_(std::move(neighbours)) {}
  /// A newer snapshot. Who is inside is asked again by the bearer.
  void change(keys::TrustPtr trust) { trust_ = std::move(trust); }
  /// Other neighbours, after the configuration was read again.
  void change(std::set<DeviceId> neighbours) { neighbours_ = std::move(neighbours); }
  /// Nobody of this name comes in before then. Who is inside is asked again by the bearer.
  void rest(DeviceId peer, Instant until) { resting_[peer] = until; }
  /// Until when; nothing if it may come in.
  [[nodiscard]] std::optional<Instant> rests(DeviceId peer, Instant now) const;

  struct Answer {
    Admission admission = Admission::unknown_key;
    KeyId key;  ///< whose it is, unless unknown
  };
  /// Of a CURVE key that has proven itself in a handshake.
  [[nodiscard]] Answer ask(const keys::LinkPublic& key, Now now) const;
  /// Of a key that was admitted before.
  [[nodiscard]] Admission ask(KeyId key, Now now) const;

  /// Link keys of `peer` to try when dialling it, oldest generation first: the next one is certified at
  /// enrolment, long before it is used. Of a resting one too: the keys are good.
  [[nodiscard]] std::vector<const keys::Certificate*> keys_of(DeviceId peer, Now now) const;

 private:
  [[nodiscard]] Admission standing(KeyId key, Now now) const;

  keys::TrustPtr trust_;
  std::set<DeviceId> neighbours_;
  std::map<DeviceId, Instant> resting_;
};

/// "17/3.1" → the key; User-Id of a message.
[[nodiscard]] std::optional<KeyId> parse_key_id(std::string_view text);

}  // namespace noroshi::link
