// The last look before signing: what is said, what changed, what is doubtful, to whom, how large, who signs.
#include <algorithm>

#include "client-tui/tui/cursor.hpp"
#include "client-tui/tui/flow.hpp"
#include "client-tui/tui/pages.hpp"
#include "client-tui/tui/text/grapheme.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/text.hpp"
#include "proto/forms/rules.hpp"

namespace noroshi::tui {
namespace {

struct Said {
  std::string text;
  Style style = Style::plain;
};

std::optional<desk::Reading> parent_of(const forms::Report& report, const Facts& facts) {
  const forms::Header header = report.header();
  const auto found = header.parents.empty() ? std::nullopt : facts.shelf->find(header.parents.front());
  return found && !found->closed() ? std::optional(found->reading()) : std::nullopt;
}

class ReviewPage final : public Page {
 public:
  ReviewPage(desk::Draft draft, Office& office) : draft_(std::move(draft)) { prepare(office); }

  [[nodiscard]] std::vector<Where> places() const override { return {Where::review}; }
  [[nodiscard]] std::string title(const Facts&) const override { return say(Text::console_review_title); }
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
    for (const Said& line : lines(*area.facts)) {
      for (std::string& row : flow(line.text, area.columns() - 2))
        lines_.push_back({std::move(row), line.style});
    }
    cursor_.fit(static_cast<std::size_t>(std::max(area.rows(), 1)), lines_.size());
    int row = area.top;
    for (std::size_t i = cursor_.top; i < lines_.size() && row < area.bottom; ++i, ++row)
      area.screen.put_within({row, 1}, area.columns(), lines_[i].text, lines_[i].style);
  }

 private:
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
    turn.say(say(Text::console_sent, id, sent->bytes));
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
        say(Text::console_pick_to), std::move(choices),
        [this](std::size_t choice, Turn& after) { switch_recipient(choice, after); }, at));
  }

  [[nodiscard]] std::vector<Said> lines(const Facts& facts) const {
    std::vector<Said> out;
    if (!prepared_) return {{trouble_, Style::alarm}};
    add_problems(out);
    add_address(out, facts);
    for (const forms::Report& report : prepared_->reports) add_report(out, report, facts);
    return out;
  }
  void add_problems(std::vector<Said>& out) const {
    // What stops the report first; what is only empty in one line, or a first report would be all warnings.
    std::vector<Said> warnings;
    std::string empty;
    bool missing = false;
    for (std::size_t i = 0; i < prepared_->problems.size(); ++i) {
      for (const forms::Problem& problem : prepared_->problems[i]) {
        const bool error = problem.severity == forms::Severity::error;
        missing = missing || (error && problem.missing);
        if (error) {
          out.push_back({say(Text::console_review_error) + " " + problem.text(language()), Style::alarm});
        } else if (problem.missing) {
          const auto* field = words::field_named(prepared_->reports[i].form, problem.field);
          empty +=
              (empty.empty() ? "" : ", ") + (field != nullptr ? field->label.in(language()) : problem.field);
        } else {
          warnings.push_back(
              {say(Text::console_review_warning) + " " + problem.text(language()), Style::caution});
        }
      }
    }
    out.insert(out.end(), warnings.begin(), warnings.end());
    if (!empty.empty()) out.push_back({say(Text::console_review_empty) + ": " + empty, Style::label});
    if (!prepared_->sendable()) {
      out.push_back({say(Text::console_review_blocked), Style::alarm});
    } else if (missing) {
      out.push_back({say(Text::console_review_incomplete), Style::caution});
    }
  }
  void add_address(std::vector<Said>& out, const Facts& facts) const {
    std::string to;
    for (const RecipientId id : prepared_->recipients)
      to += (to.empty() ? "" : ", ") + words::recipient_name(id, *facts.trust);
    const keys::SealedSize& size = prepared_->size;
    const keys::Incident* incident = facts.trust->incident(prepared_->incident);
    out.push_back({say(Text::console_review_incident) + ": " +
                   (prepared_->exercise ? say(Text::console_exercise_mark) : "") +
                   (incident != nullptr ? words::in_language(incident->name, incident->name_en)
                                        : say(Text::console_pending))});
    out.push_back({say(Text::console_review_to) + ": " + to});
    out.push_back(
        {say(Text::console_review_level) + ": " + words::level_word(prepared_->level) + "   " +
             say(Text::console_review_size) + ": " +
             say(Text::console_review_size_is, size.total(), prepared_->content.size(), size.padding),
         prepared_->level == proto::Level::flash ? Style::alarm : Style::plain});
    const std::optional<HandlerId> handler = prepared_->reports.front().header().handler;
    out.push_back(
        {say(Text::console_review_signer) + ": " +
         say(Text::console_review_signer_is, to_string(facts.self), handler ? handler->value : 0u)});
    out.push_back({});
  }
  static void add_report(std::vector<Said>& out, const forms::Report& report, const Facts& facts) {
    const forms::Catalogue& catalogue = forms::Catalogue::built_in();
    const forms::FormInfo* form = catalogue.form(report.form, report.version);
    if (form == nullptr) return;
    const forms::Header header = report.header();
    const auto unit = header.speaks_for();
    out.push_back({form->code + " " + form->label.in(language()) + "  " +
                       (unit ? words::unit_name(*unit, *facts.trust) : "") + "  #" +
                       std::to_string(header.report_no),
                   Style::title});
    const std::optional<desk::Reading> parent = parent_of(report, facts);
    for (const forms::FieldInfo* field : catalogue.asked(*form)) {
      const forms::Value* value = report.find(field->number);
      const forms::Value* before = parent ? parent->report.find(field->number) : nullptr;
      if (value == nullptr && before == nullptr) continue;
      const bool changed = parent && (value == nullptr || before == nullptr || *value != *before);
      std::string line = std::string(changed ? "~" : " ") +
                         (field->confidentiality == forms::Confidentiality::open ? " " : "*") + " " +
                         field->label.in(language()) + ": " +
                         (value != nullptr ? words::value_text(*value, *field, *facts.trust)
                                           : say(Text::console_picked_none));
      if (changed && before != nullptr)
        line += say(Text::console_review_was, words::value_text(*before, *field, *facts.trust));
      out.push_back({std::move(line), changed ? Style::caution : Style::plain});
    }
  }

  desk::Draft draft_;
  std::optional<desk::Prepared> prepared_;
  std::string trouble_;
  std::vector<RecipientId> offered_;
  mutable std::vector<Said> lines_;
  mutable Cursor cursor_;
};

}  // namespace

PagePtr review_page(desk::Draft draft, Office& office) {
  return std::make_unique<ReviewPage>(std::move(draft), office);
}

}  // namespace noroshi::tui
