#include "relay/core/route.hpp"

#include <algorithm>
#include <queue>
#include <set>

namespace noroshi::core {
namespace {

/// A flash report: the largest that still fits one short-burst message.
constexpr std::int64_t kFlashBits = 340 * 8;
/// Beyond what a leaf knows better, its default route leads everywhere, at this cost; and so does any other
/// home relay next to it, at a little more: when the default has been silent for the difference, the other
/// way is taken.
constexpr Seconds kDefaultRouteDelay = minutes(10);
constexpr Seconds kOtherRouteDelay = minutes(15);
/// Contact objects are signed anew at least daily; one that is older ages, because its node may be gone.
constexpr Seconds kContactFresh = days(2);
/// A neighbour that would not take it is asked again when every other way is worse by this much, at most.
constexpr Seconds kAvoidPenaltyMax = hours(6);
/// The first look at a link that went down; later ones when its age has grown by half.
constexpr Seconds kFirstLook{15};

std::uint8_t log2_up(std::int64_t value) {
  std::uint8_t power = 0;
  while ((std::int64_t{1} << power) < value) ++power;
  return power;
}

/// Classes come from outside: beyond 2^30 (34 years) all are equal.
std::int64_t power_of_two(std::uint8_t power) {
  return std::int64_t{1} << std::min<std::uint8_t>(power, 30);
}

Seconds stated_delay(const keys::ContactNeighbour& link) {
  const std::int64_t age = link.age_class == 0 ? 0 : 60 * power_of_two(link.age_class);
  return {power_of_two(link.link_class) + age};
}

using Graph = std::map<DeviceId, std::vector<std::pair<DeviceId, Seconds>>>;

/// Every link that both ends state, at the slower of the two words, without `self`.
Graph graph_of(const keys::Trust& trust, DeviceId self, Now now, bool clock_suspect) {
  std::map<std::pair<DeviceId, DeviceId>, Seconds> stated;
  for (const keys::Contact* contact : trust.contacts()) {
    const Seconds age = now.wall - contact->issued;
    const Seconds stale = clock_suspect ? Seconds{0} : std::max(age - kContactFresh, Seconds{0});
    for (const keys::ContactNeighbour& link : contact->neighbours) {
      stated[{contact->node, link.node}] = stated_delay(link) + stale;
    }
  }
  Graph graph;
  for (const auto& [ends, delay] : stated) {
    const auto& [from, to] = ends;
    const auto back = stated.find({to, from});
    if (from == self || to == self || back == stated.end()) continue;
    graph[from].emplace_back(to, std::max(delay, back->second));
  }
  return graph;
}

std::map<DeviceId, Seconds> delays_from(const Graph& graph, DeviceId start) {
  std::map<DeviceId, Seconds> reached;
  using Step = std::pair<Seconds, DeviceId>;
  std::priority_queue<Step, std::vector<Step>, std::greater<>> next;
  next.push({Seconds{0}, start});
  while (!next.empty()) {
    const auto [delay, node] = next.top();
    next.pop();
    if (!reached.emplace(node, delay).second) continue;
    const auto links = graph.find(node);
    if (links == graph.end()) continue;
    for (const auto& [to, cost] : links->second) {
      if (!reached.contains(to)) next.push({delay + cost, to});
    }
  }
  return reached;
}

}  // namespace

Seconds delay_of(const LinkProfile& profile) {
  const std::int64_t line_ms = profile.rate_bps == 0 ? 0 : kFlashBits * 1000 / profile.rate_bps;
  return {(profile.rtt.count + line_ms + 999) / 1000};
}

std::uint8_t class_of(Seconds delay) {
  return log2_up(delay.count);
}

std::uint8_t age_class_of(Seconds since_contact) {
  return std::max<std::uint8_t>(1, log2_up((since_contact.count + 59) / 60));
}

Router::Router(const NodeConfig& config) : self_(config.self), default_route_(config.default_route) {
  std::copy(std::begin(config.target), std::end(config.target), std::begin(target_));
  for (const Neighbour& neighbour : config.neighbours) {
    const Seconds delay{power_of_two(class_of(delay_of(neighbour.profile)))};
    links_[neighbour.peer] = {.neighbour = neighbour, .delay = delay};
  }
}

void Router::link(PeerId peer, bool up, NodeTime last_contact) {
  const auto found = links_.find(peer);
  if (found == links_.end()) return;
  found->second.up = up;
  found->second.last_contact = last_contact;
  found->second.looked = last_contact;
}

void Router::survey(const keys::Trust& trust, Now now, bool clock_suspect) {
  const Graph graph = graph_of(trust, self_, now, clock_suspect);
  const std::vector<OrgId> orgs = trust.organisations();
  for (auto& [peer, link] : links_) {
    const auto reached = delays_from(graph, peer);
    link.behind.clear();
    for (const OrgId org : orgs) {
      std::optional<Seconds> best;
      const bool leaf = default_route_ != kNobody;
      if (leaf && peer == default_route_) best = kDefaultRouteDelay;
      if (leaf && !best && trust.is_home_relay(peer)) best = kOtherRouteDelay;
      for (const DeviceId home : trust.organisation(org)->home_relays) {
        const auto found = reached.find(home);
        if (found != reached.end() && (!best || found->second < *best)) best = found->second;
      }
      if (best) link.behind[org] = *best;
    }
  }
}

Seconds Router::own_cost(const Link& link, NodeTime time) const {
  if (link.up) return link.delay;
  return link.delay + Seconds{std::max<std::int64_t>(0, time.s - link.last_contact.s)};
}

Router::Choice Router::choose(const Question& question, NodeTime time) const {
  Choice best;
  Seconds lowest{INT64_MAX};
  const Seconds penalty = std::min(target_[static_cast<int>(question.level)], kAvoidPenaltyMax);
  for (const auto& [peer, link] : links_) {
    const auto behind = link.behind.find(question.org);
    if (peer == question.never || behind == link.behind.end()) continue;
    if (question.level < link.neighbour.lowest) continue;
    const bool avoided = std::ranges::find(question.avoid, peer) != question.avoid.end();
    const bool last_avoided = avoided && question.avoid.back() == peer;
    const Seconds delay = own_cost(link, time) + behind->second;
    // Twice for the last one, so that two that will not take it are asked in turn.
    const Seconds weighed = delay + penalty * (last_avoided ? 2 : avoided ? 1 : 0);
    if (weighed >= lowest) continue;
    lowest = weighed;
    best = {.via = peer, .avoided = avoided, .delay = delay};
  }
  return best;
}

NodeTime Router::look_at(const Link& link) const {
  const std::int64_t age = link.looked.s - link.last_contact.s;
  return {link.looked.s + std::max(kFirstLook.count, age / 2)};
}

std::vector<PeerId> Router::fallen(NodeTime time) {
  std::set<PeerId> out;
  for (auto& [peer, link] : links_) {
    if (link.up || time < look_at(link)) continue;
    link.looked = time;
    if (links_.size() > 1) out.insert(peer);
  }
  std::set<OrgId> orgs;
  for (const auto& [peer, link] : links_) {
    for (const auto& [org, delay] : link.behind) orgs.insert(org);
  }
  for (const OrgId org : orgs) {
    const PeerId now_best =
        choose({.org = org, .level = proto::Level::flash, .avoid = {}, .never = {}}, time).via;
    PeerId& was = best_[org];
    if (was == now_best) continue;
    out.insert(was);
    was = now_best;
  }
  return {out.begin(), out.end()};
}

std::optional<NodeTime> Router::next_look() const {
  std::optional<NodeTime> next;
  for (const auto& [peer, link] : links_) {
    if (!link.up && (!next || look_at(link) < *next)) next = look_at(link);
  }
  return next;
}

}  // namespace noroshi::core
