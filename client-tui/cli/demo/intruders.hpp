// Three envelopes that no relay may take, made as an attacker would make them: well-formed, plausible,
// signed, and without a key that the network knows.
#pragma once

#include <string>
#include <vector>

#include "client-tui/cli/demo/scenario.hpp"
#include "proto/bytes.hpp"
#include "proto/ids.hpp"
#include "proto/random.hpp"

namespace noroshi::cli::demo {

struct Intruder {
  Label name;
  Bytes envelope;
  std::string refusal;  ///< the name (keys::Refusal) a relay must give it
};

/// All three look like flash reports to `genuine`'s recipients, sent right after it. `genuine` is an envelope
/// of the network `root`.
///  * forged: in the name of the same device, signed with another key;
///  * unenrolled: a device of the same organisation that nobody certified;
///  * foreign: the same device number in another network with its own roots.
[[nodiscard]] std::vector<Intruder> make_intruders(BytesView genuine, const RootId& root, Rng& rng);

}  // namespace noroshi::cli::demo
