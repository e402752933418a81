#include <algorithm>
#include <charconv>

#include "keys/document.hpp"
#include "keys/object.hpp"
#include "keys/objects.pb.h"

namespace noroshi::keys {
namespace {

constexpr std::size_t kHeadBytes = 2 + 4 + 4 + 4 + 2;
constexpr std::uint32_t kMunicipalityMax = 99'999, kPrefectureMax = 99;

/// JIS codes are text with leading zeros for people and numbers on the wire.
std::uint32_t number_of(const std::string& code) {
  std::uint32_t value = 0;
  std::from_chars(code.data(), code.data() + code.size(), value);
  return value;
}
std::string code_of(std::uint32_t value, std::size_t digits) {
  std::string text = std::to_string(value);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

bool parse(google::protobuf::MessageLite& message, BytesView content) {
  return message.ParseFromArray(content.data(), static_cast<int>(content.size()));
}
Bytes serialized(const google::protobuf::MessageLite& message) {
  Bytes out(message.ByteSizeLong());
  message.SerializeToArray(out.data(), static_cast<int>(out.size()));
  return out;
}

bool parents_hold(const std::vector<Unit>& units) {
  const auto known = [&](UnitId id) {
    const auto at =
        std::lower_bound(units.begin(), units.end(), id, [](const Unit& u, UnitId i) { return u.id < i; });
    return at != units.end() && at->id == id;
  };
  return std::all_of(units.begin(), units.end(), [&](const Unit& u) {
    return u.parent.value == 0 || (u.parent != u.id && known(u.parent));
  });
}

}  // namespace

Bytes encode_document(const Document& d) {
  NOROSHI_ASSERT(d.content.size() <= 0xFFFF);
  Writer out;
  out.u16(d.issuer.value).u32(d.owner).u32(d.version).u32(stamp(d.issued));
  out.u16(static_cast<std::uint16_t>(d.content.size())).bytes(d.content);
  return out.take();
}

std::optional<std::size_t> document_length(BytesView after_type) {
  if (after_type.size() < kHeadBytes) return std::nullopt;
  Reader in(after_type.subspan(kHeadBytes - 2));
  return kHeadBytes + in.u16();
}

std::optional<Document> decode_document(BytesView body) {
  Reader in(body);
  Document d;
  d.issuer = {in.u16()};
  d.owner = in.u32();
  d.version = in.u32();
  d.issued = {in.u32()};
  const std::size_t length = in.u16();
  d.content = bytes_of(in.bytes(length));
  if (!in.done() || d.version == 0) return std::nullopt;
  return d;
}

Bytes encode_units(const std::vector<Unit>& units) {
  objects::UnitRegister out;
  for (const Unit& unit : units) {
    objects::Unit& u = *out.add_units();
    u.set_number(unit.id.value % kUnitsPerAssociation);
    u.set_parent(unit.parent.value % kUnitsPerAssociation);
    u.set_name(unit.name);
    u.set_kana(unit.kana);
    for (const std::string& code : unit.municipalities) u.add_municipality(number_of(code));
    u.set_households_served(unit.households_served);
    u.set_expected_interval_h(unit.expected_interval_h);
  }
  return serialized(out);
}

std::optional<std::vector<Unit>> decode_units(OrgId association, BytesView content) {
  objects::UnitRegister in;
  if (!parse(in, content)) return std::nullopt;
  const std::uint32_t base = association.value * kUnitsPerAssociation;
  std::vector<Unit> units;
  for (const objects::Unit& u : in.units()) {
    if (u.number() == 0 || u.number() >= kUnitsPerAssociation || u.parent() >= kUnitsPerAssociation)
      return std::nullopt;
    if (u.expected_interval_h() > 0xFFFF) return std::nullopt;
    Unit unit;
    unit.id = {base + u.number()};
    unit.association = association;
    unit.parent = {u.parent() ? base + u.parent() : 0};
    unit.name = u.name();
    unit.kana = u.kana();
    for (const std::uint32_t code : u.municipality()) {
      if (code > kMunicipalityMax) return std::nullopt;
      unit.municipalities.push_back(code_of(code, 5));
    }
    unit.households_served = u.households_served();
    unit.expected_interval_h = static_cast<std::uint16_t>(u.expected_interval_h());
    if (!units.empty() && unit.id <= units.back().id) return std::nullopt;
    units.push_back(std::move(unit));
  }
  if (!parents_hold(units)) return std::nullopt;
  return units;
}

Bytes encode_incident(const Incident& incident) {
  objects::Incident out;
  out.set_name(incident.name);
  out.set_name_en(incident.name_en);
  out.set_exercise(incident.exercise);
  out.set_start(stamp(incident.start));
  if (incident.end) out.set_end(stamp(*incident.end));
  for (const std::string& code : incident.prefectures) out.add_prefecture(number_of(code));
  return serialized(out);
}

std::optional<Incident> decode_incident(IncidentId id, BytesView content) {
  objects::Incident in;
  if (!parse(in, content)) return std::nullopt;
  Incident incident;
  incident.id = id;
  incident.name = in.name();
  incident.name_en = in.name_en();
  incident.exercise = in.exercise();
  incident.start = {in.start()};
  if (in.has_end()) incident.end = WallTime{in.end()};
  if (incident.end && *incident.end < incident.start) return std::nullopt;
  for (const std::uint32_t code : in.prefecture()) {
    if (code > kPrefectureMax) return std::nullopt;
    incident.prefectures.push_back(code_of(code, 2));
  }
  return incident;
}

}  // namespace noroshi::keys
