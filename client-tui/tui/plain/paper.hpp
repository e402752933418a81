// Where the plain console writes and reads: a terminal, a pipe, a test. Everything passes through here, so
// this is where text from elsewhere loses its power (text/grapheme.hpp).
#pragma once

#include <optional>
#include <string>

#include "client-tui/tui/text/grapheme.hpp"

namespace noroshi::tui::plain {

class Paper {
 public:
  Paper() = default;
  Paper(const Paper&) = delete;
  Paper& operator=(const Paper&) = delete;
  virtual ~Paper() = default;

  /// A text of several lines stands under its first one, indented: none of them can pass for a line of ours.
  void print(const std::string& line) { put(harmless(line) + "\n"); }
  /// The line that was typed, without its end. Nothing: there will be no more.
  [[nodiscard]] std::optional<std::string> ask(const std::string& prompt) {
    put(harmless(prompt));
    return read();
  }

 private:
  static std::string harmless(const std::string& text) {
    std::string out;
    for (const char c : printable(text, Lines::many)) {
      out += c;
      if (c == '\n') out += "      ";
    }
    return out;
  }
  virtual void put(const std::string& text) = 0;
  [[nodiscard]] virtual std::optional<std::string> read() = 0;
};

}  // namespace noroshi::tui::plain
