#include "relay/core/expiry.hpp"

#include <algorithm>

namespace noroshi::core {
namespace {

/// People's clocks are set and corrected: what dies is looked at no later than this, whatever the clock says
/// now.
constexpr Millis kLookAgain = millis(hours(1));

}  // namespace

WallTime dead_at(const proto::Header& header, bool time_doubtful, Now first_seen) {
  const WallTime by_date = header.dead_at();
  if (!time_doubtful) return by_date;
  const WallTime by_arrival = first_seen.wall + header.life() + kDeadAfterStale;
  return first_seen.wall_suspect ? std::max(by_date, by_arrival) : by_arrival;
}

bool Expiry::dead(WallTime dead_at) const {
  return hall_.now.wall >= dead_at && hall_.clock.may_expire(hall_.now, *hall_.trust);
}

bool Expiry::stale(WallTime dead_at) const {
  return dead_at != kNever && hall_.now.wall >= dead_at - kDeadAfterStale &&
         hall_.clock.may_expire(hall_.now, *hall_.trust);
}

void Expiry::bury(Record& record) {
  if (!settled(record)) {
    // Parked ones are told of where they are owed.
    std::vector<RecipientId> lost;
    for (Duty& duty : record.duties) {
      if (duty.state == DutyState::settled) continue;
      if (duty.state != DutyState::parked && duty.wrap != kPush) lost.push_back(record.targets[duty.wrap]);
      duties_.settle(record, duty, End::expired);
    }
    if (!record.origin && !passes(record)) receipts_.report_expired(record, lost);
    hall_.event(EventKind::expired, record.from, record.id);
  }
  duties_.tidy(record);
  if (record.body_held && dead(record.dead_at)) {
    hall_.store.drop_body(record.id);
    record.body_held = false;
  }
  hall_.store.put(record);
}

void Expiry::sweep() {
  if (!hall_.clock.may_expire(hall_.now, *hall_.trust)) return;
  for (std::size_t i = 0; i < kPage; ++i) {
    const auto next = hall_.store.next_dying();
    if (!next || next->at > hall_.now.wall) return;
    auto record = hall_.store.record(next->id);
    if (!record) return;
    bury(*record);
  }
}

std::optional<Instant> Expiry::next_wake() const {
  const auto next = hall_.store.next_dying();
  if (!next) return std::nullopt;
  const std::int64_t seconds = std::max<std::int64_t>(next->at.s - hall_.now.wall.s, 0);
  if (!hall_.clock.may_expire(hall_.now, *hall_.trust)) return hall_.now.mono + kLookAgain;
  return hall_.now.mono + std::min(Millis{seconds * 1000}, kLookAgain);
}

}  // namespace noroshi::core
