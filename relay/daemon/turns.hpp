// Turns of the node over its store: everything that happened since the last one, in one transaction,
// committed once; only then what waited for it leaves (relay/core/node.hpp). What neighbours bring is
// verified beside the turns (verifier.hpp), what programs hand in and what is sealed here within one: about
// 60 µs an envelope beside a commit of milliseconds.
//
// A failed commit is a crash: `finish` gives the error, `recover` makes the store usable again and builds the
// node anew from it, as a restart would. Nothing of the failed turn is left, and what waited for it never
// leaves.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "keys/identity.hpp"
#include "proto/random.hpp"
#include "relay/core/node.hpp"
#include "relay/daemon/verifier.hpp"
#include "relay/store/disk.hpp"
#include "relay/store/turn_slot.hpp"

namespace noroshi::daemon {

/// One frame on its way out.
struct Outgoing {
  DeviceId peer;
  Bytes head, body;
};

struct TurnStats {
  std::uint64_t turns = 0, commit_us = 0, commit_us_max = 0, verified = 0, verify_us = 0, sealed = 0,
                seal_refused = 0, failed = 0;
  std::uint64_t piece_bytes = 0;  ///< of envelopes, handed to bearers in pieces
};

class Turns {
 public:
  /// What may leave before the commit is given to `send` at once.
  Turns(store::Disk& disk, const keys::Identity& identity, Rng& rng,
        std::function<void(const Outgoing&)> send)
      : disk_(disk), identity_(identity), rng_(rng), send_(std::move(send)) {}

  /// A node over the store, with these neighbours already up; commits. Also for another configuration.
  /// Envelopes that lost their records to damage are taken in anew.
  [[nodiscard]] Result<void> build(core::NodeConfig config, keys::TrustPtr trust,
                                   const std::vector<DeviceId>& up, Now now);

  [[nodiscard]] Result<void> begin();
  /// Between begin and finish: gives the node what has been verified since.
  void hear_verdicts(Now now);
  [[nodiscard]] bool verdicts_wait() { return verifier_.has_judged(); }
  /// Readable while they do.
  [[nodiscard]] int verdicts_fd() const { return verifier_.fd(); }
  /// Between begin and finish: call the node, give its effects to `take`.
  [[nodiscard]] core::Node& node() { return *node_; }
  void take(core::Effects effects, Now now);
  [[nodiscard]] keys::VerifyOutcome verify(Bytes envelope, Now now);
  [[nodiscard]] std::optional<core::Record> record(const MsgId& id) const { return slot_.record(id); }

  struct Outcome {
    std::vector<Outgoing> after_commit;
    std::vector<core::Event> events;
    keys::TrustPtr trust;         ///< the newer snapshot, if there is one
    std::vector<Error> troubles;  ///< drafts that could not be sealed
  };
  /// Ends the turn: timers, commit. After an error only recover() helps.
  [[nodiscard]] Result<Outcome> finish(Now now);
  /// After an error of begin or finish.
  [[nodiscard]] Result<store::Disk::Recovery> recover(const std::vector<DeviceId>& up, Now now);

  [[nodiscard]] std::optional<Instant> next_wake() const { return next_wake_; }
  [[nodiscard]] const keys::TrustPtr& trust() const { return trust_; }
  [[nodiscard]] std::vector<core::Node::LinkView> links() const { return node_->links(); }
  [[nodiscard]] bool wall_suspect(Now now) const { return node_ && node_->wall_suspect(now); }
  [[nodiscard]] std::optional<Seconds> wall_ahead(Now now) const {
    return node_ ? node_->wall_ahead(now) : std::nullopt;
  }
  [[nodiscard]] const TurnStats& stats() const { return stats_; }

 private:
  void seal(const keys::Draft& draft, Now now);
  /// An envelope whose record was damaged is taken in anew, as if it were handed in here.
  void adopt(const Bytes& orphan, Now now);
  [[nodiscard]] Outgoing resolve(core::Send& send) const;

  store::Disk& disk_;
  const keys::Identity& identity_;
  Rng& rng_;
  std::function<void(const Outgoing&)> send_;
  store::TurnSlot slot_;
  core::NodeConfig config_;
  std::unique_ptr<core::Node> node_;
  keys::TrustPtr trust_;  ///< as committed
  Outcome outcome_;       ///< of the open turn
  Verifier verifier_;
  std::optional<Instant> next_wake_;
  TurnStats stats_;
};

}  // namespace noroshi::daemon
