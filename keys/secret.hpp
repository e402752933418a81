// Secrets in memory: guarded pages that are not swapped or dumped where the system allows it, wiped when they
// go. A Secret cannot be copied, compared with == or printed; whoever needs its bytes says so with `bytes()`.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "proto/bytes.hpp"
#include "proto/random.hpp"
#include "proto/result.hpp"

namespace noroshi::keys {

/// Overwrites bytes in a way the compiler keeps.
void wipe(std::span<std::uint8_t> bytes);

namespace detail {
struct FreeGuarded {
  void operator()(std::uint8_t* memory) const;  // wipes
};
using Guarded = std::unique_ptr<std::uint8_t[], FreeGuarded>;
/// Zeroed guarded memory. Ends the process if the system has none left: keys are few and small.
[[nodiscard]] Guarded allocate_guarded(std::size_t bytes);
}  // namespace detail

/// N secret bytes with one owner. A moved-from Secret may only be destroyed or assigned to.
template <std::size_t N>
class Secret {
 public:
  Secret() : memory_(detail::allocate_guarded(N)) {}
  /// Takes the bytes over and wipes them where they were.
  [[nodiscard]] static Secret take(std::span<std::uint8_t, N> bytes) {
    Secret out = copy_of(bytes);
    wipe(bytes);
    return out;
  }
  /// A second copy, by name: of bytes that somebody else owns, or of another secret.
  [[nodiscard]] static Secret copy_of(std::span<const std::uint8_t, N> bytes) {
    Secret out;
    std::copy(bytes.begin(), bytes.end(), out.memory_.get());
    return out;
  }
  [[nodiscard]] static Secret random(Rng& rng) {
    Secret out;
    rng.fill(out.writable());
    return out;
  }
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&&) noexcept = default;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() = default;

  [[nodiscard]] std::span<const std::uint8_t, N> bytes() const {
    NOROSHI_ASSERT(memory_ != nullptr);
    return std::span<const std::uint8_t, N>(memory_.get(), N);
  }
  [[nodiscard]] std::span<std::uint8_t, N> writable() {
    NOROSHI_ASSERT(memory_ != nullptr);
    return std::span<std::uint8_t, N>(memory_.get(), N);
  }
  [[nodiscard]] Secret copy() const { return copy_of(bytes()); }

 private:
  detail::Guarded memory_;
};

/// Secret bytes of any length (a passphrase, a key file's plaintext).
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size)
      : memory_(size ? detail::allocate_guarded(size) : nullptr), size_(size) {}
  [[nodiscard]] static SecretBytes copy_of(BytesView bytes) {
    SecretBytes out(bytes.size());
    std::copy(bytes.begin(), bytes.end(), out.memory_.get());
    return out;
  }
  [[nodiscard]] BytesView bytes() const { return {memory_.get(), size_}; }
  [[nodiscard]] std::span<std::uint8_t> writable() { return {memory_.get(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  detail::Guarded memory_;
  std::size_t size_ = 0;
};

/// Bytes on the stack that are wiped when the scope ends: for intermediate values that live for microseconds.
template <std::size_t N>
struct Wiped {
  ByteArray<N> value{};
  Wiped() = default;
  explicit Wiped(const ByteArray<N>& from) : value(from) {}
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { wipe(value); }
};

/// No core dumps and no debugger of the same user for this process. Programs that hold keys call it first.
void forbid_dumps();

}  // namespace noroshi::keys
