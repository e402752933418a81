// Whether a report holds: required fields, ranges, limits, and the rules of its form. One evaluator for
// compose, reading and roll-up; the rules are data of the catalogue.
//
// A rule over qualified values is an error only if every term is exact; otherwise it warns (published totals
// do not add up because of rounding). A warning can be overridden with a reason, and the reason travels
// (F0.74).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"

namespace noroshi::forms {

struct Problem {
  std::string rule;  ///< "R1"; "required", "range", "length", "code", "kind", "empty", "muni", … for those of
                     ///< a field itself
  Severity severity = Severity::warning;
  std::string field;  ///< key; "" if it is about none
  std::string text_ja;
  std::string text_en;
  bool missing = false;                   ///< a value is not there; what is there holds
  std::optional<std::string> overridden;  ///< the reason; only warnings
  [[nodiscard]] const std::string& text(Language language) const {
    return language == Language::ja ? text_ja : text_en;
  }
};

/// What a rule may look at besides the report itself.
struct RuleContext {
  const Report* previous = nullptr;       ///< last report of the same (incident, unit, form)
  std::map<FieldNo, Value> surroundings;  ///< what the envelope says: created_at, precedence, org_role
  std::set<std::string> linked_forms;     ///< forms that exist for this incident and unit: "F6"
};

/// Everything that is wrong or doubtful, in the order of the fields, then of the rules. A form that the
/// catalogue does not have gives one warning.
[[nodiscard]] std::vector<Problem> validate(const Report& report, const Catalogue& catalogue,
                                            const RuleContext& context = {});
[[nodiscard]] std::vector<Problem> validate(const Report& draft, const Catalogue& catalogue,
                                            const Report* previous);

/// No error among them.
[[nodiscard]] bool valid(const std::vector<Problem>& problems);
/// An incomplete flash may always be sent: the only errors are missing values. It is then marked incomplete
/// (Header::incomplete).
[[nodiscard]] bool sendable_incomplete(const std::vector<Problem>& problems);
/// Whether a condition holds; what is not said counts as not so.
[[nodiscard]] bool holds(const When& when, const Report& report, const FormInfo& form,
                         const Catalogue& catalogue, const RuleContext& context = {});
/// Whether a field is to be asked now.
[[nodiscard]] bool relevant(const FieldInfo& field, const Report& report, const FormInfo& form,
                            const Catalogue& catalogue, const RuleContext& context = {});

}  // namespace noroshi::forms
