#include "client-tui/desk/cross.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "client-tui/desk/by_key.hpp"
#include "client-tui/desk/support.hpp"
#include "proto/forms/places.hpp"
#include "proto/forms/terms.hpp"

namespace noroshi::desk {
namespace {

using forms::FieldInfo;
using forms::FormInfo;
using forms::Severity;
using forms::Term;

constexpr Seconds kSameFinding{6 * 3600};  // X9: found within six hours of each other

/// A sum with its bounds. What is not said adds nothing to the floor and takes the ceiling away.
struct Bounds {
  std::int64_t lo = 0;
  std::optional<std::int64_t> hi = 0;
  bool exact = true;

  void add(const std::optional<Term>& term) {
    lo += term ? term->lo : 0;
    hi = hi && term && term->hi ? std::optional(*hi + *term->hi) : std::nullopt;
    exact = exact && term && term->exact;
  }
};

class CrossCheck {
 public:
  CrossCheck(std::vector<const Reading*> standing, std::span<const ExpectedUnit> units,
             const forms::Catalogue& catalogue)
      : standing_(std::move(standing)), catalogue_(catalogue) {
    std::ranges::sort(standing_, {}, [](const Reading* reading) { return reading->facts.id; });
    for (const ExpectedUnit& unit : units) register_.emplace(unit.id, &unit);
  }

  std::vector<Clash> run() {
    check_recovered();
    check_accidents();
    check_deliveries();
    check_roads();
    check_register();
    check_same_objects();
    check_totals();
    return std::move(clashes_);
  }

 private:
  using Group = std::vector<const Reading*>;

  // ---- Values by key, so that a form of next year is read by its own numbers ----------------------------
  const FormInfo* form_of(const Reading& reading) const {
    return catalogue_.form(reading.report.form, reading.report.version);
  }
  const forms::Value* value(const Reading& reading, std::string_view key) const {
    return value_by_key(reading.report, key, catalogue_);
  }
  template <typename T>
  const T* get(const Reading& reading, std::string_view key) const {
    return get_by_key<T>(reading.report, key, catalogue_);
  }
  std::string code(const Reading& reading, std::string_view key) const {
    return code_by_key(reading.report, key, catalogue_);
  }
  Group of(std::string_view form_code) const {
    Group out;
    for (const Reading* reading : standing_)
      if (const FormInfo* form = form_of(*reading);
          form && form->code == form_code && reading->facts.kind != Kind::cancel)
        out.push_back(reading);
    return out;
  }
  bool is_rollup(const Reading& reading) const { return code(reading, "source_kind") == "rollup"; }
  /// By municipality; roll-ups would count their leaves twice.
  std::map<std::uint32_t, Group> by_place(const Group& readings) const {
    std::map<std::uint32_t, Group> out;
    for (const Reading* reading : readings)
      if (!is_rollup(*reading)) out[reading->facts.municipality].push_back(reading);
    return out;
  }
  Bounds sum(const Group& readings, std::string_view key) const {
    Bounds out;
    for (const Reading* reading : readings) out.add(forms::term_of(value(*reading, key)));
    return out;
  }
  static std::vector<Party> parties(const Group& first, const Group& then = {}) {
    std::vector<Party> out;
    for (const auto* group : {&first, &then})
      for (const Reading* reading : *group)
        out.push_back(
            {reading->facts.id, reading->facts.unit, reading->facts.form, reading->facts.municipality});
    return out;
  }
  void say(CrossRule rule, std::vector<Party> who, std::string field, std::int64_t said, std::int64_t against,
           Severity severity = Severity::warning) {
    clashes_.push_back({rule, severity, std::move(who), std::move(field), said, against});
  }

