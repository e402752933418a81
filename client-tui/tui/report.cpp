// One report in full, and what can be done with it.
#include <algorithm>

#include "client-tui/tui/begin.hpp"
#include "client-tui/tui/cursor.hpp"
#include "client-tui/tui/pages.hpp"
#include "client-tui/tui/text/flow.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/text.hpp"

namespace noroshi::tui {
namespace {

using forms::ReportKind;

void child(const Item& item, ReportKind kind, Turn& turn) {
  fill_in(begin_child(item, kind, *turn.facts, turn.office), turn);
}
void verify(const Item& item, forms::Verdict verdict, Turn& turn) {
  auto draft = begin_verification(item, verdict, *turn.facts);
  if (!draft.ok()) return turn.complain(draft.error().text);
  turn.open(review_page(*std::move(draft), turn.office));
}

/// Back into the form it came from, where it can be mended and sent, or dropped.
void recall(const Item& item, Turn& turn, bool on_its_page = false) {
  auto draft = turn.office.recall(item.letter.entry.id);
  if (!draft.ok()) return turn.complain(draft.error().text);
  turn.stale = true;
  if (on_its_page) turn.close();  // there is no such report any more
  turn.say(say(Text::console_recalled, draft->number));
  turn.open(form_page(*std::move(draft), *turn.facts));
}

class ReportPage final : public Page {
 public:
  explicit ReportPage(Item item) : item_(std::move(item)) {}
  [[nodiscard]] std::vector<Where> places() const override { return {Where::report, Where::list}; }
  [[nodiscard]] std::string title(const Facts&, const Bindings&) const override {
    return to_string(item_.reading().facts.id);
  }
  [[nodiscard]] std::vector<Action> hints() const override {
    const bool waits =
        !item_.deliveries.empty() && std::ranges::all_of(item_.deliveries, [](const auto& delivery) {
          return delivery.state <= desk::Delivery::queued;
        });
    if (waits)
      return {Action::recall, Action::update, Action::correct, Action::cancel, Action::help, Action::back};
    return {Action::update, Action::correct, Action::cancel, Action::answer,
            Action::ask,    Action::help,    Action::back};
  }
  void key(const Key& key, Turn& turn) override {
    const auto action = turn.bindings.action(key, places());
    if (!action || cursor_.move(*action, size_)) return;
    if (*action == Action::back) return turn.close();
    if (*action == Action::recall) return recall(item_, turn, true);
    if (*action == Action::home) turn.to_first = true;
    act_on_report(item_, *action, turn);
  }
  void tick(Turn& turn) override {
    if (item_.letter.own()) look_again(turn);
    if (told_ || item_.letter.own() || item_.letter.entry.read) return;
    told_ = true;  // once is enough, whatever becomes of it
    if (turn.office.acknowledge(item_.letter.entry.id, proto::ReceiptKind::read).ok()) turn.stale = true;
  }
  void draw(Area area) const override {
    const Facts& facts = *area.facts;
    std::vector<std::string> texts = words::report_lines(item_.reading(), *facts.catalogue);
    texts.insert(texts.begin(), words::report_line(item_.letter, item_.reading(), *facts.trust,
                                                   *facts.catalogue, facts.now.wall));
    for (const std::string& line : words::file_lines(item_.files, *facts.catalogue))
      texts.push_back("  " + line);
    std::ranges::move(words::delivery_lines(item_.letter, item_.deliveries, progress_, facts.relay,
                                            *facts.trust, facts.now.wall),
                      std::back_inserter(texts));
    std::vector<std::string> lines;
    for (const std::string& text : texts)
      std::ranges::move(flow(text, area.columns() - 2), std::back_inserter(lines));
    size_ = lines.size();
    // A page of text: the cursor is its first line.
    const auto rows = static_cast<std::size_t>(std::max(area.rows(), 1));
    cursor_.shown = rows;
    cursor_.at = std::min(cursor_.at, size_ > rows ? size_ - rows : 0);
    int row = area.top;
    for (std::size_t i = cursor_.at; i < size_ && row < area.bottom; ++i, ++row)
      area.screen.put_within({row, 1}, area.columns(), lines[i], i == 0 ? Style::title : Style::plain);
  }

 private:
  /// An own one moves while somebody looks at it.
  void look_again(Turn& turn) {
    progress_ = turn.office.progress(item_.letter.entry.id);
    if (seen_ == turn.facts) return;
    seen_ = turn.facts;
    if (auto now = turn.facts->shelf->find(item_.reading().facts.id)) item_.deliveries = now->deliveries;
  }

  Item item_;
  bool told_ = false;
  FactsPtr seen_;  // that its deliveries are of
  std::optional<proto::control::EnvelopeProgress> progress_;
  mutable std::size_t size_ = 0;
  mutable Cursor cursor_;
};

}  // namespace

void act_on_report(const Item& item, Action action, Turn& turn) {
  switch (action) {
    case Action::update: return child(item, ReportKind::update, turn);
    case Action::correct: return child(item, ReportKind::correction, turn);
    case Action::cancel: return child(item, ReportKind::cancel, turn);
    case Action::recall: return recall(item, turn);
    case Action::answer: return fill_in(begin_answer(item, *turn.facts, turn.office), turn);
    case Action::ask: return fill_in(begin_question(item, *turn.facts, turn.office.now().wall), turn);
    case Action::confirm: return verify(item, forms::Verdict::confirmed, turn);
    case Action::hold: return verify(item, forms::Verdict::held, turn);
    case Action::say: return turn.open(say_page(item.reading().report));
    case Action::print: {
      const auto file = turn.office.print(item);
      if (!file.ok()) return turn.complain(file.error().text);
      return turn.say(say(Text::console_printed, *file));
    }
    case Action::save_files: {
      if (item.files.empty()) return turn.complain(say(Text::no_files, to_string(item.reading().facts.id)));
      const auto folder = turn.office.save_files(item);
      if (!folder.ok()) return turn.complain(folder.error().text);
      return turn.say(say(Text::file_saved, *folder));
    }
    case Action::accept: {
      const auto done = turn.office.acknowledge(item.letter.entry.id, proto::ReceiptKind::accepted);
      if (!done.ok()) return turn.complain(done.error().text);
      turn.stale = true;
      return turn.say(say(Text::console_accepted));
    }
    default: return;
  }
}

PagePtr report_page(Item item) {
  return std::make_unique<ReportPage>(std::move(item));
}

}  // namespace noroshi::tui
