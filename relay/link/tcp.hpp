// The tcp bearer: ZeroMQ over TCP with CURVE. One ROUTER that listens, one DEALER for every neighbour that is
// dialled.
//
// What the caller may rely on:
//  * A peer is a device of the roster, known by its key: of a dialled one the server key, of a calling one
//  the User-Id that
//    ZAP gave. Never the routing id. Every message asks the Door again; whoever is revoked is cut at once.
//  * `up` comes before the first frame of a connection, `down` before the next `up`. A dialled peer is up
//  when the handshake
//    is done; a calling one with its first authenticated message (the dialler speaks first: its hello).
//    Nothing that was sent before a `down` is sent after it: LINGER 0, a new DEALER after each disconnect.
//  * Down is a disconnect, or no byte moved in either direction for the profile's `silence` while an answer
//  was awaited:
//    the first frame of a connection, or what the caller expects (its unacknowledged frames).
//  * A frame that finds ZeroMQ's queue full waits here, in order; beyond kWaitingBytesMax the link goes down.
//
// DESIGN.md says why. Threads: none of ours; everything happens in pump() and send(), which never block.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "keys/identity.hpp"
#include "proto/bytes.hpp"
#include "proto/limits.hpp"
#include "relay/link/door.hpp"
#include "relay/link/sockets.hpp"
#include "relay/link/zap.hpp"

