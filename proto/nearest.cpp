#include "proto/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace noroshi {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = std::exchange(row[j], std::min({change, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row[b.size()];
}

std::string nearest(std::string_view word, std::span<const std::string> known) {
  constexpr std::size_t kBeginning = 64;
  word = word.substr(0, kBeginning);
  std::string best;
  std::size_t least = word.size() / 2 + 1;
  for (const std::string& one : known) {
    if (const std::size_t d = edit_distance(word, one); d < least) {
      least = d;
      best = one;
    }
  }
  return best;
}

}  // namespace noroshi
