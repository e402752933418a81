#include "relay/core/reroute.hpp"

namespace noroshi::core {
void Reroute::step() {
  const auto due = hall_.router.next_look();
  if (look_ || (due && *due <= hall_.time)) {
    for (const PeerId peer : hall_.router.fallen(hall_.time)) hall_.stirred.insert(peer);
  }
  look_ = false;
  for (const PeerId peer : hall_.stirred) places_[peer] = {};
  hall_.stirred.clear();

  for (std::size_t i = 0; i < kPage && !places_.empty(); ++i) {
    auto& [peer, place] = *places_.begin();
    const auto level = static_cast<proto::Level>(place.level);
    const auto id = hall_.store.owed_first(peer, level, hall_.time, place.after);
    auto record = id ? hall_.store.record(*id) : std::nullopt;
    if (record) {
      place.after = record->arrival;
      if (duties_.reroute(*record, peer)) hall_.store.put(*record);
    } else if (--place.level < 0) {
      places_.erase(places_.begin());
    } else {
      place.after = 0;
    }
  }
}

std::optional<Instant> Reroute::next_wake() const {
  const auto due = hall_.router.next_look();
  return due ? std::optional(hall_.clock.instant_of(*due)) : std::nullopt;
}

}  // namespace noroshi::core
