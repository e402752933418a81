// Any bytes at the control socket: read or not, and what is read can be said again unchanged.
#include <cstddef>
#include <cstdint>

#include "proto/control.hpp"
#include "proto/result.hpp"
#include "tests/fuzz/accepted.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace noroshi::proto::control;
  const noroshi::BytesView bytes(data, size);
  if (const auto request = decode_request(bytes)) {
    const auto said = encode(*request);
    const auto again = decode_request(said);
    NOROSHI_ASSERT(again && encode(*again) == said);
    noroshi::fuzz::accepted.count();
  }
  if (const auto answer = decode_answer(bytes)) {
    const auto said = encode(*answer);
    const auto again = decode_answer(said);
    NOROSHI_ASSERT(again && encode(*again) == said);
  }
  return 0;
}
