// One node on a table: its store, its clock and what it says, frame by frame. Lines are the test's own hands.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "relay/core/node.hpp"
#include "tests/sim/memory_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/network.hpp"

namespace noroshi::test {

using core::Event;
using core::EventKind;
using core::LinkState;
using core::PeerId;

/// The network of all these tests, made once.
[[nodiscard]] const Network& network();
/// Their relays.
inline constexpr PeerId kI = relay_of(kIshikawa), kT = relay_of(kToyama), kG = relay_of(kNiigata),
                        kN = relay_of(kNational), kM = relay_of(kMinistry);
/// A relay of Ishikawa that is nobody's home: the one on a laptop.
inline constexpr DeviceId kLaptop{kIshikawa, 40};
/// Its identity's certificate is in network().trust().
[[nodiscard]] const keys::Identity& laptop();

/// Something left for a neighbour.
struct Left {
  PeerId peer;
  Bytes bytes;
};

class Station {
 public:
  struct Options {
    std::vector<core::Neighbour> neighbours;
    PeerId default_route;
    keys::TrustPtr trust = network().trust();
    WallTime wall = kStart + hours(1);
    const Network* of = nullptr;  ///< another network than network()
  };
  Station(DeviceId self, Options options);

  // ---- one call each; `close` ends the turn
  Station& up(PeerId peer);
  Station& down(PeerId peer);
  Station& frame(PeerId peer, BytesView bytes);
  core::Submitted submit(const Bytes& envelope, bool again = false);
  /// The same from paper or a file.
  core::Submitted carry(const Bytes& envelope);
  /// Whether its author got it back.
  bool recall(const std::vector<MsgId>& ids);
  Station& object(const Bytes& object);
  /// Commits, then everything that waited for it leaves. Whatever left since the last close.
  std::vector<Left> close();
  /// Time passes, in one step; then a turn.
  std::vector<Left> wait(Seconds time);
  /// Time passes, and nothing is done about it.
  Station& pass(Millis time);
  /// Time passes as the node asks for it, until `time` is over.
  std::vector<Left> live(Seconds time);

  /// The power goes: the open turn is lost, and `commits` more.
  void crash(std::size_t commits = 0);
  /// The same in another configuration.
  void restart(Options options);

  // ---- a neighbour, played by the test
  /// Its hello, answering nothing yet; `hello` may be changed before it is said.
  [[nodiscard]] proto::Hello hello_of(PeerId peer) const;
  Station& greet(PeerId peer) { return greet(peer, hello_of(peer)); }
  Station& greet(PeerId peer, const proto::Hello& hello);
  /// up, greet, close: a session that stands.
  std::vector<Left> meet(PeerId peer);
  /// An envelope under the next number of that neighbour.
  Station& send(PeerId peer, const Bytes& envelope, std::uint16_t for_wraps = 0x7FFF);
  Station& ack(PeerId peer, proto::Accepted accepted);
  /// The last number that the neighbour has used here.
  proto::LinkNumber number(PeerId peer) { return numbers_[peer]; }

  [[nodiscard]] core::Node& node() { return *node_; }
  [[nodiscard]] sim::MemoryStore& store() { return *store_; }
  [[nodiscard]] Now now() const { return now_; }
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  [[nodiscard]] std::size_t count(EventKind kind) const;
  [[nodiscard]] const core::Record& record(const MsgId& id) const;
  [[nodiscard]] const core::Duty& duty(const MsgId& id, std::size_t i = 0) const {
    return record(id).duties.at(i);
  }
  /// Effects::now of all calls: nothing here may promise anything.
  [[nodiscard]] const std::vector<Left>& at_once() const { return at_once_; }
  void set_wall(WallTime wall) { now_.wall = wall; }
  void verify_later(bool later) { verify_later_ = later; }
  /// Answers everything that waits for verification, newest first.
  Station& verify_backwards();
  bool seals = true;

 private:
  void build();
  void take(core::Effects effects);
  void verdict(const core::VerifyJob& job);

  DeviceId self_;
  Options options_;
  std::unique_ptr<sim::MemoryStore> store_;
  SeededRng rng_{1};
  std::optional<keys::Identity> identity_;
  std::unique_ptr<core::Node> node_;
  keys::TrustPtr trust_;
  Now now_;
  std::vector<Left> waiting_, at_once_;
  std::vector<Event> events_;
  std::vector<core::VerifyJob> jobs_;
  bool verify_later_ = false;
  std::map<PeerId, proto::LinkNumber> numbers_;
  std::map<PeerId, std::uint16_t> sessions_;
};

/// The relay of Ishikawa, between a laptop, Toyama and the national body.
[[nodiscard]] Station ishikawa();
/// The relay of the national body, between Ishikawa and Toyama.
[[nodiscard]] Station national();

/// A neighbour on an unmetered line.
[[nodiscard]] core::Neighbour neighbour(PeerId peer, core::LinkProfile profile = {});

// ---- reading what left
[[nodiscard]] std::vector<proto::ControlFrame> controls(const std::vector<Left>& left, PeerId peer);
template <typename Kind>
std::vector<Kind> all_of(const std::vector<Left>& left, PeerId peer) {
  std::vector<Kind> out;
  for (const auto& control : controls(left, peer)) {
    if (const auto* kind = std::get_if<Kind>(&control)) out.push_back(*kind);
  }
  return out;
}
struct Numbered {
  proto::LinkHeader link;
  MsgId id;
  Bytes envelope;
};
[[nodiscard]] std::vector<Numbered> envelopes(const std::vector<Left>& left, PeerId peer);
[[nodiscard]] std::vector<MsgId> ids(const std::vector<Left>& left, PeerId peer);

/// A field device of Ishikawa that has said nothing yet.
[[nodiscard]] Speaker field();
/// A report of it, unless said otherwise.
[[nodiscard]] keys::Sealed report(Speaker& speaker, const std::vector<OrgId>& to,
                                  proto::Level level = proto::Level::routine, std::size_t size = 60,
                                  WallTime now = kStart + hours(1));

/// Hands frames between stations until nothing moves: lines that never fail. Returns the number of frames.
std::size_t settle(std::map<PeerId, Station*> stations);

}  // namespace noroshi::test
