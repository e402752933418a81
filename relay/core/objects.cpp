#include "relay/core/objects.hpp"

#include <algorithm>
#include <map>

#include "proto/limits.hpp"

namespace noroshi::core {
namespace {

using proto::ObjectRef;
using proto::ObjectType;

/// Waiting answers toward one neighbour; it asks again at the next hello.
constexpr std::size_t kAnswersMax = kInventoryMax;
/// While reports above routine wait, objects take at most this share of the line (design: 20 %).
constexpr std::int64_t kBusyShare = 5;
/// On a line without a rate, one turn sends at most this much of objects.
constexpr std::size_t kTurnBytes = 64 * 1024;
/// Small objects that must be everywhere go at once instead of being offered.
constexpr std::size_t kSmallObject = 200;

/// The names of all contacts may take this long on a line; each is about 30 bytes.
constexpr std::uint32_t kNamingSeconds = 2, kRefBytes = 30;

/// A link must have been in its new state this long before the world is told.
constexpr Seconds kLasting = minutes(10);
constexpr Millis kContactRateLimit = millis(minutes(30));
constexpr Millis kContactLook = millis(hours(1));
constexpr Seconds kContactDaily = days(1);

std::uint64_t owner_of(KeyId key) {
  return std::uint64_t{key.device.org.value} << 32 | std::uint64_t{key.device.dev} << 8 | key.gen;
}

/// Only the newest of these counts, so older ones are not asked for.
bool newest_only(ObjectType type) {
  switch (type) {
    case ObjectType::roster:
    case ObjectType::organisation_list:
    case ObjectType::units:
    case ObjectType::places:
    case ObjectType::catalogue:
    case ObjectType::revocation_list:
    case ObjectType::log_head:
    case ObjectType::contact: return true;
    default: return false;
  }
}

/// What travels on demand or by itself is not offered.
bool offered(ObjectType type) {
  return type != ObjectType::certificate && type != ObjectType::contact;
}

/// Revocations before everything, then what others are proved by.
int rank(ObjectType type) {
  switch (type) {
    case ObjectType::revocation:
    case ObjectType::revocation_list:
    case ObjectType::epoch_void: return 0;
    case ObjectType::root: return 1;
    case ObjectType::roster:
    case ObjectType::roster_delta: return 2;
    default: return 3;
  }
}

}  // namespace

/// Leaves sign no contact object and need nobody else's.
bool Objects::routes(PeerId peer) const {
  return hall_.trust->contact(peer) || hall_.trust->is_home_relay(peer);
}

/// Contacts are in no digest, so a neighbour that was away is offered them; on a slow line only our own.
void Objects::name_contacts(Session& session) {
  if (!routes(session.peer())) return;
  proto::Inventory inventory;
  for (const ObjectRef& ref : hall_.trust->inventory()) {
    const bool theirs = ref.owner == owner_of({session.peer(), 0});
    if (ref.type == ObjectType::contact && !theirs) inventory.objects.push_back(ref);
  }
  const std::uint32_t rate = session.neighbour.profile.rate_bps;
  const std::size_t room = rate == 0 ? kInventoryMax : rate / 8 * kNamingSeconds / kRefBytes;
  if (inventory.objects.empty() || inventory.objects == session.contacts_named) return;
  session.contacts_named = inventory.objects;
  if (inventory.objects.size() > room) {
    std::erase_if(inventory.objects, [&](const ObjectRef& ref) {
      return ref.owner != owner_of({hall_.config.self, 0});
    });
  }
  hall_.send(session.peer(), inventory);
}

void Objects::greet(Session& session, const ByteArray<8>& their_digest) {
  name_contacts(session);
  if (their_digest == hall_.trust->state_digest()) return;
  proto::Inventory inventory;
  for (const ObjectRef& ref : hall_.trust->inventory()) {
    if (!offered(ref.type)) continue;
    inventory.objects.push_back(ref);
    if (inventory.objects.size() < kInventoryMax) continue;
    hall_.send(session.peer(), inventory);
    inventory.objects.clear();
  }
  hall_.send(session.peer(), inventory);
}

void Objects::on_inventory(Session& session, const proto::Inventory& inventory) {
  std::map<std::pair<ObjectType, std::uint64_t>, std::uint32_t> newest;
  for (const ObjectRef& held : hall_.trust->inventory()) {
    auto& version = newest[{held.type, held.owner}];
    version = std::max(version, held.version);
  }
  proto::WantObject want;
  for (const ObjectRef& ref : inventory.objects) {
    if (!hall_.trust->object(ref).empty()) continue;
    const auto held = newest.find({ref.type, ref.owner});
    if (newest_only(ref.type) && held != newest.end() && held->second > ref.version) continue;
    want.objects.push_back(ref);
  }
  if (want.objects.empty()) return;
  hall_.send(session.peer(), want);
  hall_.event(EventKind::want_object, session.peer());
}

void Objects::on_want(Session& session, const proto::WantObject& want) {
  for (const ObjectRef& ref : want.objects) {
    if (session.objects.size() >= kAnswersMax) return;
    if (hall_.trust->object(ref).empty()) continue;
    session.objects.push_back(ref);
  }
  std::ranges::stable_sort(session.objects, {}, [](const ObjectRef& ref) { return rank(ref.type); });
}

void Objects::want_certificate(Session& session, KeyId key) {
  hall_.send(session.peer(), proto::WantObject{{{ObjectType::certificate, owner_of(key), 0, {}}}});
  hall_.event(EventKind::want_object, session.peer());
}

void Objects::introduce(Session& session, KeyId key) {
  if (hall_.store.told(session.peer(), key)) return;
  const BytesView certificate = hall_.trust->object({ObjectType::certificate, owner_of(key), 0, {}});
  if (certificate.empty()) return;
  hall_.send(session.peer(), proto::ObjectFrame{bytes_of(certificate)});
  hall_.store.put_told(session.peer(), key);
}

bool Objects::apply(BytesView object, PeerId from) {
  const bool routed = routes(from);
  keys::ApplyResult result = keys::Trust::apply(hall_.trust, object);
  hall_.event(EventKind::object, from, {}, static_cast<std::uint8_t>(result.applied));
  if (result.applied != keys::Applied::added) return false;
  hall_.trust = result.next;
  hall_.out.trust = result.next;
  // A delta becomes the roster it leads to: what is kept and passed on is that.
  const BytesView stored = hall_.trust->object(result.ref);
  hall_.store.put_object(result.ref, stored);
  spread(result.ref, stored, from);
  // A neighbour that shows only now that it is no leaf has been told of nobody else yet.
  if (Session* session = hall_.up(from); session && session->greeted && !routed && routes(from))
    name_contacts(*session);
  hall_.survey();
  return true;
}

/// What is new here is news to the other neighbours: small things that matter everywhere go at once, the rest
/// is named.
void Objects::spread(const ObjectRef& ref, BytesView object, PeerId from) {
  if (ref.type == ObjectType::certificate) return;
  const bool contact = ref.type == ObjectType::contact;
  for (auto& [peer, session] : hall_.sessions) {
    if (!session.up || !session.greeted || peer == from) continue;
    if (contact && !routes(peer)) continue;
    if (contact || object.size() <= kSmallObject) {
      hall_.send(peer, proto::ObjectFrame{bytes_of(object)});
    } else {
      hall_.send(peer, proto::Inventory{{ref}});
    }
  }
}

void Objects::pump(Session& session, bool busy) {
  const std::uint32_t rate = session.neighbour.profile.rate_bps;
  std::size_t sent = 0;
  while (!session.objects.empty() && session.next_object <= hall_.now.mono && sent < kTurnBytes) {
    const BytesView object = hall_.trust->object(session.objects.front());
    session.objects.pop_front();
    if (object.empty()) continue;
    hall_.send(session.peer(), proto::ObjectFrame{bytes_of(object)});
    sent += object.size();
    if (rate == 0) continue;
    const auto line_ms = static_cast<std::int64_t>(object.size()) * 8000 / rate;
    session.next_object = hall_.now.mono + Millis{line_ms * (busy ? kBusyShare : 1)};
  }
}

std::optional<Instant> Objects::next_wake(const Session& session) const {
  if (!session.up || session.objects.empty()) return std::nullopt;
  return std::max(session.next_object, hall_.now.mono);
}

// ---- The node's own word on its links

keys::Contact Objects::own_contact() const {
  keys::Contact contact{.node = hall_.config.self, .version = 1, .issued = hall_.now.wall, .neighbours = {}};
  if (const keys::Contact* before = hall_.trust->contact(hall_.config.self))
    contact.version = before->version + 1;
  // Versions follow the clock, so that a store which was rolled back does not reuse one.
  const bool dated = !hall_.now.wall_suspect && hall_.now.wall.s > 0 && hall_.now.wall.s < kWallSecondsMax;
  if (dated) contact.version = std::max(contact.version, static_cast<std::uint32_t>(hall_.now.wall.s));
  for (const auto& [peer, session] : hall_.sessions) {
    if (!hall_.trust->is_home_relay(peer) && !hall_.trust->contact(peer)) continue;
    const Seconds away{hall_.time.s - session.row.last_contact.s};
    const bool up = session.up || away < kLasting;
    contact.neighbours.push_back({.node = peer,
                                  .link_class = class_of(delay_of(session.neighbour.profile)),
                                  .age_class = up ? std::uint8_t{0} : age_class_of(away)});
  }
  return contact;
}

/// Worth telling: another set of neighbours, or a link that is up or down now and was not. Ages themselves
/// are not: everyone adds them up alone.
bool Objects::contact_differs(const keys::Contact& before, const keys::Contact& today) const {
  const auto same = [](const keys::ContactNeighbour& a, const keys::ContactNeighbour& b) {
    return a.node == b.node && a.link_class == b.link_class && (a.age_class == 0) == (b.age_class == 0);
  };
  return !std::ranges::equal(before.neighbours, today.neighbours, same);
}

bool Objects::is_leaf() const {
  return hall_.config.default_route != kNobody && !hall_.trust->is_home_relay(hall_.config.self);
}

void Objects::refresh_contact() {
  if (is_leaf() || hall_.now.mono < look_) return;
  look_ = hall_.now.mono + kContactLook;
  const keys::Contact today = own_contact();
  if (today.neighbours.empty()) return;
  const keys::Contact* before = hall_.trust->contact(hall_.config.self);
  const bool fresh = before && (hall_.now.wall_suspect || today.issued - before->issued < kContactDaily);
  if (fresh && !contact_differs(*before, today)) return;
  look_ = hall_.now.mono + kContactRateLimit;
  hall_.out.contact = today;
}

void Objects::links_changed() {
  look_ = std::min(look_, hall_.now.mono + millis(kLasting));
}

std::optional<Instant> Objects::next_contact() const {
  if (is_leaf()) return std::nullopt;
  return look_;
}

}  // namespace noroshi::core
