#include "client-tui/desk/incidents.hpp"

namespace noroshi::desk {

std::vector<const keys::Incident*> open_incidents(const keys::Trust& trust, bool exercise, WallTime now) {
  std::vector<const keys::Incident*> out;
  for (const keys::Incident* incident : trust.incidents()) {
    const bool over = incident->end && *incident->end <= now;
    if (incident->exercise == exercise && !over) out.push_back(incident);
  }
  return out;
}

IncidentId incident_to_show(const keys::Trust& trust, WallTime now) {
  for (const bool exercise : {false, true}) {
    const keys::Incident* newest = nullptr;
    for (const keys::Incident* incident : open_incidents(trust, exercise, now)) {
      const bool begun = incident->start <= now;
      if (begun && (newest == nullptr || newest->start < incident->start)) newest = incident;
    }
    if (newest != nullptr) return newest->id;
  }
  return {};
}

}  // namespace noroshi::desk
