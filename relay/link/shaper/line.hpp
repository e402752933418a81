// A line that barely exists, as a pure machine: bytes in, bytes out some time later. It models what a relay
// feels of a satellite terminal or a radio: a rate each way, shared by every connection; a one-way delay;
// outages, when nothing moves and connections stay; cuts, when connections are reset and new ones refused.
// proxy.hpp puts sockets around it.
//
// Honest back-pressure: a direction takes no more than what is on its way (rate × delay) and a short queue in
// front of the transmitter. Honest set-up: a connection costs what TCP pays for it: the caller's first byte
// leaves one round trip after it called, and the called side is reached as that byte could arrive. Payload
// only: headers below TCP are not counted.
//
// Time stands still in the line during an outage: what is in the air then arrives that much later, as a
// retransmission would. Nothing here reads a clock; `now` never runs backwards.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/bytes.hpp"
#include "proto/result.hpp"
#include "proto/time.hpp"

namespace noroshi::link::shaper {

/// `up`: from who calls toward who is called.
enum class Direction : std::uint8_t { up, down };
inline constexpr int kDirections = 2;

/// Something that happens to the line, counted from its start.
struct Trouble {
  enum class Kind : std::uint8_t { outage, cut };
  Kind kind = Kind::outage;
  Millis start, length;  ///< a cut of no length resets connections and is over
  auto operator<=>(const Trouble&) const = default;
};

struct LineConfig {
  std::uint64_t rate_bps[kDirections] = {0, 0};  ///< bits per second up and down; 0 = as fast as it goes
  Millis delay{};                                ///< one way
  std::vector<Trouble> troubles{};
  Millis every{};  ///< the troubles repeat with this period; 0 = once
};

/// "60+20,300+45.5" → troubles of `kind`; "75" alone has no length. Seconds.
[[nodiscard]] Result<std::vector<Trouble>> parse_troubles(std::string_view text, Trouble::Kind kind);
/// One trouble a line: "outage START LENGTH" or "cut START [LENGTH]", seconds; '#' begins a comment.
[[nodiscard]] Result<std::vector<Trouble>> parse_schedule(std::string_view text);

using ConnectionId = std::uint32_t;

struct LineStats {
  struct Way {
    std::uint64_t accepted = 0;   ///< bytes taken from the sender
    std::uint64_t delivered = 0;  ///< bytes given to the receiver
    std::uint64_t lost = 0;       ///< bytes on their way when a connection was reset
  };
  Way way[kDirections];
  std::uint64_t connections = 0, refused = 0, resets = 0;
  std::uint64_t outages = 0;
  Millis elapsed, silent;
  bool open = true;
};
/// One JSON object on one line.
[[nodiscard]] std::string to_json(const LineStats& stats);

class Line {
 public:
  Line(LineConfig config, Instant start);

  // ---- what happened outside
  /// Somebody calls. Nothing = refused: the line is cut.
  [[nodiscard]] std::optional<ConnectionId> call(Instant now);
  /// Bytes that `way` of this connection takes at present. Read no more than that from the sender's socket.
  [[nodiscard]] std::size_t room(ConnectionId id, Direction way) const;
  void send(ConnectionId id, Direction way, BytesView bytes, Instant now);
  /// The sender of `way` has finished: the receiver learns it behind the last byte.
  void finish(ConnectionId id, Direction way, Instant now);
  /// A socket of the connection failed: both ends are reset.
  void fail(ConnectionId id);
  /// By hand: every connection is reset and none accepted until `open`; `silence` stops the line, keeping
  /// connections.
  void cut(Instant now);
  void silence(Instant now);
  void open(Instant now);

  // ---- what should happen now
  /// Moves the line to `now`. Then ask the rest.
  void advance(Instant now);
  /// Connections whose called side must be dialled now, each once.
  [[nodiscard]] std::vector<ConnectionId> dials();
  /// Connections whose two sockets must be reset now, each once; their ids are void from here on.
  [[nodiscard]] std::vector<ConnectionId> resets();
  /// Bytes that have arrived and wait for the receiver's socket; `taken` removes from the front.
  [[nodiscard]] BytesView arrived(ConnectionId id, Direction way) const;
  void taken(ConnectionId id, Direction way, std::size_t bytes);
  /// Everything of `way` was delivered and its sender has finished: the receiver's socket may be shut for
  /// writing.
  [[nodiscard]] bool finished(ConnectionId id, Direction way) const;
  /// Forgets a connection both of whose ways are finished.
  void close(ConnectionId id);

  /// When advance() next has something to do, if ever.
  [[nodiscard]] std::optional<Instant> next_wake() const;
  [[nodiscard]] LineStats stats() const;
  [[nodiscard]] bool holds(ConnectionId id) const { return connections_.contains(id); }

 private:
  /// Nanoseconds of the line's own clock, which stops in outages: a byte at 1 Gbit/s lasts 8 of them.
  using LineTime = std::int64_t;
  struct Slice {
    LineTime arrives = 0;
    std::size_t bytes = 0;
  };
  struct Way {
    std::deque<Slice> flying;  ///< in order of arrival
    Bytes in_air;              ///< their bytes
    Bytes arrived;             ///< not yet taken by the receiver's socket
    std::optional<LineTime> end_arrives;
  };
  struct Connection {
    LineTime first_byte = 0;  ///< the caller's handshake is over
    LineTime reached = 0;     ///< the called side's is
    bool dialled = false;
    Way way[kDirections];
  };

  [[nodiscard]] bool moving() const { return !by_hand_silent_ && !by_hand_cut_ && !outage_ && !cut_; }
  [[nodiscard]] std::optional<Millis> next_boundary(Millis after) const;
  [[nodiscard]] bool within(Trouble::Kind kind, Millis at) const;
  [[nodiscard]] bool cut_begins(Millis at) const;
  void cross(Millis boundary);
  [[nodiscard]] std::size_t capacity(Direction way) const;
  void run_until(Instant now);
  void land();
  void reset_all();

  LineConfig config_;
  Instant start_, now_;
  Millis crossed_{-1};  ///< boundaries of troubles up to here are behind us
  LineTime clock_ = 0;
  LineTime free_[kDirections] = {0, 0};  ///< the transmitter is busy until then
  bool outage_ = false, cut_ = false, by_hand_cut_ = false, by_hand_silent_ = false;
  ConnectionId last_id_ = 0;
  std::map<ConnectionId, Connection> connections_;
  std::vector<ConnectionId> dials_, resets_;
  LineStats stats_;
};

}  // namespace noroshi::link::shaper