namespace noroshi::link {

/// What the bearer needs to know of a line (core::LinkProfile is what the scheduler needs; deploy/profiles
/// has both).
struct TcpProfile {
  int kernel_buffer_bytes =
      0;  ///< SO_SNDBUF and SO_RCVBUF each; 0 = the system's. Small on slow lines: they hide queue
  int queue_frames = 64;         ///< ZeroMQ high-water marks, in frames
  std::size_t bundle_bytes = 0;  ///< small frames share a message up to this (bundle.hpp); 0 = never
  Millis handshake{30'000};      ///< a handshake that takes longer is given up
  Millis silence{15'000};        ///< down after this long without progress
  Millis retry_min{250}, retry_max{5'000};  ///< between dials: an eighth of the time away, with jitter
  bool keepalive = true;  ///< TCP keep-alives find dead idle connections; off where bytes cost
};

struct TcpLink {
  DeviceId peer;
  std::string address;  ///< "tcp://10.0.0.2:7117" to dial; empty: the peer calls us
  TcpProfile profile;
};

struct TcpConfig {
  std::string listen;  ///< "tcp://0.0.0.0:7117"; empty: nobody calls us
  std::vector<TcpLink> links;
};

/// Frames that wait for one neighbour's socket. Far above every window of a profile: reaching it means that
/// the neighbour does not read.
inline constexpr std::size_t kWaitingBytesMax = 4 * 1024 * 1024;

struct Heard {
  enum class Kind : std::uint8_t {
    up,
    down,
    frame,
    refused,  ///< a caller that may not speak (peer: if known)
    unnamed,  ///< a message without User-Id, or of a form that is none of ours: dropped
    failed,   ///< a dial that did not become a connection
  };
  Kind kind{};
  DeviceId peer{};
  Bytes frame{};
  std::string why{};  ///< one word or short line for the log
};

struct Traffic {
  std::uint64_t messages_in = 0, bytes_in = 0, messages_out = 0, bytes_out = 0;  ///< without ZMTP and CURVE
};

class Tcp {
 public:
  /// Binds and dials. `context`, `door` and `identity` outlive the bearer; ZAP must be open in that context.
  /// Errors: cannot_make (address in use …), config (bad address).
  [[nodiscard]] static Result<std::unique_ptr<Tcp>> open(zmq::context_t& context, const Door& door,
                                                         const keys::Identity& identity, Rng& rng,
                                                         TcpConfig config, Now now);
  ~Tcp();
  /// Where it listens, with the port the system chose; empty if it does not.
  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

  /// What to wait for before the next pump().
  void watch(std::vector<zmq::pollitem_t>& items);
  /// When pump() must run at the latest.
  [[nodiscard]] std::optional<Instant> next_wake() const;
  /// Everything that happened, at most about `bytes_max` of frames, and of each side no more
  /// messages than a neighbour may have envelopes under way; the rest next time. Everybody gets a share.
  std::vector<Heard> pump(Now now, std::size_t bytes_max = kTurnBytesMax);
  /// One frame: head, then body. Dropped if the peer is down. Small ones wait for company until leave() or
  /// pump().
  void send(DeviceId peer, BytesView head, BytesView body, Now now);
  /// The end of a turn: everything that was sent goes out.
  void leave(Now now);
  /// Whether the node waits for the peer to acknowledge something.
  void expect(DeviceId peer, bool answer, Now now);

  /// After the trust snapshot or the neighbours changed: who may no longer speak is cut. What happened comes
  /// with pump().
  void recheck(Now now);
  /// Contact windows: a closed link is hung up and not dialled; calls of its peer are dropped.
  void allow(DeviceId peer, bool open, Now now);
  /// Other links, after the configuration was read again. Unchanged ones are not touched.
  void change(std::vector<TcpLink> links, Now now);
  /// Gives what was sent up to `patience` to leave, then closes everything. libzmq ends a connection only
  /// when the ZAP handler has let go of it too: serve that once more, or close it.
  void close(Millis patience);

  [[nodiscard]] bool up(DeviceId peer) const;
  [[nodiscard]] Traffic traffic(DeviceId peer) const;

 private:
  /// An authenticated connection of a peer that called us.
  struct Call {
    KeyId key;
    int fd = -1;
    std::uint64_t accepted = 0;  ///< which acceptance of that descriptor
    bool over = false;           ///< replaced or cut: what still comes from it is dropped
  };
  struct Link;
  /// What one side may still bring.
  struct Room {
    std::size_t bytes = 0, messages = 0;
    [[nodiscard]] bool left() const { return bytes > 0 && messages > 0; }
    void take(std::size_t size) {
      bytes -= std::min(bytes, size + 1);
      --messages;
    }
  };
  enum class Via : std::uint8_t { none, dial, call };

  Tcp(zmq::context_t& context, const Door& door, const keys::Identity& identity, Rng& rng);
  Result<void> bind(const TcpConfig& config);
  void tune(zmq::socket_t& socket, const TcpProfile& profile) const;
  void add(TcpLink config, Now now);

  void pump_calls_monitor(Now now);
  void pump_calls(Now now, Room& room);
  void take_call(std::vector<zmq::message_t> parts, Now now, Room& room);
  Call* call_of(const std::string& route, const zmq::message_t& message, Now now);
  void end_call(Call& call);

  void dial(Link& link, Now now);
  void hang_up(Link& link, Now now, std::string_view why);
  void dial_later(Link& link, Now now);
  void pump_dial(Link& link, Now now, Room& room);
  void pump_dial_monitor(Link& link, Now now);

  void set_via(Link& link, Via via, std::string route, std::string_view why, Now now);
  void heard_message(Link& link, const zmq::message_t& message, Now now);
  void flush(Link& link, Now now);
  void close_bundle(Link& link, Now now);
  void put_or_wait(Link& link, BytesView head, BytesView body, Now now);
  [[nodiscard]] Sent put(Link& link, BytesView head, BytesView body);
  void check_progress(Link& link, Now now);
  [[nodiscard]] int fd_of(const Link& link) const;
  void tell(Heard::Kind kind, DeviceId peer, std::string_view why);
  Link* find(DeviceId peer);

  zmq::context_t& context_;
  const Door& door_;
  const keys::Identity& identity_;
  Rng& rng_;
  std::string endpoint_;
  std::unique_ptr<zmq::socket_t> router_;
  std::unique_ptr<Monitor> router_monitor_;
  std::unordered_map<std::string, Call> calls_;  ///< by routing id
  std::map<int, std::uint64_t> accepted_;        ///< by descriptor: its newest acceptance
  std::uint64_t acceptances_ = 0;
  std::map<DeviceId, std::unique_ptr<Link>> links_;
  std::vector<Heard> heard_;
};

}  // namespace noroshi::link
