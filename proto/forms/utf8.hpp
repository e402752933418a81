// Unicode scalars of a text and back. Strict: overlong forms, surrogates and cut sequences are refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace noroshi::forms {

[[nodiscard]] inline bool is_scalar(char32_t c) {
  return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

[[nodiscard]] std::optional<std::u32string> scalars_of(std::string_view utf8);
[[nodiscard]] std::string utf8_of(std::u32string_view scalars);
void append_utf8(std::string& out, char32_t scalar);

}  // namespace noroshi::forms
