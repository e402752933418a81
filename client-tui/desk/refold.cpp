#include "client-tui/desk/refold.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace noroshi::desk {
namespace {

/// The rule of fold(): the original before a copy, then the smallest message id; rows of one body by their
/// place.
auto claim(const Place& place, const Facts& facts) {
  return std::tuple(facts.copy, place.msg, place.index);
}

std::vector<ReportId> parents_of(const Facts& facts) {
  if (facts.kind == Kind::initial) return {};
  std::vector<ReportId> out = facts.parents;
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

class Refolding {
 public:
  Refolding(FoldRows& rows, const Place& place) : rows_(rows), place_(place) {}

  Refolded run(const Facts& facts) {
    const std::optional<Settled> before = rows_.at(place_);
    if (before && before->facts == facts) return {};
    if (before) {
      reach(before->facts);
      rows_.unlink(place_, before->facts);
    }
    rows_.put(place_, {facts, {}});
    rows_.link(place_, facts);
    known_[place_] = before;
    if (before || !follow(facts)) {
      reach(facts);
      settle_group();
    }
    return counted();
  }
  Refolded run_out() {
    const std::optional<Settled> before = rows_.at(place_);
    if (!before) return {};
    reach(before->facts);
    rows_.unlink(place_, before->facts);
    rows_.drop(place_);
    if (before->competes()) touched_[{series_of(before->facts), before->entry.fate}].gone.push_back(place_);
    out_.changes.push_back({place_, before, std::nullopt});
    settle_group();
    return counted();
  }

 private:
  using Member = std::pair<Place, Facts>;

  Refolded counted() {
    for (const auto& [key, touched] : touched_) recount(key.first, key.second, touched);
    return std::move(out_);
  }

  // ---- what names each other

  /// A new report that nobody names and that is the only child of its parent settles with that parent alone.
  /// False: more is touched.
  bool follow(const Facts& facts) {
    if (rows_.carrying(facts.id).size() > 1 || !rows_.naming(facts.id).empty()) return false;
    std::vector<Member> group{{place_, facts}};
    std::optional<Member> parent;
    for (const ReportId& id : parents_of(facts)) {
      const auto held = original(id);
      if (!held) continue;
      group.push_back(*held);
      if (!may_change(facts, held->second) || facts.quarantined) continue;
      if (parent || !replaces(facts.kind) || rows_.naming(id).size() > 1) return false;
      parent = held;
    }
    std::vector<Folded::Entry> entries = settled(group);
    if (parent) {
      const auto at = std::find(group.begin(), group.end(), *parent) - group.begin();
      const Settled held = *rows_.at(parent->first);
      Folded::Entry& made = entries[static_cast<std::size_t>(at)];
      entries.front().forked = held.entry.forked;
      // What it makes of its own parents is as before; only what follows it is new.
      Settled after = held;
      after.entry.fate = made.fate;
      after.entry.by = made.by;
      keep(parent->first, after);
    }
    keep(place_, {facts, entries.front()});
    return true;
  }
  [[nodiscard]] std::optional<Member> original(const ReportId& id) const {
    std::optional<Member> best;
    for (const Place& place : rows_.carrying(id)) {
      const std::optional<Settled> held = rows_.at(place);
      if (held && (!best || claim(place, held->facts) < claim(best->first, best->second)))
        best = Member(place, held->facts);
    }
    return best;
  }

  /// Begins to settle anew from whatever these facts speak of.
  void reach(const Facts& facts) {
    for (const Place& place : rows_.carrying(facts.id)) next_.insert(place);
    for (const Place& place : rows_.naming(facts.id)) next_.insert(place);
    for (const ReportId& id : parents_of(facts)) {
      for (const Place& place : rows_.carrying(id)) next_.insert(place);
    }
  }
  void settle_group() {
    std::map<Place, Settled> group;
    while (!next_.empty()) {
      const Place place = *next_.begin();
      next_.erase(next_.begin());
      if (group.count(place) > 0) continue;
      const std::optional<Settled> held = rows_.at(place);
      if (!held) continue;
      group.emplace(place, *held);
      reach(held->facts);
    }
    std::vector<Member> members;
    for (const auto& [place, held] : group) members.emplace_back(place, held.facts);
    const std::vector<Folded::Entry> entries = settled(members);
    for (std::size_t i = 0; i < members.size(); ++i) keep(members[i].first, {members[i].second, entries[i]});
  }
  static std::vector<Folded::Entry> settled(const std::vector<Member>& members) {
    std::vector<Facts> facts;
    facts.reserve(members.size());
    for (const Member& member : members) facts.push_back(member.second);
    return settle(facts);
  }

  void keep(const Place& place, const Settled& after) {
    const auto known = known_.find(place);
    const std::optional<Settled> before = known != known_.end() ? known->second : rows_.at(place);
    if (before && *before == after) {
      if (known != known_.end()) rows_.put(place, after);
      return;
    }
    rows_.put(place, after);
    if (before && before->competes()) {
      touched_[{series_of(before->facts), before->entry.fate}].gone.push_back(place);
    }
    if (after.competes())
      touched_[{series_of(after.facts), after.entry.fate}].come.emplace_back(place, after.facts);
    out_.changes.push_back({place, before, after});
  }

  // ---- what competes

  struct Touched {
    std::vector<Place> gone;
    std::vector<Member> come;
  };

  void recount(const Series& series, Fate line, const Touched& touched) {
    const Best before = rows_.best(series, line);
    Best best = before;
    // What comes is offered first: where an update takes its parent's place, nothing is left to be searched.
    for (const Member& member : touched.come) offer(best, member);
    const bool fell = std::any_of(touched.gone.begin(), touched.gone.end(), [&](const Place& place) {
      return (best.any && best.any->place == place) || (best.own && best.own->place == place);
    });
    if (fell) {
      best = {};
      for (const Place& place : rows_.members(series)) {
        const std::optional<Settled> held = rows_.at(place);
        if (held && held->entry.fate == line) offer(best, {place, held->facts});
      }
    }
    best.rows = rows_of(best, series, line);
    if (best == before) return;
    rows_.put_best(series, line, best);
    out_.lines.push_back({series, line, before, best});
  }
  static void offer(Best& best, const Member& member) {
    const Best::Report report{member.first, rank_of(member.second)};
    if (!best.any || best.any->rank < report.rank) best.any = report;
    if (!member.second.proxy && (!best.own || best.own->rank < report.rank)) best.own = report;
  }
  [[nodiscard]] std::map<std::uint32_t, Best::Report> rows_of(const Best& best, const Series& series,
                                                              Fate line) const {
    std::map<std::uint32_t, Best::Report> out;
    if (!best.any) return out;
    for (const Place& place : rows_.in_body(best.any->id().key, best.any->id().seq)) {
      const std::optional<Settled> held = rows_.at(place);
      if (!held || held->entry.fate != line || series_of(held->facts) != series) continue;
      const Best::Report report{place, rank_of(held->facts)};
      const auto [row, first] = out.try_emplace(held->facts.municipality, report);
      if (!first && row->second.rank < report.rank) row->second = report;
    }
    return out;
  }

  FoldRows& rows_;
  Place place_;
  Refolded out_;
  std::set<Place> next_;
  std::map<Place, std::optional<Settled>> known_;  // as it was before this began
  std::map<std::pair<Series, Fate>, Touched> touched_;
};

}  // namespace

Series series_of(const Facts& facts) {
  return {facts.exercise, facts.incident, facts.form, facts.unit, facts.matter};
}

Refolded refold(FoldRows& rows, const Place& place, const Facts& facts) {
  return Refolding(rows, place).run(facts);
}
Refolded withdraw(FoldRows& rows, const Place& place) {
  return Refolding(rows, place).run_out();
}

Folded::Entry outcome(const FoldRows& rows, const Place& place, const Settled& settled) {
  Folded::Entry entry = settled.entry;
  if (!settled.competes()) return entry;
  const Best best = rows.best(series_of(settled.facts), entry.fate);
  if (!best.any) return entry;
  const ReportId& id = settled.facts.id;
  const ReportId& newest = best.any->id();
  if (id.key == newest.key && id.seq == newest.seq) {
    const auto row = best.rows.find(settled.facts.municipality);
    if (row == best.rows.end() || row->second.place == place) return entry;
    entry.fate = Fate::replaced;
    entry.by = row->second.id();
  } else if (settled.facts.proxy && best.own && std::get<0>(best.own->rank) >= settled.facts.as_of) {
    entry.fate = Fate::proxy_passed;
    entry.by = best.own->id();
  } else {
    entry.fate = Fate::replaced;
    entry.by = newest;
  }
  return entry;
}

std::optional<Settled> original_of(const FoldRows& rows, const ReportId& id) {
  std::optional<Settled> best;
  Place at;
  for (const Place& place : rows.carrying(id)) {
    std::optional<Settled> held = rows.at(place);
    if (!held || (best && claim(at, best->facts) <= claim(place, held->facts))) continue;
    best = std::move(held);
    at = place;
  }
  return best;
}

}  // namespace noroshi::desk
