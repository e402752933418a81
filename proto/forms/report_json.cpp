#include "proto/forms/report_json.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "proto/forms/derive.hpp"
#include "proto/forms/places.hpp"

namespace noroshi::forms {
namespace {

using Json = nlohmann::json;

/// A code by name; a number that the list does not have stays a number.
Json code_json(std::uint32_t number, const CodeList* list) {
  const CodeInfo* code = list ? list->by_number(number) : nullptr;
  return code ? Json(code->name) : Json(number);
}

Json count_json(const Count& count) {
  Json out = {{"state", name_of(count.state)}};
  if (has_value(count.state)) out["value"] = count.value;
  return out;
}

Json point_json(const Point& point) {
  static constexpr const char* kMethods[] = {"", "gnss", "map", "address", "estimated"};
  Json out = {{"lat", point.lat_e5 / 1e5}, {"lon", point.lon_e5 / 1e5}};
  if (point.accuracy_m) out["accuracy_m"] = *point.accuracy_m;
  if (point.method >= PointMethod::gnss && point.method <= PointMethod::estimated)
    out["method"] = kMethods[static_cast<std::size_t>(point.method)];
  return out;
}

Json value_json(const Value& value, const FieldInfo& field) {
  if (const auto* count = std::get_if<Count>(&value)) return count_json(*count);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    if (field.kind == Kind::municipality) return municipality_text(static_cast<std::uint32_t>(*whole));
    return *whole;
  }
  if (const auto* decimal = std::get_if<Decimal>(&value))
    return static_cast<double>(decimal->scaled) / std::pow(10.0, field.scale);
  if (const auto* code = std::get_if<CodeValue>(&value)) return code_json(code->number, field.list);
  if (const auto* set = std::get_if<CodeSet>(&value)) {
    Json out = Json::array();
    for (std::uint32_t number = 1; number <= 63; ++number)
      if (set->has(number)) out.push_back(code_json(number, field.list));
    return out;
  }
  if (const auto* answer = std::get_if<forms::Answer>(&value))
    return code_json(static_cast<std::uint32_t>(*answer), field.list);
  if (const auto* time = std::get_if<WallTime>(&value)) return to_rfc3339(*time);
  if (const auto* date = std::get_if<Date>(&value)) return to_string(*date);
  if (const auto* point = std::get_if<Point>(&value)) return point_json(*point);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* digest = std::get_if<Bytes>(&value)) return to_hex(*digest);
  Json out = Json::array();
  if (const auto* references = std::get_if<References>(&value)) {
    for (const ReportId& id : *references) out.push_back(noroshi::to_string(id));
    return out;
  }
  for (const Row& row : std::get<Group>(value).rows) {
    Json cells = Json::object();
    for (const FieldInfo& column : field.columns)
      if (const auto cell = row.cells.find(column.number); cell != row.cells.end())
        cells[column.key] = value_json(cell->second, column);
    out.push_back(std::move(cells));
  }
  return out;
}

Json unknown_json(const Unknown& unknown) {
  Json out = {{"numbers", unknown.numbers}};
  for (const auto& [slot, text] : unknown.texts) out["texts"][std::to_string(slot)] = text;
  for (const auto& [field, raw] : unknown.extras) out["fields"][std::to_string(field)] = to_hex(raw);
  return out;
}

Json label_json(const Label& label) {
  Json out = {{"ja", label.ja}, {"en", label.en}};
  if (!label.kana.empty()) out["kana"] = label.kana;
  return out;
}

Json when_json(const When& when) {
  const auto list = [](const std::vector<Condition>& conditions) {
    Json out = Json::array();
    for (const Condition& condition : conditions) {
      Json one = {{"field", condition.field}};
      if (!condition.is.empty()) one["is"] = condition.is;
      if (condition.positive) one["positive"] = true;
      if (condition.zero) one["zero"] = true;
      if (condition.set) one["set"] = true;
      if (condition.negate) one["not"] = true;
      out.push_back(std::move(one));
    }
    return out;
  };
  Json out = Json::object();
  if (!when.all.empty()) out["all"] = list(when.all);
  if (!when.any.empty()) out["any"] = list(when.any);
  return out;
}

