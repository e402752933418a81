#include "client-tui/tui/list_lines.hpp"

#include <algorithm>
#include <iterator>

#include "client-tui/tui/text/grapheme.hpp"
#include "client-tui/words/board_lines.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/support_lines.hpp"
#include "client-tui/words/timeline_lines.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::tui {
namespace {

ListLine line_of(const Item& item, const Facts& facts, bool own) {
  const bool unread = !own && !item.letter.own() && !item.letter.entry.read;
  ListLine line;
  line.style = item.letter.header.level == proto::Level::flash && unread ? Style::alarm
               : unread                                                  ? Style::caution
                                                                         : Style::plain;
  line.text = (unread ? "* " : "  ") +
              (item.closed() ? say(Text::console_list_closed, to_string(item.letter.header.source.device))
                             : words::list_line(item.letter, item.reading(), *facts.trust, *facts.catalogue,
                                                facts.now.wall, facts.board().query.exercise));
  if (own) line.text = pad(words::delivery_word(item.state), 14) + line.text;
  if (!item.closed()) line.item = std::make_shared<Item>(item);
  return line;
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

ListLine made_of(words::Line line) {
  ListLine made;
  made.text = std::move(line.text);
  made.style = style_of(line.weight);
  made.reports = std::move(line.reports);
  made.locality = line.locality;
  return made;
}
std::vector<ListLine> made_of(std::vector<words::Line> lines) {
  std::vector<ListLine> out;
  for (words::Line& line : lines) out.push_back(made_of(std::move(line)));
  return out;
}

/// All of them at once: as many as there are units, drafts or links.
class FewLines final : public ListLines {
 public:
  explicit FewLines(std::vector<ListLine> lines) : lines_(std::move(lines)) {}
  [[nodiscard]] std::size_t size() const override { return lines_.size(); }
  [[nodiscard]] std::vector<ListLine> window(std::size_t from, std::size_t max) const override {
    const std::size_t begin = std::min(from, lines_.size()), end = std::min(begin + max, lines_.size());
    return {lines_.begin() + static_cast<std::ptrdiff_t>(begin),
            lines_.begin() + static_cast<std::ptrdiff_t>(end)};
  }

 private:
  std::vector<ListLine> lines_;
};

std::vector<ListLine> plain(const std::vector<std::string>& texts) {
  std::vector<ListLine> out;
  for (const std::string& text : texts) {
    ListLine line;
    line.text = text;
    out.push_back(std::move(line));
  }
  return out;
}

std::vector<ListLine> draft_lines(const Facts& facts) {
  std::vector<ListLine> out;
  for (std::size_t i = 0; i < facts.drafts.size(); ++i) {
    const forms::Report& report = facts.drafts[i].message.reports.front();
    const forms::FormInfo* form = facts.catalogue->form(report.form);
    ListLine line;
    line.text = say(Text::console_list_draft, to_short_jst(facts.drafts[i].kept, facts.now.wall),
                    form != nullptr ? form->code + " " + form->label.in(language()) : std::string("?"),
                    facts.drafts[i].number);
    line.draft = i;
    out.push_back(std::move(line));
  }
  return out;
}

std::vector<ListLine> board_lines(const Looking& look, const Facts& facts) {
  const bool shown = look.form == facts.board().query.form;
  const auto rolled = shown ? facts.rolled : facts.shelf->board(look.form);
  if (rolled == nullptr || (rolled->board.rows.empty() && rolled->board.not_heard.empty())) return {};
  return made_of(words::board_page(*rolled, look.at, {*facts.trust, *facts.catalogue, facts.now.wall}));
}

/// The relay and its lines, then how long whom it knows may still be believed.
std::vector<ListLine> node_lines(const Facts& facts) {
  std::vector<DeviceId> devices{facts.self};
  std::vector<ListLine> out;
  if (facts.relay) {
    out = plain(words::status_lines(*facts.relay, facts.now.wall));
    devices.push_back(facts.relay->node);
    for (const proto::control::LinkStatus& link : facts.relay->links) devices.push_back(link.peer);
  } else {
    out = plain({facts.relay_trouble.empty() ? say(Text::console_relay_absent) : facts.relay_trouble});
    out.front().style = Style::alarm;
  }
  std::ranges::move(made_of(words::expiry_lines(*facts.trust, devices, facts.now.wall)),
                    std::back_inserter(out));
  return out;
}

/// What came, or what went.
class ReportLines final : public ListLines {
 public:
  ReportLines(FactsPtr facts, Shelf::List list) : facts_(std::move(facts)), list_(list) {}
  [[nodiscard]] std::size_t size() const override { return facts_->shelf->size(list_); }
  [[nodiscard]] std::vector<ListLine> window(std::size_t from, std::size_t max) const override {
    std::vector<ListLine> out;
    for (const Item& item : facts_->shelf->window(list_, from, max))
      out.push_back(line_of(item, *facts_, list_ == Shelf::List::own));
    return out;
  }

 private:
  FactsPtr facts_;
  Shelf::List list_;
};

/// What waits, then what came and went under a heading for each phase.
class TimeLines final : public ListLines {
 public:
  explicit TimeLines(FactsPtr facts) : facts_(std::move(facts)) {
    const desk::Lined& lined = *facts_->lined;
    head_ = made_of(words::timeline_head(lined.line, lined.readings, *facts_->trust, *facts_->catalogue));
    divide();
    if (parts_.empty()) head_.push_back(plain({say(Text::timeline_empty)}).front());
    size_ = head_.size();
    for (const Part& part : parts_) size_ += 1 + part.events;
  }
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] std::vector<ListLine> window(std::size_t from, std::size_t max) const override {
    const std::size_t end = std::min(from + max, size_);
    std::vector<ListLine> out;
    for (std::size_t i = from; i < std::min(end, head_.size()); ++i) out.push_back(head_[i]);
    std::size_t begin = head_.size(), event = 0;
    for (const Part& part : parts_) {
      if (from <= begin && begin < end) out.push_back(part.heading);
      const std::size_t first = std::max(from, begin + 1), last = std::min(end, begin + 1 + part.events);
      if (first < last) add_events(out, event + first - begin - 1, last - first);
      begin += 1 + part.events;
      event += part.events;
    }
    return out;
  }

 private:
  struct Part {
    ListLine heading;
    std::size_t events = 0;
  };
  /// Events are in order of time, so each phase is one run of them.
  void divide() {
    const desk::TimelineQuery& query = facts_->timeline().query;
    const std::size_t all = facts_->shelf->events();
    std::size_t before = 0;
    const auto add = [&](std::optional<forms::Phase> phase, std::size_t end) {
      end = std::clamp(end, before, all);
      if (end == before) return;
      Part part;
      part.heading.text = words::phase_heading(phase);
      part.heading.style = Style::title;
      part.events = end - before;
      parts_.push_back(std::move(part));
      before = end;
    };
    if (!query.start) return add(std::nullopt, all);
    for (const forms::Phase phase : forms::kPhases) {
      const bool last = phase == std::end(forms::kPhases)[-1];
      add(phase, last ? all : facts_->shelf->events_before(*query.start + forms::end_of(phase)));
    }
  }
  void add_events(std::vector<ListLine>& out, std::size_t from, std::size_t max) const {
    const desk::TimelineQuery& query = facts_->timeline().query;
    for (Item& item : facts_->shelf->events(from, max)) {
      const desk::Reading& reading = item.reading();
      const desk::Event event = desk::event_of(0, reading.facts, reading.first_seen, query);
      ListLine made =
          made_of(words::event_line(event, reading, *facts_->trust, *facts_->catalogue, query.now));
      made.item = std::make_shared<Item>(std::move(item));
      out.push_back(std::move(made));
    }
  }

  FactsPtr facts_;
  std::vector<ListLine> head_;
  std::vector<Part> parts_;
  std::size_t size_ = 0;
};

}  // namespace

