#include "client-tui/desk/fold.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>

#include "proto/limits.hpp"
#include "proto/result.hpp"

namespace noroshi::desk {

std::string_view name_of(Fate fate) {
  switch (fate) {
    case Fate::standing: return "standing";
    case Fate::superseded: return "superseded";
    case Fate::cancelled: return "cancelled";
    case Fate::replaced: return "replaced";
    case Fate::proxy_passed: return "proxy_passed";
    case Fate::cancelling: return "cancelling";
    case Fate::copy: return "copy";
    case Fate::equivocal: return "equivocal";
    case Fate::quarantined: return "quarantined";
    case Fate::beside: return "beside";
  }
  return "standing";
}

WallTime settled_created(WallTime created, WallTime first_seen, bool clock_doubt) {
  const bool ahead = created > first_seen + kCreatedAheadMax;
  return clock_doubt || ahead ? first_seen : created;
}

WallTime settled_as_of(WallTime as_of, WallTime created, WallTime first_seen, bool clock_doubt) {
  const WallTime settled = settled_created(created, first_seen, clock_doubt);
  if (settled == created) return as_of;
  const auto minute_of = [](WallTime time) { return WallTime{time.s - time.s % minutes(1).count}; };
  return minute_of(settled) - (minute_of(created) - minute_of(as_of));
}

bool may_change(const Facts& child, const Facts& parent) {
  if (child.form != parent.form || child.exercise != parent.exercise) return false;
  if (child.id.key == parent.id.key && child.id.seq <= parent.id.seq) return false;
  if (child.hearsay && !parent.hearsay && child.kind != Kind::cancel) return false;
  return child.signer.org == parent.signer.org || child.signer.org == parent.association;
}

Rank rank_of(const Facts& report) {
  return {report.as_of, !report.proxy, report.created, report.id};
}

bool is_beside(const Facts& report) {
  return report.hearsay || report.signer.org != report.association;
}

bool replaces(Kind kind) {
  return kind == Kind::update || kind == Kind::correction || kind == Kind::final;
}

namespace {

/// One fold in progress. Reports are named by their place in the input.
class Folding {
 public:
  explicit Folding(std::span<const Facts> reports)
      : reports_(reports),
        parents_(reports.size()),
        children_(reports.size()),
        cancelled_(reports.size()),
        superseded_(reports.size()) {
    out_.entries.resize(reports.size());
  }

  Folded run() {
    settle();
    choose_bodies(Fate::standing, out_.standing);
    choose_bodies(Fate::beside, out_.beside);
    return std::move(out_);
  }
  std::vector<Folded::Entry> run_settled() {
    settle();
    return std::move(out_.entries);
  }

 private:
  const Facts& at(std::size_t i) const { return reports_[i]; }
  Folded::Entry& entry(std::size_t i) { return out_.entries[i]; }
  void settle() {
    choose_originals();
    link();
    settle_changes();
    mark_forks();
  }

  /// One envelope of each report: the original before a copy, then the smallest message id, so that every
  /// desk chooses alike.
  void choose_originals() {
    std::vector<std::size_t> order(reports_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
      return std::tie(at(a).id, at(a).copy, at(a).msg) < std::tie(at(b).id, at(b).copy, at(b).msg);
    });
    for (const std::size_t i : order) {
      if (originals_.empty() || at(originals_.back()).id != at(i).id) {
        originals_.push_back(i);
        continue;
      }
      const std::size_t first = originals_.back();
      const bool twice = !at(i).copy && at(i).msg != at(first).msg;
      entry(i).fate = twice ? Fate::equivocal : Fate::copy;
      entry(i).by = at(first).id;
      if (twice) entry(i).equivocal = entry(first).equivocal = true;
    }
  }

  [[nodiscard]] std::optional<std::size_t> find(const ReportId& id) const {
    const auto place =
        std::lower_bound(originals_.begin(), originals_.end(), id,
                         [this](std::size_t i, const ReportId& key) { return at(i).id < key; });
    if (place == originals_.end() || at(*place).id != id) return std::nullopt;
    return *place;
  }

  /// Ties reports to the parents they may change. A quarantined one changes nothing.
  void link() {
    for (const std::size_t i : originals_) {
      if (at(i).kind == Kind::initial) continue;
      std::vector<ReportId> named = at(i).parents;
      std::sort(named.begin(), named.end());
      named.erase(std::unique(named.begin(), named.end()), named.end());
      bool found = false;
      for (const ReportId& id : named) {
        const auto parent = find(id);
        if (!parent) continue;
        found = true;
        if (!may_change(at(i), at(*parent))) {
          entry(i).parent_kept = true;
        } else if (!at(i).quarantined) {
          parents_[i].push_back(*parent);
          children_[*parent].push_back(i);
        }
      }
      entry(i).base_missing = !found;
    }
  }

