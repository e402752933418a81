#include "keys/words.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include "keys/base32.hpp"
#include "keys/card.hpp"
#include "keys/primitives.hpp"
#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::keys;

namespace {

std::vector<std::string> morae(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < text.size(); i += 3) out.push_back(text.substr(i, 3));
  return out;
}

}  // namespace

TEST_CASE("the printed word list is the one the rule gives, and its hash is known") {
  std::ostringstream text;
  text << std::ifstream(NOROSHI_SOURCE_DIR "/keys/words.txt").rdbuf();
  CHECK(to_hex(sha256(view_of(text.str()))) ==
        "95a889e9e4bdc0b0871152c14c0c54143a752b10ee35c3c606430d8b25850e95");
  std::istringstream lines(text.str());
  std::string line;
  for (std::size_t i = 0; i < kWords; ++i) {
    REQUIRE(std::getline(lines, line));
    REQUIRE(line == word(i));
  }
  CHECK_FALSE(std::getline(lines, line));
}

TEST_CASE("one misheard mora or two neighbours swapped never give another word of the list") {
  std::set<std::string> all;
  for (std::size_t i = 0; i < kWords; ++i) all.insert(word(i));
  REQUIRE(all.size() == kWords);
  std::set<std::string> known_morae;
  for (const std::string& w : all)
    for (const std::string& m : morae(w)) known_morae.insert(m);
  CHECK(known_morae.size() == 13);
  for (const std::string& w : all) {
    auto m = morae(w);
    REQUIRE(m.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      const std::string right = m[i];
      for (const std::string& heard : known_morae) {
        m[i] = heard;
        if (heard != right && all.contains(m[0] + m[1] + m[2] + m[3])) FAIL_CHECK(w);
      }
      m[i] = right;
      if (i < 3 && m[i] != m[i + 1]) {
        std::swap(m[i], m[i + 1]);
        if (all.contains(m[0] + m[1] + m[2] + m[3])) FAIL_CHECK(w << " swapped");
        std::swap(m[i], m[i + 1]);
      }
    }
  }
}

TEST_CASE("words name a root however they are typed, and another root is not named") {
  ByteArray<32> digest{};
  for (std::size_t i = 0; i < 32; ++i) digest[i] = static_cast<std::uint8_t>(37 * i);
  const std::string text = text_of_words(words_of(digest, kRootWords));
  CHECK(read_words(text)->size() == 8);
  CHECK(names_root(text, digest));
  std::string wide = text, dashed = text;
  for (std::size_t at; (at = wide.find(' ')) != std::string::npos;) wide.replace(at, 1, "\u3000");
  for (char& c : dashed) c = c == ' ' ? '-' : c;
  CHECK(names_root(wide, digest));
  CHECK(names_root(dashed, digest));
  CHECK(names_root(to_hex(digest), digest));
  CHECK(read_words("カキ\u3053\u305b") == std::nullopt);  // a word of another check mora
  CHECK(read_words("カカカカ") == std::vector<std::string>{"かかかか"});
  ByteArray<32> other = digest;
  other[10] ^= 1;  // within the first 88 bits
  CHECK_FALSE(names_root(text, other));
  CHECK_FALSE(names_root("", digest));
  CHECK_FALSE(names_root(text.substr(0, text.rfind(' ')), digest));
}

TEST_CASE("base32 gives the answers of RFC 4648 without padding") {
  for (const auto& [plain, encoded] :
       std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                        {"f", "MY"},
                                                        {"fo", "MZXQ"},
                                                        {"foo", "MZXW6"},
                                                        {"foob", "MZXW6YQ"},
                                                        {"fooba", "MZXW6YTB"},
                                                        {"foobar", "MZXW6YTBOI"}}) {
    CHECK(to_base32(view_of(plain)) == encoded);
    CHECK(text_of(*from_base32(encoded)) == plain);
  }
  CHECK(text_of(*from_base32("mzxw 6ytb\noi")) == "foobar");
  CHECK_FALSE(from_base32("M1"));
  CHECK_FALSE(from_base32("M"));
  CHECK_FALSE(from_base32("MZ"));  // bits left over that are not zero
}

TEST_CASE("a card is one line that a slip of the pen breaks") {
  const Card card{RootId{{1, 2, 3}}, {{{17}, 1}, 1}, {{4}}, {{5}}, "tcp://203.0.113.7:7411"};
  const std::string line = encode_card(card);
  CHECK(line.starts_with("NORO1:"));
  CHECK(line.find(' ') == std::string::npos);
  CHECK(line.size() <= 180);
  CHECK(decode_card(line) == card);
  CHECK(decode_card(line + "\n") == card);
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string wrong = line;
    wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
    if (wrong != line) CHECK_FALSE(decode_card(wrong));
    CHECK_FALSE(decode_card(line.substr(0, i)));
  }
}
