// Draws for the properties of text: the same seed, the same texts.
#pragma once

#include <array>
#include <clocale>
#include <string>
#include <string_view>

#include "tests/support/seeded_random.hpp"

namespace noroshi::test {

class Dice {
 public:
  /// Columns are the C library's: it must know that texts are UTF-8.
  explicit Dice(std::uint64_t seed) : rng_(seed) { std::setlocale(LC_CTYPE, "C.UTF-8"); }

  /// 0 … n − 1.
  std::size_t below(std::size_t n) {
    std::array<std::uint8_t, 8> bytes{};
    rng_.fill(bytes);
    std::uint64_t word = 0;
    for (const std::uint8_t byte : bytes) word = word << 8 | byte;
    return word % n;
  }
  bool chance(std::size_t in) { return below(in) == 0; }
  template <std::size_t N>
  std::string_view one_of(const std::array<std::string_view, N>& list) {
    return list[below(N)];
  }

 private:
  SeededRng rng_;
};

/// Letters that people write, and pieces that join, hide or break.
inline constexpr std::array<std::string_view, 48> kPieces{"a",
                                                          "b",
                                                          "Z",
                                                          "7",
                                                          " ",
                                                          " ",
                                                          ",",
                                                          "-",
                                                          "あ",
                                                          "い",
                                                          "っ",
                                                          "か",
                                                          "は",
                                                          "ー",
                                                          "ガ",
                                                          "ス",
                                                          "輪",
                                                          "島",
                                                          "市",
                                                          "門",
                                                          "々",
                                                          "。",
                                                          "、",
                                                          "「",
                                                          "」",
                                                          "（",
                                                          "）",
                                                          "𠮷",
                                                          "葛\U000E0100",
                                                          "ｶ",
                                                          "ﾞ",
                                                          "\u3099",
                                                          "\u309A",
                                                          "\u0301",
                                                          "👨",
                                                          "\u200D",
                                                          "👩",
                                                          "🇯",
                                                          "🇵",
                                                          "🏽",
                                                          "❤",
                                                          "\uFE0F",
                                                          "\u200B",
                                                          "○",
                                                          "※",
                                                          "\u3000",
                                                          "\n",
                                                          "한"};
/// What no text may hold, and bytes that are none.
inline constexpr std::array<std::string_view, 12> kRefused{"\x1B",   "\x07",     "\u0085",       "\u202E",
                                                           "\u2066", "\u2028",   "\uFFFE",       "\x7F",
                                                           "\xFF",   "\xE3\x81", "\xED\xA0\x80", "\xC0\xAF"};

inline std::string text_of_pieces(Dice& dice, std::size_t most) {
  std::string out;
  for (std::size_t n = dice.below(most + 1); n > 0; --n) out += dice.one_of(kPieces);
  return out;
}

}  // namespace noroshi::test
