// Where somebody is in a list, and which part of it is on the screen.
#pragma once

#include <algorithm>
#include <cstddef>

#include "client-tui/tui/bindings.hpp"

namespace noroshi::tui {

struct Cursor {
  std::size_t at = 0;
  std::size_t top = 0;
  std::size_t shown = 1;  ///< rows of the last drawing: what a page is

  /// True if the action moves in lists. `size` lines; an empty list has no place to go.
  bool move(Action action, std::size_t size) {
    const std::size_t last = size == 0 ? 0 : size - 1, page = std::max<std::size_t>(shown, 2) - 1;
    switch (action) {
      case Action::up: at -= at > 0 ? 1 : 0; break;
      case Action::down: at = std::min(at + 1, last); break;
      case Action::page_up: at -= std::min(at, page); break;
      case Action::page_down: at = std::min(at + page, last); break;
      case Action::top: at = 0; break;
      case Action::bottom: at = last; break;
      default: return false;
    }
    return true;
  }
  /// Scrolls so that the cursor is among `rows` lines: by half a screen at the edge, so that moving on costs
  /// no scrolling for a while (a slow line pays for each).
  void fit(std::size_t rows, std::size_t size) {
    shown = std::max<std::size_t>(rows, 1);
    at = std::min(at, size == 0 ? 0 : size - 1);
    if (at < top) top = at - std::min(at, shown / 2);
    if (at >= top + shown) top = at - shown / 2;
    top = std::min(top, size > shown ? size - shown : 0);
  }
};

}  // namespace noroshi::tui
