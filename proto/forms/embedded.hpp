// Files of data/ and the built-in catalogue, as bytes of the program.
#pragma once

#include <string_view>

namespace noroshi::forms::embedded {

[[nodiscard]] std::string_view catalogue();
[[nodiscard]] std::string_view jis_cells();
[[nodiscard]] std::string_view cp932_extensions();
[[nodiscard]] std::string_view municipalities();
[[nodiscard]] std::string_view prefectures();
[[nodiscard]] std::string_view deadlines();
[[nodiscard]] std::string_view outlines();
[[nodiscard]] std::string_view place_aliases();

}  // namespace noroshi::forms::embedded
