#include "relay/core/duty.hpp"

#include <algorithm>

#include "relay/core/numbers.hpp"

namespace noroshi::core {
namespace {

using proto::Level;
using proto::RecipientKind;

constexpr std::size_t kAvoidMax = 8;
/// A neighbour that parked it back is asked again when the report has waited twice as long, or after this
/// share of the target time.
constexpr std::int64_t kPatienceShare = 6;
constexpr std::int64_t kUsualFactor = 4;
/// A flash report is copied to a second way when no answer came within the line's own time and this, which
/// covers a commit on a slow disk at both ends and one retry of the line below.
constexpr Seconds kFlashSlack{10};
constexpr Seconds kRetryLeast{10};
constexpr Seconds kRetryMost = days(1);
/// The origin keeps its own envelopes this long after the last receipt.
constexpr Seconds kOriginKeeps = days(30);

std::uint16_t bit(std::uint8_t wrap) {
  return static_cast<std::uint16_t>(1u << wrap);
}
bool is_push(const Duty& duty) {
  return duty.wrap == kPush;
}
bool waits(const Duty& duty, PeerId via, NodeTime time) {
  return duty.state == DutyState::owed && duty.via == via && duty.again <= time;
}
bool waits_here(const Duty& duty) {
  return duty.state == DutyState::owed && duty.reached == proto::ReceiptKind{} && !is_push(duty);
}
/// Nobody else has seen it, and nobody here has read it. What a store held before it was found to be an older
/// state of itself may have left from the newer one.
bool may_be_recalled(const Record& record, const Store& store) {
  const bool left = record.left || record.arrival <= store.named_at();
  return record.origin && !left && std::ranges::all_of(record.duties, [](const Duty& duty) {
           return waits_here(duty) || taken_back(duty);
         });
}

}  // namespace

std::uint16_t all_wraps(const Record& record) {
  return static_cast<std::uint16_t>((1u << record.targets.size()) - 1);
}

bool passes(const Record& record) {
  return record.ctype == static_cast<std::uint8_t>(proto::Ctype::receipt) ||
         record.ctype == static_cast<std::uint8_t>(proto::Ctype::device_head) ||
         record.targets.front() == proto::kEveryone;
}

bool settled(const Record& record) {
  return std::ranges::all_of(record.duties, [](const Duty& d) { return d.state == DutyState::settled; });
}

bool follows_all(const Record& record) {
  std::uint16_t followed = 0;
  for (const Duty& duty : record.duties) {
    if (!is_push(duty)) followed |= bit(duty.wrap);
  }
  return followed == all_wraps(record);
}

bool delivered_here(const Duty& duty) {
  return duty.state == DutyState::settled && duty.via == kNobody &&
         (duty.end == End::delivered || duty.end == End::passed || duty.end == End::unreadable);
}

bool taken_back(const Duty& duty) {
  return duty.state == DutyState::settled && duty.end == End::cancelled;
}

bool is_sent(const Duty& duty, PeerId via, proto::LinkNumber number) {
  return duty.state == DutyState::sent && duty.via == via && duty.number == number;
}

bool kept_as_mail(const Record& record) {
  return std::ranges::any_of(record.duties, delivered_here);
}

void avoid(Duty& duty, PeerId peer) {
  if (peer == kNobody) return;
  std::erase(duty.avoid, peer);
  duty.avoid.push_back(peer);
  if (duty.avoid.size() > kAvoidMax) duty.avoid.erase(duty.avoid.begin());
}

// ---- Where it leads

Duties::Way Duties::way(const Record& record, const Duty& duty, PeerId never) const {
  if (is_push(duty)) return {.via = duty.via};
  const RecipientId target = record.targets[duty.wrap];
  const DeviceId sender = record.key.device;
  const auto org = proto::org_of(target, sender.org);
  if (!org) return {};
  const bool ours = *org == hall_.config.self.org;
  const bool device = proto::kind_of(target) == RecipientKind::own_device;
  if (is_home_of(record, duty.wrap)) return {.via = kNobody, .avoided = false, .here = true};
  if (ours && device) {
    const std::uint16_t dev = target.value & 0x7FFF;
    const auto behind = hall_.store.behind({*org, dev});
    if (behind && *behind == kNobody) return {.via = kNobody, .avoided = false, .here = true};
    const bool known = behind && hall_.sessions.contains(*behind);
    if (known && *behind != never) {
      return {.via = *behind, .avoided = std::ranges::find(duty.avoid, *behind) != duty.avoid.end()};
    }
    if (known || hall_.home()) return {};
  }
  const auto choice = hall_.router.choose(
      {.org = *org, .level = record.level, .avoid = duty.avoid, .never = never}, hall_.time);
  return {.via = choice.via, .avoided = choice.avoided};
}

void Duties::owe(Record& record, Duty& duty, const Way& way) {
  if (way.here) {
    deliver_here(record, duty.wrap);
    return;
  }
  duty.state = DutyState::owed;
  duty.via = way.via;
  duty.number = 0;
  duty.again = {};
  if (way.via == kNobody) hall_.event(EventKind::no_route, kNobody, record.id);
}

void Duties::owe_elsewhere(Record& record, Duty& duty, Seconds retry, PeerId rather) {
  const Way other = way(record, duty);
  const bool at_once = other.here || (other.via != kNobody && !other.avoided);
  owe(record, duty, at_once || rather == kNobody ? other : Way{.via = rather});
  if (!at_once) duty.again = hall_.time + retry;
}

// ---- An envelope comes

bool Duties::is_home_of(const Record& record, std::uint8_t wrap) const {
  const RecipientId target = record.targets[wrap];
  if (target == proto::kEveryone) return true;
  if (proto::kind_of(target) == RecipientKind::own_device) return false;
  return proto::org_of(target, record.key.device.org) == hall_.config.self.org && hall_.home();
}

bool Duties::hand_over(Record& record, std::uint8_t wrap, PeerId asker) {
  const auto open = [&](const Duty& d) { return d.wrap == wrap && d.state != DutyState::settled; };
  const auto found = std::ranges::find_if(record.duties, open);
  if (found == record.duties.end()) return take_new(record, wrap, asker);
  for (Duty& duty : record.duties) {
    if (open(duty)) avoid(duty, asker);
  }
  // Asked again: the duty is taken only if the best way does not lead through the asker. Three nodes that
  // each answered "have it" could otherwise hand one report round in a circle until all believe another one
  // owes it.
  const bool owed = std::ranges::any_of(record.duties, [&](const Duty& d) {
    return open(d) && d.state != DutyState::parked && d.via != asker && d.via != kNobody;
  });
  if (owed) return true;
  Duty& duty = *found;
  const Way best = way(record, duty);
  const bool rests_well = duty.state == DutyState::parked && duty.via != asker && best.via == duty.via;
  const Way other = best.via == asker && duty.via == asker ? way(record, duty, asker) : best;
  if (rests_well || (!other.here && (other.via == kNobody || other.via == asker))) return false;
  owe(record, duty, other);
  return true;
}

/// Taken, unless the only way leads back: then it rests at the asker, with a timer.
bool Duties::take_new(Record& record, std::uint8_t wrap, PeerId asker) {
  Duty duty{.wrap = wrap, .state = DutyState::owed};
  avoid(duty, asker);
  const Way other = way(record, duty, asker);
  const bool leads_back =
      !other.here && other.via == kNobody && asker != kNobody && way(record, duty).via == asker;
  record.duties.push_back(std::move(duty));
  Duty& kept = record.duties.back();
  if (!leads_back) {
    owe(record, kept, other);
    return true;
  }
  kept.state = DutyState::parked;
  kept.via = asker;
  kept.again = hall_.time + rest(record.level);
  return false;
}

bool Duties::deliver_here(Record& record, std::uint8_t wrap) {
  const bool mail = kept_as_mail(record);
  const auto found = std::ranges::find_if(record.duties, [&](const Duty& d) { return d.wrap == wrap; });
  if (found != record.duties.end() && delivered_here(*found)) {
    // Asked again, and nothing can be shown: the replica that brought it has signed, and this one has not.
    if (hall_.replica(record.from))
      hall_.store.put_due({record.key, record.targets[wrap], record.seq, record.id});
    return false;
  }
  Duty& duty = found != record.duties.end() ? *found : record.duties.emplace_back();
  duty.wrap = wrap;
  duty.via = kNobody;
  settle(record, duty, passes(record) ? End::passed : End::delivered);
  if (!mail) hall_.keep_mail(record);
  if (passes(record)) return true;
  duty.reached = std::max(duty.reached, proto::ReceiptKind::delivered);
  duty.at = hall_.now.wall;
  duty.by = hall_.config.self;
  // A replica that brought it has said so already.
  if (!hall_.replica(record.from))
    hall_.store.put_due({record.key, record.targets[wrap], record.seq, record.id});
  hall_.delivered = std::max(hall_.delivered.value_or(record.level), record.level);
  hall_.event(EventKind::delivered, kNobody, record.id);
  return true;
}

void Duties::push(Record& record, PeerId peer) {
  if (!hall_.sessions.contains(peer)) return;
  Duty* old = nullptr;
  for (Duty& duty : record.duties) {
    if (duty.via != peer) continue;
    if (duty.state == DutyState::owed || duty.state == DutyState::sent) return;
    if (is_push(duty)) old = &duty;
  }
  Duty& duty = old ? *old : record.duties.emplace_back();
  duty = {.wrap = kPush, .state = DutyState::owed, .via = peer};
}

// ---- A neighbour answers

void Duties::answer(Record& record, PeerId peer, const proto::AckOutcome& outcome) {
  if (numbers::is_void(outcome)) return unsend(record, peer, outcome.number);
  for (Duty& duty : record.duties) {
    if (!is_sent(duty, peer, outcome.number)) continue;
    const bool parked_back = !is_push(duty) && (outcome.parked & bit(duty.wrap)) != 0;
    if (is_push(duty) || (passes(record) && !parked_back)) {
      settle(record, duty, End::passed);
    } else if (parked_back) {
      avoid(duty, peer);
      owe_elsewhere(record, duty, backoff(record));
    } else {
      duty.state = DutyState::parked;
      duty.again = hall_.time + rest(record.level);
    }
  }
  tidy(record);
}

void Duties::refuse(Record& record, PeerId peer, proto::LinkNumber number, Seconds retry) {
  const Seconds wait = retry.count == 0 ? kRetryMost : std::clamp(retry, kRetryLeast, kRetryMost);
  for (Duty& duty : record.duties) {
    if (!is_sent(duty, peer, number)) continue;
    if (is_push(duty) && retry.count == 0) {
      settle(record, duty, End::refused);
      continue;
    }
    // Who wants time (its disk is full) is not who would not take it: it is asked a second time before those
    // who would not.
    const bool second = retry.count != 0 && (duty.avoid.empty() || duty.avoid.back() != peer);
    avoid(duty, peer);
    if (is_push(duty)) {
      owe(record, duty, {.via = peer});
      duty.again = hall_.time + wait;
    } else {
      owe_elsewhere(record, duty, wait, second ? peer : kNobody);
    }
  }
  tidy(record);
}

void Duties::unsend(Record& record, PeerId peer, proto::LinkNumber number) {
  for (Duty& duty : record.duties) {
    if (is_sent(duty, peer, number)) owe(record, duty, {.via = peer});
  }
}

bool Duties::owe_again(Record& record, PeerId peer, proto::LinkNumber base,
                       const proto::Accepted& remembered) {
  bool changed = false;
  for (Duty& duty : record.duties) {
    const bool there =
        remembered.has(duty.number) && !numbers::is_void(numbers::outcome_of(remembered, duty.number));
    if (duty.state != DutyState::parked || duty.via != peer || duty.number > base || there) continue;
    owe(record, duty, way(record, duty));
    hall_.event(EventKind::parked_again, peer, record.id);
    changed = true;
  }
  return changed;
}

// ---- Time passes

void Duties::awake(Record& record) {
  for (std::size_t i = 0; i < record.duties.size(); ++i) {
    Duty& duty = record.duties[i];
    if (duty.state == DutyState::settled || duty.again.s == 0 || duty.again > hall_.time) continue;
    if (!record.body_held) {
      duty.again = hall_.time + rest(record.level);
      continue;
    }
    switch (duty.state) {
      case DutyState::owed: {
        // It was postponed because nobody would take it at once; who was chosen then is asked now, unless
        // somebody new may take it.
        const Way best = way(record, duty);
        const bool chosen = !best.here && best.avoided && hall_.up(duty.via) != nullptr;
        owe(record, duty, chosen ? Way{.via = duty.via} : best);
        break;
      }
      case DutyState::parked: {
        avoid(duty, duty.via);
        owe(record, duty, way(record, duty));
        hall_.event(EventKind::parked_again, duty.via, record.id);
        break;
      }
      case DutyState::sent: {
        duty.again = hall_.time + rest(record.level);
        const bool up = hall_.up(duty.via) != nullptr;
        if (record.level == Level::flash && up) {
          copy_flash(record, i);
        } else if (!send_elsewhere(record, duty) && !up) {
          leave(record, duty);
        }
        break;
      }
      case DutyState::settled: break;
    }
  }
}

/// Its answer may be lost with the line, or the envelope: by another way it surely arrives, and twice is once
/// there.
bool Duties::send_elsewhere(Record& record, Duty& duty) {
  if (is_push(duty)) return false;
  const Way other = way(record, duty, duty.via);
  if (!other.here && (other.via == kNobody || other.avoided)) return false;
  avoid(duty, duty.via);
  owe(record, duty, other);
  return true;
}

/// The line stays down, and every other way was avoided: the best of all, as the penalties weigh them.
void Duties::leave(Record& record, Duty& duty) {
  if (is_push(duty)) return;
  const Way best = way(record, duty);
  if (best.via == duty.via || (best.via == kNobody && !best.here)) return;
  avoid(duty, duty.via);
  owe(record, duty, best);
}

bool Duties::forsake(Record& record, PeerId peer) {
  bool changed = false;
  for (Duty& duty : record.duties) {
    if (duty.state == DutyState::sent && duty.via == peer) changed |= send_elsewhere(record, duty);
  }
  return changed;
}

/// No answer within the expected time: a second copy by a way that shares no first hop; never a third.
void Duties::copy_flash(Record& record, std::size_t index) {
  const Duty first = record.duties[index];
  const auto same = [&](const Duty& d) { return d.wrap == first.wrap; };
  if (is_push(first) || std::ranges::count_if(record.duties, same) > 1) return;
  const Way other = way(record, first, first.via);
  if (other.via == kNobody || other.avoided) return;
  record.duties.push_back({.wrap = first.wrap, .state = DutyState::owed, .via = other.via});
  record.duties.back().avoid = first.avoid;
  avoid(record.duties.back(), first.via);
}

bool Duties::reroute(Record& record, PeerId via) {
  bool changed = false;
  for (Duty& duty : record.duties) {
    if (is_push(duty) || !waits(duty, via, hall_.time)) continue;
    const Way other = way(record, duty);
    if (!other.here && (other.via == via || other.via == kNobody)) continue;
    owe(record, duty, other);
    changed = true;
  }
  return changed;
}

std::uint16_t Duties::send(Record& record, PeerId peer, proto::LinkNumber number) {
  record.left = true;
  std::uint16_t wraps = 0;
  for (Duty& duty : record.duties) {
    if (!waits(duty, peer, hall_.time)) continue;
    duty.state = DutyState::sent;
    duty.number = number;
    duty.again = expected_answer(peer, record);
    if (!is_push(duty)) wraps |= bit(duty.wrap);
  }
  return wraps;
}

// ---- It ends

bool Duties::recall(const std::vector<MsgId>& ids) {
  std::vector<Record> records;
  for (const MsgId& id : ids) {
    auto record = hall_.store.record(id);
    if (!record || !may_be_recalled(*record, hall_.store)) return false;
    records.push_back(*std::move(record));
  }
  for (Record& record : records) {
    for (Duty& duty : record.duties) settle(record, duty, End::cancelled);
    if (record.body_held) hall_.store.drop_body(record.id);
    record.body_held = false;
    hall_.store.put(record);
    hall_.event(EventKind::recalled, kNobody, record.id);
  }
  return !records.empty();
}

void Duties::settle(Record&, Duty& duty, End end) {
  duty.state = DutyState::settled;
  duty.end = end;
  duty.again = {};
}

void Duties::tidy(Record& record) {
  drop_twins(record);
  if (!record.body_held || !settled(record)) return;
  if (kept_as_mail(record)) {
    record.dead_at = kNever;
    return;
  }
  if (record.origin) {
    record.dead_at = std::max(record.dead_at, hall_.now.wall + kOriginKeeps);
    return;
  }
  // A receipt stays for neighbours that ask again about what it settled.
  if (record.ctype == static_cast<std::uint8_t>(proto::Ctype::receipt)) return;
  // A frame that waits for the wire needs its body; the answer to it brings us here again.
  for (const auto& [peer, session] : hall_.sessions) {
    if (session.carries(record.id)) return;
  }
  hall_.store.drop_body(record.id);
  record.body_held = false;
}

/// A wrap had a second duty (a flash copy, a question onward): when both are settled, one tells all.
void Duties::drop_twins(Record& record) {
  for (std::size_t i = 0; i < record.duties.size(); ++i) {
    const Duty& first = record.duties[i];
    if (first.state != DutyState::settled || is_push(first)) continue;
    for (std::size_t j = record.duties.size() - 1; j > i; --j) {
      const Duty& twin = record.duties[j];
      if (twin.wrap != first.wrap || twin.state != DutyState::settled) continue;
      record.duties.erase(record.duties.begin() + static_cast<std::ptrdiff_t>(j));
    }
  }
}

Seconds Duties::rest(Level level) const {
  const auto i = static_cast<std::size_t>(level);
  return std::max({hall_.config.reowe_min, hall_.config.target[i], usual_[i] * kUsualFactor});
}

Seconds Duties::patience(Level level) const {
  const Seconds target = hall_.config.target[static_cast<std::size_t>(level)];
  return std::max(hall_.config.reowe_min, Seconds{target.count / kPatienceShare});
}

/// What has waited for long is asked about more rarely. If a clock was set, nobody knows for how long it has.
Seconds Duties::backoff(const Record& record) const {
  const Seconds most = patience(record.level), age = hall_.now.wall - record.first_seen;
  if (hall_.now.wall_suspect || age < Seconds{0}) return most;
  return std::clamp(age, hall_.config.reowe_min, most);
}

NodeTime Duties::expected_answer(PeerId peer, const Record& record) const {
  if (record.level != Level::flash) return hall_.time + patience(record.level);
  const Session& session = hall_.sessions.at(peer);
  const LinkProfile& line = session.neighbour.profile;
  const auto queued_ms =
      line.rate_bps == 0
          ? 0
          : static_cast<std::int64_t>(session.in_flight_bytes + record.size) * 8000 / line.rate_bps;
  return hall_.time + Seconds{(2 * line.rtt.count + queued_ms) / 1000} + kFlashSlack;
}

void Duties::learn_usual(Level level, Seconds taken) {
  const auto i = static_cast<std::size_t>(level);
  // A partition of days says nothing about the usual: a report never rests longer than four times its target.
  const std::int64_t bounded = std::clamp<std::int64_t>(taken.count, 0, hall_.config.target[i].count);
  Seconds& usual = usual_[i];
  usual = usual.count == 0 ? Seconds{bounded} : Seconds{(3 * usual.count + bounded) / 4};
}

}  // namespace noroshi::core
