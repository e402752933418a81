// One device as itself: its secret keys of one generation, and what ties them to this store and this network.
// Made at enrolment, kept in a key file (key_file.hpp), loaded once, never copied.
#pragma once

#include "keys/crypto.hpp"
#include "keys/secret.hpp"
#include "proto/ids.hpp"

namespace noroshi::keys {

/// The three key pairs of a generation (separate on purpose: libzmq keeps copies of the link key on the heap)
/// and the hedge that keeps seeds secret should the random source fail.
struct KeySet {
  Secret<32> sign;  ///< Ed25519 seed
  Secret<32> box;   ///< X25519: epoch secrets and directives come to it
  Secret<32> link;  ///< X25519, the CURVE key
  Secret<32> hedge;

  [[nodiscard]] static KeySet random(Rng& rng);
  [[nodiscard]] KeySet copy() const;
  [[nodiscard]] SignPublic sign_public() const;
  [[nodiscard]] BoxPublic box_public() const;
  [[nodiscard]] LinkPublic link_public() const;
};

class Identity {
 public:
  /// `key` as certified; `store` is the life of the store this key may seal for: another store (lost, copied,
  /// restored) must not use it (seal_next refuses).
  Identity(KeyId key, RootId root, StoreId store, KeySet secrets);

  [[nodiscard]] KeyId key() const { return key_; }
  [[nodiscard]] DeviceId device() const { return key_.device; }
  [[nodiscard]] RootId root_id() const { return root_; }
  [[nodiscard]] StoreId store_id() const { return store_; }
  [[nodiscard]] const SignPublic& sign_public() const { return sign_public_; }
  [[nodiscard]] const BoxPublic& box_public() const { return box_public_; }
  [[nodiscard]] const LinkPublic& link_public() const { return link_public_; }
  [[nodiscard]] const KeySet& secrets() const { return secrets_; }
  /// A second owner of the same secrets, by name.
  [[nodiscard]] Identity copy() const;

 private:
  KeyId key_;
  RootId root_;
  StoreId store_;
  KeySet secrets_;
  SignPublic sign_public_;
  BoxPublic box_public_;
  LinkPublic link_public_;
};

}  // namespace noroshi::keys
