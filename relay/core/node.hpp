// The node as a pure state machine. Nothing here blocks, waits, reads a clock, draws a random number by
// itself, opens a file or touches a socket: time and randomness are arguments, what should happen is returned
// as a value. The daemon's loop and the simulator's world are the two programs around it.
//
// Threads: none; one caller at a time. Memory: derivable from the store in O(neighbours): a new Node over the
// same store after a crash, a failed commit or a restart behaves as the old one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "keys/seal.hpp"
#include "keys/trust.hpp"
#include "keys/verify.hpp"
#include "proto/frame.hpp"
#include "proto/random.hpp"
#include "relay/core/store.hpp"

namespace noroshi::core {

/// What the node needs to know of a line to pace itself (deploy/ has profiles with sources).
struct LinkProfile {
  std::uint32_t rate_bps = 0;  ///< bits per second; 0 = unmetered local network
  Millis rtt{100};
  std::uint32_t window_bytes =
      256 * 1024;  ///< unacknowledged envelope bytes at most; ≥ one envelope always fits
  bool metered = false;
};

struct Neighbour {
  PeerId peer;
  LinkProfile profile;
  proto::Level lowest = proto::Level::bulk;  ///< nothing below this level is sent here
};

/// By when an envelope of each level should have reached its recipient (bulk, routine, urgent, flash): 30 min
/// flash, 3 h urgent, 24 h routine, a week bulk.
inline constexpr Seconds kTargets[proto::kLevels] = {days(7), hours(24), hours(3), minutes(30)};

struct NodeConfig {
  DeviceId self;                      ///< this relay's device; its organisation is self.org
  std::vector<Neighbour> neighbours;  ///< configured links; nobody else is spoken to
  PeerId default_route;               ///< kNobody, or the neighbour a leaf sends everything to
  Seconds target[proto::kLevels] = {kTargets[0], kTargets[1], kTargets[2], kTargets[3]};
  Seconds reowe_min = minutes(2);  ///< parked duties are never owed again sooner
  Millis receipt_gather{2000};     ///< delivered receipts wait this long for company (flash: not at all)
};

/// One frame to one neighbour: head, then the body of a stored envelope if one is named. Bytes do not travel
/// through the core: the loop copies them from store to socket.
struct Send {
  PeerId peer;
  Bytes head;
  std::optional<MsgId> body;
  /// Of the stored envelope only these bytes; all of it without.
  struct Slice {
    std::uint32_t from = 0, size = 0;
  };
  std::optional<Slice> slice{};
  /// What of the stored envelope goes behind the head.
  [[nodiscard]] BytesView part_of(BytesView envelope) const {
    return slice ? envelope.subspan(slice->from, slice->size) : envelope;
  }
};

using JobId = std::uint64_t;
/// Asks the loop to run keys::verify and answer with on_verdict; or, for an offer, keys::refusal_of its cover
/// and answer with on_cover, in any order, now or later. Lost on a crash: the sender still owes. No more of
/// them are open than kUnackedMax for each neighbour, and that many bare ones.
struct VerifyJob {
  JobId id = 0;
  Bytes envelope;
  std::optional<proto::Offer> offer{};
  PeerId peer{};                              ///< who brought it
  proto::Level claimed = proto::Level::bulk;  ///< by its outside: not proven yet
};
/// How the loop answers a job with an offer.
[[nodiscard]] std::optional<keys::Refusal> refusal_of(const proto::Offer& offer, const keys::Trust& trust,
                                                      Now now);

enum class EventKind : std::uint8_t {
  accepted,  ///< an envelope became durable here
  duplicate,
  refused,
  forwarded,
  acked,
  delivered,
  receipt,
  expired,
  parked_again,
  equivocation,
  link_up,
  link_down,
  rolled_back,
  object,
  want_object,
  quota,
  no_route,
  unknown_sender,
  recalled,  ///< its author took it back before it left
  dropped,   ///< a frame that means nothing here: malformed, of another session, out of its window, or bare
            ///< and of no use
};
[[nodiscard]] std::string_view name_of(EventKind kind);
/// The code of a refuse frame, any at all: the name of a keys::Refusal, "no_space", or the number that only a
/// newer node knows.
[[nodiscard]] std::string name_of_refuse(std::uint8_t code);
/// For the log, the event stream and the checkers: names and codes, never content.
struct Event {
  EventKind kind{};
  PeerId peer;
  MsgId id;
  std::uint8_t code = 0;  ///< keys::Refusal, DutyState … by kind
};

/// What a turn asks for. Order: `now` may leave at once; the writes made through the Store commit; only then
/// `after_commit` leaves. An ack is a promise that the envelope survives a power cut, so it is always in
/// after_commit.
struct Effects {
  std::vector<Send> now;
  std::vector<VerifyJob> verify;
  /// Receipts and heads for the loop to seal with this relay's key IN THIS SAME transaction (keys::seal_next
  /// over the store's ledger) and hand back through on_submit before the commit.
  std::vector<keys::Draft> seal;
  /// A contact object for the loop to sign and hand back through on_object before the commit.
  std::optional<keys::Contact> contact;
  std::vector<Send> after_commit;
  std::vector<Event> events;
  /// A newer snapshot, if an object changed it: for ZAP, verification and everyone who holds the old one.
  keys::TrustPtr trust;
  void append(Effects&& other);
};

enum class LinkState : std::uint8_t { down, up };

/// What became of a submission by a program on this machine.
enum class Submitted : std::uint8_t { queued, duplicate, refused };
struct SubmitResult {
  Submitted outcome = Submitted::refused;
  keys::Refusal why{};    ///< if refused
  bool no_space = false;  ///< refused for want of space
  Effects effects;
};

/// What became of a wish to take messages back.
struct RecallResult {
  bool recalled = false;  ///< all of them; else none
  Effects effects;
};

/// Where one (envelope, recipient) stands, for people: only ever forward.
struct RecipientProgress {
  RecipientId recipient;
  DutyState duty{};
  End end{};
  proto::ReceiptKind reached{};
  PeerId via;
  WallTime at;
  DeviceId by;
  /// Until something is done about it without an outcome: owed, it is sent; sent or parked, it is owed anew.
  /// 0: nothing is planned.
  Seconds again;
  std::uint8_t tried = 0;  ///< neighbours that sent it here, sent it back or refused it
};

class Node {
 public:
  /// Rebuilds everything from the store: start-up, failure and crash are one path. `store` and `rng` outlive
  /// the node; `store` stands for the open transaction of whatever turn is running.
  Node(NodeConfig config, Store& store, Rng& rng, keys::TrustPtr trust, Now now);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// A neighbour's session began or ended. Up: hello and the most urgent envelope leave at once.
  Effects on_link(PeerId peer, LinkState state, Now now);
  /// One whole frame of an authenticated neighbour. Any bytes.
  Effects on_frame(PeerId peer, BytesView frame, Now now);
  /// Answers one VerifyJob. May come in any order, or after the peer has gone.
  Effects on_verdict(JobId job, const keys::VerifyOutcome& outcome, Now now);
  /// The same for a job with an offer: nothing if its outside passes.
  Effects on_cover(JobId job, std::optional<keys::Refusal> refusal, Now now);
  /// An envelope from a program of this machine, or one that Effects::seal asked for. `again`: it may have
  /// been handed in before, and have left from a store that is no more; so it is not taken back any more.
  SubmitResult on_submit(const keys::Verified& envelope, Now now, bool again = false);
  /// An envelope that was sealed elsewhere and came here on paper or as a file: taken over as from a
  /// neighbour who is not there to be answered.
  SubmitResult on_carried(const keys::Verified& envelope, Now now);
  /// Their author takes these back: all of them, or none if the bytes of one may have left this machine, or
  /// it was delivered here, or is not its author's. Again is as good as once; handing one in again undoes it.
  RecallResult on_recall(const std::vector<MsgId>& ids, Now now);
  /// A signed object from a program of this machine (or one that Effects::contact asked for).
  Effects on_object(BytesView object, Now now);
  /// Ends a turn: the loop calls it last before every commit, and when next_wake() is due. Acks of everything
  /// the turn brought leave here, one frame a neighbour; then re-owing, expiry, receipts, retries, sending. A
  /// turn that never calls it loses nothing: next_wake() is then at once.
  Effects on_timer(Now now);
  /// When on_timer must run next, if anything is pending. Never in the past of the last `now`… it may be that
  /// very instant.
  [[nodiscard]] std::optional<Instant> next_wake() const;

  [[nodiscard]] const keys::TrustPtr& trust() const;
  /// Whether the wall clock is in doubt, by `now` itself or by what two neighbours or a signed root document
  /// say. The loop asks before it verifies, so that nothing is judged by a clock this node does not believe.
  [[nodiscard]] bool wall_suspect(Now now) const;
  /// How far it is ahead of the neighbours' clocks; nothing if none was heard.
  [[nodiscard]] std::optional<Seconds> wall_ahead(Now now) const;
  /// Progress per recipient of an envelope, from its record; empty if unknown.
  [[nodiscard]] std::vector<RecipientProgress> progress(const MsgId& id) const;
  /// Whether its author here is told of every recipient; of what a neighbour or paper brought it may be some.
  [[nodiscard]] bool follows_all(const MsgId& id) const;

  struct LinkView {
    PeerId peer;
    bool up = false;
    std::uint64_t in_flight_bytes = 0;
    NodeTime last_contact;
  };
  [[nodiscard]] std::vector<LinkView> links() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace noroshi::core
