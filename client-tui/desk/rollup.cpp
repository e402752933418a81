#include "client-tui/desk/rollup.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "client-tui/desk/rollup_part.hpp"
#include "proto/forms/derive.hpp"
#include "proto/forms/six.hpp"

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
    case WarningKind::over_register: return "over_register";
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

using forms::Count;
using forms::CountState;
using forms::FieldInfo;
using forms::FieldNo;

/// Fields of F1 that settle one of the six answers: until all of them are set, the answer stands beside.
struct SixSettled {
  FieldNo six;
  std::vector<std::string_view> by;
};
const std::vector<SixSettled>& six_settled() {
  static const std::vector<SixSettled> table{
      {forms::field::six_people, {"staff_safety", "deaths", "serious_inj", "minor_inj"}},
      {forms::field::six_danger, {"gas_leaks", "fires", "explosions"}},
      {forms::field::six_supply, {"households_stopped"}},
      {forms::field::six_cylinders, {"cyl_lost", "cyl_fallen", "cyl_buried"}},
      {forms::field::six_mobility, {"can_deliver"}},
      {forms::field::six_help, {"help_needed"}},
  };
  return table;
}

/// Cylinders: at consumers, at dealers and elsewhere they are counted apart (cyl_scope). F1's, and F2's over
/// time.
bool scoped(std::string_view key) {
  static constexpr std::string_view kCylinders[] = {
      "cyl_lost",       "cyl_fallen",      "cyl_buried",    "cyl_lost_cum", "cyl_buried_cum",
      "cyl_fallen_cum", "cyl_damaged_cum", "cyl_recovered", "cyl_righted",  "cyl_outstanding"};
  return std::find(std::begin(kCylinders), std::end(kCylinders), key) != std::end(kCylinders);
}

/// A field's value as a count; nothing if it is none.
std::optional<Count> count_of(const forms::Report& report, FieldNo field) {
  if (const auto* count = report.get<Count>(field)) return *count;
  if (const auto* number = report.get<std::int64_t>(field)) {
    const auto bounded = std::clamp<std::int64_t>(*number, 0, forms::kCountMax);
    return Count{static_cast<std::uint32_t>(bounded), CountState::exact};
  }
  return std::nullopt;
}

bool settled(const forms::Report& report, const FieldInfo& field) {
  if (const auto* count = report.get<Count>(field.number)) return count->state != CountState::unconfirmed;
  const std::uint32_t code = report.code(field.number);
  if (code == 0) return false;
  const auto* known = field.list != nullptr ? field.list->by_number(code) : nullptr;
  return known == nullptr || known->name != "unconfirmed";
}

class RollUp {
 public:
  RollUp(std::span<const Reading> readings, std::span<const ExpectedUnit> units, const BoardQuery& query,
         const forms::Catalogue& catalogue)
      : readings_(readings), catalogue_(catalogue), verdicts_(verdicts(readings)) {
    board_.query = query;
    for (const ExpectedUnit& unit : units) register_.emplace(unit.id, &unit);
  }

  Board run() {
    choose();
    add_rows(folded_.standing, false);
    add_rows(folded_.beside, true);
    leave_out_rollups();
    expect();
    for (const BoardRow& row : board_.rows) count(row);
    finish();
    return std::move(board_);
  }

 private:
  const BoardQuery& query() const { return board_.query; }
  const Reading& reading(const BoardRow& row) const { return readings_[row.reading]; }

