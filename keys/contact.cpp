#include "keys/contact.hpp"

#include "keys/object.hpp"

namespace noroshi::keys {
namespace {
constexpr std::size_t kHeadBytes = 2 + 2 + 1 + 4 + 4 + 1, kNeighbourBytes = 6;
}

Bytes encode_contact(const SignedContact& c) {
  Writer out;
  out.u16(c.key.device.org.value).u16(c.key.device.dev).u8(c.key.gen);
  out.u32(c.contact.version)
      .u32(stamp(c.contact.issued))
      .u8(static_cast<std::uint8_t>(c.contact.neighbours.size()));
  for (const ContactNeighbour& n : c.contact.neighbours)
    out.u16(n.node.org.value).u16(n.node.dev).u8(n.link_class).u8(n.age_class);
  return out.take();
}

std::optional<std::size_t> contact_length(BytesView after_type) {
  if (after_type.size() < kHeadBytes) return std::nullopt;
  return kHeadBytes + kNeighbourBytes * after_type[kHeadBytes - 1];
}

std::optional<SignedContact> decode_contact(BytesView body) {
  Reader in(body);
  SignedContact c;
  c.key.device.org = {in.u16()};
  c.key.device.dev = in.u16();
  c.key.gen = in.u8();
  c.contact.node = c.key.device;
  c.contact.version = in.u32();
  c.contact.issued = {in.u32()};
  const std::size_t count = in.u8();
  if (count > kContactNeighboursMax) return std::nullopt;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    ContactNeighbour n;
    n.node.org = {in.u16()};
    n.node.dev = in.u16();
    n.link_class = in.u8();
    n.age_class = in.u8();
    c.contact.neighbours.push_back(n);
  }
  if (!in.done() || c.contact.version == 0) return std::nullopt;
  return c;
}

Bytes sign_contact(const Identity& identity, Contact contact) {
  contact.node = identity.device();
  if (contact.neighbours.size() > kContactNeighboursMax) contact.neighbours.resize(kContactNeighboursMax);
  const Bytes body = encode_contact({identity.key(), contact});
  return sign_object(ObjectType::contact, body, identity.root_id(),
                     {{.kind = SignerKind::device, .seed = &identity.secrets().sign}});
}

}  // namespace noroshi::keys
