// The index of a whole store: of one that an older program wrote, after the rules it is made with have
// changed, and when the register of units or an incident has.
#include <algorithm>
#include <iterator>
#include <set>

#include "client-tui/desk/desk.hpp"
#include "client-tui/desk/store_rows.hpp"
#include "keys/crypto.hpp"

namespace noroshi::desk {
namespace {

/// Written into what the index was made with: another number makes it anew.
constexpr std::uint8_t kIndexVersion = 1;

/// Envelopes of one transaction when the register moves reports: some hundred kilobytes.
constexpr std::size_t kMovedAtOnce = 256;

/// What folding takes from signed objects: incidents that are exercises, and units whose association is not
/// the one that their number says. Both are few.
struct Register {
  std::set<IncidentId> exercises;
  std::set<std::pair<UnitId, OrgId>> units;
  bool operator==(const Register&) const = default;
};
Register register_of(const keys::Trust& trust) {
  Register out;
  for (const keys::Incident* incident : trust.incidents()) {
    if (incident->exercise) out.exercises.insert(incident->id);
  }
  for (const OrgId org : trust.organisations()) {
    for (const keys::Unit* unit : trust.units(org)) {
      if (unit->association != association_by_number(unit->id))
        out.units.insert({unit->id, unit->association});
    }
  }
  return out;
}
// exercises: count 4, incident 4 each; units: unit 4, association 2 each
Bytes encode(const Register& held) {
  Writer out;
  out.u32(static_cast<std::uint32_t>(held.exercises.size()));
  for (const IncidentId id : held.exercises) out.u32(id.value);
  for (const auto& [unit, association] : held.units) out.u32(unit.value).u16(association.value);
  return out.take();
}
Register decode_register(BytesView bytes) {
  Reader in(bytes);
  Register out;
  for (std::uint32_t n = in.u32(); n > 0 && in.ok(); --n) out.exercises.insert({in.u32()});
  while (in.ok() && !in.rest().empty()) {
    const UnitId unit{in.u32()};
    out.units.insert({unit, {in.u16()}});
  }
  return out;
}

constexpr std::string_view kRegisterContext = "desk register";

}  // namespace

void Desk::indexed(StoreTurn& turn, const MsgId& id) {
  const Letters held = letters(turn);
  Index(turn, held, keyring_.store_key(), self(), *rng_, catalogue()).take(id);
}

/// What a report's place in the index depends on besides itself, the register and the notes: the rules, and
/// the forms in use.
ByteArray<8> Desk::made_with() const {
  Writer all;
  all.u8(kIndexVersion).bytes(forms::Catalogue::built_in_bytes());
  const auto newest = trust_->catalogue();
  if (newest && forms_.trouble.empty()) all.bytes(newest->packed);
  return array_of<8>(keys::body_hash(all.data()));
}

Result<void> Desk::begin_index() {
  const ByteArray<8> by = made_with();
  if (made_with_ == by) return {};
  if (!made_with_) {
    TRY(const StoreRead view, store_.read());
    if (view.indexed().by == by) {
      made_with_ = by;
      return {};
    }
  }
  // Forms that have changed under this program: another one of this home may have begun with them already,
  // but not with what this one has indexed since.
  TRY(StoreTurn turn, store_.write());
  StoreView::Indexed begun;
  begun.by = by;
  begun.complete = turn.last_own() == 0 && turn.last_received() == 0;
  turn.put_indexed(begun);
  TRY_VOID(turn.commit());
  made_with_ = by;
  return {};
}

Result<Desk::Indexing> Desk::indexing() const {
  TRY(const StoreRead view, store_.read());
  const StoreView::Indexed indexed = view.indexed();
  Indexing out;
  if (indexed.complete) return out;
  out.total = view.last_own() + view.last_received();
  out.done = indexed.own + indexed.received;
  return out;
}

Result<Desk::Indexing> Desk::index_some(std::size_t max) {
  {
    TRY(StoreTurn turn, store_.write());
    StoreView::Indexed at = turn.indexed();
    if (at.complete) return Indexing{};
    std::size_t left = max;
    for (const auto& [number, id] : turn.own_after(at.own, left)) {
      indexed(turn, id);
      at.own = number;
      --left;
    }
    for (const MsgId& id : turn.received(at.received, left)) {
      indexed(turn, id);
      ++at.received;  // arrivals are numbered without a gap
    }
    at.complete = turn.last_own() == at.own && turn.last_received() == at.received;
    turn.put_indexed(at);
    TRY_VOID(turn.commit());
  }
  return indexing();
}

Result<void> Desk::follow_register() {
  if (followed_ == trust_) return {};
  TRY_VOID(begin_index());
  const Register now = register_of(*trust_);
  // Other programs of this home may have followed before: what this one has put where it believed it to
  // belong is moved all the same.
  const Register believed = followed_ ? register_of(*followed_) : now;
  Register held;
  std::vector<Place> moved;
  {
    TRY(const StoreRead view, store_.read());
    if (const auto sealed = view.register_kept()) {
      const auto plain = keys::open_at_rest(keyring_.store_key(), kRegisterContext, *sealed);
      if (plain) held = decode_register(*plain);
    }
    if (held == now && believed == now && view.register_kept()) {
      followed_ = trust_;
      return {};
    }
    std::set<IncidentId> incidents;
    std::set<UnitId> units;
    for (const Register& before : {held, believed}) {
      std::ranges::set_symmetric_difference(before.exercises, now.exercises,
                                            std::inserter(incidents, incidents.end()));
      std::vector<std::pair<UnitId, OrgId>> others;
      std::ranges::set_symmetric_difference(before.units, now.units, std::back_inserter(others));
      for (const auto& [unit, association] : others) units.insert(unit);
    }
    const IndexView view_of_index = index(view);
    for (const IncidentId incident : incidents) {
      for (const bool exercise : {false, true}) {
        const Side side{incident, exercise};
        for (const Listed& event : view_of_index.events(side, 0, SIZE_MAX))
          moved.push_back({event.msg, event.index.value_or(0)});
      }
    }
    for (const UnitId unit : units) {
      for (const Place& place : view_of_index.of_unit(unit)) moved.push_back(place);
    }
    TRY_VOID(view.check());
  }
  std::set<MsgId> letters;
  for (const Place& place : moved) letters.insert(place.msg);
  for (auto id = letters.begin(); id != letters.end();) {
    TRY(StoreTurn turn, store_.write());
    for (std::size_t n = 0; n < kMovedAtOnce && id != letters.end(); ++n, ++id) indexed(turn, *id);
    TRY_VOID(turn.commit());
  }
  TRY(StoreTurn turn, store_.write());
  turn.put_register(keys::seal_at_rest(keyring_.store_key(), kRegisterContext, encode(now), *rng_));
  TRY_VOID(turn.commit());
  followed_ = trust_;
  return {};
}

}  // namespace noroshi::desk
