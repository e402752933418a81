// Values of a report by the key of their field: for rules over several reports, which the catalogue of next
// year may give other numbers. Nothing where the form or the field is not known.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"

namespace noroshi::desk {

[[nodiscard]] inline const forms::FieldInfo* field_by_key(const forms::Report& report, std::string_view key,
                                                          const forms::Catalogue& catalogue) {
  const forms::FormInfo* form = catalogue.form(report.form, report.version);
  return form ? catalogue.field(*form, key) : nullptr;
}

[[nodiscard]] inline const forms::Value* value_by_key(const forms::Report& report, std::string_view key,
                                                      const forms::Catalogue& catalogue) {
  const forms::FieldInfo* field = field_by_key(report, key, catalogue);
  return field ? report.find(field->number) : nullptr;
}

template <typename T>
[[nodiscard]] const T* get_by_key(const forms::Report& report, std::string_view key,
                                  const forms::Catalogue& catalogue) {
  const forms::Value* value = value_by_key(report, key, catalogue);
  return value ? std::get_if<T>(value) : nullptr;
}

/// Name of the code that a field has; "" if it has none, or one that its list does not know.
[[nodiscard]] inline std::string code_by_key(const forms::Report& report, std::string_view key,
                                             const forms::Catalogue& catalogue) {
  const auto* code = get_by_key<forms::CodeValue>(report, key, catalogue);
  const forms::FieldInfo* field = code ? field_by_key(report, key, catalogue) : nullptr;
  const forms::CodeInfo* info = field && field->list ? field->list->by_number(code->number) : nullptr;
  return info ? info->name : "";
}

}  // namespace noroshi::desk
