// The lists: inbox, outbox, drafts, board, time line, nodes. One page, another tab.
#include <algorithm>

#include "client-tui/tui/cursor.hpp"
#include "client-tui/tui/entry.hpp"
#include "client-tui/tui/pages.hpp"
#include "client-tui/tui/tabs.hpp"
#include "client-tui/tui/text/grapheme.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/support_lines.hpp"
#include "client-tui/words/text.hpp"
#include "client-tui/words/timeline_lines.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::tui {
namespace {

struct Row {
  std::string text;
  Style style = Style::plain;
  std::size_t item = SIZE_MAX;  ///< place in received, own or drafts; of the time line in readings
};

std::vector<Row> items_of(const std::vector<Item>& items, const Facts& facts, bool own) {
  std::vector<Row> out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    const bool unread = !own && !item.letter.own() && !item.letter.entry.read;
    Row line{.text = {},
             .style = item.letter.header.level == proto::Level::flash && unread ? Style::alarm
                      : unread                                                  ? Style::caution
                                                                                : Style::plain,
             .item = i};
    line.text = (unread ? "* " : "  ") +
                (item.closed() ? say(Text::console_list_closed, to_string(item.letter.header.source.device))
                               : words::list_line(item.letter, item.reading(), *facts.trust, *facts.catalogue,
                                                  facts.now.wall, facts.board.query.exercise));
    if (own) line.text = pad(words::delivery_word(item.state), 14) + line.text;
    out.push_back(std::move(line));
  }
  return out;
}

Style style_of(words::Weight weight) {
  switch (weight) {
    case words::Weight::plain: return Style::plain;
    case words::Weight::heading: return Style::title;
    case words::Weight::caution: return Style::caution;
    case words::Weight::alarm: return Style::alarm;
  }
  return Style::plain;
}

std::vector<Row> lines_of(Tab tab, const Facts& facts) {
  std::vector<Row> out;
  switch (tab) {
    case Tab::inbox: return items_of(facts.received, facts, false);
    case Tab::outbox: return items_of(facts.own, facts, true);
    case Tab::drafts:
      for (std::size_t i = 0; i < facts.drafts.size(); ++i) {
        const forms::Report& report = facts.drafts[i].message.reports.front();
        const forms::FormInfo* form = facts.catalogue->form(report.form);
        out.push_back({say(Text::console_list_draft, to_short_jst(facts.drafts[i].kept, facts.now.wall),
                           form != nullptr ? form->code + " " + form->label.in(language()) : std::string("?"),
                           facts.drafts[i].number),
                       Style::plain, i});
      }
      return out;
    case Tab::board:
      if (facts.board.rows.empty() && facts.board.not_heard.empty()) return out;
      for (const std::string& line : words::board_lines(facts.board, facts.readings, "muni", *facts.trust,
                                                        *facts.catalogue, facts.now.wall))
        out.push_back({line, Style::plain, SIZE_MAX});
      return out;
    case Tab::timeline:
      for (const words::TimelineLine& line :
           words::timeline_lines(facts.timeline, facts.readings, *facts.trust, *facts.catalogue))
        out.push_back({line.text, style_of(line.weight), line.reading.value_or(SIZE_MAX)});
      return out;
    case Tab::support:
      for (const words::TimelineLine& line : words::support_lines(facts.support, facts.readings, *facts.trust,
                                                                  *facts.catalogue, facts.now.wall))
        out.push_back({line.text, style_of(line.weight), line.reading.value_or(SIZE_MAX)});
      return out;
    case Tab::map: return out;  // a page of its own
    case Tab::nodes:
      if (!facts.relay) return out;
      for (const std::string& line : words::status_lines(*facts.relay, facts.now.wall))
        out.push_back({line, Style::plain, SIZE_MAX});
      return out;
  }
  return out;
}

/// The item that a reading is shown by.
const Item* item_of(std::size_t reading, const Facts& facts) {
  if (reading >= facts.readings.size()) return nullptr;
  const desk::Facts& wanted = facts.readings[reading].facts;
  for (const auto* items : {&facts.own, &facts.received}) {
    for (const Item& item : *items) {
      if (item.closed()) continue;
      const desk::Facts& its = item.reading().facts;
      if (its.msg == wanted.msg && its.id == wanted.id) return &item;
    }
  }
  return nullptr;
}

class ListPage final : public Page {
 public:
  explicit ListPage(Tab tab) : tab_(tab) {}

  [[nodiscard]] std::vector<Where> places() const override {
    switch (tab_) {
      case Tab::inbox:
      case Tab::outbox:
      case Tab::timeline:
      case Tab::support: return {Where::list, Where::tabs, Where::report};
      case Tab::drafts: return {Where::list, Where::tabs, Where::drafts};
      default: return {Where::list, Where::tabs};
    }
  }
  [[nodiscard]] std::string title(const Facts& facts) const override { return tabs_title(tab_, facts); }
  [[nodiscard]] std::vector<Action> hints() const override {
    return {Action::open,    Action::new_report, Action::filter, Action::search,
            Action::refresh, Action::help,       Action::home};
  }

