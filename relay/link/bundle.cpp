#include "relay/link/bundle.hpp"

#include <algorithm>
#include <utility>

#include "proto/result.hpp"

namespace noroshi::link {
namespace {

constexpr std::size_t kLengthBytes = 2, kFrameMax = 0xFFFF;

}  // namespace

bool Bundle::has_room(std::size_t frame_bytes, std::size_t bytes_max) const {
  return frame_bytes > 0 && frame_bytes <= kFrameMax &&
         std::max<std::size_t>(message_.size(), 1) + kLengthBytes + frame_bytes <= bytes_max;
}

void Bundle::add(BytesView head, BytesView body) {
  const std::size_t size = head.size() + body.size();
  NOROSHI_ASSERT(size > 0 && size <= kFrameMax);
  if (frames_ == 0) message_ = {kFrameBundle};
  message_.push_back(static_cast<std::uint8_t>(size >> 8));
  message_.push_back(static_cast<std::uint8_t>(size));
  message_.insert(message_.end(), head.begin(), head.end());
  message_.insert(message_.end(), body.begin(), body.end());
  ++frames_;
}

Bytes Bundle::take() {
  Bytes out = std::exchange(message_, {});
  if (std::exchange(frames_, 0) == 1) out.erase(out.begin(), out.begin() + 1 + kLengthBytes);
  return out;
}

std::optional<std::vector<BytesView>> unbundle(BytesView message) {
  if (message.empty() || message[0] != kFrameBundle) return std::vector{message};
  std::vector<BytesView> frames;
  Reader reader(message.subspan(1));
  while (!reader.done()) {
    const std::uint16_t size = reader.u16();
    const BytesView frame = reader.bytes(size);
    if (!reader.ok() || frame.empty() || frame[0] == kFrameBundle) return {};
    frames.push_back(frame);
  }
  if (frames.size() < 2) return {};
  return frames;
}

}  // namespace noroshi::link
