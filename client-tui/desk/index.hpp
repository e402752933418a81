// The index of what the desk holds: what stands of every unit, what became of each report, lists in order of
// arrival, open questions, announced contacts, how far each unit has numbered. Kept in the turn that keeps
// the reading, so that asking never reads all of it (DESIGN.md, "The index").
#pragma once

#include <optional>
#include <vector>

#include "client-tui/desk/counted.hpp"
#include "client-tui/desk/index_rows.hpp"
#include "client-tui/desk/letter.hpp"

namespace noroshi::desk {

/// Nobody stands behind it any more, or it is one of two of the same.
[[nodiscard]] bool gone(Fate fate);

/// A line of a list: a report, or a letter that cannot be opened.
struct Listed {
  MsgId msg;
  std::optional<std::uint8_t> index;  ///< nothing: closed
  std::uint64_t number = 0;           ///< of arrival, of sealing, or the time of an event
};

/// One report that stands, or is evidence, and the number of its last change: who has seen that number has
/// seen the row.
struct Kept {
  Place place;
  std::uint64_t change = 0;
  bool beside = false;
};

/// Questions to one snapshot. Each costs what it gives, not what is held.
class IndexView {
 public:
  /// Everything named must outlive it.
  IndexView(const StoreView& view, const keys::Secret<32>& store_key)
      : view_(&view), rows_(view, store_key) {}
  [[nodiscard]] const IndexRows& rows() const { return rows_; }

  // ---- lists
  enum class List : std::uint8_t { inbox, outbox, unread };
  [[nodiscard]] std::uint64_t size(List list) const;
  /// Newest first.
  [[nodiscard]] std::vector<Listed> window(List list, std::uint64_t from, std::size_t max) const;
  /// Incident numbers that reports have, 0 among them.
  [[nodiscard]] std::vector<IncidentId> incidents() const { return rows_.incidents(); }
  /// Forms that reports are on, whether the catalogue has them or not.
  [[nodiscard]] std::vector<forms::FormNo> forms() const { return rows_.forms(); }
  /// What came and went in one incident.
  [[nodiscard]] std::uint64_t events(Side side) const;
  [[nodiscard]] std::uint64_t events_before(Side side, WallTime time) const;
  [[nodiscard]] std::vector<Listed> events(Side side, std::uint64_t from, std::size_t max) const;

  // ---- one report
  [[nodiscard]] std::optional<Folded::Entry> outcome(const Place& place) const;
  [[nodiscard]] Verdict verdict(const ReportId& id) const { return rows_.verdict(id); }
  /// Where the original of a report is.
  [[nodiscard]] std::optional<Place> find(const ReportId& id) const;
  /// The other rows of its body that stand.
  [[nodiscard]] std::vector<Place> siblings(const Facts& facts) const;

  // ---- what is known together
  [[nodiscard]] std::vector<Kept> standing(Side side, forms::FormNo form) const;
  /// Quarantined, or one of two under a number.
  [[nodiscard]] std::vector<Kept> evidence(Side side, forms::FormNo form) const;
  /// Units of which something stands on a form. Costs the units, not the reports.
  [[nodiscard]] std::vector<UnitId> heard_units(Side side, forms::FormNo form) const;
  /// How many stand of a form on one side of exercise and reality, in whatever incident.
  [[nodiscard]] std::uint64_t standing_on(bool exercise, forms::FormNo form) const;
  [[nodiscard]] std::vector<Place> questions(Side side) const;
  [[nodiscard]] std::vector<InTouch> contacts(Side side) const { return rows_.contacts(side); }
  /// Reports of a unit on a form that say what makes another report due.
  [[nodiscard]] std::vector<Place> sayings(Side side, UnitId unit, forms::FormNo form) const;
  [[nodiscard]] std::vector<Place> of_unit(UnitId unit) const {
    return rows_.places_under(rows_.key_of('u', unit));
  }
  /// One of the reports of a unit on a form, in whatever incident.
  [[nodiscard]] std::optional<Place> any_of(UnitId unit, forms::FormNo form) const;
  /// Some of the letters that stand where another program believed them to belong.
  [[nodiscard]] std::vector<MsgId> to_take_again(std::size_t max) const;
  [[nodiscard]] std::optional<Numbered> numbered(IncidentId incident, UnitId unit, forms::FormNo form) const {
    return rows_.numbered(incident, unit, form);
  }

 private:
  const StoreView* view_;
  IndexRows rows_;
};

/// Keeps the index within one turn.
class Index {
 public:
  /// Everything named must outlive it.
  Index(StoreTurn& turn, const Letters& letters, const keys::Secret<32>& store_key, DeviceId self, Rng& rng,
        const forms::Catalogue& catalogue);
  /// After an envelope was kept, opened, came back, or was read by a person. Twice is as good as once; facts
  /// that have become others since (the register) take their new places, and reports that the letter no
  /// longer has (read by forms that have come, it says something else, or nothing) leave theirs.
  void take(const MsgId& id);
  /// Notes that its rows are not what the forms and the register say that the index follows, or no longer.
  void set_to_take_again(const MsgId& id, bool wrong);
  /// Only whether it is on the lists.
  void list(const Letter& letter);

 private:
  void take_report(const Place& place, const Reading& reading);
  void withdraw(const Place& place);
  void heed(const std::vector<ReportId>& targets);
  void apply(const Refolded& refolded);
  void count(const Refolded::Line& line);
  void review(const ReportId& id);
  void touch(const Place& place, const Facts& facts);
  void number(const Place& place, const Facts& facts, const Gist& gist);
  void number_again(const Facts& facts);
  void ask(const Place& place);
  void ask_again(const std::vector<ReportId>& targets);
  void contact(const Refolded::Change& change);
  void tell(const Refolded::Change& change);

  StoreTurn& turn_;
  const Letters& letters_;
  IndexRows rows_;
  DeviceId self_;
  const forms::Catalogue& catalogue_;
  std::uint64_t change_ = 0;
};

}  // namespace noroshi::desk
