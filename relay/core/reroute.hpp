// When the best way changes, what waits for the old one is looked through, a page a turn.
#pragma once

#include <map>
#include <optional>

#include "relay/core/duty.hpp"

namespace noroshi::core {

class Reroute {
 public:
  Reroute(Hall& hall, Duties& duties) : hall_(hall), duties_(duties) {}
  /// Lines, contacts or the roster changed: ways are compared at the end of the turn.
  void look() { look_ = true; }
  void step();
  /// Pages are left.
  [[nodiscard]] bool busy() const { return !places_.empty(); }
  /// When links that are down have aged enough to look again.
  [[nodiscard]] std::optional<Instant> next_wake() const;

 private:
  void take_back(PeerId peer);

  struct Place {
    int level = static_cast<int>(proto::Level::flash);
    std::uint64_t after = 0;
  };
  Hall& hall_;
  Duties& duties_;
  bool look_ = true;
  std::map<PeerId, Place> places_;
};

}  // namespace noroshi::core
