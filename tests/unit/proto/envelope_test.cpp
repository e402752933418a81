#include "proto/envelope.hpp"

#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::proto;

namespace {

Header sample_header(std::uint8_t wraps) {
  Header h;
  h.level = Level::flash;
  h.exercise = true;
  h.ctype = static_cast<std::uint8_t>(wraps == 0 ? Ctype::receipt : Ctype::report);
  h.wraps = wraps;
  h.source = {{OrgId{17}, 3}, 1};
  h.ttl = ttl_code(days(7));
  h.roster_lo = 7;
  h.created = {58'721'280};
  h.seq = 300;
  return h;
}

Bytes sample_envelope(std::vector<Wrap> wraps, std::size_t content = 12) {
  Writer out;
  out.bytes(encode_header(sample_header(static_cast<std::uint8_t>(wraps.size()))));
  if (!wraps.empty()) out.bytes(Bytes(kEphemeralBytes, 0x5A)).bytes(encode_wraps(wraps));
  if (wraps.empty()) out.u16(0x0011);
  out.bytes(Bytes(content, 0x61));
  if (!wraps.empty()) out.bytes(Bytes(kTagBytes, 0x7A));
  out.bytes(Bytes(kSignatureBytes, 0x33));
  return out.take();
}

std::vector<Wrap> three_wraps() {
  return {{RecipientId{1}, 9, 0, {}}, {RecipientId{2}, 12, 7, {}}, {RecipientId{17}, 7, 255, {}}};
}

Malformed refusal_of(Bytes bytes) {
  const auto parsed = parse_envelope(bytes);
  REQUIRE_FALSE(parsed.envelope);
  return parsed.why;
}

}  // namespace

TEST_CASE("what the header encodes, the strict parse gives back") {
  const Bytes bytes = sample_envelope(three_wraps());
  CHECK(bytes.size() == overhead_bytes(3) + 12);
  const auto parsed = parse_envelope(bytes);
  REQUIRE(parsed.envelope);
  const Envelope& e = *parsed.envelope;
  CHECK(e.header == sample_header(3));
  CHECK(e.wraps == three_wraps());
  CHECK(e.body.size() == 12 + kTagBytes);
  CHECK(e.head().size() == kHeaderBytes + kEphemeralBytes + 3 * kWrapBytes);
  CHECK(encode_header(e.header) == array_of<kHeaderBytes>(bytes));
}

TEST_CASE("the shortest envelope is a clear one of 86 bytes") {
  const Bytes bytes = sample_envelope({}, 0);
  REQUIRE(bytes.size() == 86);
  const auto parsed = parse_envelope(bytes);
  REQUIRE(parsed.envelope);
  CHECK(parsed.envelope->dst() == RecipientId{0x0011});
  CHECK(parsed.envelope->clear_content().empty());
  CHECK(refusal_of(Bytes(bytes.begin(), bytes.end() - 1)) == Malformed::short_bytes);
}

TEST_CASE("overhead is 132 + 20 n bytes, and 84 for clear envelopes") {
  CHECK(overhead_bytes(0) == 84);
  CHECK(overhead_bytes(1) == 152);
  CHECK(overhead_bytes(3) == 192);
  CHECK(overhead_bytes(8) == 292);
}

TEST_CASE("wraps that are not strictly ascending are refused") {
  auto wraps = three_wraps();
  std::swap(wraps[0], wraps[1]);
  CHECK(refusal_of(sample_envelope(wraps)) == Malformed::order);
  wraps = three_wraps();
  wraps[1].recipient = wraps[0].recipient;
  CHECK(refusal_of(sample_envelope(wraps)) == Malformed::order);
}

TEST_CASE("recipients outside the drawn ranges are refused") {
  for (const std::uint16_t id :
       std::initializer_list<std::uint16_t>{0x0000, 0x1000, 0x1800, 0x7FFF, 0x8000, 0xFFFF})
    CHECK(refusal_of(sample_envelope({{RecipientId{id}, 1, 0, {}}})) == Malformed::order);
  for (const std::uint16_t id :
       std::initializer_list<std::uint16_t>{0x0001, 0x07FF, 0x0800, 0x0FFF, 0x1001, 0x17FF, 0x8001, 0xFFFE})
    CHECK(parse_envelope(sample_envelope({{RecipientId{id}, 1, 0, {}}})).envelope);
}

TEST_CASE("a predecessor before the first envelope is refused") {
  auto wraps = three_wraps();
  Bytes bytes = sample_envelope(wraps);
  bytes[19] = 5;  // seq 300 becomes 261: prev 7 still fits
  CHECK(parse_envelope(bytes).envelope);
  bytes[18] = 0;  // seq 5 with prev 7
  CHECK(refusal_of(bytes) == Malformed::order);
}

