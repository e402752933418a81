// A picture as it goes over a thin line: turned upright, made smaller, and with nothing in it but what can be
// seen. Whatever a camera wrote beside it (position, owner, serial number, a preview of what was cut away) is
// not copied, because the picture is drawn anew from its pixels.
//
// Decoders: libjpeg-turbo, libpng. They read files of the person who attaches them; what arrives from others
// is never decoded here.
#pragma once

#include <cstddef>

#include "proto/bytes.hpp"
#include "proto/result.hpp"

namespace noroshi::attach {

/// Bytes a picture may have by default: two minutes at 2400 bit/s.
inline constexpr std::size_t kPictureBytes = 40'000;

/// Pixels, three bytes each (red, green, blue), row by row.
struct Picture {
  int width = 0, height = 0;
  Bytes pixels;
};

/// What a file begins with.
[[nodiscard]] bool is_jpeg(BytesView file);
[[nodiscard]] bool is_png(BytesView file);

/// A JPEG or PNG of at most 60 million pixels, decoded no larger than somebody will look at it
/// (about 1,600 pixels; a PNG whole). Errors (bad_data): neither, damaged, too large.
[[nodiscard]] Result<Picture> decode(BytesView file);
/// How a camera was held (EXIF 2.32, tag 0x0112): 1 upright … 8; anything else is taken as 1.
[[nodiscard]] Picture upright(Picture picture, int orientation);
/// At most `longest` pixels wide and high, each the mean of those it stands for. Never larger than before.
[[nodiscard]] Picture smaller(const Picture& picture, int longest);
/// The largest JPEG that fits into `bytes`: first as many pixels as can still be told apart, then quality.
/// Errors (bad_data): not even the smallest fits.
[[nodiscard]] Result<Bytes> jpeg_within(const Picture& picture, std::size_t bytes);

}  // namespace noroshi::attach
