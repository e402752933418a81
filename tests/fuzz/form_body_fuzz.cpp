// Any bytes as a body of reports: what decodes is judged, shown, written again, and must then read the same.
#include <nlohmann/json.hpp>

#include "proto/forms/body.hpp"
#include "proto/forms/report_json.hpp"
#include "proto/forms/rules.hpp"
#include "tests/fuzz/accepted.hpp"
#include "tests/support/built_in.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::forms;

const BodyContext& context() {
  static const BodyContext same = [] {
    BodyContext out;
    out.key = {{{17}, 3}, 1};
    out.created = {123'456'789};
    out.default_unit = {1'700'001};
    out.default_handler = HandlerId{12};
    out.municipality = 17204;
    return out;
  }();
  return same;
}

void show(const Report& report) {
  const Catalogue& catalogue = Catalogue::built_in();
  (void)validate(report, catalogue);
  (void)unknown_lines(report, catalogue, Language::ja);
  (void)report.header();
  (void)to_json(report).dump();
  const FormInfo* form = catalogue.form(report.form, report.version);
  for (const auto& [number, value] : report.values)
    if (const FieldInfo* field = form ? catalogue.field(*form, number) : catalogue.header_field(number))
      (void)format(value, *field, Language::en);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto reports = decode(BytesView(data, size), context());
  if (!reports) return 0;
  fuzz::accepted.count();
  for (const Report& report : *reports) show(report);
  const auto again = encode(*reports, context());
  NOROSHI_ASSERT(again.ok());
  const auto twice = decode(*again, context());
  NOROSHI_ASSERT(twice.ok());
  NOROSHI_ASSERT(*twice == *reports);
  return 0;
}
