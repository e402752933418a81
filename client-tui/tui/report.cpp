// One report in full, and what can be done with it.
#include <algorithm>

#include "client-tui/tui/cursor.hpp"
#include "client-tui/tui/flow.hpp"
#include "client-tui/tui/pages.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/text.hpp"

namespace noroshi::tui {
namespace {

namespace field = forms::field;
using forms::ActKind;
using forms::ReportKind;

/// A question, an answer, a note: something about that report.
desk::Draft about(const Item& item, ActKind act, const forms::Catalogue& catalogue) {
  forms::Report report = forms::new_report(*catalogue.form("F9"));
  forms::Header header = report.header();
  header.incident = item.reading().facts.incident;
  report.set_header(header);
  report.put(field::act_kind, forms::CodeValue{static_cast<std::uint32_t>(act)});
  report.put(field::regarding, forms::References{item.reading().facts.id});
  desk::Draft draft;
  draft.message.reports = {std::move(report)};
  draft.message.recipients = {proto::to_org(item.reading().facts.signer.org)};
  return draft;
}

/// An inquiry without a time of its own is due in three hours: the authority's next round of questions.
constexpr Seconds kAnswerDue = hours(3);

void child(const Item& item, ReportKind kind, Turn& turn) {
  const bool ours = item.reading().facts.signer.org == turn.facts->self.org ||
                    item.reading().facts.association == turn.facts->self.org;
  if (!ours || item.reading().facts.form == 9) return turn.complain(say(Text::console_not_yours));
  const forms::FormNo form = item.reading().facts.form;
  if (turn.facts->catalogue->form(form) == nullptr)
    return turn.complain(say(Text::form_not_here, words::form_code(form, *turn.facts->catalogue)));
  desk::Draft draft;
  draft.message.reports = turn.office.child_of(item.reading(), kind);
  turn.open(form_page(std::move(draft), *turn.facts));
}

void verify(const Item& item, forms::Verdict verdict, Turn& turn) {
  if (item.reading().facts.association != turn.facts->self.org)
    return turn.complain(say(Text::console_only_association));
  desk::Draft draft = about(item, ActKind::verification, *turn.facts->catalogue);
  draft.message.reports.front().put(field::verdict, forms::CodeValue{static_cast<std::uint32_t>(verdict)});
  draft.message.recipients.clear();
  turn.open(review_page(std::move(draft), turn.office));
}

class ReportPage final : public Page {
 public:
  explicit ReportPage(Item item) : item_(std::move(item)) {}
  [[nodiscard]] std::vector<Where> places() const override { return {Where::report, Where::list}; }
  [[nodiscard]] std::string title(const Facts&) const override { return to_string(item_.reading().facts.id); }
  [[nodiscard]] std::vector<Action> hints() const override {
    return {Action::update, Action::correct, Action::cancel, Action::answer,
            Action::ask,    Action::help,    Action::back};
  }
  void key(const Key& key, Turn& turn) override {
    const auto action = turn.bindings.action(key, places());
    if (!action || cursor_.move(*action, size_)) return;
    if (*action == Action::back) return turn.close();
    if (*action == Action::home) turn.to_first = true;
    act_on_report(item_, *action, turn);
  }
  void tick(Turn& turn) override {
    if (told_ || item_.letter.own() || item_.letter.entry.read) return;
    told_ = true;  // once is enough, whatever becomes of it
    if (turn.office.acknowledge(item_.letter.entry.id, proto::ReceiptKind::read).ok()) turn.stale = true;
  }
  void draw(Area area) const override {
    const Facts& facts = *area.facts;
    std::vector<std::string> texts = words::report_lines(item_.reading(), *facts.catalogue);
    texts.insert(texts.begin(), words::report_line(item_.letter, item_.reading(), *facts.trust,
                                                   *facts.catalogue, facts.now.wall));
    for (const auto& delivery : item_.deliveries)
      texts.push_back(words::delivery_line(delivery, *facts.trust, facts.now.wall));
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
  Item item_;
  bool told_ = false;
  mutable std::size_t size_ = 0;
  mutable Cursor cursor_;
};

}  // namespace

void act_on_report(const Item& item, Action action, Turn& turn) {
  switch (action) {
    case Action::update: return child(item, ReportKind::update, turn);
    case Action::correct: return child(item, ReportKind::correction, turn);
    case Action::cancel: return child(item, ReportKind::cancel, turn);
    case Action::answer:
      return turn.open(form_page(about(item, ActKind::answer, *turn.facts->catalogue), *turn.facts));
    case Action::ask: {
      desk::Draft draft = about(item, ActKind::inquiry, *turn.facts->catalogue);
      draft.message.reports.front().put(field::answer_due, turn.office.now().wall + kAnswerDue);
      return turn.open(form_page(std::move(draft), *turn.facts));
    }
    case Action::confirm: return verify(item, forms::Verdict::confirmed, turn);
    case Action::hold: return verify(item, forms::Verdict::held, turn);
    case Action::say: return turn.open(say_page(item.reading().report));
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
