#include "client-tui/attach/picture.hpp"

#include <png.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <memory>

#include "proto/language.hpp"

namespace noroshi::attach {
namespace {

/// Of what is decoded whole: 180 MB. Telephones of today write 12 to 50 million.
constexpr std::int64_t kPixelsMax = 60'000'000;
constexpr std::size_t kChannels = 3;
/// Nobody needs more of a picture that is sent on as one of 1,280.
constexpr int kDecodedSide = 1'600;

Error unreadable() {
  return no(Code::bad_data, "写真として読めません: JPEG か PNG を指定してください",
            "cannot be read as a picture: give a JPEG or a PNG");
}
Error too_large() {
  return no(Code::bad_data, "写真が大きすぎます（6,000 万画素まで）: 小さくしてから付けてください",
            "the picture is too large (60 million pixels at most): make it smaller first");
}
bool is_too_large(std::int64_t width, std::int64_t height) {
  return width > kPixelsMax || height > kPixelsMax || width * height > kPixelsMax;
}

std::size_t bytes_of_pixels(int width, int height) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * kChannels;
}

struct CloseTurbo {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Turbo = std::unique_ptr<void, CloseTurbo>;

/// The smallest of the decoder's own scales that still leaves kDecodedSide pixels.
tjscalingfactor scale_for(int width, int height) {
  int count = 0;
  const tjscalingfactor* factors = tjGetScalingFactors(&count);
  tjscalingfactor best{1, 1};
  for (int i = 0; i < count; ++i) {
    const int longest = std::max(TJSCALED(width, factors[i]), TJSCALED(height, factors[i]));
    const bool smaller = factors[i].num * best.denom < best.num * factors[i].denom;
    if (smaller && longest >= std::min(kDecodedSide, std::max(width, height))) best = factors[i];
  }
  return best;
}

Result<Picture> decode_jpeg(BytesView file) {
  const Turbo turbo(tjInitDecompress());
  int width = 0, height = 0, sampling = 0, colours = 0;
  if (!turbo ||
      tjDecompressHeader3(turbo.get(), file.data(), file.size(), &width, &height, &sampling, &colours) != 0)
    return unreadable();
  if (width < 1 || height < 1) return unreadable();
  if (is_too_large(width, height)) return too_large();
  const tjscalingfactor scale = scale_for(width, height);
  Picture out{TJSCALED(width, scale), TJSCALED(height, scale), {}};
  out.pixels.resize(bytes_of_pixels(out.width, out.height));
  const int done = tjDecompress2(turbo.get(), file.data(), file.size(), out.pixels.data(), out.width, 0,
                                 out.height, TJPF_RGB, TJFLAG_LIMITSCANS);
  // A picture that ends early is better than none: the decoder says so by a warning, and greys the rest.
  if (done != 0 && tjGetErrorCode(turbo.get()) != TJERR_WARNING) return unreadable();
  return out;
}

Result<Picture> decode_png(BytesView file) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0) return unreadable();
  const std::unique_ptr<png_image, void (*)(png_image*)> held(&image, png_image_free);
  if (is_too_large(image.width, image.height)) return too_large();
  image.format = PNG_FORMAT_RGB;
  Picture out{static_cast<int>(image.width), static_cast<int>(image.height), {}};
  out.pixels.resize(bytes_of_pixels(out.width, out.height));
  const png_color paper{255, 255, 255};  // under what is transparent
  if (png_image_finish_read(&image, &paper, out.pixels.data(), 0, nullptr) == 0) return unreadable();
  return out;
}

const std::uint8_t* pixel(const Picture& picture, int x, int y) {
  return picture.pixels.data() + bytes_of_pixels(picture.width, y) + static_cast<std::size_t>(x) * kChannels;
}

struct FreeTurbo {
  void operator()(unsigned char* bytes) const { tjFree(bytes); }
};

Result<Bytes> encode(const Picture& picture, int quality) {
  const Turbo turbo(tjInitCompress());
  unsigned char* made = nullptr;
  unsigned long size = 0;
  const bool done =
      turbo && tjCompress2(turbo.get(), picture.pixels.data(), picture.width, 0, picture.height, TJPF_RGB,
                           &made, &size, TJSAMP_420, quality, TJFLAG_PROGRESSIVE) == 0;
  const std::unique_ptr<unsigned char, FreeTurbo> held(made);
  if (!done) return unreadable();
  return Bytes(made, made + size);
}

}  // namespace

bool is_jpeg(BytesView file) {
  return file.size() > 3 && file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF;
}
bool is_png(BytesView file) {
  return file.size() > 8 && png_sig_cmp(file.data(), 0, 8) == 0;
}

Result<Picture> decode(BytesView file) {
  if (is_jpeg(file)) return decode_jpeg(file);
  if (is_png(file)) return decode_png(file);
  return unreadable();
}

Picture upright(Picture picture, int orientation) {
  if (orientation < 2 || orientation > 8) return picture;
  // 2 mirrored, 3 turned by half, 4 mirrored upside down; 5 to 8 with rows and columns changed places.
  const bool turned = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Picture out{turned ? picture.height : picture.width, turned ? picture.width : picture.height, {}};
  out.pixels.reserve(picture.pixels.size());
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int column = turned ? y : x, row = turned ? x : y;
      const std::uint8_t* from = pixel(picture, from_right ? picture.width - 1 - column : column,
                                       from_below ? picture.height - 1 - row : row);
      out.pixels.insert(out.pixels.end(), from, from + kChannels);
    }
  }
  return out;
}

Picture smaller(const Picture& picture, int longest) {
  const int side = std::max(picture.width, picture.height);
  if (side <= longest) return picture;
  const auto scaled = [&](int length) {
    return std::max(1, static_cast<int>(static_cast<std::int64_t>(length) * longest / side));
  };
  Picture out{scaled(picture.width), scaled(picture.height), {}};
  out.pixels.reserve(bytes_of_pixels(out.width, out.height));
  const auto edge = [](int at, int of, int length) {
    return static_cast<int>(static_cast<std::int64_t>(at) * length / of);
  };
  for (int y = 0; y < out.height; ++y) {
    const int top = edge(y, out.height, picture.height), bottom = edge(y + 1, out.height, picture.height);
    for (int x = 0; x < out.width; ++x) {
      const int left = edge(x, out.width, picture.width), right = edge(x + 1, out.width, picture.width);
      std::array<std::uint32_t, kChannels> sum{};
      for (int row = top; row < bottom; ++row) {
        for (int column = left; column < right; ++column) {
          const std::uint8_t* from = pixel(picture, column, row);
          for (std::size_t i = 0; i < kChannels; ++i) sum[i] += from[i];
        }
      }
      const auto count = static_cast<std::uint32_t>((bottom - top) * (right - left));
      for (const std::uint32_t one : sum) out.pixels.push_back(static_cast<std::uint8_t>(one / count));
    }
  }
  return out;
}

Result<Bytes> jpeg_within(const Picture& picture, std::size_t bytes) {
  // An owner's mark on a cylinder is read off pixels sooner than off their fidelity.
  constexpr std::array kSides{1'280, 1'024, 800, 640, 480, 320, 160};
  constexpr std::array kQualities{75, 60, 45};
  for (const int side : kSides) {
    const Picture drawn = smaller(picture, side);
    for (const int quality : kQualities) {
      TRY(Bytes jpeg, encode(drawn, quality));
      if (jpeg.size() <= bytes) return jpeg;
    }
  }
  return no(Code::bad_data, "写真をその大きさまで小さくできません: 上限を大きくしてください",
            "the picture cannot be made that small: allow it more bytes");
}

}  // namespace noroshi::attach
