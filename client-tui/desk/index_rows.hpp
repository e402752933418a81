// The rows of the desk's index: how they are called, how they are sealed, what they hold.
//
// All stand in one table of the store. A key is a letter for the kind of row, then names: keyed digests of
// what the row is found by (keys::name_at_rest), so that a unit or a municipality stands nowhere in clear;
// message ids, arrival numbers and times of first sight stand in clear here as they do in the store. Values
// are sealed under the store key, each bound to its row, or hold nothing but a count or the number of a
// change. DESIGN.md, "The index", draws them.
#pragma once

#include <optional>
#include <vector>

#include "client-tui/desk/refold.hpp"
#include "client-tui/desk/rollup.hpp"
#include "client-tui/desk/store.hpp"
#include "client-tui/desk/talk.hpp"
#include "keys/keyring.hpp"
#include "proto/random.hpp"

namespace noroshi::desk {

/// What is asked of a report besides what folding needs.
struct Gist {
  bool quarantined = false;           ///< whatever notes have said since
  std::uint8_t act = 0, verdict = 0;  ///< F9: forms::ActKind, forms::Verdict
  bool nil = false;                   ///< 被害なし
  std::uint8_t says = 0;              ///< bit n: what the nth deadline by event asks for
  std::uint32_t report_no = 0;
  WallTime first_seen;
  std::optional<WallTime> answer_due, next_contact;
  std::vector<ReportId> regarding;  ///< of an F9
  std::optional<Call> call;         ///< likewise
  bool operator==(const Gist&) const = default;
};
[[nodiscard]] Gist gist_of(const Reading& reading, const forms::Catalogue& catalogue);

/// When a unit was last in touch, and when it said it would be again.
struct InTouch {
  UnitId unit;
  WallTime last;
  struct Announced {
    std::tuple<WallTime, ReportId> said;
    WallTime at;
    Place place;
    bool operator==(const Announced&) const = default;
  };
  std::optional<Announced> announced;
  bool operator==(const InTouch&) const = default;
};

/// How far a unit has numbered its reports of one form in one incident.
struct Numbered {
  std::uint32_t highest = 0;
  Place highest_at;
  std::optional<std::pair<WallTime, ReportId>> last;  ///< the newest but cancels
  Place last_at;
  bool operator==(const Numbered&) const = default;
};

/// One incident, on one side of exercise and reality; a pile is one form of it.
struct Side {
  IncidentId incident;
  bool exercise = false;
  bool operator==(const Side&) const = default;
};

class IndexRows final : public FoldRows {
 public:
  /// To ask. Everything named must outlive it.
  IndexRows(const StoreView& view, const keys::Secret<32>& store_key)
      : view_(&view), store_key_(&store_key) {}
  /// To ask and to write.
  IndexRows(StoreTurn& turn, const keys::Secret<32>& store_key, Rng& rng)
      : view_(&turn), store_key_(&store_key), turn_(&turn), rng_(&rng) {}

  // ---- keys
  using Name = ByteArray<16>;
  [[nodiscard]] Name name(BytesView thing) const { return keys::name_at_rest(*store_key_, thing); }
  [[nodiscard]] Bytes carrier_key(const ReportId& id) const;
  [[nodiscard]] Bytes key_of(char kind, const ReportId& id) const;
  [[nodiscard]] Bytes key_of(char kind, UnitId unit) const;
  [[nodiscard]] Bytes key_of(char kind, Side side) const;
  [[nodiscard]] Bytes key_of(char kind, Side side, UnitId unit) const;
  [[nodiscard]] Bytes pile_key(char kind, Side side, forms::FormNo form) const;
  [[nodiscard]] Bytes pile_key(char kind, Side side, forms::FormNo form, UnitId unit) const;
  /// Numbers of a unit's reports count per incident number, on whichever side.
  [[nodiscard]] Bytes numbered_key(IncidentId incident, UnitId unit, forms::FormNo form) const;
  [[nodiscard]] static Bytes place_key(char kind, const Place& place);
  [[nodiscard]] static Bytes with(Bytes key, const Place& place);

