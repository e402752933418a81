#include "client-tui/tui/terminal.hpp"

// Its functions, not its macros of the same names.
#define NCURSES_NOMACROS
#include <curses.h>
#include <langinfo.h>
#include <poll.h>
#include <unistd.h>

#include <climits>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <numeric>

#include "client-tui/tui/doubtful_cells.hpp"
#include "client-tui/tui/text/grapheme.hpp"
#include "keys/language.hpp"

namespace noroshi::tui {
namespace {

/// Bracketed paste, as xterm names it: what stands between these two was pasted, not typed.
constexpr int kPasteBegin = KEY_MAX + 1, kPasteEnd = KEY_MAX + 2;
/// More than any field holds; the rest of a pasted book is read and dropped.
constexpr std::size_t kPasteMax = 64 * 1024;
/// A lone Escape against the first byte of a key: a serial line of 2,400 baud sends a byte in 4 ms.
constexpr int kEscapeMs = 50;
/// A paste that stops in the middle for so long is taken as it is.
constexpr int kPasteStallMs = 1'000;

enum : short { kAlarmPair = 1, kCautionPair = 2 };

std::string utf8(wint_t scalar) {
  char bytes[MB_LEN_MAX];
  std::mbstate_t state{};
  const std::size_t size = std::wcrtomb(bytes, static_cast<wchar_t>(scalar), &state);
  return size == static_cast<std::size_t>(-1) ? std::string() : std::string(bytes, size);
}

std::optional<Key::Kind> kind_of(int code) {
  using Kind = Key::Kind;
  switch (code) {
    case KEY_UP: return Kind::up;
    case KEY_DOWN: return Kind::down;
    case KEY_LEFT: return Kind::left;
    case KEY_RIGHT: return Kind::right;
    case KEY_HOME: return Kind::home;
    case KEY_END: return Kind::end;
    case KEY_PPAGE: return Kind::page_up;
    case KEY_NPAGE: return Kind::page_down;
    case KEY_ENTER: return Kind::enter;
    case KEY_BACKSPACE: return Kind::backspace;
    case KEY_DC: return Kind::del;
    case KEY_BTAB: return Kind::back_tab;
    case KEY_F(1): return Kind::f1;
    default: return std::nullopt;
  }
}

/// Control characters as the keys that send them.
Key key_of_char(wint_t scalar) {
  using Kind = Key::Kind;
  switch (scalar) {
    case '\r':
    case '\n': return {Kind::enter, {}};
    case '\t': return {Kind::tab, {}};
    case 0x1B: return {Kind::escape, {}};
    case 0x7F:
    case '\b': return {Kind::backspace, {}};
    default: break;
  }
  if (scalar < 0x20) return {Kind::control, std::string(1, static_cast<char>(scalar + 0x60))};
  return typed(utf8(scalar));
}

/// Nothing where the character set is UTF-8.
std::optional<Error> set_locale() {
  std::setlocale(LC_ALL, "");
  const std::string named = ::nl_langinfo(CODESET);
  if (named == "UTF-8") return std::nullopt;
  // Without a locale there is nothing that would contradict UTF-8; with another one the terminal means it.
  const bool unset = std::strcmp(std::setlocale(LC_CTYPE, nullptr), "C") == 0 ||
                     std::strcmp(std::setlocale(LC_CTYPE, nullptr), "POSIX") == 0;
  if (unset && std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr) return std::nullopt;
  return keys::no(
      Code::config,
      "端末の文字コードが UTF-8 ではありません（" + named + "）: LANG=ja_JP.UTF-8 で起動してください",
      "the terminal's character set is not UTF-8 (" + named + "): start it with LANG=ja_JP.UTF-8");
}

void write_out(const char* text) {
  std::fputs(text, stdout);
  std::fflush(stdout);
}

}  // namespace

struct Terminal::Held {
  SCREEN* screen = nullptr;
  bool colours = false;
  /// One row as it was painted last.
  struct Row {
    std::string text;  ///< without the first column: a mark that comes and goes there moves nothing
    std::vector<Overlay> over;
    bool operator==(const Row&) const = default;
  };
  std::vector<Row> rows;
  Size size{0, 0};
  [[nodiscard]] static chtype pair(short number) { return static_cast<chtype>(COLOR_PAIR(number)); }
  [[nodiscard]] chtype look(Style style) const {
    switch (style) {
      // A change of look costs ten bytes there and back: the cursor's mark and what is being typed go
      // without.
      case Style::plain:
      case Style::label:
      case Style::chosen:
      case Style::entry: return A_NORMAL;
      case Style::title: return A_BOLD;
      case Style::caution: return colours ? A_BOLD | pair(kCautionPair) : A_BOLD;
      case Style::alarm: return colours ? A_BOLD | pair(kAlarmPair) : A_BOLD | A_REVERSE;
    }
    return A_NORMAL;
  }
  /// Past curses, which knows nothing of it; so whoever is done puts the cursor back (`text` empty).
  void write(Place place, const std::string& text, Style style) const {
    const char* address = ::tigetstr("cup");
    if (address == nullptr || address == reinterpret_cast<char*>(-1)) return;  // curses needs it as well
    ::putp(::tiparm(address, place.row, place.column));
    if (text.empty()) return;
    ::vidattr(look(style));
    std::fputs(text.c_str(), stdout);
    ::vidattr(A_NORMAL);
  }
};

Terminal::Terminal() : held_(std::make_unique<Held>()) {}

Result<std::unique_ptr<Terminal>> Terminal::open(Theme theme) {
  if (auto wrong = set_locale()) return *std::move(wrong);
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) {
    return keys::no(Code::unavailable,
                    "端末ではありません: コマンドで使うか（noroshi --help）端末で起動してください",
                    "this is no terminal: use the commands (noroshi --help), or start it in one");
  }
  std::unique_ptr<Terminal> out(new Terminal);
  out->held_->screen = ::newterm(nullptr, stdout, stdin);
  if (out->held_->screen == nullptr) {
    const char* name = std::getenv("TERM");
    const std::string kind = name != nullptr ? name : "";
    return keys::no(Code::config,
                    "端末の種類がわかりません（TERM=" + kind + "）: TERM=vt100 で試してください",
                    "the kind of terminal is not known (TERM=" + kind + "): try TERM=vt100");
  }
  ::set_term(out->held_->screen);
  ::raw();
  ::noecho();
  ::nonl();
  ::keypad(stdscr, TRUE);
  ::set_escdelay(kEscapeMs);
  ::define_key("\033[200~", kPasteBegin);
  ::define_key("\033[201~", kPasteEnd);
  const char* no_colour = std::getenv("NO_COLOR");
  const bool wanted = theme != Theme::mono && (no_colour == nullptr || *no_colour == '\0');
  if (wanted && ::has_colors()) {
    ::start_color();
    ::use_default_colors();
    // Yellow cannot be read on white.
    const short caution = theme == Theme::light ? COLOR_BLUE : COLOR_YELLOW;
    out->held_->colours =
        ::init_pair(kAlarmPair, COLOR_RED, -1) == OK && ::init_pair(kCautionPair, caution, -1) == OK;
  }
  write_out("\033[?2004h");
  return out;
}

