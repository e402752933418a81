#include "client-tui/tui/text/grapheme.hpp"

#include <unictype.h>
#include <unigbrk.h>
#include <unistr.h>
#include <uniwidth.h>
#include <wchar.h>

#include <array>
#include <atomic>
#include <cstdio>

#include "client-tui/tui/text/spelling.hpp"

namespace noroshi::tui {
namespace {

constexpr ucs4_t kJoiner = 0x200D;

const std::uint8_t* bytes_of_text(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

std::atomic<Glyphs> drawable{Glyphs::all};

int width_of(ucs4_t c) {
  if (c > 0x7F && drawable == Glyphs::ascii) return -1;
  return wcwidth(static_cast<wchar_t>(c));
}

bool is_selector(ucs4_t c) {
  return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

bool is_pictograph(ucs4_t c) {
  return c > 0xFF && uc_is_property_extended_pictographic(c);
}

/// Would be acted on, or would hide: wherever it stands.
bool is_hidden(ucs4_t c) {
  if (c < 0x7F) return c < 0x20;
  if (width_of(c) < 0) return true;
  if (uc_is_property_default_ignorable_code_point(c)) return true;
  return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Cn | UC_CATEGORY_MASK_Zl |
                                                 UC_CATEGORY_MASK_Zp | UC_CATEGORY_MASK_Cc);
}

/// Two figures are a byte or an ASCII control, four to six a character beyond ASCII.
std::string number_in_brackets(unsigned number, int figures = 2) {
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), "<%0*X>", figures, number);
  return out.data();
}

/// How one grapheme is drawn.
struct Drawn {
  std::string text;
  int columns = 0;
  bool by_number = false;  ///< nothing but one number in brackets: repeated, it is counted
};

/// Walks through the scalars of one grapheme and decides about each.
class Drawing {
 public:
  void take(ucs4_t c, std::string_view bytes, ucs4_t next) {
    const bool last = ++scalars_ == kScalarsMax;
    if (scalars_ > kScalarsMax || (last && c == kJoiner) || (is_mark(c) && marks_ == kMarksMax)) {
      ++left_out_;
      return;
    }
    if (const auto spelled = c > 0x7F && drawable == Glyphs::ascii ? spelling(c) : std::nullopt) {
      keep(*spelled, static_cast<int>(spelled->size()));
      based_ = pictograph_ = false;
      return;
    }
    const int width = width_of(c);
    const bool joins = c == kJoiner && pictograph_ && is_pictograph(next) && !is_hidden(next);
    const bool selects = is_selector(c) && based_ && !selected_;
    if (joins || selects || (based_ && width == 0 && !is_hidden(c))) {
      selected_ = selected_ || selects;
      keep(bytes, 0);
      ++marks_;
    } else if (width <= 0 || is_hidden(c)) {
      const std::string number = number_in_brackets(c, c < 0x80 ? 2 : 4);
      only_number_ = drawn_.text.empty();
      keep(number, static_cast<int>(number.size()));
      ++marks_;
      // What follows would stand on the bracket.
      based_ = pictograph_ = false;
    } else {
      keep(bytes, width);
      based_ = true;
      selected_ = false;
      marks_ = 0;
      // A skin tone (Extend, but wide) belongs to the pictograph before it.
      pictograph_ = is_pictograph(c) || (pictograph_ && c >= 0x1F3FB && c <= 0x1F3FF);
    }
  }

  Drawn done() && {
    if (left_out_ > 0) {
      const std::string count = "<+" + std::to_string(left_out_) + ">";
      only_number_ = false;
      keep(count, static_cast<int>(count.size()));
    }
    drawn_.by_number = only_number_;
    return std::move(drawn_);
  }

 private:
  static bool is_mark(ucs4_t c) { return width_of(c) <= 0; }
  void keep(std::string_view text, int width) {
    if (!drawn_.text.empty()) only_number_ = false;
    drawn_.text += text;
    drawn_.columns += width;
  }

