// The way of an envelope into the node: looked up before its signature costs anything, verified outside, then
// made durable and answered. Nothing is written before the signature holds (PROTOCOL.md, "Duty").
#pragma once

#include <map>

#include "relay/core/expiry.hpp"
#include "relay/core/objects.hpp"
#include "relay/core/parcels.hpp"
#include "relay/core/quota.hpp"

namespace noroshi::core {

class Intake {
 public:
  Intake(Hall& hall, Duties& duties, Receipts& receipts, const Evidence& evidence, Objects& objects)
      : hall_(hall),
        duties_(duties),
        receipts_(receipts),
        evidence_(evidence),
        objects_(objects),
        parcels_(hall) {}

  void on_numbered(Session& session, const proto::NumberedEnvelope& frame);
  void on_bare(Session& session, BytesView envelope);
  void on_offer(Session& session, const proto::Offer& offer);
  void on_piece(Session& session, const proto::Piece& piece);
  void on_withdraw(Session& session, const proto::Withdraw& withdraw);
  void on_verdict(JobId job, const keys::VerifyOutcome& outcome);
  void on_cover(JobId job, std::optional<keys::Refusal> refusal);
  /// Where what a program of this machine hands in was sealed; `here_before`: it may have left since,
  /// from a store or a record that is no more.
  enum class Origin : std::uint8_t { here, here_before, elsewhere };
  SubmitResult submit(const keys::Verified& envelope, Origin origin);

  /// A certificate came: envelopes of its key that were held are looked at again.
  void retry_held();
  /// Envelopes of unknown senders that waited long enough go back.
  void give_up_held();
  [[nodiscard]] std::optional<Instant> next_wake() const;

 private:
  struct No {
    std::optional<keys::Refusal> refusal;  ///< nothing: no space
    bool no_space = false;
    Seconds retry;
  };
  /// Whether a number of the neighbour may bring something now; else it is answered, or dropped.
  [[nodiscard]] bool may_come(Session& session, std::uint16_t theirs, proto::LinkNumber number);
  void look_up(Arrival arrival);
  /// A verified offer: what is missing of it is asked for.
  void open_parcel(Arrival arrival);
  void went_on(Arrival arrival, Parcels::Step step);
  void hold(Arrival arrival);
  void verify(Arrival arrival, proto::Level claimed);
  void accept(const Arrival& arrival, std::uint16_t parked, std::uint16_t settled);
  void refuse(const Arrival& arrival, std::uint8_t code, Seconds retry);
  void again(const Arrival& arrival, Record record);
  void adopt(Record record, const keys::Verified& envelope);
  [[nodiscard]] std::uint16_t take(Record& record, const keys::Verified& envelope, std::uint16_t for_wraps);
  void revive(Record& record) const;
  /// What becomes of a wrap that is handed over again.
  enum class Asked : std::uint8_t { open, shown, over };
  [[nodiscard]] Asked asked(const Record& record, std::uint8_t wrap) const;
  [[nodiscard]] bool wants_body(const Record& record, std::uint16_t wraps) const;
  void learn_sender(const Record& record);
  quota::Ruling debit(const keys::Verified& envelope);
  [[nodiscard]] Record record_of(const keys::Verified& envelope, PeerId from,
                                 const quota::Ruling& ruling) const;
  [[nodiscard]] quota::Charge charge_of(const keys::Verified& envelope) const;
  [[nodiscard]] std::optional<No> refusal_of(const keys::Verified& envelope, bool own) const;
  /// Whether the store has room for it.
  [[nodiscard]] bool essential(std::uint8_t ctype, proto::Level level) const;
  [[nodiscard]] Session* session_of(const Arrival& arrival);

  Hall& hall_;
  Duties& duties_;
  Receipts& receipts_;
  const Evidence& evidence_;
  Objects& objects_;
  Parcels parcels_;
  std::map<JobId, Arrival> jobs_;
  JobId last_job_ = 0;
};

}  // namespace noroshi::core