Terminal::~Terminal() {
  if (held_->screen == nullptr) return;
  write_out("\033[?2004l");
  ::endwin();
  ::delscreen(held_->screen);
}

Size Terminal::size() const {
  return {LINES, COLS};
}

bool Terminal::is_slow() const {
  constexpr int kFast = 38'400;
  const int rate = ::baudrate();
  return rate > 0 && rate < kFast;
}

void Terminal::bell() {
  ::beep();
}

Terminal::Heard Terminal::read(Key& key, Millis wait) {
  const auto next = [](wint_t& scalar, int ms) {
    ::wtimeout(stdscr, ms);
    return ::get_wch(&scalar);
  };
  wint_t scalar = 0;
  int heard = next(scalar, 0);
  if (heard == ERR) {
    pollfd line{STDIN_FILENO, POLLIN, 0};
    const int ready = ::poll(&line, 1, static_cast<int>(wait.count));
    if (ready > 0 && (line.revents & POLLIN) == 0) return Heard::gone;
    heard = next(scalar, 0);
    if (heard == ERR && ready > 0 && (line.revents & POLLHUP) != 0) return Heard::gone;
  }
  if (heard == ERR) return Heard::nothing;
  if (heard == KEY_CODE_YES) {
    const int code = static_cast<int>(scalar);
    if (code == KEY_RESIZE) return Heard::resized;
    if (code == kPasteBegin) {
      key = {Key::Kind::paste, {}};
      while ((heard = next(scalar, kPasteStallMs)) != ERR) {
        if (heard == KEY_CODE_YES && static_cast<int>(scalar) == kPasteEnd) break;
        if (heard == OK && key.text.size() < kPasteMax) key.text += utf8(scalar);
      }
      return Heard::key;
    }
    const auto kind = kind_of(code);
    if (!kind) return Heard::nothing;
    key = {*kind, {}};
    return Heard::key;
  }
  key = key_of_char(scalar);
  // A letter right behind an Escape was held with Alt; anything else there is a key of its own.
  if (key.kind == Key::Kind::escape && (heard = next(scalar, 0)) != ERR) {
    if (heard == OK && scalar >= 0x20) {
      key = {Key::Kind::alt, utf8(scalar)};
    } else if (heard == OK) {
      ::unget_wch(static_cast<wchar_t>(scalar));
    } else {
      ::ungetch(static_cast<int>(scalar));
    }
  }
  return Heard::key;
}

