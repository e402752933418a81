#include "relay/core/reroute.hpp"

namespace noroshi::core {
namespace {

/// A line that comes back within this says itself what arrived; then nothing travels twice.
constexpr Seconds kSilence{15};

}  // namespace

void Reroute::step() {
  const auto due = hall_.router.next_look();
  if (look_ || (due && *due <= hall_.time)) {
    for (const PeerId peer : hall_.router.fallen(hall_.time)) hall_.stirred.insert(peer);
  }
  look_ = false;
  for (const PeerId peer : hall_.stirred) {
    places_[peer] = {};
    take_back(peer);
  }
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

/// Whatever was sent to `peer` and not answered before its line fell goes another way where there is one.
void Reroute::take_back(PeerId peer) {
  const auto session = hall_.sessions.find(peer);
  if (session == hall_.sessions.end() || session->second.up) return;
  if (hall_.time < session->second.row.last_contact + kSilence) return;
  for (const proto::LinkNumber number : hall_.store.outstanding(peer)) {
    const auto id = hall_.store.sent_as(peer, number);
    auto record = id ? hall_.store.record(*id) : std::nullopt;
    if (record && duties_.forsake(*record, peer)) hall_.store.put(*record);
  }
}

std::optional<Instant> Reroute::next_wake() const {
  const auto due = hall_.router.next_look();
  return due ? std::optional(hall_.clock.instant_of(*due)) : std::nullopt;
}

}  // namespace noroshi::core
