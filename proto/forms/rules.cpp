#include "proto/forms/rules.hpp"

#include <algorithm>

#include "proto/forms/derive.hpp"
#include "proto/forms/places.hpp"
#include "proto/forms/six.hpp"
#include "proto/forms/terms.hpp"
#include "proto/forms/text.hpp"
#include "proto/forms/wire_value.hpp"

namespace noroshi::forms {
namespace {

/// 20..46 N, 122..154 E: outside it a position in Japan is a slip of the finger.
constexpr std::int32_t kLatMin = 2'000'000, kLatMax = 4'600'000, kLonMin = 12'200'000, kLonMax = 15'400'000;
/// An address names a plot or a block, not a point.
constexpr std::uint32_t kAddressMetres = 100;
/// Code 4 of F0.8: a cancelled report needs no figures.
constexpr std::uint32_t kCancel = static_cast<std::uint32_t>(ReportKind::cancel);

class Evaluator {
 public:
  Evaluator(const Report& report, const FormInfo& form, const Catalogue& catalogue,
            const RuleContext& context)
      : report_(report),
        form_(form),
        catalogue_(catalogue),
        context_(context),
        newer_(report.version > form.version) {
    // Rules speak of derived values too. What the caller knows of one (the state of a request) stands.
    context_.surroundings.merge(derived_values(report, form, catalogue, context));
  }

  std::vector<Problem> run() {
    const bool first_page = six_of(report_).has_value();
    const bool first_page_only = first_page && !any_of_page(2);
    const bool cancel = report_.code(field::report_version_kind) == kCancel;
    for (const FieldInfo& field : catalogue_.header().fields) {
      const bool required = field.required || named(form_.header_required, field.key);
      check_field(field, required, field.warn_empty || named(form_.header_expected, field.key));
    }
    for (const FieldInfo& field : form_.fields) {
      // Page 1 is a report: what page 2 would ask is then 未確認, not missing. Some figures beside it only
      // make the empty ones of their page worth a word.
      const bool later = field.page > 1;
      const bool waived = cancel || (first_page_only && later);
      const bool required = field.required && !(first_page && later);
      check_field(field, required && !waived, (field.warn_empty || field.required) && !waived);
    }
    for (const RuleInfo& rule : catalogue_.header().rules) check_rule(rule);
    for (const RuleInfo& rule : form_.rules) {
      if (!cancel || rule.check != Check::required) check_rule(rule);
    }
    mark_overridden();
    return std::move(problems_);
  }

 private:
  static bool named(const std::vector<std::string>& keys, const std::string& key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  }

  [[nodiscard]] bool any_of_page(std::uint32_t page) const {
    return std::any_of(form_.fields.begin(), form_.fields.end(), [&](const FieldInfo& field) {
      return field.page == page && report_.values.contains(field.number);
    });
  }

  void say(std::string rule, Severity severity, const FieldInfo& field, const std::string& ja,
           const std::string& en, bool missing = false) {
    problems_.push_back({std::move(rule),
                         severity,
                         field.key,
                         field.label.ja + "：" + ja,
                         field.label.en + ": " + en,
                         missing,
                         {}});
  }

  // ---- Of a field itself --------------------------------------------------------------------------------
  void check_field(const FieldInfo& field, bool required, bool expected) {
    if (field.said_by != SaidBy::body) return;
    const Value* value = report_.find(field.number);
    if (value) return check_value(field, *value);
    if (field.retired || (!required && !expected) || !relevant(field, report_, form_, catalogue_, context_))
      return;
    if (required)
      say("required", Severity::error, field, "必須です", "is required", true);
    else
      say("empty", Severity::warning, field, "空欄です", "is empty", true);
  }

