#include "tests/sim/memo.hpp"

namespace noroshi::sim {
namespace {

constexpr std::size_t kKnownMax = 20'000;

/// Which side of its dates an envelope is on: what verify's marks depend on.
std::uint64_t side_of_dates(BytesView bytes, const keys::Trust& trust, Now now) {
  const auto parsed = proto::parse_envelope(bytes);
  if (!parsed.envelope) return 0;
  const proto::Header& header = parsed.envelope->header;
  std::uint64_t side = now.wall_suspect ? 1 : 0;
  side = side << 1 | (now.wall > header.stale_at());
  side = side << 1 | (now.wall > header.dead_at());
  side = side << 1 | (header.created > now.wall + kCreatedAheadMax);
  side = side << 2 | static_cast<std::uint64_t>(trust.roster_state(now.wall));
  const keys::Certificate* sender = trust.certificate(header.source);
  side = side << 1 | (sender != nullptr);
  return side << 1 | (sender && now.wall > sender->expires());
}

}  // namespace

std::uint64_t mix(std::uint64_t hash, BytesView bytes) {
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100'0000'01B3;
  return hash;
}

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) hash = (hash ^ (value >> shift & 0xFF)) * 0x100'0000'01B3;
  return hash;
}

keys::VerifyOutcome Memo::verify(const Bytes& bytes, const keys::Trust& trust, Now now, bool off) {
  ++asked;
  if (off) return keys::verify(bytes, trust, now);
  const std::uint64_t question =
      mix(mix(mix(0xCBF2'9CE4'8422'2325, bytes), side_of_dates(bytes, trust, now)), trust.roster_version());
  const auto found = known_.find(question);
  if (found != known_.end()) return found->second;
  ++verified;
  if (known_.size() >= kKnownMax) known_.clear();
  return known_.emplace(question, keys::verify(bytes, trust, now)).first->second;
}

}  // namespace noroshi::sim
