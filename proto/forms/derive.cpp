#include "proto/forms/derive.hpp"

#include <algorithm>

#include "proto/forms/terms.hpp"

namespace noroshi::forms {
namespace {

/// A derived value may stand on another; a catalogue whose values stand on each other in a circle says
/// nothing.
constexpr int kDepthMax = 4;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kJapanSeconds = 9 * 3600;

Date day_of(WallTime time) {
  const std::int64_t seconds = time.s + kJapanSeconds;
  return {static_cast<std::int32_t>(seconds / kDaySeconds - (seconds % kDaySeconds < 0 ? 1 : 0))};
}

/// A count under way: it may leave the range of a Count, or be unknown.
struct Tally {
  std::int64_t value = 0;
  CountState state = CountState::exact;

  void add(const Count& count) {
    value += count.value;
    state = join(state, count.state);
  }
  /// 100 − 10未満: at most 9 go, so 91 or more stay; 100 − 10以上: 90 or fewer, so under 91.
  void take(const Count& count) {
    const bool bound = count.state == CountState::less_than || count.state == CountState::at_least;
    const CountState turned = count.state == CountState::less_than  ? CountState::at_least
                              : count.state == CountState::at_least ? CountState::less_than
                                                                    : count.state;
    value += (bound ? 1 : 0) - std::int64_t{count.value};
    state = join(state, turned);
  }
  [[nodiscard]] std::optional<Value> result() const {
    const std::int64_t least = state == CountState::less_than ? 1 : 0;
    if (value < least || value > kCountMax) return std::nullopt;
    return Count{static_cast<std::uint32_t>(value), state};
  }
};

/// States that are added: their number stands for a quantity, not for a decade.
bool is_number(const Count& count) {
  return has_value(count.state) && count.state != CountState::magnitude;
}

class Deriver {
 public:
  Deriver(const Report& report, const FormInfo& form, const Catalogue& catalogue, const RuleContext& context)
      : report_(report), form_(form), catalogue_(catalogue), context_(context) {}

  std::optional<Value> compute(const FieldInfo& field, int depth = 0) const {
    if (!field.derive || depth > kDepthMax) return std::nullopt;
    const Derivation& how = *field.derive;
    switch (how.how) {
      case Derivation::How::sum: return sum(how, depth);
      case Derivation::How::difference: return difference(how, depth);
      case Derivation::How::mesh: return mesh(how);
      case Derivation::How::steps: return steps(how, field);
      case Derivation::How::due: return due(how);
      case Derivation::How::man_days: return man_days(how);
      case Derivation::How::classes: return classes(field, depth);
    }
    return std::nullopt;
  }

  /// The lower bound of a sum; what is not known adds nothing.
  std::int64_t certain(const std::vector<std::string>& parts, int depth = 0) const {
    std::int64_t out = 0;
    for (const std::string& key : parts) {
      const auto value = find(key, depth);
      if (const auto term = value ? term_of(&*value) : std::nullopt) out += term->lo;
    }
    return out;
  }
  bool exact(const std::string& key) const {
    const auto value = find(key, 0);
    const auto term = value ? term_of(&*value) : std::nullopt;
    return term && term->exact;
  }

 private:
  std::optional<Value> find(const std::string& key, int depth) const {
    const FieldInfo* field = catalogue_.field(form_, key);
    if (!field) return std::nullopt;
    if (field->derive) return compute(*field, depth + 1);
    const Value* value = value_of(key, report_, form_, catalogue_, context_);
    return value ? std::optional(*value) : std::nullopt;
  }
  std::optional<Count> count(const std::string& key, int depth) const {
    const auto value = find(key, depth);
    const auto* found = value ? std::get_if<Count>(&*value) : nullptr;
    return found ? std::optional(*found) : std::nullopt;
  }
  template <typename T>
  std::optional<T> plain(const std::string& key) const {
    const auto value = find(key, 0);
    const T* found = value ? std::get_if<T>(&*value) : nullptr;
    return found ? std::optional(*found) : std::nullopt;
  }

  std::optional<Value> sum(const Derivation& how, int depth) const {
    Tally tally;
    bool any = false, open = false;
    for (const std::string& key : how.from) {
      const auto part = count(key, depth);
      any = any || part;
      if (part && is_number(*part))
        tally.add(*part);
      else if (!part || part->state != CountState::not_applicable)
        open = true;
    }
    if (!any) return std::nullopt;
    if (!open) return tally.result();
    if (tally.value == 0) return Count{0, CountState::unconfirmed};
    tally.state = join(tally.state, CountState::at_least);
    return tally.result();
  }

  std::optional<Value> difference(const Derivation& how, int depth) const {
    const auto from = count(how.from.front(), depth);
    if (!from || from->state == CountState::not_applicable) return std::nullopt;
    Tally tally;
    bool open = !is_number(*from);
    if (!open) tally.add(*from);
    const auto take = [&](const std::string& key, bool needed) {
      const auto part = count(key, depth);
      if (!part) return !needed;
      if (is_number(*part))
        tally.take(*part);
      else if (part->state != CountState::not_applicable)
        open = true;
      return true;
    };
    for (const std::string& key : how.minus)
      if (!take(key, true)) return std::nullopt;
    for (const std::string& key : how.minus_if_said) take(key, false);
    return open ? std::optional<Value>(Count{0, CountState::unconfirmed}) : tally.result();
  }

  std::optional<Value> mesh(const Derivation& how) const {
    const auto point = plain<Point>(how.from.front());
    const auto code = point ? third_mesh(*point) : std::nullopt;
    return code ? std::optional<Value>(std::int64_t{*code}) : std::nullopt;
  }

