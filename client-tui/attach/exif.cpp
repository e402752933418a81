#include "client-tui/attach/exif.hpp"

#include <libexif/exif-data.h>

#include <cmath>
#include <memory>
#include <string>

namespace noroshi::attach {
namespace {

struct FreeExif {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};

/// The entry if it has that format and as many components at least.
const ExifEntry* entry(const ExifData& data, ExifIfd ifd, int tag, ExifFormat format, unsigned long count) {
  const ExifEntry* found = exif_content_get_entry(data.ifd[ifd], static_cast<ExifTag>(tag));
  const bool fits = found != nullptr && found->format == format && found->components >= count &&
                    found->size >= count * exif_format_get_size(format);
  return fits ? found : nullptr;
}

/// Degrees, minutes and seconds as three fractions; nothing where one of them is none.
std::optional<double> degrees(const ExifData& data, int tag, int reference, char negative) {
  const ExifEntry* parts = entry(data, EXIF_IFD_GPS, tag, EXIF_FORMAT_RATIONAL, 3);
  const ExifEntry* side = entry(data, EXIF_IFD_GPS, reference, EXIF_FORMAT_ASCII, 1);
  if (parts == nullptr || side == nullptr) return std::nullopt;
  const ExifByteOrder order = exif_data_get_byte_order(const_cast<ExifData*>(&data));
  double out = 0, unit = 1;
  for (int i = 0; i < 3; ++i, unit *= 60) {
    const ExifRational part = exif_get_rational(parts->data + 8 * i, order);
    if (part.denominator == 0) return std::nullopt;
    out += part.numerator / static_cast<double>(part.denominator) / unit;
  }
  return side->data[0] == negative ? -out : out;
}

std::optional<forms::Point> position(const ExifData& data) {
  const auto lat = degrees(data, EXIF_TAG_GPS_LATITUDE, EXIF_TAG_GPS_LATITUDE_REF, 'S');
  const auto lon = degrees(data, EXIF_TAG_GPS_LONGITUDE, EXIF_TAG_GPS_LONGITUDE_REF, 'W');
  if (!lat || !lon || std::abs(*lat) > 90 || std::abs(*lon) > 180) return std::nullopt;
  if (*lat == 0 && *lon == 0) return std::nullopt;  // a receiver that has heard nothing yet
  forms::Point out;
  out.lat_e5 = static_cast<std::int32_t>(std::lround(*lat * 1e5));
  out.lon_e5 = static_cast<std::int32_t>(std::lround(*lon * 1e5));
  out.method = forms::PointMethod::gnss;
  return out;
}

/// "2024:01:02 11:25:00", without a zone.
std::optional<WallTime> taken(const ExifData& data) {
  constexpr std::size_t kLength = 19;
  const ExifEntry* time = entry(data, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL, EXIF_FORMAT_ASCII, kLength);
  if (time == nullptr) return std::nullopt;
  std::string text(reinterpret_cast<const char*>(time->data), kLength);
  text[4] = text[7] = '-';
  text[10] = 'T';
  return parse_time(text + "+09:00");
}

}  // namespace

Exif exif_of(BytesView jpeg) {
  Exif out;
  const std::unique_ptr<ExifData, FreeExif> data(
      exif_data_new_from_data(jpeg.data(), static_cast<unsigned int>(jpeg.size())));
  if (!data) return out;
  if (const ExifEntry* held = entry(*data, EXIF_IFD_0, EXIF_TAG_ORIENTATION, EXIF_FORMAT_SHORT, 1))
    out.orientation = exif_get_short(held->data, exif_data_get_byte_order(data.get()));
  out.position = position(*data);
  out.taken = taken(*data);
  return out;
}

}  // namespace noroshi::attach
