// Any text as what came back from paper: parts found in it, taken in the order they stand, and what is whole
// printed again. What is found is also said again with the check it should have had, so that wrong numbers
// and slices get past the first check.
#include <algorithm>

#include "keys/base32.hpp"
#include "keys/crypto.hpp"
#include "keys/paper.hpp"
#include "proto/result.hpp"
#include "tests/fuzz/accepted.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::keys;

void said_again(const PaperParts& read) {
  const auto whole = read.whole();
  if (!whole) return;
  NOROSHI_ASSERT(read.missing().empty());
  fuzz::accepted.count();
  // Slices of other sizes than ours are whole too; what we print of them comes back the same.
  PaperParts again;
  for (const std::string& part : paper_parts(*whole))
    NOROSHI_ASSERT(again.add(part) == PaperParts::Read::taken);
  NOROSHI_ASSERT(again.whole() == whole);
}

/// The same name and bytes with a true check.
std::string mended(const std::string& part) {
  const auto name = paper_name(part);
  const auto bytes = name ? from_base32(part.substr(part.find(':', 7) + 1)) : std::nullopt;
  if (!bytes || bytes->size() < kCheckBytes) return part;
  const ByteArray<2> beside{static_cast<std::uint8_t>(name->part), static_cast<std::uint8_t>(name->parts)};
  return part.substr(0, part.find(':', 7) + 1) +
         to_checked_base32(Label::paper, BytesView(*bytes).first(bytes->size() - kCheckBytes), beside);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool started = start_cryptography();
  NOROSHI_ASSERT(started);
  const std::string_view text = text_of(BytesView(data, size));
  PaperParts read, with_checks;
  for (const std::string& part : paper_parts_in(text)) {
    NOROSHI_ASSERT(part.find_first_of(" \t\r\n") == std::string::npos);
    (void)read.add(part);
    (void)with_checks.add(mended(part));
  }
  NOROSHI_ASSERT(read.missing().size() <= read.parts());
  said_again(read);
  said_again(with_checks);
  const std::vector<std::string> printed = paper_parts(BytesView(data, size));
  NOROSHI_ASSERT(printed.empty() == (size == 0 || size > kPaperEnvelopeMax));
  PaperParts back;
  for (const std::string& part : printed) NOROSHI_ASSERT(back.add(part) == PaperParts::Read::taken);
  NOROSHI_ASSERT(printed.empty() || equal(*back.whole(), BytesView(data, size)));
  return 0;
}
