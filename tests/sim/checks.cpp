#include "tests/sim/checks.hpp"

#include <algorithm>

#include "proto/limits.hpp"
#include "relay/core/duty.hpp"
#include "tests/sim/world.hpp"

namespace noroshi::sim {

using core::Duty;
using core::DutyState;
using core::Record;

namespace {

/// Clocks in these worlds are off by nine hours at most where they are believed.
constexpr Seconds kClocksOff = hours(10);
/// An ack that left before a disk lost commits may arrive this much later.
constexpr std::int64_t kAckFlightMs = 10 * 60'000;
/// After a start with nobody to ask, a clock is believed no earlier (PROTOCOL.md, "Duty").
constexpr std::int64_t kHearingMs = 10 * 60'000;
/// The greedy author's quota: a burst of seven days, and what drips in while the world runs.
constexpr std::size_t kGreedyMax = 7 * 2 + 2 * 6;

bool owes(const Record& record, const Duty& duty) {
  if (duty.state == DutyState::settled || !record.body_held) return false;
  return duty.state == DutyState::owed || duty.again.s != 0;
}

/// Ends a later state may follow: an expired message that arrives after all is good news.
int rank(const Duty& duty) {
  if (duty.state != DutyState::settled || duty.end == core::End::cancelled) return 0;  // it may be said again
  return duty.end == core::End::expired ? 1 : 2;
}

}  // namespace

void Checks::complain(const std::string& what) {
  if (complaint_.empty()) complaint_ = "at " + std::to_string(world_.now_ms_) + " ms: " + what;
}

void Checks::expect(const Message& message) {
  Item& item = items_[message.id];
  item.message = &message;
  item.parts.resize(message.recipients.size());
}

void Checks::accepted(const MsgId& id) {
  const auto found = items_.find(id);
  if (found == items_.end()) return;
  found->second.accepted = true;
  judge(found->second);
}

bool Checks::may_have_expired(const Item& item) const {
  const WallTime real = kWorldStart + Seconds{world_.now_ms_ / 1000};
  return real + kClocksOff >= item.message->dead_at;
}

/// Nothing lost: accepted, not delivered, not dead, and neither owed nor timed anywhere alive.
void Checks::judge(const Item& item) {
  if (!item.accepted || item.recalled || may_have_expired(item)) return;
  for (std::size_t i = 0; i < item.parts.size(); ++i) {
    const Part& part = item.parts[i];
    if (part.delivered || part.exempt || !part.holders.empty()) continue;
    complain("LOST " + item.message->id.hex() + " for " + std::to_string(item.message->recipients[i].value));
  }
}

void Checks::recount(Machine& machine, const MsgId& id) {
  const auto found = items_.find(id);
  if (found == items_.end()) return;
  Item& item = found->second;
  const Record* record = machine.destroyed ? nullptr : machine.store->peek(id);
  const bool inbox = record && machine.store->inbox().contains(id);
  if (machine.place == item.message->place)
    item.recalled = record && std::ranges::any_of(record->duties, core::taken_back);
  // A disk that lost commits may say so of what was said again since.
  const Machine& origin = world_.machines_[static_cast<std::size_t>(item.message->place)];
  const bool taken_back = item.recalled && origin.lost_at_ms < item.recalled_ms;
  for (std::size_t i = 0; i < item.parts.size(); ++i) {
    Part& part = item.parts[i];
    const bool home =
        machine.relay->device.org.value == item.message->recipients[i].value && !machine.relay->leaf;
    if (home && inbox) part.delivered = true;
    bool holds = false, settled = false;
    for (const Duty& duty : record ? record->duties : std::vector<Duty>{}) {
      if (duty.wrap != i) continue;
      holds = holds || owes(*record, duty);
      settled = settled || duty.state == DutyState::settled;
      const bool claims = duty.state == DutyState::settled && duty.end == core::End::delivered;
      if (claims && !part.delivered && !part.exempt) {
        complain("place " + std::to_string(machine.place) + " believes delivered what is not: " + id.hex());
      }
    }
    if (holds)
      part.holders.insert(machine.place);
    else
      part.holders.erase(machine.place);
    if (taken_back && (part.delivered || !part.holders.empty()))
      complain("taken back, and it had left: " + id.hex());
    if (machine.place == item.message->place) part.known = settled;
  }
  judge(item);
}

void Checks::committed(Machine& machine, const std::vector<core::Event>& events) {
  for (const core::Event& event : events) {
    const auto item = items_.find(event.id);
    if (event.kind == core::EventKind::accepted && item != items_.end() &&
        item->second.message->place == machine.place) {
      item->second.accepted = true;
    }
    if (event.kind == core::EventKind::recalled && item != items_.end())
      item->second.recalled_ms = world_.now_ms_;
    if (event.kind == core::EventKind::delivered && ++delivered_[{machine.place, event.id}] > 1) {
      complain("delivered TWICE at place " + std::to_string(machine.place) + ": " + event.id.hex());
    }
  }
  for (const MsgId& id : machine.store->take_touched()) {
    const Record* record = machine.store->peek(id);
    if (record) {
      acked_survives(machine, *record);
      forward_only(machine, *record);
      before_[{machine.place, id}] = record->duties;
      bounded(machine, *record);
    }
    recount(machine, id);
  }
}

/// Quota holds, and of what one key says under one number two are kept.
void Checks::bounded(const Machine& machine, const Record& record) {
  const auto count = [&](DeviceId device, std::map<int, std::set<MsgId>>& kept, std::size_t max,
                         const char* what) {
    if (record.key.device != device) return;
    kept[machine.place].insert(record.id);
    if (kept[machine.place].size() > max) complain(what);
  };
  count(world_.pool_.greedy_device(), greedy_, kGreedyMax, "a device had more than its quota carried");
  count(world_.pool_.equivocal_device(), equivocal_, 2, "a third message under one number was kept");
}

/// A duty that is done stays done, and what is known of a message only grows.
void Checks::forward_only(const Machine& machine, const Record& record) {
  const auto found = before_.find({machine.place, record.id});
  if (found == before_.end()) return;
  for (std::uint8_t wrap = 0; wrap < record.targets.size(); ++wrap) {
    const auto furthest = [&](const std::vector<Duty>& duties) {
      std::pair<int, proto::ReceiptKind> out{};
      for (const Duty& duty : duties) {
        if (duty.wrap != wrap) continue;
        out.first = std::max(out.first, rank(duty));
        out.second = std::max(out.second, duty.reached);
      }
      return out;
    };
    const auto was = furthest(found->second), is = furthest(record.duties);
    if (is.first < was.first || is.second < was.second) complain("a state went back: " + record.id.hex());
  }
}

/// What a relay acknowledged is on its disk.
void Checks::acked_survives(const Machine& machine, const Record& record) {
  const auto found = before_.find({machine.place, record.id});
  if (found == before_.end()) return;
  for (std::size_t i = 0; i < std::min(found->second.size(), record.duties.size()); ++i) {
    const Duty& was = found->second[i];
    const Duty& is = record.duties[i];
    if (was.state != DutyState::sent || is.state != DutyState::parked) continue;
    for (const Machine& other : world_.machines_) {
      const bool excused = other.lost_at_ms >= 0 && world_.now_ms_ - other.lost_at_ms < kAckFlightMs;
      if (other.relay->device != is.via || other.destroyed || excused) continue;
      if (!other.store->peek(record.id))
        complain("acknowledged, but not on the disk that said so: " + record.id.hex());
    }
  }
}

void Checks::disk_lost(Machine& machine) {
  for (auto& [name, count] : delivered_) {
    if (name.first == machine.place && !machine.store->inbox().contains(name.second)) count = 0;
  }
  for (auto* kept : {&greedy_, &equivocal_}) {
    std::erase_if((*kept)[machine.place], [&](const MsgId& id) { return !machine.store->peek(id); });
  }
  std::erase_if(before_, [&](const auto& row) { return row.first.first == machine.place; });
  for (const auto& [id, record] : machine.store->records()) before_[{machine.place, id}] = record.duties;
  for (auto& [id, item] : items_) {
    const bool held = machine.store->peek(id) != nullptr;
    if (item.message->place == machine.place && !held) item.accepted = false;  // its author will say it again
    for (std::size_t i = 0; i < item.parts.size(); ++i) {
      const bool home =
          machine.relay->device.org.value == item.message->recipients[i].value && !machine.relay->leaf;
      // The recipient's own disk forgot its mail after it had said so: nobody else need have kept it.
      if (home && item.parts[i].delivered && !machine.store->inbox().contains(id))
        item.parts[i].exempt = true;
    }
  }
  (void)machine.store->take_touched();
  for (auto& [id, item] : items_) recount(machine, id);
}

void Checks::destroyed(Machine& machine) {
  for (auto& [id, item] : items_) {
    for (std::size_t i = 0; i < item.parts.size(); ++i) {
      const bool addressed =
          machine.relay->device.org.value == item.message->recipients[i].value && !machine.relay->leaf;
      if (addressed || item.message->place == machine.place) item.parts[i].exempt = true;
    }
    recount(machine, id);
  }
}

void Checks::sent(const Machine& machine, const core::Send& send, std::size_t bytes) {
  if (bytes > kFrameBytesMax) complain("a frame above its limit left");
  if (!send.body) return;
  const Line* line = world_.line_of(machine.place, send.peer);
  const std::uint32_t rate = line ? line->profile.rate_bps : 0;
  if (rate != 0 && bytes * 8000 / rate > static_cast<std::uint64_t>(kWholeMax.count) + 100)
    complain("a frame holds the line for long");
  const Record* record = machine.store->peek(*send.body);
  // Nothing expires at a node whose neighbours have made it doubt its clock, or that has just started and
  // was told the time by nobody.
  const Now now = world_.now_at(machine);
  const bool told = machine.node->wall_ahead(now) || world_.now_ms_ - machine.started_ms >= kHearingMs;
  const bool believed = told && !machine.node->wall_suspect(now) && machine.wall_offset_s == 0;
  const WallTime real = kWorldStart + Seconds{world_.now_ms_ / 1000};
  if (record && believed && record->dead_at != core::kNever && record->dead_at + minutes(1) < real)
    complain("a dead message was forwarded");
}

std::string Checks::missing() const {
  std::string out;
  for (const auto& [id, item] : items_) {
    if (item.recalled || may_have_expired(item)) continue;
    for (std::size_t i = 0; i < item.parts.size(); ++i) {
      const Part& part = item.parts[i];
      if (part.exempt || (part.delivered && part.known)) continue;
      const std::string where = part.holders.empty() ? "-" : std::to_string(*part.holders.begin());
      out += " " + id.hex().substr(0, 8) + "→" + std::to_string(item.message->recipients[i].value) +
             (item.accepted ? "" : " not accepted") +
             (part.delivered ? " delivered, origin not told" : " held at " + where) + ";";
    }
  }
  return out + unlike();
}

/// Two relays of one organisation hold the same mail in the end.
std::string Checks::unlike() const {
  const Machine& one = world_.machines_[kHubIshikawa];
  const Machine& two = world_.machines_[kSecondIshikawa];
  if (one.destroyed || two.destroyed) return {};
  const auto first = one.store->mail_sum({}), second = two.store->mail_sum({});
  if (first == second) return {};
  return " replicas differ, " + std::to_string(first.count) + " and " + std::to_string(second.count) + ";";
}

}  // namespace noroshi::sim
