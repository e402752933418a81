// What the tests of this folder share.
#pragma once

#include <fstream>
#include <iterator>

#include "proto/forms/body.hpp"
#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"
#include "proto/forms/report_json.hpp"
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

/// An F1 of these values, as JSON.
inline forms::Report f1_of(const std::string& values) {
  auto report = forms::report_from_json_text(values, "F1");
  if (!report) FAIL(report.error().text);
  return std::move(*report);
}
inline forms::Report f9_of(const std::string& values) {
  auto report = forms::report_from_json_text(values, "F9");
  if (!report) FAIL(report.error().text);
  return std::move(*report);
}

}  // namespace noroshi::test
