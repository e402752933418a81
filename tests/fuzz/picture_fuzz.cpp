// Any file as a picture that somebody attaches: what a camera wrote beside it, its pixels turned upright and
// made smaller, drawn again. What is decoded has as many pixels as it says, and is never larger than asked.
#include <algorithm>

#include "client-tui/attach/exif.hpp"
#include "client-tui/attach/picture.hpp"
#include "tests/fuzz/accepted.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace noroshi;
  using namespace noroshi::attach;
  const BytesView file(data, size);
  const Exif exif = exif_of(file);
  if (exif.position) {
    NOROSHI_ASSERT(std::abs(exif.position->lat_e5) <= 90 * 100'000);
    NOROSHI_ASSERT(std::abs(exif.position->lon_e5) <= 180 * 100'000);
  }
  auto picture = decode(file);
  if (!picture.ok()) return 0;
  const auto whole = [](const Picture& one) {
    return one.width > 0 && one.height > 0 &&
           one.pixels.size() ==
               std::size_t{3} * static_cast<std::size_t>(one.width) * static_cast<std::size_t>(one.height);
  };
  NOROSHI_ASSERT(whole(*picture));
  constexpr int kSide = 64;
  const Picture small = upright(smaller(*picture, kSide), exif.orientation);
  NOROSHI_ASSERT(whole(small) && std::max(small.width, small.height) <= kSide);
  const auto drawn = jpeg_within(small, 40'000);
  NOROSHI_ASSERT(drawn.ok() && drawn->size() <= 40'000);
  NOROSHI_ASSERT(!exif_of(*drawn).position && !exif_of(*drawn).taken);
  fuzz::accepted.count();
  return 0;
}