  void key(const Key& key, Turn& turn) override {
    if (asking_) return ask(key, turn);
    const auto action = turn.bindings.action(key, places());
    if (!action) return;
    narrow(*turn.facts);
    if (cursor_.move(*action, lines_.size())) return;
    if (const auto tab = tab_of(*action)) return show(*tab, turn);
    switch (*action) {
      case Action::home: turn.to_first = true; return;
      case Action::back: return turn.close();
      case Action::open: return open(turn);
      case Action::refresh:
        turn.office.contact();
        turn.stale = true;
        return turn.say(say(Text::console_contacted));
      case Action::new_report: return choose_form(turn);
      case Action::phone: return take_call(turn);
      case Action::search: return begin(Asking::search);
      case Action::filter: return begin(Asking::filter);
      case Action::drop: return drop(turn);
      default: break;
    }
    if (const Item* item = here(turn)) act_on_report(*item, *action, turn);
  }
  void draw(Area area) const override {
    narrow(*area.facts);
    const int rows = area.rows() - (asking_ || !filter_.empty() ? 1 : 0);
    cursor_.fit(static_cast<std::size_t>(std::max(rows, 1)), lines_.size());
    int row = area.top;
    for (std::size_t i = cursor_.top; i < lines_.size() && row < area.top + rows; ++i, ++row) {
      const bool at = i == cursor_.at;
      if (at) area.screen.put({row, 0}, ">", Style::chosen), area.screen.set_caret({row, 0});
      area.screen.put_within({row, 1}, area.columns(), lines_[i].text, lines_[i].style);
    }
    if (lines_.empty())
      area.screen.put_within({area.top + 1, 2}, area.columns(), nothing(*area.facts), Style::label);
    // Which lines are seen, not which one is chosen: it stays while the cursor moves, and a slow line is
    // spared.
    const std::string place = lines_.empty()
                                  ? "0"
                                  : say(Text::console_list_part, cursor_.top + 1,
                                        std::min(cursor_.top + cursor_.shown, lines_.size()), lines_.size());
    if (asking_) {
      const int column = area.screen.put(
          {area.bottom - 1, 1}, say(*asking_ == Asking::search ? Text::console_search : Text::console_filter),
          Style::label);
      area.screen.set_caret(
          {area.bottom - 1, area.screen.put({area.bottom - 1, column}, typed_.text(), Style::entry)});
    } else if (!filter_.empty()) {
      area.screen.put({area.bottom - 1, 1}, say(Text::console_list_filtered, filter_) + "  " + place,
                      Style::caution);
    } else if (static_cast<int>(lines_.size()) > rows) {
      area.screen.put({area.bottom - 1, area.columns() - columns(place) - 1}, place, Style::label);
    }
  }

 private:
  enum class Asking : std::uint8_t { search, filter };

  void go(Tab tab) {
    tab_ = tab;
    cursor_ = {};
  }
  void show(Tab tab, Turn& turn) {
    if (tab == Tab::map) return turn.open(map_page([this](Tab other) { go(other); }));
    go(tab);
  }
  [[nodiscard]] std::string nothing(const Facts& facts) const {
    if (!filter_.empty()) return say(Text::console_list_found_nothing, filter_);
    if (tab_ == Tab::nodes && !facts.relay_trouble.empty()) return facts.relay_trouble;
    return say(text_when_empty(tab_));
  }
  void narrow(const Facts& facts) const {
    lines_ = lines_of(tab_, facts);
    if (filter_.empty()) return;
    const std::string wanted = forms::fold_for_search(filter_);
    std::erase_if(lines_, [&](const Row& line) {
      return forms::fold_for_search(line.text).find(wanted) == std::string::npos;
    });
  }
  [[nodiscard]] const Item* here(const Turn& turn) const {
    if (cursor_.at >= lines_.size()) return nullptr;
    const std::size_t place = lines_[cursor_.at].item;
    if (tab_ == Tab::timeline || tab_ == Tab::support) return item_of(place, *turn.facts);
    if (tab_ != Tab::inbox && tab_ != Tab::outbox) return nullptr;
    const Item& item = (tab_ == Tab::inbox ? turn.facts->received : turn.facts->own)[place];
    return item.closed() ? nullptr : &item;
  }
  void open(Turn& turn) {
    if (const Item* item = here(turn)) return turn.open(report_page(*item));
    if (tab_ != Tab::drafts || cursor_.at >= lines_.size()) return;
    desk::Draft draft = turn.facts->drafts[lines_[cursor_.at].item];
    if (const auto number = turn.office.keep(draft, true); !number.ok())
      return turn.complain(number.error().text);
    turn.open(form_page(std::move(draft), *turn.facts));
  }
  void drop(Turn& turn) {
    if (tab_ != Tab::drafts || cursor_.at >= lines_.size()) return;
    const std::uint64_t number = turn.facts->drafts[lines_[cursor_.at].item].number;
    if (const auto gone = turn.office.drop(number); !gone.ok()) return turn.complain(gone.error().text);
    turn.stale = true;
    turn.say(say(Text::console_dropped, number));
  }

  void begin(Asking asking) {
    asking_ = asking;
    typed_.set(asking == Asking::filter ? filter_ : "");
  }
  void ask(const Key& key, Turn& turn) {
    if (key.kind == Key::Kind::escape) return asking_.reset();
    if (key.kind != Key::Kind::enter) {
      static_cast<void>(edit(typed_, key, turn.bindings, killed_));
      return;
    }
    const Asking asking = *asking_;
    asking_.reset();
    if (asking == Asking::filter) {
      filter_ = typed_.text();
      cursor_ = {};
      return;
    }
    const std::string wanted = forms::fold_for_search(typed_.text());
    narrow(*turn.facts);
    for (std::size_t step = 1; step <= lines_.size(); ++step) {
      const std::size_t i = (cursor_.at + step) % lines_.size();
      if (forms::fold_for_search(lines_[i].text).find(wanted) == std::string::npos) continue;
      cursor_.at = i;
      return;
    }
    turn.complain(say(Text::console_list_found_nothing, typed_.text()));
  }

  Tab tab_;
  std::optional<Asking> asking_;
  Editor typed_;
  std::string killed_;
  std::string filter_;
  mutable std::vector<Row> lines_;
  mutable Cursor cursor_;
};

}  // namespace

PagePtr list_page(Tab tab) {
  return std::make_unique<ListPage>(tab);
}

}  // namespace noroshi::tui
