// Reads and checks known answers (tests/vectors/*.txt): lines `key value`, comments `#`, several vectors a
// file separated by blank lines. Inputs are root_id, sign_seed, rcpt lines, seed, body (sealed) or dst, body
// (clear) and H; everything else that a vector names is computed anew and compared.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace noroshi::test {

/// One line per difference; empty if every vector of the file holds and there is at least one.
[[nodiscard]] std::vector<std::string> problems_of_vectors(std::string_view text);

}  // namespace noroshi::test
