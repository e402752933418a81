// How far an own message has got with one recipient.
#pragma once

#include <cstdint>

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

}  // namespace noroshi::desk
