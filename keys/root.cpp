#include "keys/root.hpp"

#include <algorithm>

#include "keys/object.hpp"
#include "keys/primitives.hpp"

namespace noroshi::keys {
namespace {
constexpr std::size_t kHeadBytes = 4 + 4 + 1 + 1;
}

Bytes encode_root(const Root& root) {
  Writer out;
  out.u32(root.version)
      .u32(stamp(root.issued))
      .u8(root.threshold)
      .u8(static_cast<std::uint8_t>(root.keys.size()));
  for (const SignPublic& key : root.keys) out.bytes(key.value);
  return out.take();
}

std::optional<std::size_t> root_length(BytesView after_type) {
  if (after_type.size() < kHeadBytes) return std::nullopt;
  return kHeadBytes + 32u * after_type[kHeadBytes - 1];
}

std::optional<Root> decode_root(BytesView body) {
  Reader in(body);
  Root root;
  root.version = in.u32();
  root.issued = {in.u32()};
  root.threshold = in.u8();
  const std::size_t count = in.u8();
  if (count > kRootKeysMax) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) root.keys.push_back({in.array<32>()});
  if (!in.done() || root.version == 0 || root.threshold == 0 || root.threshold > count) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_sound(root.keys[i])) return std::nullopt;
    if (std::count(root.keys.begin(), root.keys.end(), root.keys[i]) != 1) return std::nullopt;
  }
  return root;
}

ByteArray<32> root_digest_of(BytesView first_root_body) {
  return digest(Label::root_id, {first_root_body});
}

RootId root_id_of(BytesView first_root_body) {
  return {array_of<8>(root_digest_of(first_root_body))};
}

}  // namespace noroshi::keys
