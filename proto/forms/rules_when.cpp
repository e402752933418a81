#include <algorithm>

#include "proto/forms/rules.hpp"
#include "proto/forms/terms.hpp"

namespace noroshi::forms {

std::optional<Term> term_of(const Value* value) {
  if (!value) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(value)) return Term{*whole, *whole, true};
  if (const auto* decimal = std::get_if<Decimal>(value)) return Term{decimal->scaled, decimal->scaled, true};
  const auto* count = std::get_if<Count>(value);
  if (!count || !count->comparable()) return std::nullopt;
  const auto hi = count->hi();
  return Term{count->lo(), hi ? std::optional<std::int64_t>(*hi) : std::nullopt,
              count->state == CountState::exact};
}

const Value* value_of(std::string_view key, const Report& report, const FormInfo& form,
                      const Catalogue& catalogue, const RuleContext& context) {
  const FieldInfo* field = catalogue.field(form, key);
  if (!field) return nullptr;
  if (const Value* own = report.find(field->number)) return own;
  const auto around = context.surroundings.find(field->number);
  return around == context.surroundings.end() ? nullptr : &around->second;
}

namespace {

bool has_code(const Value& value, const CodeList& list, const std::string& name) {
  const CodeInfo* code = list.by_name(name);
  if (!code) return false;
  if (const auto* one = std::get_if<CodeValue>(&value)) return one->number == code->number;
  if (const auto* set = std::get_if<CodeSet>(&value)) return set->has(code->number);
  if (const auto* answer = std::get_if<forms::Answer>(&value))
    return static_cast<std::uint32_t>(*answer) == code->number;
  return false;
}

bool plainly_holds(const Condition& condition, const Value* value, const FieldInfo& field) {
  if (!value) return false;
  if (condition.set) return true;
  const auto term = term_of(value);
  if (condition.positive && term && term->lo > 0) return true;
  if (condition.zero && term && term->exact && term->lo == 0) return true;
  return field.list && std::any_of(condition.is.begin(), condition.is.end(), [&](const std::string& name) {
           return has_code(*value, *field.list, name);
         });
}

}  // namespace

bool holds(const When& when, const Report& report, const FormInfo& form, const Catalogue& catalogue,
           const RuleContext& context) {
  const auto one = [&](const Condition& condition) {
    const FieldInfo* field = catalogue.field(form, condition.field);
    if (!field) return false;
    return plainly_holds(condition, value_of(condition.field, report, form, catalogue, context), *field) !=
           condition.negate;
  };
  return std::all_of(when.all.begin(), when.all.end(), one) &&
         (when.any.empty() || std::any_of(when.any.begin(), when.any.end(), one));
}

bool relevant(const FieldInfo& field, const Report& report, const FormInfo& form, const Catalogue& catalogue,
              const RuleContext& context) {
  return !field.relevant || holds(*field.relevant, report, form, catalogue, context);
}

}  // namespace noroshi::forms
