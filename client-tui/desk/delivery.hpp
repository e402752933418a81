// What became of an own message, for each recipient, in the words of people: 署名済 → 待機 → 中継受領 →
// 宛先到達 → 開封 → 閲覧 → 受理, or an end. Truthful: each step rests on a commit of the relay or a signed
// receipt, and it only moves forward: what the relay once said is kept (StoreTurn::put_told), so that a relay
// that is down or has lost its store takes nothing back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client-tui/desk/delivery_state.hpp"
#include "client-tui/desk/store.hpp"
#include "proto/control.hpp"

namespace noroshi::desk {

[[nodiscard]] std::string_view name_of(Delivery state);

struct RecipientDelivery {
  RecipientId recipient;
  Delivery state{};
  std::optional<WallTime> at;
  DeviceId by;                ///< who said so; 0/0 = nobody yet
  std::optional<MsgId> copy;  ///< resealed
  bool no_route = false;      ///< queued, and the relay knows no way to it
  std::string refusal;        ///< why the own relay refused it: name of the keys::Refusal
};

/// From the store alone: receipts, and the relay's word as it was kept.
[[nodiscard]] std::vector<RecipientDelivery> deliveries(const StoreView& store, const MsgId& id,
                                                        const std::vector<RecipientId>& recipients);
/// Keeps the relay's own word on a message, where it goes further than what is kept already.
void keep_told(StoreTurn& turn, const proto::control::EnvelopeProgress& progress);
/// Of the whole message: its least advanced recipient; an end only if no recipient is still under way.
[[nodiscard]] Delivery overall(const std::vector<RecipientDelivery>& recipients);

}  // namespace noroshi::desk
