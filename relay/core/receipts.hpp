// Receipts: what a signed one proves here, and which ones this relay has to sign (PROTOCOL.md, "Receipts").
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "proto/receipt.hpp"
#include "relay/core/duty.hpp"
#include "relay/core/evidence.hpp"

namespace noroshi::core {

class Receipts {
 public:
  Receipts(Hall& hall, Duties& duties, const Evidence& evidence);

  /// A verified receipt became durable here. Settles and raises what it proves, sends it back along the ways
  /// its envelopes came, and lets go of older receipts in the queue that it covers. `from`: the neighbour
  /// that brought it.
  void apply(Record& receipt, BytesView content, PeerId from);
  /// The same one again, from a neighbour that thinks we need it.
  void apply_again(Record& receipt, PeerId from);
  /// The message ids under one entry of a receipt: for relays that hold only part of the chain.
  void apply_proof(const proto::Proof& proof, PeerId from);
  /// A neighbour handed over what is settled here: it gets the receipt and the proof, if there still is one.
  /// False: nothing can be shown.
  bool show(const Record& record, std::uint8_t wrap, PeerId asker);
  /// What came on paper had no way back while it was opened and read: those of the latest receipts that say
  /// so go to the neighbour that brings it at last.
  void show_further(const Record& record, PeerId asker);
  /// An envelope died here undelivered: its author is told at the end of the turn.
  void report_expired(const Record& record, const std::vector<RecipientId>& lost);
  /// Drafts for what was delivered, when the gathering is over; and for what expired.
  void gather();
  [[nodiscard]] std::optional<Instant> next_wake() const;

 private:
  struct Word {
    proto::ReceiptKind kind{};
    KeyId signer;
    WallTime created;
    MsgId receipt;
    bool single = false;  ///< of the entry that is applied: it speaks of one message
  };
  [[nodiscard]] bool may_say(const Word& word, OrgId source, const proto::ReceiptEntry& entry) const;
  void raise(Word word, KeyId key, const proto::ReceiptEntry& entry, const std::vector<MsgId>& messages,
             PeerId from, std::set<PeerId>& back);
  void note_arrival(const Record& record, const Word& word);
  bool raise_one(const Word& word, Record& record, Duty& duty, PeerId from);
  void supersede(Record& newer, const Word& word, OrgId source,
                 const std::vector<proto::ReceiptEntry>& entries);
  void due(proto::Level level);
  void draft(OrgId source, proto::Level level, proto::ReceiptKind kind,
             std::vector<proto::ReceiptEntry> entries);
  [[nodiscard]] std::vector<proto::ReceiptEntry> entries_of(const std::vector<ReceiptDue>& block) const;

  /// A receipt that may still stand in a queue.
  struct Queued {
    MsgId id;
    KeyId signer;
    proto::ReceiptKind kind{};
    OrgId source;
    std::vector<proto::ReceiptEntry> entries;
  };

  Hall& hall_;
  Duties& duties_;
  const Evidence& evidence_;
  std::optional<Instant> gather_at_;
  ReceiptDue last_first_;  ///< of the last page of dues
  /// By source organisation and level.
  std::map<std::pair<OrgId, proto::Level>, std::vector<proto::ReceiptEntry>> expired_;
  std::deque<Queued> queued_;  ///< newest last, bounded; forgotten at a restart, which costs airtime only
};

}  // namespace noroshi::core
