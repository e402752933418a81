#include "client-tui/paper/text_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "client-tui/paper/qr.hpp"
#include "client-tui/tui/text/flow.hpp"
#include "client-tui/tui/text/grapheme.hpp"

namespace noroshi::paper {
namespace {

using Rows = std::vector<std::string>;

constexpr int kHeadRows = 3;
constexpr std::size_t kBodyRows = kRows - kHeadRows;
constexpr int kLabel = 26;  // columns: most labels in both languages
constexpr int kIndent = 4;
constexpr std::size_t kGroup = 8;  // characters a person keeps in mind between two looks
constexpr std::size_t kGroupsInARow = 8;

std::string blanks(int columns) {
  return std::string(static_cast<std::size_t>(std::max(columns, 0)), ' ');
}
std::string ruled(int columns) {
  return std::string(static_cast<std::size_t>(std::max(columns, 0)), '_');
}

/// Two texts at the ends of a line; the left one gives way.
std::string ends(const std::string& left, const std::string& right) {
  const int room = kColumns - tui::columns(right) - 1;
  return room < 1 ? tui::fit(right, kColumns) : tui::pad(left, room) + " " + tui::printable(right);
}

/// A label and rows beside it; a long label stands above them.
Rows beside(const std::string& label, const Rows& rows) {
  const std::string shown = tui::printable(label);
  const bool above = tui::columns(shown) > kLabel;
  Rows out;
  if (above) out = tui::flow(shown, kColumns, kIndent);
  for (std::size_t i = 0; i < rows.size(); ++i)
    out.push_back((i == 0 && !above ? tui::pad(shown, kLabel) : blanks(kLabel)) + "  " + rows[i]);
  return out;
}
constexpr int kBeside = kColumns - kLabel - 2;

Rows rows_of(const Section& section) {
  return {"", "[ " + tui::fit(section.title, kColumns - 4) + " ]"};
}
Rows rows_of(const Entry& entry) {
  return beside(entry.label, tui::flow(entry.text, kBeside, 0));
}
Rows rows_of(const Line& line) {
  const bool item = line.text.starts_with(' ');  // of a list: the next one is found by its beginning
  return tui::flow(line.strong ? "!! " + line.text : line.text, kColumns, item ? kIndent : 0);
}

/// Choices packed into rows, none of them broken.
Rows packed(const Blank& blank) {
  constexpr int kRoom = kColumns - kIndent;
  Rows out;
  for (const std::string& choice : blank.choices) {
    const std::string mark = blank.digit ? "" : blank.several ? "[ ] " : "( ) ";
    const std::string shown = tui::fit(mark + choice, kRoom);
    const bool fits = !out.empty() && tui::columns(out.back()) + 2 + tui::columns(shown) <= kColumns;
    if (fits) {
      out.back() += "  " + shown;
    } else {
      out.push_back(blanks(kIndent) + shown);
    }
  }
  return out;
}

/// Above every place there is an empty row: a hand needs more than a sixth of an inch.
Rows rows_of(const Blank& blank) {
  const std::string unit = blank.unit.empty() ? "" : " " + tui::printable(blank.unit);
  Rows places;
  if (blank.digit) {
    places.push_back("[   ]");
  } else if (!blank.frame.empty()) {
    places.push_back(tui::fit(blank.frame, kBeside));
  } else if (blank.lines == 1) {
    const int width = blank.unit.empty() ? kBeside : 16;
    places.push_back(ruled(width) + unit);
  }
  Rows out{""};
  if (places.empty()) {
    std::ranges::move(tui::flow(blank.label, kColumns, kIndent), std::back_inserter(out));
  } else {
    std::ranges::move(beside(blank.label, places), std::back_inserter(out));
  }
  std::ranges::move(packed(blank), std::back_inserter(out));
  for (int i = 0; places.empty() && i < blank.lines; ++i) {
    out.emplace_back();
    out.push_back(blanks(kIndent) + ruled(kColumns - kIndent));
  }
  return out;
}

Rows drawn(const Modules& modules) {
  Rows out;
  const int side = modules.size + 2 * kQuiet;
  for (int row = -kQuiet; row < modules.size + kQuiet; row += 2) {
    std::string line = blanks((kColumns - side) / 2);
    for (int column = -kQuiet; column < modules.size + kQuiet; ++column) {
      const bool upper = modules.at(row, column), lower = modules.at(row + 1, column);
      line += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    out.push_back(std::move(line));
  }
  return out;
}
Rows spelled(const std::string& text) {
  Rows out;
  for (std::size_t at = 0; at < text.size(); at += kGroup) {
    if (at % (kGroup * kGroupsInARow) == 0) {
      out.emplace_back();
    } else {
      out.back() += ' ';
    }
    out.back() += text.substr(at, kGroup);
  }
  return out;
}
Rows rows_of(const Code& code, Codes codes) {
  const auto modules = codes == Codes::drawn ? qr_modules(code.text) : std::nullopt;
  const bool fits = modules && modules->size + 2 * kQuiet <= kColumns;
  Rows out{"", tui::fit(code.caption, kColumns)};
  std::ranges::move(fits ? drawn(*modules) : spelled(code.text), std::back_inserter(out));
  return out;
}

Rows rows_of(const Block& block, Codes codes) {
  if (const auto* code = std::get_if<Code>(&block)) return rows_of(*code, codes);
  return std::visit(
      [](const auto& other) -> Rows {
        if constexpr (std::is_same_v<std::decay_t<decltype(other)>, Code>)
          return {};
        else
          return rows_of(other);
      },
      block);
}

/// Rows on pages: what belongs together stays together.
class Pages {
 public:
  void put(Rows rows) {
    if (!pages_.empty() && pages_.back().size() + rows.size() > kBodyRows) open();
    if (pages_.empty()) open();
    const bool at_top = pages_.back().empty();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (at_top && i == 0 && rows[i].empty()) continue;  // no gap below the head
      if (pages_.back().size() == kBodyRows) open();
      pages_.back().push_back(std::move(rows[i]));
    }
  }
  [[nodiscard]] const std::vector<Rows>& pages() const { return pages_; }

 private:
  void open() { pages_.emplace_back(); }
  std::vector<Rows> pages_;
};

void append(std::string& text, std::string row) {
  row.erase(row.find_last_not_of(' ') + 1);
  text += row + "\n";
}

}  // namespace

TextPages as_text(const Sheet& sheet, Codes codes) {
  Pages pages;
  Rows heading;  // goes with what comes next
  for (const Block& block : sheet.blocks) {
    Rows rows = rows_of(block, codes);
    if (std::holds_alternative<Section>(block)) {
      std::ranges::move(rows, std::back_inserter(heading));
      continue;
    }
    heading.insert(heading.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    pages.put(std::exchange(heading, {}));
  }
  pages.put(std::move(heading));
  TextPages out{.text = {}, .pages = pages.pages().size()};
  for (std::size_t i = 0; i < out.pages; ++i) {
    if (i > 0) out.text += '\f';
    append(out.text, ends(sheet.marks + sheet.who, fmt::format("{}/{}", i + 1, out.pages)));
    append(out.text, ends(sheet.what, sheet.when));
    append(out.text, std::string(kColumns, '-'));
    for (const std::string& row : pages.pages()[i]) append(out.text, row);
  }
  return out;
}

}  // namespace noroshi::paper
