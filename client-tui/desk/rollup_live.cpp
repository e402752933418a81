// The board: rows in piles by place, each pile counted again when one of its rows has changed.
#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include "client-tui/desk/rollup.hpp"
#include "client-tui/desk/rollup_part.hpp"
#include "proto/forms/derive.hpp"
#include "proto/forms/six.hpp"

namespace noroshi::desk {

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

const FieldInfo* mesh_field(const forms::FormInfo* form) {
  if (form == nullptr) return nullptr;
  const auto found = std::ranges::find_if(form->fields, [](const FieldInfo& field) {
    return field.derive && field.derive->how == forms::Derivation::How::mesh;
  });
  return found == form->fields.end() ? nullptr : &*found;
}

/// 0: its form derives no mesh, or it has no position.
std::uint32_t mesh_of(const forms::Report& report, const forms::Catalogue& catalogue) {
  const forms::FormInfo* form = catalogue.form(report.form, report.version);
  const FieldInfo* field = mesh_field(form);
  if (field == nullptr) return 0;
  const auto value = forms::derived_value(*field, report, *form, catalogue);
  const auto* mesh = value ? std::get_if<std::int64_t>(&*value) : nullptr;
  return mesh != nullptr ? static_cast<std::uint32_t>(*mesh) : 0;
}

bool settled(const forms::Report& report, const FieldInfo& field) {
  if (const auto* count = report.get<Count>(field.number)) return count->state != CountState::unconfirmed;
  const std::uint32_t code = report.code(field.number);
  if (code == 0) return false;
  const auto* known = field.list != nullptr ? field.list->by_number(code) : nullptr;
  return known == nullptr || known->name != "unconfirmed";
}

/// What one row adds to the piles it is in.
class Terms {
 public:
  Terms(const forms::Report& report, const forms::Catalogue& catalogue)
      : report_(report), catalogue_(catalogue), form_(catalogue.form(report.form, report.version)) {}

  void fill(Filling& part, const BoardRow& row) const {
    if (form_ == nullptr) return;
    for (const FieldInfo& field : form_->fields) {
      // What remains of each unit adds up to what remains of all: derived counts are summed row by row.
      const bool derived = field.derive && field.kind == forms::Kind::count;
      if (field.aggregation == forms::Aggregation::sum || derived) {
        add_count(part, row, field);
      } else if (row.added) {
        add_other(part, field);
      }
    }
    if (!row.added) return;
    for (const SixSettled& six : six_settled()) {
      const std::uint32_t key = report_.code(six.six);
      const bool said = std::all_of(six.by.begin(), six.by.end(), [&](std::string_view own) {
        const FieldInfo* field = catalogue_.field(*form_, own);
        return field != nullptr && settled(report_, *field);
      });
      if (key != 0 && !said) ++part.part().six[six.six][key];
    }
  }

  /// Households that somebody has looked at: nobody's word for all of them unless it says so.
  Sum checked(const ExpectedUnit* unit) const {
    Sum sum;
    const auto scope = static_cast<forms::CheckedScope>(report_.code(forms::field::checked_scope));
    const auto said = count_of(report_, forms::field::checked_households);
    if (scope == forms::CheckedScope::office) {
      sum += Count{0, CountState::exact};
    } else if (said) {
      sum += *said;
    } else if (scope != forms::CheckedScope::all) {
      sum += Count{0, CountState::unconfirmed};
    } else if (const auto served = count_of(report_, forms::field::households_served)) {
      sum += *served;
    } else if (unit != nullptr && unit->municipalities.size() <= 1) {
      sum += Count{unit->households_served, CountState::exact};
    } else {
      sum += Count{0, CountState::unconfirmed};
    }
    return sum;
  }

