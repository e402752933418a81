#include "client-tui/desk/rollup.hpp"

#include <algorithm>
#include <tuple>

#include "client-tui/desk/rolled.hpp"

namespace noroshi::desk {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::unconfirmed: return "unconfirmed";
    case Verdict::confirmed: return "confirmed";
    case Verdict::held: return "held";
  }
  return "unconfirmed";
}

std::string_view name_of(WarningKind kind) {
  switch (kind) {
    case WarningKind::forked: return "forked";
    case WarningKind::base_missing: return "base_missing";
    case WarningKind::parent_kept: return "parent_kept";
    case WarningKind::equivocal: return "equivocal";
    case WarningKind::quarantined: return "quarantined";
    case WarningKind::dead: return "dead";
    case WarningKind::time_doubtful: return "time_doubtful";
    case WarningKind::certificate_expired: return "certificate_expired";
    case WarningKind::old_roster: return "old_roster";
    case WarningKind::incomplete: return "incomplete";
    case WarningKind::unknown_fields: return "unknown_fields";
    case WarningKind::invalid: return "invalid";
    case WarningKind::scope_clash: return "scope_clash";
    case WarningKind::rollup_not_added: return "rollup_not_added";
    case WarningKind::held: return "held";
    case WarningKind::hearsay: return "hearsay";
    case WarningKind::unit_unlisted: return "unit_unlisted";
    case WarningKind::exercise_elsewhere: return "exercise_elsewhere";
    case WarningKind::pending: return "pending";
    case WarningKind::not_heard: return "not_heard";
  }
  return "forked";
}

std::string_view name_of(Division division) {
  switch (division) {
    case Division::prefecture: return "pref";
    case Division::municipality: return "muni";
    case Division::mesh: return "mesh";
  }
  return "pref";
}
std::optional<Division> division_of(std::string_view name) {
  for (const Division division : kDivisions) {
    if (name == name_of(division)) return division;
  }
  return std::nullopt;
}

