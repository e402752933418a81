#include "keys/enrol.hpp"

#include "proto/limits.hpp"

namespace noroshi::keys {
namespace {
constexpr std::string_view kBundleMagic = "NOROBND1";
constexpr std::uint8_t kObject = 0, kDelivery = 1;
}  // namespace

Bytes encode_bundle(const Bundle& bundle) {
  Writer out;
  out.bytes(view_of(kBundleMagic));
  const auto put = [&](std::uint8_t kind, const std::vector<Bytes>& items) {
    for (const Bytes& item : items) out.u8(kind).u32(static_cast<std::uint32_t>(item.size())).bytes(item);
  };
  put(kObject, bundle.objects);
  put(kDelivery, bundle.deliveries);
  return out.take();
}

std::optional<Bundle> decode_bundle(BytesView file) {
  Reader in(file);
  if (file.size() > kBundleBytesMax || !equal(in.bytes(kBundleMagic.size()), view_of(kBundleMagic)))
    return std::nullopt;
  Bundle bundle;
  while (!in.rest().empty()) {
    const std::uint8_t kind = in.u8();
    const std::size_t length = in.u32();
    const BytesView item = in.bytes(length);
    if (!in.ok() || kind > kDelivery || length > kObjectBytesMax) return std::nullopt;
    (kind == kObject ? bundle.objects : bundle.deliveries).push_back(bytes_of(item));
  }
  return bundle;
}

}  // namespace noroshi::keys
