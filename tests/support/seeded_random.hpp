// A random source that repeats itself: the same seed gives the same stream, whatever is asked in which pieces
// of eight. SplitMix64 (Steele, Lea, Flood 2014): good enough for tests, no secret comes from it outside
// them.
#pragma once

#include "proto/random.hpp"

namespace noroshi::test {

class SeededRng final : public Rng {
 public:
  explicit SeededRng(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (i % 8 == 0) word = next();
      out[i] = static_cast<std::uint8_t>(word >> 8 * (i % 8));
    }
  }

 private:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E37'79B9'7F4A'7C15;
    z = (z ^ z >> 30) * 0xBF58'476D'1CE4'E5B9;
    z = (z ^ z >> 27) * 0x94D0'49BB'1331'11EB;
    return z ^ z >> 31;
  }
  std::uint64_t state_;
};

}  // namespace noroshi::test