  /// From the youngest to the oldest: a change counts unless it is cancelled itself, so cancelling an update
  /// brings back what it had replaced. Reports that name each other in a circle (no honest program makes one)
  /// change nothing.
  void settle_changes() {
    std::vector<std::size_t> open(reports_.size());
    for (const std::size_t i : originals_) {
      open[i] = children_[i].size();
      if (open[i] == 0) oldest_last_.push_back(i);
    }
    for (std::size_t next = 0; next < oldest_last_.size(); ++next) {
      const std::size_t i = oldest_last_[next];
      for (const std::size_t parent : parents_[i]) {
        if (!cancelled_[i]) change(parent, i);
        if (--open[parent] == 0) oldest_last_.push_back(parent);
      }
    }
    for (const std::size_t i : originals_) {
      if (at(i).quarantined) {
        entry(i).fate = Fate::quarantined;
      } else if (cancelled_[i]) {
        entry(i) = with(entry(i), Fate::cancelled, *cancelled_[i]);
      } else if (at(i).kind == Kind::cancel) {
        entry(i).fate = Fate::cancelling;
      } else if (superseded_[i]) {
        entry(i) = with(entry(i), Fate::superseded, *superseded_[i]);
      } else if (is_beside(at(i))) {
        entry(i).fate = Fate::beside;
      }
    }
  }
  void change(std::size_t parent, std::size_t child) {
    if (at(child).kind == Kind::cancel) {
      keep_newest(cancelled_[parent], child);
    } else if (replaces(at(child).kind)) {
      keep_newest(superseded_[parent], child);
    }
  }
  void keep_newest(std::optional<std::size_t>& slot, std::size_t candidate) {
    if (!slot || rank(*slot) < rank(candidate)) slot = candidate;
  }
  Folded::Entry with(Folded::Entry entry, Fate fate, std::size_t by) const {
    entry.fate = fate;
    entry.by = at(by).id;
    return entry;
  }

  /// Two unsettled children of one parent mark themselves and what follows from them, until somebody cancels
  /// one or closes the fork with a report that names both sides.
  void mark_forks() {
    for (auto i = oldest_last_.rbegin(); i != oldest_last_.rend(); ++i) {
      if (parents_[*i].size() != 1) continue;
      const std::size_t parent = parents_[*i].front();
      entry(*i).forked = entry(parent).forked || (replaces(at(*i).kind) && unsettled_children(parent) > 1);
    }
  }
  std::size_t unsettled_children(std::size_t parent) {
    if (counted_.empty()) counted_.resize(reports_.size());
    if (!counted_[parent]) {
      counted_[parent] = static_cast<std::size_t>(
          std::count_if(children_[parent].begin(), children_[parent].end(), [this](std::size_t child) {
            return replaces(at(child).kind) && !cancelled_[child] && !closed(child);
          }));
    }
    return *counted_[parent];
  }
  /// Superseded by a report that names several parents.
  [[nodiscard]] bool closed(std::size_t i) const {
    return superseded_[i] && parents_[*superseded_[i]].size() > 1;
  }

  [[nodiscard]] Rank rank(std::size_t i) const { return rank_of(at(i)); }

  /// The newest body of a unit replaces all its rows of that matter; what is only said of a unit is a line of
  /// its own.
  void choose_bodies(Fate line, std::vector<std::size_t>& out) {
    using Group = std::tuple<bool, IncidentId, forms::FormNo, UnitId, std::string>;
    using Body = std::pair<KeyId, Seq>;
    const auto group_of = [this](std::size_t i) {
      return Group{at(i).exercise, at(i).incident, at(i).form, at(i).unit, at(i).matter};
    };
    const auto body_of = [this](std::size_t i) { return Body{at(i).id.key, at(i).id.seq}; };
    struct Best {
      std::size_t any;                 // newest report
      std::optional<std::size_t> own;  // newest of the unit itself
    };
    std::vector<std::size_t> candidates;
    std::map<Group, Best> best;
    for (const std::size_t i : originals_) {
      if (entry(i).fate != line) continue;
      candidates.push_back(i);
      const auto [place, first] = best.try_emplace(group_of(i), Best{i, std::nullopt});
      if (!first && rank(place->second.any) < rank(i)) place->second.any = i;
      if (!at(i).proxy) keep_newest(place->second.own, i);
    }
    // Two rows of one municipality in one body: the later one.
    std::map<std::pair<Group, std::uint32_t>, std::size_t> rows;
    const auto in_body = [&](std::size_t i) { return body_of(i) == body_of(best.at(group_of(i)).any); };
    for (const std::size_t i : candidates) {
      if (!in_body(i)) continue;
      const auto [place, first] = rows.try_emplace({group_of(i), at(i).municipality}, i);
      if (!first && rank(place->second) < rank(i)) place->second = i;
    }
    for (const std::size_t i : candidates) {
      const Best& newest = best.at(group_of(i));
      if (in_body(i)) {
        const std::size_t row = rows.at({group_of(i), at(i).municipality});
        if (row != i) entry(i) = with(entry(i), Fate::replaced, row);
      } else if (at(i).proxy && newest.own && at(*newest.own).as_of >= at(i).as_of) {
        entry(i) = with(entry(i), Fate::proxy_passed, *newest.own);
      } else {
        entry(i) = with(entry(i), Fate::replaced, newest.any);
      }
    }
    for (const auto& [key, i] : rows) out.push_back(i);
  }
  std::span<const Facts> reports_;
  Folded out_;
  std::vector<std::size_t> originals_;  // one per report, by id
  std::vector<std::vector<std::size_t>> parents_, children_;
  std::vector<std::optional<std::size_t>> cancelled_, superseded_;  // by whom
  std::vector<std::size_t> oldest_last_;
  std::vector<std::optional<std::size_t>> counted_;
};

}  // namespace

Folded fold(std::span<const Facts> reports) {
  return Folding(reports).run();
}
std::vector<Folded::Entry> settle(std::span<const Facts> reports) {
  return Folding(reports).run_settled();
}

}  // namespace noroshi::desk
