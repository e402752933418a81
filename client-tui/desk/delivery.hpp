// What became of an own message, for each recipient, in the words of people: 署名済 → 待機 → 中継受領 →
// 宛先到達 → 開封 → 閲覧 → 受理, or an end. Truthful: each step rests on a commit of the relay or a signed
// receipt, and it only moves forward.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "client-tui/desk/store.hpp"
#include "proto/control.hpp"

namespace noroshi::desk {

enum class Delivery : std::uint8_t {
  signed_here,  ///< 署名済: safe in the desk, no relay has it yet
  queued,       ///< 待機: a relay of ours owes it
  relayed,      ///< 中継受領: the next relay took the duty
  delivered,    ///< 宛先到達 届いた（未開封）
  opened,       ///< 開封
  read,         ///< 閲覧
  accepted,     ///< 受理
  resealed,     ///< 配信不能 → sealed again: see the copy
  unreadable,   ///< 配信不能
  expired,      ///< 期限切れ
  refused,      ///< 拒否
};
[[nodiscard]] std::string_view name_of(Delivery state);

struct RecipientDelivery {
  RecipientId recipient;
  Delivery state{};
  std::optional<WallTime> at;
  DeviceId by;                ///< who said so; 0/0 = nobody yet
  std::optional<MsgId> copy;  ///< resealed
};

/// `progress`: the relay's own word on it, if it was asked.
[[nodiscard]] std::vector<RecipientDelivery> deliveries(const StoreView& store, const MsgId& id,
                                                        const std::vector<RecipientId>& recipients,
                                                        const proto::control::EnvelopeProgress* progress);
/// Of the whole message: its least advanced recipient; an end only if no recipient is still under way.
[[nodiscard]] Delivery overall(const std::vector<RecipientDelivery>& recipients);

}  // namespace noroshi::desk
