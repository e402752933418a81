// Folding kept up to date: one more report changes only what it touches, and what comes out is what fold()
// says of them all.
//
// Two things tie reports together. Those that NAME each other (a copy its original, a child its parent)
// settle among themselves what is superseded or cancelled; a report that nobody names yet touches its parents
// only, anything else the whole group that hangs together. Those of one SERIES (what a unit says of one
// matter on one form) compete; of a series the newest body is kept, so a newer one is held against one row,
// and only when the kept one falls are the others asked again.
//
// Pure but for the rows it is given: in memory for the tests, sealed in LMDB for the desk (index.hpp).
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client-tui/desk/fold.hpp"

namespace noroshi::desk {

/// A report by where it stands: its envelope, and the how manieth of its body it is.
struct Place {
  MsgId msg;
  std::uint8_t index = 0;
  auto operator<=>(const Place&) const = default;
};

/// What a unit says of one matter on one form: of several bodies the newest counts.
struct Series {
  bool exercise = false;
  IncidentId incident;
  forms::FormNo form = 0;
  UnitId unit;
  std::string matter;
  auto operator<=>(const Series&) const = default;
};
[[nodiscard]] Series series_of(const Facts& facts);

/// A report with what those that name it have made of it (settle()).
struct Settled {
  Facts facts;
  Folded::Entry entry;
  /// Still competes for its unit, on one of the two lines: what the unit says, what is said of it.
  [[nodiscard]] bool competes() const { return entry.fate == Fate::standing || entry.fate == Fate::beside; }
  bool operator==(const Settled&) const = default;
};

/// Who is ahead in one line of a series.
struct Best {
  struct Report {
    Place place;
    Rank rank;
    auto operator<=>(const Report&) const = default;
    [[nodiscard]] const ReportId& id() const { return std::get<ReportId>(rank); }
  };
  std::optional<Report> any;             ///< the newest
  std::optional<Report> own;             ///< the newest of the unit itself
  std::map<std::uint32_t, Report> rows;  ///< of the newest one's body, by municipality: what stands
  bool operator==(const Best&) const = default;
};

/// What is kept between two reports.
class FoldRows {
 public:
  FoldRows() = default;
  FoldRows(const FoldRows&) = delete;
  FoldRows& operator=(const FoldRows&) = delete;
  virtual ~FoldRows() = default;

  [[nodiscard]] virtual std::optional<Settled> at(const Place& place) const = 0;
  [[nodiscard]] virtual Best best(const Series& series, Fate line) const = 0;
  /// Reports that have one of these ids, by (index, place).
  [[nodiscard]] virtual std::vector<Place> carrying(const ReportId& id) const = 0;
  [[nodiscard]] virtual std::vector<Place> in_body(KeyId key, Seq seq) const = 0;
  /// Reports that name this one as their parent.
  [[nodiscard]] virtual std::vector<Place> naming(const ReportId& id) const = 0;
  [[nodiscard]] virtual std::vector<Place> members(const Series& series) const = 0;

  virtual void put(const Place& place, const Settled& settled) = 0;
  virtual void drop(const Place& place) = 0;
  virtual void put_best(const Series& series, Fate line, const Best& best) = 0;
  /// Lets the questions above find a report by its facts; and no more.
  virtual void link(const Place& place, const Facts& facts) = 0;
  virtual void unlink(const Place& place, const Facts& facts) = 0;
};

/// What one report has changed.
struct Refolded {
  struct Change {
    Place place;
    std::optional<Settled> before;  ///< nothing: it is new
    std::optional<Settled> after;   ///< nothing: it is no more
  };
  std::vector<Change> changes;
  struct Line {
    Series series;
    Fate fate{};  ///< standing or beside
    Best before, after;
  };
  std::vector<Line> lines;  ///< where who is ahead has changed
};

/// Takes a report in, or takes it in anew where its facts have become others (a note confirms it, the
/// register has moved its unit). The same facts again change nothing. Cost: a few rows for a report that
/// follows what is there; the whole group that names each other, or the whole series, where something falls.
Refolded refold(FoldRows& rows, const Place& place, const Facts& facts);
/// Takes a report out again, as if it had never come. Nothing there: nothing changes. Costs as much as one
/// that falls.
Refolded withdraw(FoldRows& rows, const Place& place);

/// What fold() says of it.
[[nodiscard]] Folded::Entry outcome(const FoldRows& rows, const Place& place, const Settled& settled);
/// Whose word it is: the envelope that is taken for this report. Nothing if none carries it.
[[nodiscard]] std::optional<Settled> original_of(const FoldRows& rows, const ReportId& id);

}  // namespace noroshi::desk
