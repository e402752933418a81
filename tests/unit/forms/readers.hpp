// What the tests of this folder share.
#pragma once

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "proto/forms/body.hpp"
#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"
#include "proto/forms/report_json.hpp"
#include "proto/forms/rules.hpp"
#include "tests/support/built_in.hpp"
#include "tests/support/catch.hpp"

namespace noroshi::test {

/// Bytes of one of the catalogues that CMakeLists.txt makes.
inline Bytes catalogue_bytes(const std::string& name) {
  std::ifstream file(std::string(CATALOGUES) + "/" + name + ".binpb", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  REQUIRE_FALSE(text.empty());
  return bytes_of(view_of(text));
}

/// Created 2024-01-02 11:25:30 JST by device 17/3, unit 1700001 of 輪島市 and other places.
inline forms::BodyContext wajima() {
  forms::BodyContext out;
  out.key = {{{17}, 3}, 1};
  out.created = *parse_time("2024-01-02T11:25:30+09:00");
  out.default_unit = {1'700'001};
  out.default_handler = HandlerId{12};
  return out;
}

/// A report of these values, as JSON.
inline forms::Report report_of(const std::string& form, const std::string& values) {
  auto report = forms::report_from_json_text(values, form);
  if (!report) FAIL(report.error().text);
  return std::move(*report);
}
inline forms::Report f1_of(const std::string& values) {
  return report_of("F1", values);
}
inline forms::Report f9_of(const std::string& values) {
  return report_of("F9", values);
}

/// The ids of everything that validation says, in its order: "R5 R201 ".
inline std::string said_of(const forms::Report& report, const forms::RuleContext& context = {},
                           bool errors_only = false) {
  std::string out;
  for (const forms::Problem& problem : forms::validate(report, forms::Catalogue::built_in(), context))
    if (!errors_only || problem.severity == forms::Severity::error) out += problem.rule + " ";
  return out;
}
inline std::string errors_of(const forms::Report& report, const forms::RuleContext& context = {}) {
  return said_of(report, context, true);
}
/// What an envelope of this precedence, sealed at 11:25, says around a report; an F6 is there.
inline forms::RuleContext sent_as(const char* precedence) {
  forms::RuleContext out;
  out.surroundings[forms::field::precedence] =
      forms::CodeValue{forms::Catalogue::built_in().list("PRECEDENCE")->by_name(precedence)->number};
  out.surroundings[forms::field::created_at] = *parse_time("2024-01-02T11:25:00+09:00");
  out.linked_forms = {"F6"};
  return out;
}
/// It comes back from its body and from JSON as it was.
inline bool survives(const forms::Report& report) {
  const auto bytes = forms::encode(report, wajima());
  if (!bytes) FAIL(bytes.error().text);
  forms::Report expected = report;
  if (!expected.values.contains(forms::field::unit))
    expected.put(forms::field::unit, std::int64_t{1'700'001});
  if (!expected.values.contains(forms::field::handler)) expected.put(forms::field::handler, std::int64_t{12});
  const auto decoded = forms::decode(*bytes, wajima());
  if (!decoded) FAIL(decoded.error().text);
  const auto again = forms::report_from_json(forms::to_json(report), "");
  if (!again) FAIL(again.error().text);
  return *decoded == std::vector<forms::Report>{expected} && *again == report;
}

}  // namespace noroshi::test
