// The forms of the program itself, where a test is not about others. Product code says which catalogue it
// means; so that nobody forgets, only tests may leave it out.
#pragma once

#include <nlohmann/json.hpp>

#include "proto/forms/body.hpp"
#include "proto/forms/report_json.hpp"
#include "proto/forms/six.hpp"

namespace noroshi::forms {

inline Result<Bytes> encode(const std::vector<Report>& reports, const BodyContext& context) {
  return encode(reports, context, Catalogue::built_in());
}
inline Result<Bytes> encode(const Report& report, const BodyContext& context) {
  return encode(report, context, Catalogue::built_in());
}
inline Result<std::vector<Report>> decode(BytesView bytes, const BodyContext& context) {
  return decode(bytes, context, Catalogue::built_in());
}
inline Result<BodySizes> body_sizes(const std::vector<Report>& reports, const BodyContext& context) {
  return body_sizes(reports, context, Catalogue::built_in());
}
inline std::vector<Saving> savings(const Report& report, const BodyContext& context) {
  return savings(report, context, Catalogue::built_in());
}
inline nlohmann::json to_json(const Report& report) {
  return to_json(report, Catalogue::built_in());
}
inline nlohmann::json values_to_json(const Report& report) {
  return values_to_json(report, Catalogue::built_in());
}
inline nlohmann::json derived_to_json(const Report& report) {
  return derived_to_json(report, Catalogue::built_in());
}
inline Result<Report> report_from_json(const nlohmann::json& json, std::string_view form) {
  return report_from_json(json, form, Catalogue::built_in());
}
inline Result<Report> report_from_json_text(std::string_view text, std::string_view form) {
  return report_from_json_text(text, form, Catalogue::built_in());
}
inline Result<void> set_from_text(Report& report, std::string_view key, std::string_view value) {
  return set_from_text(report, key, value, Catalogue::built_in());
}
inline nlohmann::json form_to_json(const FormInfo& form) {
  return form_to_json(form, Catalogue::built_in());
}
inline Result<SixAnswers> parse_six(std::string_view text) {
  return parse_six(text, Catalogue::built_in());
}

}  // namespace noroshi::forms
