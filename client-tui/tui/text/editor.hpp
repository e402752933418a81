// The field editor: one line or many, UTF-8, a caret that counts graphemes.
//
// What it holds is always a clean text in the sense of proto/forms/text.hpp: everything that enters is
// cleaned there, together with what stands around it (か and a mark typed after it become が), so that the
// text of the field is what would travel. Control characters, bidirectional controls and bytes that are not
// UTF-8 are refused with the reason; a paste that does not fit is refused whole: nothing is cut silently.
//
// Pure: no clock, no terminal. It knows its size (resize) because up and down, the ends of a row and
// scrolling depend on it. After each call the caret is inside the view. Linear in the text for each call: a
// field of 5 kB takes well under 1 ms for a key. Undo keeps copies of the text, at most kUndoMax of them and
// kUndoBytes together.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client-tui/tui/text/wrap.hpp"

namespace noroshi::tui {

/// What became of a change.
enum class Edited : std::uint8_t {
  accepted,
  nothing,          ///< there was nothing to do: backspace at the begin, undo without a past
  full,             ///< more than the field may hold; the text is as before
  refused_control,  ///< a control, line separator, bidirectional control or noncharacter; as before
  refused_bytes,    ///< not UTF-8; as before
};

struct EditorKind {
  bool many_lines = false;    ///< else a line feed becomes a space
  std::size_t chars_max = 0;  ///< Unicode scalars, as the catalogue counts; 0: not limited by itself
  std::size_t bytes_max = 0;  ///< of UTF-8; 0: kEditorBytesMax
};

/// No field of a form is near it; a paste of a whole book is an error of the hand.
inline constexpr std::size_t kEditorBytesMax = 64 * 1024;
inline constexpr std::size_t kUndoMax = 200;
inline constexpr std::size_t kUndoBytes = 1 << 20;

/// What a terminal draws of a field, without anything that could act on it.
struct EditorView {
  std::vector<std::string> rows;  ///< printable, at most the width each, not filled up; at most the height
  int caret_row = 0;              ///< of rows
  int caret_column = 0;           ///< 0 … width − 1
  std::size_t first_row = 0;      ///< which of all rows the first one is
  std::size_t rows_of_text = 1;   ///< all of them: more than fits is said beside the field ("3/12")
  bool more_left = false;         ///< a field of one line is scrolled: something stands before
  bool more_right = false;        ///< … or behind what is drawn
};

class Editor {
 public:
  explicit Editor(EditorKind kind = {});

  [[nodiscard]] const std::string& text() const { return text_; }
  /// Graphemes before it.
  [[nodiscard]] std::size_t caret() const { return caret_; }
  [[nodiscard]] std::size_t graphemes() const { return layout_.size(); }
  [[nodiscard]] const EditorKind& kind() const { return kind_; }
  /// Goes up with each change of the text, also with undo; never with a movement.
  [[nodiscard]] std::uint64_t changed() const { return changed_; }
  /// Characters and bytes that still fit; nothing where the kind sets no limit.
  [[nodiscard]] std::size_t chars_left() const;
  [[nodiscard]] std::size_t bytes_left() const;

  /// Another text, the caret behind it, without a past. Limits do not hold here: a text that came with an
  /// older form is shown whole and can only be shortened.
  Edited set(std::string_view text);

  // ---- Changes. Typing, erasing and killing are undone a run at a time; everything else one by one. ----
  /// What a key or an input method gave.
  Edited insert(std::string_view typed);
  /// A bracketed paste: CR LF and CR become LF, TAB a space.
  Edited paste(std::string_view pasted);
  Edited backspace();
  Edited erase();
  Edited erase_word_left();
  /// To the end of the line (of the line feed, not of the row); at its end the line feed itself. What is
  /// killed goes to the console's one `killed`, so that another field can yank it; a run of kills is
  /// gathered.
  Edited kill_to_end(std::string& killed);
  Edited kill_line(std::string& killed);  ///< the whole line with its line feed
  Edited yank(std::string_view killed);
  Edited undo();
  Edited redo();

  // ---- Movements. False: it could not move. ----
  bool left();
  bool right();
  bool up();  ///< in the goal column: a run of up and down comes back to its column
  bool down();
  bool word_left();  ///< to the begin of a run of kanji, of kana, of letters and digits, of signs
  bool word_right();
  bool home();  ///< of the row
  bool end();   ///< behind the last character of the row
  bool home_text();
  bool end_text();
  bool move_to(std::size_t caret);  ///< at most graphemes()

  /// Cells of the field, at least 1 × 1. Until then 80 × 1.
  void resize(int width, int height);
  [[nodiscard]] EditorView view() const;
  EditorView view(int width, int height) {
    resize(width, height);
    return view();
  }

 private:
  enum class Run : std::uint8_t { none, typing, erasing, killing };
  enum class Script : std::uint8_t { space, kanji, hiragana, katakana, letter, sign };
  struct Past {
    std::string text;
    std::size_t caret;
  };
  struct Joined {
    std::string text;
    std::size_t caret_byte;
  };
  static constexpr int kNoGoal = -1;

  Edited put(std::string_view piece, Run run);
  Edited cut(std::size_t from, std::size_t to, Run run);
  Edited kill(std::size_t from, std::size_t to, std::string& killed);
  [[nodiscard]] Joined join(std::size_t from, std::string_view piece, std::size_t to) const;
  [[nodiscard]] std::size_t line_feed_from(std::size_t caret) const;
  [[nodiscard]] bool overflows(std::string_view text) const;
  void change(Joined joined, Run run);
  void remember();
  Edited restore(const Past& past);

  void place(std::size_t caret);
  bool move_to_row(std::size_t row, int column);
  [[nodiscard]] std::size_t word_before(std::size_t caret) const;
  [[nodiscard]] std::size_t word_behind(std::size_t caret) const;
  [[nodiscard]] Script script_at(std::size_t grapheme) const;
  [[nodiscard]] static std::optional<Script> script_of(std::string_view grapheme);

  void lay_out();
  void follow();
  [[nodiscard]] Cell caret_cell() const;
  [[nodiscard]] std::size_t rows_of_text() const;
  [[nodiscard]] std::size_t first_from(int column) const;
  [[nodiscard]] EditorView view_of_lines() const;
  [[nodiscard]] EditorView view_of_line() const;
  [[nodiscard]] std::string drawn(std::size_t first, std::size_t last) const;

  EditorKind kind_;
  std::string text_;
  std::size_t caret_ = 0;
  bool behind_ = false;  ///< End put it behind the last character of a soft row
  int goal_ = kNoGoal;   ///< column that up and down keep
  std::uint64_t changed_ = 0;
  Run run_ = Run::none;
  std::deque<Past> past_, future_;
  std::size_t past_bytes_ = 0;
  int width_ = 80, height_ = 1;
  std::size_t top_ = 0;   ///< first row shown
  std::size_t left_ = 0;  ///< first grapheme shown of a field of one line
  Layout layout_;
};

}  // namespace noroshi::tui
