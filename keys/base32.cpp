#include "keys/base32.hpp"

#include "keys/primitives.hpp"

namespace noroshi::keys {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::optional<unsigned> digit_of(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  const auto at = kDigits.find(c);
  return at == std::string_view::npos ? std::nullopt : std::optional(static_cast<unsigned>(at));
}

}  // namespace

std::string to_base32(BytesView bytes) {
  std::string out;
  unsigned pending = 0;
  int bits = 0;
  for (const std::uint8_t byte : bytes) {
    pending = pending << 8 | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += kDigits[pending >> (bits - 5) & 31];
    pending &= 0xFF;
  }
  if (bits > 0) out += kDigits[pending << (5 - bits) & 31];
  return out;
}

std::optional<Bytes> from_base32(std::string_view text) {
  Bytes out;
  unsigned pending = 0;
  int bits = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    const auto digit = digit_of(c);
    if (!digit) return std::nullopt;
    pending = pending << 5 | *digit;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::uint8_t>(pending >> bits));
    pending &= (1u << bits) - 1;
  }
  if (bits >= 5 || pending != 0) return std::nullopt;
  return out;
}

std::string to_checked_base32(Label label, BytesView content, BytesView beside) {
  const auto check = digest_to<kCheckBytes>(label, {beside, content});
  return to_base32(Writer().bytes(content).bytes(check).data());
}

std::optional<Bytes> from_checked_base32(Label label, std::string_view text, BytesView beside) {
  auto bytes = from_base32(text);
  if (!bytes || bytes->size() < kCheckBytes) return std::nullopt;
  const BytesView content = BytesView(*bytes).first(bytes->size() - kCheckBytes);
  if (!equal(digest_to<kCheckBytes>(label, {beside, content}), BytesView(*bytes).last(kCheckBytes)))
    return std::nullopt;
  bytes->resize(content.size());
  return bytes;
}

}  // namespace noroshi::keys
