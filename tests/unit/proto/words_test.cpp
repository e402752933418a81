// The vocabulary: bytes, ids, results, receipts.
#include "proto/bytes.hpp"
#include "proto/ids.hpp"
#include "proto/receipt.hpp"
#include "proto/result.hpp"
#include "tests/support/catch.hpp"

using namespace noroshi;

TEST_CASE("hexadecimal goes there and back, and only hexadecimal does") {
  CHECK(to_hex(Bytes{0x00, 0x9f, 0xff}) == "009fff");
  CHECK(from_hex("009FfF") == Bytes{0x00, 0x9f, 0xff});
  CHECK_FALSE(from_hex("0"));
  CHECK_FALSE(from_hex("0g"));
}

TEST_CASE("a reader past its end gives zeros and says so once") {
  const Bytes three{1, 2, 3};
  Reader in(three);
  CHECK(in.u16() == 0x0102);
  CHECK(in.u32() == 0);
  CHECK(in.u8() == 0);
  CHECK_FALSE(in.ok());
}

TEST_CASE("ids are written as people say them and read back") {
  const ReportId id{{{OrgId{17}, 3}, 1}, 42, 0};
  CHECK(to_string(id) == "17/3.1/42.0");
  CHECK(parse_report_id("17/3.1/42.0") == id);
  for (const char* text :
       {"", "17", "17/3.1/42", "17/3.1/42.0 ", "17/3.256/1.0", "x/3.1/42.0", "17/3.1/-1.0"})
    CHECK_FALSE(parse_report_id(text));
  CHECK(parse_device_id("1/2") == DeviceId{OrgId{1}, 2});
  CHECK_FALSE(parse_device_id("1/70000"));
}

TEST_CASE("an error passes up through TRY with its place in front") {
  const auto fails = []() -> Result<int> { return Error{Code::permission, "mode 0644"}; };
  const auto passes = [&]() -> Result<int> {
    TRY(const int value, fails());
    return value + 1;
  };
  const auto result = passes();
  REQUIRE_FALSE(result);
  CHECK(exit_code(result.error().code) == 77);
  CHECK(within("key file", result.error()).text == "key file: mode 0644");
}

TEST_CASE("a receipt goes there and back, and bends nowhere") {
  proto::Receipt receipt;
  receipt.store = {0x0102'0304'0506'0708};
  receipt.entries = {{3, 1, RecipientId{2}, 5, 5, 1, {1, 2, 3}}, {4, 1, RecipientId{2}, 1, 9, 4, {9}}};
  const Bytes bytes = proto::encode_receipt(receipt);
  CHECK(bytes.size() == 1 + 1 + 8 + 1 + 2 * 23 + 2);
  const auto back = proto::decode_receipt(bytes);
  REQUIRE(back);
  CHECK(back->entries == receipt.entries);
  CHECK(back->store == receipt.store);

  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(proto::decode_receipt(BytesView(bytes).first(size)));
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK_FALSE(proto::decode_receipt(longer));
}

TEST_CASE("a receipt range that cannot be is refused") {
  const auto decodes = [](Seq from, Seq to, std::uint16_t count) {
    Writer out;
    out.u8(1).u8(0).u64(7).u8(1).u16(3).u8(1).u16(2).u32(from).u32(to).u16(count).u64(0).u16(0);
    return proto::decode_receipt(out.data()).has_value();
  };
  CHECK(decodes(5, 5, 1));
  CHECK(decodes(5, 7, 2));
  CHECK_FALSE(decodes(0, 1, 2));
  CHECK_FALSE(decodes(5, 4, 1));
  CHECK_FALSE(decodes(5, 6, 3));
  CHECK_FALSE(decodes(5, 6, 1));
  CHECK_FALSE(decodes(1, 100, 65));
  CHECK_FALSE(decodes(5, 5, 0));
}
