#include "keys/random.hpp"

#include <sodium.h>

#include "proto/result.hpp"

namespace noroshi::keys {

void SystemRng::fill(std::span<std::uint8_t> out) {
  NOROSHI_ASSERT(sodium_init() >= 0);
  randombytes_buf(out.data(), out.size());
}

}  // namespace noroshi::keys
