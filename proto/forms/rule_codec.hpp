// Reads labels, conditions, rules and derivations out of the annotations: the part of the catalogue that says
// what to do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "proto/forms/catalogue.hpp"
#include "proto/forms/form_options.pb.h"

namespace noroshi::forms {

[[nodiscard]] Label label_of(const schema::Label& in);
[[nodiscard]] When when_of(const schema::When& in);
/// Nothing for a kind of rule that this program does not have.
[[nodiscard]] std::optional<RuleInfo> rule_of(const schema::Rule& in);
/// Nothing for a kind of derivation that this program does not have: the value is then not shown.
[[nodiscard]] std::optional<Derivation> derivation_of(const schema::Derive& in);
[[nodiscard]] ClassTable classes_of(const schema::Classes& in);

template <typename Repeated>
std::vector<std::string> strings_of(const Repeated& in) {
  return {in.begin(), in.end()};
}

}  // namespace noroshi::forms
