#include "keys/certificate.hpp"

#include <array>

#include "keys/object.hpp"
#include "keys/primitives.hpp"
#include "keys/roster.hpp"
#include "proto/envelope.hpp"

namespace noroshi::keys {
namespace {

constexpr std::size_t kListHeadBytes = 8, kListEntryBytes = 8;
constexpr std::uint64_t kSendMaskBits = 48;
constexpr std::uint8_t kAllRoles = 0x7F;

constexpr std::array<std::string_view, 7> kRoleNames = {"field", "desk",    "relay",   "gateway",
                                                        "admin", "auditor", "reviewer"};
constexpr std::array<std::string_view, 7> kReasonNames = {"other",    "lost",     "stolen", "compromised",
                                                          "replaced", "restored", "left"};

bool names_device(KeyId key) {
  return key.device.org.value >= 1 && key.device.org.value <= 0x07FF && key.device.dev >= 1 &&
         key.device.dev <= 0x7FFE;
}

KeyId get_key(Reader& in) {
  KeyId key;
  key.device.org = {in.u16()};
  key.device.dev = in.u16();
  key.gen = in.u8();
  return key;
}

}  // namespace

Bytes encode_certificate(const Certificate& c) {
  Writer out;
  out.u16(c.key.device.org.value).u16(c.key.device.dev).u8(c.key.gen).u8(c.roles.bits);
  out.u16(static_cast<std::uint16_t>(c.send_mask >> 32)).u32(static_cast<std::uint32_t>(c.send_mask));
  out.u8(static_cast<std::uint8_t>(static_cast<unsigned>(c.highest) << 6 | (c.quota & 0x3Fu)));
  out.u32(c.default_unit.value).u32(stamp(c.not_before)).u16(c.valid_days).u16(c.handler.value).u8(c.issuer);
  out.bytes(c.sign.value).bytes(c.box.value).bytes(c.link.value);
  NOROSHI_ASSERT(out.data().size() == kCertificateBodyBytes);
  return out.take();
}

std::optional<Certificate> decode_certificate(BytesView body) {
  Reader in(body);
  Certificate c;
  c.key = get_key(in);
  c.roles = {in.u8()};
  c.send_mask = static_cast<std::uint64_t>(in.u16()) << 32;
  c.send_mask |= in.u32();
  const std::uint8_t level_quota = in.u8();
  c.highest = static_cast<proto::Level>(level_quota >> 6);
  c.quota = level_quota & 0x3F;
  c.default_unit = {in.u32()};
  c.not_before = {in.u32()};
  c.valid_days = in.u16();
  c.handler = {in.u16()};
  c.issuer = in.u8();
  c.sign = {in.array<32>()};
  c.box = {in.array<32>()};
  c.link = {in.array<32>()};
  if (!in.done() || !names_device(c.key) || c.key.gen == 0) return std::nullopt;
  if (c.roles.bits == 0 || c.roles.bits & ~kAllRoles || c.valid_days == 0) return std::nullopt;
  if (!is_sound(c.sign) || !is_sound_x25519(c.box.value) || !is_sound_x25519(c.link.value))
    return std::nullopt;
  return c;
}

std::uint64_t owner_of(KeyId key) {
  return static_cast<std::uint64_t>(key.device.org.value) << 32 |
         static_cast<std::uint64_t>(key.device.dev) << 8 | key.gen;
}

std::string_view name_of(RevocationReason reason) {
  return kReasonNames[static_cast<std::size_t>(reason)];
}

std::optional<RevocationReason> revocation_reason_of(std::string_view name) {
  for (std::size_t i = 0; i < kReasonNames.size(); ++i)
    if (kReasonNames[i] == name) return static_cast<RevocationReason>(i);
  return std::nullopt;
}

Bytes encode_revocation(const Revocation& r) {
  Writer out;
  out.u16(r.key.device.org.value).u16(r.key.device.dev).u8(r.key.gen);
  out.u32(stamp(r.since)).u8(static_cast<std::uint8_t>(r.reason)).u32(stamp(r.issued));
  return out.take();
}

std::optional<Revocation> decode_revocation(BytesView body) {
  Reader in(body);
  Revocation r;
  r.key = get_key(in);
  r.since = {in.u32()};
  const std::uint8_t reason = in.u8();
  r.issued = {in.u32()};
  if (!in.done() || !names_device(r.key) || reason >= kReasonNames.size()) return std::nullopt;
  r.reason = static_cast<RevocationReason>(reason);
  return r;
}

Bytes encode_revocation_list(const RevocationList& list) {
  Writer out;
  out.u16(list.org.value).u32(stamp(list.issued)).u16(static_cast<std::uint16_t>(list.entries.size()));
  for (const Revocation& r : list.entries)
    out.u16(r.key.device.dev).u8(r.key.gen).u32(stamp(r.since)).u8(static_cast<std::uint8_t>(r.reason));
  return out.take();
}

std::optional<std::size_t> revocation_list_length(BytesView after_type) {
  if (after_type.size() < kListHeadBytes) return std::nullopt;
  Reader in(after_type.subspan(6));
  return kListHeadBytes + kListEntryBytes * in.u16();
}

std::optional<RevocationList> decode_revocation_list(BytesView body) {
  Reader in(body);
  RevocationList list;
  list.org = {in.u16()};
  list.issued = {in.u32()};
  const std::size_t count = in.u16();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    Revocation r;
    r.key.device = {list.org, in.u16()};
    r.key.gen = in.u8();
    r.since = {in.u32()};
    const std::uint8_t reason = in.u8();
    r.issued = list.issued;
    if (!names_device(r.key) || reason >= kReasonNames.size()) return std::nullopt;
    if (!list.entries.empty() && r.key <= list.entries.back().key) return std::nullopt;
    r.reason = static_cast<RevocationReason>(reason);
    list.entries.push_back(r);
  }
  if (!in.done() || list.org.value < 1 || list.org.value > 0x07FF) return std::nullopt;
  return list;
}

std::uint64_t usual_send_mask(Roles roles) {
  const auto bit = [](proto::Ctype type) { return std::uint64_t{1} << static_cast<int>(type); };
  using enum proto::Ctype;
  std::uint64_t mask = bit(incident_notice) | bit(erase_certificate) | bit(device_head);
  if (roles.has(Role::field) || roles.has(Role::desk))
    mask |= bit(report) | bit(receipt) | bit(attachment) | bit(desk_event);
  if (roles.has(Role::desk)) mask |= bit(directive) | bit(forwarded);
  if (roles.has(Role::relay) || roles.has(Role::gateway)) mask |= bit(receipt);
  if (roles.has(Role::admin)) mask |= bit(epoch_secret) | bit(erase_order);
  static_assert(static_cast<std::uint64_t>(device_head) < kSendMaskBits);
  return mask;
}

std::uint8_t usual_quota(Roles roles) {
  if (roles.has(Role::desk) || roles.has(Role::admin)) return kQuotaDesk;
  if (roles.has(Role::relay) || roles.has(Role::gateway)) return kQuotaRelay;
  return kQuotaField;
}

std::string_view name_of(Role role) {
  return kRoleNames[static_cast<std::size_t>(role)];
}

std::optional<Role> role_of(std::string_view name) {
  for (std::size_t i = 0; i < kRoleNames.size(); ++i)
    if (kRoleNames[i] == name) return static_cast<Role>(i);
  return std::nullopt;
}

}  // namespace noroshi::keys
