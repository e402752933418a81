// How a session begins: two hellos that say what each side remembers, and what follows from them for
// everything that was under way (PROTOCOL.md, "Sessions and numbers"; relay/DESIGN.md has the reasoning).
#pragma once

#include "relay/core/objects.hpp"
#include "relay/core/outbox.hpp"

namespace noroshi::core {

class Greeting {
 public:
  Greeting(Hall& hall, Duties& duties, Objects& objects, Outbox& outbox)
      : hall_(hall), duties_(duties), objects_(objects), outbox_(outbox) {}

  void begin(Session& session);
  void end(Session& session);
  /// False: it was not heeded.
  bool on_hello(Session& session, const proto::Hello& hello);
  void on_ack(Session& session, const proto::Ack& ack);
  void on_refuse(Session& session, const proto::Refuse& refuse);

  /// One page of duties that a neighbour forgot. True if more wait.
  bool owe_again(Session& session);

 private:
  void send_hello(Session& session);
  void roll_back(Session& session, const proto::Hello& hello);
  void resolve(Session& session, const proto::Accepted& accepted);

  Hall& hall_;
  Duties& duties_;
  Objects& objects_;
  Outbox& outbox_;
};

}  // namespace noroshi::core
