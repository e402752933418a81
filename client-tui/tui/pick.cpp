// A list to choose from, narrowed by typing: label, reading or number.
#include <algorithm>

#include "client-tui/tui/cursor.hpp"
#include "client-tui/tui/entry.hpp"
#include "client-tui/words/text.hpp"

namespace noroshi::tui {
namespace {

class PickPage final : public Page {
 public:
  PickPage(std::string title, std::vector<Choice> choices, Chosen then, std::size_t at,
           const std::string& sought)
      : title_(std::move(title)),
        choices_(std::move(choices)),
        index_(index_of(choices_)),
        then_(std::move(then)) {
    typed_.set(sought);
    narrow();
    cursor_.at = std::min(at, fitting_.empty() ? 0 : fitting_.size() - 1);
  }
  [[nodiscard]] std::vector<Where> places() const override { return {Where::pick}; }
  [[nodiscard]] std::string title(const Facts&, const Bindings&) const override { return title_; }
  [[nodiscard]] std::vector<Action> hints() const override {
    return {Action::open, Action::back, Action::up, Action::down};
  }

  void key(const Key& key, Turn& turn) override {
    const auto action = turn.bindings.action(key, places());
    if (action == Action::back) return turn.close();
    if (action == Action::open) {
      if (fitting_.empty()) return turn.complain(say(Text::console_pick_nothing, typed_.text()));
      turn.close();
      if (then_) then_(fitting_[cursor_.at], turn);
      return;
    }
    if (action && cursor_.move(*action, fitting_.size())) return;
    if (edit(typed_, key, turn.bindings, killed_) == Edited::accepted) narrow();
  }

  void draw(Area area) const override {
    Screen& screen = area.screen;
    const int column = screen.put({area.top, 1}, say(Text::console_pick_find) + ": ", Style::label);
    const int end = screen.put_within({area.top, column}, area.columns(), typed_.text(), Style::entry);
    screen.set_caret({area.top, end});
    cursor_.fit(static_cast<std::size_t>(std::max(area.rows() - 2, 1)), fitting_.size());
    for (std::size_t i = cursor_.top; i < fitting_.size(); ++i) {
      const int row = area.top + 2 + static_cast<int>(i - cursor_.top);
      if (row >= area.bottom) break;
      const Choice& choice = choices_[fitting_[i]];
      const bool here = i == cursor_.at;
      if (here) screen.put({row, 0}, ">", Style::chosen);
      screen.put_within({row, 2}, area.columns(), (choice.key.empty() ? "" : choice.key + "  ") + choice.text,
                        here ? Style::chosen : Style::plain);
    }
    if (fitting_.empty())
      screen.put_within({area.top + 2, 2}, area.columns(), say(Text::console_pick_nothing, typed_.text()),
                        Style::caution);
  }

 private:
  void narrow() {
    fitting_ = index_.find(typed_.text());
    cursor_ = {};
  }

  std::string title_;
  std::vector<Choice> choices_;
  forms::SearchIndex index_;
  Chosen then_;
  std::vector<std::size_t> fitting_;
  Editor typed_;
  std::string killed_;
  mutable Cursor cursor_;
};

}  // namespace

forms::SearchIndex index_of(const std::vector<Choice>& choices) {
  std::vector<forms::Findable> entries;
  for (const Choice& choice : choices)
    entries.push_back({choice.text, choice.kana, choice.key, choice.aliases});
  return forms::SearchIndex(std::move(entries));
}

PagePtr pick_page(std::string title, std::vector<Choice> choices, Chosen then, std::size_t at,
                  const std::string& sought) {
  return std::make_unique<PickPage>(std::move(title), std::move(choices), std::move(then), at, sought);
}

}  // namespace noroshi::tui
