#include "client-tui/cli/shapes.hpp"

#include <algorithm>
#include <cmath>

#include "client-tui/words/marks.hpp"
#include "client-tui/words/spoken.hpp"
#include "proto/forms/derive.hpp"
#include "proto/forms/places.hpp"
#include "proto/forms/report_json.hpp"

namespace noroshi::cli {
namespace {

/// Text of a code, as values have it; its number where this catalogue does not know it.
std::string code_name(const forms::FieldInfo& field, std::uint32_t code) {
  const auto* known = field.list != nullptr ? field.list->by_number(code) : nullptr;
  return known != nullptr ? known->name : std::to_string(code);
}

Json optional_time(const std::optional<WallTime>& time) {
  return time ? Json(to_rfc3339(*time)) : Json(nullptr);
}
Json optional_unit(UnitId unit) {
  return unit.value != 0 ? Json(unit.value) : Json(nullptr);
}
Json municipality(std::uint32_t code) {
  return code != 0 ? Json(forms::municipality_text(code)) : Json(nullptr);
}
Json prefecture(std::uint8_t code) {
  return code != 0 ? Json(fmt::format("{:02}", code)) : Json(nullptr);
}

}  // namespace

Json recipients_json(const std::vector<RecipientId>& ids) {
  Json out = Json::array();
  for (const RecipientId id : ids) out.push_back(recipient_text(id));
  return out;
}
Json problems_json(const std::vector<forms::Problem>& problems) {
  Json out = Json::array();
  for (const forms::Problem& problem : problems) {
    Json one{{"rule", problem.rule},
             {"severity", problem.severity == forms::Severity::error ? "error" : "warning"},
             {"field", problem.field},
             {"text", problem.text(language())}};
    if (problem.overridden) one["overridden"] = *problem.overridden;
    out.push_back(std::move(one));
  }
  return out;
}

Json dry_run_json(const desk::Prepared& prepared, const forms::Catalogue& catalogue) {
  Json problems = Json::array();
  bool valid = true;
  for (const auto& of_report : prepared.problems) {
    valid = valid && forms::valid(of_report);
    for (Json& problem : problems_json(of_report)) problems.push_back(std::move(problem));
  }
  const keys::SealedSize& size = prepared.size;
  const forms::BodySizes& body = prepared.body;
  Json out;
  out["form"] = form_code(prepared.reports.front().form, catalogue);
  out["valid"] = valid;
  out["sendable"] = prepared.sendable();
  out["problems"] = std::move(problems);
  out["priority"] = proto::name_of(prepared.level);
  out["exercise"] = prepared.exercise;
  out["body_bytes"] = prepared.content.size();
  // One byte of padding at least marks the end of the content.
  out["unpadded_bytes"] = size.total() - size.padding + 1;
  out["sealed_bytes"] = size.total();
  out["files"] = prepared.files.size();
  out["files_sealed_bytes"] = prepared.files_bytes;
  out["recipients"] = recipients_json(prepared.recipients);
  out["bytes"] = {{"header", size.header},      {"ephemeral", size.ephemeral}, {"wraps", size.wraps},
                  {"body", size.body},          {"padding", size.padding},     {"tag", size.tag},
                  {"signature", size.signature}};
  out["body_parts"] = {{"framing", body.framing}, {"header_numbers", body.header_numbers},
                       {"counts", body.counts},   {"times", body.times},
                       {"point", body.point},     {"other_numbers", body.other_numbers},
                       {"bits", body.bits},       {"text", body.text},
                       {"extras", body.extras}};
  Json reports = Json::array(), checks = Json::array();
  for (const forms::Report& report : prepared.reports) {
    reports.push_back(Json(forms::values_to_json(report, catalogue)));
    const forms::Script script = forms::script(report, catalogue, language());
    checks.push_back({{"words", check_words(script.check)}, {"sections", section_syllables(script)}});
  }
  out["check"] = checks.size() == 1 ? checks.front() : checks;
  out["values"] = reports.size() == 1 ? reports.front() : reports;
  return out;
}

Json file_json(const desk::FileHere& here, const forms::Catalogue& catalogue) {
  const auto& columns = catalogue.header_field(forms::field::attachments)->columns;
  const auto media =
      std::ranges::find(columns, forms::attachment_column::media_type, &forms::FieldInfo::number);
  return {{"sha256", to_hex(here.file.sha256)},
          {"media_type", code_name(*media, static_cast<std::uint32_t>(here.file.media))},
          {"size", here.file.size},
          {"caption", here.file.caption},
          {"parts", proto::parts_of(here.file.size)},
          {"arrived", here.arrived},
          {"complete", here.complete()}};
}

Json sent_json(const desk::Sent& sent, desk::Delivery state) {
  return {{"id", to_string(ReportId{sent.key, sent.seq, 0})},
          {"msg_id", sent.msg_id.hex()},
          {"state", name_of(state)},
          {"recipients", recipients_json(sent.recipients)},
          {"sealed_bytes", sent.bytes}};
}

namespace {

Json marks_json(const desk::Reading& reading) {
  Json out = Json::array();
  for (const Mark& mark : marks_of(reading)) out.push_back(mark.name);
  return out;
}

}  // namespace

Json report_json(const desk::Letter& letter, const desk::Reading& reading,
                 const forms::Catalogue& catalogue) {
  const desk::Facts& facts = reading.facts;
  const forms::Header header = reading.report.header();
  Json out;
  out["id"] = to_string(facts.id);
  out["msg_id"] = letter.entry.id.hex();
  out["form"] = form_code(facts.form, catalogue);
  out["form_version"] = reading.report.version;
  const forms::FormInfo* form = catalogue.form(facts.form);
  out["form_known"] = form != nullptr && form->version >= reading.report.version;
  const auto* kind = field_of(facts.form, forms::field::report_version_kind, catalogue);
  out["kind"] =
      kind != nullptr ? Json(code_name(*kind, static_cast<std::uint32_t>(facts.kind))) : Json(nullptr);
  out["number"] = header.report_no;
  out["from"] = to_string(facts.signer);
  out["unit"] = optional_unit(facts.unit);
  out["proxy"] = facts.proxy;
  out["muni"] = municipality(facts.municipality);
  out["incident"] = facts.incident.value != 0 ? Json(facts.incident.value) : Json("PENDING");
  out["exercise"] = facts.exercise;
  out["priority"] = proto::name_of(letter.header.level);
  out["as_of"] = header.as_of ? Json(to_rfc3339(*header.as_of)) : Json(nullptr);
  out["created"] = to_rfc3339(letter.header.created);
  out["first_seen"] = to_rfc3339(letter.entry.first_seen);
  out["marks"] = marks_json(reading);
  out["sealed_bytes"] = letter.entry.size;
  if (facts.copy) out["copy"] = true;
  out["values"] = Json(forms::values_to_json(reading.report, catalogue));
  const auto derived = forms::derived_to_json(reading.report, catalogue, forms::made_at(facts.created));
  if (!derived.empty()) out["derived"] = Json(derived);
  return out;
}

Json per_recipient_json(const std::vector<desk::RecipientDelivery>& recipients) {
  Json out = Json::array();
  for (const desk::RecipientDelivery& delivery : recipients) {
    Json one{{"org", recipient_text(delivery.recipient)}, {"state", name_of(delivery.state)}};
    one["at"] = optional_time(delivery.at);
    one["by"] = delivery.by == DeviceId{} ? Json(nullptr) : Json(to_string(delivery.by));
    if (delivery.no_route) one["reason"] = "no_route";
    if (!delivery.refusal.empty()) one["reason"] = delivery.refusal;
    if (delivery.copy) one["resealed_as"] = delivery.copy->hex();
    out.push_back(std::move(one));
  }
  return out;
}

namespace {

Json number_json(const desk::Sum& sum, std::uint32_t scale) {
  if (!sum.known()) return nullptr;
  if (scale == 0) return sum.value;
  return static_cast<double>(sum.value) / std::pow(10.0, scale);
}

}  // namespace

Json sum_json(const desk::Sum& sum, std::uint32_t scale) {
  Json out;
  out["value"] = number_json(sum, scale);
  out["state"] = sum.known() ? forms::name_of(sum.state) : forms::name_of(forms::CountState::absent);
  out["reports"] = sum.added;
  out["unconfirmed"] = sum.unconfirmed;
  Json magnitudes = Json::array();
  for (std::size_t decade = 1; decade < sum.magnitudes.size(); ++decade) {
    if (sum.magnitudes[decade] > 0)
      magnitudes.push_back({{"decade", decade}, {"count", sum.magnitudes[decade]}});
  }
  out["magnitudes"] = std::move(magnitudes);
  return out;
}

namespace {

Json coverage_json(const desk::Coverage& coverage, bool is_public, WallTime now) {
  Json out;
  out["units_heard"] = coverage.units_heard;
  out["units_expected"] = coverage.units_expected;
  out["oldest"] = optional_time(coverage.oldest);
  out["oldest_s"] = coverage.oldest ? Json((now - *coverage.oldest).count) : Json(nullptr);
  if (is_public) return out;
  out["households_checked"] =
      coverage.households_checked.known() ? Json(coverage.households_checked.value) : Json(0);
  out["households_checked_state"] = forms::name_of(coverage.households_checked.state);
  out["households_unconfirmed_reports"] = coverage.households_checked.unconfirmed;
  out["households_served"] = coverage.households_served;
  return out;
}

Json total_json(const forms::FieldInfo& field, const desk::Total& total, const forms::Catalogue& catalogue) {
  Json out = sum_json(total.sum, field.scale);
  out["verified"] = number_json(total.verified, field.scale);
  if (!total.hearsay.empty()) out["hearsay"] = sum_json(total.hearsay, field.scale);
  if (!total.held.empty()) out["held"] = sum_json(total.held, field.scale);
  if (total.scope != 0 || !total.other_scopes.empty()) {
    const forms::FormInfo* form = catalogue.form("F1");
    const forms::FieldInfo* scope = form != nullptr ? catalogue.field(*form, "cyl_scope") : nullptr;
    if (scope != nullptr && total.scope != 0) out["scope"] = code_name(*scope, total.scope);
    Json others = Json::array();
    for (const auto& [code, sum] : total.other_scopes) {
      Json other = sum_json(sum, field.scale);
      other["scope"] = scope != nullptr ? code_name(*scope, code) : std::to_string(code);
      others.push_back(std::move(other));
    }
    if (!others.empty()) out["other_scopes"] = std::move(others);
  }
  out["unit"] = field.unit.en;
  return out;
}

using Tallies = std::map<forms::FieldNo, std::map<std::uint32_t, std::uint32_t>>;
Json tallies_json(forms::FormNo form, const Tallies& tallies, const forms::Catalogue& catalogue) {
  Json out = Json::object();
  for (const auto& [number, codes] : tallies) {
    const forms::FieldInfo* field = field_of(form, number, catalogue);
    if (field == nullptr) continue;
    for (const auto& [code, rows] : codes) out[field->key][code_name(*field, code)] = rows;
  }
  return out;
}

Json place_json(desk::Division division, std::uint32_t place) {
  switch (division) {
    case desk::Division::prefecture: return prefecture(static_cast<std::uint8_t>(place));
    case desk::Division::municipality: return municipality(place);
    case desk::Division::mesh: return place == 0 ? Json(nullptr) : Json(std::to_string(place));
  }
  return nullptr;
}

void put_part(Json& out, const desk::Board& board, const desk::Part& part, const forms::Catalogue& catalogue,
              WallTime now) {
  const forms::FormNo form = board.query.form;
  out["coverage"] = coverage_json(part.coverage, board.is_public, now);
  Json totals = Json::object();
  for (const auto& [number, total] : part.totals) {
    if (const forms::FieldInfo* field = field_of(form, number, catalogue))
      totals[field->key] = total_json(*field, total, catalogue);
  }
  out["totals"] = std::move(totals);
  out["six"] = tallies_json(form, part.six, catalogue);
  out["codes"] = tallies_json(form, part.tallies, catalogue);
  forms::Report extremes;
  extremes.form = form;
  for (const auto& [number, value] : part.extremes) extremes.put(number, value);
  out["extremes"] = Json(forms::values_to_json(extremes, catalogue));
}

Json row_json(const desk::BoardRow& row, const desk::Reading& reading, const forms::Catalogue& catalogue) {
  Json out;
  out["pref"] = prefecture(row.prefecture);
  out["muni"] = municipality(row.municipality);
  out["unit"] = optional_unit(row.unit);
  out["id"] = to_string(reading.facts.id);
  out["number"] = reading.report.header().report_no;
  out["as_of"] = to_rfc3339(reading.facts.as_of);
  out["proxy"] = reading.facts.proxy;
  out["verdict"] = name_of(row.verdict);
  out["added"] = row.added;
  if (row.beside) out["hearsay"] = true;
  if (row.fold.forked) out["forked"] = true;
  if (row.fold.base_missing) out["base_missing"] = true;
  out["values"] = Json(forms::values_to_json(reading.report, catalogue));
  return out;
}

Json warning_json(const desk::Warning& warning) {
  Json out;
  out["warning"] = name_of(warning.kind);
  if (warning.unit.value != 0) out["unit"] = warning.unit.value;
  if (warning.report.key.gen != 0) out["id"] = to_string(warning.report);
  if (!warning.field.empty()) out["field"] = warning.field;
  if (warning.number != 0) out["number"] = warning.number;
  return out;
}

}  // namespace

Json clash_json(const desk::Clash& clash, const forms::Catalogue& catalogue) {
  const auto amount = [&](std::int64_t value) {
    const bool decimal = clash.rule == desk::CrossRule::over_delivered;
    return decimal ? Json(static_cast<double>(value) / 1'000) : Json(value);
  };
  Json reports = Json::array();
  for (const desk::Party& party : clash.parties) {
    reports.push_back(Json{{"id", to_string(party.id)},
                           {"form", form_code(party.form, catalogue)},
                           {"unit", party.unit.value != 0 ? Json(party.unit.value) : Json(nullptr)}});
  }
  return Json{{"rule", id_of(clash.rule)},
              {"clash", name_of(clash.rule)},
              {"severity", clash.severity == forms::Severity::error ? "error" : "warning"},
              {"field", clash.field},
              {"said", amount(clash.said)},
              {"against", amount(clash.against)},
              {"reports", std::move(reports)}};
}

Json board_json(const desk::Rolled& rolled, std::optional<desk::Division> by,
                const forms::Catalogue& catalogue, WallTime now) {
  const desk::Board& board = rolled.board;
  Json out;
  out["incident"] = board.query.incident.value != 0 ? Json(board.query.incident.value) : Json("PENDING");
  out["exercise"] = board.query.exercise;
  out["form"] = form_code(board.query.form, catalogue);
  out["as_of"] = optional_time(board.as_of);
  if (board.query.at) out["at"] = to_rfc3339(*board.query.at);
  put_part(out, board, board.all, catalogue, now);
  if (by) {
    const std::string name(name_of(*by));
    Json parts = Json::array();
    for (const desk::Part& part : board.by(*by)) {
      Json one{{name, place_json(*by, part.place)}};
      put_part(one, board, part, catalogue, now);
      parts.push_back(std::move(one));
    }
    out["by_" + name] = std::move(parts);
  }
  if (board.is_public) {
    out["edition"] = "public";
    return out;
  }
  Json rows = Json::array();
  for (const desk::BoardRow& row : board.rows)
    rows.push_back(row_json(row, rolled.readings[row.reading], catalogue));
  out["rows"] = std::move(rows);
  Json silent = Json::array();
  for (const UnitId unit : board.not_heard) silent.push_back(unit.value);
  out["not_heard"] = std::move(silent);
  Json warnings = Json::array();
  for (const desk::Warning& warning : board.warnings) warnings.push_back(warning_json(warning));
  out["warnings"] = std::move(warnings);
  Json clashes = Json::array();
  for (const desk::Clash& clash : rolled.clashes) clashes.push_back(clash_json(clash, catalogue));
  out["clashes"] = std::move(clashes);
  return out;
}

}  // namespace noroshi::cli