 private:
  void add_count(Filling& part, const BoardRow& row, const FieldInfo& field) const {
    const auto term = term_of(field);
    if (!term) return;
    Lanes& lanes = part.lanes(field.number, scope_of(field, *term));
    if (row.beside) {
      lanes.hearsay += *term;
    } else if (row.verdict == Verdict::held) {
      lanes.held += *term;
    } else if (row.added) {
      lanes.sum += *term;
      if (row.verdict == Verdict::confirmed) lanes.verified += *term;
    }
  }
  /// What a row adds to a total. Whole numbers may be wider than a count: the damage of an accident in yen. A
  /// decimal whose unit another field says (quantities of whatever is asked for) has no total.
  std::optional<Sum> term_of(const FieldInfo& field) const {
    if (const auto* number = report_.get<std::int64_t>(field.number)) return of_number(*number);
    if (const auto* decimal = report_.get<forms::Decimal>(field.number)) {
      if (field.unit.ja.empty()) return std::nullopt;
      return of_number(decimal->scaled);
    }
    Sum out;
    const auto derived = forms::derived_value(field, report_, *form_, catalogue_);
    const auto* count = derived ? std::get_if<Count>(&*derived) : report_.get<Count>(field.number);
    if (count == nullptr) return std::nullopt;
    out += *count;
    return out;
  }
  static Sum of_number(std::int64_t number) {
    Sum out;
    out.value = static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0));
    out.added = 1;
    return out;
  }
  /// Zeros and what is no number need no scope; a number without one counts as of unknown scope.
  std::uint32_t scope_of(const FieldInfo& field, const Sum& term) const {
    if (!scoped(field.key)) return 0;
    const bool number = term.known() || std::any_of(term.magnitudes.begin(), term.magnitudes.end(),
                                                    [](std::uint32_t answers) { return answers != 0; });
    if (!number || (term.known() && term.value == 0 && term.state == CountState::exact)) return 0;
    const FieldInfo* scope = catalogue_.field(*form_, "cyl_scope");
    if (scope == nullptr || scope->list == nullptr) return 0;
    if (const std::uint32_t said = report_.code(scope->number)) return said;
    const auto* unknown = scope->list->by_name("unknown");
    return unknown != nullptr ? unknown->number : 0;
  }
  /// The newest time of all is the latest one; the newest number of all is nobody's.
  static bool has_extreme(const FieldInfo& field, const forms::Value& value) {
    if (std::holds_alternative<WallTime>(value) || std::holds_alternative<forms::Date>(value)) return true;
    const bool ordered =
        std::holds_alternative<std::int64_t>(value) || std::holds_alternative<forms::Decimal>(value);
    return ordered &&
           (field.aggregation == forms::Aggregation::min || field.aggregation == forms::Aggregation::max);
  }
  void add_other(Filling& part, const FieldInfo& field) const {
    if (field.aggregation == forms::Aggregation::none || field.aggregation == forms::Aggregation::derive)
      return;
    const bool is_six = std::find(forms::kSixFields.begin(), forms::kSixFields.end(), field.number) !=
                        forms::kSixFields.end();
    const forms::Value* value = is_six ? nullptr : report_.find(field.number);
    if (value == nullptr) return;
    auto& tallies = part.part().tallies;
    if (const auto* code = std::get_if<forms::CodeValue>(value)) {
      ++tallies[field.number][code->number];
    } else if (const auto* answer = std::get_if<forms::Answer>(value)) {
      ++tallies[field.number][static_cast<std::uint32_t>(*answer)];
    } else if (const auto* set = std::get_if<forms::CodeSet>(value)) {
      for (std::uint32_t member = 1; member <= 63; ++member) {
        if (set->has(member)) ++tallies[field.number][member];
      }
    } else if (has_extreme(field, *value)) {
      part.add_extreme(field, *value);
    }
  }

  const forms::Report& report_;
  const forms::Catalogue& catalogue_;
  const forms::FormInfo* form_;
};

}  // namespace

