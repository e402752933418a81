#include "keys/identity.hpp"

#include "keys/primitives.hpp"

namespace noroshi::keys {

KeySet KeySet::random(Rng& rng) {
  return {Secret<32>::random(rng), Secret<32>::random(rng), Secret<32>::random(rng), Secret<32>::random(rng)};
}

KeySet KeySet::copy() const {
  return {sign.copy(), box.copy(), link.copy(), hedge.copy()};
}

SignPublic KeySet::sign_public() const {
  return keys::sign_public(sign);
}
BoxPublic KeySet::box_public() const {
  return {x25519_public(box.bytes())};
}
LinkPublic KeySet::link_public() const {
  return {x25519_public(link.bytes())};
}

Identity::Identity(KeyId key, RootId root, StoreId store, KeySet secrets)
    : key_(key),
      root_(root),
      store_(store),
      secrets_(std::move(secrets)),
      sign_public_(secrets_.sign_public()),
      box_public_(secrets_.box_public()),
      link_public_(secrets_.link_public()) {}

Identity Identity::copy() const {
  return {key_, root_, store_, secrets_.copy()};
}

}  // namespace noroshi::keys
