#include "relay/core/quota.hpp"

#include <algorithm>

#include "proto/limits.hpp"

namespace noroshi::core::quota {
namespace {

constexpr std::int64_t kDoubtedDaily = kDoubtedClockPerDay;

/// Token bucket of `daily` a day that holds `days` of them. A day of elapsed time is enough to fill what a
/// week drained only in seven, so the sum stays far from overflow: 2^63 / 86,400 s is 10^14 bytes a day.
std::int64_t refill(std::int64_t tokens, std::int64_t daily, std::int64_t elapsed, std::int64_t days) {
  return std::min(tokens + elapsed * daily, days * daily * kScale);
}

std::int64_t clamped(std::uint64_t daily) {
  constexpr std::uint64_t kDailyMax = 1'000'000'000'000;
  return static_cast<std::int64_t>(std::min(daily, kDailyMax));
}

std::int64_t cost(std::int64_t units, const Charge& charge) {
  return units * kScale * (charge.twice ? 2 : 1);
}

/// Seconds until `missing` tokens have dripped in; a quota of zero never fills.
Seconds wait(std::int64_t missing, std::int64_t daily) {
  if (missing <= 0) return {0};
  if (daily == 0) return days(1);
  return {(missing + daily - 1) / daily};
}

}  // namespace

QuotaRow refilled(const std::optional<QuotaRow>& row, const keys::Quota& daily, NodeTime time) {
  const QuotaRow was = row.value_or(QuotaRow{});
  // Beyond the burst nothing more is added, so neither is elapsed time counted.
  const std::int64_t full = kQuotaDays * kScale;
  const std::int64_t elapsed = row ? std::clamp<std::int64_t>(time.s - was.filled.s, 0, full) : full;
  return {.envelopes = refill(was.envelopes, daily.envelopes, elapsed, kQuotaDays),
          .bytes = refill(was.bytes, clamped(daily.bytes), elapsed, kQuotaDays),
          .flash = refill(was.flash, daily.flash, elapsed, kQuotaDays),
          .doubted = refill(was.doubted, kDoubtedDaily, elapsed, 1),
          .filled = time};
}

Ruling rule(const QuotaRow& row, const keys::Quota& daily, const Charge& charge) {
  const std::int64_t kept = charge.bulk ? kQuotaDaysKept * kScale : 0;
  const std::int64_t envelope = cost(1, charge) + kept * daily.envelopes;
  const std::int64_t bytes = cost(charge.bytes, charge) + kept * clamped(daily.bytes);
  Ruling ruling{.allowed = row.envelopes >= envelope && row.bytes >= bytes,
                .flash_spent = charge.flash && row.flash < cost(1, charge),
                .doubt_spent = charge.clock_doubt && row.doubted < cost(1, {}),
                .retry_after = {}};
  if (!ruling.allowed) {
    ruling.retry_after = std::max(wait(envelope - row.envelopes, daily.envelopes),
                                  wait(bytes - row.bytes, clamped(daily.bytes)));
  }
  return ruling;
}

void debit(QuotaRow& row, const Charge& charge, const Ruling& ruling) {
  row.envelopes -= cost(1, charge);
  row.bytes -= cost(charge.bytes, charge);
  if (charge.flash && !ruling.flash_spent) row.flash -= cost(1, charge);
  if (charge.clock_doubt && !ruling.doubt_spent) row.doubted -= cost(1, {});
}

}  // namespace noroshi::core::quota