const char* name_of(Check check) {
  static constexpr const char* kNames[] = {"le",         "sum_le",     "sum_eq", "non_decreasing", "required",
                                           "all_zero",   "time_order", "jump",   "link_required",  "never",
                                           "increasing", "near"};
  return kNames[static_cast<std::size_t>(check)];
}

Json rule_json(const RuleInfo& rule) {
  Json out = {{"id", rule.id},
              {"severity", rule.severity == Severity::error ? "error" : "warning"},
              {"check", name_of(rule.check)},
              {"message", label_json(rule.message)},
              {"fields", rule.fields}};
  if (!rule.when.all.empty() || !rule.when.any.empty()) out["when"] = when_json(rule.when);
  if (!rule.total.empty()) out["total"] = rule.total;
  if (rule.slack_minutes != 0) out["slack_minutes"] = rule.slack_minutes;
  if (rule.factor != 0) out["factor"] = rule.factor;
  if (rule.kilometres != 0) out["kilometres"] = rule.kilometres;
  if (rule.one_suffices) out["one_suffices"] = true;
  if (!rule.form.empty()) out["form"] = rule.form;
  return out;
}

Json derivation_json(const Derivation& derivation) {
  static constexpr const char* kHows[] = {"difference", "sum", "mesh", "steps", "due", "man_days", "classes"};
  Json out = {{"how", kHows[static_cast<std::size_t>(derivation.how)]}, {"from", derivation.from}};
  if (!derivation.minus.empty()) out["minus"] = derivation.minus;
  if (!derivation.minus_if_said.empty()) out["minus_if_said"] = derivation.minus_if_said;
  if (!derivation.before.empty()) out["before"] = derivation.before;
  if (!derivation.after.empty()) out["after"] = derivation.after;
  for (const DeriveStep& step : derivation.steps)
    out["steps"].push_back({{"amount", step.amount}, {"code", step.code}, {"when", when_json(step.when)}});
  return out;
}

Json classes_json(const ClassTable& table) {
  Json out = {{"version", table.version}, {"label", label_json(table.label)}, {"steps", Json::array()}};
  for (const ClassStep& step : table.steps) {
    Json one = {{"code", step.code}, {"when", when_json(step.when)}};
    for (const Reach& reach : step.reach)
      one["reach"].push_back({{"parts", reach.parts}, {"value", reach.value}});
    out["steps"].push_back(std::move(one));
  }
  return out;
}

Json field_json(const FieldInfo& field) {
  static constexpr const char* kAggregations[] = {"none", "sum",   "latest", "max",
                                                  "min",  "union", "list",   "derive"};
  static constexpr const char* kClasses[] = {"public", "coarse", "restricted", "handlers"};
  static constexpr const char* kSaidBy[] = {"body", "envelope", "certificate", "roster", "derived"};
  Json out = {{"number", field.number},
              {"key", field.key},
              {"label", label_json(field.label)},
              {"kind", name_of(field.kind)},
              {"required", field.required},
              {"aggregation", kAggregations[static_cast<std::size_t>(field.aggregation)]},
              {"confidentiality", kClasses[static_cast<std::size_t>(field.confidentiality)]},
              {"said_by", kSaidBy[static_cast<std::size_t>(field.said_by)]}};
  if (!field.help.ja.empty()) out["help"] = label_json(field.help);
  if (!field.unit.ja.empty()) out["unit"] = label_json(field.unit);
  if (field.min) out["min"] = *field.min;
  if (field.max) out["max"] = *field.max;
  if (field.scale != 0) out["scale"] = field.scale;
  if (field.retired) out["retired"] = true;
  if (field.derive) out["derive"] = derivation_json(*field.derive);
  if (field.chars_max != 0) out["chars_max"] = field.chars_max;
  if (field.items_max != 0) out["items_max"] = field.items_max;
  if (field.ahead) out["ahead"] = true;
  if (field.warn_empty) out["warn_empty"] = true;
  if (field.relevant) out["relevant"] = when_json(*field.relevant);
  if (field.page != 0) out["page"] = field.page;
  if (field.ask != 0) out["ask"] = field.ask;
  if (field.send != 0) out["send"] = field.send;
  if (field.slot != 0) out["slot"] = field.slot;
  if (field.slot != 0 && field.bits != 0) out["bits"] = field.bits;
  if (field.list) {
    out["list"] = field.list->name;
    for (const CodeInfo& code : field.list->codes)
      out["codes"].push_back(
          {{"number", code.number}, {"name", code.name}, {"label", label_json(code.label)}});
  }
  for (const FieldInfo& column : field.columns) out["columns"].push_back(field_json(column));
  return out;
}

}  // namespace

