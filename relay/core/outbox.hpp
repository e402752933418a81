// What leaves next toward a neighbour: levels in order, a small share for the lowest, as much as the window
// holds (PROTOCOL.md, "Duty"; the design's "Scheduling and pacing").
#pragma once

#include "relay/core/expiry.hpp"
#include "relay/core/objects.hpp"

namespace noroshi::core {

class Outbox {
 public:
  Outbox(Hall& hall, Duties& duties, const Evidence& evidence, Objects& objects, Expiry& expiry)
      : hall_(hall), duties_(duties), evidence_(evidence), objects_(objects), expiry_(expiry) {}

  /// The first frame of a session, behind the hello: the most urgent envelope.
  void open(Session& session);
  /// Fills the window.
  void pump(Session& session);

 private:
  [[nodiscard]] std::optional<Record> first(const Session& session, proto::Level level) const;
  [[nodiscard]] std::optional<Record> next(Session& session, proto::Level lowest);
  bool send(Session& session, Record record);

  Hall& hall_;
  Duties& duties_;
  const Evidence& evidence_;
  Objects& objects_;
  Expiry& expiry_;
};

}  // namespace noroshi::core
