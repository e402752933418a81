#include "relay/core/ranges.hpp"

#include <algorithm>

namespace noroshi::core {

using proto::ByteRange;

void Ranges::add(ByteRange stretch) {
  if (stretch.from >= stretch.to) return;
  const auto first =
      std::ranges::find_if(stretches_, [&](const ByteRange& one) { return one.to >= stretch.from; });
  auto last = first;
  for (; last != stretches_.end() && last->from <= stretch.to; ++last) {
    stretch.from = std::min(stretch.from, last->from);
    stretch.to = std::max(stretch.to, last->to);
  }
  stretches_.insert(stretches_.erase(first, last), stretch);
}

std::optional<ByteRange> Ranges::gap(std::uint32_t end, std::size_t max) const {
  std::uint32_t from = 0, to = end;
  for (const ByteRange& one : stretches_) {
    if (one.from > from) {
      to = std::min<std::uint32_t>(to, one.from);
      break;
    }
    from = one.to;
  }
  if (from >= to) return std::nullopt;
  to = static_cast<std::uint32_t>(std::min<std::size_t>(to, from + max));
  return ByteRange{static_cast<std::uint16_t>(from), static_cast<std::uint16_t>(to)};
}

std::vector<ByteRange> Ranges::missing(ByteRange stretch) const {
  std::vector<ByteRange> out;
  for (const ByteRange& one : stretches_) {
    if (one.to <= stretch.from) continue;
    if (one.from >= stretch.to) break;
    if (one.from > stretch.from) out.push_back({stretch.from, one.from});
    stretch.from = std::min(one.to, stretch.to);
  }
  if (stretch.from < stretch.to) out.push_back(stretch);
  return out;
}

std::uint32_t Ranges::bytes() const {
  std::uint32_t out = 0;
  for (const ByteRange& one : stretches_) out += static_cast<std::uint32_t>(one.to - one.from);
  return out;
}

}  // namespace noroshi::core
