// The two tables behind the codecs CP932 and jis (data/README.md), and the codecs on Unicode scalars.
//
// jis, a stream of bits, first bit high:
//   0 + 7     0–82 U+3041..3093, 83–92 digits, 93–118 A–Z, 119–127 space 、 。 ー ・ - . LF /
//   1 + 13    v < 7896     94·(row−1)+(cell−1), rows 1–84 as CP932 maps them, lowest cell of duplicates
//             7896 + i     i-th of the 55 printable ASCII characters that are not among the first 128, by
//             code 8191         escape: 21 bits follow, one Unicode scalar
// Filled to a byte with fewer than 8 zero bits; the decoder stops below 8 bits left.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/bytes.hpp"

namespace noroshi::forms {

[[nodiscard]] Bytes encode_jis(std::u32string_view text);
/// Nothing for a cut symbol, a padding bit 1, a v without a character, or an escape to no scalar. Does not
/// check that the bytes are the shortest: decode_text encodes again.
[[nodiscard]] std::optional<std::u32string> decode_jis(BytesView bytes);

/// Nothing if a character is not in CP932.
[[nodiscard]] std::optional<Bytes> encode_cp932(std::u32string_view text);
[[nodiscard]] std::optional<std::u32string> decode_cp932(BytesView bytes);

}  // namespace noroshi::forms
