#include "client-tui/desk/receipts.hpp"

#include "tests/support/catch.hpp"

namespace noroshi::desk {
namespace {

const KeyId kKey{{OrgId{17}, 3}, 1};
constexpr RecipientId kMinistry{2};

/// Links 1..n, each naming the one before it.
std::vector<Link> chain(std::size_t n) {
  std::vector<Link> links(n);
  for (std::size_t i = 0; i < n; ++i) {
    links[i].seq = static_cast<Seq>(i + 1);
    links[i].prev = i == 0 ? 0 : 1;
    links[i].id.value[0] = static_cast<std::uint8_t>(i);
    links[i].state = ReadState::opened;
  }
  return links;
}
std::vector<std::pair<Seq, Seq>> ranges(const std::vector<Link>& links) {
  std::vector<std::pair<Seq, Seq>> out;
  for (const proto::ReceiptEntry& entry : receipt_ranges(kKey, kMinistry, links, ReadState::opened)) {
    CHECK(entry.count <= kReceiptRangeMax);
    out.emplace_back(entry.from, entry.to);
  }
  return out;
}
using Ranges = std::vector<std::pair<Seq, Seq>>;

TEST_CASE("a range reaches back over what was answered before, so that a lost receipt is healed") {
  std::vector<Link> links = chain(5);
  for (std::size_t i = 0; i < 4; ++i) links[i].answered = true;
  CHECK(ranges(links) == Ranges{{1, 5}});
}

TEST_CASE("nothing new, nothing said") {
  std::vector<Link> links = chain(5);
  for (Link& link : links) link.answered = true;
  CHECK(ranges(links).empty());
}

TEST_CASE("a long chain is answered in ranges that each fit") {
  CHECK(ranges(chain(150)) == Ranges{{1, 22}, {23, 86}, {87, 150}});
}

TEST_CASE("a range never crosses what is not visible, missing or not opened") {
  std::vector<Link> links = chain(6);
  SECTION("an invisible link") {
    links[3].prev = 255;
    CHECK(ranges(links) == Ranges{{1, 3}, {4, 6}});
  }
  SECTION("the first of a generation") {
    links[3].prev = 0;
    CHECK(ranges(links) == Ranges{{1, 3}, {4, 6}});
  }
  SECTION("a hole") {
    links.erase(links.begin() + 2);
    CHECK(ranges(links) == Ranges{{1, 2}, {4, 6}});
  }
  SECTION("one that waits for its secret") {
    links[2].state = ReadState::locked;
    CHECK(ranges(links) == Ranges{{1, 2}, {4, 6}});
  }
}

TEST_CASE("the digest of a range is that of its messages in order") {
  const std::vector<Link> links = chain(3);
  const auto entries = receipt_ranges(kKey, kMinistry, links, ReadState::opened);
  REQUIRE(entries.size() == 1);
  const std::vector<MsgId> ids{links[0].id, links[1].id, links[2].id};
  CHECK(entries[0].digest == keys::receipt_digest(ids));
  CHECK(entries[0].count == 3);
}

}  // namespace
}  // namespace noroshi::desk
