// The rows of an incremental folding in memory: what the desk keeps in LMDB.
#pragma once

#include <map>
#include <set>
#include <utility>

#include "client-tui/desk/refold.hpp"

namespace noroshi::test {

class FoldRowsInMemory final : public desk::FoldRows {
 public:
  [[nodiscard]] std::optional<desk::Settled> at(const desk::Place& place) const override {
    const auto held = held_.find(place);
    return held == held_.end() ? std::nullopt : std::optional(held->second);
  }
  [[nodiscard]] desk::Best best(const desk::Series& series, desk::Fate line) const override {
    const auto held = best_.find({series, line});
    return held == best_.end() ? desk::Best{} : held->second;
  }
  [[nodiscard]] std::vector<desk::Place> carrying(const ReportId& id) const override {
    std::vector<desk::Place> out;
    for (auto row = ids_.lower_bound({id, {}}); row != ids_.end() && row->first == id; ++row)
      out.push_back(row->second);
    return out;
  }
  [[nodiscard]] std::vector<desk::Place> in_body(KeyId key, Seq seq) const override {
    std::vector<desk::Place> out;
    for (auto row = ids_.lower_bound({{key, seq, 0}, {}});
         row != ids_.end() && row->first.key == key && row->first.seq == seq; ++row)
      out.push_back(row->second);
    return out;
  }
  [[nodiscard]] std::vector<desk::Place> naming(const ReportId& id) const override { return of(naming_, id); }
  [[nodiscard]] std::vector<desk::Place> members(const desk::Series& series) const override {
    return of(members_, series);
  }
  void put(const desk::Place& place, const desk::Settled& settled) override { held_[place] = settled; }
  void drop(const desk::Place& place) override { held_.erase(place); }
  void put_best(const desk::Series& series, desk::Fate line, const desk::Best& best) override {
    best_[{series, line}] = best;
  }
  void link(const desk::Place& place, const desk::Facts& facts) override {
    ids_.insert({facts.id, place});
    members_[desk::series_of(facts)].insert(place);
    if (facts.kind == desk::Kind::initial) return;
    for (const ReportId& parent : facts.parents) naming_[parent].insert(place);
  }
  void unlink(const desk::Place& place, const desk::Facts& facts) override {
    ids_.erase({facts.id, place});
    members_[desk::series_of(facts)].erase(place);
    for (const ReportId& parent : facts.parents) naming_[parent].erase(place);
  }
  template <typename See>
  void each_best(See see) const {
    for (const auto& [key, best] : best_) see(key.first, key.second, best);
  }

 private:
  template <typename Key>
  static std::vector<desk::Place> of(const std::map<Key, std::set<desk::Place>>& rows, const Key& key) {
    const auto row = rows.find(key);
    return row == rows.end() ? std::vector<desk::Place>{}
                             : std::vector<desk::Place>(row->second.begin(), row->second.end());
  }
  std::map<desk::Place, desk::Settled> held_;
  std::map<std::pair<desk::Series, desk::Fate>, desk::Best> best_;
  std::set<std::pair<ReportId, desk::Place>> ids_;
  std::map<ReportId, std::set<desk::Place>> naming_;
  std::map<desk::Series, std::set<desk::Place>> members_;
};

}  // namespace noroshi::test
