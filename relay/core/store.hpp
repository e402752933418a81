// What the node asks of its store, and what it writes: typed questions and rows, not a key-value API.
//
// A `Store` IS the open write transaction of the turn: what one frame of a turn writes, the next one sees,
// and the loop commits once at the end. Writes cannot fail here: an implementation remembers its first error
// and its commit reports it; a failed commit is a crash (abort, drop `after_commit`, rebuild the Node from
// the store).
//
// Every index (what is owed to whom, what must be owed again when, what expires when, which number holds
// what) is a function of the `Record`s: `put` keeps them, so no index can disagree with its record.
// relay/store draws the rows byte by byte; the simulator implements the same face over std::map; a model test
// runs both.
//
// No row stores an Instant. Timers are NodeTime: seconds this node has been running, summed over its lives; a
// step of the wall clock cannot move them. Expiry is WallTime.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "keys/trust.hpp"
#include "keys/verify.hpp"
#include "proto/envelope.hpp"
#include "proto/frame.hpp"
#include "proto/ids.hpp"
#include "proto/receipt.hpp"

namespace noroshi::core {

/// A neighbour relay. {0/0} = no neighbour: not routed yet, or this node itself, as the field says.
using PeerId = DeviceId;
inline constexpr PeerId kNobody{};

struct NodeTime {
  std::int64_t s = 0;
  constexpr auto operator<=>(const NodeTime&) const = default;
};
constexpr NodeTime operator+(NodeTime t, Seconds d) {
  return {t.s + d.count};
}

/// Duty for one (envelope, target): relay/DESIGN.md begins with this table.
enum class DutyState : std::uint8_t {
  owed,     ///< mine to pass on, waiting under `via` (kNobody: no route yet)
  sent,     ///< numbered to `via`, no outcome yet
  parked,   ///< `via` took the duty; mine again at `again`
  settled,  ///< done: see `end`
};

/// How a duty ended.
enum class End : std::uint8_t { open, delivered, expired, cancelled, refused, passed, unreadable };

/// Where a duty leads: a wrap of the envelope (by index), or a neighbour that must get a copy (receipts on
/// the reverse path, floods): then `wrap` is kPush and `via` is fixed. A flash report may have two duties for
/// one wrap: the best path and a disjoint copy.
inline constexpr std::uint8_t kPush = 0xFF;

struct Duty {
  std::uint8_t wrap = 0;
  DutyState state = DutyState::owed;
  PeerId via{};                  ///< settled: the way it went; kNobody = delivered here
  proto::LinkNumber number = 0;  ///< sent, parked: its number toward `via`
  NodeTime again{};              ///< 0 = no timer. parked: owed again then; sent: no outcome came by then, so
                                 ///< another way is tried; owed: not before then (refused, retry-after)
  std::vector<PeerId> avoid{};  ///< neighbours that sent it, parked it back or refused it, newest last, ≤ 8
  End end = End::open;
  proto::ReceiptKind reached{};  ///< highest receipt seen (0 = none): delivered, opened, read, accepted
  MsgId proof{};                 ///< receipt that settled it; zeros if none
  WallTime at{};                 ///< of the newest receipt, by its signer's `created`
  DeviceId by{};                 ///< its signer
  bool operator==(const Duty&) const = default;
};

/// A body that is the organisation's own mail: no clock takes it away.
inline constexpr WallTime kNever{INT64_MAX};

/// Everything the node knows of one envelope but its bytes. Kept after the body is dropped.
struct Record {
  MsgId id;
  KeyId key;
  Seq seq = 0;
  std::uint8_t ctype = 0;
  proto::Level level{};       ///< as scheduled here (a stale flash is routine, one above quota urgent)
  std::uint64_t arrival = 0;  ///< order of arrival at this store
  std::uint32_t size = 0;     ///< bytes of the envelope
  bool origin = false;        ///< submitted here: kept until every recipient is settled and 30 days more
  bool body_held = true;
  bool left = true;  ///< its bytes went out, or may have: too late to take it back
  PeerId from;       ///< neighbour that brought it first; kNobody = its author's program here, or paper
  WallTime created, first_seen;
  WallTime dead_at;  ///< when the body goes at the latest: by `created`, or by first_seen where the
                     ///< clock is in doubt; 30 days after the last receipt at the origin; kNever
                     ///< for what was delivered here
  keys::Marks marks;
  std::vector<RecipientId> targets;  ///< recipient of each wrap; clear: the dst
  std::vector<std::uint8_t> prevs;   ///< prev of each wrap; empty for clear
  std::vector<Duty> duties;
  bool operator==(const Record&) const = default;
};

/// Of what was handed in here on one day: how many recipients it reached in time, and how many later, by the
/// level it was sent at. "In time" is NodeConfig::target.
struct OnTime {
  std::uint32_t met[proto::kLevels]{}, missed[proto::kLevels]{};
  bool operator==(const OnTime&) const = default;
};

/// One link of the visible chain of a key to a recipient.
struct ChainLink {
  Seq seq = 0;
  std::uint8_t prev = 0;  ///< as in the wrap
  MsgId id;
  bool operator==(const ChainLink&) const = default;
};

/// Durable half of a link.
struct PeerRow {
  StoreId store;                ///< the neighbour's, as last heard; 0 = never met
  std::uint16_t session = 0;    ///< last one used by this node toward it
  proto::LinkNumber sent = 0;   ///< last number given
  proto::LinkNumber acked = 0;  ///< contiguous acknowledged
  proto::Accepted accepted;     ///< of its numbers
  NodeTime last_contact;
  bool operator==(const PeerRow&) const = default;
};

/// Token bucket of one device, by NodeTime. Tokens are scaled by 86,400, so that a daily rate refills exactly
/// each second.
struct QuotaRow {
  std::int64_t envelopes = 0, bytes = 0, flash = 0;  ///< tokens left × 86,400
  std::int64_t doubted = 0;  ///< envelopes of a doubted clock that kept their priority
  NodeTime filled;
  bool operator==(const QuotaRow&) const = default;
};

/// A delivered message whose receipt is still to be signed.
struct ReceiptDue {
  KeyId key;
  RecipientId recipient;
  Seq seq = 0;
  MsgId id;
  bool operator==(const ReceiptDue&) const = default;
  auto operator<=>(const ReceiptDue&) const = default;
};

/// An envelope that was offered and verified by its outside; its body comes in pieces.
struct Partial {
  MsgId id;
  Bytes cover;  ///< proto::cover_of
  ByteArray<32> body_hash{};
  std::uint32_t size = 0;  ///< of the whole envelope
  NodeTime offered;        ///< last
  bool mixed = true;       ///< pieces of all neighbours may make it; not after such a body proved false
  bool operator==(const Partial&) const = default;
};

/// A stretch of a body that is here, and who brought it.
struct PieceHere {
  PeerId peer;
  proto::ByteRange stretch;
  bool operator==(const PieceHere&) const = default;
};

/// How full the store is (links: "Limits"): each step refuses more; owed is never evicted.
enum class Pressure : std::uint8_t { none, refuse_new, only_essential };

class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // ---- of the store itself
  [[nodiscard]] virtual StoreId id() const = 0;
  virtual void set_id(StoreId id) = 0;  ///< after a rollback was noticed
  /// The last arrival number given when the store got this name; 0 for one that never had another. Records
  /// up to it come from the earlier life, whose later part is not remembered here.
  [[nodiscard]] virtual std::uint64_t named_at() const = 0;
  [[nodiscard]] virtual NodeTime node_time() const = 0;
  virtual void set_node_time(NodeTime time) = 0;
  [[nodiscard]] virtual Pressure pressure() const = 0;

