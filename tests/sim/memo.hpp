// keys::verify, the real one, asked once for the same question: same bytes, same roster, same side of every
// date.
#pragma once

#include <map>
#include <tuple>
#include <unordered_map>

#include "keys/verify.hpp"

namespace noroshi::sim {

class Memo {
 public:
  /// `off`: every question goes to keys::verify.
  [[nodiscard]] keys::VerifyOutcome verify(const Bytes& bytes, const keys::Trust& trust, Now now, bool off);
  std::uint64_t asked = 0, verified = 0;

 private:
  std::unordered_map<std::uint64_t, keys::VerifyOutcome> known_;
};

/// FNV-1a over bytes: for traces and this memo, not against anybody.
[[nodiscard]] std::uint64_t mix(std::uint64_t hash, BytesView bytes);
[[nodiscard]] std::uint64_t mix(std::uint64_t hash, std::uint64_t value);

}  // namespace noroshi::sim
