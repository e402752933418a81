// What is to be seen, as a grid of cells: drawn by pages, painted by the terminal, printed by tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace noroshi::tui {

/// What a text is, not how it looks: themes and monochrome terminals decide that. Nothing is said by style
/// alone.
enum class Style : std::uint8_t {
  plain,
  title,    ///< the bar at the top, headings
  label,    ///< names of fields, hints
  chosen,   ///< the line the cursor is on, beside its `>`
  entry,    ///< what is being typed
  caution,  ///< warnings, unread
  alarm,    ///< errors, flash
};

struct Place {
  int row = 0;
  int column = 0;
  bool operator==(const Place&) const = default;
};
struct Size {
  int rows = 24;
  int columns = 80;
  bool operator==(const Size&) const = default;
};

/// One column of one row. A wide character stands in its first cell; the second is empty.
struct Glyph {
  std::string text = " ";
  Style style = Style::plain;
  bool operator==(const Glyph&) const = default;
};

class Screen {
 public:
  explicit Screen(Size size);
  [[nodiscard]] Size size() const { return size_; }
  [[nodiscard]] const Glyph& cell(Place place) const;

  /// Writes a text from there to the right, made harmless (text/grapheme.hpp) and cut at the right edge,
  /// never through a character. Outside the screen nothing happens. Gives the column after it.
  int put(Place place, std::string_view text, Style style = Style::plain);
  /// The same, but the last column is the one before `end`; what does not fit is marked by `~`.
  int put_within(Place place, int end, std::string_view text, Style style = Style::plain);
  /// Blanks the rest of a row.
  void fill(Place from, Style style);
  /// Where the cursor stands: input methods draw there.
  void set_caret(Place place) { caret_ = place; }
  [[nodiscard]] std::optional<Place> caret() const { return caret_; }

  /// As lines of text without trailing blanks: for tests, documents and plain mode.
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] std::size_t at(Place place) const;
  Size size_;
  std::vector<Glyph> cells_;
  std::optional<Place> caret_;
};

}  // namespace noroshi::tui
