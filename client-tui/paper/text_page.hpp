// A sheet as plain text for any printer: A4, form feeds between pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "client-tui/paper/sheet.hpp"

namespace noroshi::paper {

/// Ten characters an inch and six lines an inch, as printers come: 7.6 × 10 inches of A4's 8.3 × 11.7.
inline constexpr int kColumns = 76;  ///< Japanese counts two
inline constexpr int kRows = 60;     ///< of a page, its head included

enum class Codes : std::uint8_t {
  drawn,    ///< half blocks ▀▄█, a module in each
  spelled,  ///< their texts in groups, for printers without half blocks and for typing
};
struct TextPages {
  std::string text;
  std::size_t pages = 0;
};
/// No line is wider than kColumns, no page longer than kRows; a code, an entry or a place to write is never
/// torn apart unless it is longer than a page.
[[nodiscard]] TextPages as_text(const Sheet& sheet, Codes codes);

}  // namespace noroshi::paper
