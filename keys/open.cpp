#include "keys/kem.hpp"
#include "keys/primitives.hpp"
#include "keys/seal.hpp"

namespace noroshi::keys {
namespace {

/// Takes the exact distances off the front of an unpadded body and turns every link into the predecessor's
/// number.
std::variant<Opened, Refusal> read_body(const proto::Envelope& envelope, BytesView padded, const Seed& seed,
                                        RecipientId as) {
  const auto size = unpadded_size(padded);
  if (!size) return Refusal::padding;
  Reader in(padded.first(*size));
  Opened out;
  out.seed = seed;
  out.as = as;
  const Seq seq = envelope.header.seq;
  for (const proto::Wrap& wrap : envelope.wraps) {
    Seq distance = wrap.prev;
    if (wrap.prev == proto::kNoVisibleLink) {
      distance = in.u32();
      if (distance < proto::kNoVisibleLink || distance >= seq) return Refusal::body;
    }
    out.predecessors.push_back(distance == 0 ? 0 : seq - distance);
  }
  if (!in.ok()) return Refusal::body;
  out.content = bytes_of(in.rest());
  return out;
}

std::variant<Opened, Refusal> open_as(const proto::Envelope& envelope, const Seed& seed, RecipientId as,
                                      const SignPublic& sender, const RootId& root) {
  auto body = open_with(envelope, seed, sender, root);
  if (const auto* refusal = std::get_if<Refusal>(&body)) return *refusal;
  return read_body(envelope, std::get<Bytes>(body), seed, as);
}

}  // namespace

std::variant<Opened, Refusal> open(const Verified& verified, std::span<const EpochSecret> secrets,
                                   const Trust& trust) {
  const proto::Envelope& envelope = verified.envelope();
  const SignPublic& sender = verified.sender().sign;
  const OrgId sender_org = verified.header().source.device.org;
  bool mine = false;
  std::optional<Refusal> failed;
  for (std::size_t i = 0; i < envelope.wraps.size(); ++i) {
    const proto::Wrap& wrap = envelope.wraps[i];
    const bool own_device = proto::kind_of(wrap.recipient) == proto::RecipientKind::own_device;
    for (const EpochSecret& secret : secrets) {
      if (secret.owner != wrap.recipient || (own_device && secret.org != sender_org)) continue;
      mine = true;
      if (static_cast<std::uint8_t>(secret.number) != wrap.epoch) continue;
      const auto seed = unwrap_seed(envelope, i, secret.secret.bytes(), sender);
      if (const auto* refusal = std::get_if<Refusal>(&seed)) {
        failed = failed.value_or(*refusal);
        continue;
      }
      auto opened = open_as(envelope, std::get<Seed>(seed), wrap.recipient, sender, trust.root_id());
      if (std::holds_alternative<Opened>(opened)) return opened;
      failed = failed.value_or(std::get<Refusal>(opened));
    }
  }
  if (failed) return *failed;
  return mine ? Refusal::epoch_gone : Refusal::not_for_me;
}

std::variant<Opened, Refusal> open_with_seed(const Verified& verified, const Seed& seed, const Trust& trust) {
  if (!verified.envelope().sealed()) return Refusal::not_for_me;
  return open_as(verified.envelope(), seed, {}, verified.sender().sign, trust.root_id());
}

}  // namespace noroshi::keys
