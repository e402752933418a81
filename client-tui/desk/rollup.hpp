// Roll-up: the board of one incident from the reports that stand. Pure; everything it needs is an argument.
//
// Totals never stand alone: with each comes how much of the ground it covers, what is unconfirmed, what is
// only a magnitude, what is only said, and what the association has confirmed. What cannot be added honestly
// is listed instead (client-tui/desk/DESIGN.md, "Roll-up").
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client-tui/desk/fold.hpp"
#include "client-tui/desk/sum.hpp"
#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"
#include "proto/time.hpp"

namespace noroshi::desk {

/// What is doubtful about a report, from its envelope (keys::Marks) and its body.
struct Doubts {
  bool time = false;           ///< 時刻不確実
  bool certificate = false;    ///< 証明書期限切れ・要確認
  bool roster = false;         ///< the roster was old when it was read
  bool sender_roster = false;  ///< the sender's own roster had expired, as it says itself
  bool epoch = false;          ///< sealed to an epoch that had ended: the sender had no newer one
  bool late = false;           ///< 期限経過
  bool dead = false;           ///< so much later than its date that relays would have dropped it; quarantined
  bool revoked = false;        ///< 失効鍵・要確認: its key was revoked after it was made; quarantined
  bool equivocal = false;      ///< its key gave this number to another message too
  bool incomplete = false;     ///< an incomplete flash
  bool unknown_fields = false;  ///< written with a newer form than this program has
  bool invalid = false;         ///< its own rules do not hold, read again here
  bool operator==(const Doubts&) const = default;
};

/// One opened report as the desk holds it.
struct Reading {
  Facts facts;
  forms::Report report;
  Doubts doubts;
  WallTime first_seen;
};

/// 未確認 / 県協会確認 / 保留.
enum class Verdict : std::uint8_t { unconfirmed, confirmed, held };
[[nodiscard]] std::string_view name_of(Verdict verdict);
/// The newest verification note of the unit's own association on each report that has one.
[[nodiscard]] std::map<ReportId, Verdict> verdicts(std::span<const Reading> readings);
/// Of two notes on one report the one of the greater age counts.
using NoteAge = std::tuple<WallTime, ReportId, MsgId>;
[[nodiscard]] NoteAge age_of(const Facts& note);
[[nodiscard]] Verdict verdict_of(forms::Verdict said);

/// A reporting unit as the register has it.
struct ExpectedUnit {
  UnitId id;
  UnitId parent;                ///< 0 = none
  std::uint8_t prefecture = 0;  ///< of its association, where no municipality says it
  std::vector<std::uint32_t> municipalities;
  std::uint32_t households_served = 0;
  std::uint16_t expected_interval_h = 0;  ///< agreed time between its reports; 0 = none
};

struct BoardQuery {
  forms::FormNo form = 1;
  IncidentId incident;
  bool exercise = false;
  std::optional<WallTime> at;  ///< figures as of then; cancels and corrections that came later count
  std::vector<std::uint8_t> prefectures;  ///< of the incident; empty = everywhere
  bool operator==(const BoardQuery&) const = default;
};

/// Totals of one field.
struct Total {
  Sum sum;       ///< of what stands; of a decimal field in units of its scale
  Sum verified;  ///< its part that the association has confirmed
  Sum hearsay;   ///< only said, beside
  Sum held;      ///< 保留, beside
  /// Cylinders at consumers, at dealers and elsewhere are never added up: `sum` is of the first scope of the
  /// code list that anybody reported, the others stand here. 0 = no scope said (zeros need none and are in
  /// `sum`).
  std::uint32_t scope = 0;
  std::map<std::uint32_t, Sum> other_scopes;
  bool operator==(const Total&) const = default;
};

struct Coverage {
  std::uint32_t units_heard = 0, units_expected = 0;
  Sum households_checked;
  std::uint64_t households_served = 0;  ///< by the register, of the expected units
  std::optional<WallTime> oldest;       ///< oldest as-of among the standing rows
  bool operator==(const Coverage&) const = default;
};

/// One standing row.
struct BoardRow {
  std::size_t reading = 0;  ///< place in the input
  UnitId unit;
  std::uint8_t prefecture = 0;     ///< 0 = unknown
  std::uint32_t municipality = 0;  ///< 0 = unknown
  std::uint32_t mesh = 0;          ///< of its position (JIS X 0410, third); 0 = the form has none, or unknown
  Verdict verdict = Verdict::unconfirmed;
  bool beside = false;  ///< hearsay: shown, not added
  bool added = true;    ///< false: beside, held, or a roll-up whose leaves are here
  Folded::Entry fold;
  bool operator==(const BoardRow&) const = default;
};

enum class WarningKind : std::uint8_t {
  forked,
  base_missing,
  parent_kept,
  equivocal,
  quarantined,
  dead,
  time_doubtful,
  certificate_expired,
  old_roster,
  incomplete,
  unknown_fields,
  invalid,
  scope_clash,
  rollup_not_added,
  held,
  hearsay,
  unit_unlisted,
  exercise_elsewhere,
  pending,
  not_heard,
};
[[nodiscard]] std::string_view name_of(WarningKind kind);
struct Warning {
  WarningKind kind{};
  UnitId unit;               ///< 0 = none
  ReportId report;           ///< key.gen 0 = none
  std::string field;         ///< key, or empty
  std::uint64_t number = 0;  ///< how many
  bool operator==(const Warning&) const = default;
};

/// What a board can be divided by.
enum class Division : std::uint8_t { prefecture, municipality, mesh };
inline constexpr Division kDivisions[] = {Division::prefecture, Division::municipality, Division::mesh};
/// "pref", "muni", "mesh".
[[nodiscard]] std::string_view name_of(Division division);
[[nodiscard]] std::optional<Division> division_of(std::string_view name);

/// One place of a division.
struct Locality {
  Division division{};
  std::uint32_t place = 0;  ///< number of the prefecture, municipality or mesh; 0 = unknown
  bool operator==(const Locality&) const = default;
};

/// Totals of all rows, or of one place of a division.
struct Part {
  std::uint32_t place = 0;  ///< number of the prefecture, municipality or mesh; 0 = everywhere, or unknown
  Coverage coverage;
  std::map<forms::FieldNo, Total> totals;
  /// Codes as counts of rows: field → code → rows. Codes of a set count once each.
  std::map<forms::FieldNo, std::map<std::uint32_t, std::uint32_t>> tallies;
  /// The six answers of rows whose own fields do not say it yet, likewise.
  std::map<forms::FieldNo, std::map<std::uint32_t, std::uint32_t>> six;
  /// The least or greatest number, time or date of the rows, as the catalogue says.
  std::map<forms::FieldNo, forms::Value> extremes;
  bool operator==(const Part&) const = default;
};

struct Board {
  BoardQuery query;
  std::optional<WallTime> as_of;  ///< newest as-of among the rows that are added
  Part all;
  std::array<std::vector<Part>, std::size(kDivisions)> parts;  ///< see by()
  std::vector<BoardRow> rows;     ///< by (prefecture, municipality, unit), hearsay last
  std::vector<UnitId> not_heard;  ///< expected units without a standing report
  std::vector<Warning> warnings;
  bool is_public = false;  ///< see public_edition.hpp

