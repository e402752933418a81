#include "relay/store/layout.hpp"

#include "relay/store/schema.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/store_rows.hpp"

using namespace noroshi;

TEST_CASE("a record, a neighbour and a quota come back from their bytes as they were") {
  test::RowMaker rows(17);
  for (int i = 0; i < 2000; ++i) {
    const auto record = rows.record(rows.id(), rows.below(UINT64_MAX));
    REQUIRE((store::decode_record(store::encode_record(record)) == record));
    const auto peer = rows.peer_row();
    REQUIRE((store::decode_peer(store::encode_peer(peer)) == peer));
    const auto quota = rows.quota_row();
    REQUIRE((store::decode_quota(store::encode_quota(quota)) == quota));
  }
}

TEST_CASE("every prefix and every extension of a record's bytes is refused") {
  test::RowMaker rows(18);
  for (int i = 0; i < 50; ++i) {
    Bytes bytes = store::encode_record(rows.record(rows.id(), 1));
    for (std::size_t n = 0; n < bytes.size(); ++n)
      REQUIRE_FALSE(store::decode_record(BytesView(bytes).first(n)));
    bytes.push_back(0);
    REQUIRE_FALSE(store::decode_record(bytes));
  }
}

TEST_CASE("a record decodes from one form only: what is decoded encodes to the same bytes") {
  test::RowMaker rows(19);
  int decoded = 0;
  for (int i = 0; i < 100; ++i) {
    const Bytes good = store::encode_record(rows.record(rows.id(), 1));
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
      Bytes bytes = good;
      bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      const auto record = store::decode_record(bytes);
      if (!record) continue;
      ++decoded;
      REQUIRE(store::encode_record(*record) == bytes);
    }
  }
  CHECK(decoded > 0);
}

TEST_CASE("any flipped bit of a row with a sum is noticed, and so is a row that stands under another key") {
  test::RowMaker rows(20);
  const Bytes key = rows.bytes(8), value = rows.bytes(200);
  const Bytes row = store::with_sum(key, value);
  REQUIRE(equal(*store::checked(key, row), value));
  for (std::size_t bit = 0; bit < 8 * row.size(); ++bit) {
    Bytes flipped = row;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    REQUIRE_FALSE(store::checked(key, flipped));
  }
  CHECK_FALSE(store::checked(rows.bytes(8), row));
  CHECK_FALSE(store::checked(key, BytesView(row).first(3)));
}

TEST_CASE("the sum is CRC-32C") {
  // Check value of the Castagnoli polynomial (RFC 3720, B.4): "123456789" gives e3069283.
  const Bytes row = store::with_sum(view_of("12345"), view_of("6789"));
  CHECK(to_hex(BytesView(row).last(4)) == "e3069283");
}

TEST_CASE("keys order as their numbers do, times before and after the epoch too") {
  const auto key = [](std::int64_t time) { return store::Key().time(time); };
  CHECK(key(-1) < key(0));
  CHECK(key(INT64_MIN) < key(-1));
  CHECK(key(255) < key(256));
  CHECK(key(1) < key(INT64_MAX));
  CHECK(store::key_time(Reader(key(-12345)).u64()) == -12345);
  CHECK(store::number_key(255) < store::number_key(256));
}
