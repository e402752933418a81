// Numbers as words that two people compare by eye or telephone.
//
// The list has 2,048 words of four morae, made by rule (words.txt is its printed form): three morae out of
// thirteen that a telephone keeps apart (no voiced pairs, no し/ひ/ち, no す/つ, no な/ま), and a fourth that
// makes a + 2b + 3c − d ≡ 0 (mod 13). So one misheard mora, or two neighbours swapped, never gives another
// word of the list. The words mean nothing: they carry 11 bits each, in the order of the list.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "keys/crypto.hpp"
#include "proto/bytes.hpp"

namespace noroshi::keys {

inline constexpr std::size_t kWords = 2048, kMorae = 13;
/// Words for the digest of a root (88 bits) and for an enrolment request (66 bits).
inline constexpr std::size_t kRootWords = 8, kRequestWords = 6;

/// index < kWords.
[[nodiscard]] std::string word(std::size_t index);
/// One of the thirteen morae, for a check that is one syllable; index < kMorae.
[[nodiscard]] std::string_view mora(std::size_t index);
/// The first 11 · count bits of `bytes`.
[[nodiscard]] std::vector<std::string> words_of(BytesView bytes, std::size_t count);
/// Joined by one space.
[[nodiscard]] std::string text_of_words(const std::vector<std::string>& words);

/// What a person typed: separated by spaces (also full-width), hyphens or commas; hiragana or katakana.
/// Nothing if a word is not of the list.
[[nodiscard]] std::optional<std::vector<std::string>> read_words(std::string_view text);
/// How many words a person has typed, whatever they are.
[[nodiscard]] std::size_t words_in(std::string_view text);
/// Do the words (exactly kRootWords) or 64 hexadecimal digits name this root digest?
[[nodiscard]] bool names_root(std::string_view text, const ByteArray<32>& root_digest);

}  // namespace noroshi::keys
