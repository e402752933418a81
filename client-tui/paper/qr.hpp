// QR codes as modules. The one place that knows the library.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace noroshi::paper {

/// White modules around a code (ISO/IEC 18004).
inline constexpr int kQuiet = 4;

struct Modules {
  int size = 0;  ///< a side, without the quiet zone
  std::vector<bool> dark;
  /// False outside, as in the quiet zone.
  [[nodiscard]] bool at(int row, int column) const;
};
/// With correction M (15 %: a fold, a stain, a fax); the smallest version that holds the text. Nothing if
/// none does.
[[nodiscard]] std::optional<Modules> qr_modules(const std::string& text);

}  // namespace noroshi::paper
