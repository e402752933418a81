#include "relay/link/patience.hpp"

#include <algorithm>

namespace noroshi::link {
namespace {

constexpr std::int64_t kFrame = 1'000, kFull = Patience::kFrames * kFrame;
static_assert(Patience::kFramesPerSecond * kFrame % 1'000 == 0);
constexpr std::int64_t kPerMilli = Patience::kFramesPerSecond * kFrame / 1'000;

}  // namespace

std::optional<Millis> Patience::wear(DeviceId peer, Instant now) {
  Bucket& bucket = buckets_.try_emplace(peer, Bucket{kFull, now, now, {}}).first->second;
  if (now < bucket.until) return std::nullopt;
  // A bucket that was away for years is full, whatever the product would be.
  const std::int64_t away = std::clamp<std::int64_t>((now - bucket.counted).count, 0, kFull / kPerMilli);
  bucket.left = std::min(kFull, bucket.left + away * kPerMilli);
  bucket.counted = now;
  if (bucket.left == kFull) bucket.rest = {};
  bucket.left -= kFrame;
  if (bucket.left > 0) return std::nullopt;
  bucket.left = 0;
  bucket.rest = std::clamp(Millis{bucket.rest.count * 2}, kRestMin, kRestMax);
  bucket.until = now + bucket.rest;
  return bucket.rest;
}

}  // namespace noroshi::link
