// When which report is due after a disaster has begun: the phases that the sector's practice knows, and the
// forms that are owed in each. The table is data (data/deadlines.csv, each row with its reason), because the
// manual behind it is revised every year.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/forms/catalogue.hpp"
#include "proto/time.hpp"

namespace noroshi::forms {

/// 時間区分. Each ends where its first row of the table is due; the last one never ends.
enum class Phase : std::uint8_t { t0, t1h, t3h, t24h, t72h, t1w, t1m };
inline constexpr Phase kPhases[] = {Phase::t0,   Phase::t1h, Phase::t3h, Phase::t24h,
                                    Phase::t72h, Phase::t1w, Phase::t1m};
/// "t0", "t1h", …
[[nodiscard]] std::string_view name_of(Phase phase);
/// What comes before the begin belongs to the first phase.
[[nodiscard]] Phase phase_at(Seconds since_begin);
/// After the begin of the disaster.
[[nodiscard]] Seconds end_of(Phase phase);

/// Who owes a report.
enum class OwedBy : std::uint8_t {
  unit,      ///< every unit that is expected to report
  damaged,   ///< a unit that has reported something other than 被害なし
  reporter,  ///< whoever has sent this form in this disaster already
  event,     ///< a unit whose report says what `when` asks
};

struct Deadline {
  std::optional<Phase> phase;  ///< nothing for `event`: the time runs from the report that says it
  /// Only what is as of `from` or later answers; after the begin of the disaster.
  Seconds from;
  Seconds due;
  FormNo form = 0;
  OwedBy owed_by = OwedBy::unit;
  std::vector<FormNo> answered_by;
  When when;
  std::string source;
};
/// In the order of the table: by phase. Built once, at first use.
[[nodiscard]] const std::vector<Deadline>& deadlines();

}  // namespace noroshi::forms
