#include "keys/card.hpp"

#include "keys/base32.hpp"

namespace noroshi::keys {
namespace {
constexpr std::string_view kPrefix = "NORO1:";
constexpr std::uint8_t kType = 1;
}  // namespace

std::string encode_card(const Card& card) {
  const std::string_view address = std::string_view(card.address).substr(0, kCardAddressMax);
  Writer out;
  out.u8(kType).bytes(card.root.value);
  out.u16(card.key.device.org.value).u16(card.key.device.dev).u8(card.key.gen);
  out.bytes(card.link.value).bytes(card.sign.value);
  out.u8(static_cast<std::uint8_t>(address.size())).bytes(view_of(address));
  return std::string(kPrefix) + to_checked_base32(Label::card, out.data());
}

std::optional<Card> decode_card(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.remove_suffix(1);
  if (!line.starts_with(kPrefix)) return std::nullopt;
  const auto bytes = from_checked_base32(Label::card, line.substr(kPrefix.size()));
  if (!bytes) return std::nullopt;
  Reader in(*bytes);
  const std::uint8_t type = in.u8();
  Card card;
  card.root = {in.array<8>()};
  card.key.device.org = {in.u16()};
  card.key.device.dev = in.u16();
  card.key.gen = in.u8();
  card.link = {in.array<32>()};
  card.sign = {in.array<32>()};
  const std::size_t length = in.u8();
  card.address = std::string(text_of(in.bytes(length)));
  if (!in.done() || type != kType || length > kCardAddressMax) return std::nullopt;
  return card;
}

}  // namespace noroshi::keys