  void check_value(const FieldInfo& field, const Value& value) {
    if (const auto why = unfit(value, field))
      return say("kind", Severity::error, field, "値が使えません（" + *why + "）", *why);
    check_range(field, value);
    check_length(field, value);
    check_codes(field, value);
    if (const auto* group = std::get_if<Group>(&value)) check_rows(field, *group);
    if (const auto* point = std::get_if<Point>(&value)) check_point(field, *point);
    const auto* whole = std::get_if<std::int64_t>(&value);
    if (whole && field.kind == Kind::municipality) {
      const auto code = static_cast<std::uint32_t>(*whole);
      if (!municipality(code) && !(code < 100 && prefecture(code)))
        say("muni", Severity::warning, field, municipality_text(code) + " は表にありません",
            municipality_text(code) + " is not in the table");
    }
  }

  void check_point(const FieldInfo& field, const Point& point) {
    if (point.lat_e5 < kLatMin || point.lat_e5 > kLatMax || point.lon_e5 < kLonMin || point.lon_e5 > kLonMax)
      say("point", Severity::warning, field, "日本の外です", "is outside Japan");
    if (point.method == PointMethod::address && point.accuracy_m.value_or(kAddressMetres) < kAddressMetres)
      say("point", Severity::warning, field, "住所から求めた位置の精度は100m以上とします",
          "a position from an address is no better than 100 m");
  }

  void check_range(const FieldInfo& field, const Value& value) {
    std::optional<std::int64_t> number;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) number = *whole;
    if (const auto* decimal = std::get_if<Decimal>(&value)) number = decimal->scaled;
    if (const auto* count = std::get_if<Count>(&value); count && has_value(count->state)) {
      if (count->state == CountState::less_than && count->value == 0)
        say("range", Severity::error, field, "0未満はありません", "nothing is under 0");
      if (count->state != CountState::magnitude) number = count->value;
    }
    if (!number) return;
    // A municipality field may hold a prefecture where the form allows one.
    if ((field.min && *number < *field.min) || (field.max && *number > *field.max)) {
      const std::string bounds = (field.min ? std::to_string(*field.min) : "") + "〜" +
                                 (field.max ? std::to_string(*field.max) : "");
      say("range", Severity::error, field, bounds + " の範囲で入れてください", "must be within " + bounds);
    }
  }

  void check_length(const FieldInfo& field, const Value& value) {
    const auto too_long = [&](std::size_t has, std::size_t most, const std::string& ja,
                              const std::string& en) {
      if (most != 0 && has > most)
        say("length", Severity::error, field,
            std::to_string(has) + ja + "です（" + std::to_string(most) + ja + "まで）",
            std::to_string(has) + " " + en + ", at most " + std::to_string(most));
    };
    if (const auto* text = std::get_if<std::string>(&value)) {
      too_long(char_count(*text), field.chars_max, "文字", "characters");
      too_long(text->size(), field.bytes_max, "バイト", "bytes");
    }
    if (const auto* references = std::get_if<References>(&value))
      too_long(references->size(), field.items_max, "件", "reports");
    if (const auto* group = std::get_if<Group>(&value))
      too_long(group->rows.size(), field.items_max, "行", "rows");
    if (const auto* digest = std::get_if<Bytes>(&value);
        digest && field.bytes_max != 0 && digest->size() != field.bytes_max)
      say("length", Severity::error, field, std::to_string(field.bytes_max) + "バイトです",
          "must have " + std::to_string(field.bytes_max) + " bytes");
  }

  void check_codes(const FieldInfo& field, const Value& value) {
    if (!field.list) return;
    const auto unknown = [&](std::uint32_t number) {
      if (field.list->by_number(number)) return;
      // A newer form may have a code that this program cannot name yet.
      say("code", newer_ ? Severity::warning : Severity::error, field,
          "コード " + std::to_string(number) + " は表にありません",
          "code " + std::to_string(number) + " is not in the list");
    };
    if (const auto* code = std::get_if<CodeValue>(&value)) unknown(code->number);
    if (const auto* set = std::get_if<CodeSet>(&value))
      for (std::uint32_t number = 1; number <= 63; ++number)
        if (set->has(number)) unknown(number);
  }

