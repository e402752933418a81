// The lines of a list, made as far as somebody looks at them. One object for one state of the facts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client-tui/tui/pages.hpp"

namespace noroshi::tui {

struct ListLine {
  std::string text;
  Style style = Style::plain;
  std::shared_ptr<const Item>
      item;                       ///< the report it shows; nothing: another kind of line, or a closed letter
  std::vector<ReportId> reports;  ///< speaks of these
  std::optional<desk::Locality> locality;  ///< sums up this place of the board
  std::size_t draft = SIZE_MAX;            ///< place among the drafts
  [[nodiscard]] bool opens() const {
    return item != nullptr || !reports.empty() || locality || draft != SIZE_MAX;
  }
};

/// What a list shows: a tab, and of the board which one and where.
struct Looking {
  Tab tab = Tab::inbox;
  forms::FormNo form = 1;            ///< of the board
  std::optional<desk::Locality> at;  ///< of the board; nothing: the whole
  bool operator==(const Looking&) const = default;
};

class ListLines {
 public:
  ListLines() = default;
  ListLines(const ListLines&) = delete;
  ListLines& operator=(const ListLines&) = delete;
  virtual ~ListLines() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// The lines from there on, fewer only at the end. Costs what it gives.
  [[nodiscard]] virtual std::vector<ListLine> window(std::size_t from, std::size_t max) const = 0;
};

/// Of any tab but the map, which is a page of its own. `facts` stays alive with it.
[[nodiscard]] std::unique_ptr<ListLines> lines_of(const Looking& look, FactsPtr facts);

/// The lines of another list that have a text in them, found a part at a time: reading a million reports
/// would take longer than anybody waits for a key.
class FilteredLines {
 public:
  explicit FilteredLines(std::string wanted) : wanted_(std::move(wanted)) {}
  /// Looks at so many lines more. A list that has grown at its begin (newest first) or anywhere else is
  /// looked at from its begin again.
  void look(const ListLines& lines, std::size_t more);
  [[nodiscard]] bool done(const ListLines& lines) const { return looked_ == lines.size(); }
  [[nodiscard]] std::size_t looked() const { return looked_; }
  /// Places of those that were found.
  [[nodiscard]] const std::vector<std::size_t>& found() const { return found_; }
  [[nodiscard]] const std::string& wanted() const { return wanted_; }

 private:
  std::string wanted_;
  std::size_t size_ = 0, looked_ = 0;
  std::vector<std::size_t> found_;
};

}  // namespace noroshi::tui
