// The content of an attachment part (ctype 5): which file it is of, which part, and its bytes.
//
//   digest 16 | part 2 | data
//
// `digest` is the first half of the SHA-256 of the whole file, `part` counts from 0. A part names itself, so
// that it finds its file in whatever order it comes, and sealed again as well.
#pragma once

#include <optional>

#include "proto/bytes.hpp"
#include "proto/limits.hpp"

namespace noroshi::proto {

inline constexpr std::size_t kPartHead = 18;
inline constexpr std::size_t kPartData = kAttachmentPartMax - kPartHead;

using FileName = ByteArray<16>;

struct AttachmentPart {
  FileName file{};
  std::uint16_t part = 0;
  BytesView data;  ///< of the bytes that were read or that it was made of
};

/// How many parts a file of this many bytes has.
[[nodiscard]] constexpr std::size_t parts_of(std::size_t size) {
  return (size + kPartData - 1) / kPartData;
}

[[nodiscard]] inline FileName file_name(const ByteArray<32>& sha256) {
  return array_of<16>(sha256);
}
[[nodiscard]] inline Bytes encode_part(const AttachmentPart& part) {
  return Writer().bytes(part.file).u16(part.part).bytes(part.data).take();
}
/// Nothing for what is too short or too long.
[[nodiscard]] inline std::optional<AttachmentPart> decode_part(BytesView content) {
  if (content.size() <= kPartHead || content.size() > kAttachmentPartMax) return std::nullopt;
  Reader in(content);
  AttachmentPart out;
  out.file = in.array<16>();
  out.part = in.u16();
  out.data = in.rest();
  return out;
}

}  // namespace noroshi::proto
