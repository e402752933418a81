// What can be shown for a settled duty: a stored receipt that the asker can check, or a new one to be signed
// (PROTOCOL.md, "Receipts").
#pragma once

#include <optional>
#include <vector>

#include "proto/receipt.hpp"
#include "relay/core/hall.hpp"

namespace noroshi::core {

/// A receipt read back from its stored envelope.
struct OpenReceipt {
  proto::Receipt receipt;
  OrgId source;  ///< organisation whose envelopes it speaks of
};

class Evidence {
 public:
  explicit Evidence(Hall& hall) : hall_(hall) {}

  [[nodiscard]] std::optional<OpenReceipt> open(const Record& receipt) const;
  /// The messages of an entry, if this node holds every one of the chain and the digest agrees; else none.
  [[nodiscard]] std::vector<MsgId> messages_of(KeyId key, const proto::ReceiptEntry& entry) const;

  enum class Kind : std::uint8_t {
    none,    ///< the duty was settled by a range whose chain is not whole here: somebody else must be asked
    stored,  ///< `receipt`, and a proof behind it if its entry is a range
    sign,    ///< delivered here: a receipt of its own for this one message is due
  };
  struct Shown {
    Kind kind = Kind::none;
    MsgId receipt;
    std::uint8_t entry = 0;
    bool range = false;
  };
  /// For a wrap that is settled.
  [[nodiscard]] Shown find(const Record& record, std::uint8_t wrap) const;
  /// What is shown for it is a receipt for this one message, which needs no proof.
  [[nodiscard]] bool stands_alone(const Record& record, std::uint8_t wrap) const;
  /// Sends the proofs that belong behind `receipt` toward this neighbour.
  void prove(Session& session, const Record& receipt) const;

 private:
  Hall& hall_;
};

/// The visible chain runs unbroken from `earlier` to `later`.
[[nodiscard]] bool linked(const ChainLink& earlier, const ChainLink& later);
/// The entry speaks of this message to this recipient.
[[nodiscard]] bool covers(const proto::ReceiptEntry& entry, KeyId key, RecipientId recipient, Seq seq);
/// The message was delivered to `recipient` at this very node.
[[nodiscard]] bool delivered_here(const Record& record, RecipientId recipient);

}  // namespace noroshi::core