  /// Folds the reports of this form as of the asked time.
  void choose() {
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      Facts facts = readings_[i].facts;
      if (facts.form != query().form) continue;
      if (query().at && facts.as_of > *query().at && facts.kind != Kind::cancel) continue;
      if (facts.quarantined && verdict(facts.id) == Verdict::confirmed) facts.quarantined = false;
      places_.push_back(i);
      facts_.push_back(std::move(facts));
    }
    folded_ = fold(facts_);
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      if (folded_.entries[i].fate == Fate::quarantined && mine(facts_[i])) {
        const Doubts& doubts = readings_[places_[i]].doubts;
        warn(doubts.dead && !doubts.revoked ? WarningKind::dead : WarningKind::quarantined, facts_[i]);
      }
      if (folded_.entries[i].fate == Fate::equivocal && mine(facts_[i]))
        warn(WarningKind::equivocal, facts_[i]);
    }
  }
  bool mine(const Facts& facts) const {
    return facts.incident == query().incident && facts.exercise == query().exercise;
  }
  Verdict verdict(const ReportId& id) const {
    const auto found = verdicts_.find(id);
    return found == verdicts_.end() ? Verdict::unconfirmed : found->second;
  }

  void add_rows(const std::vector<std::size_t>& chosen, bool beside) {
    for (const std::size_t i : chosen) {
      const Facts& facts = facts_[i];
      if (!mine(facts)) {
        if (!beside && facts.exercise != query().exercise) ++elsewhere_;
        if (!beside && facts.exercise == query().exercise && facts.incident == IncidentId{}) ++pending_;
        continue;
      }
      BoardRow row;
      row.reading = places_[i];
      row.unit = facts.unit;
      row.municipality = facts.municipality;
      row.prefecture = static_cast<std::uint8_t>(facts.municipality / 1000);
      const ExpectedUnit* unit = listed(facts.unit);
      if (unit != nullptr && row.municipality == 0 && unit->municipalities.size() == 1) {
        row.municipality = unit->municipalities.front();
        row.prefecture = static_cast<std::uint8_t>(row.municipality / 1000);
      }
      if (unit != nullptr && row.prefecture == 0) row.prefecture = unit->prefecture;
      row.verdict = verdict(facts.id);
      row.beside = beside;
      row.added = !beside && row.verdict != Verdict::held;
      row.fold = folded_.entries[i];
      board_.rows.push_back(row);
    }
  }
  const ExpectedUnit* listed(UnitId unit) const {
    const auto found = register_.find(unit);
    return found == register_.end() ? nullptr : found->second;
  }

  /// A roll-up of a unit is not added to the reports of the units below it.
  void leave_out_rollups() {
    std::set<UnitId> have_finer;
    for (const BoardRow& row : board_.rows) {
      if (row.beside) continue;
      const ExpectedUnit* unit = listed(row.unit);
      // A unit that was marked has marked those above it; a register that goes in circles ends there too.
      while (unit != nullptr && unit->parent.value != 0 && have_finer.insert(unit->parent).second) {
        unit = listed(unit->parent);
      }
    }
    for (BoardRow& row : board_.rows) {
      const auto source = static_cast<forms::SourceKind>(reading(row).report.code(forms::field::source_kind));
      if (source != forms::SourceKind::rollup || have_finer.count(row.unit) == 0 || row.beside) continue;
      row.added = false;
      warn(WarningKind::rollup_not_added, reading(row).facts);
    }
  }

  /// Which units belong to the incident, and to which places.
  void expect() {
    for (const auto& [id, unit] : register_) {
      std::set<std::uint8_t> prefectures;
      for (const std::uint32_t municipality : unit->municipalities) {
        prefectures.insert(static_cast<std::uint8_t>(municipality / 1000));
      }
      if (prefectures.empty()) prefectures.insert(unit->prefecture);
      if (!concerned(prefectures)) continue;
      expected_.insert(id);
      all_.expect(*unit, true);
      for (const std::uint8_t prefecture : prefectures) {
        in(prefectures_, prefecture).expect(*unit, prefectures.size() == 1);
      }
      for (const std::uint32_t municipality : unit->municipalities) {
        in(municipalities_, municipality).expect(*unit, unit->municipalities.size() == 1);
      }
    }
  }
  bool concerned(const std::set<std::uint8_t>& prefectures) const {
    if (query().prefectures.empty()) return true;
    return std::any_of(query().prefectures.begin(), query().prefectures.end(),
                       [&](std::uint8_t prefecture) { return prefectures.count(prefecture) > 0; });
  }
  static Filling& in(std::map<std::uint32_t, Filling>& parts, std::uint32_t place) {
    return parts.try_emplace(place, place).first->second;
  }

  void count(const BoardRow& row) {
    const Facts& facts = reading(row).facts;
    for (Filling* part : {&all_, &in(prefectures_, row.prefecture), &in(municipalities_, row.municipality)}) {
      if (!row.beside) part->hear(row.unit, facts.as_of, row.added ? checked(row) : Sum{});
      fill(*part, row);
    }
    if (!row.beside) heard_.insert(row.unit);
    if (row.added && (!board_.as_of || *board_.as_of < facts.as_of)) board_.as_of = facts.as_of;
    doubts(row);
  }

  /// Households that somebody has looked at: nobody's word for all of them unless it says so.
  Sum checked(const BoardRow& row) const {
    const forms::Report& report = reading(row).report;
    Sum sum;
    const auto scope = static_cast<forms::CheckedScope>(report.code(forms::field::checked_scope));
    const auto said = count_of(report, forms::field::checked_households);
    const ExpectedUnit* unit = listed(row.unit);
    if (scope == forms::CheckedScope::office) {
      sum += Count{0, CountState::exact};
    } else if (said) {
      sum += *said;
    } else if (scope != forms::CheckedScope::all) {
      sum += Count{0, CountState::unconfirmed};
    } else if (const auto served = count_of(report, forms::field::households_served)) {
      sum += *served;
    } else if (unit != nullptr && unit->municipalities.size() <= 1) {
      sum += Count{unit->households_served, CountState::exact};
    } else {
      sum += Count{0, CountState::unconfirmed};
    }
    return sum;
  }

  void fill(Filling& part, const BoardRow& row) {
    const forms::Report& report = reading(row).report;
    const forms::FormInfo* form = catalogue_.form(report.form, report.version);
    if (form == nullptr) return;
    for (const FieldInfo& field : form->fields) {
      // What remains of each unit adds up to what remains of all: derived counts are summed row by row.
      const bool derived = field.derive && field.kind == forms::Kind::count;
      if (field.aggregation == forms::Aggregation::sum || derived) {
        add_count(part, row, *form, field);
      } else if (row.added) {
        add_other(part.part(), report, field);
      }
    }
    if (!row.added) return;
    for (const SixSettled& six : six_settled()) {
      const std::uint32_t key = report.code(six.six);
      const bool said = std::all_of(six.by.begin(), six.by.end(), [&](std::string_view own) {
        const FieldInfo* field = catalogue_.field(*form, own);
        return field != nullptr && settled(report, *field);
      });
      if (key != 0 && !said) ++part.part().six[six.six][key];
    }
  }

  void add_count(Filling& part, const BoardRow& row, const forms::FormInfo& form, const FieldInfo& field) {
    const forms::Report& report = reading(row).report;
    const auto term = term_of(report, form, field);
    if (!term) return;
    Lanes& lanes = part.lanes(field.number, scope_of(report, form, field, *term));
    if (row.beside) {
      lanes.hearsay += *term;
    } else if (row.verdict == Verdict::held) {
      lanes.held += *term;
    } else if (row.added) {
      lanes.sum += *term;
      if (row.verdict == Verdict::confirmed) lanes.verified += *term;
    }
  }
  /// What a row adds to a total. Whole numbers may be wider than a count: the damage of an accident in yen.
  std::optional<Sum> term_of(const forms::Report& report, const forms::FormInfo& form,
                             const FieldInfo& field) const {
    Sum out;
    if (const auto* number = report.get<std::int64_t>(field.number)) {
      out.value = static_cast<std::uint64_t>(std::max<std::int64_t>(*number, 0));
      out.added = 1;
      return out;
    }
    const auto derived = forms::derived_value(field, report, form, catalogue_);
    const auto* count = derived ? std::get_if<Count>(&*derived) : report.get<Count>(field.number);
    if (count == nullptr) return std::nullopt;
    out += *count;
    return out;
  }
  /// Zeros and what is no number need no scope; a number without one counts as of unknown scope.
  std::uint32_t scope_of(const forms::Report& report, const forms::FormInfo& form, const FieldInfo& field,
                         const Sum& term) const {
    if (!scoped(field.key)) return 0;
    const bool number = term.known() || std::any_of(term.magnitudes.begin(), term.magnitudes.end(),
                                                    [](std::uint32_t answers) { return answers != 0; });
    if (!number || (term.known() && term.value == 0 && term.state == CountState::exact)) return 0;
    const FieldInfo* scope = catalogue_.field(form, "cyl_scope");
    if (scope == nullptr || scope->list == nullptr) return 0;
    if (const std::uint32_t said = report.code(scope->number)) return said;
    const auto* unknown = scope->list->by_name("unknown");
    return unknown != nullptr ? unknown->number : 0;
  }

  static void add_other(Part& part, const forms::Report& report, const FieldInfo& field) {
    if (field.aggregation == forms::Aggregation::none || field.aggregation == forms::Aggregation::derive)
      return;
    const bool is_six = std::find(forms::kSixFields.begin(), forms::kSixFields.end(), field.number) !=
                        forms::kSixFields.end();
    if (is_six) return;
    const forms::Value* value = report.find(field.number);
    if (value == nullptr) return;
    if (const auto* code = std::get_if<forms::CodeValue>(value)) {
      ++part.tallies[field.number][code->number];
    } else if (const auto* answer = std::get_if<forms::Answer>(value)) {
      ++part.tallies[field.number][static_cast<std::uint32_t>(*answer)];
    } else if (const auto* set = std::get_if<forms::CodeSet>(value)) {
      for (std::uint32_t member = 1; member <= 63; ++member) {
        if (set->has(member)) ++part.tallies[field.number][member];
      }
    } else if (const auto* time = std::get_if<WallTime>(value)) {
      const auto [place, first] = part.times.try_emplace(field.number, *time);
      const bool earliest = field.aggregation == forms::Aggregation::min;
      if (!first) place->second = earliest ? std::min(place->second, *time) : std::max(place->second, *time);
    }
  }

  void warn(WarningKind kind, const Facts& facts, std::string field = {}, std::uint64_t number = 0,
            std::uint64_t other = 0) {
    board_.warnings.push_back({kind, facts.unit, facts.id, std::move(field), number, other});
  }
  void doubts(const BoardRow& row) {
    const Reading& read = reading(row);
    const auto warn_if = [&](bool condition, WarningKind kind) {
      if (condition) warn(kind, read.facts);
    };
    warn_if(row.fold.forked, WarningKind::forked);
    warn_if(row.fold.base_missing, WarningKind::base_missing);
    warn_if(row.fold.parent_kept, WarningKind::parent_kept);
    warn_if(row.fold.equivocal, WarningKind::equivocal);
    warn_if(read.doubts.time, WarningKind::time_doubtful);
    warn_if(read.doubts.certificate, WarningKind::certificate_expired);
    warn_if(read.doubts.roster, WarningKind::old_roster);
    warn_if(read.doubts.incomplete, WarningKind::incomplete);
    warn_if(read.doubts.unknown_fields, WarningKind::unknown_fields);
    warn_if(read.doubts.invalid, WarningKind::invalid);
    warn_if(row.verdict == Verdict::held, WarningKind::held);
    warn_if(row.beside, WarningKind::hearsay);
    const ExpectedUnit* unit = listed(row.unit);
    warn_if(unit == nullptr, WarningKind::unit_unlisted);
    const auto stopped = count_of(read.report, forms::field::households_stopped);
    if (unit != nullptr && unit->households_served > 0 && stopped && stopped->comparable() &&
        stopped->lo() > unit->households_served) {
      warn(WarningKind::over_register, read.facts, "households_stopped", unit->households_served,
           stopped->lo());
    }
  }

  void finish() {
    for (const UnitId unit : expected_) {
      if (heard_.count(unit) == 0) board_.not_heard.push_back(unit);
    }
    std::sort(board_.rows.begin(), board_.rows.end(), [](const BoardRow& a, const BoardRow& b) {
      return std::tie(a.beside, a.prefecture, a.municipality, a.unit, a.reading) <
             std::tie(b.beside, b.prefecture, b.municipality, b.unit, b.reading);
    });
    board_.all = all_.finish();
    board_.by_prefecture = take(prefectures_);
    board_.by_municipality = take(municipalities_);
    for (const auto& [field, total] : board_.all.totals) {
      const forms::FormInfo* form = catalogue_.form(query().form);
      const FieldInfo* info = form != nullptr ? catalogue_.field(*form, field) : nullptr;
      if (!total.other_scopes.empty() && info != nullptr) {
        board_.warnings.push_back(
            {WarningKind::scope_clash, {}, {}, info->key, total.other_scopes.size() + 1, 0});
      }
    }
    const auto count_warning = [this](WarningKind kind, std::uint64_t number) {
      if (number > 0) board_.warnings.push_back({kind, {}, {}, {}, number, 0});
    };
    count_warning(WarningKind::not_heard, board_.not_heard.size());
    count_warning(WarningKind::pending, pending_);
    count_warning(WarningKind::exercise_elsewhere, query().exercise ? 0 : elsewhere_);
    std::sort(board_.warnings.begin(), board_.warnings.end(), [](const Warning& a, const Warning& b) {
      return std::tie(a.kind, a.unit, a.report, a.field) < std::tie(b.kind, b.unit, b.report, b.field);
    });
  }
  static std::vector<Part> take(std::map<std::uint32_t, Filling>& parts) {
    std::vector<Part> out;
    for (auto& [place, filling] : parts) {
      if (place != 0) out.push_back(filling.finish());
    }
    const auto unknown = parts.find(0);
    if (unknown != parts.end()) out.push_back(unknown->second.finish());
    return out;
  }

  std::span<const Reading> readings_;
  const forms::Catalogue& catalogue_;
  std::map<ReportId, Verdict> verdicts_;
  std::map<UnitId, const ExpectedUnit*> register_;
  std::vector<std::size_t> places_;  // of facts_ in readings_
  std::vector<Facts> facts_;
  Folded folded_;
  Filling all_{0};
  std::map<std::uint32_t, Filling> prefectures_, municipalities_;
  std::set<UnitId> expected_, heard_;
  std::uint64_t elsewhere_ = 0, pending_ = 0;
  Board board_;
};

}  // namespace

Board roll_up(std::span<const Reading> readings, std::span<const ExpectedUnit> units, const BoardQuery& query,
              const forms::Catalogue& catalogue) {
  return RollUp(readings, units, query, catalogue).run();
}

}  // namespace noroshi::desk
