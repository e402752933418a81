// Prefectures (JIS X 0401) and municipalities (JIS X 0402), compiled in. Source and known gap:
// data/README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace noroshi::forms {

struct Prefecture {
  std::uint32_t code = 0;  ///< 1 … 47
  std::string name;        ///< 石川県
  std::string kana;        ///< いしかわけん
  std::string name_en;     ///< Ishikawa
  std::string iso;         ///< JP-17
  double lat = 0;          ///< of the capital
  double lon = 0;
};
struct Municipality {
  std::uint32_t code = 0;  ///< 17204
  std::string name;        ///< 輪島市
  std::string kana;        ///< わじまし
  double lat = 0;          ///< of its office
  double lon = 0;
  std::vector<std::string> aliases;  ///< りんとうし: how one reads it who does not know it
  [[nodiscard]] std::uint32_t prefecture() const { return code / 1000; }
};

/// By code; built once, at first use (about 2 ms).
[[nodiscard]] const std::vector<Prefecture>& prefectures();
[[nodiscard]] const std::vector<Municipality>& municipalities();
/// By code; nothing if there is none.
[[nodiscard]] const Prefecture* prefecture(std::uint32_t code);
[[nodiscard]] const Municipality* municipality(std::uint32_t code);
/// "石川県輪島市", "Ishikawa 輪島市"; the number where the table has none.
[[nodiscard]] std::string place_name(std::uint32_t municipality_code, bool english = false);

/// Those that have `typed` in their name, reading, code or alias, best first (search.hpp), each rank by code.
/// In one prefecture, or in all (0). At most `limit`.
[[nodiscard]] std::vector<const Municipality*> find_municipalities(std::string_view typed,
                                                                   std::uint32_t prefecture_code = 0,
                                                                   std::size_t limit = 20);

/// Great-circle distance.
[[nodiscard]] double kilometres_between(double lat_a, double lon_a, double lat_b, double lon_b);

/// "17204" → "172049": weights 6,5,4,3,2; the last digit of 11 − (sum mod 11).
[[nodiscard]] std::uint32_t with_check_digit(std::uint32_t code);
/// Five digits, or six with a right check digit; the number of five. municipality() says whether it exists.
[[nodiscard]] std::optional<std::uint32_t> parse_municipality(std::string_view text);
/// "17204": five digits.
[[nodiscard]] std::string municipality_text(std::uint32_t code);

}  // namespace noroshi::forms
