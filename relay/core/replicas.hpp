// Several relays of one organisation hold the same mail. What is delivered to one is pushed to the others
// whose line is up; what that misses (a line that was down, a lost disk) is found by comparing sums of ever
// shorter stretches, in bytes that grow with what differs and not with what is held (PROTOCOL.md,
// "Replicas").
#pragma once

#include "relay/core/duty.hpp"

namespace noroshi::core {

class Replicas {
 public:
  Replicas(Hall& hall, Duties& duties) : hall_(hall), duties_(duties) {}

  /// A neighbour's hello has come: of two replicas the lower asks.
  void greet(Session& session);
  void on_compare(Session& session, const proto::Compare& compare);
  /// New mail, pages of what the others lack, and questions whose time has come.
  void step();
  [[nodiscard]] std::optional<Instant> next_wake() const;

 private:
  void spread();
  void ask(Session& session);
  [[nodiscard]] bool room(const Session& session) const;
  void push_page(Session& session);

  Hall& hall_;
  Duties& duties_;
};

}  // namespace noroshi::core
