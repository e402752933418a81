// The lists: inbox, outbox, drafts, board, time line, nodes. One page, another tab.
#include <algorithm>

#include "client-tui/tui/begin.hpp"
#include "client-tui/tui/cursor.hpp"
#include "client-tui/tui/entry.hpp"
#include "client-tui/tui/list_lines.hpp"
#include "client-tui/tui/pages.hpp"
#include "client-tui/tui/tabs.hpp"
#include "client-tui/tui/text/grapheme.hpp"
#include "client-tui/words/board_lines.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/text.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::tui {
namespace {

/// Lines that one key, and one tick, may look at for a filter or a search: some ten milliseconds.
constexpr std::size_t kLookForKey = 400, kLookForTick = 2'000;

class ListPage final : public Page {
 public:
  explicit ListPage(Tab tab) { look_.tab = tab; }

  [[nodiscard]] std::vector<Where> places() const override {
    switch (look_.tab) {
      case Tab::inbox:
      case Tab::outbox:
      case Tab::timeline:
      case Tab::support: return {Where::list, Where::tabs, Where::report};
      case Tab::board: return {Where::list, Where::tabs, Where::board, Where::report};
      case Tab::drafts: return {Where::list, Where::tabs, Where::drafts};
      default: return {Where::list, Where::tabs};
    }
  }
  [[nodiscard]] std::string title(const Facts& facts, const Bindings& bindings) const override {
    return tabs_title(look_.tab, facts, bindings);
  }
  [[nodiscard]] std::vector<Action> hints() const override {
    const bool board = look_.tab == Tab::board;
    return {Action::open,    Action::new_report, Action::filter, board ? Action::other_form : Action::search,
            Action::refresh, Action::help,       Action::home};
  }

  void key(const Key& key, Turn& turn) override {
    seeking_.reset();
    if (asking_) return ask(key, turn);
    const auto action = turn.bindings.action(key, places());
    if (!action) return;
    renew(turn.facts);
    if (cursor_.move(*action, size())) return;
    if (const auto tab = tab_of(*action)) return show(*tab, turn);
    switch (*action) {
      case Action::home: turn.to_first = true; return;
      case Action::back: return above_.empty() ? turn.close() : step_back();
      case Action::open: return open(turn);
      case Action::other_form: return choose_board(turn);
      case Action::refresh:
        turn.office.contact();
        turn.stale = true;
        return turn.say(say(Text::console_contacted));
      case Action::new_report: return choose_form(turn);
      case Action::phone: return take_call(turn);
      case Action::incident: return choose_incident(turn);
      case Action::call: return turn.open(form_page(begin_call(*turn.facts), *turn.facts));
      case Action::search: return begin(Asking::search);
      case Action::filter: return begin(Asking::filter);
      case Action::drop: return drop(turn);
      default: break;
    }
    if (const auto item = here(turn)) act_on_report(*item, *action, turn);
  }
  /// A filter and a search go on while nobody types.
  void tick(Turn& turn) override {
    renew(turn.facts);
    if (filtered_) filtered_->look(*lines_, kLookForTick);
    if (seeking_) seek(turn, kLookForTick);
  }
  void draw(Area area) const override {
    renew(area.facts);
    const int rows = area.rows() - (asking_ || !filter_.empty() ? 1 : 0);
    cursor_.fit(static_cast<std::size_t>(std::max(rows, 1)), size());
    int row = area.top;
    std::size_t i = cursor_.top;
    for (const ListLine& line : seen(cursor_.top, static_cast<std::size_t>(std::max(rows, 0)))) {
      const bool at = i++ == cursor_.at;
      if (at) area.screen.put({row, 0}, ">", Style::chosen), area.screen.set_caret({row, 0});
      area.screen.put_within({row++, 1}, area.columns(), line.text, line.style);
    }
    if (size() == 0) area.screen.put_within({area.top + 1, 2}, area.columns(), nothing(), Style::label);
    // Which lines are seen, not which one is chosen: it stays while the cursor moves, and a slow line is
    // spared.
    std::string place = size() == 0 ? "0"
                                    : say(Text::console_list_part, cursor_.top + 1,
                                          std::min(cursor_.top + cursor_.shown, size()), size());
    if (look_.at) place = words::locality_name(*look_.at) + "  " + place;
    if (asking_) {
      const int column = area.screen.put(
          {area.bottom - 1, 1}, say(*asking_ == Asking::search ? Text::console_search : Text::console_filter),
          Style::label);
      area.screen.set_caret(
          {area.bottom - 1, area.screen.put({area.bottom - 1, column}, typed_.text(), Style::entry)});
    } else if (!filter_.empty()) {
      const bool done = filtered_->done(*lines_);
      area.screen.put({area.bottom - 1, 1},
                      say(Text::console_list_filtered, filter_) + "  " + place +
                          (done ? "" : say(Text::console_list_looked, filtered_->looked(), lines_->size())),
                      Style::caution);
    } else if (look_.at || static_cast<int>(size()) > rows) {
      area.screen.put({area.bottom - 1, area.columns() - columns(place) - 1}, place, Style::label);
    }
  }

