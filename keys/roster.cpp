#include "keys/roster.hpp"

#include <algorithm>

#include "keys/object.hpp"
#include "keys/primitives.hpp"

namespace noroshi::keys {
namespace {

constexpr std::size_t kHeadFixedBytes = 4 * 4 + 2 * 2 + 4 + 32 + 32 + 4 + 1;
constexpr std::size_t kQuotaBytes = 10;
constexpr std::size_t kTextMax = 255;
/// Organisations and groups together; the object limit would end it at about three hundred.
constexpr std::size_t kEntriesMax = 2047;

void put_text(Writer& out, std::string_view text) {
  const BytesView bytes = view_of(text.substr(0, kTextMax));
  out.u8(static_cast<std::uint8_t>(bytes.size())).bytes(bytes);
}

std::string get_text(Reader& in) {
  const std::size_t size = in.u8();
  return std::string(text_of(in.bytes(size)));
}

void put_head(Writer& out, const RosterHead& head) {
  out.u32(head.version).u32(stamp(head.issued)).u32(stamp(head.refresh_after)).u32(stamp(head.expires));
  out.u16(head.lapse_days).u16(head.cert_grace_days).u32(head.root_version);
  out.bytes(head.previous).bytes(head.handlers).u32(stamp(head.handlers_approved));
  out.u8(static_cast<std::uint8_t>(head.quotas.size()));
  for (const Quota& q : head.quotas) {
    const auto bytes = static_cast<std::uint32_t>(std::min<std::uint64_t>(q.bytes, 0xFFFF'FFFF));
    out.u32(q.envelopes).u32(bytes).u16(static_cast<std::uint16_t>(std::min(q.flash, 0xFFFFu)));
  }
}

RosterHead get_head(Reader& in) {
  RosterHead head;
  head.version = in.u32();
  head.issued = {in.u32()};
  head.refresh_after = {in.u32()};
  head.expires = {in.u32()};
  head.lapse_days = in.u16();
  head.cert_grace_days = in.u16();
  head.root_version = in.u32();
  head.previous = in.array<32>();
  head.handlers = in.array<32>();
  head.handlers_approved = {in.u32()};
  const std::size_t quotas = in.u8();
  for (std::size_t i = 0; i < quotas && in.ok(); ++i) {
    Quota q;
    q.envelopes = in.u32();
    q.bytes = in.u32();
    q.flash = in.u16();
    head.quotas.push_back(q);
  }
  return head;
}

bool head_holds(const RosterHead& head) {
  return head.version > 0 && head.root_version > 0 && head.issued <= head.refresh_after &&
         head.refresh_after <= head.expires;
}

Bytes head_bytes(const RosterHead& head) {
  Writer out;
  put_head(out, head);
  return out.take();
}

void put_entries(Writer& out, const RosterEntries& entries) {
  out.u16(static_cast<std::uint16_t>(entries.size()));
  for (const auto& [id, entry] : entries)
    out.u16(id).u16(static_cast<std::uint16_t>(entry.size())).bytes(entry);
}

/// Ascending ids of organisations and groups; empty entries only where they mean a removal.
std::optional<RosterEntries> get_entries(Reader& in, bool may_be_empty) {
  RosterEntries entries;
  const std::size_t count = in.u16();
  if (count > kEntriesMax) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint16_t id = in.u16();
    const std::size_t size = in.u16();
    const BytesView entry = in.bytes(size);
    if (!in.ok() || id == 0 || id > 0x0FFF || (entry.empty() && !may_be_empty)) return std::nullopt;
    if (!entries.empty() && id <= entries.rbegin()->first) return std::nullopt;
    entries.emplace_hint(entries.end(), id, bytes_of(entry));
  }
  return entries;
}

/// Length of head and entries at the front of `bytes`.
std::optional<std::size_t> head_length(BytesView bytes) {
  if (bytes.size() < kHeadFixedBytes) return std::nullopt;
  const std::size_t length = kHeadFixedBytes + kQuotaBytes * bytes[kHeadFixedBytes - 1];
  return length <= bytes.size() ? std::optional(length) : std::nullopt;
}
std::optional<std::size_t> entries_length(BytesView bytes) {
  Reader in(bytes);
  const std::size_t count = in.u16();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    (void)in.u16();
    const std::size_t size = in.u16();
    (void)in.bytes(size);
  }
  return in.ok() ? std::optional(bytes.size() - in.rest().size()) : std::nullopt;
}
std::optional<std::size_t> length_from(BytesView bytes, std::size_t before, std::size_t after) {
  if (bytes.size() < before) return std::nullopt;
  const auto head = head_length(bytes.subspan(before));
  if (!head) return std::nullopt;
  const auto entries = entries_length(bytes.subspan(before + *head));
  if (!entries) return std::nullopt;
  return before + *head + *entries + after;
}

std::vector<OrgId> get_orgs(Reader& in) {
  std::vector<OrgId> out;
  const std::size_t count = in.u8();
  for (std::size_t i = 0; i < count && in.ok(); ++i) out.push_back({in.u16()});
  return out;
}
void put_orgs(Writer& out, const std::vector<OrgId>& orgs) {
  out.u8(static_cast<std::uint8_t>(orgs.size()));
  for (const OrgId org : orgs) out.u16(org.value);
}

}  // namespace

Bytes encode_roster(const Roster& roster) {
  Writer out;
  put_head(out, roster.head);
  put_entries(out, roster.entries);
  return out.take();
}

std::optional<std::size_t> roster_length(BytesView after_type) {
  return length_from(after_type, 0, 0);
}

std::optional<Roster> decode_roster(BytesView body) {
  Reader in(body);
  Roster roster{get_head(in), {}};
  auto entries = get_entries(in, false);
  if (!entries || !in.done() || !head_holds(roster.head)) return std::nullopt;
  roster.entries = *std::move(entries);
  return roster;
}

ByteArray<32> roster_digest(const Roster& roster) {
  Bytes entries;
  for (const auto& [id, entry] : roster.entries) {
    const auto one = digest(Label::roster, {entry});
    entries.insert(entries.end(), one.begin(), one.end());
  }
  return digest(Label::roster, {head_bytes(roster.head), entries});
}

Bytes encode_delta(const RosterDelta& delta) {
  Writer out;
  out.u32(delta.base);
  put_head(out, delta.head);
  put_entries(out, delta.changes);
  out.bytes(delta.digest);
  return out.take();
}

std::optional<std::size_t> delta_length(BytesView after_type) {
  return length_from(after_type, 4, 32);
}

std::optional<RosterDelta> decode_delta(BytesView body) {
  Reader in(body);
  RosterDelta delta;
  delta.base = in.u32();
  delta.head = get_head(in);
  auto changes = get_entries(in, true);
  delta.digest = in.array<32>();
  if (!changes || !in.done() || !head_holds(delta.head) || delta.base >= delta.head.version)
    return std::nullopt;
  delta.changes = *std::move(changes);
  return delta;
}

RosterDelta delta_between(const Roster& base, const Roster& result) {
  RosterDelta delta{base.head.version, result.head, {}, roster_digest(result)};
  for (const auto& [id, entry] : result.entries) {
    const auto before = base.entries.find(id);
    if (before == base.entries.end() || before->second != entry) delta.changes.emplace(id, entry);
  }
  for (const auto& [id, entry] : base.entries)
    if (!result.entries.contains(id)) delta.changes.emplace(id, Bytes{});
  return delta;
}

std::optional<Bytes> delta_object(BytesView base_object, BytesView result_object) {
  const auto base_parsed = parse_object(base_object), result_parsed = parse_object(result_object);
  if (!base_parsed || !result_parsed || base_parsed->type != ObjectType::roster ||
      result_parsed->type != ObjectType::roster)
    return std::nullopt;
  const auto base = decode_roster(base_parsed->body), result = decode_roster(result_parsed->body);
  if (!base || !result || base->head.version >= result->head.version) return std::nullopt;
  return join_object(ObjectType::roster_delta, encode_delta(delta_between(*base, *result)),
                     result_parsed->signatures);
}

std::optional<Roster> apply_delta(const Roster& base, const RosterDelta& delta) {
  if (base.head.version != delta.base) return std::nullopt;
  Roster result{delta.head, base.entries};
  for (const auto& [id, entry] : delta.changes) {
    if (entry.empty())
      result.entries.erase(id);
    else
      result.entries[id] = entry;
  }
  if (roster_digest(result) != delta.digest) return std::nullopt;
  return result;
}

Bytes encode_organisation(const Organisation& o) {
  Writer out;
  out.u8(static_cast<std::uint8_t>(o.kind)).u8(o.prefecture).u8(o.role_mask.bits).u8(o.suites);
  out.u32(stamp(o.valid_from)).u32(stamp(o.valid_until));
  out.u8(static_cast<std::uint8_t>(o.admin_number - o.former_admins.size()));
  out.u8(static_cast<std::uint8_t>(o.former_admins.size() + 2));
  for (const SignPublic& key : o.former_admins) out.bytes(key.value);
  out.bytes(o.admin.value).bytes(o.admin_next.value).bytes(o.recovery.value);
  put_orgs(out, o.may_direct);
  out.u8(static_cast<std::uint8_t>(o.home_relays.size()));
  for (const DeviceId& relay : o.home_relays) out.u16(relay.dev);
  out.u8(static_cast<std::uint8_t>(o.hubs.size()));
  for (const Hub& hub : o.hubs) {
    out.u16(hub.device.dev);
    put_text(out, hub.address);
  }
  put_text(out, o.name);
  put_text(out, o.name_en);
  return out.take();
}

std::optional<Organisation> decode_organisation(OrgId id, BytesView entry) {
  Reader in(entry);
  Organisation o;
  o.id = id;
  const std::uint8_t kind = in.u8();
  o.kind = static_cast<OrgKind>(kind);
  o.prefecture = in.u8();
  o.role_mask = {in.u8()};
  o.suites = in.u8();
  o.valid_from = {in.u32()};
  o.valid_until = {in.u32()};
  const std::uint8_t first = in.u8();
  const std::size_t keys = in.u8();
  if (keys < 2 || first + keys > 256) return std::nullopt;
  for (std::size_t i = 0; i + 2 < keys && in.ok(); ++i) o.former_admins.push_back({in.array<32>()});
  o.admin_number = static_cast<std::uint8_t>(first + keys - 2);
  o.admin = {in.array<32>()};
  o.admin_next = {in.array<32>()};
  o.recovery = {in.array<32>()};
  o.may_direct = get_orgs(in);
  const std::size_t relays = in.u8();
  for (std::size_t i = 0; i < relays && in.ok(); ++i) o.home_relays.push_back({id, in.u16()});
  const std::size_t hubs = in.u8();
  for (std::size_t i = 0; i < hubs && in.ok(); ++i) {
    const std::uint16_t dev = in.u16();
    o.hubs.push_back({{id, dev}, get_text(in)});
  }
  o.name = get_text(in);
  o.name_en = get_text(in);
  if (!in.done() || kind < 1 || kind > static_cast<std::uint8_t>(OrgKind::other)) return std::nullopt;
  for (const SignPublic& key : o.former_admins)
    if (!is_sound(key)) return std::nullopt;
  if (!is_sound(o.admin) || !is_sound(o.admin_next) || !is_sound(o.recovery)) return std::nullopt;
  return o;
}

Bytes encode_group(const Group& group) {
  Writer out;
  out.u16(group.owner.value).u32(stamp(group.since));
  put_orgs(out, group.members);
  put_text(out, group.name);
  put_text(out, group.name_en);
  return out.take();
}

std::optional<Group> decode_group(RecipientId id, BytesView entry) {
  Reader in(entry);
  Group group;
  group.id = id;
  group.owner = {in.u16()};
  group.since = {in.u32()};
  group.members = get_orgs(in);
  group.name = get_text(in);
  group.name_en = get_text(in);
  if (!in.done() || group.members.empty()) return std::nullopt;
  if (!std::is_sorted(group.members.begin(), group.members.end(), std::less_equal<>{})) return std::nullopt;
  return group;
}

std::vector<Quota> shipped_quotas() {
  return {{.envelopes = 200, .bytes = 1'000'000, .flash = 30},
          {.envelopes = 2'000, .bytes = 20'000'000, .flash = 100},
          {.envelopes = 5'000, .bytes = 5'000'000, .flash = 100}};
}

}  // namespace noroshi::keys
