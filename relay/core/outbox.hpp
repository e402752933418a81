// What leaves next toward a neighbour: levels in order, a small share for the lowest, as much as the window
// holds (PROTOCOL.md, "Duty"; the design's "Scheduling and pacing").
#pragma once

#include <variant>

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
  /// An offer was answered: what is there already is not sent.
  void on_want(Session& session, const proto::Want& want);

 private:
  /// An envelope to send or to offer, or the number of one whose next piece goes.
  using Next = std::variant<Record, proto::LinkNumber>;
  [[nodiscard]] std::optional<Record> first(const Session& session, proto::Level level) const;
  [[nodiscard]] std::optional<Next> at(const Session& session, proto::Level level) const;
  [[nodiscard]] std::optional<Next> next(Session& session, proto::Level lowest);
  /// False: the window is closed.
  bool send(Session& session, Next next);
  bool send_whole(Session& session, Record record);
  bool offer(Session& session, Record record);
  bool send_piece(Session& session, proto::LinkNumber number);
  /// Numbers it, and notes that it leaves.
  proto::LinkNumber begin(Session& session, Record& record, std::size_t size, std::uint16_t& wraps);
  void take_up(Session& session, const std::vector<proto::LinkNumber>& unanswered);
  void withdraw_needless(Session& session);
  void withdraw(Session& session, proto::LinkNumber number, InFlight& frame);

  Hall& hall_;
  Duties& duties_;
  const Evidence& evidence_;
  Objects& objects_;
  Expiry& expiry_;
};

}  // namespace noroshi::core
