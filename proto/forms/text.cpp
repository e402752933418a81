#include "proto/forms/text.hpp"

#include "proto/forms/embedded.hpp"
#include "proto/forms/jis.hpp"
#include "proto/forms/utf8.hpp"

namespace noroshi::forms {

std::optional<std::u32string> scalars_of(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  std::size_t i = 0;
  while (i < utf8.size()) {
    const auto first = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = first < 0x80       ? 1
                               : first >> 5 == 6  ? 2
                               : first >> 4 == 14 ? 3
                               : first >> 3 == 30 ? 4
                                                  : 0;
    if (length == 0 || i + length > utf8.size()) return std::nullopt;
    char32_t c = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(utf8[i + k]);
      if (next >> 6 != 2) return std::nullopt;
      c = c << 6 | (next & 0x3F);
    }
    constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < kLeast[length] || !is_scalar(c)) return std::nullopt;
    out += c;
    i += length;
  }
  return out;
}

void append_utf8(std::string& out, char32_t c) {
  const auto byte = [&out](char32_t value) { out += static_cast<char>(value); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)),
        byte(0x80 | (c & 0x3F));
  }
}

std::string utf8_of(std::u32string_view scalars) {
  std::string out;
  out.reserve(scalars.size() * 3);
  for (const char32_t c : scalars) append_utf8(out, c);
  return out;
}

std::optional<Bytes> encode_text(std::string_view text, TextCodec codec) {
  const auto scalars = scalars_of(text);
  if (!scalars) return std::nullopt;
  switch (codec) {
    case TextCodec::utf8: return bytes_of(view_of(text));
    case TextCodec::cp932: return encode_cp932(*scalars);
    case TextCodec::jis: return encode_jis(*scalars);
    case TextCodec::zstd_reserved: break;
  }
  return std::nullopt;
}

std::optional<std::string> decode_text(BytesView bytes, TextCodec codec) {
  std::optional<std::u32string> scalars;
  switch (codec) {
    case TextCodec::utf8: scalars = scalars_of(text_of(bytes)); break;
    case TextCodec::cp932: scalars = decode_cp932(bytes); break;
    case TextCodec::jis: scalars = decode_jis(bytes); break;
    case TextCodec::zstd_reserved: break;
  }
  if (!scalars) return std::nullopt;
  std::string text = utf8_of(*scalars);
  const auto again = encode_text(text, codec);
  if (!again || !equal(*again, bytes)) return std::nullopt;
  return text;
}

CodedText smallest_codec(std::string_view text) {
  CodedText best{TextCodec::utf8, bytes_of(view_of(text))};
  for (const TextCodec codec : {TextCodec::cp932, TextCodec::jis}) {
    auto bytes = encode_text(text, codec);
    if (!bytes || bytes->size() >= best.bytes.size()) continue;
    if (decode_text(*bytes, codec) == text) best = {codec, std::move(*bytes)};
  }
  return best;
}

std::string_view jis_table_file() {
  return embedded::jis_cells();
}

}  // namespace noroshi::forms
