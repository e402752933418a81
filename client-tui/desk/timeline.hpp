// The time line of one incident: what came and went in each phase, which report is owed and by whom, which
// questions nobody has answered, who has not called as announced. Pure; everything it needs is an argument.
//
// Silence is information: a unit that says nothing owes its report, and stays in the list until it is heard
// (client-tui/desk/DESIGN.md, "Time line").
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "client-tui/desk/rollup.hpp"
#include "client-tui/desk/talk.hpp"
#include "keys/trust.hpp"
#include "proto/forms/deadlines.hpp"

namespace noroshi::desk {

/// An announced contact counts as missed only after so long (F0 31); what comes in later than this after its
/// as-of is marked late, by the same measure.
inline constexpr Seconds kContactSlack = minutes(30);

struct TimelineQuery {
  IncidentId incident;
  bool exercise = false;
  std::optional<WallTime> start;          ///< nothing: not declared, so nothing is due
  std::optional<WallTime> end;            ///< nothing falls due from here on
  std::vector<std::uint8_t> prefectures;  ///< of the incident; empty = everywhere
  DeviceId self;                          ///< whose own reports are "sent"
  WallTime now;
};
/// As the register has the incident.
[[nodiscard]] TimelineQuery timeline_query(const keys::Trust& trust, IncidentId incident, DeviceId self,
                                           WallTime now);

/// Whether an incident of these prefectures (none: everywhere) concerns a unit.
[[nodiscard]] bool concerns(std::span<const std::uint8_t> prefectures, const ExpectedUnit& unit);
/// Those of the register that an incident concerns.
[[nodiscard]] std::vector<ExpectedUnit> units_of(IncidentId incident, const keys::Trust& trust);

/// A report that should be here.
struct Owed {
  UnitId unit;
  forms::FormNo form = 0;
  std::optional<forms::Phase> phase;  ///< nothing: by the unit's own interval, or by an event
  WallTime due;
  std::optional<WallTime> last_heard;  ///< as-of of the newest report that would have answered
  std::optional<ReportId> because;     ///< what makes it due: a report of fire, explosion or death, or a call
  bool operator==(const Owed&) const = default;
};

/// One row of the table of deadlines, as far as it has been answered.
struct Step {
  forms::Phase phase{};
  forms::FormNo form = 0;
  WallTime due;
  std::uint32_t expected = 0, answered = 0;  ///< units
  bool operator==(const Step&) const = default;
};

/// An inquiry or directive that nobody has answered, refused or taken back.
struct Question {
  std::size_t reading = 0;  ///< place in the input
  WallTime due;
  bool overdue = false;
};

/// A call for reports that nobody has taken back, as far as it has been answered.
struct Called {
  std::size_t reading = 0;  ///< place in the input
  ReportId id;
  Call call;
  WallTime due;
  std::uint32_t expected = 0, answered = 0;  ///< units
};

/// Somebody said when they would be in touch, and was not.
struct MissedContact {
  UnitId unit;
  WallTime announced;
  std::size_t reading = 0;  ///< where they said so
};

/// One thing that came or went.
struct Event {
  std::size_t reading = 0;  ///< place in the input
  bool sent = false;
  WallTime at;  ///< when it was first seen here, or was sealed here
  std::optional<forms::Phase> phase;
  Seconds delay;      ///< between its as-of and `at`
  bool late = false;  ///< more than kContactSlack of it, on the way
};

struct Timeline {
  TimelineQuery query;
  std::vector<Owed> overdue;          ///< longest overdue first; one for each unit and form
  std::vector<Question> questions;    ///< by the time to answer
  std::vector<Called> calls;          ///< likewise
  std::vector<MissedContact> missed;  ///< longest missed first
  std::vector<UnitId> silent;         ///< have reported nothing, but nothing is due from them yet
  std::vector<Step> steps;            ///< by time; those of forms that the catalogue has
  std::vector<Event> events;          ///< newest last; copies of one report once
};

/// What the time line rests on, but for what came and went: gathered from every report, or kept by the index
/// (overview.hpp).
struct Ground {
  /// What stands of one unit on one form.
  struct Heard {
    std::optional<WallTime> newest;  ///< as-of
    bool closed = false;             ///< a final report is among it
    bool damaged = false;            ///< says something other than 被害なし
    /// For each deadline by event (the nth of them) that a standing report speaks of: the first report that
    /// did.
    std::map<int, std::pair<WallTime, ReportId>> said;
    /// A report of it says what these bits (Gist::says) ask for.
    void say(std::uint8_t bits, const Facts& facts);
    bool operator==(const Heard&) const = default;
  };
  std::map<std::pair<UnitId, forms::FormNo>, Heard> heard;
  struct Asked {
    std::size_t reading = 0;
    ReportId id;
    WallTime due;
    WallTime asked;             ///< when: what is as of later answers a call
    std::optional<Call> call;  ///< nothing: a question
  };
  std::vector<Asked> asked;  ///< open questions and calls
  struct Announced {
    WallTime last;  ///< when the unit was last in touch
    WallTime at;    ///< when it said that it would be
    std::size_t reading = 0;
  };
  std::map<UnitId, Announced> announced;
};
/// Everything but the events. O(units × rows of the table).
[[nodiscard]] Timeline lay_out(const Ground& ground, std::span<const ExpectedUnit> units,
                               const TimelineQuery& query, const forms::Catalogue& catalogue);

/// O(n log n) in reports, O(units × rows of the table). `units` in any order.
[[nodiscard]] Timeline timeline(std::span<const Reading> readings, std::span<const ExpectedUnit> units,
                                const TimelineQuery& query, const forms::Catalogue& catalogue);

/// One thing that came or went, placed on the line.
[[nodiscard]] Event event_of(std::size_t place, const Facts& facts, WallTime first_seen,
                             const TimelineQuery& query);

/// Places in the input of what waits past its time: questions, announced contacts, reports that made another
/// one due.
[[nodiscard]] std::vector<std::size_t> past_due(const Timeline& timeline, std::span<const Reading> readings);

}  // namespace noroshi::desk