  /// Ascending; rows of unknown place under 0 come last. Meshes: of a form with a position only.
  [[nodiscard]] const std::vector<Part>& by(Division division) const {
    return parts[static_cast<std::size_t>(division)];
  }
  [[nodiscard]] std::vector<Part>& by(Division division) { return parts[static_cast<std::size_t>(division)]; }
  bool operator==(const Board&) const = default;
};

/// Whether a row is there, or a unit expected there.
[[nodiscard]] bool lies_in(const BoardRow& row, const Locality& at);
[[nodiscard]] bool lies_in(const ExpectedUnit& unit, const Locality& at);
/// The part of a place; nothing if the board has none.
[[nodiscard]] const Part* part_of(const Board& board, const Locality& at);
/// Where to look closer: of everywhere (nothing) the prefectures, or where there is one only its
/// municipalities; of a prefecture its municipalities; of a municipality nothing.
[[nodiscard]] std::vector<Locality> within(const Board& board, const std::optional<Locality>& at);

/// A board that is kept while reports come and go: what changes is counted again in its prefecture and its
/// municipality, the whole is added up from the prefectures.
class LiveBoard {
 public:
  /// `query.at` is not its matter: it holds what is put. The catalogue outlives it.
  LiveBoard(BoardQuery query, std::vector<ExpectedUnit> units, const forms::Catalogue& catalogue);
  LiveBoard(LiveBoard&&) noexcept;
  LiveBoard& operator=(LiveBoard&&) noexcept;
  ~LiveBoard();

  /// One report that stands, or is said of a unit (`beside`), under a number of the caller's; again, to
  /// replace it.
  struct Standing {
    Reading reading;
    Folded::Entry fold;
    Verdict verdict = Verdict::unconfirmed;
    bool beside = false;
  };
  void put(std::size_t number, Standing standing);
  void drop(std::size_t number);
  /// Reports that do not count and are listed: quarantined, or one of two under a number.
  void put_evidence(std::size_t number, const Facts& facts, const Doubts& doubts, Fate fate);
  void drop_evidence(std::size_t number);
  /// How many stand without an incident, and (for a real incident) in exercises.
  void set_elsewhere(std::uint64_t pending, std::uint64_t in_exercises);

  /// Whether board() would say something else than the last time.
  [[nodiscard]] bool stale() const;
  /// The rows name their reports by the numbers they were put under.
  [[nodiscard]] Board board();
  /// Nothing if no report has that number.
  [[nodiscard]] const Reading* reading(std::size_t number) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// O(n log n). `units` in any order.
[[nodiscard]] Board roll_up(std::span<const Reading> readings, std::span<const ExpectedUnit> units,
                            const BoardQuery& query, const forms::Catalogue& catalogue);
/// Those of the query's incident and side, of whatever form, that stand by themselves: neither beside nor
/// held. They point into `readings`.
[[nodiscard]] std::vector<const Reading*> standing(std::span<const Reading> readings,
                                                   const BoardQuery& query);

}  // namespace noroshi::desk