  // ---- envelopes
  /// Message ids under one (key, seq): none, one, or two (equivocation, both kept). Kept for ever.
  [[nodiscard]] virtual std::vector<MsgId> seen(KeyId key, Seq seq) const = 0;
  /// A second id joins the first; the same again and a third change nothing.
  virtual void put_seen(KeyId key, Seq seq, MsgId id) = 0;
  [[nodiscard]] virtual std::optional<Record> record(const MsgId& id) const = 0;
  /// Inserts or replaces, and moves every index with it.
  virtual void put(const Record& record) = 0;
  /// Next value of `Record::arrival`: 1, 2, …; no two records share one.
  [[nodiscard]] virtual std::uint64_t next_arrival() = 0;
  /// Bodies and records are put and dropped apart, in any order: `Record::body_held` is the node's own word.
  virtual void put_body(const MsgId& id, BytesView bytes) = 0;
  /// Owned copy; nothing if it was dropped.
  [[nodiscard]] virtual std::optional<Bytes> body(const MsgId& id) const = 0;
  virtual void drop_body(const MsgId& id) = 0;

  // ---- envelopes that are not whole yet
  virtual void put_partial(const Partial& partial) = 0;  ///< inserts or replaces
  [[nodiscard]] virtual std::optional<Partial> partial(const MsgId& id) const = 0;
  /// All of them, ascending by id, without their covers: there are kPartialsMax at most.
  [[nodiscard]] virtual std::vector<Partial> partials() const = 0;
  /// Some bytes of its body, at least one. The same place again replaces what began there.
  virtual void put_piece(const MsgId& id, PeerId peer, std::uint16_t from, BytesView bytes) = 0;
  /// Ascending by neighbour, then by place; they may overlap.
  [[nodiscard]] virtual std::vector<PieceHere> pieces(const MsgId& id) const = 0;
  /// What the pieces of one neighbour, or of all (nothing), make; zeros where none is.
  [[nodiscard]] virtual Bytes pieced(const MsgId& id, std::optional<PeerId> peer, std::size_t size) const = 0;
  /// With its pieces; absent is fine.
  virtual void drop_partial(const MsgId& id) = 0;

