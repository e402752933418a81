// Counts the inputs a parser took, and says so when the process ends: a target that never accepts anything
// proves nothing about what comes after the first check.
#pragma once

#include <cstddef>
#include <cstdio>

namespace noroshi::fuzz {

class Accepted {
 public:
  Accepted() = default;
  Accepted(const Accepted&) = delete;
  Accepted& operator=(const Accepted&) = delete;
  ~Accepted() { std::printf("accepted %zu\n", inputs_); }
  void count() { ++inputs_; }
  [[nodiscard]] std::size_t inputs() const { return inputs_; }

 private:
  std::size_t inputs_ = 0;
};

/// The one of this program.
inline Accepted accepted;

}  // namespace noroshi::fuzz
