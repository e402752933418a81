// The random source of the programs. libsodium stays in keys/, so does this.
#pragma once

#include "proto/random.hpp"

namespace noroshi::keys {

/// The operating system's generator. Never fails, never blocks after start-up, any thread.
class SystemRng final : public Rng {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace noroshi::keys
