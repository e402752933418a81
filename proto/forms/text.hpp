// Texts of reports: how they are cleaned at entry, and how they travel.
//
// Entry: NFC for kana marks only (full NFC rewrites compatibility kanji in names: U+FA19 → U+795E); 〜 − ‖ —
// become their full-width twins ～ － ∥ ― (they would come back from CP932 as those); CR LF and CR become LF,
// TAB a space; other control characters are refused. Wire: one codec byte, then the smallest codec whose
// round trip is exact.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/bytes.hpp"
#include "proto/result.hpp"

namespace noroshi::forms {

/// What a person typed or a file held, as it is stored. Idempotent. An error names the character that is
/// refused: invalid UTF-8, control characters, line and paragraph separators, bidirectional controls,
/// noncharacters.
[[nodiscard]] Result<std::string> clean_text(std::string_view text);
/// Valid UTF-8 without refused characters; what a decoder asks of a text from outside.
[[nodiscard]] bool is_clean(std::string_view text);
/// Number of Unicode scalars; the limits of forms count these. The text must be valid UTF-8.
[[nodiscard]] std::size_t char_count(std::string_view text);
/// Full-width ASCII → ASCII, katakana → hiragana, lower case: for searching and for typed commands.
[[nodiscard]] std::string fold_for_search(std::string_view text);

/// The codec byte's low two bits.
enum class TextCodec : std::uint8_t { utf8 = 0, cp932 = 1, jis = 2, zstd_reserved = 3 };

/// Bytes of a clean text in one codec; nothing if its round trip would not be exact.
[[nodiscard]] std::optional<Bytes> encode_text(std::string_view text, TextCodec codec);
/// The text of bytes from outside; nothing unless encoding it again gives the same bytes.
[[nodiscard]] std::optional<std::string> decode_text(BytesView bytes, TextCodec codec);

struct CodedText {
  TextCodec codec = TextCodec::utf8;
  Bytes bytes;
};
/// The smallest codec for a clean text; equal sizes: the earlier in TextCodec.
[[nodiscard]] CodedText smallest_codec(std::string_view text);

/// The table of the `jis` codec as shipped (v, tab, character; a test holds its hash).
[[nodiscard]] std::string_view jis_table_file();

}  // namespace noroshi::forms
