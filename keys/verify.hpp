// The relay check: may this envelope be stored and carried? Pure, needs no secret, costs one Ed25519
// verification (≈ 60 µs) at most. Whoever holds a `Verified` knows that the check has passed: nothing else
// makes one.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "keys/trust.hpp"
#include "proto/envelope.hpp"

namespace noroshi::keys {

/// Every named outcome of an envelope that is not simply taken (PROTOCOL.md, "Outcomes"). The last seven are
/// local: nobody on the network learns which of them it was.
enum class Refusal : std::uint8_t {
  short_bytes,
  suite,
  flags,
  order,  // parse
  unknown_key,
  cert_time,
  revoked,
  role,  // trust
  quota,
  dead,
  duplicate,
  equivocation,  // the node's own look-ups
  signature,
  not_for_me,
  epoch_gone,
  low_order,
  commitment,
  aead,
  padding,
  body,  // opening
};
[[nodiscard]] std::string_view name_of(Refusal refusal);

/// What is true of a verified envelope and worth showing; none of it stops a report.
struct Marks {
  RosterState roster = RosterState::a_fresh;  ///< by our own roster and clock
  bool certificate_expired = false;           ///< 証明書期限切れ・要確認
  bool time_doubtful = false;  ///< 時刻不確実: b3, or created outside [now − ttl − 7 d, now + 15 min]
  bool stale = false;          ///< 期限経過: at most routine from here on
  bool dead = false;           ///< past ttl + 7 d: only a recipient that has not got it takes it
  bool quarantine = false;     ///< 失効鍵・要確認: created before the revocation, arrived after it
  bool operator==(const Marks&) const = default;
};

/// An envelope that passed. Cheap to copy (shared bytes).
class Verified {
 public:
  [[nodiscard]] const proto::Envelope& envelope() const { return state_->envelope; }
  [[nodiscard]] const proto::Header& header() const { return state_->envelope.header; }
  [[nodiscard]] BytesView bytes() const { return state_->envelope.bytes; }
  [[nodiscard]] const MsgId& msg_id() const { return state_->msg_id; }
  [[nodiscard]] const Marks& marks() const { return marks_; }
  /// The certificate it was checked against.
  [[nodiscard]] const Certificate& sender() const { return state_->sender; }

 private:
  struct State {
    Bytes owned;
    proto::Envelope envelope;  // views into `owned`
    MsgId msg_id;
    Certificate sender;
  };
  Verified(std::shared_ptr<const State> state, Marks marks) : state_(std::move(state)), marks_(marks) {}
  friend std::variant<Verified, Refusal> verify(Bytes bytes, const Trust& trust, Now now);
  std::shared_ptr<const State> state_;
  Marks marks_;
};

using VerifyOutcome = std::variant<Verified, Refusal>;

/// Strict parse → certificate → time marks → revocation → may this role send this ctype to these recipients →
/// signature. `dead` is a mark here, not a refusal: the node knows whether it is a recipient. Takes the
/// bytes; never throws.
[[nodiscard]] VerifyOutcome verify(Bytes bytes, const Trust& trust, Now now);

/// The same check of the outside alone: whoever passes it has signed a body with this hash. What came of it
/// is checked once more as a whole.
[[nodiscard]] std::optional<Refusal> refusal_of(const proto::Cover& cover, const Trust& trust, Now now);

/// The names of an envelope before any signature: for look-ups of duplicates and unknown keys.
struct Peek {
  KeyId key;
  Seq seq = 0;
  MsgId msg_id;
  proto::Level level = proto::Level::bulk;
};
/// Nothing if the bytes are malformed. One SHA-256 over the bytes.
[[nodiscard]] std::optional<Peek> peek(BytesView bytes);
[[nodiscard]] Peek peek(const proto::Cover& cover);

}  // namespace noroshi::keys