  // ---- X1 -----------------------------------------------------------------------------------------------
  void check_recovered() {
    const auto totals = by_place(of("F2"));
    for (const auto& [place, objects] : by_place(of("F3"))) {
      const auto total = totals.find(place);
      if (total == totals.end()) continue;
      Group recovered;
      for (const Reading* object : objects)
        if (code(*object, "recovery_state") == "recovered") recovered.push_back(object);
      const Bounds one_by_one = sum(recovered, "cyl_count"), counted = sum(total->second, "cyl_recovered");
      if (counted.hi && one_by_one.lo > *counted.hi)
        say(CrossRule::recovered_over_count, parties(total->second, recovered), "cyl_recovered",
            one_by_one.lo, *counted.hi);
    }
  }

  // ---- X2 -----------------------------------------------------------------------------------------------
  void check_accidents() {
    struct Kind {
      const char* count;
      std::set<std::string> phenomena;
    };
    static const Kind kinds[] = {{"leak_cum", {"leak", "leak_explosion", "leak_explosion_fire", "leak_fire"}},
                                 {"fire_cum", {"leak_explosion_fire", "leak_fire"}},
                                 {"explosion_cum", {"leak_explosion", "leak_explosion_fire"}}};
    auto accidents = by_place(of("F6"));
    for (const auto& [place, totals] : by_place(of("F2")))
      for (const Kind& kind : kinds) {
        Group happened;
        for (const Reading* accident : accidents[place])
          if (kind.phenomena.contains(code(*accident, "phenomenon"))) happened.push_back(accident);
        const Bounds counted = sum(totals, kind.count);
        const auto accident_count = static_cast<std::int64_t>(happened.size());
        if (counted.hi && accident_count > *counted.hi)
          say(CrossRule::accident_without_count, parties(totals, happened), kind.count, accident_count,
              *counted.hi, counted.exact ? Severity::error : Severity::warning);
        else if (counted.lo > accident_count)
          say(CrossRule::count_without_accident, parties(totals, happened), kind.count, counted.lo,
              accident_count);
      }
  }

  // ---- X3 -----------------------------------------------------------------------------------------------
  /// Answers name the request by its report or by its number; each is cumulative, so of one provider the
  /// newest counts.
  void check_deliveries() {
    const Group answers = of("F5");
    for (const Reading* request : of("F4")) {
      const auto* asked = get<forms::Decimal>(*request, "quantity");
      if (!asked) continue;
      std::map<UnitId, const Reading*> newest;
      for (const Reading* answer : answers) {
        if (!answers_to(answer->report, *request, catalogue_) ||
            !get<forms::Decimal>(*answer, "qty_delivered"))
          continue;
        const Reading*& held = newest[answer->facts.unit];
        if (!held || held->facts.as_of < answer->facts.as_of) held = answer;
      }
      Group delivered;
      std::int64_t quantity = 0;
      for (const auto& [unit, answer] : newest) {
        delivered.push_back(answer);
        quantity += get<forms::Decimal>(*answer, "qty_delivered")->scaled;
      }
      if (quantity > asked->scaled)
        say(CrossRule::over_delivered, parties({request}, delivered), "quantity", quantity, asked->scaled);
    }
  }
  // ---- X5 -----------------------------------------------------------------------------------------------
  /// Against the newest report of the place that has a road closed: one clash of each that still delivers.
  void check_roads() {
    std::map<std::uint32_t, const Reading*> closed;
    for (const Reading* area : of("F8")) {
      if (is_rollup(*area) || !road_closed(*area)) continue;
      const Reading*& newest = closed[area->facts.municipality];
      if (newest == nullptr || newest->facts.as_of < area->facts.as_of) newest = area;
    }
    for (const auto& [place, flashes] : by_place(of("F1"))) {
      const auto area = closed.find(place);
      if (area == closed.end()) continue;
      for (const Reading* flash : flashes)
        if (flash->facts.as_of < area->second->facts.as_of && code(*flash, "can_deliver") == "normal")
          say(CrossRule::delivers_on_cut_road, parties({flash}, {area->second}), "can_deliver", 0, 0);
    }
  }
  bool road_closed(const Reading& area) const {
    const auto* roads = get<forms::Group>(area, "roads");
    if (!roads) return false;
    const FieldInfo& field = *catalogue_.field(*form_of(area), "roads");
    return std::any_of(roads->rows.begin(), roads->rows.end(), [&](const forms::Row& row) {
      return std::any_of(field.columns.begin(), field.columns.end(), [&](const FieldInfo& column) {
        const auto cell = row.cells.find(column.number);
        if (column.key != "road_state" || cell == row.cells.end() || !column.list) return false;
        const auto* state = std::get_if<forms::CodeValue>(&cell->second);
        const auto* info = state ? column.list->by_number(state->number) : nullptr;
        return info && info->name == "road_close";
      });
    });
  }

