// How much one device may ask of the network: token buckets by node time, from the quota table of the roster.
// Every relay counts on the verified sender. Pure functions over QuotaRow.
#pragma once

#include <optional>

#include "keys/trust.hpp"
#include "relay/core/store.hpp"

namespace noroshi::core::quota {

/// Tokens in a row are scaled by the seconds of a day: a daily rate refills exactly each second.
inline constexpr std::int64_t kScale = 86'400;

/// What one envelope costs.
struct Charge {
  std::int64_t bytes = 0;
  bool flash = false;
  bool bulk = false;  ///< leaves kQuotaDaysKept in the bucket
  bool clock_doubt = false;
  /// Carried for others under an expired roster (states C and D): half quota, so everything costs double.
  bool twice = false;
};

/// What the bucket says. Above the flash quota an envelope still goes, as urgent; above the allowance for
/// doubted clocks, as bulk.
struct Ruling {
  bool allowed = false;
  bool flash_spent = false;
  bool doubt_spent = false;
  Seconds retry_after;  ///< if not allowed: when the tokens will be there
};

/// The bucket at `time`; a device never seen before has a full one.
[[nodiscard]] QuotaRow refilled(const std::optional<QuotaRow>& row, const keys::Quota& daily, NodeTime time);
[[nodiscard]] Ruling rule(const QuotaRow& row, const keys::Quota& daily, const Charge& charge);
void debit(QuotaRow& row, const Charge& charge, const Ruling& ruling);

}  // namespace noroshi::core::quota
