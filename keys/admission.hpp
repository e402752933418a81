// May this object join a snapshot? One rule per type: well-formed, signed by whoever may, not a rollback,
// first of its name. Private to trust.cpp, which owns the snapshot's life; keys/object.hpp and the codecs
// know the bytes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "keys/snapshot.hpp"

namespace noroshi::keys {

/// What became of one object while a snapshot is being changed.
struct Step {
  Applied outcome = Applied::refused;
  std::string why;
  ObjectRef ref;  ///< where it is another than the object's own: a delta becomes a roster
};

/// One object on its way into a snapshot.
struct Candidate {
  const SignedObject& object;
  BytesView bytes;
  ByteArray<8> hash;
  /// The key under which these very bytes verified before (a snapshot is being rebuilt); zeros otherwise.
  SignPublic proven;

  [[nodiscard]] ObjectRef ref(std::uint64_t owner, std::uint32_t version) const {
    return {object.type, owner, version, hash};
  }
  template <typename T>
  [[nodiscard]] HeldPtr<T> held(T value, const ObjectRef& name, const SignPublic& signer) const {
    return std::make_shared<const Held<T>>(Held<T>{std::move(value), bytes_of(bytes), name, signer});
  }
};

/// Changes `trust`, which nobody else may hold, if the object is to be added.
[[nodiscard]] Step admit(Snapshot& trust, const Candidate& candidate);

/// How many DISTINCT keys of `keys` signed, by indexes whose high bit is `previous`.
[[nodiscard]] std::size_t distinct_signers(const std::vector<SignPublic>& keys, bool previous,
                                           const SignedObject& object, BytesView signed_part, Domain domain,
                                           const RootId& root);

}  // namespace noroshi::keys