Json values_to_json(const Report& report, const Catalogue& catalogue) {
  const FormInfo* form = catalogue.form(report.form, report.version);
  Json out = Json::object();
  for (const auto& [number, value] : report.values) {
    const FieldInfo* field = form ? catalogue.field(*form, number) : catalogue.header_field(number);
    if (field) out[field->key] = value_json(value, *field);
  }
  return out;
}

Json derived_to_json(const Report& report, const Catalogue& catalogue, const RuleContext& context) {
  const FormInfo* form = catalogue.form(report.form, report.version);
  Json out = Json::object();
  if (!form) return out;
  for (const auto& [number, value] : derived_values(report, *form, catalogue, context)) {
    const FieldInfo& field = *catalogue.field(*form, number);
    out[field.key] = value_json(value, field);
  }
  return out;
}

Json to_json(const Report& report, const Catalogue& catalogue) {
  const FormInfo* form = catalogue.form(report.form, report.version);
  Json out = {{"form", form ? form->code : "F" + std::to_string(report.form)},
              {"version", report.version},
              {"values", values_to_json(report, catalogue)}};
  if (Json derived = derived_to_json(report, catalogue); !derived.empty())
    out["derived"] = std::move(derived);
  if (!report.unknown.empty()) out["unknown"] = unknown_json(report.unknown);
  return out;
}

Json form_to_json(const FormInfo& form, const Catalogue& catalogue) {
  Json out = {{"form", form.code},
              {"version", form.version},
              {"label", label_json(form.label)},
              {"header_required", form.header_required},
              {"fields", Json::array()},
              {"header", Json::array()},
              {"rules", Json::array()}};
  if (!form.help.ja.empty()) out["help"] = label_json(form.help);
  if (form.snapshot) out["snapshot"] = true;
  if (form.single) out["single"] = true;
  if (!form.row.empty()) out["row"] = form.row;
  if (form.classes) out["classes"] = classes_json(*form.classes);
  for (const Phrase& phrase : form.phrases)
    out["phrases"].push_back({{"field", phrase.field}, {"text", label_json(phrase.text)}});
  for (const Template& one : form.templates) {
    Json set = Json::object();
    for (const auto& [key, value] : one.set) set[key] = value;
    out["templates"].push_back({{"label", label_json(one.label)}, {"set", std::move(set)}});
  }
  for (const FieldInfo& field : form.fields) out["fields"].push_back(field_json(field));
  for (const FieldInfo& field : catalogue.header().fields) out["header"].push_back(field_json(field));
  const bool own = &form != &catalogue.header();
  if (own)
    for (const RuleInfo& rule : catalogue.header().rules) out["rules"].push_back(rule_json(rule));
  for (const RuleInfo& rule : form.rules) out["rules"].push_back(rule_json(rule));
  return out;
}

}  // namespace noroshi::forms
