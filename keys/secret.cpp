#include "keys/secret.hpp"

#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace noroshi::keys {

void wipe(std::span<std::uint8_t> bytes) {
  sodium_memzero(bytes.data(), bytes.size());
}

namespace detail {

void FreeGuarded::operator()(std::uint8_t* memory) const {
  sodium_free(memory);
}

Guarded allocate_guarded(std::size_t bytes) {
  NOROSHI_ASSERT(sodium_init() >= 0);
  auto* memory = static_cast<std::uint8_t*>(sodium_malloc(bytes));
  NOROSHI_ASSERT(memory != nullptr);
  sodium_memzero(memory, bytes);
  return Guarded(memory);
}

}  // namespace detail

void forbid_dumps() {
  const rlimit none{0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
  (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace noroshi::keys