  void check_rows(const FieldInfo& field, const Group& group) {
    for (const Row& row : group.rows)
      for (const FieldInfo& column : field.columns) {
        const auto cell = row.cells.find(column.number);
        if (cell != row.cells.end())
          check_value(column, cell->second);
        else if (column.required)
          say("required", Severity::error, column, "必須です", "is required", true);
      }
  }

  // ---- Rules of the form --------------------------------------------------------------------------------
  const Value* value(const std::string& key) const {
    return value_of(key, report_, form_, catalogue_, context_);
  }
  std::optional<Term> term(const std::string& key) const { return term_of(value(key)); }
  std::optional<Term> previous_term(const std::string& key) const {
    const FieldInfo* field = catalogue_.field(form_, key);
    return context_.previous && field ? term_of(context_.previous->find(field->number)) : std::nullopt;
  }

  /// An error stays one only if every term is exact.
  void broken(const RuleInfo& rule, const std::string& key, bool exact = true, bool missing = false) {
    const Severity severity = exact ? rule.severity : Severity::warning;
    problems_.push_back({rule.id, severity, key, rule.message.ja, rule.message.en, missing, {}});
  }

  void check_rule(const RuleInfo& rule) {
    if (!holds(rule.when, report_, form_, catalogue_, context_)) return;
    switch (rule.check) {
      case Check::le: return check_le(rule);
      case Check::sum_le:
      case Check::sum_eq: return check_sum(rule);
      case Check::non_decreasing:
      case Check::jump:
      case Check::increasing: return check_against_previous(rule);
      case Check::required: return check_required(rule);
      case Check::all_zero: return check_all_zero(rule);
      case Check::time_order: return check_time_order(rule);
      case Check::near: return check_near(rule);
      case Check::link_required:
        if (!context_.linked_forms.contains(rule.form)) broken(rule, "");
        return;
      case Check::never: {
        const bool named_one = !rule.when.all.empty() || !rule.when.any.empty();
        const auto& conditions = rule.when.any.empty() ? rule.when.all : rule.when.any;
        return broken(rule, named_one ? conditions.front().field : "");
      }
    }
  }

  void check_le(const RuleInfo& rule) {
    const auto a = term(rule.fields[0]), b = term(rule.fields[1]);
    if (a && b && b->hi && a->lo > *b->hi) broken(rule, rule.fields[0], a->exact && b->exact);
  }

  void check_sum(const RuleInfo& rule) {
    const auto total = term(rule.total);
    if (!total) return;
    Term sum{0, std::nullopt, true};
    std::int64_t ceiling = 0;
    bool bounded = true;  // nothing said adds nothing to the floor, but opens the ceiling
    for (const std::string& key : rule.fields) {
      const auto part = term(key);
      bounded = bounded && part && part->hi;
      if (!part) continue;
      sum.lo += part->lo;
      ceiling += part->hi.value_or(0);
      sum.exact = sum.exact && part->exact;
    }
    if (bounded) sum.hi = ceiling;
    const bool above = total->hi && sum.lo > *total->hi;
    const bool below = rule.check == Check::sum_eq && sum.hi && *sum.hi < total->lo;
    if (above || below) broken(rule, rule.total, sum.exact && total->exact);
  }

  void check_against_previous(const RuleInfo& rule) {
    for (const std::string& key : rule.fields) {
      const auto now = term(key), before = previous_term(key);
      if (!now || !before) continue;
      const bool exact = now->exact && before->exact;
      const bool fell = now->hi && *now->hi < before->lo;
      const bool not_above = now->lo <= before->lo;
      const bool leapt = before->hi && *before->hi > 0 && now->lo > *before->hi * std::int64_t{rule.factor};
      if (rule.check == Check::non_decreasing ? fell : rule.check == Check::increasing ? not_above : leapt)
        broken(rule, key, exact);
    }
  }

