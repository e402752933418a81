// A world of relays in virtual time: the other implementation of the daemon's loop, with faults at every
// edge. Everything follows from the seed; two runs give the same trace.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <variant>

#include "relay/core/node.hpp"
#include "tests/sim/census.hpp"
#include "tests/sim/checks.hpp"
#include "tests/sim/memo.hpp"
#include "tests/sim/memory_store.hpp"
#include "tests/sim/pool.hpp"

namespace noroshi::sim {

/// Mistakes on purpose: seeds must fail with each of them.
enum class Mutation : std::uint8_t {
  none,
  ack_early,
  forget_seen,
  skip_reowe,
  duplicate_is_ack,
  ignore_rollback
};
[[nodiscard]] std::string_view name_of(Mutation mutation);
[[nodiscard]] std::optional<Mutation> mutation_of(std::string_view name);

struct Options {
  std::uint64_t seed = 0;
  Mutation mutation = Mutation::none;
  bool trace = false;  ///< say everything on stdout
};

struct Outcome {
  std::string complaint;  ///< empty: every promise held
  std::uint64_t trace = 0;
  std::int64_t healed_ms = 0, ended_ms = 0;
  Census census;
};

struct LinkChange {
  core::PeerId peer;
  core::LinkState state{};
};
struct FrameIn {
  core::PeerId peer;
  Bytes bytes;
};
struct SubmitIn {
  Bytes envelope;
  MsgId id;
  bool carried = false;  ///< sealed elsewhere, and came on paper
  bool again = false;    ///< not for the first time
};
/// Its author takes a message back.
struct RecallIn {
  MsgId id;
};
struct VerdictIn {
  core::JobId job = 0;
  Bytes envelope;
};
struct CoverIn {
  core::JobId job = 0;
  proto::Offer offer;
};
struct ObjectIn {
  Bytes bytes;
};
struct Wake {};
/// Milliseconds of virtual time.
inline constexpr std::int64_t kMinute = 60'000, kHour = 60 * kMinute;

using Input = std::variant<LinkChange, FrameIn, SubmitIn, RecallIn, VerdictIn, CoverIn, ObjectIn, Wake>;

/// One relay: its process, its disk, its clock.
struct Machine {
  int place = 0;
  const Relay* relay = nullptr;
  core::NodeConfig config;
  std::unique_ptr<MemoryStore> store;
  std::unique_ptr<test::SeededRng> rng;
  std::unique_ptr<core::Node> node;       ///< none: not running
  keys::TrustPtr trust;                   ///< as last committed
  std::optional<keys::Identity> renamed;  ///< after the store got a new id
  int generation = 0;
  bool destroyed = false;
  std::int64_t started_ms = 0;
  std::int64_t mono_offset = 0;
  std::int64_t wall_offset_s = 0;
  bool wall_unset = false;
  std::vector<Input> inputs;
  bool turn_planned = false;
  std::int64_t wake_at = -1;
  std::int64_t lost_at_ms = -1;  ///< when this disk last lost commits
  std::uint64_t life = 0;
  enum class Trip : std::uint8_t { none, before_commit, after_commit, failed_commit } trip = Trip::none;
};

/// One line between two places; `hostile` ends nowhere.
struct Line {
  int a = 0, b = 0;
  core::LinkProfile profile;
  std::int64_t latency_ms = 50;
  bool up = false, wanted = true;
  std::uint64_t session = 0;
  std::int64_t free_at[2] = {0, 0};
  std::int64_t busy_until = 0;     ///< the last frame arrives then
  std::uint64_t last_session = 0;  ///< frames of this one …
  int last_words = -1;             ///< … from this place still arrive
};

class World {
 public:
  World(const Pool& pool, Memo& memo, Options options);
  ~World();
  [[nodiscard]] Outcome run();

 private:
  friend class Checks;
  struct Event {
    std::int64_t at = 0;
    std::uint64_t order = 0;
    std::function<void()> doing;
    bool operator<(const Event& other) const { return std::tie(other.at, other.order) < std::tie(at, order); }
  };

