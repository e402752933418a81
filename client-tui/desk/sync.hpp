// Between the desk and the relay of this machine: hand over what was sealed, take what was delivered, open
// it, answer it.
//
// Each step is one transaction and may be cut off at any point: what was pulled twice is folded by its id,
// what was sealed stays in line until a relay has taken it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client-tui/desk/desk.hpp"
#include "client-tui/desk/relay_client.hpp"

namespace noroshi::desk {

/// `now` in the light of what a relay says: in doubt if the relay doubts the same clock, or believes another
/// one.
[[nodiscard]] Now judged(Now now, const proto::control::Info& relay);

/// What one contact with the relay did.
struct Synced {
  std::uint32_t objects = 0;    ///< new trust objects
  std::uint32_t submitted = 0;  ///< envelopes the relay took over
  std::uint32_t refused = 0;    ///< by the relay, or here: envelopes that do not hold
  std::uint32_t received = 0;   ///< envelopes pulled that were new
  std::uint32_t opened = 0;
  std::uint32_t locked = 0;  ///< wait for a secret or a certificate
  std::uint32_t unreadable = 0;
  std::uint32_t receipts = 0;  ///< received and applied
  std::uint32_t resealed = 0;
  std::uint32_t forwarded = 0;  ///< to other devices of the own organisation
  std::uint32_t waiting = 0;    ///< still in line: the relay has no room
  bool rolled_back = false;     ///< the store is older than its key: nothing can be sealed here any more
};

/// One whole contact: objects, submissions, deliveries, receipts, what follows from them.
[[nodiscard]] Result<Synced> synchronize(Desk& desk, Relay& relay, Now now);
/// Asks the relay what became of these own messages, and keeps it.
[[nodiscard]] Result<void> follow(Desk& desk, Relay& relay, const std::vector<MsgId>& ids);
/// Where the relay has one of them at this moment; nothing if it does not follow it, or does not answer.
[[nodiscard]] std::optional<proto::control::EnvelopeProgress> progress_now(Relay& relay, const MsgId& id);
/// Only takes what is trusted now: for a command that is about to write something, in forms and to keys that
/// may have come since. How many objects were new.
[[nodiscard]] Result<std::uint32_t> take_objects(Desk& desk, Relay& relay);
/// Only hands over what is in line: for a command that has just sealed something.
[[nodiscard]] Result<Synced> hand_over(Desk& desk, Relay& relay, Now now);

}  // namespace noroshi::desk
