#pragma once

#include <string>
#include <string_view>

namespace noroshi::test {

[[nodiscard]] inline std::string repeat(std::size_t times, std::string_view piece) {
  std::string out;
  out.reserve(times * piece.size());
  while (times-- > 0) out += piece;
  return out;
}

}  // namespace noroshi::test
