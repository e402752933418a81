// The control protocol: how programs of this machine (or rostered desks over CURVE) talk to a relay daemon.
// ZeroMQ: the daemon binds ROUTER on ipc://…/control.sock, a program connects DEALER. One message = one
// protobuf (control.proto): RequestPb with an id chosen by the program, ResponsePb with the same id; events
// have id 0.
//
// A desk PULLS what was delivered, by (store id, cursor); the event stream only says "more", so a slow desk
// holds no memory in the daemon. Nothing here carries content in clear: envelopes stay sealed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "proto/bytes.hpp"
#include "proto/envelope.hpp"
#include "proto/ids.hpp"
#include "proto/object.hpp"
#include "proto/receipt.hpp"
#include "proto/result.hpp"
#include "proto/time.hpp"

namespace noroshi::proto::control {

inline constexpr std::uint16_t kControlVersion = 1;
/// A program has at most this many requests unanswered; above it the daemon may drop answers instead of
/// holding them.
inline constexpr int kUnansweredMax = 100;

// ---- requests and their answers
// ----------------------------------------------------------------------------------
struct InfoRequest {};
struct Info {
  std::uint16_t version = kControlVersion;
  DeviceId node;
  StoreId store;
  std::string program;  ///< "noroshid 0.1.0"
  WallTime wall;
  bool wall_suspect = false;
  Seconds wall_ahead{};  ///< of the neighbours' clocks, as far as they are heard
  ByteArray<8> state_digest{};
  std::uint32_t roster_version = 0;
};

/// One sealed envelope to take over. Answered only after its commit.
struct SubmitRequest {
  Bytes envelope;
  /// Sealed elsewhere, and brought here on paper or as a file: this relay is one of those on its way, not its
  /// origin.
  bool carried = false;
  /// It may have been handed over before, to a store of the relay that is no more: it cannot be taken back
  /// then.
  bool again = false;
};
struct Submitted {
  enum class Outcome : std::uint8_t { queued = 0, duplicate = 1, refused = 2, no_space = 3 };
  Outcome outcome = Outcome::refused;
  MsgId id;
  std::string refusal;  ///< name of the keys::Refusal, if refused
};

/// One signed link-state object to take over and spread.
struct PutObjectRequest {
  Bytes object;
};
struct PutObject {
  std::string applied;  ///< added | known | conflict | unproven | refused
  std::string why;
};
struct InventoryRequest {};
struct Inventory {
  std::vector<ObjectRef> objects;
};
struct GetObjectRequest {
  ObjectRef ref;
};
struct Object {
  Bytes object;  ///< empty = not held
};

/// What was delivered here after `cursor`, at most `max`. With another store id the cursor means nothing and
/// the answer starts from the beginning.
struct PullRequest {
  StoreId store;
  std::uint64_t cursor = 0;
  std::uint32_t max = 256;
};
struct Delivered {
  std::uint64_t cursor = 0;
  MsgId id;
  Bytes envelope;  ///< empty if its body is gone
  WallTime first_seen;
  DeviceId from;  ///< neighbour that brought it; 0/0 = submitted here
};
struct Pulled {
  StoreId store;
  std::vector<Delivered> items;
  bool more = false;
};

struct FetchRequest {
  MsgId id;
};
struct Fetched {
  Bytes envelope;  ///< empty = not held
};

/// Their author takes these back before they leave: all of them, or none (core::Node::on_recall). Answered
/// only after its commit.
struct RecallRequest {
  std::vector<MsgId> ids;
};
struct Recalled {
  bool recalled = false;  ///< else they stay: one of them may have left
};

/// Where envelopes of this machine stand.
struct ProgressRequest {
  std::vector<MsgId> ids;
};
struct RecipientProgress {
  RecipientId recipient;
  /// 0 owed, 1 sent, 2 parked (taken over by `via`), 3 settled: core::DutyState.
  std::uint8_t duty = 0;
  /// core::End by name: open delivered expired cancelled refused passed unreadable
  std::string end;
  ReceiptKind reached{};  ///< 0 = none
  DeviceId via;
  WallTime at;
  DeviceId by;
  std::int64_t again_s = 0;  ///< seconds until it is sent (owed) or owed anew (sent, parked); 0 = not planned
  std::uint8_t tried = 0;    ///< neighbours that did not take it
};
struct EnvelopeProgress {
  MsgId id;
  bool known = false;  ///< all of it is followed here; if not, its author's program hands it in again
  std::uint32_t size = 0;
  Level level{};
  std::vector<RecipientProgress> recipients;
};
struct Progress {
  std::vector<EnvelopeProgress> envelopes;
};

struct StatusRequest {};
struct LinkStatus {
  std::string name;  ///< from the configuration
  DeviceId peer;
  std::string bearer;
  bool up = false;
  std::uint64_t in_flight_bytes = 0;
  std::uint64_t queued[kLevels] = {};  ///< envelopes by level (index = Level)
  std::uint64_t queued_bytes = 0;
  std::int64_t oldest_s = 0;         ///< age of the oldest envelope waiting for this link; 0 = none
  std::int64_t last_contact_s = -1;  ///< seconds since the last frame; −1 = never
  std::uint32_t rate_bps = 0;        ///< bits per second, as configured; 0 = unmetered
  std::int64_t rests_s = 0;  ///< the relay listens to this neighbour again in so many seconds; 0 = it does
};
/// How punctual the reports of this machine's programs are at one level.
struct TargetStatus {
  std::int64_t target_s = 0;          ///< by when a recipient should have it; 0: the relay does not say
  std::uint64_t met = 0, missed = 0;  ///< recipients reached in the last kTargetDays days of its running time
  std::uint64_t overdue = 0;  ///< reports past it that some recipient has not answered; at most kOverdueMax
};
inline constexpr std::int64_t kTargetDays = 7;
inline constexpr std::size_t kOverdueMax = 10'000;

struct Status {
  DeviceId node;
  StoreId store;
  std::vector<LinkStatus> links;
  TargetStatus targets[kLevels] = {};  ///< by level
  std::uint64_t queue[kLevels] = {};
  std::uint64_t unrouted = 0;
  WallTime wall;
  bool wall_suspect = false;
  std::uint32_t roster_version = 0;
  char roster_state = 'A';
  std::uint8_t fill_percent = 0;
};

/// Asks for the event stream on this connection, until it closes.
struct SubscribeRequest {};
struct Subscribed {};

/// "Something happened; pull if it concerns you."
struct Event {
  std::string kind;  ///< core::EventKind by name; "delivered" = more to pull
  DeviceId peer;
  MsgId id;
};

using Request =
    std::variant<InfoRequest, SubmitRequest, PutObjectRequest, InventoryRequest, GetObjectRequest,
                 PullRequest, FetchRequest, RecallRequest, ProgressRequest, StatusRequest, SubscribeRequest>;
using Answer = std::variant<Info, Submitted, PutObject, Inventory, Object, Pulled, Fetched, Recalled,
                            Progress, Status, Subscribed, Event, Error>;

struct RequestMessage {
  std::uint64_t id = 0;
  Request request;
};
struct AnswerMessage {
  std::uint64_t id = 0;  ///< 0 = event
  Answer answer;
};

[[nodiscard]] Bytes encode(const RequestMessage& message);
[[nodiscard]] Bytes encode(const AnswerMessage& message);
/// Nothing for malformed bytes or another version. Never throw.
[[nodiscard]] std::optional<RequestMessage> decode_request(BytesView bytes);
[[nodiscard]] std::optional<AnswerMessage> decode_answer(BytesView bytes);

}  // namespace noroshi::proto::control
