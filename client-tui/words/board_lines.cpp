#include "client-tui/words/board_lines.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "client-tui/desk/letter.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/marks.hpp"
#include "client-tui/words/names.hpp"
#include "proto/forms/places.hpp"

namespace noroshi::words {
namespace {

std::string warning_text(const desk::Warning& warning) {
  switch (warning.kind) {
    case desk::WarningKind::forked: return say(Text::warn_forked);
    case desk::WarningKind::base_missing: return say(Text::warn_base_missing);
    case desk::WarningKind::parent_kept: return say(Text::warn_parent_kept);
    case desk::WarningKind::equivocal: return say(Text::warn_equivocal);
    case desk::WarningKind::quarantined: return say(Text::warn_quarantined);
    case desk::WarningKind::dead: return say(Text::warn_dead);
    case desk::WarningKind::time_doubtful: return say(Text::warn_time_doubtful);
    case desk::WarningKind::certificate_expired: return say(Text::warn_certificate_expired);
    case desk::WarningKind::old_roster: return say(Text::warn_old_roster);
    case desk::WarningKind::incomplete: return say(Text::warn_incomplete);
    case desk::WarningKind::unknown_fields: return say(Text::warn_unknown_fields);
    case desk::WarningKind::invalid: return say(Text::warn_invalid);
    case desk::WarningKind::scope_clash: return say(Text::warn_scope_clash, warning.field, warning.number);
    case desk::WarningKind::rollup_not_added: return say(Text::warn_rollup_not_added);
    case desk::WarningKind::held: return say(Text::warn_held);
    case desk::WarningKind::hearsay: return say(Text::warn_hearsay);
    case desk::WarningKind::unit_unlisted: return say(Text::warn_unit_unlisted);
    case desk::WarningKind::exercise_elsewhere: return say(Text::warn_exercise_elsewhere, warning.number);
    case desk::WarningKind::pending: return say(Text::warn_pending, warning.number);
    case desk::WarningKind::not_heard: return say(Text::warn_not_heard, warning.number);
  }
  return {};
}
Line warning_line(const desk::Warning& warning, const keys::Trust& trust) {
  std::string who;
  if (warning.unit.value != 0) who = unit_name(warning.unit, trust);
  Line line;
  if (warning.report.key.gen != 0) {
    who += (who.empty() ? "" : " ") + to_string(warning.report);
    line.reports = {warning.report};
  }
  line.text = "  ! " + (who.empty() ? "" : who + ": ") + warning_text(warning);
  line.weight = Weight::caution;
  return line;
}

// ---- a part

/// Totals as lines, counts first in the order of asking, then what is only said as codes, then what is least
/// or greatest.
std::vector<std::string> part_lines(const desk::Part& part, forms::FormNo form,
                                    const forms::Catalogue& catalogue) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& label, const std::string& text) {
    out.push_back("  " + label + ": " + text);
  };
  for (const auto& [number, total] : part.totals) {
    const forms::FieldInfo* field = field_of(form, number, catalogue);
    if (field == nullptr) continue;
    const auto sum_text = [&](const desk::Sum& sum) { return format(sum, language(), field->scale); };
    std::string text = sum_text(total.sum);
    if (total.sum.known()) text = forms::with_unit(std::move(text), *field, language());
    if (total.verified.known()) text += say(Text::board_verified, sum_text(total.verified));
    if (!total.hearsay.empty()) text += say(Text::board_hearsay, sum_text(total.hearsay));
    if (!total.held.empty()) text += say(Text::board_held, sum_text(total.held));
    const forms::FormInfo* info = catalogue.form(form);
    const forms::FieldInfo* scope = info != nullptr ? catalogue.field(*info, "cyl_scope") : nullptr;
    if (scope != nullptr && !total.other_scopes.empty()) {
      text += " [" + code_label(*scope, total.scope);
      for (const auto& [code, sum] : total.other_scopes) {
        text += " / " + code_label(*scope, code) + " " + sum_text(sum);
      }
      text += "]";
    }
    add(field->label.in(language()), text);
  }
  for (const auto* tallies : {&part.six, &part.tallies}) {
    for (const auto& [number, codes] : *tallies) {
      const forms::FieldInfo* field = field_of(form, number, catalogue);
      if (field == nullptr) continue;
      std::string text;
      for (const auto& [code, rows] : codes) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", code_label(*field, code), rows);
      }
      add((tallies == &part.six ? say(Text::board_six) : "") + field->label.in(language()), text);
    }
  }
  for (const auto& [number, value] : part.extremes) {
    const forms::FieldInfo* field = field_of(form, number, catalogue);
    if (field == nullptr) continue;
    const bool least = field->aggregation == forms::Aggregation::min;
    add(field->label.in(language()) + say(least ? Text::board_least : Text::board_greatest),
        forms::format(value, *field, language()));
  }
  return out;
}