bool lies_in(const BoardRow& row, const Locality& at) {
  switch (at.division) {
    case Division::prefecture: return row.prefecture == at.place;
    case Division::municipality: return row.municipality == at.place;
    case Division::mesh: return row.mesh == at.place;
  }
  return false;
}
bool lies_in(const ExpectedUnit& unit, const Locality& at) {
  const auto any = [&](std::uint32_t divisor) {
    return std::ranges::any_of(
        unit.municipalities, [&](std::uint32_t municipality) { return municipality / divisor == at.place; });
  };
  if (at.division == Division::municipality) return any(1);
  if (at.division == Division::mesh) return false;
  return unit.municipalities.empty() ? unit.prefecture == at.place : any(1'000);
}

const Part* part_of(const Board& board, const Locality& at) {
  const std::vector<Part>& parts = board.by(at.division);
  const auto found = std::ranges::find(parts, at.place, &Part::place);
  return found == parts.end() ? nullptr : &*found;
}

std::vector<Locality> within(const Board& board, const std::optional<Locality>& at) {
  std::vector<Locality> out;
  const std::vector<Part>& prefectures = board.by(Division::prefecture);
  if (!at && prefectures.size() > 1) {
    for (const Part& part : prefectures) out.push_back({Division::prefecture, part.place});
    return out;
  }
  if (at && at->division != Division::prefecture) return out;
  for (const Part& part : board.by(Division::municipality)) {
    // Of unknown place in an unknown prefecture nobody knows which.
    const bool inside = !at || (part.place != 0 && part.place / 1'000 == at->place);
    if (inside) out.push_back({Division::municipality, part.place});
  }
  return out;
}

NoteAge age_of(const Facts& note) {
  return {note.created, note.id, note.msg};
}

Verdict verdict_of(forms::Verdict said) {
  switch (said) {
    case forms::Verdict::confirmed: return Verdict::confirmed;
    case forms::Verdict::held: return Verdict::held;
    default: return Verdict::unconfirmed;
  }
}

std::map<ReportId, Verdict> verdicts(std::span<const Reading> readings) {
  // Of one report the envelope that folding takes for it says whose unit it is.
  std::map<ReportId, const Facts*> originals;
  for (const Reading& reading : readings) {
    const Facts& facts = reading.facts;
    const auto [place, first] = originals.try_emplace(facts.id, &facts);
    const Facts& held = *place->second;
    if (!first && std::tie(facts.copy, facts.msg) < std::tie(held.copy, held.msg)) place->second = &facts;
  }

  struct Note {
    NoteAge age;
    Verdict verdict;
  };
  std::map<ReportId, Note> newest;
  for (const Reading& reading : readings) {
    const auto act = static_cast<forms::ActKind>(reading.report.code(forms::field::act_kind));
    if (reading.facts.form != 9 || act != forms::ActKind::verification || reading.facts.quarantined) continue;
    const auto* regarding = reading.report.get<forms::References>(forms::field::regarding);
    if (regarding == nullptr) continue;
    const auto said = static_cast<forms::Verdict>(reading.report.code(forms::field::verdict));
    const Note note{age_of(reading.facts), verdict_of(said)};
    for (const ReportId& target : *regarding) {
      const auto about = originals.find(target);
      if (about == originals.end() || about->second->association != reading.facts.signer.org) continue;
      const auto [place, first] = newest.try_emplace(target, note);
      if (!first && place->second.age < note.age) place->second = note;
    }
  }
  std::map<ReportId, Verdict> out;
  for (const auto& [id, note] : newest) out.emplace(id, note.verdict);
  return out;
}

namespace {

/// What stands of all reports at one moment.
class Choice {
 public:
  Choice(std::span<const Reading> readings, const BoardQuery& query)
      : readings_(readings), query_(query), verdicts_(verdicts(readings)) {
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      Facts facts = readings_[i].facts;
      if (query_.at && facts.as_of > *query_.at && facts.kind != Kind::cancel) continue;
      if (facts.quarantined && verdict(facts.id) == Verdict::confirmed) facts.quarantined = false;
      places_.push_back(i);
      facts_.push_back(std::move(facts));
    }
    folded_ = fold(facts_);
  }

  void put_into(LiveBoard& board) {
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      const Fate fate = folded_.entries[i].fate;
      if ((fate == Fate::quarantined || fate == Fate::equivocal) && mine(facts_[i]) && on_form(facts_[i]))
        board.put_evidence(places_[i], facts_[i], readings_[places_[i]].doubts, fate);
    }
    put_rows(board, folded_.standing, false);
    put_rows(board, folded_.beside, true);
    board.set_elsewhere(pending_, in_exercises_);
  }
  [[nodiscard]] std::vector<const Reading*> standing() const {
    std::vector<const Reading*> out;
    for (const std::size_t i : folded_.standing) {
      if (mine(facts_[i]) && verdict(facts_[i].id) != Verdict::held) out.push_back(&readings_[places_[i]]);
    }
    return out;
  }

 private:
  bool mine(const Facts& facts) const {
    return facts.incident == query_.incident && facts.exercise == query_.exercise;
  }
  bool on_form(const Facts& facts) const { return facts.form == query_.form; }
  Verdict verdict(const ReportId& id) const {
    const auto found = verdicts_.find(id);
    return found == verdicts_.end() ? Verdict::unconfirmed : found->second;
  }
  void put_rows(LiveBoard& board, const std::vector<std::size_t>& chosen, bool beside) {
    for (const std::size_t i : chosen) {
      const Facts& facts = facts_[i];
      if (!on_form(facts)) continue;
      if (mine(facts)) {
        board.put(places_[i], {readings_[places_[i]], folded_.entries[i], verdict(facts.id), beside});
      } else if (!beside) {
        if (facts.exercise) ++in_exercises_;
        if (facts.exercise == query_.exercise && facts.incident == IncidentId{}) ++pending_;
      }
    }
  }

  std::span<const Reading> readings_;
  const BoardQuery& query_;
  std::map<ReportId, Verdict> verdicts_;
  std::vector<std::size_t> places_;  // of facts_ in readings_
  std::vector<Facts> facts_;
  Folded folded_;
  std::uint64_t pending_ = 0, in_exercises_ = 0;
};

}  // namespace

Board roll_up(std::span<const Reading> readings, std::span<const ExpectedUnit> units, const BoardQuery& query,
              const forms::Catalogue& catalogue) {
  LiveBoard board(query, {units.begin(), units.end()}, catalogue);
  Choice(readings, query).put_into(board);
  return board.board();
}

std::vector<const Reading*> standing(std::span<const Reading> readings, const BoardQuery& query) {
  return Choice(readings, query).standing();
}

Rolled rolled_up(std::vector<Reading> readings, std::span<const ExpectedUnit> units, const BoardQuery& query,
                 const forms::Catalogue& catalogue) {
  Rolled out;
  out.board = roll_up(readings, units, query, catalogue);
  out.clashes = with_form(clashes(standing(readings, query), units, catalogue), query.form);
  for (BoardRow& row : out.board.rows) {
    out.readings.push_back(readings[row.reading]);
    row.reading = out.readings.size() - 1;
  }
  return out;
}

}  // namespace noroshi::desk
