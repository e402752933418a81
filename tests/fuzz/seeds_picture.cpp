// Pictures of cameras and screens, small ones.
#include "tests/fuzz/seeds.hpp"
#include "tests/support/camera.hpp"

namespace noroshi::fuzz {

std::vector<Seed> picture_seeds() {
  using test::noise, test::photograph, test::drawing;
  std::vector<Seed> out;
  const test::Camera noto{6, 37.39055, 136.89917, "2024:01:02 11:25:00"};
  out.push_back({"sideways_with_position", photograph(noise(24, 16), 24, 16, noto)});
  out.push_back({"south_west", photograph(noise(9, 7), 9, 7, {1, -33.5, -70.25, ""})});
  for (int orientation = 1; orientation <= 8; ++orientation)
    out.push_back(
        {"held_" + std::to_string(orientation), photograph(noise(5, 3), 5, 3, {orientation, {}, {}, ""})});
  Bytes solid;
  for (int i = 0; i < 12 * 12; ++i) solid.insert(solid.end(), {200, 100, 50, static_cast<std::uint8_t>(i)});
  out.push_back({"drawing", drawing(solid, 12, 12)});
  return out;
}

}  // namespace noroshi::fuzz
