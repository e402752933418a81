#include "client-tui/tui/text/flow.hpp"

#include <algorithm>

#include "client-tui/tui/text/wrap.hpp"

namespace noroshi::tui {

std::vector<std::string> flow(std::string_view text, int width, int hang) {
  const std::string shown = printable(text, Lines::many);
  const int room = std::max(width - hang, 2);  // a wide character fits
  std::vector<std::string> out;
  if (columns(shown) <= width && shown.find('\n') == std::string::npos) return {shown};
  const Layout layout(shown, room);
  for (const Row& row : layout.rows())
    out.push_back(std::string(out.empty() ? 0 : static_cast<std::size_t>(hang), ' ') +
                  shown.substr(row.begin, row.end - row.begin));
  return out;
}

}  // namespace noroshi::tui
