// What a person sees of a demonstration: acts as they happen, and how far the reports have come. On a
// terminal the progress stands in a block at the bottom that is drawn again; elsewhere it is a plain line now
// and then.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace noroshi::cli::demo {

/// One line of progress: `done` of `total` reports at `label`.
struct Bar {
  std::string label;
  std::size_t done = 0, total = 0;
  std::string note;
};

class Screen {
 public:
  /// `live`: stdout is a terminal.
  Screen(bool live, std::chrono::steady_clock::time_point begin) : live_(live), begin_(begin) {}
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen() { clear(); }

  /// An act begins: its title behind the seconds since the beginning.
  void act(const std::string& title);
  /// A detail of the act.
  void note(const std::string& text);
  /// Text as it is, several lines at once.
  void text(const std::string& text);
  /// How far it is. Cheap: draws at most five times a second on a terminal, every ten seconds elsewhere.
  void progress(const std::vector<Bar>& bars);
  /// Takes the block away; what follows is ordinary output.
  void clear();

 private:
  void line(const std::string& text);
  void draw();

  bool live_;
  std::chrono::steady_clock::time_point begin_, drawn_{};
  std::vector<Bar> bars_;
  std::size_t block_lines_ = 0;
};

}  // namespace noroshi::cli::demo