struct LiveBoard::Impl {
  Impl(BoardQuery its_query, std::vector<ExpectedUnit> its_units, const forms::Catalogue& its_catalogue)
      : query(std::move(its_query)),
        units(std::move(its_units)),
        catalogue(&its_catalogue),
        has_mesh(mesh_field(catalogue->form(query.form)) != nullptr) {
    for (const ExpectedUnit& unit : units) listed_units.emplace(unit.id, &unit);
    expect();
  }

  struct Row {
    Standing standing;
    BoardRow row;
    bool rollup = false;  // says that it is one
    std::vector<Warning> warnings;
  };
  /// Rows of one place, and what they come to.
  struct Pile {
    explicit Pile(std::uint32_t place) : expected(place), filled(place) {}
    Filling expected;  // nothing heard yet
    std::set<std::size_t> rows;
    bool stale = true;
    Filling filled;
    Part part;
  };
  using Piles = std::map<std::uint32_t, Pile>;

  const ExpectedUnit* listed(UnitId unit) const {
    const auto found = listed_units.find(unit);
    return found == listed_units.end() ? nullptr : found->second;
  }
  static Pile& in(Piles& piles, std::uint32_t place) { return piles.try_emplace(place, place).first->second; }
  /// Every pile that a row belongs to.
  template <typename Act>
  void each_pile(const BoardRow& row, Act act) {
    act(in(prefectures, row.prefecture));
    act(in(municipalities, row.municipality));
    if (has_mesh) act(in(meshes, row.mesh));
  }

  /// Which units belong to the incident, and to which places.
  void expect() {
    for (const auto& [id, unit] : listed_units) {
      std::set<std::uint8_t> of_unit;
      for (const std::uint32_t municipality : unit->municipalities)
        of_unit.insert(static_cast<std::uint8_t>(municipality / 1000));
      if (of_unit.empty()) of_unit.insert(unit->prefecture);
      if (!concerned(of_unit)) continue;
      expected.insert(id);
      everywhere.expect(*unit, true);
      for (const std::uint8_t prefecture : of_unit)
        in(prefectures, prefecture).expected.expect(*unit, of_unit.size() == 1);
      for (const std::uint32_t municipality : unit->municipalities)
        in(municipalities, municipality).expected.expect(*unit, unit->municipalities.size() == 1);
    }
  }
  bool concerned(const std::set<std::uint8_t>& of_unit) const {
    const auto& asked = query.prefectures;
    return asked.empty() || std::any_of(asked.begin(), asked.end(), [&](std::uint8_t prefecture) {
             return of_unit.count(prefecture) > 0;
           });
  }

  // ---- rows

  void put(std::size_t number, Standing standing) {
    drop(number);
    Row made;
    const Facts& facts = standing.reading.facts;
    BoardRow& row = made.row;
    row.reading = number;
    row.unit = facts.unit;
    row.municipality = facts.municipality;
    row.prefecture = static_cast<std::uint8_t>(facts.municipality / 1000);
    const ExpectedUnit* unit = listed(facts.unit);
    if (unit != nullptr && row.municipality == 0 && unit->municipalities.size() == 1) {
      row.municipality = unit->municipalities.front();
      row.prefecture = static_cast<std::uint8_t>(row.municipality / 1000);
    }
    if (unit != nullptr && row.prefecture == 0) row.prefecture = unit->prefecture;
    row.mesh = mesh_of(standing.reading.report, *catalogue);
    row.verdict = standing.verdict;
    row.beside = standing.beside;
    row.added = !row.beside && row.verdict != Verdict::held;
    row.fold = standing.fold;
    const auto source =
        static_cast<forms::SourceKind>(standing.reading.report.code(forms::field::source_kind));
    made.rollup = source == forms::SourceKind::rollup && !row.beside;
    doubts(made.warnings, row, standing.reading);
    made.standing = std::move(standing);
    each_pile(row, [&](Pile& pile) { pile.rows.insert(number); });
    touch(row);
    rows.emplace(number, std::move(made));
  }
  void drop(std::size_t number) {
    const auto found = rows.find(number);
    if (found == rows.end()) return;
    const BoardRow& row = found->second.row;
    each_pile(row, [&](Pile& pile) { pile.rows.erase(number); });
    touch(row);
    rows.erase(found);
  }
  void touch(const BoardRow& row) {
    each_pile(row, [](Pile& pile) { pile.stale = true; });
    stale = true;
  }