void Terminal::paint(const Screen& screen) {
  const Size size = screen.size();
  if (held_->size != size) held_->rows.assign(static_cast<std::size_t>(size.rows), {});
  held_->size = size;
  std::vector<int> changed;
  ::werase(stdscr);
  for (int row = 0; row < size.rows; ++row) {
    Held::Row now{{}, overlays(screen, row)};
    for (int column = 0; column < size.columns; ++column) {
      const Glyph& cell = screen.cell({row, column});
      if (column > 0) now.text += cell.text;
      if (cell.text.empty() || (cell.text == " " && cell.style == Style::plain)) continue;
      ::wattrset(stdscr, static_cast<int>(held_->look(cell.style)));
      const std::string text = is_doubtful(cell.text) ? stand_in(columns(cell.text)) : cell.text;
      ::mvwaddstr(stdscr, row, column, text.c_str());
    }
    Held::Row& before = held_->rows[static_cast<std::size_t>(row)];
    if (now == before) continue;
    changed.push_back(row);
    before = std::move(now);
  }
  ::wattrset(stdscr, A_NORMAL);
  Place caret = screen.caret().value_or(Place{size.rows - 1, 0});
  caret.column = std::min(caret.column, size.columns - 1);
  ::wmove(stdscr, caret.row, caret.column);
  ::wrefresh(stdscr);
  lay_over(changed, caret);
}

void Terminal::lay_over(std::vector<int> changed, Place caret) {
  // Where several rows change, curses may have scrolled, and have written others again as well.
  if (changed.size() > 1) {
    changed.resize(held_->rows.size());
    std::iota(changed.begin(), changed.end(), 0);
  }
  bool any = false;
  for (const int row : changed) {
    for (const Overlay& one : held_->rows[static_cast<std::size_t>(row)].over) {
      held_->write({row, one.column}, one.text, one.style);
      any = true;
    }
  }
  if (!any) return;
  held_->write(caret, {}, {});
  std::fflush(stdout);
}

void Terminal::forget() {
  ::clearok(curscr, TRUE);
  held_->rows.assign(held_->rows.size(), {});
}

void Terminal::suspend() {
  write_out("\033[?2004l");
  std::raise(SIGTSTP);  // curses gives the terminal back, and takes it again afterwards
  write_out("\033[?2004h");
  forget();
}

}  // namespace noroshi::tui