 private:
  enum class Asking : std::uint8_t { search, filter };

  void go(Tab tab) {
    look_ = {tab, look_.form, {}};
    above_.clear();
    cursor_ = {};
  }
  /// Into a place of the board, and out again to where one was.
  void step_into(const desk::Locality& place) {
    above_.push_back({look_.at, cursor_, filter_});
    look_.at = place;
    cursor_ = {};
    filter_.clear();
  }
  void step_back() {
    look_.at = above_.back().at;
    cursor_ = above_.back().cursor;
    filter_ = above_.back().filter;
    above_.pop_back();
  }
  void choose_board(Turn& turn) {
    FormChoices offered = form_choices(*turn.facts);
    turn.open(pick_page(say(Text::console_pick_form), std::move(offered.choices),
                        [this, forms = std::move(offered.forms)](std::size_t choice, Turn&) {
                          go(Tab::board);
                          look_.form = forms[choice]->number;
                        }));
  }
  void show(Tab tab, Turn& turn) {
    if (tab == Tab::map) return turn.open(map_page([this](Tab other) { go(other); }));
    go(tab);
  }
  [[nodiscard]] std::string nothing() const {
    if (!filter_.empty()) return say(Text::console_list_found_nothing, filter_);
    return say(text_when_empty(look_.tab));
  }
  /// Lines of these facts; of a filter as many as the screen and the cursor need.
  void renew(const FactsPtr& facts) const {
    if (!lines_ || facts_ != facts || lines_of_ != look_) {
      facts_ = facts;
      lines_of_ = look_;
      lines_ = lines_of(look_, facts);
      seen_.clear();
    }
    if (filter_.empty()) {
      filtered_.reset();
      return;
    }
    if (!filtered_ || filtered_->wanted() != filter_) filtered_.emplace(filter_);
    filtered_->look(*lines_, 0);
    const std::size_t needed = cursor_.top + 2 * std::max<std::size_t>(cursor_.shown, 1);
    if (filtered_->found().size() < needed && !filtered_->done(*lines_))
      filtered_->look(*lines_, kLookForKey);
  }
  [[nodiscard]] std::size_t size() const { return filtered_ ? filtered_->found().size() : lines_->size(); }
  /// The lines on the screen; read once for as long as neither they nor the facts change.
  [[nodiscard]] const std::vector<ListLine>& seen(std::size_t from, std::size_t max) const {
    const std::size_t count = std::min(max, size() - std::min(from, size()));
    if (seen_from_ == from && seen_.size() == count && !filtered_) return seen_;
    seen_from_ = from;
    seen_.clear();
    seen_ = between(from, count);
    return seen_;
  }
  [[nodiscard]] std::optional<ListLine> chosen() const {
    if (!lines_ || cursor_.at >= size()) return std::nullopt;
    auto line = lines_->window(filtered_ ? filtered_->found()[cursor_.at] : cursor_.at, 1);
    return line.empty() ? std::nullopt : std::optional(std::move(line.front()));
  }
  [[nodiscard]] std::optional<Item> here(const Turn& turn) const {
    const std::optional<ListLine> line = chosen();
    if (!line) return std::nullopt;
    if (line->item) return *line->item;
    return line->reports.size() == 1 ? turn.facts->shelf->find(line->reports.front()) : std::nullopt;
  }
  void open(Turn& turn) {
    if (auto item = here(turn)) return turn.open(report_page(*std::move(item)));
    const std::optional<ListLine> line = chosen();
    if (line && line->locality) return step_into(*line->locality);
    if (line && line->reports.size() > 1) return choose_report(line->reports, turn);
    if (!line || line->draft >= turn.facts->drafts.size()) return;
    desk::Draft draft = turn.facts->drafts[line->draft];
    if (const auto number = turn.office.keep(draft, true); !number.ok())
      return turn.complain(number.error().text);
    turn.open(form_page(std::move(draft), *turn.facts));
  }
  /// One of those that a line speaks of.
  static void choose_report(const std::vector<ReportId>& reports, Turn& turn) {
    std::vector<Choice> choices;
    std::vector<Item> items;
    for (const ReportId& id : reports) {
      auto item = turn.facts->shelf->find(id);
      if (!item || item->closed()) continue;
      choices.push_back({words::report_line(item->letter, item->reading(), *turn.facts->trust,
                                            *turn.facts->catalogue, turn.facts->now.wall),
                         "", to_string(id)});
      items.push_back(*std::move(item));
    }
    turn.open(pick_page(say(Text::console_pick_report), std::move(choices),
                        [items = std::move(items)](std::size_t choice, Turn& after) {
                          after.open(report_page(items[choice]));
                        }));
  }
  void drop(Turn& turn) {
    const std::optional<ListLine> line = chosen();
    if (!line || line->draft >= turn.facts->drafts.size()) return;
    const std::uint64_t number = turn.facts->drafts[line->draft].number;
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
    renew(turn.facts);
    seeking_ = Seeking{typed_.text(), 1};
    seek(turn, kLookForKey);
  }
  /// Round the list once, from behind the cursor.
  void seek(Turn& turn, std::size_t more) {
    const std::string wanted = forms::fold_for_search(seeking_->wanted);
    const std::size_t all = size();
    while (more > 0 && seeking_->step <= all) {
      const std::size_t at = (cursor_.at + seeking_->step) % all;
      // To the end of the list, of the round, or of what this turn may look at.
      const std::size_t part = std::min({more, all - at, all - seeking_->step + 1, kLookForKey});
      for (const ListLine& line : between(at, part)) {
        if (forms::fold_for_search(line.text).find(wanted) != std::string::npos) {
          cursor_.at = (cursor_.at + seeking_->step) % all;
          seeking_.reset();
          return;
        }
        ++seeking_->step;
      }
      more -= part;
    }
    if (seeking_->step > all) {
      turn.complain(say(Text::console_list_found_nothing, seeking_->wanted));
      seeking_.reset();
    } else {
      turn.say(say(Text::console_list_seeking, seeking_->wanted, seeking_->step, all));
    }
  }
  [[nodiscard]] std::vector<ListLine> between(std::size_t from, std::size_t max) const {
    if (!filtered_) return lines_->window(from, max);
    std::vector<ListLine> out;
    for (std::size_t i = from; i < std::min(from + max, size()); ++i) {
      for (ListLine& line : lines_->window(filtered_->found()[i], 1)) out.push_back(std::move(line));
    }
    return out;
  }

  Looking look_;
  struct Above {
    std::optional<desk::Locality> at;
    Cursor cursor;
    std::string filter;
  };
  std::vector<Above> above_;  // places of the board that were looked at before
  std::optional<Asking> asking_;
  Editor typed_;
  std::string killed_;
  std::string filter_;
  struct Seeking {
    std::string wanted;
    std::size_t step = 1;  // lines behind the cursor
  };
  std::optional<Seeking> seeking_;
  mutable Cursor cursor_;
  // ---- of the facts that are shown
  mutable FactsPtr facts_;
  mutable Looking lines_of_;
  mutable std::unique_ptr<ListLines> lines_;
  mutable std::optional<FilteredLines> filtered_;
  mutable std::vector<ListLine> seen_;
  mutable std::size_t seen_from_ = 0;
};

}  // namespace

PagePtr list_page(Tab tab) {
  return std::make_unique<ListPage>(tab);
}

}  // namespace noroshi::tui
