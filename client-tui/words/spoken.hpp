// Reading aloud and taking down: the script with its words, and the comparison at the other end of the line.
#pragma once

#include <string>
#include <vector>

#include "client-tui/words/text.hpp"
#include "keys/trust.hpp"
#include "proto/forms/spoken.hpp"

namespace noroshi::words {

/// "かきこさ-せたとね": the 22 bits as two words of the list.
[[nodiscard]] std::string check_words(std::uint32_t check);
/// One of the list's morae for each section.
[[nodiscard]] std::string section_syllables(const forms::Script& script);

/// What to read, line by line: a new section begins with its number, the check words (in Japanese also
/// spelled) stand at the end.
[[nodiscard]] std::vector<std::string> script_lines(const forms::Script& script);
/// The same of a report, with names where it has numbers, and 訓練 said first if its incident is one.
[[nodiscard]] std::vector<std::string> script_lines(const forms::Report& report, const keys::Trust& trust,
                                                    const forms::Catalogue& catalogue);

/// What the caller read out at the end.
struct HeardChecks {
  std::string words;     ///< two, as keys::read_words reads them
  std::string sections;  ///< the section syllables; empty: not asked for yet
};
/// Are the values of `typed` those that the caller read? The words may be those of its whole script or of its
/// six digits alone. Errors: bad_data where they differ, naming what to ask again; usage where what was heard
/// cannot be checks at all.
[[nodiscard]] Result<void> compare(const forms::Report& typed, const HeardChecks& heard,
                                   const forms::Catalogue& catalogue);

}  // namespace noroshi::words
