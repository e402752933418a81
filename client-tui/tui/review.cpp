// The last look before signing: what is said, what changed, what is doubtful, to whom, how large, who signs.
#include <algorithm>

#include "client-tui/tui/cursor.hpp"
#include "client-tui/tui/text/flow.hpp"
#include "client-tui/tui/pages.hpp"
#include "client-tui/tui/review_lines.hpp"
#include "client-tui/tui/text/grapheme.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/text.hpp"

namespace noroshi::tui {
namespace {

class ReviewPage final : public Page {
 public:
  ReviewPage(desk::Draft draft, Office& office) : draft_(std::move(draft)) { prepare(office); }

  [[nodiscard]] std::vector<Where> places() const override { return {Where::review}; }
  [[nodiscard]] std::string title(const Facts&, const Bindings&) const override {
    return say(Text::console_review_title);
  }
  [[nodiscard]] std::vector<Action> hints() const override {
    return {Action::send, Action::keep, Action::level, Action::recipients, Action::back};
  }

  void key(const Key& key, Turn& turn) override {
    const auto action = turn.bindings.action(key, places());
    if (!action || cursor_.move(*action, lines_.size())) return;
    switch (*action) {
      case Action::back: return turn.close();
      case Action::send: return send(turn);
      case Action::keep: return keep(turn);
      case Action::level: return next_level(turn);
      case Action::recipients: return choose_recipients(turn);
      case Action::say: return read_aloud(turn);
      default: return;
    }
  }
  void draw(Area area) const override {
    lines_.clear();
    for (const ReviewLine& line : lines(*area.facts)) {
      for (std::string& row : flow(line.text, area.columns() - 2))
        lines_.push_back({std::move(row), line.style});
    }
    cursor_.fit(static_cast<std::size_t>(std::max(area.rows(), 1)), lines_.size());
    int row = area.top;
    for (std::size_t i = cursor_.top; i < lines_.size() && row < area.bottom; ++i, ++row)
      area.screen.put_within({row, 1}, area.columns(), lines_[i].text, lines_[i].style);
  }

 private:
  [[nodiscard]] std::vector<ReviewLine> lines(const Facts& facts) const {
    return prepared_ ? review_lines(*prepared_, facts) : std::vector<ReviewLine>{{trouble_, Style::alarm}};
  }
  void prepare(Office& office) {
    auto prepared = office.prepare(draft_.message);
    trouble_ = prepared.ok() ? std::string() : prepared.error().text;
    if (prepared.ok()) {
      prepared_ = *std::move(prepared);
    } else {
      prepared_.reset();
    }
  }

  void send(Turn& turn) {
    if (!prepared_) return turn.complain(trouble_);
    if (!prepared_->sendable()) return turn.complain(say(Text::console_review_blocked));
    const std::optional<std::uint64_t> draft =
        draft_.number != 0 ? std::optional(draft_.number) : std::nullopt;
    const auto sent = turn.office.send(draft_.message, draft);
    if (!sent.ok()) return turn.complain(sent.error().text);
    const std::string id = to_string(ReportId{sent->key, sent->seq, 0});
    turn.office.contact();
    turn.stale = true;
    turn.to_first = true;
    const bool here = turn.office.reached(*sent) == desk::Delivery::signed_here;
    turn.say(say(here ? Text::console_sent_here : Text::console_sent, id, sent->bytes));
  }
  void keep(Turn& turn) {
    const auto number = turn.office.keep(draft_, false);
    if (!number.ok()) return turn.complain(number.error().text);
    turn.stale = true;
    turn.to_first = true;
    turn.say(say(Text::console_kept, *number));
  }
  void read_aloud(Turn& turn) {
    if (!prepared_) return turn.complain(trouble_);
    const auto& rows = prepared_->reports;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) turn.open(say_page(*row));  // the first on top
  }
  void next_level(Turn& turn) {
    if (!prepared_) return turn.complain(trouble_);
    const int now = static_cast<int>(prepared_->level);
    draft_.message.level = static_cast<proto::Level>((now + proto::kLevels - 1) % proto::kLevels);
    prepare(turn.office);
  }
  /// The list stays open until it is left.
  void switch_recipient(std::size_t choice, Turn& turn) {
    auto& to = draft_.message.recipients;
    if (to.empty()) to = prepared_->recipients;
    if (std::erase(to, offered_[choice]) == 0) to.push_back(offered_[choice]);
    prepare(turn.office);
    choose_recipients(turn, choice);
  }
  void choose_recipients(Turn& turn, std::size_t at = 0) {
    if (!prepared_) return turn.complain(trouble_);
    std::vector<Choice> choices;
    offered_.clear();
    for (const OrgId org : turn.facts->trust->organisations()) {
      const RecipientId id = proto::to_org(org);
      const bool in = std::ranges::find(prepared_->recipients, id) != prepared_->recipients.end();
      choices.push_back({(in ? "[x] " : "[ ] ") + words::org_name(org, *turn.facts->trust), {}, {}});
      offered_.push_back(id);
    }
    turn.open(pick_page(
        say(Text::console_pick_to, turn.bindings.key(Action::open, {Where::pick}),
            turn.bindings.key(Action::back, {})),
        std::move(choices), [this](std::size_t choice, Turn& after) { switch_recipient(choice, after); },
        at));
  }

  desk::Draft draft_;
  std::optional<desk::Prepared> prepared_;
  std::string trouble_;
  std::vector<RecipientId> offered_;
  mutable std::vector<ReviewLine> lines_;
  mutable Cursor cursor_;
};

}  // namespace

PagePtr review_page(desk::Draft draft, Office& office) {
  return std::make_unique<ReviewPage>(std::move(draft), office);
}

}  // namespace noroshi::tui
