#include "keys/words.hpp"

#include <array>

#include "proto/result.hpp"

namespace noroshi::keys {
namespace {

constexpr std::size_t kMoraBytes = 3, kBits = 11;
constexpr std::array<std::string_view, kMorae> kMora = {"か", "き", "こ", "さ", "せ", "た", "と",
                                                        "ね", "ま", "む", "ら", "り", "よ"};

std::optional<std::size_t> mora_index(std::string_view mora) {
  for (std::size_t i = 0; i < kMorae; ++i)
    if (kMora[i] == mora) return i;
  return std::nullopt;
}

/// Katakana (U+30A1..U+30F3) as hiragana, 0x60 lower, and the full-width space as a space; anything else as
/// it is. All of them are three bytes of UTF-8 that begin with e3.
std::string folded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[i + k]); };
    if (i + 3 <= text.size() && byte(0) == 0xE3) {
      unsigned code = 0x3000u | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
      i += 3;
      if (code == 0x3000) {
        out += ' ';
        continue;
      }
      if (code >= 0x30A1 && code <= 0x30F3) code -= 0x60;
      out += static_cast<char>(0xE0 | code >> 12);
      out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
      out += text[i++];
    }
  }
  return out;
}

bool is_word(std::string_view text) {
  if (text.size() != 4 * kMoraBytes) return false;
  std::array<std::size_t, 4> m{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto index = mora_index(text.substr(i * kMoraBytes, kMoraBytes));
    if (!index) return false;
    m[i] = *index;
  }
  const std::size_t number = (m[0] * kMorae + m[1]) * kMorae + m[2];
  return number < kWords && word(number) == text;
}

std::string squeezed_hex(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '-' && c != ':') out += c;
  return out;
}

}  // namespace

std::string word(std::size_t index) {
  NOROSHI_ASSERT(index < kWords);
  const std::size_t a = index / (kMorae * kMorae), b = index / kMorae % kMorae, c = index % kMorae;
  const std::size_t d = (a + 2 * b + 3 * c) % kMorae;
  std::string out;
  for (const std::size_t mora : {a, b, c, d}) out += kMora[mora];
  return out;
}

std::string_view mora(std::size_t index) {
  NOROSHI_ASSERT(index < kMorae);
  return kMora[index];
}

std::vector<std::string> words_of(BytesView bytes, std::size_t count) {
  NOROSHI_ASSERT(bytes.size() * 8 >= count * kBits);
  std::vector<std::string> out;
  for (std::size_t w = 0; w < count; ++w) {
    std::size_t index = 0;
    for (std::size_t bit = w * kBits; bit < (w + 1) * kBits; ++bit)
      index = index << 1 | (static_cast<unsigned>(bytes[bit / 8]) >> (7 - bit % 8) & 1u);
    out.push_back(word(index));
  }
  return out;
}

std::string text_of_words(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) {
    if (!out.empty()) out += ' ';
    out += w;
  }
  return out;
}

std::optional<std::vector<std::string>> read_words(std::string_view text) {
  std::vector<std::string> out;
  std::string current;
  const auto finish = [&] {
    if (current.empty()) return true;
    const bool known = is_word(current);
    out.push_back(std::exchange(current, {}));
    return known;
  };
  for (const char c : folded(text)) {
    if (c != ' ' && c != '-' && c != ',' && c != '\n' && c != '\t')
      current += c;
    else if (!finish())
      return std::nullopt;
  }
  if (!finish()) return std::nullopt;
  return out;
}

std::size_t words_in(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool letter = c != ' ' && c != '-' && c != ',' && c != '\n' && c != '\t';
    words += letter && !inside ? 1 : 0;
    inside = letter;
  }
  return words;
}

bool names_root(std::string_view text, const ByteArray<32>& root_digest) {
  if (const auto words = read_words(text); words && *words == words_of(root_digest, kRootWords)) return true;
  const auto hex = array_from_hex<32>(squeezed_hex(text));
  return hex && *hex == root_digest;
}

}  // namespace noroshi::keys
