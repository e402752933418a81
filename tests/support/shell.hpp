// The command line, run in this process: its words in, its output and exit code out.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace noroshi::test {

struct Said {
  int code = 0;
  std::string out, err;
  /// The lines of `out` as JSON; fails the test if one is none.
  [[nodiscard]] std::vector<nlohmann::json> lines() const;
  [[nodiscard]] nlohmann::json one() const { return lines().at(0); }
};

/// `noroshi WORDS…`.
[[nodiscard]] Said noroshi(std::vector<std::string> words);

}  // namespace noroshi::test
