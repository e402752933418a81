// Which neighbour leads where. Each relay signs a small contact object that names its links; expected delay
// is summed over them, and links age instead of being retracted, because a link that is down now may be the
// route this afternoon (PROTOCOL.md, "Routing"). Delays are seconds for one flash report.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "keys/trust.hpp"
#include "relay/core/node.hpp"

namespace noroshi::core {

/// Seconds a flash report needs over a line: a round trip and its 340 bytes at the line's rate.
[[nodiscard]] Seconds delay_of(const LinkProfile& profile);
/// The delay class of contact objects: smallest c with 2^c seconds ≥ delay.
[[nodiscard]] std::uint8_t class_of(Seconds delay);
/// The age class of contact objects: 0 = up, else smallest a ≥ 1 with 2^a minutes ≥ age.
[[nodiscard]] std::uint8_t age_class_of(Seconds since_contact);

class Router {
 public:
  explicit Router(const NodeConfig& config);

  /// Own links by their live state. O(1).
  void link(PeerId peer, bool up, NodeTime last_contact);
  /// Recomputes what lies behind each neighbour: after the roster or a contact object changed.
  /// O(neighbours × relays × log relays).
  void survey(const keys::Trust& trust, Now now, bool clock_suspect);

  /// Where to send something for an organisation. `avoid` has neighbours that sent it or would not take it:
  /// they are asked again only when everybody else looks worse by a penalty. `never` is out of the question.
  struct Question {
    OrgId org;
    proto::Level level{};
    std::span<const PeerId> avoid;
    PeerId never;
  };
  struct Choice {
    PeerId via;            ///< kNobody: no way known
    bool avoided = false;  ///< `via` stands in `avoid`
    Seconds delay;
  };
  [[nodiscard]] Choice choose(const Question& question, NodeTime time) const;

  /// Neighbours some of whose queue may now go faster elsewhere (kNobody: what had no route): one had been
  /// the best way to an organisation and no longer is, or is down and has aged by half since the last call.
  [[nodiscard]] std::vector<PeerId> fallen(NodeTime time);
  /// When `fallen` should be asked again, if a link is down.
  [[nodiscard]] std::optional<NodeTime> next_look() const;

 private:
  struct Link {
    Neighbour neighbour;
    Seconds delay;
    bool up = false;
    NodeTime last_contact{};
    NodeTime looked{};                  ///< age was last judged then
    std::map<OrgId, Seconds> behind{};  ///< from the neighbour on
  };
  [[nodiscard]] Seconds own_cost(const Link& link, NodeTime time) const;
  [[nodiscard]] NodeTime look_at(const Link& link) const;

  DeviceId self_;
  PeerId default_route_;
  Seconds target_[proto::kLevels];
  std::map<PeerId, Link> links_;
  std::map<OrgId, PeerId> best_;  ///< as `fallen` last saw it
};

}  // namespace noroshi::core
