// One line for people, and what it speaks of: a pipe takes its text, a screen opens what it names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client-tui/desk/rollup.hpp"
#include "keys/trust.hpp"

namespace noroshi::words {

/// How a line is meant, for who can show it; the words say it too.
enum class Weight : std::uint8_t { plain, heading, caution, alarm };
struct Line {
  std::string text;
  Weight weight = Weight::plain;
  std::vector<ReportId> reports = {};           ///< that it speaks of
  std::optional<desk::Locality> locality = {};  ///< of a board, that it sums up
};

/// What names, labels and times are taken from.
struct Around {
  const keys::Trust& trust;
  const forms::Catalogue& catalogue;
  WallTime now;
};

}  // namespace noroshi::words
