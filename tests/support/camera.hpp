// Pictures as cameras write them: a JPEG with position, time and how it was held.
#pragma once

#include <png.h>
#include <turbojpeg.h>

#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

#include "proto/bytes.hpp"

namespace noroshi::test {

struct Camera {
  int orientation = 1;
  std::optional<double> latitude, longitude;  ///< degrees; south and west below zero
  std::string time;                           ///< "2024:01:02 11:25:00"
};

/// Pixels that no encoder makes small: every one of its own colour.
inline Bytes noise(int width, int height, std::uint32_t seed = 1) {
  Bytes out(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  for (std::uint8_t& one : out) {
    seed = seed * 1'664'525 + 1'013'904'223;
    one = static_cast<std::uint8_t>(seed >> 24);
  }
  return out;
}

/// EXIF as TIFF holds it (EXIF 2.32): big-endian, three folders one after the other.
inline Bytes exif_block(const Camera& camera) {
  const auto entry = [](Writer& out, std::uint16_t tag, std::uint16_t type, std::uint32_t count,
                        std::uint32_t value) { out.u16(tag).u16(type).u32(count).u32(value); };
  constexpr std::uint16_t kAscii = 2, kShort = 3, kLong = 4, kRational = 5;
  constexpr std::uint32_t kMain = 8, kDetails = kMain + 2 + 3 * 12 + 4, kTime = kDetails + 2 + 12 + 4,
                          kPlace = kTime + 20, kLatitude = kPlace + 2 + 4 * 12 + 4,
                          kLongitude = kLatitude + 24;
  Writer out;
  out.bytes(view_of("MM")).u16(42).u32(kMain);
  out.u16(3);
  entry(out, 0x0112, kShort, 1, static_cast<std::uint32_t>(camera.orientation) << 16);
  entry(out, 0x8769, kLong, 1, kDetails);
  entry(out, 0x8825, kLong, 1, kPlace);
  out.u32(0);
  out.u16(1);
  entry(out, 0x9003, kAscii, 20, kTime);
  out.u32(0);
  std::string time = camera.time;
  time.resize(20, '\0');
  out.bytes(view_of(time));
  out.u16(camera.latitude && camera.longitude ? 4 : 0);
  const auto side = [](double degrees, char positive, char negative) {
    return static_cast<std::uint32_t>(degrees < 0 ? negative : positive) << 24;
  };
  entry(out, 1, kAscii, 2, side(camera.latitude.value_or(0), 'N', 'S'));
  entry(out, 2, kRational, 3, kLatitude);
  entry(out, 3, kAscii, 2, side(camera.longitude.value_or(0), 'E', 'W'));
  entry(out, 4, kRational, 3, kLongitude);
  out.u32(0);
  for (const double degrees : {camera.latitude.value_or(0), camera.longitude.value_or(0)}) {
    const double whole = std::floor(std::abs(degrees)), minutes = (std::abs(degrees) - whole) * 60;
    out.u32(static_cast<std::uint32_t>(whole)).u32(1);
    out.u32(static_cast<std::uint32_t>(std::floor(minutes))).u32(1);
    out.u32(static_cast<std::uint32_t>(std::lround((minutes - std::floor(minutes)) * 60'000))).u32(1'000);
  }
  return out.take();
}

/// A JPEG of these pixels, with what the camera wrote beside them.
inline Bytes photograph(const Bytes& pixels, int width, int height, const Camera& camera = {}) {
  tjhandle turbo = tjInitCompress();
  unsigned char* made = nullptr;
  unsigned long size = 0;
  if (tjCompress2(turbo, pixels.data(), width, 0, height, TJPF_RGB, &made, &size, TJSAMP_444, 95, 0) != 0)
    throw std::runtime_error(tjGetErrorStr2(turbo));
  const BytesView plain(made, size);
  const Bytes exif = exif_block(camera);
  Writer out;
  out.bytes(plain.first(2)).u16(0xFFE1).u16(static_cast<std::uint16_t>(exif.size() + 8));
  out.bytes(view_of(std::string_view("Exif\0\0", 6))).bytes(exif).bytes(plain.subspan(2));
  tjFree(made);
  tjDestroy(turbo);
  return out.take();
}

/// A PNG with four channels, the last of them how solid it is.
inline Bytes drawing(const Bytes& pixels, int width, int height) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<std::uint32_t>(width);
  image.height = static_cast<std::uint32_t>(height);
  image.format = PNG_FORMAT_RGBA;
  png_alloc_size_t size = 0;
  Bytes out(pixels.size() + 4'096);
  size = out.size();
  if (png_image_write_to_memory(&image, out.data(), &size, 0, pixels.data(), 0, nullptr) == 0)
    throw std::runtime_error(image.message);
  out.resize(size);
  return out;
}

}  // namespace noroshi::test
