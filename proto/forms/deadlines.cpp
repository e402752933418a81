#include "proto/forms/deadlines.hpp"

#include <array>

#include "proto/forms/embedded.hpp"
#include "proto/forms/rows.hpp"

namespace noroshi::forms {
namespace {

constexpr std::array<std::string_view, std::size(kPhases)> kPhaseNames{"t0",   "t1h", "t3h", "t24h",
                                                                       "t72h", "t1w", "t1m"};
constexpr std::array<std::string_view, 4> kOwedByNames{"unit", "damaged", "reporter", "event"};

template <typename Named, std::size_t N>
std::optional<Named> by_name(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Named>(found - names.begin());
}

/// "F2" → 2.
FormNo form_number(std::string_view code) {
  return static_cast<FormNo>(rows::number(code.substr(std::min<std::size_t>(1, code.size()))));
}

/// "fires six_danger=fire_or_explosion": any count above zero, any of these codes.
When any_of(std::string_view text) {
  When out;
  for (const std::string_view term : rows::split(text, ' ')) {
    const std::vector<std::string_view> sides = rows::split(term, '=');
    Condition condition;
    condition.field = sides.front();
    condition.positive = sides.size() == 1;
    if (sides.size() > 1) condition.is.emplace_back(sides[1]);
    out.any.push_back(std::move(condition));
  }
  return out;
}

struct DeadlineTable {
  std::vector<Deadline> rows;
  std::array<Seconds, std::size(kPhases)> ends{};
};

DeadlineTable read_deadlines() {
  constexpr std::size_t kColumns = 8;
  DeadlineTable out;
  // phase,from_min,due_min,form,owed_by,answered_by,when,source
  for (const std::string_view line : rows::lines(embedded::deadlines())) {
    const std::vector<std::string_view> cells = rows::split(line, ',');
    if (cells.size() != kColumns || cells[0] == "phase") continue;
    Deadline row;
    row.phase = by_name<Phase>(kPhaseNames, cells[0]);
    row.from = minutes(rows::number(cells[1]));
    row.due = minutes(rows::number(cells[2]));
    if (row.phase) out.ends[static_cast<std::size_t>(*row.phase)] = row.due;
    row.form = form_number(cells[3]);
    if (row.form == 0) continue;  // only says where the phase ends
    row.owed_by = by_name<OwedBy>(kOwedByNames, cells[4]).value_or(OwedBy::unit);
    for (const std::string_view code : rows::split(cells[5], ' '))
      row.answered_by.push_back(form_number(code));
    row.when = any_of(cells[6]);
    row.source = cells[7];
    out.rows.push_back(std::move(row));
  }
  return out;
}
const DeadlineTable& deadline_table() {
  static const DeadlineTable table = read_deadlines();
  return table;
}

}  // namespace

std::string_view name_of(Phase phase) {
  return kPhaseNames[static_cast<std::size_t>(phase)];
}

Seconds end_of(Phase phase) {
  return deadline_table().ends[static_cast<std::size_t>(phase)];
}

Phase phase_at(Seconds since_begin) {
  for (const Phase phase : kPhases) {
    if (since_begin < end_of(phase)) return phase;
  }
  return Phase::t1m;
}

const std::vector<Deadline>& deadlines() {
  return deadline_table().rows;
}

}  // namespace noroshi::forms
