// Reports as JSON: what `noroshi new --from`, `show --json` and the exports read and write. Keys are the
// catalogue's; codes go by name, times are RFC 3339, and nothing is localized:
//
//   {"form":"F1","version":1,"values":{
//      "as_of":"2024-01-02T11:20:00+09:00", "muni":"17204", "hazard_kind":"earthquake",
//      "households_stopped":{"value":345,"state":"exact"}, "cyl_lost":12, "fires":"?",
//      "cyl_fallen":{"state":"magnitude","value":2}, "comms_working":["sat_phone","sat_data"],
//      "nil_report":"no", "position":{"lat":37.2861,"lon":136.7345,"accuracy_m":10,"method":"gnss"},
//      "precedes":["17/3.1/42.0"], "overrides":[{"rule":"R110","reason":"…"}], "remarks":"…"}}
//
// Reading, a bare number is an exact count, a text one as people write it ("?", "約1200", "<100": entry.hpp),
// true and false are yes and no. An error names the field: "households_stopped: …".
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"
#include "proto/forms/rules.hpp"
#include "proto/result.hpp"

namespace noroshi::forms {

[[nodiscard]] nlohmann::json to_json(const Report& report, const Catalogue& catalogue);
/// Only the object of `values`.
[[nodiscard]] nlohmann::json values_to_json(const Report& report, const Catalogue& catalogue);
/// What follows from it; to_json says it beside `values`, reading passes over it:
/// {"outstanding":{"state":"exact","value":15}}; an empty object where nothing does. `context` as for rules:
/// what the envelope says.
[[nodiscard]] nlohmann::json derived_to_json(const Report& report, const Catalogue& catalogue,
                                             const RuleContext& context = {});
/// `json` is the object above, or only its `values`; `form` is the form where it does not say.
[[nodiscard]] Result<Report> report_from_json(const nlohmann::json& json, std::string_view form,
                                              const Catalogue& catalogue);
[[nodiscard]] Result<Report> report_from_json_text(std::string_view text, std::string_view form,
                                                   const Catalogue& catalogue);
/// `--set key=value`: as in JSON; a bare word is a code or text, "a,b" a set.
[[nodiscard]] Result<void> set_from_text(Report& report, std::string_view key, std::string_view value,
                                         const Catalogue& catalogue);
/// What the template says, over what was there. Catalogue::load has checked its keys; an error names a value.
[[nodiscard]] Result<void> apply(const Template& begin, Report& report, const Catalogue& catalogue);
/// A form as JSON, for `form show --json`: every field with everything the catalogue says.
[[nodiscard]] nlohmann::json form_to_json(const FormInfo& form, const Catalogue& catalogue);

}  // namespace noroshi::forms
