// Frames are read strictly and say the same after a round trip.
#include "proto/frame.hpp"

#include "proto/frame.pb.h"
#include "proto/limits.hpp"
#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::proto;

namespace {

MsgId message(std::uint8_t fill) {
  MsgId id;
  id.value.fill(fill);
  return id;
}

Hello hello() {
  return {.node = {{17}, 2},
          .store = {0x0123456789ABCDEF},
          .session = 65535,
          .base = 41,
          .accepted = {.contiguous = 7,
                       .map = ~0ull,
                       .outcomes = {{.number = 8, .parked = 0x7FFF, .settled = 1}}},
          .you_acked = 40,
          .your_store = {~0ull},
          .state_digest = {1, 2, 3, 4, 5, 6, 7, 8},
          .wall = {-757'382'400},
          .wall_suspect = true};
}

std::vector<MailStretch> every_stretch() {
  const MailPrefix day = MailPrefix{}.part(6).part(10).part(15);
  MailPrefix one = day;
  while (one.nibbles < MailPrefix::kNibblesMax) one = one.part(7);
  return {{.kind = MailStretch::Kind::sum, .prefix = {}, .parts = 0, .digests = {{1}}},
          {.kind = MailStretch::Kind::parts, .prefix = day, .parts = 0x8005, .digests = {{2}, {3}, {4}}},
          {.kind = MailStretch::Kind::here, .prefix = day, .parts = 0, .digests = {}},
          {.kind = MailStretch::Kind::here, .prefix = one, .parts = 0, .digests = {{5}}},
          {.kind = MailStretch::Kind::lack,
           .prefix = day.part(1),
           .parts = 0,
           .digests = std::vector<MailDigest>(16)}};
}

std::vector<ControlFrame> every_control_frame() {
  const std::vector<ObjectRef> refs = {{ObjectType::roster, 0, 3, {9}},
                                       {ObjectType::certificate, 17ull << 32 | 2 << 8 | 1, 0, {}}};
  return {
      hello(),
      Hello{},
      Ack{.session = 3, .accepted = {.contiguous = 1'000'000, .map = 5, .outcomes = {}}},
      Ack{.session = 3, .accepted = {}, .progress = {{.number = 9, .to = 65'000}, {.number = 11, .to = 1}}},
      Offer{.session = 2,
            .number = 8,
            .for_wraps = 0x7FFF,
            .size = 49'000,
            .body_hash = {7},
            .cover = Bytes(200, 3)},
      Want{.session = 2, .number = 8, .have = {{0, 300}, {600, 65'535}}},
      Want{.session = 2, .number = 9, .have = {}},
      Withdraw{.session = 2, .number = 8},
      Compare{.session = 5, .stretches = every_stretch()},
      Refuse{.session = 1, .number = ~0u, .code = kRefuseNoSpace, .retry_after_s = 60},
      Inventory{refs},
      WantObject{refs},
      ObjectFrame{Bytes(190, 4)},
      Proof{.receipt = message(1), .entry = 255, .messages = {message(2), message(3)}},
      Bye{}};
}

Bytes numbered_frame(std::size_t envelope_bytes) {
  Bytes frame = bytes_of(encode_link_header({.session = 7, .number = 42, .for_wraps = 0b101}));
  frame.resize(frame.size() + envelope_bytes, 0x11);
  return frame;
}

}  // namespace

TEST_CASE("every control frame reads back as it was written") {
  for (const ControlFrame& frame : every_control_frame()) {
    const Bytes bytes = encode_frame(frame);
    CHECK(bytes[0] == kFrameControl);
    const auto back = decode_frame(bytes);
    REQUIRE(back);
    CHECK(std::get<ControlFrame>(*back) == frame);
  }
}

TEST_CASE("no cut or flipped bit of a control frame does more than give another frame or none") {
  for (const ControlFrame& frame : every_control_frame()) {
    const Bytes bytes = encode_frame(frame);
    for (std::size_t size = 0; size < bytes.size(); ++size) (void)decode_frame(BytesView(bytes).first(size));
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      Bytes flipped = bytes;
      flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      const auto back = decode_frame(flipped);
      if (back && std::holds_alternative<ControlFrame>(*back)) {
        const Bytes said = encode_frame(std::get<ControlFrame>(*back));
        CHECK(std::get<ControlFrame>(*decode_frame(said)) == std::get<ControlFrame>(*back));
      }
    }
  }
}

TEST_CASE("a comparison says of itself how long it is, and one that is drawn otherwise is no frame") {
  std::size_t size = 0;
  for (const MailStretch& stretch : every_stretch()) size += encoded_size(stretch);
  const Bytes frame = encode_frame(Compare{.session = 1, .stretches = every_stretch()});
  const std::size_t around = encode_frame(Compare{.session = 1, .stretches = {}}).size();
  CHECK(frame.size() - around ==
        size + 4);  // the field's number and length; the frame's length has grown too
  const auto read = [](BytesView stretches) {
    wire::ControlFramePb pb;
    pb.mutable_compare()->set_stretches(std::string(text_of(stretches)));
    const std::string bytes = pb.SerializeAsString();
    return decode_frame(Writer().u8(kFrameControl).bytes(view_of(bytes)).data()).has_value();
  };
  CHECK(read(Writer().u8(0).u64(1).data()));
  CHECK_FALSE(read(Writer().u8(41).bytes(Bytes(21)).u64(1).data()));         // longer than any key
  CHECK_FALSE(read(Writer().u8(1).u8(0x12).u64(1).data()));                  // bits behind the half-byte
  CHECK_FALSE(read(Writer().u8(0x40).u16(3).u64(1).data()));                 // a digest is missing
  CHECK_FALSE(read(Writer().u8(0x40 | 40).bytes(Bytes(20)).u16(0).data()));  // parts of what has none
  CHECK_FALSE(read(Writer().u8(0x80).u8(17).bytes(Bytes(8 * 17)).data()));   // more names than are given
}

TEST_CASE("a numbered envelope keeps its link header and its bytes") {
  const Bytes frame = numbered_frame(340);
  const auto back = decode_frame(frame);
  REQUIRE(back);
  const auto& numbered = std::get<NumberedEnvelope>(*back);
  CHECK(numbered.link == LinkHeader{.session = 7, .number = 42, .for_wraps = 0b101});
  CHECK(numbered.envelope.size() == 340);
  CHECK(numbered.envelope.data() == frame.data() + kLinkHeaderBytes);
}

TEST_CASE("a bare envelope is its own frame") {
  const Bytes frame(340, 0x11);
  const auto back = decode_frame(frame);
  REQUIRE(back);
  CHECK(std::get<BareEnvelope>(*back).envelope.size() == 340);
}

TEST_CASE("an envelope frame below or above the size of any envelope is no frame") {
  CHECK_FALSE(decode_frame(numbered_frame(kEnvelopeBytesMin - 1)));
  CHECK(decode_frame(numbered_frame(kEnvelopeBytesMin)));
  CHECK(decode_frame(numbered_frame(kEnvelopeBytesMax)));
  CHECK_FALSE(decode_frame(numbered_frame(kEnvelopeBytesMax + 1)));
  CHECK_FALSE(decode_frame(Bytes(kEnvelopeBytesMin - 1, 0x11)));
}

TEST_CASE("a piece says where it stands, and has at least a byte within the largest envelope") {
  const auto piece_frame = [](std::uint16_t from, std::size_t bytes) {
    Bytes frame = bytes_of(encode_piece_header({.session = 7, .number = 42, .from = from}));
    frame.resize(frame.size() + bytes, 0x5A);
    return frame;
  };
  const Bytes frame = piece_frame(600, 300);
  const auto back = decode_frame(frame);
  REQUIRE(back);
  const Piece& piece = std::get<Piece>(*back);
  CHECK(piece.piece == PieceHeader{7, 42, 600});
  CHECK(equal(piece.bytes, Bytes(300, 0x5A)));
  CHECK_FALSE(decode_frame(piece_frame(600, 0)));
  CHECK(decode_frame(piece_frame(65'000, 535)));
  CHECK_FALSE(decode_frame(piece_frame(65'000, 536)));
  Bytes nameless = frame;
  std::fill_n(nameless.begin() + 3, 4, std::uint8_t{0});
  CHECK_FALSE(decode_frame(nameless));
}

TEST_CASE("what is wanted is named in order, apart, and in a bounded number of stretches") {
  Want want{.session = 1, .number = 1, .have = {}};
  for (std::uint16_t i = 0; i < kRangesMax; ++i)
    want.have.push_back({static_cast<std::uint16_t>(10 * i), static_cast<std::uint16_t>(10 * i + 5)});
  CHECK(decode_frame(encode_frame(want)));
  want.have.push_back({60'000, 60'001});
  CHECK_FALSE(decode_frame(encode_frame(want)));
  for (const std::vector<ByteRange>& bad :
       std::vector<std::vector<ByteRange>>{{{5, 5}}, {{6, 5}}, {{0, 5}, {5, 9}}, {{7, 9}, {0, 5}}}) {
    want.have = bad;
    CHECK_FALSE(decode_frame(encode_frame(want)));
  }
}

TEST_CASE("first bytes that name nothing are dropped") {
  for (int first = 0; first < 256; ++first) {
    Bytes frame(400, 0);
    frame[0] = static_cast<std::uint8_t>(first);
    const bool envelope = first >> 4 == 1;
    const bool numbered = first == kFrameEnvelope;
    if (first == kFrameControl) continue;
    if (numbered) frame[6] = 1;
    CHECK(decode_frame(frame).has_value() == (envelope || numbered));
  }
  CHECK_FALSE(decode_frame({}));
}

TEST_CASE("number zero is never sent") {
  Bytes frame = numbered_frame(100);
  std::fill_n(frame.begin() + 3, 4, std::uint8_t{0});
  CHECK_FALSE(decode_frame(frame));
}

TEST_CASE("a control frame whose values do not fit their fields is no frame") {
  Ack many{.session = 1, .accepted = {}};
  many.accepted.outcomes.resize(kUnackedMax);
  CHECK(decode_frame(encode_frame(many)));
  many.accepted.outcomes.emplace_back();
  CHECK_FALSE(decode_frame(encode_frame(many)));

  Ack talkative{.session = 1, .accepted = {}};
  talkative.progress.resize(kUnackedMax);
  CHECK(decode_frame(encode_frame(talkative)));
  talkative.progress.emplace_back();
  CHECK_FALSE(decode_frame(encode_frame(talkative)));

  Offer offer{.session = 1, .number = 1, .size = kEnvelopeBytesMax, .cover = Bytes(kCoverBytesMax)};
  CHECK(decode_frame(encode_frame(offer)));
  offer.cover.push_back(0);
  CHECK_FALSE(decode_frame(encode_frame(offer)));
  offer.cover.pop_back();
  offer.size = kEnvelopeBytesMax + 1;
  CHECK_FALSE(decode_frame(encode_frame(offer)));
  offer.size = 1;
  offer.number = 0;
  CHECK_FALSE(decode_frame(encode_frame(offer)));

  Inventory long_list;
  long_list.objects.resize(kInventoryMax, {ObjectType::roster, 1, 1, {}});
  const Bytes longest = encode_frame(long_list);
  CHECK(longest.size() <= kFrameBytesMax);
  CHECK(decode_frame(longest));
  long_list.objects.push_back({ObjectType::roster, 1, 1, {}});
  CHECK_FALSE(decode_frame(encode_frame(long_list)));

  Hello far = hello();
  far.wall = {INT64_MAX};
  CHECK_FALSE(decode_frame(encode_frame(far)));

  Proof proof{.receipt = message(1), .entry = 0, .messages = {}};
  CHECK_FALSE(decode_frame(encode_frame(proof)));
  proof.messages.resize(kReceiptRangeMax, message(7));
  CHECK(decode_frame(encode_frame(proof)));
  proof.messages.push_back(message(7));
  CHECK_FALSE(decode_frame(encode_frame(proof)));
}

TEST_CASE("a quiet hello and an ack stay small on a slow line") {
  // 2400 bit/s carries 300 bytes a second: a hello may not cost more than a third of one.
  CHECK(encode_frame(hello()).size() <= 100);
  CHECK(encode_frame(Ack{.session = 9, .accepted = {.contiguous = 1'000'000, .map = 0, .outcomes = {}}})
            .size() <= 14);
}
