#include "relay/store/index.hpp"

#include <algorithm>

namespace noroshi::store {
namespace {

template <typename T>
void sort_unique(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

void add_duty(std::vector<IndexRow>& out, const core::Record& record, const core::Duty& duty) {
  if (duty.state == core::DutyState::settled) return;
  const bool timed = duty.again.s != 0;
  const Key via = device_key(duty.via);
  if (timed) out.push_back({Table::again, Key().time(duty.again.s).id(record.id)});
  if (duty.state == core::DutyState::owed && !timed)
    out.push_back({Table::owed, Key(via).level(record.level).u64(record.arrival)});
  if (duty.state == core::DutyState::owed && timed)
    out.push_back({Table::later, Key(via).level(record.level).time(duty.again.s).u64(record.arrival)});
  if (duty.state == core::DutyState::sent) out.push_back({Table::sent, Key(via).u32(duty.number)});
  if (duty.state == core::DutyState::sent || duty.state == core::DutyState::parked)
    out.push_back({Table::parked, Key(via).id(record.id)});
}

/// Somebody here wrote it, and waits.
bool waits_for_answers(const core::Record& record) {
  const auto open = [](const core::Duty& duty) { return duty.state != core::DutyState::settled; };
  return record.origin && record.ctype != static_cast<std::uint8_t>(proto::Ctype::receipt) &&
         std::ranges::any_of(record.duties, open);
}

}  // namespace

std::vector<IndexRow> index_rows(const core::Record& record) {
  std::vector<IndexRow> out;
  if (record.origin) out.push_back({Table::own, number_key(record.arrival)});
  if (waits_for_answers(record))
    out.push_back({Table::unanswered, Key().level(record.level).time(record.created.s).id(record.id)});
  if (record.body_held && record.dead_at != core::kNever)
    out.push_back({Table::dying, Key().time(record.dead_at.s).id(record.id)});
  for (const core::Duty& duty : record.duties) add_duty(out, record, duty);
  sort_unique(out);
  return out;
}

bool id_in_key(Table index) {
  return index == Table::again || index == Table::parked || index == Table::dying ||
         index == Table::unanswered;
}

std::vector<core::PeerId> waits_for(const core::Record& record) {
  std::vector<core::PeerId> out;
  for (const core::Duty& duty : record.duties)
    if (duty.state == core::DutyState::owed) out.push_back(duty.via);
  sort_unique(out);
  return out;
}

}  // namespace noroshi::store
