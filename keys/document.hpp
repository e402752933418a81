// Signed documents with a protobuf body: register of units (type 12), places (13), form catalogue (14),
// incident (15). The newest version of each (type, owner) holds.
//
//   issuer u16 | owner u32 | version u32 | issued u32 | length u16 | content
//
//   type  owner                signed by
//    12   association          its own admin
//    13   issuing organisation its own admin
//    14   0                    k roots (issuer 0)
//    15   incident number      national admin; an association's admin for its own exercises: number =
//    association × 100,000 + n
//
// What 13 and 14 say is read where it is used; here they are checked, kept and carried.
#pragma once

#include <optional>
#include <vector>

#include "keys/trust.hpp"
#include "proto/bytes.hpp"
#include "proto/object.hpp"

namespace noroshi::keys {

struct Document {
  OrgId issuer;
  std::uint32_t owner = 0;
  std::uint32_t version = 0;
  WallTime issued;
  Bytes content;
};
[[nodiscard]] Bytes encode_document(const Document& document);
[[nodiscard]] std::optional<Document> decode_document(BytesView body);
[[nodiscard]] std::optional<std::size_t> document_length(BytesView after_type);

/// Unit and association numbers: association × 100,000 + n, n from 1.
inline constexpr std::uint32_t kUnitsPerAssociation = 100'000;
[[nodiscard]] constexpr OrgId association_of(UnitId unit) {
  return {static_cast<std::uint16_t>(unit.value / kUnitsPerAssociation)};
}

/// Units of one association, ascending by id; parents are 0 or units of the same register.
[[nodiscard]] Bytes encode_units(const std::vector<Unit>& units);
[[nodiscard]] std::optional<std::vector<Unit>> decode_units(OrgId association, BytesView content);
[[nodiscard]] Bytes encode_incident(const Incident& incident);
[[nodiscard]] std::optional<Incident> decode_incident(IncidentId id, BytesView content);

}  // namespace noroshi::keys
