// Derived values: what follows from what a report says. They are computed here and nowhere else, never typed
// (JSON refuses them) and never sent; the catalogue says how (FieldInfo::derive).
//
//   sum          Σ parts, by the algebra of qualifiers: exact + approx = approx …; a part that is not known
//   makes the
//                total "at least"
//   difference   from − Σ minus: less_than turns into at_least and back (100 − 10未満 = 91以上). What is not
//   known makes it
//                unconfirmed; a difference below zero is no value: a rule says what is wrong
//   mesh         JIS X 0410 third mesh (about 1 km) of a point in Japan
//   steps, due   time between two times in classes; a day so many days after a time
//   man_days     people × days, first and last included
//   classes      the first step of the form's table that holds; only what is certain counts, so unknown
//   casualties may
//                raise it later (class_may_rise)
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"
#include "proto/forms/rules.hpp"

namespace noroshi::forms {

/// Every derived value of the report that can be said; `surroundings` of the context as for rules (the
/// horizon of a request counts from created_at).
[[nodiscard]] std::map<FieldNo, Value> derived_values(const Report& report, const FormInfo& form,
                                                      const Catalogue& catalogue,
                                                      const RuleContext& context = {});
/// One of them; nothing for a field that is not derived or cannot be said.
[[nodiscard]] std::optional<Value> derived_value(const FieldInfo& field, const Report& report,
                                                 const FormInfo& form, const Catalogue& catalogue,
                                                 const RuleContext& context = {});
/// A figure that the table of classes looks at is not exact, so the class may turn out higher.
[[nodiscard]] bool class_may_rise(const Report& report, const FormInfo& form, const Catalogue& catalogue);

/// "未復旧戸数: 15戸": a line for each, in the order of the form; a class that may rise says so.
[[nodiscard]] std::vector<std::string> derived_lines(const Report& report, const Catalogue& catalogue,
                                                     Language language, const RuleContext& context = {});
/// What the envelope says of when a report was made.
[[nodiscard]] RuleContext made_at(WallTime created);

/// The join of the states of two added terms: exact < { less_than, at_least } < approx.
[[nodiscard]] CountState join(CountState a, CountState b);
/// 56360761 for 輪島市役所; nothing outside 20–46° N, 122–154° E.
[[nodiscard]] std::optional<std::uint32_t> third_mesh(const Point& point);

}  // namespace noroshi::forms
