// Sealing and opening of envelopes, and the one sequencer of each key.
//
// Content goes to organisations: any device that holds the epoch secret of one of them opens it. The seed of
// a message proves author and content to whoever gets it (key commitment), which is what `forwarded`
// envelopes use.
#pragma once

#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "keys/identity.hpp"
#include "keys/trust.hpp"
#include "keys/verify.hpp"
#include "proto/random.hpp"

namespace noroshi::keys {

/// What a program wants to say; the sequencer adds who, when, which number.
struct Draft {
  proto::Ctype ctype = proto::Ctype::report;
  proto::Level level = proto::Level::routine;
  bool exercise = false;
  Seconds life = days(30);
  std::vector<RecipientId> recipients;  ///< sealed: each one wrap. Clear ctypes: exactly one, the dst
  IncidentId incident;                  ///< seal to this incident's epoch where there is one
  WallTime epochs_from;                 ///< seal to epochs of no earlier time: a recipient has said so
  Bytes content;                        ///< encoded body, unpadded
};

/// A signed envelope with its names.
struct Sealed {
  Bytes bytes;
  MsgId msg_id;
  KeyId key;
  Seq seq = 0;
};

/// What one key has said so far, inside ONE open write transaction of the store that also takes the envelope:
/// seq, predecessors and envelope become durable together or not at all, and nothing leaves before that
/// commit. Implemented by relay/store and client-tui/desk.
class KeyLedger {
 public:
  KeyLedger() = default;
  KeyLedger(const KeyLedger&) = delete;
  KeyLedger& operator=(const KeyLedger&) = delete;
  virtual ~KeyLedger() = default;
  [[nodiscard]] virtual StoreId store_id() const = 0;
  /// Last seq of this generation, 0 if none.
  [[nodiscard]] virtual Seq last_seq(KeyId key) const = 0;
  /// Seq of the previous envelope of this key to this recipient, 0 if none.
  [[nodiscard]] virtual Seq last_to(KeyId key, RecipientId recipient) const = 0;
  /// Newest `created` this key has used.
  [[nodiscard]] virtual WallTime last_created(KeyId key) const = 0;
  /// Records all of it in the open transaction. `recipients` are those of the wraps; none for a clear
  /// envelope, which has no chain.
  virtual void record(const Sealed& sealed, std::span<const RecipientId> recipients, WallTime created) = 0;
};

/// Whether every recipient has a key to seal to at `now`: what seal_next would refuse for it, without taking
/// a number.
[[nodiscard]] Result<void> check_recipients(const Identity& identity, const Trust& trust,
                                            const std::vector<RecipientId>& recipients, WallTime now,
                                            IncidentId incident);

/// Gives the next envelope of `identity`. The only place where seq numbers are made.
/// Sealed recipients may come in any order and twice; at most kWrapsMax.
///  * Refuses (permission) if the ledger's store id is not the key file's: a copied or restored store must
///  not fork the
///    chain, a new generation is needed.
///  * Refuses (config) if a recipient has no known key; (bad_data) if role, ctype, ttl or size do not
///  fit.
///  * A clock that is unset or older than the roster sets b3 and created = max(local, roster issued, last
///  created + 1).
[[nodiscard]] Result<Sealed> seal_next(const Identity& identity, const Trust& trust, KeyLedger& ledger,
                                       const Draft& draft, Now now, Rng& rng);

/// The `created` that seal_next gives at `now` with this ledger: the times of a body count from it, so its
/// writer must know it before sealing, in the same transaction.
[[nodiscard]] WallTime next_created(KeyId key, const Trust& trust, const KeyLedger& ledger, Now now);

/// Total bytes `draft` will have on the wire, without sealing it: for the size meter and --dry-run.
struct SealedSize {
  std::size_t header = 0, ephemeral = 0, wraps = 0, body = 0, padding = 0, tag = 0, signature = 0;
  [[nodiscard]] std::size_t total() const {
    return header + ephemeral + wraps + body + padding + tag + signature;
  }
};
[[nodiscard]] Result<SealedSize> sealed_size(std::size_t wraps, std::size_t content_bytes);

/// A secret this device holds for reading: of an epoch; of its organisation's transport key (owner =
/// to_transport(org)); or its own box key (owner = to_own_device(dev), number = its generation, org = its
/// organisation).
struct EpochSecret {
  RecipientId owner;
  std::uint32_t number = 0;
  Secret<32> secret;
  OrgId org;  ///< own_device only: 0x8000|dev names a device of the SENDER's organisation
};

/// Seed of one message: opens it and proves it.
using Seed = ByteArray<16>;

struct Opened {
  Bytes content;  ///< unpadded, without the long predecessors
  Seed seed{};
  RecipientId as;                 ///< the wrap that opened it
  std::vector<Seq> predecessors;  ///< per wrap, exact; 0 = first of this generation
};

/// Opens for the first wrap that one of `secrets` fits. Refusal: not_for_me, epoch_gone, low_order,
/// commitment, aead, padding, body.
[[nodiscard]] std::variant<Opened, Refusal> open(const Verified& verified,
                                                 std::span<const EpochSecret> secrets, const Trust& trust);
/// Opens with a seed that somebody forwarded: the commitment proves that it is the author's own message.
[[nodiscard]] std::variant<Opened, Refusal> open_with_seed(const Verified& verified, const Seed& seed,
                                                           const Trust& trust);

/// Content of a `forwarded` envelope (ctype 6): seed 16 ‖ original envelope. The new reader verifies the
/// original and opens it with the seed, so author and content are the author's own.
[[nodiscard]] Bytes encode_forwarded(const Seed& seed, BytesView original);
struct Forwarded {
  Seed seed{};
  Bytes original;
};
[[nodiscard]] std::optional<Forwarded> decode_forwarded(BytesView content);

}  // namespace noroshi::keys
