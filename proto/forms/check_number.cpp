#include "proto/forms/check_number.hpp"

namespace noroshi::forms {
namespace {

/// α·v in GF(2^11) modulo x^11 + x^2 + 1, the primitive trinomial of that degree.
constexpr std::uint32_t times_alpha(std::uint32_t v) {
  return v << 1 ^ ((v & 0x400) != 0 ? 0x805u : 0);
}

}  // namespace

std::uint32_t check_number(std::string_view text) {
  std::uint32_t at_alpha = 1, at_alpha2 = 1;  // as if a 1 stood before the text: its length matters too
  for (const char c : text) {
    const auto symbol = static_cast<unsigned char>(c);
    at_alpha = times_alpha(at_alpha) ^ symbol;
    at_alpha2 = times_alpha(times_alpha(at_alpha2)) ^ symbol;
  }
  return at_alpha << 11 | at_alpha2;
}

std::uint8_t short_check(std::string_view text) {
  std::uint32_t sum = 1;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const std::uint32_t residue = c >= '0' && c <= '9' ? byte - '0' : 10u + byte % 3u;
    sum = (2 * sum + residue) % kShortChecks;
  }
  return static_cast<std::uint8_t>(sum);
}

}  // namespace noroshi::forms
