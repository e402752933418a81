// Duties: what this node owes of an envelope, to whom it leads, and every legal step from one state to the
// next (relay/DESIGN.md begins with the table). Works on Records; the caller puts them back.
#pragma once

#include <optional>

#include "relay/core/hall.hpp"

namespace noroshi::core {

class Duties {
 public:
  explicit Duties(Hall& hall) : hall_(hall) {}

  // ---- an envelope comes
  /// A wrap that is not settled here, or of which nothing can be shown, is handed over by `asker` (kNobody: a
  /// program of this machine): the first time, or again. True: the duty is this node's now; false: it stays.
  [[nodiscard]] bool hand_over(Record& record, std::uint8_t wrap, PeerId asker);
  /// The wrap ends at this node, whoever has the duty for it: this is a home relay of its organisation, or it
  /// is for all.
  [[nodiscard]] bool is_home_of(const Record& record, std::uint8_t wrap) const;
  /// Delivered: into the inbox, and a receipt is due. True if it was not before.
  bool deliver_here(Record& record, std::uint8_t wrap);
  /// A copy to `peer` besides all duties: receipts on their way back, floods. Nothing if it has one on the
  /// way.
  void push(Record& record, PeerId peer);

  // ---- a neighbour answers
  /// What became of `number`, sent to `peer`.
  void answer(Record& record, PeerId peer, const proto::AckOutcome& outcome);
  /// `peer` said no and may be asked again after `retry` (0: it never takes these bytes).
  void refuse(Record& record, PeerId peer, proto::LinkNumber number, Seconds retry);
  /// The number never arrived.
  void unsend(Record& record, PeerId peer, proto::LinkNumber number);
  /// `peer` lost what it took under numbers up to `base`, but for `remembered`. True if the record changed.
  bool owe_again(Record& record, PeerId peer, proto::LinkNumber base, const proto::Accepted& remembered);

  // ---- time passes
  /// Every duty whose timer has come.
  void awake(Record& record);
  /// Owed ones under `via` may go another way now. True if the record changed.
  bool reroute(Record& record, PeerId via);
  /// The line to `peer` has been silent too long: what it never answered goes another way if there is one.
  /// True if the record changed.
  bool forsake(Record& record, PeerId peer);
  /// Marks what is owed to `peer` as sent under `number`; the bitmap for the link header.
  std::uint16_t send(Record& record, PeerId peer, proto::LinkNumber number);

  // ---- it ends
  /// Their author takes back what has not left: all of it, or nothing.
  [[nodiscard]] bool recall(const std::vector<MsgId>& ids);
  void settle(Record& record, Duty& duty, End end);
  /// After any settling: the body goes when nobody needs it.
  void tidy(Record& record);
  /// How long a parked duty of this level rests before it is owed again.
  [[nodiscard]] Seconds rest(proto::Level level) const;
  /// A delivery receipt came this long after the envelope.
  void learn_usual(proto::Level level, Seconds taken);

 private:
  struct Way {
    PeerId via;
    bool avoided = false;
    bool here = false;
  };
  [[nodiscard]] Way way(const Record& record, const Duty& duty, PeerId never = kNobody) const;
  void owe(Record& record, Duty& duty, const Way& way);
  /// At once if somebody else may take it; after `retry` else, to `rather` if one is named.
  void owe_elsewhere(Record& record, Duty& duty, Seconds retry, PeerId rather = kNobody);
  bool take_new(Record& record, std::uint8_t wrap, PeerId asker);
  static void drop_twins(Record& record);
  bool send_elsewhere(Record& record, Duty& duty);
  void leave(Record& record, Duty& duty);
  void copy_flash(Record& record, std::size_t index);
  [[nodiscard]] Seconds patience(proto::Level level) const;
  [[nodiscard]] Seconds backoff(const Record& record) const;
  [[nodiscard]] NodeTime expected_answer(PeerId peer, const Record& record) const;

  Hall& hall_;
  Seconds usual_[proto::kLevels]{};  ///< between envelope and receipt, smoothed
};

/// All wraps of an envelope as a bitmap; a clear one has bit 0.
[[nodiscard]] std::uint16_t all_wraps(const Record& record);
/// Envelopes whose duty ends when the next hop owes: receipts get no receipts.
[[nodiscard]] bool passes(const Record& record);
[[nodiscard]] bool settled(const Record& record);
/// Whether this node follows each of its recipients: of what a neighbour handed over it may be some.
[[nodiscard]] bool follows_all(const Record& record);
/// Settled by this very node: delivered to its organisation, or flooded to it.
[[nodiscard]] bool delivered_here(const Duty& duty);
[[nodiscard]] bool kept_as_mail(const Record& record);
/// Ended by its author, before it left.
[[nodiscard]] bool taken_back(const Duty& duty);
/// Numbered toward `via`, and not answered.
[[nodiscard]] bool is_sent(const Duty& duty, PeerId via, proto::LinkNumber number);
/// Remembers a neighbour that sent, parked or refused it, newest last.
void avoid(Duty& duty, PeerId peer);

}  // namespace noroshi::core
