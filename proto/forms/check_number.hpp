// Numbers over what two people have heard and typed, to compare by telephone: they find a slip of the ear or
// of the finger, not an attacker.
#pragma once

#include <cstdint>
#include <string_view>

namespace noroshi::forms {

/// 22 bits, said as two words of the 2,048-word list: each word is one symbol of GF(2^11). The text's bytes
/// are the coefficients of a polynomial, and the words are its values at α and α²: a CRC over that field with
/// the generator (x − α)(x − α²), which is a Reed–Solomon code of distance 3. Promise, for texts up to 2,047
/// bytes: one wrong character anywhere changes both words; two wrong characters anywhere, or two exchanged,
/// always change at least one. A character more or less, and anything worse, passes once in 4,194,304. A
/// binary CRC of 22 bits promises that only for wrong characters side by side.
[[nodiscard]] std::uint32_t check_number(std::string_view text);
inline constexpr std::uint32_t kCheckBits = 22;

/// 0 … 12, said as one of the thirteen morae of that list: to find the part of a text that differs. One wrong
/// digit, or two different neighbours exchanged, always changes it (a sum with weights 2^i modulo the prime
/// 13, where the ten digits are ten residues).
[[nodiscard]] std::uint8_t short_check(std::string_view text);
inline constexpr std::uint8_t kShortChecks = 13;

}  // namespace noroshi::forms
