// What rules compare: a number with its bounds, and how a value of a report is found.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"
#include "proto/forms/rules.hpp"

namespace noroshi::forms {

struct Term {
  std::int64_t lo = 0;
  std::optional<std::int64_t> hi;  ///< nothing where unbounded
  bool exact = false;
};
/// Of a count, a whole number or a decimal (as scaled: rules compare decimals of one scale); nothing for what
/// cannot be compared: unconfirmed, not applicable.
[[nodiscard]] std::optional<Term> term_of(const Value* value);

/// The value a rule means by `key`: the report's, else what the envelope says of it.
[[nodiscard]] const Value* value_of(std::string_view key, const Report& report, const FormInfo& form,
                                    const Catalogue& catalogue, const RuleContext& context);

}  // namespace noroshi::forms
