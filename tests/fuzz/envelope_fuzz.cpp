// Any bytes as an envelope: parsed, judged by the relay check, opened. Whatever parses is judged again as its
// author would have signed it, so that mutated headers, wraps and bodies get past the signature.
#include "keys/crypto.hpp"
#include "keys/seal.hpp"
#include "keys/verify.hpp"
#include "proto/receipt.hpp"
#include "tests/fuzz/accepted.hpp"
#include "tests/fuzz/world.hpp"

namespace {

using namespace noroshi;

/// What is parsed says the same bytes again.
void parts_make_the_whole(const proto::Envelope& envelope) {
  Bytes again = bytes_of(proto::encode_header(envelope.header));
  if (envelope.sealed()) {
    again.insert(again.end(), envelope.ephemeral.begin(), envelope.ephemeral.end());
    const Bytes wraps = proto::encode_wraps(envelope.wraps);
    again.insert(again.end(), wraps.begin(), wraps.end());
  }
  again.insert(again.end(), envelope.body.begin(), envelope.body.end());
  again.insert(again.end(), envelope.signature.begin(), envelope.signature.end());
  NOROSHI_ASSERT(equal(again, envelope.bytes));
}

const std::vector<keys::EpochSecret>& ministry_secrets() {
  static const std::vector<keys::EpochSecret> secrets = fuzz::network().epoch_secrets(test::kMinistry);
  return secrets;
}

void read(const keys::Verified& verified) {
  if (verified.envelope().sealed()) {
    const auto opened = keys::open(verified, ministry_secrets(), *fuzz::network().trust());
    if (const auto* mine = std::get_if<keys::Opened>(&opened)) {
      const auto again = keys::open_with_seed(verified, mine->seed, *fuzz::network().trust());
      NOROSHI_ASSERT(std::get<keys::Opened>(again).content == mine->content);
      (void)keys::decode_forwarded(mine->content);
    }
  } else if (const auto receipt = proto::decode_receipt(verified.envelope().clear_content())) {
    NOROSHI_ASSERT(equal(proto::encode_receipt(*receipt), verified.envelope().clear_content()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  for (const std::uint32_t said : {200u, 65'535u}) {
    if (const auto cover = proto::parse_cover(bytes, {}, said)) {
      const Bytes whole = proto::assemble(*cover, Bytes(cover->body_size(), 1));
      NOROSHI_ASSERT(whole.size() == said);
      (void)keys::refusal_of(*cover, *fuzz::network().trust(), fuzz::now());
    }
  }
  const auto parsed = proto::parse_envelope(bytes);
  NOROSHI_ASSERT(keys::peek(bytes).has_value() == parsed.envelope.has_value());
  if (!parsed.envelope) return 0;
  parts_make_the_whole(*parsed.envelope);
  const Bytes outside = proto::cover_of(*parsed.envelope);
  const auto cover = proto::parse_cover(outside, keys::body_hash(parsed.envelope->body),
                                        static_cast<std::uint32_t>(bytes.size()));
  NOROSHI_ASSERT(cover && proto::assemble(*cover, parsed.envelope->body) == bytes_of(bytes));
  NOROSHI_ASSERT(keys::peek(*cover).msg_id == keys::peek(bytes)->msg_id);

  const keys::Trust& trust = *fuzz::network().trust();
  (void)keys::verify(bytes_of(bytes), trust, fuzz::now());
  const auto outcome = keys::verify(fuzz::signed_again(*parsed.envelope), trust, fuzz::now());
  if (const auto* verified = std::get_if<keys::Verified>(&outcome)) {
    NOROSHI_ASSERT(verified->msg_id() == keys::peek(bytes)->msg_id);
    fuzz::accepted.count();
    read(*verified);
  }
  return 0;
}