  // ---- X7 -----------------------------------------------------------------------------------------------
  /// The register's figure of the unit, or of the nearest unit above it that has one.
  std::int64_t register_total(UnitId unit) const {
    std::set<UnitId> seen;
    for (auto at = register_.find(unit); at != register_.end() && seen.insert(at->first).second;
         at = register_.find(at->second->parent))
      if (at->second->households_served != 0) return at->second->households_served;
    return 0;
  }
  void check_register() {
    static constexpr std::string_view kHouseholds[] = {"households_served", "households_stopped",
                                                       "stopped_cum",       "checked_households",
                                                       "inspect_target",    "general_check_target"};
    for (const Reading* reading : standing_) {
      const std::int64_t known = register_total(reading->facts.unit);
      if (known == 0 || is_rollup(*reading)) continue;
      for (const std::string_view key : kHouseholds)
        if (const auto term = forms::term_of(value(*reading, key)); term && term->lo > known)
          say(CrossRule::over_register, parties({reading}), std::string(key), term->lo, known);
    }
  }

  // ---- X9 -----------------------------------------------------------------------------------------------
  void check_same_objects() {
    std::map<std::tuple<std::uint32_t, std::string, std::string>, Group> alike;
    for (const Reading* object : of("F3"))
      if (get<forms::Point>(*object, "position") && get<WallTime>(*object, "found_at"))
        alike[{object->facts.municipality, code(*object, "object_kind"), code(*object, "cyl_size")}]
            .push_back(object);
    const auto found_at = [&](const Reading* object) { return *get<WallTime>(*object, "found_at"); };
    for (auto& [kind, objects] : alike) {
      std::stable_sort(objects.begin(), objects.end(),
                       [&](const Reading* a, const Reading* b) { return found_at(a) < found_at(b); });
      for (std::size_t i = 0; i < objects.size(); ++i)
        for (std::size_t j = i + 1;
             j < objects.size() && found_at(objects[j]) - found_at(objects[i]) <= kSameFinding; ++j)
          compare(*objects[i], *objects[j]);
    }
  }
  /// The same site of the same unit is an update, not a doublet.
  void compare(const Reading& a, const Reading& b) {
    const auto *site_a = get<std::string>(a, "site_id"), *site_b = get<std::string>(b, "site_id");
    if (a.facts.unit == b.facts.unit && site_a && site_b && *site_a == *site_b) return;
    const auto &at = *get<forms::Point>(a, "position"), &there = *get<forms::Point>(b, "position");
    const std::uint32_t accuracy = std::max(at.accuracy_m.value_or(0), there.accuracy_m.value_or(0));
    const double metres = 1000 * forms::kilometres_between(at.lat_e5 / 1e5, at.lon_e5 / 1e5,
                                                           there.lat_e5 / 1e5, there.lon_e5 / 1e5);
    if (metres < accuracy)
      say(CrossRule::same_object, parties({&a}, {&b}), "position", static_cast<std::int64_t>(metres),
          accuracy);
  }

