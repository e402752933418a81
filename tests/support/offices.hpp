// Desks of a test network with homes on disk, and a post office in the place of the relays: it takes
// envelopes, hands each organisation its own, and does what the test tells it to go wrong.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "client-tui/desk/overview.hpp"
#include "client-tui/desk/relay_client.hpp"
#include "client-tui/desk/sync.hpp"
#include "tests/support/network.hpp"
#include "tests/support/temporary_directory.hpp"

namespace noroshi::test {

/// All relays in one: what is submitted anywhere is at once in the mailboxes it is for.
class PostOffice {
 public:
  struct Item {
    Bytes envelope;
    WallTime first_seen;
  };
  /// Puts an envelope into the mailboxes of its recipients. False if it was there already.
  bool post(const Bytes& envelope, WallTime now);
  /// What one organisation has got, in order.
  std::vector<Item>& mailbox(OrgId org) { return mailboxes_[org]; }
  [[nodiscard]] const std::vector<Bytes>& posted() const { return posted_; }

 private:
  std::map<OrgId, std::vector<Item>> mailboxes_;
  std::vector<Bytes> posted_;
  std::map<MsgId, bool> known_;
};

/// The relay of one organisation, as its desks ask it.
class FakeRelay final : public desk::Relay {
 public:
  FakeRelay(PostOffice& post, OrgId org, const Network& network, StoreId life = {1})
      : store(life), post_(post), org_(org), network_(network) {}
  [[nodiscard]] Result<proto::control::Answer> ask(const proto::control::Request& request) override;

  StoreId store;
  WallTime now = kStart;
  bool down = false;
  bool full = false;
  /// Its line is down: what it takes stays with it until `let_go`, and may be recalled.
  bool holds = false;
  void let_go();
  std::string refusal;   ///< what it refuses every message with; empty: it takes them
  bool forgets = false;  ///< knows nothing of what it was given
  /// Which of the network's objects it has.
  std::function<bool(BytesView object)> has = [](BytesView) { return true; };
  /// What it says of the progress of a message; nothing: that it has it.
  std::function<proto::control::EnvelopeProgress(const MsgId&)> told;
  std::size_t page = 256;
  std::uint32_t submissions = 0;

 private:
  [[nodiscard]] bool give_back(const std::vector<MsgId>& ids);
  std::vector<Bytes> held_;  ///< in order
  std::set<MsgId> taken_, given_back_;
  PostOffice& post_;
  OrgId org_;
  const Network& network_;
};

struct OfficePlan {
  bool with_secrets = true;
  /// Secrets of the organisation's epochs from this number on.
  std::uint32_t first_epoch = 1;
  /// Leaves objects out of the home's trust.
  std::function<bool(BytesView object)> knows = [](BytesView) { return true; };
};

/// One person's desk with its relay.
class Office {
 public:
  Office(const Network& network, PostOffice& post, DeviceId device, const OfficePlan& plan = {});
  desk::Desk& desk() { return *desk_; }
  FakeRelay& relay() { return relay_; }
  [[nodiscard]] const keys::Home& home() const { return home_; }
  /// Closes and opens the desk again, as another process would.
  void reopen();
  void close() {
    overviews_.clear();
    desk_.reset();
  }

  /// One contact at `now`; throws what went wrong.
  desk::Synced sync(WallTime now);
  /// Sends an F1 with this many households stopped; throws what went wrong.
  desk::Sent report(std::uint32_t stopped, WallTime now, std::vector<RecipientId> recipients = {});
  /// The standing reports as the roll-up sees them.
  desk::Board board(IncidentId incident = kExercise, bool exercise = true);
  std::vector<desk::Letter> received();

 private:
  /// What the desk keeps is what reading everything says.
  void check(WallTime now);
  TemporaryDirectory directory_;
  keys::Home home_;
  SeededRng rng_;
  FakeRelay relay_;
  std::unique_ptr<desk::Desk> desk_;
  std::map<IncidentId, desk::Overview> overviews_;  // kept from contact to contact
};

/// The network of tests that change nothing about it, made once.
[[nodiscard]] const Network& usual_network();
/// A complete F1 of the exercise.
[[nodiscard]] forms::Report full_f1(std::uint32_t stopped);

}  // namespace noroshi::test
