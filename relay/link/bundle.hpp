// Several small frames in one ZeroMQ message, on the tcp bearer only: CURVE and ZMTP cost 42 bytes a message,
// more than an ack. A hello with its most urgent envelope, or a turn's acks and receipts, then pay that once.
//
//   0x83 | (length u16 | frame)+        at least two frames, none of them a bundle
//
// A frame that is alone travels as it is. A profile says how large a bundle may get: about a second of its
// line, since the first frame of a bundle arrives with the last.
#pragma once

#include <optional>
#include <vector>

#include "proto/bytes.hpp"

namespace noroshi::link {

inline constexpr std::uint8_t kFrameBundle = 0x83;

/// Frames that wait to leave together.
class Bundle {
 public:
  [[nodiscard]] bool empty() const { return frames_ == 0; }
  /// Whether a frame of this size may join, for a bundle of at most `bytes_max`.
  [[nodiscard]] bool has_room(std::size_t frame_bytes, std::size_t bytes_max) const;
  void add(BytesView head, BytesView body);
  /// The message, and an empty bundle again.
  [[nodiscard]] Bytes take();
  void clear() { *this = {}; }

 private:
  Bytes message_ = {};
  std::size_t frames_ = 0;
};

/// The frames of a message: one, unless it is a bundle. Nothing if it is a malformed one. Views into
/// `message`.
[[nodiscard]] std::optional<std::vector<BytesView>> unbundle(BytesView message);

}  // namespace noroshi::link
