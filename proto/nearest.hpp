// "Did you mean": the word of a list that a mistyped one is closest to.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace noroshi {

/// Smallest number of single-character changes between two words.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);
/// The closest of `known`; empty if more than half of the word would be wrong, for that is another word. Of
/// long words only the beginning counts, so that the cost stays bounded.
[[nodiscard]] std::string nearest(std::string_view word, std::span<const std::string> known);

}  // namespace noroshi