  static Warning warning(WarningKind kind, const Facts& facts) { return {kind, facts.unit, facts.id, {}, 0}; }
  void doubts(std::vector<Warning>& out, const BoardRow& row, const Reading& read) const {
    const auto warn_if = [&](bool condition, WarningKind kind) {
      if (condition) out.push_back(warning(kind, read.facts));
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
  }

  // ---- the board

  /// A roll-up of a unit is not added to the reports of the units below it.
  void leave_out_rollups() {
    std::set<UnitId> have_finer;
    for (const auto& [number, held] : rows) {
      if (held.row.beside) continue;
      const ExpectedUnit* unit = listed(held.row.unit);
      // A unit that was marked has marked those above it; a register that goes in circles ends there too.
      while (unit != nullptr && unit->parent.value != 0 && have_finer.insert(unit->parent).second)
        unit = listed(unit->parent);
    }
    for (auto& [number, held] : rows) {
      if (!held.rollup) continue;
      const bool left_out = have_finer.count(held.row.unit) > 0;
      if (left_out)
        board.warnings.push_back(warning(WarningKind::rollup_not_added, held.standing.reading.facts));
      const bool added = held.row.verdict != Verdict::held && !left_out;
      if (added == held.row.added) continue;
      held.row.added = added;
      touch(held.row);
    }
  }

  void count(Pile& pile) {
    if (!pile.stale) return;
    pile.stale = false;
    pile.filled = pile.expected;
    for (const std::size_t number : pile.rows) {
      const Row& held = rows.at(number);
      const Terms terms(held.standing.reading.report, *catalogue);
      if (!held.row.beside)
        pile.filled.hear(held.row.unit, held.standing.reading.facts.as_of,
                         held.row.added ? terms.checked(listed(held.row.unit)) : Sum{});
      terms.fill(pile.filled, held.row);
    }
    pile.part = pile.filled.finish();
  }
  /// Places with rows or expected units; the unknown place comes last, if anything is there.
  std::vector<Part> count(Piles& piles) {
    std::vector<Part> out;
    for (auto& [place, pile] : piles) {
      count(pile);
      const bool empty = pile.rows.empty() && pile.part.coverage.units_expected == 0;
      if (place != 0 && !empty) out.push_back(pile.part);
    }
    const auto unknown = piles.find(0);
    if (unknown == piles.end()) return out;
    if (!unknown->second.rows.empty() || unknown->second.part.coverage.units_expected > 0)
      out.push_back(unknown->second.part);
    return out;
  }

  Board make() {
    board = {};
    board.query = query;
    leave_out_rollups();
    board.by(Division::prefecture) = count(prefectures);
    board.by(Division::municipality) = count(municipalities);
    board.by(Division::mesh) = count(meshes);
    Filling all = everywhere;
    const forms::FormInfo* form = catalogue->form(query.form);
    for (const auto& [place, pile] : prefectures) {
      if (form != nullptr) all.add(pile.filled, *form, *catalogue);
    }
    board.all = all.finish();
    gather_rows();
    warn(form);
    stale = false;
    return std::exchange(board, {});
  }
  void gather_rows() {
    std::set<UnitId> heard;
    for (const auto& [number, held] : rows) {
      board.rows.push_back(held.row);
      if (!held.row.beside) heard.insert(held.row.unit);
      if (held.row.added)
        board.as_of = std::max(board.as_of, std::optional(held.standing.reading.facts.as_of));
    }
    const auto id = [this](const BoardRow& row) { return rows.at(row.reading).standing.reading.facts.id; };
    std::sort(board.rows.begin(), board.rows.end(), [&](const BoardRow& a, const BoardRow& b) {
      const auto place = [](const BoardRow& row) {
        return std::tie(row.beside, row.prefecture, row.municipality, row.unit);
      };
      return place(a) != place(b) ? place(a) < place(b) : id(a) < id(b);
    });
    for (const UnitId unit : expected) {
      if (heard.count(unit) == 0) board.not_heard.push_back(unit);
    }
  }
  void warn(const forms::FormInfo* form) {
    std::vector<Warning>& out = board.warnings;
    for (const auto& [number, found] : evidence) out.push_back(found);
    for (const auto& [number, held] : rows) out.insert(out.end(), held.warnings.begin(), held.warnings.end());
    for (const auto& [field, total] : board.all.totals) {
      const FieldInfo* info = form != nullptr ? catalogue->field(*form, field) : nullptr;
      if (!total.other_scopes.empty() && info != nullptr)
        out.push_back({WarningKind::scope_clash, {}, {}, info->key, total.other_scopes.size() + 1});
    }
    const auto count_warning = [&](WarningKind kind, std::uint64_t number) {
      if (number > 0) out.push_back({kind, {}, {}, {}, number});
    };
    count_warning(WarningKind::not_heard, board.not_heard.size());
    count_warning(WarningKind::pending, pending);
    count_warning(WarningKind::exercise_elsewhere, query.exercise ? 0 : in_exercises);
    std::sort(out.begin(), out.end(), [](const Warning& a, const Warning& b) {
      return std::tie(a.kind, a.unit, a.report, a.field) < std::tie(b.kind, b.unit, b.report, b.field);
    });
  }

  BoardQuery query;
  std::vector<ExpectedUnit> units;
  const forms::Catalogue* catalogue;
  bool has_mesh;
  std::map<UnitId, const ExpectedUnit*> listed_units;
  std::set<UnitId> expected;
  Filling everywhere{0};
  Piles prefectures, municipalities, meshes;
  std::map<std::size_t, Row> rows;
  std::map<std::size_t, Warning> evidence;
  std::uint64_t pending = 0, in_exercises = 0;
  bool stale = true;
  Board board;  // while it is made
};

LiveBoard::LiveBoard(BoardQuery query, std::vector<ExpectedUnit> units, const forms::Catalogue& catalogue)
    : impl_(std::make_unique<Impl>(std::move(query), std::move(units), catalogue)) {}
LiveBoard::LiveBoard(LiveBoard&&) noexcept = default;
LiveBoard& LiveBoard::operator=(LiveBoard&&) noexcept = default;
LiveBoard::~LiveBoard() = default;

void LiveBoard::put(std::size_t number, Standing standing) {
  impl_->put(number, std::move(standing));
}
void LiveBoard::drop(std::size_t number) {
  impl_->drop(number);
}
void LiveBoard::put_evidence(std::size_t number, const Facts& facts, const Doubts& doubts, Fate fate) {
  const WarningKind kind = fate == Fate::equivocal          ? WarningKind::equivocal
                           : doubts.dead && !doubts.revoked ? WarningKind::dead
                                                            : WarningKind::quarantined;
  impl_->evidence[number] = Impl::warning(kind, facts);
  impl_->stale = true;
}
void LiveBoard::drop_evidence(std::size_t number) {
  impl_->stale = impl_->evidence.erase(number) > 0 || impl_->stale;
}
void LiveBoard::set_elsewhere(std::uint64_t pending, std::uint64_t in_exercises) {
  impl_->stale = impl_->stale || impl_->pending != pending || impl_->in_exercises != in_exercises;
  impl_->pending = pending;
  impl_->in_exercises = in_exercises;
}
bool LiveBoard::stale() const {
  return impl_->stale;
}
Board LiveBoard::board() {
  return impl_->make();
}
const Reading* LiveBoard::reading(std::size_t number) const {
  const auto found = impl_->rows.find(number);
  return found == impl_->rows.end() ? nullptr : &found->second.standing.reading;
}

}  // namespace noroshi::desk