  // ---- R9 -----------------------------------------------------------------------------------------------
  /// A roll-up is the total of the units below its own, and one that has no municipality of its association.
  void check_totals() {
    for (const Reading* total : standing_) {
      const FormInfo* form = form_of(*total);
      if (!form || !is_rollup(*total)) continue;
      Group parts;
      for (const Reading* part : of(form->code))
        if (!is_rollup(*part) && is_part(*part, *total)) parts.push_back(part);
      if (parts.empty()) continue;
      for (const FieldInfo& field : form->fields)
        if (field.kind == forms::Kind::count && field.aggregation == forms::Aggregation::sum)
          compare_total(*total, parts, field);
    }
  }
  bool is_part(const Reading& part, const Reading& total) const {
    const bool of_association = total.facts.municipality == 0 && part.facts.municipality != 0 &&
                                part.facts.association == total.facts.association;
    return of_association || is_below(part.facts.unit, total.facts.unit);
  }
  bool is_below(UnitId unit, UnitId above) const {
    std::set<UnitId> seen;
    for (auto at = register_.find(unit); at != register_.end() && seen.insert(at->first).second;
         at = register_.find(at->second->parent))
      if (at->second->parent == above && above.value != 0) return true;
    return false;
  }
  /// A field that no part says is not compared: nothing was rolled up under it. One that some do not say
  /// is: what is missing in the sum is what somebody has to ask for, but it makes nobody wrong.
  void compare_total(const Reading& total, const Group& parts, const FieldInfo& field) {
    const auto whole = forms::term_of(total.report.find(field.number));
    Group said;
    std::ranges::copy_if(parts, std::back_inserter(said),
                         [&](const Reading* part) { return part->report.find(field.number) != nullptr; });
    if (!whole || said.empty()) return;
    const Bounds added = sum(said, field.key);
    const bool above = whole->hi && added.lo > *whole->hi;
    const bool below = added.hi && *added.hi < whole->lo;
    const bool exact = added.exact && whole->exact && said.size() == parts.size();
    if (above || below)
      say(CrossRule::parts_not_total, parties({&total}, said), field.key, added.lo, whole->lo,
          exact ? Severity::error : Severity::warning);
  }

  std::vector<const Reading*> standing_;  // by id
  const forms::Catalogue& catalogue_;
  std::map<UnitId, const ExpectedUnit*> register_;
  std::vector<Clash> clashes_;
};

/// Which forms are held against each other; X7, X9 and R9 look at one form alone.
constexpr std::pair<std::string_view, std::string_view> kTogether[] = {
    {"F2", "F3"}, {"F2", "F6"}, {"F4", "F5"}, {"F1", "F8"}};

}  // namespace

std::string_view id_of(CrossRule rule) {
  static constexpr std::string_view kIds[] = {"X1", "X2", "X2", "X3", "X5", "X7", "X9", "R9"};
  return kIds[static_cast<std::size_t>(rule)];
}

std::string_view name_of(CrossRule rule) {
  static constexpr std::string_view kNames[] = {
      "recovered_over_count", "accident_without_count", "count_without_accident",
      "over_delivered",       "delivers_on_cut_road",   "over_register",
      "same_object",          "parts_not_total"};
  return kNames[static_cast<std::size_t>(rule)];
}

std::vector<forms::FormNo> held_against(forms::FormNo form, const forms::Catalogue& catalogue) {
  std::vector<forms::FormNo> out{form};
  for (const auto& [one, other] : kTogether) {
    const FormInfo *first = catalogue.form(one), *second = catalogue.form(other);
    if (first == nullptr || second == nullptr) continue;
    if (first->number == form) out.push_back(second->number);
    if (second->number == form) out.push_back(first->number);
  }
  return out;
}

std::vector<Clash> clashes(std::vector<const Reading*> standing, std::span<const ExpectedUnit> units,
                           const forms::Catalogue& catalogue) {
  return CrossCheck(std::move(standing), units, catalogue).run();
}

std::vector<Clash> with_form(std::vector<Clash> clashes, forms::FormNo form) {
  std::erase_if(clashes, [&](const Clash& clash) {
    return std::ranges::find(clash.parties, form, &Party::form) == clash.parties.end();
  });
  return clashes;
}

}  // namespace noroshi::desk
