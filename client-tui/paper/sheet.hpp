// What stands on paper, before it is known how it is printed: a report, a form to fill in, a board. Texts are
// as they are; whoever writes them down (text_page, html_page) makes them harmless.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace noroshi::paper {

/// Begins a part; never the last line of a page.
struct Section {
  std::string title;
};
struct Entry {
  std::string label, text;
};
struct Line {
  std::string text;
  bool strong = false;  ///< nobody may miss it
};
/// A place to write by hand.
struct Blank {
  std::string label;
  std::string unit;                  ///< behind the place: "戸"
  std::vector<std::string> choices;  ///< with a mark in front of each
  bool several = false;              ///< more than one of them may be marked
  bool digit = false;                ///< the choices begin with their digit, and one digit is written
  std::string frame;                 ///< "____年 __月 __日" instead of a ruled line
  int lines = 1;                     ///< ruled lines; 0 = the choices are all
};
/// A QR code, with its text where no code can be drawn.
struct Code {
  std::string caption, text;
};
using Block = std::variant<Section, Entry, Line, Blank, Code>;

struct Sheet {
  // At the head of every page, with its number.
  std::string marks;  ///< 【訓練】 and who may see it
  std::string who, what, when;
  std::vector<Block> blocks;
};

}  // namespace noroshi::paper
