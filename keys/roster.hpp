// The roster (type 2) and its deltas (type 3): which organisations exist, which key speaks for each, what
// they may.
//
//   roster = head | count u16 | count × (id u16 | length u16 | entry)          ids ascending
//   head   = version u32 | issued u32 | refresh_after u32 | expires u32 | lapse_days u16 | cert_grace_days
//   u16
//            | root_version u32 | previous digest 32 | handlers digest 32 | handlers approved u32
//            | quotas u8 | quotas × (envelopes u32 | bytes u32 | flash u16)
//   delta  = base version u32 | head of the result | count u16 | count × (id | length | entry)   length 0:
//   entry removed
//            | digest of the result 32
//
// Entries are opaque byte strings to everything but the functions below, so a roster can carry what an older
// program does not know. Digest = F(32, "NORO1 roster", ∅, head ‖ F(32, "NORO1 roster", ∅, entry) by
// ascending id). A delta carries the signatures OF THE RESULT (domain of the roster): applied to its base it
// gives the full roster, byte for byte, which is what is kept. So nodes that took another path hold the same
// bytes, and any node that has both versions can make a delta for a neighbour.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "keys/crypto.hpp"
#include "keys/trust.hpp"
#include "proto/bytes.hpp"

namespace noroshi::keys {

struct RosterHead {
  std::uint32_t version = 0;
  WallTime issued, refresh_after, expires;
  std::uint16_t lapse_days = 120;       ///< after `expires`: state C, then D
  std::uint16_t cert_grace_days = 400;  ///< an expired, never revoked certificate still brings reports
  std::uint32_t root_version = 1;       ///< whose keys signed this
  ByteArray<32> previous{};             ///< digest of version − 1; zeros for the first
  ByteArray<32> handlers{};             ///< digest of the approved handler list 情報取扱者名簿
  WallTime handlers_approved;
  std::vector<Quota> quotas;  ///< by code
};

/// Entry bytes by id: organisations 0x0001–0x07FF, groups 0x0800–0x0FFF.
using RosterEntries = std::map<std::uint16_t, Bytes>;

struct Roster {
  RosterHead head;
  RosterEntries entries;
};

struct RosterDelta {
  std::uint32_t base = 0;
  RosterHead head;
  RosterEntries changes;  ///< empty bytes: removed
  ByteArray<32> digest{};
};

[[nodiscard]] Bytes encode_roster(const Roster& roster);
[[nodiscard]] std::optional<Roster> decode_roster(BytesView body);
[[nodiscard]] std::optional<std::size_t> roster_length(BytesView after_type);
[[nodiscard]] ByteArray<32> roster_digest(const Roster& roster);

[[nodiscard]] Bytes encode_delta(const RosterDelta& delta);
[[nodiscard]] std::optional<RosterDelta> decode_delta(BytesView body);
[[nodiscard]] std::optional<std::size_t> delta_length(BytesView after_type);
/// The delta that leads from `base` to `result`.
[[nodiscard]] RosterDelta delta_between(const Roster& base, const Roster& result);
/// The delta object between two roster objects (with the signatures of the second): what a node sends to a neighbour that
/// holds the first. Nothing if either is no roster, or the second is not newer.
[[nodiscard]] std::optional<Bytes> delta_object(BytesView base_object, BytesView result_object);
/// The result; nothing if its digest is not the delta's.
[[nodiscard]] std::optional<Roster> apply_delta(const Roster& base, const RosterDelta& delta);

// ---- Entries ------------------------------------------------------------------------------------
//   organisation = kind u8 | prefecture u8 | role mask u8 | suites u8 | valid from u32 | valid until u32
//                  | first admin number u8 | admin keys u8 (≥ 2: former…, current, next) | keys × 32 |
//                  recovery 32 | may_direct u8 × org u16 | home relays u8 × dev u16 | hubs u8 × (dev u16 |
//                  address text) | name text | name_en text                                          text =
//                  length u8 | UTF-8
//   group        = owner u16 | since u32 | members u8 × org u16 | name text | name_en text
[[nodiscard]] Bytes encode_organisation(const Organisation& organisation);
[[nodiscard]] std::optional<Organisation> decode_organisation(OrgId id, BytesView entry);
[[nodiscard]] Bytes encode_group(const Group& group);
[[nodiscard]] std::optional<Group> decode_group(RecipientId id, BytesView entry);

/// What a new network starts with: field 200 envelopes / 1 MB / 30 flash a day, desk 2,000 / 20 MB / 100,
/// relay 5,000 receipts; admin as desk.
inline constexpr std::uint8_t kQuotaField = 0, kQuotaDesk = 1, kQuotaRelay = 2;
[[nodiscard]] std::vector<Quota> shipped_quotas();

}  // namespace noroshi::keys