std::unique_ptr<ListLines> lines_of(const Looking& look, FactsPtr facts) {
  const auto few = [](std::vector<ListLine> lines) { return std::make_unique<FewLines>(std::move(lines)); };
  switch (look.tab) {
    case Tab::inbox: return std::make_unique<ReportLines>(std::move(facts), Shelf::List::received);
    case Tab::outbox: return std::make_unique<ReportLines>(std::move(facts), Shelf::List::own);
    case Tab::drafts: return few(draft_lines(*facts));
    case Tab::board: return few(board_lines(look, *facts));
    case Tab::timeline: return std::make_unique<TimeLines>(std::move(facts));
    case Tab::support:
      return few(
          made_of(words::support_lines(facts->support, *facts->trust, *facts->catalogue, facts->now.wall)));
    case Tab::nodes: return few(node_lines(*facts));
    case Tab::map: break;  // a page of its own
  }
  return few({});
}

void FilteredLines::look(const ListLines& lines, std::size_t more) {
  if (lines.size() != size_) {
    size_ = lines.size();
    looked_ = 0;
    found_.clear();
  }
  const std::string wanted = forms::fold_for_search(wanted_);
  for (const ListLine& line : lines.window(looked_, more)) {
    if (forms::fold_for_search(line.text).find(wanted) != std::string::npos) found_.push_back(looked_);
    ++looked_;
  }
}

}  // namespace noroshi::tui
