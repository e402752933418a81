// What a camera wrote beside its picture, as far as a report can use it. It is asked for, never sent: the
// picture that travels has none of it (picture.hpp). Read by libexif.
#pragma once

#include <optional>

#include "proto/bytes.hpp"
#include "proto/forms/report.hpp"
#include "proto/time.hpp"

namespace noroshi::attach {

struct Exif {
  int orientation = 1;                   ///< picture.hpp, upright
  std::optional<forms::Point> position;  ///< by the camera's receiver
  std::optional<WallTime> taken;         ///< by its clock, which is taken as Japan's
};

/// Of a JPEG; nothing is known where it has none, or has something that cannot be.
[[nodiscard]] Exif exif_of(BytesView jpeg);

}  // namespace noroshi::attach