TEST_CASE("reserved flags, suites, content types, lives and sources are refused") {
  const Bytes good = sample_envelope(three_wraps());
  const auto with = [&](std::size_t at, std::uint8_t value) {
    Bytes bytes = good;
    bytes[at] = value;
    return bytes;
  };
  CHECK(refusal_of(with(0, 0x12)) == Malformed::suite);
  CHECK(refusal_of(with(0, 0x21)) == Malformed::suite);
  for (const std::uint8_t bit : std::initializer_list<std::uint8_t>{1, 2, 4})
    CHECK(refusal_of(with(1, static_cast<std::uint8_t>(good[1] | bit))) == Malformed::flags);
  for (const std::uint8_t ctype : std::initializer_list<std::uint8_t>{0, 2, 16, 31, 32, 63, 64, 255})
    CHECK(refusal_of(with(2, ctype)) == Malformed::flags);
  for (const std::uint8_t ctype : std::initializer_list<std::uint8_t>{1, 3, 7, 8, 15})
    CHECK(parse_envelope(with(2, ctype)).envelope);
  CHECK(refusal_of(with(3, 0x13)) == Malformed::flags);
  CHECK(refusal_of(with(9, 11)) == Malformed::flags);
  CHECK(refusal_of(with(9, ttl_code(days(3)))) == Malformed::flags);  // sealed content lives a week at least
  CHECK(refusal_of(with(8, 0)) == Malformed::flags);                  // generation 0
  CHECK(refusal_of(with(4, 0x08)) == Malformed::flags);               // a group does not send
}

TEST_CASE("clear envelopes may carry receipts and the clear types only") {
  Bytes bytes = sample_envelope({}, 4);
  for (const std::uint8_t ctype : std::initializer_list<std::uint8_t>{2, 32, 35, 63}) {
    bytes[2] = ctype;
    CHECK(parse_envelope(bytes).envelope);
  }
  for (const std::uint8_t ctype : std::initializer_list<std::uint8_t>{1, 3, 15, 64}) {
    bytes[2] = ctype;
    CHECK(refusal_of(bytes) == Malformed::flags);
  }
}

TEST_CASE("an envelope above 65,535 bytes is refused") {
  Bytes bytes = sample_envelope(three_wraps());
  bytes.resize(kEnvelopeBytesMax + 1, 0);
  CHECK(refusal_of(bytes) == Malformed::short_bytes);
}

TEST_CASE("every truncation of an envelope to fewer bytes than its parts is refused") {
  const Bytes bytes = sample_envelope(three_wraps(), 1);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(parse_envelope(BytesView(bytes).first(size)).envelope);
}

TEST_CASE("buckets are those of the format, rising by an eighth above 1024") {
  CHECK(bucket_for(1) == 192);
  CHECK(bucket_for(271) == 304);
  CHECK(bucket_for(340) == 340);
  CHECK(bucket_for(341) == 384);
  CHECK(bucket_for(1025) == 1152);
  CHECK(bucket_for(65'535) == 65'535);
  CHECK_FALSE(bucket_for(65'536));
}

TEST_CASE("lives and their codes agree") {
  for (std::uint8_t code = 0; code < kTtlCodes; ++code) CHECK(ttl_code(*ttl_of(code)) == code);
  CHECK_FALSE(ttl_of(kTtlCodes));
  CHECK(ttl_code(days(5)) == ttl_code(days(7)));
  CHECK(ttl_code(days(365)) == kTtlCodes - 1);
}

TEST_CASE("the outside and the body make the envelope again, and nothing else is an outside") {
  for (const Bytes& bytes :
       {sample_envelope(three_wraps()), sample_envelope({}), sample_envelope(three_wraps(), 40'000)}) {
    const auto whole = parse_envelope(bytes);
    REQUIRE(whole.envelope);
    const ByteArray<32> hash{9};
    const Bytes outside = cover_of(*whole.envelope);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const auto cover = parse_cover(outside, hash, size);
    REQUIRE(cover);
    CHECK(cover->outside.header == whole.envelope->header);
    CHECK(cover->outside.wraps == whole.envelope->wraps);
    CHECK(equal(cover->outside.head(), whole.envelope->head()));
    CHECK(cover->body_size() == whole.envelope->body.size());
    CHECK(assemble(*cover, whole.envelope->body) == bytes);

    CHECK_FALSE(parse_cover(BytesView(outside).first(outside.size() - 1), hash, size));
    Bytes longer = outside;
    longer.push_back(0);
    CHECK_FALSE(parse_cover(longer, hash, size));
    CHECK_FALSE(parse_cover(outside, hash, kEnvelopeBytesMax + 1));
    CHECK_FALSE(parse_cover(outside, hash, static_cast<std::uint32_t>(outside.size()) - 1));
    Bytes other_suite = outside;
    other_suite[0] = 0x12;
    CHECK_FALSE(parse_cover(other_suite, hash, size));
  }
  CHECK_FALSE(parse_cover({}, {}, 100));
}
