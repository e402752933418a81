#include "tests/unit/keys/vectors.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "keys/primitives.hpp"
#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::test;

namespace {

std::map<std::string, std::string> vector_files() {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(NOROSHI_SOURCE_DIR "/tests/vectors")) {
    if (entry.path().extension() != ".txt") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    files[entry.path().filename()] = text.str();
  }
  return files;
}

/// Positions of hexadecimal digits that are values, not names, words or comments.
std::vector<std::size_t> value_digits(const std::string& text) {
  std::vector<std::size_t> out;
  bool line_start = true, comment = false;
  std::size_t word = 0;
  std::string current;
  const auto is_name = [](const std::string& w) {
    for (const char* name : {"rcpt", "secret", "public", "root_id", "sign_seed", "S_pk", "seed", "body",
                             "dst", "ct", "tag", "sig", "msg_id", "H", "E"})
      if (w == name) return true;
    return !w.empty() && w[0] == 'W';
  };
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : '\n';
    if (line_start) comment = c == '#';
    line_start = c == '\n';
    if (c == ' ' || c == '\n') {
      if (!comment && !is_name(current))
        for (std::size_t j = word; j < i; ++j)
          if (text[j] != '/') out.push_back(j);
      word = i + 1;
      current.clear();
    } else {
      current += c;
    }
  }
  return out;
}

char other_digit(char digit, int change) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  return kDigits[kDigits.find(digit) ^ static_cast<std::size_t>(change)];
}

}  // namespace

TEST_CASE("every known answer in tests/vectors holds") {
  REQUIRE(keys::start_cryptography());
  const auto files = vector_files();
  REQUIRE_FALSE(files.empty());
  for (const auto& [name, text] : files) {
    INFO(name);
    for (const std::string& problem : problems_of_vectors(text)) FAIL_CHECK(problem);
  }
}

TEST_CASE("the envelope's known answers are the published ones") {
  // Catches what no computation can: X25519 ignores five bits of a secret, so a change there gives the same
  // answers.
  CHECK(to_hex(keys::sha256(view_of(vector_files().at("envelope.txt")))) ==
        "c2775b596f84179c7af346fe5568f1db2b2dc8226ff76d096cd63d741ba64e2a");
}

TEST_CASE("one wrong nibble in a known answer is noticed") {
  REQUIRE(keys::start_cryptography());
  const std::string text = vector_files().at("envelope.txt");
  std::size_t changed = 0, unnoticed = 0;
  for (const std::size_t at : value_digits(text)) {
    std::string wrong = text;
    wrong[at] = other_digit(text[at], 8);
    ++changed;
    if (problems_of_vectors(wrong).empty()) ++unnoticed;
  }
  CHECK(changed > 1200);
  CHECK(unnoticed ==
        3);  // the top bit of three X25519 secrets, which X25519 ignores: the digest above notices those
}

TEST_CASE("a vector file that says nothing, or something unknown, is a problem") {
  CHECK_FALSE(problems_of_vectors("").empty());
  CHECK_FALSE(problems_of_vectors("# only a comment\n").empty());
  CHECK_FALSE(problems_of_vectors(vector_files().at("envelope.txt") + "\nnonsense 00\n").empty());
}
