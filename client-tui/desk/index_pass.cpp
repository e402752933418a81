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

/// Of the rules by which rows are made: rows of other rules are thrown away, and all are made anew.
constexpr std::uint8_t kIndexVersion = 3;

/// Envelopes of one transaction where reports take other places: some hundred kilobytes.
constexpr std::size_t kTakenAtOnce = 256;

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

/// Letters whose reports stand elsewhere by the one register than by the other.
std::set<MsgId> moved_letters(const IndexView& index, const Register& before, const Register& now) {
  std::set<IncidentId> incidents;
  std::set<UnitId> units;
  std::ranges::set_symmetric_difference(before.exercises, now.exercises,
                                        std::inserter(incidents, incidents.end()));
  std::vector<std::pair<UnitId, OrgId>> others;
  std::ranges::set_symmetric_difference(before.units, now.units, std::back_inserter(others));
  for (const auto& [unit, association] : others) units.insert(unit);
  std::set<MsgId> out;
  for (const IncidentId incident : incidents) {
    for (const bool exercise : {false, true}) {
      for (const Listed& event : index.events({incident, exercise}, 0, SIZE_MAX)) out.insert(event.msg);
    }
  }
  for (const UnitId unit : units) {
    for (const Place& place : index.of_unit(unit)) out.insert(place.msg);
  }
  return out;
}

constexpr std::string_view kRegisterContext = "desk register";

}  // namespace

/// With what it knows, this program would have made the rows that are there.
bool Desk::agrees(const StoreView& view) const {
  const StoreView::Indexed indexed = view.indexed();
  return indexed.version == kIndexVersion && made_with_ == indexed.by && followed_ == trust_ &&
         register_ == view.register_kept();
}

void Desk::indexed(StoreTurn& turn, const MsgId& id) {
  const Letters held = letters(turn);
  Index index(turn, held, keyring_.store_key(), self(), *rng_, catalogue());
  // Rows of other rules would only be spoilt.
  if (turn.indexed().version == kIndexVersion) index.take(id);
  index.set_to_take_again(id, !agrees(turn));
}

/// What a report's place in the index depends on besides itself, the rules, the register and the notes: the
/// forms in use.
ByteArray<8> Desk::made_with() const {
  Writer all;
  all.bytes(forms::Catalogue::built_in_bytes());
  const auto newest = trust_->catalogue();
  if (newest && forms_.trouble.empty()) all.bytes(newest->packed);
  return array_of<8>(keys::body_hash(all.data()));
}

Result<void> Desk::begin_index() {
  const ByteArray<8> by = made_with();
  if (made_with_ == by) return {};
  {
    TRY(const StoreRead view, store_.read());
    if (view.indexed().version == kIndexVersion && view.indexed().by == by) {
      made_with_ = by;
      return {};
    }
  }
  TRY(StoreTurn turn, store_.write());
  // Other forms let the index before answer until the pass is through; rows of other rules cannot.
  if (turn.indexed().version != kIndexVersion) turn.clear_index();
  turn.put_indexed({kIndexVersion, by, 0, 0});
  TRY_VOID(turn.commit());
  made_with_ = by;
  return {};
}

Result<Desk::Indexing> Desk::indexing() const {
  TRY(const StoreRead view, store_.read());
  const StoreView::Indexed indexed = view.indexed();
  Indexing out;
  out.total = view.last_own() + view.last_received();
  out.done = indexed.own + indexed.received;
  return out;
}

Result<Desk::Indexing> Desk::index_some(std::size_t max) {
  {
    TRY(StoreTurn turn, store_.write());
    StoreView::Indexed at = turn.indexed();
    if (turn.index_complete() || !agrees(turn)) return Indexing{};
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
    turn.put_indexed(at);
    TRY_VOID(turn.commit());
  }
  return indexing();
}

Result<void> Desk::follow_register() {
  if (followed_ == trust_) return take_again();
  TRY_VOID(begin_index());
  const Register now = register_of(*trust_);
  Register held;
  std::set<MsgId> moved;
  {
    TRY(const StoreRead view, store_.read());
    const auto sealed = view.register_kept();
    const auto plain =
        sealed ? keys::open_at_rest(keyring_.store_key(), kRegisterContext, *sealed) : std::optional<Bytes>();
    if (plain) held = decode_register(*plain);
    if (plain && held == now) {
      register_ = sealed;
      followed_ = trust_;
      return take_again();
    }
    moved = moved_letters(index(view), held, now);
    TRY_VOID(view.check());
  }
  // From this turn on the rows of those letters are noted as wrong, so that a crash leaves none as it was.
  TRY(StoreTurn turn, store_.write());
  const Bytes sealed = keys::seal_at_rest(keyring_.store_key(), kRegisterContext, encode(now), *rng_);
  turn.put_register(sealed);
  const Letters unread = letters(turn);
  Index index(turn, unread, keyring_.store_key(), self(), *rng_, catalogue());
  for (const MsgId& id : moved) index.set_to_take_again(id, true);
  TRY_VOID(turn.commit());
  register_ = sealed;
  followed_ = trust_;
  return take_again();
}

/// Gives its place to what the register has moved, and to what a program has taken in that knew other forms
/// or another register.
Result<void> Desk::take_again() {
  while (true) {
    std::vector<MsgId> noted;
    {
      TRY(const StoreRead view, store_.read());
      if (!agrees(view)) return {};
      noted = index(view).to_take_again(kTakenAtOnce);
    }
    if (noted.empty()) return {};
    TRY(StoreTurn turn, store_.write());
    if (!agrees(turn)) return {};
    for (const MsgId& id : noted) indexed(turn, id);
    TRY_VOID(turn.commit());
  }
}

Result<void> Desk::follow_home() {
  {
    TRY(const StoreRead view, store_.read());
    if (agrees(view)) return {};
  }
  TRY(keys::TrustPtr trust, keys::load_trust(home_));
  if (trust->inventory() == trust_->inventory()) return {};
  set_trust(std::move(trust));
  return follow_register();
}

}  // namespace noroshi::desk
