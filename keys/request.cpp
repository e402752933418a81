#include "keys/request.hpp"

#include "keys/base32.hpp"
#include "keys/primitives.hpp"
#include "keys/words.hpp"

namespace noroshi::keys {
namespace {

constexpr std::string_view kRequestMagic = "NOROREQ1", kLinePrefix = "NORO1R:";
constexpr std::size_t kSignedBytes = 2 + 1 + 2 + 4 + 1 + 6 * 32;
/// A request is made before its network is known.
constexpr RootId kNoRoot{};

Bytes signed_part(const DeviceRequest& r) {
  Writer out;
  out.u16(r.org.value).u8(r.roles.bits).u16(r.handler.value).u32(r.unit.value).u8(r.gen);
  for (const PublicKeys* k : {&r.now, &r.next})
    out.bytes(k->sign.value).bytes(k->box.value).bytes(k->link.value);
  NOROSHI_ASSERT(out.data().size() == kSignedBytes);
  return out.take();
}

PublicKeys get_keys(Reader& in) {
  PublicKeys k;
  k.sign = {in.array<32>()};
  k.box = {in.array<32>()};
  k.link = {in.array<32>()};
  return k;
}

bool are_sound(const PublicKeys& k) {
  return is_sound(k.sign) && is_sound_x25519(k.box.value) && is_sound_x25519(k.link.value);
}

}  // namespace

PublicKeys public_keys(const KeySet& keys) {
  return {keys.sign_public(), keys.box_public(), keys.link_public()};
}

Bytes encode_requests(std::vector<DeviceRequest> requests, const std::vector<const DeviceKeys*>& keys) {
  NOROSHI_ASSERT(requests.size() == keys.size() && !keys.empty() && keys.size() <= kRequestsMax);
  Writer out;
  out.bytes(view_of(kRequestMagic)).u8(static_cast<std::uint8_t>(requests.size()));
  for (std::size_t i = 0; i < requests.size(); ++i) {
    DeviceRequest& r = requests[i];
    r.org = keys[i]->org;
    r.gen = keys[i]->gen;
    r.now = public_keys(keys[i]->now);
    r.next = public_keys(keys[i]->next);
    const Bytes part = signed_part(r);
    out.bytes(part);
    for (const KeySet* k : {&keys[i]->now, &keys[i]->next})
      out.bytes(sign(k->sign, Domain::request, kNoRoot, {part}));
  }
  return out.take();
}

std::optional<std::vector<DeviceRequest>> decode_requests(BytesView file) {
  Reader in(file);
  if (!equal(in.bytes(kRequestMagic.size()), view_of(kRequestMagic))) return std::nullopt;
  const std::size_t count = in.u8();
  if (count == 0 || count > kRequestsMax) return std::nullopt;
  std::vector<DeviceRequest> out;
  for (std::size_t i = 0; i < count; ++i) {
    const BytesView part = in.bytes(kSignedBytes);
    const BytesView now = in.bytes(64), next = in.bytes(64);
    if (!in.ok()) return std::nullopt;
    Reader fields(part);
    DeviceRequest r;
    r.org = {fields.u16()};
    r.roles = {fields.u8()};
    r.handler = {fields.u16()};
    r.unit = {fields.u32()};
    r.gen = fields.u8();
    r.now = get_keys(fields);
    r.next = get_keys(fields);
    if (!are_sound(r.now) || !are_sound(r.next) || r.gen == 0 || r.gen == 0xFF) return std::nullopt;
    if (!signed_by(r.now.sign, now, Domain::request, kNoRoot, {part}) ||
        !signed_by(r.next.sign, next, Domain::request, kNoRoot, {part}))
      return std::nullopt;
    out.push_back(r);
  }
  if (!in.done()) return std::nullopt;
  return out;
}

std::string request_line(BytesView file) {
  return std::string(kLinePrefix) + to_base32(file);
}

std::optional<Bytes> request_from_line(std::string_view line) {
  if (!line.starts_with(kLinePrefix)) return std::nullopt;
  return from_base32(line.substr(kLinePrefix.size()));
}

std::string request_words(BytesView file) {
  return text_of_words(words_of(digest(Label::words, {file}), kRequestWords));
}

}  // namespace noroshi::keys
