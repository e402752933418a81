// A million edits against a list of strings.
#include "client-tui/tui/text/editor.hpp"

#include <unigbrk.h>
#include <unistr.h>

#include <algorithm>

#include "proto/forms/text.hpp"
#include "tests/property/tui/dice.hpp"
#include "tests/support/catch.hpp"

namespace noroshi::tui {
namespace {

using test::Dice;

/// A text as a list of characters, every operation as its definition says. It knows no rows.
class Model {
 public:
  explicit Model(EditorKind kind) : kind_(kind) {}

  std::string text() const { return joined(0, letters_.size()); }
  std::size_t caret() const { return caret_; }
  std::size_t size() const { return letters_.size(); }
  char run() const { return run_; }
  void stand(std::size_t caret) { caret_ = caret, run_ = ' '; }

  Edited put(std::string_view piece, char run) {
    if (piece.empty()) return Edited::nothing;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(piece.data());
    if (u8_check(bytes, piece.size()) != nullptr) return Edited::refused_bytes;
    auto clean = forms::clean_text(piece);
    if (!clean.ok()) return Edited::refused_control;
    if (!kind_.many_lines) std::replace(clean->begin(), clean->end(), '\n', ' ');
    const std::string before = *forms::clean_text(joined(0, caret_) + *clean);
    const std::string all = *forms::clean_text(before + joined(caret_, letters_.size()));
    if (kind_.chars_max != 0 && forms::char_count(all) > kind_.chars_max &&
        forms::char_count(all) > forms::char_count(text()))
      return Edited::full;
    if (all.size() > kind_.bytes_max && all.size() > text().size()) return Edited::full;
    become(all, before.size(), run);
    for (const char* end : {"\n", " ", "　", "。"})
      if (piece.ends_with(end)) run_ = ' ';
    return Edited::accepted;
  }

  Edited cut(std::size_t from, std::size_t to, char run) {
    if (from == to) return Edited::nothing;
    const std::size_t at = joined(0, from).size();
    become(*forms::clean_text(joined(0, from) + joined(to, letters_.size())), at, run);
    return Edited::accepted;
  }

  /// Begin and end of the line with the caret, its line feed too.
  std::pair<std::size_t, std::size_t> line() const {
    std::size_t from = caret_;
    while (from > 0 && letters_[from - 1] != "\n") --from;
    return {from, std::min(line_end() + 1, letters_.size())};
  }
  /// From the caret to the line feed; on it, the line feed.
  std::pair<std::size_t, std::size_t> rest_of_line() const {
    const std::size_t to = line_end();
    return {caret_, to == caret_ ? std::min(to + 1, letters_.size()) : to};
  }
  std::string joined(std::size_t from, std::size_t to) const {
    std::string out;
    for (; from < to; ++from) out += letters_[from];
    return out;
  }

  Edited undo() { return step(past_, future_); }
  Edited redo() { return step(future_, past_); }

  /// The next line feed at or behind the caret, or the end.
  std::size_t line_end() const {
    return static_cast<std::size_t>(
        std::find(letters_.begin() + static_cast<std::ptrdiff_t>(caret_), letters_.end(), "\n") -
        letters_.begin());
  }

 private:
  using Snapshot = std::pair<std::string, std::size_t>;

  void become(const std::string& text, std::size_t caret_byte, char run) {
    if (run == ' ' || run != run_) past_.emplace_back(this->text(), caret_);
    if (past_.size() > kUndoMax) past_.erase(past_.begin());
    future_.clear();
    run_ = run;
    letters_ = letters_of(text);
    std::size_t byte = 0;
    for (caret_ = 0; caret_ < letters_.size() && byte < caret_byte; ++caret_) byte += letters_[caret_].size();
  }
  Edited step(std::vector<Snapshot>& from, std::vector<Snapshot>& to) {
    if (from.empty()) return Edited::nothing;
    to.emplace_back(text(), caret_);
    letters_ = letters_of(from.back().first);
    caret_ = from.back().second;
    from.pop_back();
    run_ = ' ';
    return Edited::accepted;
  }
  static std::vector<std::string> letters_of(const std::string& text) {
    std::vector<char> breaks(text.size());
    if (!text.empty())
      u8_grapheme_breaks(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), breaks.data());
    std::vector<std::string> out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (breaks[i] != 0) out.emplace_back();
      out.back() += text[i];
    }
    return out;
  }

  EditorKind kind_;
  std::vector<std::string> letters_;
  std::size_t caret_ = 0;
  char run_ = ' ';
  std::vector<Snapshot> past_, future_;
};

