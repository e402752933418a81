#include "client-tui/desk/fates.hpp"

namespace noroshi::desk {
namespace {

constexpr forms::FormNo kTalk = 9;  // F9: inquiries, answers, notes

}  // namespace

Fates::Fates(std::span<const Reading> readings) : verdicts_(verdicts(readings)) {
  std::vector<Facts> facts;
  facts.reserve(readings.size());
  for (const Reading& reading : readings) facts.push_back(reading.facts);
  const Folded folded = fold(facts);
  for (std::size_t i = 0; i < facts.size(); ++i) entries_[{facts[i].id, facts[i].msg}] = folded.entries[i];
}

const Folded::Entry* Fates::of(const Reading& reading) const {
  if (reading.facts.form == kTalk) return nullptr;
  const auto found = entries_.find({reading.facts.id, reading.facts.msg});
  return found != entries_.end() ? &found->second : nullptr;
}

Verdict Fates::verdict(const Reading& reading) const {
  const auto found = verdicts_.find(reading.facts.id);
  return found != verdicts_.end() ? found->second : Verdict::unconfirmed;
}

}  // namespace noroshi::desk