/// "報告 3/5 単位", and of the flash report how much of the ground that covers.
std::string coverage_text(const desk::Board& board, const desk::Part& part, const Around& around) {
  const desk::Coverage& coverage = part.coverage;
  const std::string oldest =
      coverage.oldest ? say(Text::board_oldest, to_short_jst(*coverage.oldest, around.now)) : "";
  const forms::FieldInfo* stopped = field_named(board.query.form, "households_stopped", around.catalogue);
  if (board.is_public || stopped == nullptr)
    return say(Text::board_heard, coverage.units_heard, coverage.units_expected) + oldest;
  const auto total = part.totals.find(stopped->number);
  return say(Text::board_coverage, coverage.units_heard, coverage.units_expected,
             format(total != part.totals.end() ? total->second.sum : desk::Sum{}, language()),
             format(coverage.households_checked, language()),
             forms::with_commas(coverage.households_served)) +
         oldest;
}

/// A place in one line: how far it is covered and, where that does not say it, its first totals.
std::string part_text(const desk::Board& board, const desk::Part& part, const Around& around) {
  constexpr std::size_t kTotalsShown = 2;
  std::string out = coverage_text(board, part, around);
  if (field_named(board.query.form, "households_stopped", around.catalogue) != nullptr) return out;
  std::size_t shown = 0;
  for (const auto& [number, total] : part.totals) {
    const forms::FieldInfo* field = field_of(board.query.form, number, around.catalogue);
    if (field == nullptr || !total.sum.known() || total.sum.value == 0 || shown == kTotalsShown) continue;
    out += "  " + field->label.in(language()) + " " +
           forms::with_unit(format(total.sum, language(), field->scale), *field, language());
    ++shown;
  }
  return out;
}

// ---- the board

std::string heading(const desk::Board& board, const Around& around) {
  const keys::Incident* incident = around.trust.incident(board.query.incident);
  const std::string name =
      incident != nullptr ? in_language(incident->name, incident->name_en) : say(Text::board_pending);
  return fmt::format(
      "{}{}{}  {}", board.query.exercise ? say(Text::mark_exercise) : "",
      board.is_public ? say(Text::mark_public) : "", name,
      board.as_of ? say(Text::board_as_of, to_short_jst(*board.as_of, around.now)) : say(Text::board_empty));
}

Line row_line(const desk::BoardRow& row, const desk::Reading& reading, const Around& around) {
  std::string marks = reading.facts.proxy ? say(Text::mark_proxy) : "";
  if (row.verdict == desk::Verdict::confirmed) marks += say(Text::mark_confirmed);
  if (!row.added) marks += say(Text::mark_not_added);
  for (const Mark& mark : marks_of(reading)) marks += say(mark.text);
  if (!marks.empty()) marks = "  " + marks;
  const std::string place =
      reading.facts.municipality != 0
          ? forms::place_name(reading.facts.municipality, language() == forms::Language::en)
          : "";
  Line line;
  line.text = fmt::format("  {}  {}  #{}  {}  {}{}", place, unit_name(row.unit, around.trust),
                          reading.report.header().report_no, to_short_jst(reading.facts.as_of, around.now),
                          report_summary(reading.report, around.catalogue), marks);
  line.reports = {reading.facts.id};
  return line;
}