  // ---- rows
  /// Places that end the keys which begin with this.
  [[nodiscard]] std::vector<Place> places_under(BytesView prefix) const;
  /// The same with the number in the value.
  [[nodiscard]] std::vector<std::pair<Place, std::uint64_t>> changes_under(BytesView prefix) const;
  [[nodiscard]] std::uint64_t count(BytesView key) const;
  [[nodiscard]] std::optional<Gist> gist(const Place& place) const;
  [[nodiscard]] std::vector<InTouch> contacts(Side side) const;
  [[nodiscard]] std::optional<InTouch> contact(Side side, UnitId unit) const;
  [[nodiscard]] std::optional<Numbered> numbered(IncidentId incident, UnitId unit, forms::FormNo form) const;
  /// The newest note of the unit's own association on a report.
  [[nodiscard]] Verdict verdict(const ReportId& id) const;

  [[nodiscard]] std::vector<IncidentId> incidents() const;
  [[nodiscard]] std::vector<forms::FormNo> forms() const;
  /// Reports of a unit on a form that say what makes another report due: fire, explosion, death. Neither the
  /// report nor its unit can be told from the row: that it is there says what the report is about.
  [[nodiscard]] std::vector<Place> sayings(Side side, UnitId unit, forms::FormNo form) const;

  /// Somebody reports of this incident.
  void put(IncidentId incident);
  /// Somebody has reported on this form.
  void put_form(forms::FormNo form);
  void mark(BytesView key) { turn_->put_index(key, {}); }
  void mark(BytesView key, std::uint64_t number);
  /// Whether it was there.
  bool erase(BytesView key) { return turn_->erase_index(key); }
  void put(const Place& place, const Gist& gist);
  void put_saying(const Place& place, const Facts& facts);
  void drop_saying(const Place& place, const Facts& facts) { erase(saying_key(place, facts)); }
  void put(Side side, const InTouch& contact);
  void drop_contact(Side side, UnitId unit) { erase(key_of('c', side, unit)); }
  void put(IncidentId incident, UnitId unit, forms::FormNo form, const Numbered& numbered);
  void drop_numbered(IncidentId incident, UnitId unit, forms::FormNo form) {
    erase(numbered_key(incident, unit, form));
  }
  void drop_gist(const Place& place) { erase(place_key('g', place)); }

  // ---- FoldRows
  [[nodiscard]] std::optional<Settled> at(const Place& place) const override;
  [[nodiscard]] Best best(const Series& series, Fate line) const override;
  [[nodiscard]] std::vector<Place> carrying(const ReportId& id) const override;
  [[nodiscard]] std::vector<Place> in_body(KeyId key, Seq seq) const override;
  [[nodiscard]] std::vector<Place> naming(const ReportId& id) const override;
  [[nodiscard]] std::vector<Place> members(const Series& series) const override;
  void put(const Place& place, const Settled& settled) override;
  void drop(const Place& place) override { erase(place_key('f', place)); }
  void put_best(const Series& series, Fate line, const Best& best) override;
  void link(const Place& place, const Facts& facts) override;
  void unlink(const Place& place, const Facts& facts) override;

 private:
  [[nodiscard]] Bytes series_key(char kind, const Series& series) const;
  [[nodiscard]] Bytes sayings_key(Side side, UnitId unit, forms::FormNo form) const;
  [[nodiscard]] Bytes saying_key(const Place& place, const Facts& facts) const;
  [[nodiscard]] std::vector<Bytes> keys_under(BytesView prefix) const;
  [[nodiscard]] std::optional<Bytes> opened(BytesView key) const;
  void seal(BytesView key, BytesView plain);

  const StoreView* view_;
  const keys::Secret<32>* store_key_;
  StoreTurn* turn_ = nullptr;
  Rng* rng_ = nullptr;
};

}  // namespace noroshi::desk
