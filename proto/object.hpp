// Names of link-state objects: everything signed that is not an envelope (PROTOCOL.md, "Objects"). keys/
// reads and checks them; frames only name them.
#pragma once

#include <compare>
#include <cstdint>

#include "proto/bytes.hpp"

namespace noroshi::proto {

enum class ObjectType : std::uint8_t {
  root = 1,
  roster = 2,
  roster_delta = 3,
  certificate = 4,
  organisation_list = 5,
  revocation = 6,
  epoch = 7,
  epoch_void = 8,
  transport_key = 9,
  delegation = 10,
  log_head = 11,
  units = 12,
  places = 13,
  catalogue = 14,
  incident = 15,
  network_key = 16,
  contact = 17,
  revocation_list = 18,
};

/// The name of one object in an inventory: which, of whom, which version, and what bytes.
struct ObjectRef {
  ObjectType type{};
  std::uint64_t owner =
      0;  ///< by type: org<<32 | dev<<8 | gen for certificates; org, incident, … (PROTOCOL.md)
  std::uint32_t version = 0;
  ByteArray<8> hash{};  ///< F(8, "NORO1 state", ∅, type ‖ body): not over the signatures
  auto operator<=>(const ObjectRef&) const = default;
};

}  // namespace noroshi::proto
