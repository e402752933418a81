#include "client-tui/tui/text/editor.hpp"

#include <unictype.h>
#include <unistr.h>

#include <algorithm>

#include "proto/forms/text.hpp"

namespace noroshi::tui {
namespace {

Edited reason_of_refusal(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  return u8_check(bytes, text.size()) != nullptr ? Edited::refused_bytes : Edited::refused_control;
}

std::string joined_in_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// A sentence, a word or a line is done: what is typed next is undone apart.
bool ends_run(std::string_view typed) {
  for (const std::string_view end : {"\n", " ", "　", "。"})
    if (typed.ends_with(end)) return true;
  return false;
}

}  // namespace

/// Nothing for what belongs to the character before it: ー, voicing marks.
std::optional<Editor::Script> Editor::script_of(std::string_view grapheme) {
  ucs4_t c = 0;
  u8_mbtouc(&c, reinterpret_cast<const std::uint8_t*>(grapheme.data()), grapheme.size());
  if (c == 0x30FC || c == 0xFF70 || (c >= 0x3099 && c <= 0x309C) || c == 0xFF9E || c == 0xFF9F)
    return std::nullopt;
  if (uc_is_property_white_space(c)) return Script::space;
  if (c >= 0x3041 && c <= 0x309F) return Script::hiragana;
  if ((c >= 0x30A1 && c <= 0x30FF) || (c >= 0x31F0 && c <= 0x31FF) || (c >= 0xFF66 && c <= 0xFF9D))
    return Script::katakana;
  if (c == 0x3005 || uc_is_property_ideographic(c)) return Script::kanji;
  return uc_is_alnum(c) ? Script::letter : Script::sign;
}

Editor::Editor(EditorKind kind) : kind_(kind), layout_("", kind.many_lines ? width_ : kUnwrapped) {}

std::size_t Editor::chars_left() const {
  if (kind_.chars_max == 0) return bytes_left();
  const std::size_t held = forms::char_count(text_);
  return held < kind_.chars_max ? kind_.chars_max - held : 0;
}

std::size_t Editor::bytes_left() const {
  const std::size_t most = kind_.bytes_max != 0 ? kind_.bytes_max : kEditorBytesMax;
  return text_.size() < most ? most - text_.size() : 0;
}

Edited Editor::set(std::string_view text) {
  auto clean = forms::clean_text(text);
  if (!clean.ok()) return reason_of_refusal(text);
  past_.clear();
  past_bytes_ = 0;
  future_.clear();
  text_ = kind_.many_lines ? *std::move(clean) : joined_in_one_line(*std::move(clean));
  ++changed_;
  run_ = Run::none;
  top_ = left_ = 0;
  lay_out();
  place(layout_.size());
  return Edited::accepted;
}

// ---- Changes --------------------------------------------------------------------------------------------
Edited Editor::insert(std::string_view typed) {
  return put(typed, Run::typing);
}
Edited Editor::paste(std::string_view pasted) {
  return put(pasted, Run::none);
}
Edited Editor::yank(std::string_view killed) {
  return put(killed, Run::none);
}

Edited Editor::put(std::string_view piece, Run run) {
  if (piece.empty()) return Edited::nothing;
  const auto clean = forms::clean_text(piece);
  if (!clean.ok()) return reason_of_refusal(piece);
  Joined joined = join(caret_, kind_.many_lines ? *clean : joined_in_one_line(*clean), caret_);
  if (overflows(joined.text)) return Edited::full;
  change(std::move(joined), run);
  if (ends_run(piece)) run_ = Run::none;
  return Edited::accepted;
}

/// The text with a piece in the place of graphemes [from, to). A mark composes with the kana it comes to
/// stand behind, so the piece is cleaned together with the graphemes on both sides; the rest is clean
/// already. What stands before the end of the piece does not depend on what follows it: there the caret goes.
Editor::Joined Editor::join(std::size_t from, std::string_view piece, std::size_t to) const {
  const std::string_view held = text_;
  const std::size_t near = layout_.byte_of(from > 0 ? from - 1 : 0);
  const std::size_t at = layout_.byte_of(from), behind = layout_.byte_of(to);
  const std::size_t far = layout_.byte_of(std::min(to + 1, layout_.size()));
  const auto left = forms::clean_text(std::string(held.substr(near, at - near)).append(piece));
  NOROSHI_ASSERT(left.ok());
  const auto both = forms::clean_text(*left + std::string(held.substr(behind, far - behind)));
  NOROSHI_ASSERT(both.ok());
  return {std::string(held.substr(0, near)).append(*both).append(held.substr(far)), near + left->size()};
}

/// A text that is over a limit already may still become shorter.
bool Editor::overflows(std::string_view text) const {
  const std::size_t bytes_max = kind_.bytes_max != 0 ? kind_.bytes_max : kEditorBytesMax;
  if (text.size() > bytes_max && text.size() > text_.size()) return true;
  if (kind_.chars_max == 0) return false;
  const std::size_t chars = forms::char_count(text);
  return chars > kind_.chars_max && chars > forms::char_count(text_);
}

Edited Editor::backspace() {
  return cut(caret_ - (caret_ > 0 ? 1 : 0), caret_, Run::erasing);
}
Edited Editor::erase() {
  return cut(caret_, std::min(caret_ + 1, layout_.size()), Run::erasing);
}
Edited Editor::erase_word_left() {
  return cut(word_before(caret_), caret_, Run::none);
}

Edited Editor::cut(std::size_t from, std::size_t to, Run run) {
  if (from == to) return Edited::nothing;
  change(join(from, {}, to), run);
  return Edited::accepted;
}

Edited Editor::kill_to_end(std::string& killed) {
  const std::size_t feed = line_feed_from(caret_);
  return kill(caret_, feed == caret_ ? std::min(caret_ + 1, layout_.size()) : feed, killed);
}

Edited Editor::kill_line(std::string& killed) {
  const std::size_t at = layout_.byte_of(caret_);
  const std::size_t before = at == 0 ? std::string::npos : text_.rfind('\n', at - 1);
  const std::size_t from = before == std::string::npos ? 0 : layout_.caret_of_byte(before + 1);
  return kill(from, std::min(line_feed_from(caret_) + 1, layout_.size()), killed);
}

/// The line feed at or behind a caret, or the end of the text.
std::size_t Editor::line_feed_from(std::size_t caret) const {
  return layout_.caret_of_byte(std::min(text_.find('\n', layout_.byte_of(caret)), text_.size()));
}

Edited Editor::kill(std::size_t from, std::size_t to, std::string& killed) {
  if (from == to) return Edited::nothing;
  if (run_ != Run::killing) killed.clear();
  killed.append(text_, layout_.byte_of(from), layout_.byte_of(to) - layout_.byte_of(from));
  return cut(from, to, Run::killing);
}

void Editor::change(Joined joined, Run run) {
  if (run == Run::none || run != run_) remember();
  run_ = run;
  future_.clear();
  text_ = std::move(joined.text);
  ++changed_;
  lay_out();
  place(layout_.caret_of_byte(joined.caret_byte));
}

void Editor::remember() {
  past_.push_back({text_, caret_});
  past_bytes_ += text_.size();
  while (past_.size() > kUndoMax || (past_bytes_ > kUndoBytes && past_.size() > 1)) {
    past_bytes_ -= past_.front().text.size();
    past_.pop_front();
  }
}

Edited Editor::undo() {
  if (past_.empty()) return Edited::nothing;
  future_.push_back({text_, caret_});
  const Past back = std::move(past_.back());
  past_.pop_back();
  past_bytes_ -= back.text.size();
  return restore(back);
}

Edited Editor::redo() {
  if (future_.empty()) return Edited::nothing;
  remember();
  const Past forth = std::move(future_.back());
  future_.pop_back();
  return restore(forth);
}

Edited Editor::restore(const Past& past) {
  text_ = past.text;
  ++changed_;
  run_ = Run::none;
  lay_out();
  place(past.caret);
  return Edited::accepted;
}

// ---- Movements ------------------------------------------------------------------------------------------
/// The caret without ending a run of changes; its column becomes the goal.
void Editor::place(std::size_t caret) {
  caret_ = std::min(caret, layout_.size());
  behind_ = false;
  goal_ = kNoGoal;
  follow();
}

bool Editor::move_to(std::size_t caret) {
  const bool moved = caret != caret_ || behind_;
  run_ = Run::none;
  place(caret);
  return moved;
}

bool Editor::left() {
  return caret_ > 0 && move_to(caret_ - 1);
}
bool Editor::right() {
  return caret_ < layout_.size() && move_to(caret_ + 1);
}
bool Editor::home_text() {
  return move_to(0);
}
bool Editor::end_text() {
  return move_to(layout_.size());
}
bool Editor::word_left() {
  return move_to(word_before(caret_));
}
bool Editor::word_right() {
  return move_to(word_behind(caret_));
}

bool Editor::up() {
  const Cell cell = caret_cell();
  return cell.row > 0 && move_to_row(cell.row - 1, cell.column);
}

bool Editor::down() {
  const Cell cell = caret_cell();
  return cell.row < layout_.cell_of(layout_.size()).row && move_to_row(cell.row + 1, cell.column);
}

bool Editor::move_to_row(std::size_t row, int column) {
  const int goal = goal_ == kNoGoal ? column : goal_;
  move_to(layout_.caret_at({row, goal}));
  goal_ = goal;
  return true;
}

bool Editor::home() {
  const std::size_t row = caret_cell().row;
  return row < layout_.rows().size() && move_to(layout_.rows()[row].first);
}

bool Editor::end() {
  const std::size_t row = caret_cell().row;
  if (row >= layout_.rows().size()) return false;
  const std::size_t target = layout_.caret_of_byte(layout_.rows()[row].end);
  const bool behind = layout_.cell_of(target).row != row;
  if (target == caret_ && behind == behind_) return false;
  move_to(target);
  behind_ = behind;
  follow();
  return true;
}

std::size_t Editor::word_before(std::size_t caret) const {
  while (caret > 0 && script_at(caret - 1) == Script::space) --caret;
  if (caret == 0) return 0;
  const Script script = script_at(caret - 1);
  while (caret > 0 && script_at(caret - 1) == script) --caret;
  return caret;
}

std::size_t Editor::word_behind(std::size_t caret) const {
  const std::size_t size = layout_.size();
  if (caret == size) return size;
  const Script script = script_at(caret);
  while (caret < size && script_at(caret) == script) ++caret;
  while (caret < size && script_at(caret) == Script::space) ++caret;
  return caret;
}

Editor::Script Editor::script_at(std::size_t grapheme) const {
  for (;; --grapheme) {
    const Grapheme& one = layout_.graphemes()[grapheme];
    const auto script = script_of(std::string_view(text_).substr(one.begin, one.end - one.begin));
    if (script || grapheme == 0) return script.value_or(Script::sign);
  }
}

// ---- View -----------------------------------------------------------------------------------------------
void Editor::lay_out() {
  layout_ = Layout(text_, kind_.many_lines ? width_ : kUnwrapped);
}

void Editor::resize(int width, int height) {
  width = std::max(width, 1);
  height = std::max(height, 1);
  if (width == width_ && height == height_) return;
  const bool rewrap = kind_.many_lines && width != width_;
  width_ = width;
  height_ = height;
  if (rewrap) {
    behind_ = false;
    goal_ = kNoGoal;
    lay_out();
  }
  follow();
}

Cell Editor::caret_cell() const {
  return behind_ ? layout_.cell_behind(caret_) : layout_.cell_of(caret_);
}

std::size_t Editor::rows_of_text() const {
  return std::max(layout_.rows().size(), caret_cell().row + 1);
}

/// Brings the caret into the view. Down and up by rows; to the sides by a third of the width at once, so that
/// a slow line does not carry the whole field for each key.
void Editor::follow() {
  const Cell cell = caret_cell();
  if (kind_.many_lines) {
    const auto height = static_cast<std::size_t>(height_);
    const std::size_t rows = rows_of_text();
    if (top_ + height > rows) top_ = rows > height ? rows - height : 0;
    if (cell.row < top_) top_ = cell.row;
    if (cell.row >= top_ + height) top_ = cell.row - height + 1;
    return;
  }
  const int all = layout_.rows().front().columns;
  const int shown_from = left_ < layout_.size() ? layout_.cell_of(left_).column : all;
  if (all < width_) {
    left_ = 0;
  } else if (cell.column - shown_from >= width_) {
    left_ = first_from(cell.column - (width_ - 1) * 2 / 3);
  } else if (left_ > 0 && caret_ <= left_) {
    left_ = first_from(cell.column - width_ / 3);
  }
}

/// The first grapheme of the line at or behind a column.
std::size_t Editor::first_from(int column) const {
  if (column <= 0) return 0;
  const std::size_t at = layout_.caret_at({0, column});
  return layout_.cell_of(at).column < column ? std::min(at + 1, caret_) : at;
}

EditorView Editor::view() const {
  return kind_.many_lines ? view_of_lines() : view_of_line();
}

EditorView Editor::view_of_lines() const {
  const Cell cell = caret_cell();
  EditorView out;
  out.first_row = top_;
  out.rows_of_text = rows_of_text();
  out.caret_row = static_cast<int>(cell.row - top_);
  out.caret_column = std::min(cell.column, width_ - 1);
  const std::size_t to = std::min(out.rows_of_text, top_ + static_cast<std::size_t>(height_));
  for (std::size_t row = top_; row < to; ++row) {
    if (row >= layout_.rows().size()) {
      out.rows.emplace_back();
    } else {
      const Row& one = layout_.rows()[row];
      out.rows.push_back(drawn(one.first, layout_.caret_of_byte(one.end)));
    }
  }
  return out;
}

EditorView Editor::view_of_line() const {
  const int from = layout_.cell_of(left_).column;
  EditorView out;
  out.more_left = left_ > 0;
  std::size_t last = left_;
  while (last < layout_.size()) {
    const int behind = layout_.cell_of(last).column + layout_.graphemes()[last].columns - from;
    if (behind > width_) break;
    ++last;
  }
  out.more_right = last < layout_.size();
  out.caret_column = std::min(layout_.cell_of(caret_).column - from, width_ - 1);
  out.rows.push_back(drawn(left_, last));
  return out;
}

/// Graphemes [first, last), each as it was counted: a run of the same hidden character is not drawn together
/// here, or the caret would stand elsewhere.
std::string Editor::drawn(std::size_t first, std::size_t last) const {
  std::string out;
  for (std::size_t i = first; i < last; ++i) {
    const Grapheme& one = layout_.graphemes()[i];
    out += printable(std::string_view(text_).substr(one.begin, one.end - one.begin));
  }
  return last == first + 1 ? fit(out, width_) : out;
}

}  // namespace noroshi::tui