std::string clash_text(const desk::Clash& clash, const Around& around) {
  const std::string label = [&] {
    const forms::FieldInfo* field = nullptr;
    for (const desk::Party& party : clash.parties) {
      if (field == nullptr) field = field_named(party.form, clash.field, around.catalogue);
    }
    return field != nullptr ? field->label.in(language()) : clash.field;
  }();
  // Three decimals, said without the zeros behind.
  const auto decimal = [](std::int64_t scaled) {
    return fmt::format("{:g}", static_cast<double>(scaled) / 1'000);
  };
  switch (clash.rule) {
    case desk::CrossRule::recovered_over_count:
      return say(Text::clash_recovered, label, clash.said, clash.against);
    case desk::CrossRule::accident_without_count:
      return say(Text::clash_accidents, label, clash.said, clash.against);
    case desk::CrossRule::count_without_accident:
      return say(Text::clash_counts, label, clash.said, clash.against);
    case desk::CrossRule::over_delivered:
      return say(Text::clash_delivered, label, decimal(clash.said), decimal(clash.against));
    case desk::CrossRule::delivers_on_cut_road: return say(Text::clash_road, label);
    case desk::CrossRule::over_register: return say(Text::clash_register, label, clash.said, clash.against);
    case desk::CrossRule::same_object: return say(Text::clash_same, label, clash.said, clash.against);
    case desk::CrossRule::parts_not_total: return say(Text::clash_total, label, clash.said, clash.against);
  }
  return label;
}

/// Totals, the places of a division under it, and of nothing the rows.
void add_part(std::vector<Line>& out, const desk::Board& board, const desk::Locality& at,
              const desk::Part& part, const Around& around) {
  // Units are expected in prefectures and municipalities, and nobody expects anything of a mesh.
  const bool expects = at.division != desk::Division::mesh;
  out.push_back({locality_name(at) + (expects ? "  " + coverage_text(board, part, around) : "")});
  for (const std::string& line : part_lines(part, board.query.form, around.catalogue))
    out.push_back({"  " + line});
}

void add_clashes(std::vector<Line>& out, const std::vector<const desk::Clash*>& clashes,
                 const Around& around) {
  if (clashes.empty()) return;
  out.push_back({say(Text::board_clashes, clashes.size()), Weight::heading});
  for (const desk::Clash* clash : clashes) {
    Line line = clash_line(*clash, around);
    line.text = "  ! " + line.text;
    out.push_back(std::move(line));
  }
}

/// One place of a board, and what belongs to it.
class Closer {
 public:
  Closer(const desk::Rolled& rolled, const desk::Locality& at, const Around& around)
      : at_(at), units_(desk::expected_units(around.trust)) {
    for (const desk::BoardRow& row : rolled.board.rows)
      rows_.emplace(rolled.readings[row.reading].facts.id, lies_in(row, at));
  }
  [[nodiscard]] bool has(UnitId id) const {
    const auto unit = std::ranges::find(units_, id, &desk::ExpectedUnit::id);
    return unit != units_.end() && lies_in(*unit, at_);
  }
  [[nodiscard]] bool has(const desk::Warning& warning) const {
    if (warning.unit.value == 0) return false;  // of the whole
    const auto row = rows_.find(warning.report);
    return row != rows_.end() ? row->second : has(warning.unit);
  }
  [[nodiscard]] bool has(const desk::Clash& clash) const {
    return std::ranges::any_of(clash.parties, [&](const desk::Party& party) {
      if (const auto row = rows_.find(party.id); row != rows_.end()) return row->second;
      if (party.municipality == 0) return has(party.unit);
      desk::BoardRow spoken_of;
      spoken_of.municipality = party.municipality;
      spoken_of.prefecture = static_cast<std::uint8_t>(party.municipality / 1'000);
      return lies_in(spoken_of, at_);
    });
  }

 private:
  desk::Locality at_;
  std::vector<desk::ExpectedUnit> units_;
  std::map<ReportId, bool> rows_;  // whether they are there
};

}  // namespace

Line clash_line(const desk::Clash& clash, const Around& around) {
  constexpr std::size_t kNamed = 3;
  Line line;
  line.text = std::string(id_of(clash.rule)) + " " + clash_text(clash, around) + "  ";
  for (const desk::Party& party : clash.parties) {
    if (line.reports.size() < kNamed)
      line.text += (line.reports.empty() ? "" : ", ") +
                   fmt::format("{} {} {}", unit_name(party.unit, around.trust),
                               form_code(party.form, around.catalogue), to_string(party.id));
    line.reports.push_back(party.id);
  }
  if (line.reports.size() > kNamed) line.text += say(Text::clash_more, line.reports.size() - kNamed);
  line.weight = clash.severity == forms::Severity::error ? Weight::alarm : Weight::caution;
  return line;
}

std::string locality_name(const desk::Locality& at) {
  const bool en = language() == forms::Language::en;
  if (at.place == 0) return say(Text::board_place_unknown);
  switch (at.division) {
    case desk::Division::prefecture: {
      const forms::Prefecture* prefecture = forms::prefecture(at.place);
      return prefecture == nullptr ? std::to_string(at.place) : en ? prefecture->name_en : prefecture->name;
    }
    case desk::Division::municipality: return forms::place_name(at.place, en);
    case desk::Division::mesh: return say(Text::board_mesh, at.place);
  }
  return {};
}

std::vector<Line> board_lines(const desk::Rolled& rolled, std::optional<desk::Division> by,
                              const Around& around) {
  const desk::Board& board = rolled.board;
  std::vector<Line> out{{heading(board, around), Weight::heading}};
  out.push_back({coverage_text(board, board.all, around)});
  for (std::string& line : part_lines(board.all, board.query.form, around.catalogue))
    out.push_back({std::move(line)});
  if (by) {
    for (const desk::Part& part : board.by(*by)) add_part(out, board, {*by, part.place}, part, around);
  }
  if (board.is_public) return out;
  out.push_back({say(Text::board_rows, board.rows.size())});
  for (const desk::BoardRow& row : board.rows)
    out.push_back(row_line(row, rolled.readings[row.reading], around));
  std::vector<const desk::Clash*> clashes;
  for (const desk::Clash& clash : rolled.clashes) clashes.push_back(&clash);
  add_clashes(out, clashes, around);
  for (const desk::Warning& warning : board.warnings) out.push_back(warning_line(warning, around.trust));
  return out;
}

std::vector<Line> board_page(const desk::Rolled& rolled, const std::optional<desk::Locality>& at,
                             const Around& around) {
  const desk::Board& board = rolled.board;
  const desk::Part* part = at ? part_of(board, *at) : &board.all;
  const desk::Part nothing;  // its last report has gone since
  if (part == nullptr) part = &nothing;
  std::optional<Closer> closer;
  if (at) closer.emplace(rolled, *at, around);
  const forms::FormInfo* form = around.catalogue.form(board.query.form);

  std::vector<Line> out;
  out.push_back({form_code(board.query.form, around.catalogue) + " " +
                     (form != nullptr ? form->label.in(language()) : "") + "  " +
                     (at ? locality_name(*at) + "  " : "") + heading(board, around),
                 Weight::heading});
  out.push_back({coverage_text(board, *part, around)});
  std::vector<const desk::Clash*> clashes;
  for (const desk::Clash& clash : rolled.clashes) {
    if (!closer || closer->has(clash)) clashes.push_back(&clash);
  }
  add_clashes(out, clashes, around);
  for (std::string& line : part_lines(*part, board.query.form, around.catalogue))
    out.push_back({std::move(line)});

  const std::vector<desk::Locality> places = within(board, at);
  if (!places.empty()) out.push_back({say(Text::board_places, places.size()), Weight::heading});
  for (const desk::Locality& place : places) {
    Line line{"  " + locality_name(place) + "  " + part_text(board, *part_of(board, place), around)};
    line.locality = place;
    out.push_back(std::move(line));
  }
  std::vector<Line> rows;
  for (const desk::BoardRow& row : board.rows) {
    const auto has_it = [&](const desk::Locality& place) { return lies_in(row, place); };
    if ((at && !has_it(*at)) || std::ranges::any_of(places, has_it)) continue;
    rows.push_back(row_line(row, rolled.readings[row.reading], around));
  }
  if (!rows.empty()) out.push_back({say(Text::board_rows, rows.size()), Weight::heading});
  std::ranges::move(rows, std::back_inserter(out));
  std::vector<Line> silent;
  for (const UnitId unit : board.not_heard) {
    if (closer && closer->has(unit)) silent.push_back({"  " + unit_name(unit, around.trust)});
  }
  if (!silent.empty()) out.push_back({say(Text::board_silent, silent.size()), Weight::heading});
  std::ranges::move(silent, std::back_inserter(out));
  for (const desk::Warning& warning : board.warnings) {
    if (!closer || closer->has(warning)) out.push_back(warning_line(warning, around.trust));
  }
  return out;
}

}  // namespace noroshi::words
