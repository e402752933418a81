// Characters as people count them, and the columns they take on a terminal.
//
// A grapheme is what one press of an arrow key passes: か with its mark, 葛 with its variation selector, a
// flag, a family. Boundaries are Unicode's (libunistring); columns are the C library's wcwidth(), which is
// what ncurses draws by, added up over the grapheme: a family of four is eight columns, as a terminal that
// knows nothing of joiners draws it. So LC_CTYPE must be a UTF-8 locale (C.UTF-8 will do) before anything
// here is asked; under another one everything beyond ASCII is shown by number.
//
// Text that came from elsewhere may be made to deceive or to break a screen. `printable` is the one place
// that makes it harmless; columns, fit, pad and the layout of wrap.hpp all count what `printable` would show,
// so none of them can be led astray by text that has not passed it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace noroshi::tui {

/// Zero-width marks that one character keeps: ncurses draws at most five wide characters in a cell
/// (CCHARW_MAX), the character and four marks. No script in use needs more.
inline constexpr int kMarksMax = 4;
/// Scalars that one grapheme keeps. The longest emoji in Unicode's own list (a kiss with two skin tones) has
/// ten.
inline constexpr int kScalarsMax = 10;

/// What the terminal can draw: one for each process, as the locale is, set once at the start. With `ascii`
/// kana and signs are spelled (spelling.hpp) and everything else beyond ASCII is shown by number.
enum class Glyphs : std::uint8_t { all, ascii };
void draw_with(Glyphs glyphs);

/// Bytes [begin, end) of a text, and the columns they take as shown. A line feed (CR LF too) takes none; all
/// else takes at least one.
struct Grapheme {
  std::size_t begin = 0;
  std::size_t end = 0;
  int columns = 0;
};

/// All of a text in order, nothing left out. A byte that is not UTF-8 is one of its own. Linear: 20 µs a kB.
[[nodiscard]] std::vector<Grapheme> graphemes(std::string_view text);

enum class Lines : std::uint8_t {
  one,   ///< a line feed is shown as <0A>
  many,  ///< line feeds stay, CR LF becomes one
};

/// The text with everything made visible that would be acted on or would hide: <1B> for a control character,
/// <202E> for a bidirectional control, a character without width (200B, 200C, 2060, FEFF, tags U+E00xx,
/// fillers), one that is not assigned, a mark without anything to stand on; <FF> for a byte that is not UTF-8
/// (lone surrogates are such bytes). Repeated, it is counted: <200B*10000>. Marks above kMarksMax and scalars
/// above kScalarsMax in one grapheme are counted too: <+9996>. Joiners stay between emoji, one variation
/// selector stays behind a character. At most four bytes for each byte. What is printable is printed as it is.
[[nodiscard]] std::string printable(std::string_view text, Lines lines = Lines::one);

/// Columns of the text as `printable` shows it, on one line.
[[nodiscard]] int columns(std::string_view text);

/// The printable text, cut to so many columns without splitting a grapheme. What is cut ends in `mark`.
[[nodiscard]] std::string fit(std::string_view text, int columns, std::string_view mark = ">");

enum class Side : std::uint8_t { left, right, middle };
/// Exactly so many columns: fitted, and filled up with spaces behind (text at the left), before, or both.
[[nodiscard]] std::string pad(std::string_view text, int columns, Side side = Side::left,
                              std::string_view mark = ">");

/// Terminals disagree about its columns, so the cursor is addressed anew behind it: East Asian Ambiguous (─ ○
/// ● ※ ① are two columns on terminals set for Japanese), an emoji chosen by a variation selector, or several
/// characters that some terminals join into one (families, flags, keycaps, ｶﾞ is not: all agree on two).
[[nodiscard]] bool is_ambiguous(std::string_view grapheme);

}  // namespace noroshi::tui