  Drawn drawn_;
  int scalars_ = 0, marks_ = 0, left_out_ = 0;
  bool based_ = false;       ///< a mark has something to stand on
  bool selected_ = false;    ///< it has its variation selector
  bool pictograph_ = false;  ///< a joiner has something to join
  bool only_number_ = false;
};

bool is_line_feed(std::string_view grapheme) {
  return grapheme == "\n" || grapheme == "\r\n";
}

/// Valid, and in one piece.
Drawn drawn(std::string_view grapheme) {
  Drawing drawing;
  const std::uint8_t* at = bytes_of_text(grapheme);
  std::size_t left = grapheme.size();
  ucs4_t c = 0;
  int length = u8_mbtouc(&c, at, left);
  while (left > 0) {
    const auto size = static_cast<std::size_t>(length);
    const std::string_view bytes = grapheme.substr(grapheme.size() - left, size);
    at += size;
    left -= size;
    ucs4_t next = 0;
    if (left > 0) length = u8_mbtouc(&next, at, left);
    drawing.take(c, bytes, next);
    c = next;
  }
  return std::move(drawing).done();
}

Drawn drawn_byte(std::uint8_t byte) {
  return {number_in_brackets(byte), 4, true};
}

/// Columns of a valid grapheme without drawing it where that can be seen at once: nearly always.
int columns_of(std::string_view grapheme) {
  if (is_line_feed(grapheme)) return 0;
  ucs4_t c = 0;
  const int length = u8_mbtouc(&c, bytes_of_text(grapheme), grapheme.size());
  if (static_cast<std::size_t>(length) == grapheme.size() && !is_hidden(c)) {
    if (const int width = width_of(c); width > 0) return width;
  }
  return drawn(grapheme).columns;
}

/// Calls valid(piece, its place) for each grapheme and invalid(byte, its place) between.
template <typename Valid, typename Invalid>
void each_grapheme(std::string_view text, Valid valid, Invalid invalid) {
  std::vector<char> breaks;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint8_t* begin = bytes_of_text(text) + at;
    const std::uint8_t* bad = u8_check(begin, text.size() - at);
    const std::size_t size = bad != nullptr ? static_cast<std::size_t>(bad - begin) : text.size() - at;
    breaks.assign(size, 0);
    if (size > 0) u8_grapheme_breaks(begin, size, breaks.data());
    for (std::size_t from = 0; from < size;) {
      std::size_t to = from + 1;
      while (to < size && breaks[to] == 0) ++to;
      valid(text.substr(at + from, to - from), at + from);
      from = to;
    }
    at += size;
    if (bad != nullptr) invalid(*bad, at++);
  }
}

}  // namespace

void draw_with(Glyphs glyphs) {
  drawable = glyphs;
}

std::vector<Grapheme> graphemes(std::string_view text) {
  std::vector<Grapheme> out;
  out.reserve(text.size() / 2);
  each_grapheme(
      text,
      [&](std::string_view piece, std::size_t at) {
        out.push_back({at, at + piece.size(), columns_of(piece)});
      },
      [&](std::uint8_t byte, std::size_t at) {
        out.push_back({at, at + 1, drawn_byte(byte).columns});
      });
  return out;
}

std::string printable(std::string_view text, Lines lines) {
  std::string out;
  out.reserve(text.size());
  std::string number;  // the last thing drawn, if it was one that is counted
  std::size_t times = 0;
  const auto flush = [&] {
    if (times == 0) return;
    if (times > 1) number.insert(number.size() - 1, "*" + std::to_string(times));
    out += number;
    times = 0;
  };
  const auto draw = [&](Drawn&& one) {
    if (one.by_number && times > 0 && one.text == number) {
      ++times;
      return;
    }
    flush();
    if (one.by_number) {
      number = std::move(one.text);
      times = 1;
    } else {
      out += one.text;
    }
  };
  each_grapheme(
      text,
      [&](std::string_view piece, std::size_t) {
        if (is_line_feed(piece) && lines == Lines::many) {
          flush();
          out += '\n';
        } else {
          draw(drawn(piece));
        }
      },
      [&](std::uint8_t byte, std::size_t) { draw(drawn_byte(byte)); });
  flush();
  return out;
}

int columns(std::string_view text) {
  int sum = 0;
  for (const Grapheme& one : graphemes(printable(text))) sum += one.columns;
  return sum;
}

std::string fit(std::string_view text, int columns, std::string_view mark) {
  if (columns <= 0) return {};
  std::string out = printable(text);
  const int mark_columns = tui::columns(mark);
  int sum = 0;
  std::size_t kept = 0;  // bytes that fit beside the mark
  for (const Grapheme& one : graphemes(out)) {
    sum += one.columns;
    if (sum + mark_columns <= columns) kept = one.end;
    if (sum > columns) {
      out.resize(kept);
      if (mark_columns <= columns) out += mark;
      return out;
    }
  }
  return out;
}

std::string pad(std::string_view text, int columns, Side side, std::string_view mark) {
  std::string out = fit(text, columns, mark);
  const int missing = columns - tui::columns(out);
  if (missing <= 0) return out;
  const int before = side == Side::left ? 0 : side == Side::right ? missing : missing / 2;
  out.insert(0, static_cast<std::size_t>(before), ' ');
  out.append(static_cast<std::size_t>(missing - before), ' ');
  return out;
}

bool is_ambiguous(std::string_view grapheme) {
  int wide = 0;
  bool pictures = false;
  const std::uint8_t* at = bytes_of_text(grapheme);
  for (std::size_t left = grapheme.size(); left > 0;) {
    ucs4_t c = 0;
    const int length = u8_mbtouc(&c, at, left);
    at += length;
    left -= static_cast<std::size_t>(length);
    if (c < 0x7F) {
      ++wide;
      continue;
    }
    if (uc_width(c, "EUC-JP") != uc_width(c, "UTF-8")) return true;
    if (c == 0xFE0E || c == 0xFE0F || c == 0x20E3) return true;
    pictures = pictures || uc_graphemeclusterbreak_property(c) == GBP_RI || is_pictograph(c);
    if (width_of(c) > 0) ++wide;
  }
  return pictures && wide > 1;
}

}  // namespace noroshi::tui