/// What every view promises.
void check_view(const Editor& editor, int width, int height) {
  const EditorView view = editor.view();
  REQUIRE(!view.rows.empty());
  REQUIRE(view.rows.size() <= static_cast<std::size_t>(height));
  for (const std::string& row : view.rows) REQUIRE(columns(row) <= width);
  REQUIRE((view.caret_column >= 0 && view.caret_column < width));
  REQUIRE((view.caret_row >= 0 && view.caret_row < static_cast<int>(view.rows.size())));
  REQUIRE(view.first_row + view.rows.size() <= view.rows_of_text);
  REQUIRE(forms::is_clean(editor.text()));
}

std::string piece_for(Dice& dice) {
  if (dice.chance(40)) return std::string(dice.one_of(test::kRefused));
  if (dice.chance(30)) return test::text_of_pieces(dice, 12);
  return std::string(dice.one_of(test::kPieces));
}

/// `edits` random edits of one field, compared after each.
void play(Dice& dice, std::size_t edits) {
  const EditorKind kind{
      .many_lines = dice.chance(2), .chars_max = dice.chance(3) ? 0u : 30u, .bytes_max = 90};
  int width = 1 + static_cast<int>(dice.below(24));
  int height = 1 + static_cast<int>(dice.below(4));
  Editor editor(kind);
  editor.resize(width, height);
  Model model(kind);
  std::string killed, model_killed;
  const auto same = [](Edited a, Edited b) { REQUIRE(a == b); };
  const auto moved = [&](bool did, std::size_t caret) {
    REQUIRE(did == (caret != model.caret()));
    if (did) model.stand(caret);
  };
  for (std::size_t i = 0; i < edits; ++i) {
    const std::uint64_t changed = editor.changed();
    const std::string before = editor.text();
    switch (dice.below(24)) {
      default: {
        const std::string piece = piece_for(dice);
        same(editor.insert(piece), model.put(piece, 't'));
        break;
      }
      case 0:
      case 1:
      case 2:
        same(editor.backspace(), model.cut(model.caret() - (model.caret() > 0 ? 1 : 0), model.caret(), 'e'));
        break;
      case 3:
        same(editor.erase(), model.cut(model.caret(), std::min(model.caret() + 1, model.size()), 'e'));
        break;
      case 4: {
        const std::string piece = test::text_of_pieces(dice, 20);
        same(editor.paste(piece), model.put(piece, ' '));
        break;
      }
      case 5: moved(editor.left(), model.caret() - (model.caret() > 0 ? 1 : 0)); break;
      case 6: moved(editor.right(), std::min(model.caret() + 1, model.size())); break;
      case 7: {
        const bool whole_line = dice.chance(3);
        const auto [from, to] = whole_line ? model.line() : model.rest_of_line();
        if (from < to) model_killed = (model.run() == 'k' ? model_killed : "") + model.joined(from, to);
        same(whole_line ? editor.kill_line(killed) : editor.kill_to_end(killed), model.cut(from, to, 'k'));
        REQUIRE(killed == model_killed);
        break;
      }
      case 8: same(editor.yank(killed), model.put(killed, ' ')); break;
      case 9:
      case 10: same(editor.undo(), model.undo()); break;
      case 11: same(editor.redo(), model.redo()); break;
      case 12: {
        // By rows: the model knows none, so it follows; the text must stay, and the caret in it.
        switch (dice.below(6)) {
          case 0: editor.up(); break;
          case 1: editor.down(); break;
          case 2: editor.home(); break;
          case 3: editor.end(); break;
          case 4: editor.word_left(); break;
          default: editor.word_right(); break;
        }
        REQUIRE(editor.caret() <= model.size());
        editor.move_to(editor.caret());  // ends a run of changes, as the model's stand does
        model.stand(editor.caret());
        break;
      }
      case 13:
        width = 1 + static_cast<int>(dice.below(24));
        height = 1 + static_cast<int>(dice.below(4));
        editor.resize(width, height);
        break;
    }
    REQUIRE(editor.text() == model.text());
    REQUIRE(editor.caret() == model.caret());
    REQUIRE((editor.changed() != changed) >= (editor.text() != before));
    if (i % 8 == 0) check_view(editor, width, height);
  }
}

TEST_CASE("a million random edits leave exactly what a list of characters holds") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr std::size_t kFields = 80;
#else
  constexpr std::size_t kFields = 500;
#endif
  Dice dice(20240101);
  for (std::size_t field = 0; field < kFields; ++field) {
    INFO("field " << field);
    play(dice, 2'000);
  }
}

}  // namespace
}  // namespace noroshi::tui
