// Every codec of signed objects over values of every shape: what is written is read back, and what is read of
// any bytes is written as those very bytes.
#include <functional>

#include "keys/base32.hpp"
#include "keys/certificate.hpp"
#include "keys/contact.hpp"
#include "keys/document.hpp"
#include "keys/epoch.hpp"
#include "keys/object.hpp"
#include "keys/primitives.hpp"
#include "keys/roster.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/seeded_random.hpp"

using namespace noroshi;
using namespace noroshi::keys;
using test::SeededRng;

namespace {

constexpr int kRounds = 200;

struct Maker {
  SeededRng rng;
  explicit Maker(std::uint64_t seed) : rng(seed) {}
  std::uint32_t up_to(std::uint32_t max) {
    return static_cast<std::uint32_t>(rng.below(std::uint64_t{max} + 1));
  }
  std::uint16_t u16(std::uint16_t least, std::uint16_t most) {
    return static_cast<std::uint16_t>(least + up_to(static_cast<std::uint32_t>(most - least)));
  }
  std::uint8_t u8(std::uint8_t most = 255) { return static_cast<std::uint8_t>(up_to(most)); }
  WallTime time() { return {up_to(0xFFFF'FFFF)}; }
  OrgId org() { return {u16(1, 0x07FF)}; }
  DeviceId device() { return {org(), u16(1, 0x7FFE)}; }
  KeyId key() { return {device(), static_cast<std::uint8_t>(1 + u8(254))}; }
  KeySet keys() { return KeySet::random(rng); }
  std::string text(std::size_t most) {
    std::string out;
    while (out.size() + 4 < most && rng.below(8) != 0) out += rng.below(2) ? "狼" : "x";
    return out;
  }
  std::vector<OrgId> orgs() {
    std::vector<OrgId> out;
    while (rng.below(4) != 0 && out.size() < 40)
      out.push_back({static_cast<std::uint16_t>((out.empty() ? 0 : out.back().value) + 1 + up_to(5))});
    return out;
  }
};

Certificate any_certificate(Maker& m) {
  const auto keys = m.keys();
  Certificate c;
  c.key = m.key();
  c.roles = {static_cast<std::uint8_t>(1 + m.u8(126))};
  c.send_mask = m.rng.u64() >> 16;
  c.highest = static_cast<proto::Level>(m.u8(3));
  c.quota = m.u8(63);
  c.default_unit = {m.up_to(0xFFFF'FFFF)};
  c.not_before = m.time();
  c.valid_days = m.u16(1, 0xFFFF);
  c.handler = {m.u16(0, 0xFFFF)};
  c.issuer = m.u8();
  c.sign = keys.sign_public();
  c.box = keys.box_public();
  c.link = keys.link_public();
  return c;
}

Organisation any_organisation(Maker& m, OrgId id) {
  Organisation o;
  o.id = id;
  o.kind = static_cast<OrgKind>(1 + m.u8(5));
  o.prefecture = m.u8(47);
  o.role_mask = {m.u8(0x7F)};
  o.suites = m.u8();
  o.valid_from = m.time();
  o.valid_until = m.time();
  while (m.rng.below(3) == 0 && o.former_admins.size() < 4) o.former_admins.push_back(m.keys().sign_public());
  o.admin_number = static_cast<std::uint8_t>(o.former_admins.size() + m.u8(200));
  o.admin = m.keys().sign_public();
  o.admin_next = m.keys().sign_public();
  o.recovery = m.keys().sign_public();
  o.may_direct = m.orgs();
  while (m.rng.below(3) != 0 && o.home_relays.size() < 4) o.home_relays.push_back({id, m.u16(1, 0x7FFE)});
  while (m.rng.below(3) == 0 && o.hubs.size() < 4) o.hubs.push_back({{id, m.u16(1, 99)}, m.text(60)});
  o.name = m.text(200);
  o.name_en = m.text(200);
  return o;
}

Roster any_roster(Maker& m, std::uint32_t version) {
  Roster r;
  r.head.version = version;
  r.head.issued = {m.up_to(1'000'000)};
  r.head.refresh_after = r.head.issued + Seconds{m.up_to(1'000'000)};
  r.head.expires = r.head.refresh_after + Seconds{m.up_to(1'000'000)};
  r.head.root_version = 1 + m.up_to(5);
  m.rng.fill(r.head.previous);
  m.rng.fill(r.head.handlers);
  r.head.handlers_approved = m.time();
  while (m.rng.below(3) != 0) r.head.quotas.push_back({m.up_to(9999), m.up_to(0xFFFF'FFFF), m.up_to(0xFFFF)});
  while (m.rng.below(12) != 0) {
    const OrgId id = m.org();
    r.entries[id.value] = encode_organisation(any_organisation(m, id));
  }
  return r;
}

/// encode ∘ decode is the identity on what decode takes.
template <typename Decode, typename Encode>
void check_bytes(const Bytes& written, Decode decode, Encode encode, Maker& m) {
  const auto read = decode(written);
  REQUIRE(read);
  CHECK(encode(*read) == written);
  for (int i = 0; i < 8; ++i) {
    Bytes other = written;
    other[m.rng.below(other.size())] ^= static_cast<std::uint8_t>(1 + m.u8(254));
    if (const auto again = decode(other)) CHECK(encode(*again) == other);
    CHECK_FALSE(decode(
        Bytes(written.begin(), written.begin() + static_cast<std::ptrdiff_t>(m.rng.below(written.size())))));
    other = written;
    other.push_back(m.u8());
    CHECK_FALSE(decode(other));
  }
}

}  // namespace

TEST_CASE(
    "certificates, revocations, epochs, voids, transport keys and contacts are read as they were written") {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    Maker m(seed);
    check_bytes(encode_certificate(any_certificate(m)), decode_certificate, encode_certificate, m);
    Revocation revocation{m.key(), m.time(), static_cast<RevocationReason>(m.u8(6)), m.time()};
    if (m.rng.below(2)) revocation.key.gen = 0;
    CHECK(decode_revocation(encode_revocation(revocation)) == revocation);
    check_bytes(encode_revocation(revocation), decode_revocation, encode_revocation, m);

    RevocationList list{m.org(), m.time(), {}};
    for (std::uint16_t dev = 1; m.rng.below(10) != 0; dev = static_cast<std::uint16_t>(dev + 1 + m.up_to(9)))
      list.entries.push_back(
          {{{list.org, dev}, m.u8()}, m.time(), static_cast<RevocationReason>(m.u8(6)), list.issued});
    check_bytes(encode_revocation_list(list), decode_revocation_list, encode_revocation_list, m);

    const WallTime from{m.up_to(1'000'000)};
    const EpochKey epoch{
        {m.org().value},      1 + m.up_to(99'999), {m.up_to(99)}, from, from + Seconds{1 + m.up_to(9'999)},
        m.keys().box_public()};
    check_bytes(encode_epoch(epoch), decode_epoch, encode_epoch, m);
    const std::uint32_t first = 1 + m.up_to(1000);
    const EpochVoid gone{{m.org().value}, first, first + m.up_to(9), 0, m.time()};
    CHECK(decode_epoch_void(encode_epoch_void(gone)) == gone);
    check_bytes(encode_epoch_void(gone), decode_epoch_void, encode_epoch_void, m);
    check_bytes(encode_transport({m.org(), 1 + m.up_to(99), m.time(), m.keys().box_public()}),
                decode_transport, encode_transport, m);

    SignedContact contact{m.key(), {{}, 1 + m.up_to(99), m.time(), {}}};
    while (m.rng.below(6) != 0 && contact.contact.neighbours.size() < kContactNeighboursMax)
      contact.contact.neighbours.push_back({m.device(), m.u8(), m.u8()});
    check_bytes(encode_contact(contact), decode_contact, encode_contact, m);
  }
}

TEST_CASE("rosters are read as they were written, and a delta leads from any roster to any newer one") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Maker m(seed);
    const Roster base = any_roster(m, 1 + m.up_to(9));
    Roster result = any_roster(m, base.head.version + 1 + m.up_to(3));
    for (const auto& [id, entry] : base.entries)
      if (m.rng.below(2)) result.entries[id] = entry;  // shared ones
    check_bytes(encode_roster(base), decode_roster, encode_roster, m);
    const RosterDelta delta = delta_between(base, result);
    check_bytes(encode_delta(delta), decode_delta, encode_delta, m);
    const auto reached = apply_delta(base, *decode_delta(encode_delta(delta)));
    REQUIRE(reached);
    CHECK(encode_roster(*reached) == encode_roster(result));
    Roster other = base;
    other.entries[0x0ABC] = {1};
    CHECK_FALSE(apply_delta(other, delta));  // not the base it was made for
    for (const auto& [id, entry] : base.entries) {
      const auto organisation = decode_organisation({id}, entry);
      REQUIRE(organisation);
      CHECK(encode_organisation(*organisation) == entry);
    }
  }
}

TEST_CASE("units and incidents are read as they were written") {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    Maker m(seed);
    const OrgId org = m.org();
    std::vector<Unit> units;
    for (std::uint32_t n = 1; m.rng.below(8) != 0; n += 1 + m.up_to(20)) {
      Unit unit;
      unit.id = {org.value * kUnitsPerAssociation + n};
      unit.association = org;
      if (!units.empty() && m.rng.below(2)) unit.parent = units[m.rng.below(units.size())].id;
      unit.name = m.text(60);
      unit.kana = m.text(60);
      while (m.rng.below(2)) unit.municipalities.push_back(std::to_string(10'000 + m.up_to(37'000)));
      unit.households_served = m.up_to(0xFFFF'FFFF);
      unit.expected_interval_h = m.u16(0, 0xFFFF);
      units.push_back(unit);
    }
    const auto back = decode_units(org, encode_units(units));
    REQUIRE(back);
    REQUIRE(back->size() == units.size());
    for (std::size_t i = 0; i < units.size(); ++i) {
      CHECK((*back)[i].id == units[i].id);
      CHECK((*back)[i].parent == units[i].parent);
      CHECK((*back)[i].name == units[i].name);
      CHECK((*back)[i].municipalities == units[i].municipalities);
      CHECK((*back)[i].households_served == units[i].households_served);
    }
    Incident incident{{1 + m.up_to(99)},    m.text(60), m.text(60),  m.rng.below(2) == 0,
                      {m.up_to(1'000'000)}, {},         {"01", "17"}};
    if (m.rng.below(2)) incident.end = incident.start + Seconds{m.up_to(99'999)};
    const auto incident_back = decode_incident(incident.id, encode_incident(incident));
    REQUIRE(incident_back);
    CHECK(incident_back->name == incident.name);
    CHECK(incident_back->end == incident.end);
    CHECK(incident_back->prefectures == incident.prefectures);
  }
}

TEST_CASE("any bytes at all are either an object that is written the same or none") {
  std::size_t parsed_some = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    Maker m(seed);
    Bytes bytes(m.rng.below(400));
    m.rng.fill(bytes);
    if (!bytes.empty()) bytes[0] = m.u8(19);
    // Long enough for one signature more often than chance would have it.
    if (bytes.size() > 80 && m.rng.below(2)) {
      const auto length = body_length(static_cast<ObjectType>(bytes[0]), BytesView(bytes).subspan(1));
      if (length && *length < 60'000) {
        bytes.resize(1 + *length + 1 + 2 + 64);
        bytes[1 + *length] = 1;
        bytes[2 + *length] = m.u8(2);
      }
    }
    const auto object = parse_object(bytes);
    if (!object) continue;
    ++parsed_some;
    CHECK(join_object(object->type, object->body, object->signatures) == bytes);
  }
  CHECK(parsed_some > 500);
}

TEST_CASE("base32 is read back whatever the bytes") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Maker m(seed);
    Bytes bytes(m.rng.below(300));
    m.rng.fill(bytes);
    CHECK(from_base32(to_base32(bytes)) == bytes);
  }
}
