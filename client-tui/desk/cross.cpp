#include "client-tui/desk/cross.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

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
  CrossCheck(std::span<const Reading> standing, std::span<const ExpectedUnit> units,
             const forms::Catalogue& catalogue)
      : standing_(standing), catalogue_(catalogue) {
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
    for (const Reading& reading : standing_)
      if (const FormInfo* form = form_of(reading);
          form && form->code == form_code && reading.facts.kind != Kind::cancel)
        out.push_back(&reading);
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
  static std::vector<ReportId> ids(const Group& first, const Group& then) {
    std::vector<ReportId> out;
    for (const auto* group : {&first, &then})
      for (const Reading* reading : *group) out.push_back(reading->facts.id);
    return out;
  }
  void say(CrossRule rule, std::vector<ReportId> reports, std::string field, std::int64_t said,
           std::int64_t against, Severity severity = Severity::warning) {
    clashes_.push_back({rule, severity, std::move(reports), std::move(field), said, against});
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
        say(CrossRule::recovered_over_count, ids(total->second, recovered), "cyl_recovered", one_by_one.lo,
            *counted.hi);
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
          say(CrossRule::accident_without_count, ids(totals, happened), kind.count, accident_count,
              *counted.hi, counted.exact ? Severity::error : Severity::warning);
        else if (counted.lo > accident_count)
          say(CrossRule::count_without_accident, ids(totals, happened), kind.count, counted.lo,
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
        say(CrossRule::over_delivered, ids({request}, delivered), "quantity", quantity, asked->scaled);
    }
  }
  // ---- X5 -----------------------------------------------------------------------------------------------
  void check_roads() {
    for (const auto& [place, observed] : by_place(of("F8")))
      for (const Reading* area : observed) {
        if (!road_closed(*area)) continue;
        for (const Reading* flash : of("F1"))
          if (flash->facts.municipality == place && flash->facts.as_of < area->facts.as_of &&
              code(*flash, "can_deliver") == "normal")
            say(CrossRule::delivers_on_cut_road, {flash->facts.id, area->facts.id}, "can_deliver", 0, 0);
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
    for (const Reading& reading : standing_) {
      const std::int64_t known = register_total(reading.facts.unit);
      if (known == 0 || is_rollup(reading)) continue;
      for (const std::string_view key : kHouseholds)
        if (const auto term = forms::term_of(value(reading, key)); term && term->lo > known)
          say(CrossRule::over_register, {reading.facts.id}, std::string(key), term->lo, known);
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
      say(CrossRule::same_object, {a.facts.id, b.facts.id}, "position", static_cast<std::int64_t>(metres),
          accuracy);
  }

  // ---- R9 -----------------------------------------------------------------------------------------------
  /// A roll-up of an association without a municipality is the total of its municipalities.
  void check_totals() {
    for (const Reading& total : standing_) {
      const FormInfo* form = form_of(total);
      if (!form || !is_rollup(total) || total.facts.municipality != 0) continue;
      Group parts;
      for (const Reading* part : of(form->code))
        if (!is_rollup(*part) && part->facts.association == total.facts.association &&
            part->facts.municipality != 0)
          parts.push_back(part);
      if (parts.empty()) continue;
      for (const FieldInfo& field : form->fields)
        if (field.kind == forms::Kind::count && field.aggregation == forms::Aggregation::sum)
          compare_total(total, parts, field);
    }
  }
  /// A field that no part says is not compared: nothing was rolled up under it.
  void compare_total(const Reading& total, const Group& parts, const FieldInfo& field) {
    const auto whole = forms::term_of(total.report.find(field.number));
    const bool any = std::any_of(parts.begin(), parts.end(), [&](const Reading* part) {
      return part->report.find(field.number) != nullptr;
    });
    if (!whole || !any) return;
    const Bounds added = sum(parts, field.key);
    const bool above = whole->hi && added.lo > *whole->hi;
    const bool below = added.hi && *added.hi < whole->lo;
    if (above || below)
      say(CrossRule::parts_not_total, ids({&total}, parts), field.key, added.lo, whole->lo,
          added.exact && whole->exact ? Severity::error : Severity::warning);
  }

  std::span<const Reading> standing_;
  const forms::Catalogue& catalogue_;
  std::map<UnitId, const ExpectedUnit*> register_;
  std::vector<Clash> clashes_;
};

/// Label of a field by key, in whichever form has it.
std::string label_of(std::string_view key, const forms::Catalogue& catalogue, forms::Language language) {
  for (const FormInfo& form : catalogue.forms())
    if (const FieldInfo* field = catalogue.field(form, key)) return field->label.in(language);
  return std::string(key);
}

/// What `said` and `against` are, for a person.
std::pair<std::string, std::string> words_of(CrossRule rule, bool ja) {
  switch (rule) {
    case CrossRule::recovered_over_count:
      return {ja ? "個別報告の合計" : "one by one", ja ? "集計の報告" : "counted"};
    case CrossRule::accident_without_count:
      return {ja ? "事故報告の件数" : "accident reports", ja ? "累計の報告" : "counted"};
    case CrossRule::count_without_accident:
      return {ja ? "累計の報告" : "counted", ja ? "事故報告の件数" : "accident reports"};
    case CrossRule::over_delivered: return {ja ? "到着" : "delivered", ja ? "要請" : "asked for"};
    case CrossRule::delivers_on_cut_road:
      return {ja ? "通常のままです" : "still normal", ja ? "道路は通行止めです" : "the road is closed"};
    case CrossRule::over_register: return {ja ? "報告" : "reported", ja ? "台帳" : "register"};
    case CrossRule::same_object:
      return {ja ? "同じ物かもしれません。距離" : "may be one object: distance", ja ? "精度" : "accuracy"};
    case CrossRule::parts_not_total:
      return {ja ? "市区町村の合計" : "municipalities", ja ? "集計" : "roll-up"};
  }
  return {};
}

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

std::vector<Clash> clashes(std::span<const Reading> standing, std::span<const ExpectedUnit> units,
                           const forms::Catalogue& catalogue) {
  return CrossCheck(standing, units, catalogue).run();
}

std::string format(const Clash& clash, forms::Language language, const forms::Catalogue& catalogue) {
  const bool ja = language == forms::Language::ja;
  const auto [said, against] = words_of(clash.rule, ja);
  const std::string head =
      std::string(id_of(clash.rule)) + " " + label_of(clash.field, catalogue, language) + ": ";
  if (clash.rule == CrossRule::delivers_on_cut_road) return head + said + (ja ? "、" : ", ") + against;
  const std::int64_t scale = clash.rule == CrossRule::over_delivered ? 1000 : 1;
  const auto number = [&](std::int64_t value) {
    return scale == 1 ? fmt::format("{}", value) : fmt::format("{:g}", static_cast<double>(value) / 1000);
  };
  return head + said + " " + number(clash.said) + (ja ? "、" : ", ") + against + " " + number(clash.against) +
         (clash.rule == CrossRule::same_object ? " m" : "");
}

}  // namespace noroshi::desk
