// Any bytes as a text that was received, typed and pasted: shown, laid out, edited and read as each kind of
// value. The first byte says how wide the field is.
#include <clocale>

#include "client-tui/tui/text/count_entry.hpp"
#include "client-tui/tui/text/editor.hpp"
#include "proto/forms/entry.hpp"
#include "proto/forms/text.hpp"
#include "tests/fuzz/accepted.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::tui;

constexpr WallTime kNow{1234};

void read_as_values(std::string_view text) {
  if (const auto count = forms::parse_count(text)) NOROSHI_ASSERT(forms::parse_count(typed(*count)) == count);
  if (const auto time = forms::parse_when(text, kNow))
    NOROSHI_ASSERT(forms::parse_when(forms::typed(*time, kNow), kNow) == time);
  if (const auto date = forms::parse_day(text, kNow))
    NOROSHI_ASSERT(forms::parse_day(forms::typed(*date, kNow), kNow) == date);
  if (const auto point = forms::parse_point(text)) NOROSHI_ASSERT(forms::parse_point(typed(*point)) == point);
  CountEntry entry;
  (void)entry.type(text);
  (void)entry.shown(forms::Language::ja);
}

void show(std::string_view text, int width) {
  const std::string shown = printable(text, Lines::many);
  NOROSHI_ASSERT(shown.size() <= 4 * text.size());
  NOROSHI_ASSERT(printable(shown, Lines::many) == shown);
  NOROSHI_ASSERT(columns(fit(text, width)) <= width);
  const Layout layout(text, width);
  for (std::size_t caret = 0; caret <= layout.size(); ++caret)
    NOROSHI_ASSERT(layout.caret_at(layout.cell_of(caret)) == caret);
}

bool edit(std::string_view text, int width) {
  Editor editor({.many_lines = width % 2 == 0});
  editor.resize(width, 3);
  const bool taken = editor.paste(text) == Edited::accepted;
  NOROSHI_ASSERT(forms::is_clean(editor.text()));
  while (editor.word_left()) (void)editor.backspace();
  for (int i = 0; i < 8; ++i) {
    (void)editor.up();
    (void)editor.insert("あ");
    (void)editor.end();
    for (const std::string& row : editor.view().rows) NOROSHI_ASSERT(columns(row) <= width);
  }
  while (editor.undo() == Edited::accepted) {
  }
  NOROSHI_ASSERT(editor.text().empty());
  return taken;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const char* const utf8 = std::setlocale(LC_CTYPE, "C.UTF-8");
  if (utf8 == nullptr || size == 0 || size > 4096) return 0;
  const int width = 1 + data[0] % 40;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  show(text, width);
  read_as_values(text);
  if (edit(text, width)) fuzz::accepted.count();
  return 0;
}