  static std::optional<Value> code(const FieldInfo& field, const std::string& name) {
    const CodeInfo* info = field.list ? field.list->by_name(name) : nullptr;
    return info ? std::optional<Value>(CodeValue{info->number}) : std::nullopt;
  }

  std::optional<Value> steps(const Derivation& how, const FieldInfo& field) const {
    const auto from = plain<WallTime>(how.from[0]), to = plain<WallTime>(how.from[1]);
    if (!from || !to) return std::nullopt;
    if (*to < *from) return code(field, how.before);
    const auto step = std::find_if(how.steps.begin(), how.steps.end(), [&](const DeriveStep& one) {
      return to->s - from->s <= std::int64_t{one.amount} * 60;
    });
    return code(field, step == how.steps.end() ? how.after : step->code);
  }

  std::optional<Value> due(const Derivation& how) const {
    const auto from = plain<WallTime>(how.from.front());
    if (!from) return std::nullopt;
    for (const DeriveStep& step : how.steps)
      if (holds(step.when, report_, form_, catalogue_, context_))
        return Date{day_of(*from).days + static_cast<std::int32_t>(step.amount)};
    return std::nullopt;
  }

  std::optional<Value> man_days(const Derivation& how) const {
    const auto people = plain<std::int64_t>(how.from[0]);
    const auto from = plain<Date>(how.from[1]), to = plain<Date>(how.from[2]);
    if (!people || !from || !to || to->days < from->days || *people < 0 || *people > kCountMax)
      return std::nullopt;
    return Tally{*people * (std::int64_t{to->days} - from->days + 1)}.result();
  }

  std::optional<Value> classes(const FieldInfo& field, int depth) const {
    if (!form_.classes) return std::nullopt;
    for (const ClassStep& step : form_.classes->steps) {
      const bool reached = std::all_of(step.reach.begin(), step.reach.end(), [&](const Reach& reach) {
        return certain(reach.parts, depth) >= reach.value;
      });
      if (reached && holds(step.when, report_, form_, catalogue_, context_)) return code(field, step.code);
    }
    return std::nullopt;
  }

  const Report& report_;
  const FormInfo& form_;
  const Catalogue& catalogue_;
  const RuleContext& context_;
};

}  // namespace

RuleContext made_at(WallTime created) {
  RuleContext out;
  out.surroundings[field::created_at] = created;
  return out;
}

std::vector<std::string> derived_lines(const Report& report, const Catalogue& catalogue, Language language,
                                       const RuleContext& context) {
  std::vector<std::string> out;
  const FormInfo* form = catalogue.form(report.form, report.version);
  if (!form) return out;
  const bool ja = language == Language::ja;
  for (const auto& [number, value] : derived_values(report, *form, catalogue, context)) {
    const FieldInfo& field = *catalogue.field(*form, number);
    std::string line = field.label.in(language) + ": " + format(value, field, language);
    const bool class_of_table = field.derive->how == Derivation::How::classes;
    if (class_of_table && class_may_rise(report, *form, catalogue))
      line += ja ? "（未確定の数があり、上がることがある）" : " (may rise: a figure is not exact)";
    out.push_back(std::move(line));
  }
  return out;
}

CountState join(CountState a, CountState b) {
  if (a == b || b == CountState::exact) return a;
  return a == CountState::exact ? b : CountState::approx;
}

std::optional<std::uint32_t> third_mesh(const Point& point) {
  if (point.lat_e5 < 2'000'000 || point.lat_e5 >= 4'600'000 || point.lon_e5 < 12'200'000 ||
      point.lon_e5 >= 15'400'000)
    return std::nullopt;
  // Rows of 40′, each in 8, each in 10; columns of 1°, likewise. Latitude × 3 makes a row 200,000.
  const auto lat = static_cast<std::uint32_t>(point.lat_e5) * 3;
  const auto lon = static_cast<std::uint32_t>(point.lon_e5 - 10'000'000);
  const std::uint32_t row = lat / 200'000, row2 = lat % 200'000 / 25'000, row3 = lat % 25'000 / 2'500;
  const std::uint32_t column = lon / 100'000, column2 = lon % 100'000 / 12'500,
                      column3 = lon % 12'500 / 1'250;
  return row * 1'000'000 + column * 10'000 + row2 * 1'000 + column2 * 100 + row3 * 10 + column3;
}

std::optional<Value> derived_value(const FieldInfo& field, const Report& report, const FormInfo& form,
                                   const Catalogue& catalogue, const RuleContext& context) {
  return Deriver(report, form, catalogue, context).compute(field);
}

std::map<FieldNo, Value> derived_values(const Report& report, const FormInfo& form,
                                        const Catalogue& catalogue, const RuleContext& context) {
  const Deriver deriver(report, form, catalogue, context);
  std::map<FieldNo, Value> out;
  for (const FieldInfo& field : form.fields)
    if (auto value = deriver.compute(field)) out.emplace(field.number, std::move(*value));
  return out;
}

bool class_may_rise(const Report& report, const FormInfo& form, const Catalogue& catalogue) {
  if (!form.classes) return false;
  const RuleContext nothing;
  const Deriver deriver(report, form, catalogue, nothing);
  for (const ClassStep& step : form.classes->steps)
    for (const Reach& reach : step.reach)
      if (!std::all_of(reach.parts.begin(), reach.parts.end(),
                       [&](const std::string& key) { return deriver.exact(key); }))
        return true;
  return false;
}

}  // namespace noroshi::forms
