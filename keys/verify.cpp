#include "keys/verify.hpp"

#include <algorithm>
#include <array>

#include "keys/kem.hpp"
#include "keys/roles.hpp"

namespace noroshi::keys {
namespace {

Refusal refusal_of(proto::Malformed why) {
  switch (why) {
    case proto::Malformed::short_bytes: return Refusal::short_bytes;
    case proto::Malformed::suite: return Refusal::suite;
    case proto::Malformed::flags: return Refusal::flags;
    case proto::Malformed::order: return Refusal::order;
  }
  return Refusal::short_bytes;
}

/// The local clock as far as signed root documents let it be wrong; a suspect clock gives only their bound.
WallTime bounded(const Trust& trust, Now now) {
  return now.wall_suspect ? trust.not_before() : std::max(now.wall, trust.not_before());
}

/// When the certificate, or the organisation's own entry, ends.
WallTime end_of(const Certificate& certificate, const Trust& trust) {
  const Organisation* organisation = trust.organisation(certificate.key.device.org);
  return organisation ? std::min(certificate.expires(), organisation->valid_until) : certificate.expires();
}

/// Marks of time. A sender that doubts its clock (b3), or whose `created` cannot be true by ours, is
/// displayed as doubtful; nothing goes stale by a date that is doubted, or by a clock of ours that is.
void mark_time(Marks& marks, const proto::Header& header, Now now) {
  if (header.clock_doubt) {
    marks.time_doubtful = true;
    return;
  }
  if (now.wall_suspect) return;
  marks.stale = now.wall > header.stale_at();
  marks.dead = now.wall > header.dead_at();
  marks.time_doubtful = marks.dead || header.created > now.wall + kCreatedAheadMax;
}

std::vector<RecipientId> recipients_of(const proto::Envelope& envelope) {
  if (!envelope.sealed()) return {envelope.dst()};
  std::vector<RecipientId> out;
  for (const proto::Wrap& wrap : envelope.wraps) out.push_back(wrap.recipient);
  return out;
}

/// Everything of the check that needs no signature.
std::optional<Refusal> refusal_before_signature(const proto::Envelope& envelope, const Certificate& sender,
                                                const Trust& trust, Now now, Marks& marks) {
  const proto::Header& header = envelope.header;
  const WallTime at = bounded(trust, now);
  const bool authority = needs_authority(header.ctype);

  const WallTime end = end_of(sender, trust);
  marks.certificate_expired = at > end;
  if (at > end + trust.certificate_grace()) return Refusal::cert_time;
  if (authority && (marks.certificate_expired || header.created + kCreatedAheadMax < sender.not_before))
    return Refusal::cert_time;

  mark_time(marks, header, now);

  if (const auto since = trust.revoked_since(sender.key)) {
    if (header.created >= *since) return Refusal::revoked;
    marks.quarantine = true;
  }

  marks.roster = trust.roster_state(at);
  if (authority && marks.roster >= RosterState::c_expired) return Refusal::role;
  const std::vector<RecipientId> recipients = recipients_of(envelope);
  if (!why_not(sender, trust, {header.ctype, header.level, recipients}).empty()) return Refusal::role;
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Refusal refusal) {
  static constexpr std::array<std::string_view, 20> kNames = {
      "short",      "suite",     "flags",      "order",     "unknown_key",  "cert_time", "revoked",
      "role",       "quota",     "dead",       "duplicate", "equivocation", "signature", "not_for_me",
      "epoch_gone", "low_order", "commitment", "aead",      "padding",      "body"};
  static_assert(kNames.size() == static_cast<std::size_t>(Refusal::body) + 1);
  return kNames[static_cast<std::size_t>(refusal)];
}

std::variant<Verified, Refusal> verify(Bytes bytes, const Trust& trust, Now now) {
  auto state = std::make_shared<Verified::State>();
  state->owned = std::move(bytes);
  auto parsed = proto::parse_envelope(state->owned);
  if (!parsed.envelope) return refusal_of(parsed.why);
  state->envelope = *std::move(parsed.envelope);
  const Certificate* sender = trust.certificate(state->envelope.header.source);
  if (!sender) return Refusal::unknown_key;

  Marks marks;
  if (const auto refusal = refusal_before_signature(state->envelope, *sender, trust, now, marks))
    return *refusal;
  if (!envelope_signed_by(state->envelope, sender->sign, trust.root_id())) return Refusal::signature;
  state->sender = *sender;
  state->msg_id = msg_id_of(state->envelope);
  return Verified(std::move(state), marks);
}

std::optional<Refusal> refusal_of(const proto::Cover& cover, const Trust& trust, Now now) {
  const Certificate* sender = trust.certificate(cover.outside.header.source);
  if (!sender) return Refusal::unknown_key;
  Marks marks;
  if (const auto refusal = refusal_before_signature(cover.outside, *sender, trust, now, marks))
    return refusal;
  if (!cover_signed_by(cover, sender->sign, trust.root_id())) return Refusal::signature;
  return std::nullopt;
}

Peek peek(const proto::Cover& cover) {
  const proto::Header& header = cover.outside.header;
  return {header.source, header.seq, msg_id_of(cover), header.level};
}

std::optional<Peek> peek(BytesView bytes) {
  const auto parsed = proto::parse_envelope(bytes);
  if (!parsed.envelope) return std::nullopt;
  const proto::Header& header = parsed.envelope->header;
  return Peek{header.source, header.seq, msg_id_of(*parsed.envelope), header.level};
}

}  // namespace noroshi::keys