  // ---- ordered questions over the records
  /// The oldest record of this level with a duty owed via `via` (kNobody: unrouted) that may go at `now`,
  /// after the given arrival number. A postponed duty may go from its time on. O(log n), whatever is queued
  /// (and one step for each postponed duty whose time has come, until it is put without it).
  [[nodiscard]] virtual std::optional<MsgId> owed_first(PeerId via, proto::Level level, NodeTime now,
                                                        std::uint64_t after_arrival = 0) const = 0;
  /// Number of records and bytes owed via `via` at this level, postponed ones too (counters, O(1)).
  struct Queued {
    std::uint64_t records = 0, bytes = 0;
  };
  [[nodiscard]] virtual Queued queued(PeerId via, proto::Level level) const = 0;
  /// The record of an outstanding number.
  [[nodiscard]] virtual std::optional<MsgId> sent_as(PeerId via, proto::LinkNumber number) const = 0;
  /// Outstanding numbers toward `via`, ascending (bounded by the window).
  [[nodiscard]] virtual std::vector<proto::LinkNumber> outstanding(PeerId via) const = 0;
  /// Up to `max` records with a duty parked at or sent to `via`, for re-owing after it lost its store.
  /// Ascending by id, after `after`.
  [[nodiscard]] virtual std::vector<MsgId> parked_at(PeerId via, const MsgId& after,
                                                     std::size_t max) const = 0;
  /// The record with the earliest `again` ≠ 0 among all its unsettled duties (owed, sent, parked), and that
  /// time; of equal times the lowest id.
  struct Again {
    NodeTime at;
    MsgId id;
  };
  [[nodiscard]] virtual std::optional<Again> next_again() const = 0;
  /// The record with the earliest dead_at whose body is held (kNever never is), and that time; of equal times
  /// the lowest id.
  struct Dying {
    WallTime at;
    MsgId id;
  };
  [[nodiscard]] virtual std::optional<Dying> next_dying() const = 0;

  // ---- chains and receipts
  virtual void put_link(KeyId key, RecipientId recipient, const ChainLink& link) = 0;
  /// Links from..to, ascending; at most `max`.
  [[nodiscard]] virtual std::vector<ChainLink> chain(KeyId key, RecipientId recipient, Seq from, Seq to,
                                                     std::size_t max) const = 0;
  virtual void put_due(const ReceiptDue& due) = 0;
  /// In order (key, recipient, seq); at most `max`.
  [[nodiscard]] virtual std::vector<ReceiptDue> due(std::size_t max) const = 0;
  virtual void drop_due(const ReceiptDue& due) = 0;  ///< absent is fine

  // ---- what the desks of this organisation pull
  /// Once for each message: again changes nothing.
  virtual void put_inbox(const MsgId& id, WallTime created) = 0;
  /// Of what was put there: sum of a stretch, in about as many steps as it has days and quarter hours, and
  /// for less than that as it has messages; and its keys, ascending, behind `after`.
  [[nodiscard]] virtual proto::MailSum mail_sum(const proto::MailPrefix& prefix) const = 0;
  [[nodiscard]] virtual std::vector<proto::MailKey> mail(const proto::MailPrefix& prefix,
                                                         const proto::MailKey& after,
                                                         std::size_t max) const = 0;

  // ---- neighbours, devices, quota, trust
  [[nodiscard]] virtual std::optional<PeerRow> peer(PeerId id) const = 0;
  /// Every neighbour that ever had a row, ascending: also those that are configured no longer.
  [[nodiscard]] virtual std::vector<PeerId> peers() const = 0;
  virtual void put_peer(PeerId id, const PeerRow& row) = 0;
  /// The neighbour behind which a device of our own organisation was last heard; kNobody = here.
  [[nodiscard]] virtual std::optional<PeerId> behind(DeviceId device) const = 0;
  virtual void put_behind(DeviceId device, PeerId peer) = 0;
  /// Keys whose certificate this neighbour has had from us.
  [[nodiscard]] virtual bool told(PeerId peer, KeyId key) const = 0;
  virtual void put_told(PeerId peer, KeyId key) = 0;
  [[nodiscard]] virtual std::optional<QuotaRow> quota(DeviceId device) const = 0;
  virtual void put_quota(DeviceId device, const QuotaRow& row) = 0;
  /// By the day on which the receipt came: node_time in whole days.
  [[nodiscard]] virtual OnTime on_time(std::int64_t day) const = 0;
  virtual void put_on_time(std::int64_t day, const OnTime& counts) = 0;
  virtual void put_object(const proto::ObjectRef& ref, BytesView bytes) = 0;
};

}  // namespace noroshi::core
