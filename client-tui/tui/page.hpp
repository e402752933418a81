// A page: one thing a person does, with its own keys and its own part of the screen. Pages lie on each other;
// the top one has the keys.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client-tui/tui/bindings.hpp"
#include "client-tui/tui/office.hpp"
#include "client-tui/tui/screen.hpp"
#include "client-tui/words/text.hpp"

namespace noroshi::tui {

using words::language, words::say, words::Text;

class Page;
using PagePtr = std::unique_ptr<Page>;

/// What a page sees, and what it wants to happen, during one key or one tick.
struct Turn {
  Turn(Office& its_office, const FactsPtr& its_facts, const Bindings& its_bindings)
      : office(its_office), facts(its_facts), bindings(its_bindings) {}
  Office& office;
  const FactsPtr& facts;
  const Bindings& bindings;

  // ---- wishes, carried out after the page is done
  std::vector<PagePtr> push;
  int pop = 0;            ///< pages to take away, this one first
  bool to_first = false;  ///< every page but the first
  bool quit = false, suspend = false, repaint = false;
  bool stale = false;        ///< the facts have changed
  std::optional<Key> press;  ///< as if somebody had pressed it on the page that is left on top
  std::string notice;        ///< one line at the bottom until the next key
  bool trouble = false;      ///< the notice is bad news

  void say(std::string line) { notice = std::move(line), trouble = false; }
  void complain(std::string line) { notice = std::move(line), trouble = true; }
  void open(PagePtr page) { push.push_back(std::move(page)); }
  void close() { ++pop; }
};

/// The part of the screen that is a page's: rows [top, bottom), every column.
struct Area {
  Screen& screen;
  int top = 0;
  int bottom = 0;
  const FactsPtr& facts;
  const Bindings& bindings;
  [[nodiscard]] int rows() const { return bottom - top; }
  [[nodiscard]] int columns() const { return screen.size().columns; }
};

class Page {
 public:
  Page() = default;
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  virtual ~Page() = default;

  /// Whose keys hold here.
  [[nodiscard]] virtual std::vector<Where> places() const = 0;
  [[nodiscard]] virtual std::string title(const Facts& facts, const Bindings& bindings) const = 0;
  /// The actions to name at the bottom, most wanted first.
  [[nodiscard]] virtual std::vector<Action> hints() const = 0;
  virtual void key(const Key& key, Turn& turn) = 0;
  /// Time has passed, or the facts are new. No key was pressed.
  virtual void tick(Turn&) {}
  /// The line or the terminal is going: keep what was typed. Must not fail loudly.
  virtual void leave(Office&) {}
  virtual void draw(Area area) const = 0;
};

}  // namespace noroshi::tui
