#include "client-tui/tui/text/wrap.hpp"

#include <unilbrk.h>
#include <unistr.h>

#include <algorithm>

namespace noroshi::tui {
namespace {

/// For each byte: whether a row may begin here. As in a Japanese text, where ○ ● ※ ① are like kanji (the
/// encoding asks for nothing else). Text that is not UTF-8 has no such places.
std::vector<char> break_places(std::string_view text) {
  std::vector<char> out(text.size(), UC_BREAK_PROHIBITED);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  if (!text.empty() && u8_check(bytes, text.size()) == nullptr)
    u8_possible_linebreaks(bytes, text.size(), "EUC-JP", out.data());
  return out;
}

}  // namespace

Layout::Layout(std::string_view text, int width)
    : width_(std::max(width, 1)), bytes_(text.size()), graphemes_(tui::graphemes(text)) {
  const std::vector<char> places = break_places(text);
  const std::size_t count = graphemes_.size();
  column_.resize(count);
  const auto is = [&](std::size_t grapheme, char c) {
    return grapheme < count && text[graphemes_[grapheme].end - 1] == c;
  };

  std::size_t first = 0;  // of the row being filled
  int filled = 0;         // its columns so far
  std::size_t place = 0;  // the last grapheme before which it may end; first: none
  const auto end_row = [&](std::size_t drawn_to, std::size_t last, bool hard) {
    const std::size_t begin = first < count ? graphemes_[first].begin : bytes_;
    const std::size_t end = drawn_to > first ? graphemes_[drawn_to - 1].end : begin;
    const int columns = drawn_to > first ? column_[drawn_to - 1] + graphemes_[drawn_to - 1].columns : 0;
    rows_.push_back({first, last, begin, end, columns, hard});
    first = place = last;
    filled = 0;
  };

  std::size_t next = 0;
  while (next < count) {
    if (is(next, '\n')) {
      column_[next] = filled;
      end_row(next, next + 1, true);
      ++next;
      continue;
    }
    if (next > first && places[graphemes_[next].begin] == UC_BREAK_POSSIBLE) place = next;
    if (filled + graphemes_[next].columns <= width_ || next == first) {
      column_[next] = filled;
      filled += graphemes_[next].columns;
      ++next;
    } else if (is(next, ' ')) {
      // Undrawn, and the line feed that may follow ends the same row.
      column_[next] = filled;
      const std::size_t drawn_to = next++;
      const bool hard = is(next, '\n');
      if (hard) column_[next] = filled + 1, ++next;
      end_row(drawn_to, next, hard);
    } else {
      next = place > first ? place : next;
      end_row(next, next, false);
    }
  }
  if (first < count || rows_.empty() || rows_.back().hard) end_row(count, count, false);
}

std::size_t Layout::row_of(std::size_t grapheme) const {
  const auto after = std::upper_bound(rows_.begin(), rows_.end(), grapheme,
                                      [](std::size_t one, const Row& row) { return one < row.first; });
  return static_cast<std::size_t>(after - rows_.begin()) - 1;
}

/// Or ended by an undrawn space: the next character would begin a new row.
bool Layout::last_row_full() const {
  const Row& row = rows_.back();
  if (row.first == row.last) return false;
  return row.columns >= width_ || graphemes_[row.last - 1].end != row.end;
}

Cell Layout::cell_of(std::size_t caret) const {
  if (caret < size()) return {row_of(caret), column_[caret]};
  if (last_row_full()) return {rows_.size(), 0};
  return {rows_.size() - 1, rows_.back().columns};
}

Cell Layout::cell_behind(std::size_t caret) const {
  if (caret == 0 || caret > size()) return cell_of(caret);
  const std::size_t row = row_of(caret - 1);
  if (rows_[row].hard && rows_[row].last == caret) return cell_of(caret);
  return {row, column_[caret - 1] + graphemes_[caret - 1].columns};
}

std::size_t Layout::caret_at(Cell cell) const {
  if (cell.row >= rows_.size()) return size();
  const Row& row = rows_[cell.row];
  const bool ends_text = cell.row + 1 == rows_.size();
  if (ends_text && !last_row_full() && cell.column >= row.columns) return size();
  std::size_t caret = row.first;
  while (caret + 1 < row.last && column_[caret + 1] <= cell.column) ++caret;
  return caret;
}

std::size_t Layout::byte_of(std::size_t caret) const {
  return caret < size() ? graphemes_[caret].begin : bytes_;
}

std::size_t Layout::caret_of_byte(std::size_t byte) const {
  const auto found = std::lower_bound(graphemes_.begin(), graphemes_.end(), byte,
                                      [](const Grapheme& one, std::size_t at) { return one.begin < at; });
  return static_cast<std::size_t>(found - graphemes_.begin());
}

}  // namespace noroshi::tui
