// A report to be read aloud over the telephone: one line in one breath, the check words at the end.
#include <algorithm>

#include "client-tui/tui/cursor.hpp"
#include "client-tui/tui/pages.hpp"
#include "client-tui/words/spoken.hpp"

namespace noroshi::tui {
namespace {

class SayPage final : public Page {
 public:
  explicit SayPage(forms::Report report) : report_(std::move(report)) {}
  [[nodiscard]] std::vector<Where> places() const override { return {Where::list}; }
  [[nodiscard]] std::string title(const Facts&, const Bindings&) const override {
    return say(Text::console_say_title);
  }
  [[nodiscard]] std::vector<Action> hints() const override {
    return {Action::down, Action::page_down, Action::bottom, Action::help, Action::back};
  }
  void key(const Key& key, Turn& turn) override {
    const auto action = turn.bindings.action(key, places());
    if (!action || cursor_.move(*action, lines(*turn.facts).size())) return;
    if (*action == Action::back) return turn.close();
    if (*action == Action::home) turn.to_first = true;
  }
  void draw(Area area) const override {
    const std::vector<std::string> said = lines(*area.facts);
    cursor_.fit(static_cast<std::size_t>(std::max(area.rows(), 1)), said.size());
    int row = area.top;
    for (std::size_t i = cursor_.top; i < said.size() && row < area.bottom; ++i, ++row) {
      // The line that is being read is the marked one; the other side repeats it before the next.
      area.screen.put({row, 0}, i == cursor_.at ? ">" : " ", Style::chosen);
      area.screen.put_within({row, 2}, area.columns(), said[i],
                             i == cursor_.at ? Style::chosen : Style::plain);
    }
  }

 private:
  [[nodiscard]] std::vector<std::string> lines(const Facts& facts) const {
    return words::script_lines(report_, *facts.trust, *facts.catalogue);
  }
  forms::Report report_;
  mutable Cursor cursor_;
};

}  // namespace

PagePtr say_page(forms::Report report) {
  return std::make_unique<SayPage>(std::move(report));
}

}  // namespace noroshi::tui
