// The daemon: one loop, and a thread beside it that checks signatures (verifier.hpp). Wait for something;
// give it to the node in one turn; commit once; send what waited for the commit; sleep until the node, the
// bearer or a gate wants to wake.
//
// Nothing from outside ends it: not bytes, not callers, not programs at the control socket. It ends by
// SIGTERM or SIGINT. While its store cannot be written it says so, and tries again.
#pragma once

#include <filesystem>
#include <memory>

#include "keys/random.hpp"
#include "relay/daemon/answers.hpp"
#include "relay/daemon/clock.hpp"
#include "relay/daemon/config.hpp"
#include "relay/daemon/control_socket.hpp"
#include "relay/daemon/gate.hpp"
#include "relay/daemon/lock.hpp"
#include "relay/daemon/log.hpp"
#include "relay/daemon/metrics.hpp"
#include "relay/daemon/signals.hpp"
#include "relay/daemon/turns.hpp"
#include "relay/link/patience.hpp"
#include "relay/link/tcp.hpp"
#include "relay/link/zap.hpp"

namespace noroshi::daemon {

struct Places {
  std::filesystem::path home, config;
};

class Relay {
 public:
  /// Everything up to "ready". Errors by kind: config, permission (key file), unavailable (not enrolled, home
  /// in use), cannot_make and io (store, sockets).
  [[nodiscard]] static Result<std::unique_ptr<Relay>> open(Places places, Config config);
  ~Relay();
  /// Serves until it is told to end. An error only if the store cannot be written at that time.
  [[nodiscard]] Result<void> run();

 private:
  Relay(Places places, Config config);
  Result<void> open_identity();
  Result<void> open_store();
  Result<void> bind_key_to_store(bool fresh);
  Result<void> open_links();
  Result<void> open_control();

  Result<void> turn(Now now);
  void hear(link::Heard heard, Now now);
  void tell(const core::Event& event, Now now);
  void tire_of(DeviceId peer, Now now);
  void tell(const proto::control::Answer& answer, Now now);
  void leave(const Turns::Outcome& outcome, Now now);
  Result<void> survive(Result<void> turn);
  [[nodiscard]] bool stand_by(Millis pause, const Error& why);
  void turn_away(const std::vector<ControlRequest>& requests, const Error& why);
  Result<void> rebuild(Now now);
  void answer_questions(std::vector<ControlRequest>& requests, Now now);
  Result<void> mind_gates(Now now);
  void mind_metrics(Now now);
  Result<void> reload();
  Result<void> reconfigure(Config read, Now now);
  Result<void> learn(const keys::Trust& trust, Now now);
  Result<void> end();

  void wait();
  void complete(Config& config) const;
  void make_gates();
  [[nodiscard]] Now now() const;
  [[nodiscard]] core::NodeConfig node_config() const;
  [[nodiscard]] std::set<DeviceId> neighbours() const;
  [[nodiscard]] std::vector<link::TcpLink> tcp_links() const;
  [[nodiscard]] std::vector<DeviceId> up() const;
  [[nodiscard]] std::string link_name(DeviceId peer) const;

  Places places_;
  Config config_;
  Clock clock_;
  Log log_;
  keys::SystemRng rng_;
  Signals signals_;
  std::optional<HomeLock> lock_;
  keys::TrustPtr trust_;  ///< at the start; later turns_->trust()
  std::optional<keys::Identity> identity_;
  std::unique_ptr<store::Disk> disk_;
  zmq::context_t context_;
  std::optional<link::Door> door_;
  link::Patience patience_;
  std::unique_ptr<link::Zap> zap_;
  std::unique_ptr<link::Tcp> tcp_;
  std::unique_ptr<Turns> turns_;
  std::optional<ControlSocket> control_;
  std::map<DeviceId, Gate> gates_;
  std::map<DeviceId, Instant> heard_;
  std::map<core::EventKind, std::uint64_t> events_;
  Instant next_metrics_;
  unsigned failures_ = 0;  ///< turns in a row
};

}  // namespace noroshi::daemon
