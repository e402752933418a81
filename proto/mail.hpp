// How two relays of one organisation speak of its mail when they compare what they hold (PROTOCOL.md,
// "Replicas"). Mail is ordered by its key; a stretch of it is everything whose key begins alike.
#pragma once

#include <algorithm>
#include <cstdint>

#include "proto/bytes.hpp"
#include "proto/ids.hpp"
#include "proto/time.hpp"

namespace noroshi::proto {

/// created u32 | msg_id 16: mail of one time lies together.
using MailKey = ByteArray<20>;
[[nodiscard]] inline MailKey mail_key(WallTime created, const MsgId& id) {
  const auto seconds = static_cast<std::uint32_t>(std::clamp<std::int64_t>(created.s, 0, UINT32_MAX));
  return array_of<20>(Writer().u32(seconds).bytes(id.value).data());
}
[[nodiscard]] inline MsgId mail_id(const MailKey& key) {
  return {array_of<16>(BytesView(key).last(16))};
}

/// All mail whose key begins with so many half-bytes of `key`; 0 = all there is.
struct MailPrefix {
  static constexpr std::uint8_t kNibblesMax = 40;
  std::uint8_t nibbles = 0;
  MailKey key{};  ///< zero behind them
  bool operator==(const MailPrefix&) const = default;

  [[nodiscard]] bool covers(BytesView longer) const {
    const std::size_t whole = nibbles / 2u;
    return std::equal(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(whole), longer.begin()) &&
           (nibbles % 2 == 0 || key[whole] >> 4 == longer[whole] >> 4);
  }
  /// Its `i`-th sixteenth.
  [[nodiscard]] MailPrefix part(unsigned i) const {
    MailPrefix out = *this;
    out.key[nibbles / 2u] |= static_cast<std::uint8_t>(nibbles % 2 == 0 ? i << 4 : i);
    ++out.nibbles;
    return out;
  }
};

/// How much there is, and the sum of the ids modulo 2^128: what is added or taken away changes it.
struct MailSum {
  std::uint64_t count = 0, high = 0, low = 0;
  bool operator==(const MailSum&) const = default;
  MailSum& operator+=(const MailSum& more) {
    count += more.count;
    low += more.low;
    high += more.high + (low < more.low ? 1 : 0);
    return *this;
  }
};
[[nodiscard]] inline MailSum sum_of(const MsgId& id) {
  Reader in(id.value);
  const std::uint64_t high = in.u64();
  return {1, high, in.u64()};
}

}  // namespace noroshi::proto
