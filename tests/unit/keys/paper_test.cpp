// Envelopes on paper: whatever order and state the sheets come back in.
#include "keys/paper.hpp"

#include <algorithm>

#include "keys/primitives.hpp"
#include "tests/support/catch.hpp"

namespace noroshi::keys {
namespace {

using Read = PaperParts::Read;

Bytes envelope(std::size_t size, std::uint8_t first = 7) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(first + i * 31);
  return out;
}

TEST_CASE("an envelope comes back from its parts in any order, however often one is read") {
  REQUIRE(start_cryptography());
  for (const std::size_t size : {1u, 192u, 340u, 354u, 355u, 1024u, 17'523u}) {
    const Bytes sealed = envelope(size);
    std::vector<std::string> parts = paper_parts(sealed);
    CHECK(parts.size() == (size + kPaperSliceMax - 1) / kPaperSliceMax);
    std::ranges::reverse(parts);
    PaperParts read;
    for (const std::string& part : parts) CHECK(read.add(part) == Read::taken);
    CHECK(read.add(parts.front()) == Read::again);
    CHECK(read.missing().empty());
    CHECK(read.whole() == sealed);
  }
}

TEST_CASE(
    "a part is upper case, of the characters that codes hold cheaply, and never longer than a code is") {
  for (const std::string& part : paper_parts(envelope(17'523))) {
    CHECK(part.size() <= 309);
    CHECK(part.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:/") == std::string::npos);
  }
  CHECK(paper_parts(envelope(17'524)).empty());
  CHECK(paper_parts({}).empty());
}

TEST_CASE("the parts that have not come are named, and nothing is made of the others") {
  const std::vector<std::string> parts = paper_parts(envelope(500));
  PaperParts read;
  CHECK(read.parts() == 0);
  CHECK(read.add(parts[1]) == Read::taken);
  CHECK(read.parts() == 3);
  CHECK(read.missing() == std::vector<unsigned>{1, 3});
  CHECK_FALSE(read.whole());
}

TEST_CASE("any single character read wrongly is noticed where it stands") {
  const std::string part = paper_parts(envelope(340))[0];
  for (std::size_t i = 0; i < part.size(); ++i) {
    std::string wrong = part;
    wrong[i] = wrong[i] == '2' ? '3' : '2';
    PaperParts read;
    CHECK(read.add(wrong) == Read::damaged);
  }
  PaperParts read;
  CHECK(read.add(part.substr(0, part.size() - 2)) == Read::damaged);
  CHECK(read.add("") == Read::damaged);
  CHECK(read.add("NOROE1:1/2") == Read::damaged);
}

TEST_CASE("a number in clear that is not the one that was printed is damage, not another part") {
  std::string part = paper_parts(envelope(340))[0];
  part[7] = '2';
  PaperParts read;
  CHECK(read.add(part) == Read::damaged);
  CHECK(paper_name(part) == PaperName{2, 2});
  for (const char* none : {"NOROE1:0/2:", "NOROE1:3/2:", "NOROE1:01/2:", "NOROE1:1/100:", "NORO1:1/2:"})
    CHECK_FALSE(paper_name(none));
}

TEST_CASE("a part of another envelope is foreign, also if its number was still missing") {
  const std::vector<std::string> ours = paper_parts(envelope(340)), theirs = paper_parts(envelope(340, 8));
  PaperParts read;
  CHECK(read.add(ours[0]) == Read::taken);
  CHECK(read.add(theirs[1]) == Read::foreign);
  CHECK(read.add(paper_parts(envelope(100))[0]) == Read::foreign);
  CHECK(read.add(ours[1]) == Read::taken);
  CHECK(read.whole() == envelope(340));
}

TEST_CASE("parts are found in what readers of codes, mails and patient hands write") {
  const std::vector<std::string> parts = paper_parts(envelope(340));
  std::string typed;  // in groups of eight and rows of eight groups, in lower case
  for (std::size_t i = 0; i < parts[0].size(); ++i) {
    typed += static_cast<char>(std::tolower(static_cast<unsigned char>(parts[0][i])));
    if (i % 8 == 7) typed += i % 64 == 63 ? "\r\n" : " ";
  }
  const std::string text = "QR-Code:" + parts[1] + "\nscanned 1 barcode symbols\n\n" + typed + "\n\nEND\n" +
                           parts[1] + parts[0] + "\n";
  const std::vector<std::string> found = paper_parts_in(text);
  REQUIRE(found.size() == 4);
  CHECK(found[0] == parts[1]);
  CHECK(found[2] == parts[1]);
  CHECK(found[3] == parts[0]);
  PaperParts read;
  for (const std::string& part : found) CHECK(read.add(part) != Read::damaged);
  CHECK(read.whole() == envelope(340));
  CHECK(paper_parts_in("nothing of ours: NOROE2:1/1:AA").empty());
}

}  // namespace
}  // namespace noroshi::keys
