// Where randomness comes from, as an argument: libsodium in the programs (keys/random.hpp), a seeded stream
// in the simulator.
#pragma once

#include <cstdint>
#include <span>

namespace noroshi {

class Rng {
 public:
  Rng() = default;
  Rng(const Rng&) = delete;
  Rng& operator=(const Rng&) = delete;
  virtual ~Rng() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
  [[nodiscard]] std::uint64_t u64() {
    std::uint8_t raw[8];
    fill(raw);
    std::uint64_t value = 0;
    for (const std::uint8_t byte : raw) value = value << 8 | byte;
    return value;
  }
  /// Uniform enough for jitter: 0..bound-1 (bound ≥ 1).
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return u64() % bound; }
};

}  // namespace noroshi