  // ---- world.cpp: time, machines, turns
  void at(std::int64_t ms, std::function<void()> doing);
  void after(std::int64_t ms, std::function<void()> doing) { at(now_ms_ + ms, std::move(doing)); }
  [[nodiscard]] bool chance(double p) { return static_cast<double>(rng_.below(1'000'000)) < p * 1'000'000; }
  [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  [[nodiscard]] Now now_at(const Machine& machine) const;
  void build();
  void start(Machine& machine);
  void give(Machine& machine, Input input);
  void turn(Machine& machine);
  void take(Machine& machine, const Input& input, core::Effects& all);
  void absorb(Machine& machine, core::Effects effects, core::Effects& all);
  void close_turn(Machine& machine, core::Effects& all);
  void seal(Machine& machine, const keys::Draft& draft, core::Effects& all);
  void transmit(Machine& machine, std::vector<core::Send>& sends);
  void deliver(Line& line, int from, std::uint64_t session, Bytes frame, std::int64_t at_ms);
  void plan_wake(Machine& machine);
  void stop(Machine& machine);
  void introduce(Machine& machine);
  [[nodiscard]] keys::VerifyOutcome verify(const Machine& machine, const Bytes& envelope);
  [[nodiscard]] std::optional<keys::Refusal> refusal_of(const Machine& machine, const proto::Offer& offer);
  [[nodiscard]] const keys::Identity& identity_of(Machine& machine);
  void say(const std::string& text);
  void say(const Machine& machine, const core::Event& event);
  void count(const core::Event& event);
  void count(const core::Send& send, const Bytes& frame);
  void show(int place, core::PeerId peer, const Bytes& frame) const;
  Bytes spoil(Bytes frame) const;  // mutations of frames

  // ---- people.cpp: who writes, carries and reads
  void submit_all();
  [[nodiscard]] bool followed(const Message& message);
  void submit(const Message& message);
  void carry(const Message& message);
  void think_better(const Message& message);
  void recall(const Message& message);
  void read_later(Machine& machine, const MsgId& id);
  struct Named {
    MsgId id;
    KeyId key;
    Seq seq = 0;
  };
  [[nodiscard]] Result<keys::Sealed> receipt(const Machine& machine, const keys::Identity& who,
                                             proto::ReceiptKind kind, RecipientId recipient,
                                             const Named& message);

  // ---- lines
  [[nodiscard]] Line* line_of(int place, core::PeerId peer);
  void connect(Line& line);
  /// `dead`: the place whose process ended; what it had sent still arrives.
  void disconnect(Line& line, bool mid_frame, int dead = -1);

  // ---- faults.cpp
  void plan_faults();
  void fire(Fault fault);
  void lose_sessions();
  void partition();
  void crash();
  void fill_disk();
  void turn_clock();
  void destroy();
  void heal();
  void plan_hostile();
  void hostile_speaks();
  void hostile_hears(const Bytes& frame);
  [[nodiscard]] Bytes slander(const Machine& machine);
  [[nodiscard]] Machine& any_machine() {
    return machines_[static_cast<std::size_t>(between(0, kPlaces - 1))];
  }

  const Pool& pool_;
  Memo& memo_;
  Options options_;
  test::SeededRng rng_;
  std::set<MsgId> asked_;           ///< what an author has handed in once
  test::SeededRng paper_, regret_;  ///< of their own: worlds without them stay what they were
  std::int64_t now_ms_ = 0, heal_ms_ = 0;
  bool faults_on_ = true;
  bool cut_young_ = false;  ///< the next session does not live to see both hellos
  std::priority_queue<Event> events_;
  std::uint64_t order_ = 0;
  std::vector<Machine> machines_;
  std::vector<Line> lines_;
  std::vector<Message> messages_;
  std::map<KeyId, std::unique_ptr<test::MemoryLedger>> ledgers_;  ///< of who signs receipts by hand
  std::set<Fault> may_;
  Checks checks_;
  Census census_;
  std::uint64_t trace_ = 0xCBF2'9CE4'8422'2325;

  struct Hostile {
    int at = -1;
    bool up = false;
    std::uint16_t session = 0, theirs = 0;
    proto::LinkNumber number = 0;
    std::uint64_t greedy_sent = 0;
  } hostile_;
};

}  // namespace noroshi::sim
