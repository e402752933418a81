// Any bytes as a frame between neighbours: read or not, and what is read can be said again unchanged.
#include "proto/frame.hpp"
#include "proto/result.hpp"
#include "tests/fuzz/accepted.hpp"

namespace {

using namespace noroshi;

void said_again(const proto::ControlFrame& control) {
  const Bytes said = proto::encode_frame(control);
  const auto again = proto::decode_frame(said);
  NOROSHI_ASSERT(again && std::get<proto::ControlFrame>(*again) == control);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  const auto frame = proto::decode_frame(bytes);
  if (!frame) return 0;
  fuzz::accepted.count();
  if (const auto* control = std::get_if<proto::ControlFrame>(&*frame)) {
    said_again(*control);
  } else if (const auto* numbered = std::get_if<proto::NumberedEnvelope>(&*frame)) {
    const auto header = proto::encode_link_header(numbered->link);
    NOROSHI_ASSERT(equal(header, bytes.first(header.size())));
    NOROSHI_ASSERT(equal(numbered->envelope, bytes.subspan(header.size())));
  } else if (const auto* piece = std::get_if<proto::Piece>(&*frame)) {
    const auto header = proto::encode_piece_header(piece->piece);
    NOROSHI_ASSERT(equal(header, bytes.first(header.size())));
    NOROSHI_ASSERT(equal(piece->bytes, bytes.subspan(header.size())));
  } else {
    NOROSHI_ASSERT(equal(std::get<proto::BareEnvelope>(*frame).envelope, bytes));
  }
  return 0;
}
