// The network that fuzz targets judge envelopes and objects by. A mutated input has a broken signature, which
// would end every check early; `signed_again` gives the same bytes as their named author would have signed
// them, so that the checks behind the signature meet mutated bytes too.
#pragma once

#include "keys/kem.hpp"
#include "keys/object.hpp"
#include "proto/envelope.hpp"
#include "tests/support/network.hpp"

namespace noroshi::fuzz {

[[nodiscard]] inline const test::Network& network() {
  static const test::Network network;
  return network;
}

/// An hour after the network began.
[[nodiscard]] inline Now now() {
  return test::at(test::kStart + hours(1));
}

/// The envelope with its author's signature; as it was if nobody of the network wrote it.
[[nodiscard]] Bytes signed_again(const proto::Envelope& envelope);
/// The object with every signature made by whom it names, as far as the network has that key.
[[nodiscard]] Bytes signed_again(const keys::SignedObject& object);

}  // namespace noroshi::fuzz
