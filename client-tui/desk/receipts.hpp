// Receipts: what the desk says of what it opened, and what others say of what it sent.
//
// A receipt names ranges of the visible chain of a key to a recipient and commits to the exact messages
// (proto/receipt.hpp). They are cumulative: the newest range reaches as far back as it may, so one that is
// lost is healed by the next.
#pragma once

#include <vector>

#include "client-tui/desk/store.hpp"
#include "keys/trust.hpp"
#include "keys/verify.hpp"
#include "proto/receipt.hpp"

namespace noroshi::desk {

/// A receipt to be sealed, and the links it answers.
struct ReceiptDraft {
  OrgId to;
  proto::Level level = proto::Level::bulk;  ///< one below the most urgent message it newly answers
  proto::Receipt receipt;
  struct Answered {
    KeyId key;
    RecipientId recipient;
    Seq seq = 0;
  };
  std::vector<Answered> answers;
};

/// Everything opened or found unreadable that no receipt has answered yet; one receipt for each organisation
/// and kind.
[[nodiscard]] std::vector<ReceiptDraft> due_receipts(const StoreView& store, const keys::Trust& trust,
                                                     WallTime now);
/// One for a single message: a person has read or accepted it.
[[nodiscard]] ReceiptDraft receipt_for(const StoreView& store, const Entry& entry, proto::ReceiptKind kind);

/// Ranges over `links` (ascending, of one chain) that cover every one that is not answered, each at most
/// kReceiptRangeMax long and never across a break of the visible chain. Only links for which `state` holds.
[[nodiscard]] std::vector<proto::ReceiptEntry> receipt_ranges(KeyId key, RecipientId recipient,
                                                              const std::vector<Link>& links,
                                                              ReadState state);

/// An own message that has to be sealed again for one recipient.
struct Reseal {
  MsgId id;
  RecipientId recipient;
  WallTime epochs_from;  ///< begin of the epoch that the recipient names as current; a clock of ours may be
                         ///< behind it
  bool operator==(const Reseal&) const = default;
};

/// Notes what a verified receipt says of the messages of `self`. Only those ranges count whose digest is that
/// of the own messages in them, and only from who may say so: a home relay `delivered`, a device of the
/// recipient the rest, anybody `expired`. Gives the messages that cannot be read.
[[nodiscard]] std::vector<Reseal> apply_receipt(StoreTurn& turn, const keys::Verified& envelope,
                                                const proto::Receipt& receipt, DeviceId self,
                                                const keys::Trust& trust);

}  // namespace noroshi::desk
