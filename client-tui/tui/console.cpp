#include "client-tui/tui/console.hpp"

#include <algorithm>
#include <iterator>

#include "client-tui/tui/line_state.hpp"
#include "client-tui/tui/pages.hpp"
#include "client-tui/tui/text/grapheme.hpp"
#include "client-tui/words/text.hpp"

namespace noroshi::tui {
namespace {

/// Below this there is no room for a line of its own beside the bars.
constexpr Size kLeast{4, 16};

/// How often the relay of this machine is asked what is new while nobody types.
constexpr Millis kContactEvery{3'000};

}  // namespace

Result<void> Console::start() {
  office_.contact();
  TRY_VOID(look());
  pages_.push_back(first_page(*facts_));
  return {};
}

/// Reads the desk, and keeps what has come since.
Result<void> Console::look() {
  TRY(facts_, office_.facts());
  std::ranges::move(alarm_.since(*facts_), std::back_inserter(arrived_));
  return {};
}

void Console::announce(std::string line, bool trouble) {
  notice_ = std::move(line), trouble_ = trouble;
}

Console::Wish Console::key(const Key& key) {
  notice_.clear();
  trouble_ = false;
  Turn turn(office_, facts_, bindings_);
  Page& page = *pages_.back();
  const auto action = bindings_.action(key, page.places());
  if (action == Action::repaint) return Wish::repaint;
  if (action == Action::suspend) {
    page.leave(office_);
    return Wish::suspend;
  }
  if (action == Action::help) {
    turn.open(help_page(bindings_, page.places(), *facts_));
  } else {
    page.key(key, turn);
  }
  return carry_out(turn);
}

Console::Wish Console::tick() {
  Turn turn(office_, facts_, bindings_);
  const Now now = office_.now();
  if (!contacted_ || now.mono - *contacted_ >= kContactEvery) {
    contacted_ = now.mono;
    turn.stale = office_.contact();
  }
  pages_.back()->tick(turn);
  return carry_out(turn);
}

void Console::leave() {
  for (const PagePtr& page : pages_) page->leave(office_);
}

Console::Wish Console::carry_out(Turn& turn) {
  if (!turn.notice.empty()) notice_ = turn.notice, trouble_ = turn.trouble;
  if (turn.to_first) pages_.resize(1);
  for (int i = 0; i < turn.pop && pages_.size() > 1; ++i) pages_.pop_back();
  for (PagePtr& page : turn.push) pages_.push_back(std::move(page));
  if (turn.stale) {
    if (const auto seen = look(); !seen.ok()) announce(seen.error().text, true);
  }
  if (turn.press) return key(*turn.press);
  return turn.quit ? Wish::quit : turn.suspend ? Wish::suspend : turn.repaint ? Wish::repaint : Wish::nothing;
}

void Console::draw_bars(Screen& screen) const {
  const Size size = screen.size();
  const Page& page = *pages_.back();
  const keys::Incident* incident = facts_->trust->incident(facts_->incident);
  std::string title = " " +
                      (incident != nullptr && incident->exercise ? say(Text::console_exercise_mark) : "") +
                      page.title(*facts_, bindings_);
  const std::string right = facts_->node + " " + to_short_jst(facts_->now.wall, facts_->now.wall) + " ";
  screen.fill({0, 0}, Style::title);
  const int space = size.columns - columns(right);
  screen.put_within({0, 0}, std::max(space, 0), title, Style::title);
  if (space > 0) screen.put({0, space}, right, Style::title);

  const int status = size.rows - 2, keys = size.rows - 1;
  if (!notice_.empty()) {
    screen.put_within({status, 1}, size.columns, notice_, trouble_ ? Style::alarm : Style::caution);
  } else {
    // Which of several, wherever one is: figures of the wrong incident look like those of the right one.
    const std::string which =
        facts_->open.size() > 1 ? incident_name(facts_->incident, *facts_) + "  " : std::string();
    screen.put_within({status, 1}, size.columns, which + line_state(*facts_), Style::label);
  }
  std::string hints;
  for (const Action action : page.hints()) {
    for (const Binding* binding : bindings_.at(page.places())) {
      if (binding->action != action || binding->keys.empty()) continue;
      hints +=
          (hints.empty() ? "" : "  ") + name_of(binding->keys.front()) + " " + binding->label.in(language());
    }
  }
  screen.put_within({keys, 1}, size.columns, hints, Style::label);
}

Screen Console::view(Size size) const {
  Screen screen(size);
  if (size.rows < kLeast.rows || size.columns < kLeast.columns) {
    screen.put({0, 0}, say(Text::console_too_small, size.columns, size.rows));
    return screen;
  }
  pages_.back()->draw({screen, 1, size.rows - 2, facts_, bindings_});
  draw_bars(screen);
  return screen;
}

}  // namespace noroshi::tui
