#include "relay/core/clock.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "proto/limits.hpp"

namespace noroshi::core {
Instant Clock::instant_of(NodeTime time) const {
  return start_ + Millis{(time.s - stored_.s) * 1000};
}

void Clock::heard(PeerId peer, WallTime theirs, bool suspect, Now now) {
  if (suspect) {
    votes_.erase(peer);
    return;
  }
  votes_[peer] = theirs.s - now.mono.ms / 1000;
}

std::optional<Seconds> Clock::ahead(Now now) const {
  if (votes_.empty()) return std::nullopt;
  std::vector<std::int64_t> apart;
  for (const auto& [peer, zero] : votes_) apart.push_back(now.wall.s - (zero + now.mono.ms / 1000));
  const auto middle = apart.begin() + static_cast<std::ptrdiff_t>(apart.size() / 2);
  std::ranges::nth_element(apart, middle);
  return Seconds{*middle};
}

bool Clock::suspect(Now now, const keys::Trust& trust) const {
  if (now.wall_suspect || now.wall < trust.not_before()) return true;
  int apart = 0, near = 0;
  for (const auto& [peer, zero] : votes_) {
    const std::int64_t theirs = zero + now.mono.ms / 1000;
    (std::llabs(theirs - now.wall.s) > kPeerClockApart.count ? apart : near)++;
  }
  return apart > near;
}

bool Clock::may_expire(Now now, const keys::Trust& trust) const {
  return !suspect(now, trust) && (!votes_.empty() || running(now) >= kHearingTime);
}

}  // namespace noroshi::core