  void check_required(const RuleInfo& rule) {
    std::vector<std::string> missing;
    for (const std::string& key : rule.fields)
      if (!value(key)) missing.push_back(key);
    if (rule.one_suffices && missing.size() < rule.fields.size()) return;
    for (const std::string& key : missing) {
      broken(rule, key, true, true);
      if (rule.one_suffices) return;
    }
  }

  void check_all_zero(const RuleInfo& rule) {
    for (const std::string& key : rule.fields) {
      const Value* held = value(key);
      if (!held) continue;
      const auto* count = std::get_if<Count>(held);
      const bool zero = count && ((count->state == CountState::exact && count->value == 0) ||
                                  count->state == CountState::not_applicable);
      if (!zero) broken(rule, key);
    }
  }

  /// A date stands for its whole day in Japan: it is broken only if no minute of it would do.
  void check_time_order(const RuleInfo& rule) {
    const auto time = [&](const std::string& key, bool last) -> std::optional<WallTime> {
      const Value* held = value(key);
      if (const auto* minute = held ? std::get_if<WallTime>(held) : nullptr) return *minute;
      const auto* date = held ? std::get_if<Date>(held) : nullptr;
      if (!date) return std::nullopt;
      return WallTime{(std::int64_t{date->days} + (last ? 1 : 0)) * 86'400 - 9 * 3600 - (last ? 60 : 0)};
    };
    const auto a = time(rule.fields[0], false), b = time(rule.fields[1], true);
    if (a && b && *a > *b + minutes(rule.slack_minutes)) broken(rule, rule.fields[0]);
  }

  /// The table has no outlines: the distance to the municipality's office is what can be said everywhere.
  void check_near(const RuleInfo& rule) {
    const Value* at = value(rule.fields[0]);
    const Value* where = value(rule.fields[1]);
    const auto* point = at ? std::get_if<Point>(at) : nullptr;
    const auto* code = where ? std::get_if<std::int64_t>(where) : nullptr;
    const Municipality* place = code ? municipality(static_cast<std::uint32_t>(*code)) : nullptr;
    if (!point || !place) return;
    if (kilometres_between(point->lat_e5 / 1e5, point->lon_e5 / 1e5, place->lat, place->lon) >
        rule.kilometres)
      broken(rule, rule.fields[0]);
  }

  void mark_overridden() {
    for (const Override& one : report_.header().overrides)
      for (Problem& problem : problems_)
        if (problem.rule == one.rule && problem.severity == Severity::warning)
          problem.overridden = one.reason;
  }

  const Report& report_;
  const FormInfo& form_;
  const Catalogue& catalogue_;
  RuleContext context_;
  bool newer_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> validate(const Report& report, const Catalogue& catalogue, const RuleContext& context) {
  const FormInfo* form = catalogue.form(report.form, report.version);
  if (!form)
    return {{"form",
             Severity::warning,
             "",
             "様式 F" + std::to_string(report.form) + " の定義がないため検査できません",
             "form F" + std::to_string(report.form) + " is not in the catalogue: nothing was checked",
             false,
             {}}};
  return Evaluator(report, *form, catalogue, context).run();
}

std::vector<Problem> validate(const Report& draft, const Catalogue& catalogue, const Report* previous) {
  RuleContext context;
  context.previous = previous;
  return validate(draft, catalogue, context);
}

bool valid(const std::vector<Problem>& problems) {
  return std::none_of(problems.begin(), problems.end(),
                      [](const Problem& problem) { return problem.severity == Severity::error; });
}

bool sendable_incomplete(const std::vector<Problem>& problems) {
  return std::all_of(problems.begin(), problems.end(), [](const Problem& problem) {
    return problem.severity == Severity::warning || problem.missing;
  });
}

}  // namespace noroshi::forms
