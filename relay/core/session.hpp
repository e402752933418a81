// One configured neighbour: its durable row, and the session that runs with it, if one does. What is in
// memory here is lost with the process and learned again from the store and the next hello (PROTOCOL.md,
// "Sessions and numbers").
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "proto/frame.hpp"
#include "relay/core/node.hpp"
#include "relay/core/pace.hpp"
#include "relay/core/ranges.hpp"

namespace noroshi::core {

/// An envelope on its way in, until it is verified or refused.
struct Arrival {
  PeerId peer;
  std::uint64_t life = 0;        ///< of the session that brought it
  proto::LinkNumber number = 0;  ///< 0 = bare
  std::uint16_t for_wraps = 0;   ///< as sent; bare: all
  bool bare = false;
  Bytes envelope;                     ///< empty as long as only an offer has come
  std::optional<proto::Offer> offer;  ///< it was, or is, in pieces
};

/// A piece on its way out.
struct Flying {
  proto::ByteRange stretch;
  Instant left;
};

/// An offered envelope on its way out, piece by piece.
struct Transfer {
  std::uint64_t arrival = 0;
  std::uint32_t body_at = 0, body_size = 0;  ///< where the body stands in the envelope
  bool wanted = false;                       ///< its answer has come: pieces may go
  Ranges gone;                               ///< at the neighbour, or on its way there
  std::deque<Flying> flying;                 ///< in order of sending
};

/// A numbered envelope that the neighbour has not answered.
struct InFlight {
  MsgId id;
  std::uint32_t size = 0;  ///< bytes of it on the way
  proto::Level level{};
  std::optional<Transfer> transfer;
  bool withdrawn = false;  ///< … and nothing more comes; the number waits for its answer
};

/// An offered envelope on its way in.
struct Incoming {
  MsgId id;
  bool mixed = true;  ///< what others brought of it counts
  Ranges have;
  std::uint16_t for_wraps = 0;
  std::uint32_t body_size = 0;
  std::uint16_t to = 0;  ///< where the newest piece ends
  std::size_t rows = 0;  ///< pieces kept of it, whoever brought them
};

/// The neighbour has forgotten part of what it took: these duties are owed again, a page a turn.
struct Forgotten {
  proto::Accepted remembered;   ///< what it still has
  proto::LinkNumber base = 0;   ///< numbers of the running session are not concerned
  StoreId store;                ///< becomes the row's when the last page is done
  proto::LinkNumber acked = 0;  ///< likewise
  MsgId after;
};

/// Mail that another relay of this organisation lacks: of a stretch all but these names, or only these.
struct Errand {
  proto::MailPrefix where;
  bool only = false;
  std::vector<proto::MailDigest> names;
  proto::MailKey after{};  ///< looked at up to here
};

struct Session {
  Neighbour neighbour;
  Pace pace;
  PeerRow row;  ///< as stored, or newer: see row_changed
  bool row_changed = false;

  // ---- the running session
  bool up = false;
  bool greeted = false;        ///< its hello has come
  bool met = false;            ///< … in this life of the process: what we remember has been compared
  std::uint64_t life = 0;      ///< counts sessions of this process, so that late verdicts find out
  std::uint16_t theirs = 0;    ///< its session number
  proto::LinkNumber base = 0;  ///< our last number before this session
  StoreId announced;           ///< our store, as our hello named it
  std::map<proto::LinkNumber, InFlight> in_flight;
  std::uint64_t in_flight_bytes = 0;
  Instant line_free;                    ///< what was sent will have left then, at the line's pace
  std::optional<Instant> room_at;       ///< the next piece waits for that
  std::set<proto::LinkNumber> pending;  ///< its numbers that are being verified or held, or come in pieces
  std::map<proto::LinkNumber, Incoming> incoming;
  std::set<proto::LinkNumber> progress;  ///< more of it has become durable
  bool ack_due = false;
  std::vector<proto::AckOutcome> untold;           ///< outcomes that no ack of this session carried
  unsigned turns = 0;                              ///< envelopes sent, for the share of the lower levels
  std::deque<proto::ObjectRef> objects;            ///< asked for
  Instant next_object;                             ///< pace of objects
  std::map<MsgId, std::set<std::uint8_t>> proofs;  ///< receipt → entries to prove behind it
  std::deque<Arrival> held;                        ///< envelopes of unknown senders
  std::size_t held_bytes = 0;
  Instant held_until;

  // ---- with a replica (replicas.hpp)
  std::deque<Errand> errands;
  std::optional<Instant> ask_at;  ///< whether we hold the same
  Millis ask_pause{};

  std::vector<proto::ObjectRef> contacts_named;  ///< what was last offered: not again at every reconnection
  std::optional<Forgotten> forgotten;            ///< outlives sessions

  [[nodiscard]] PeerId peer() const { return neighbour.peer; }
  /// May one more envelope of `size` bytes be sent? Flash waits for flash alone.
  [[nodiscard]] bool window_open(std::size_t size, proto::Level level) const;
  /// May one more piece? So many that the line never rests, and a flash report waits behind one of them. If
  /// only the line has no room yet, `room_at` says when.
  [[nodiscard]] bool piece_window_open(Instant now);
  /// So many bytes leave: how long they hold the line.
  void spend(std::size_t bytes, Instant now);
  /// Numbers left before the oldest that is open holds up everything.
  [[nodiscard]] std::uint64_t numbers_left() const;
  /// Gives `id` the next number.
  proto::LinkNumber number(const MsgId& id, std::uint32_t size, proto::Level level);
  /// An offer has been answered: from now on only its pieces count as under way.
  void offer_told(InFlight& frame);
  /// A piece leaves, or its bytes have become durable there.
  void piece_sent(InFlight& frame, proto::ByteRange piece, Instant now);
  void pieces_told(InFlight& frame, std::uint16_t to, Instant now);
  /// The neighbour answered it, or never will in this session.
  void answered(proto::LinkNumber number);
  [[nodiscard]] bool carries(const MsgId& id) const;
  /// Enters a number of the neighbour with what became of it; the ack leaves at the end of the turn.
  void enter(proto::AckOutcome outcome);
  /// A new session number; everything of the old session is gone.
  void begin();
  /// The neighbour began anew: nothing that is under way will be answered under its old number.
  void renew();
  void end();
};

/// What a hello tells beside what it says.
struct HelloVerdict {
  bool new_store = false;    ///< the neighbour lives in another store than last time
  bool they_forgot = false;  ///< … or in an earlier state of the same
  bool we_forgot = false;    ///< it remembers more of us than we do: this store was rolled back
  bool of_us = false;        ///< what it remembers are numbers of this store, not of one that we were before
};
/// Judged before anything of the hello is applied.
[[nodiscard]] HelloVerdict judge(const Session& session, const proto::Hello& hello);

/// `candidate` follows `session` on the circle of 16-bit numbers.
[[nodiscard]] bool newer_session(std::uint16_t candidate, std::uint16_t session);

}  // namespace noroshi::core
