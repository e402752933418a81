// Folding: which of the reports a desk holds stand today, and what became of the others.
//
// Nothing is edited in place: updates, corrections and cancels are reports of their own that name their
// parents. Folding is a pure function of the SET of reports, so the order of arrival, resealed copies and a
// cancel that comes before its original change nothing. O(n log n) in the number of reports; no clock, no
// I/O. client-tui/desk/DESIGN.md has the rules with their reasons.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "proto/forms/report.hpp"
#include "proto/ids.hpp"
#include "proto/time.hpp"

namespace noroshi::desk {

using Kind = forms::ReportKind;

/// What folding needs to know of one opened report.
struct Facts {
  ReportId id;        ///< of its first sealing: a resealed copy has the id of the original
  MsgId msg;          ///< the envelope it came in
  bool copy = false;  ///< resealed (copy_of)
  DeviceId signer;
  OrgId association;  ///< whose register holds `unit`
  forms::FormNo form = 0;
  IncidentId incident;
  bool exercise = false;
  UnitId unit;
  std::string matter;  ///< what of the unit it is about: a facility, a request, an accident; usually empty
  std::uint32_t municipality = 0;  ///< JIS X 0402; 0 = the unit's only one
  Kind kind = Kind::initial;
  std::vector<ReportId> parents;  ///< usually one; several close a fork
  bool proxy = false;             ///< typed for the unit by somebody else (on_behalf_of)
  bool hearsay = false;           ///< its source is 伝聞 or 報道
  bool quarantined = false;  ///< 要確認 (revoked key, or dead on arrival), and nobody has confirmed it
  WallTime as_of;            ///< settled_as_of() of what the report says
  WallTime created;          ///< settled_created()
  bool operator==(const Facts&) const = default;
};

/// As-of of a report whose clock may be wrong, on the receiver's line of time. A sender that doubts its own
/// clock (b3) is placed by when it was first seen, keeping the age its figures had at sealing; a `created`
/// further ahead than any honest clock is brought back the same way. A report that merely took long keeps its
/// as-of: it may be three months on a stick. In whole minutes, like every as-of: of two in one minute
/// `created` decides.
[[nodiscard]] WallTime settled_as_of(WallTime as_of, WallTime created, WallTime first_seen, bool clock_doubt);
/// `created` on the same line of time: what such a clock says may be later than everything that is written
/// after it.
[[nodiscard]] WallTime settled_created(WallTime created, WallTime first_seen, bool clock_doubt);

/// What became of a report.
enum class Fate : std::uint8_t {
  standing,      ///< its figures count
  superseded,    ///< by an update, correction or final that names it
  cancelled,     ///< by a cancel that names it
  replaced,      ///< the unit has a newer body
  proxy_passed,  ///< a proxy report; the unit has spoken itself, with an as-of not earlier
  cancelling,    ///< is a cancel: it has no figures of its own
  copy,          ///< the same report came in another envelope too
  equivocal,     ///< another envelope of the same key and number stands; both are evidence
  quarantined,   ///< its key is revoked by now, or it came after its life was over: a person has to look
  beside,        ///< hearsay, or another organisation speaks for the unit: shown, never added
};
[[nodiscard]] std::string_view name_of(Fate fate);

struct Folded {
  struct Entry {
    Fate fate = Fate::standing;
    ReportId by;                ///< what superseded, cancelled, replaced or doubles it
    bool forked = false;        ///< its parent has another child that is not settled
    bool base_missing = false;  ///< names a parent that is not here
    bool parent_kept = false;   ///< names a parent that it may not change
    bool equivocal = false;     ///< its key gave this number twice
    bool operator==(const Entry&) const = default;
  };
  std::vector<Entry> entries;  ///< as the input
  /// Those that stand, by (exercise, incident, form, unit, matter, municipality).
  std::vector<std::size_t> standing;
  /// The newest of what is only said of a unit, in the same order. It never takes the place of the unit's
  /// word.
  std::vector<std::size_t> beside;
};

[[nodiscard]] Folded fold(std::span<const Facts> reports);

/// What the reports that name each other make of each other: one envelope of each, changes, forks. Those left
/// `standing` or `beside` still compete for their unit, which is the last step of fold().
[[nodiscard]] std::vector<Folded::Entry> settle(std::span<const Facts> reports);

/// Newer is greater; of equal as-of the unit's own word, then the later one. A total order of reports.
using Rank = std::tuple<WallTime, bool, WallTime, ReportId>;
[[nodiscard]] Rank rank_of(const Facts& report);

/// Hearsay, or another organisation speaks for the unit: shown beside, never added.
[[nodiscard]] bool is_beside(const Facts& report);

/// Whether `kind` takes the place of what it names.
[[nodiscard]] bool replaces(Kind kind);

/// May `child` change `parent`? Its own organisation may, and the association whose unit it is; never across
/// forms or between exercise and reality, never a later envelope of the same key, never a firm figure by
/// hearsay.
[[nodiscard]] bool may_change(const Facts& child, const Facts& parent);

}  // namespace noroshi::desk
