// The first report: six answers and what was checked, one key each.
#include <array>

#include "client-tui/tui/pages.hpp"
#include "client-tui/tui/text/grapheme.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/text.hpp"
#include "proto/forms/six.hpp"

namespace noroshi::tui {
namespace {

constexpr std::size_t kQuestions = forms::kSixFields.size() + 1;
constexpr std::size_t kScope = kQuestions - 1;
constexpr std::size_t kHouseholdDigits = 7;  // forms::kCountMax

const forms::FieldInfo& question(std::size_t index, const forms::Catalogue& catalogue) {
  const forms::FieldNo number = index == kScope ? forms::field::checked_scope : forms::kSixFields[index];
  return *catalogue.field(*catalogue.form("F1"), number);
}

class SixPage final : public Page {
 public:
  SixPage(forms::Report report, const forms::Catalogue& catalogue)
      : report_(std::move(report)), catalogue_(catalogue) {}
  [[nodiscard]] std::vector<Where> places() const override { return {Where::six}; }
  [[nodiscard]] std::string title(const Facts& facts, const Bindings&) const override {
    const auto unit = report_.header().speaks_for();
    return say(Text::console_six_title) + "  " +
           (unit ? words::unit_name(*unit, *facts.trust) : words::org_name(facts.self.org, *facts.trust));
  }
  [[nodiscard]] std::vector<Action> hints() const override { return {Action::back, Action::help}; }

  void key(const Key& key, Turn& turn) override {
    const auto action = turn.bindings.action(key, places());
    const Key plain = key.plain();
    if (action == Action::back) return back(turn);
    if (asks_households()) return households(plain, turn);
    if (plain.kind != Key::Kind::text || plain.text.size() != 1) return;
    const auto digit = static_cast<std::uint32_t>(plain.text[0] - '0');
    if (question(at_, catalogue_).list->by_number(digit) == nullptr) {
      if (digit <= 9) turn.complain(say(Text::console_six_no_such, plain.text));
      return;
    }
    answers_[at_] = static_cast<std::uint8_t>(digit);
    households_.clear();
    ++at_;
    if (at_ == kQuestions && !asks_households()) finish(turn);
  }

  void draw(Area area) const override {
    int width = 0;
    for (std::size_t i = 0; i < kQuestions; ++i) width = std::max(width, columns(label(i)));
    int row = area.top + 1;
    for (std::size_t i = 0; i < kQuestions && row < area.bottom; ++i, ++row) {
      const bool here = i == at_;
      if (here) area.screen.put({row, 0}, ">", Style::chosen);
      area.screen.put({row, 2}, std::to_string(i + 1) + " " + label(i), here ? Style::chosen : Style::label);
      if (i < at_) area.screen.put_within({row, 6 + width}, area.columns(), answer(i));
      if (here) area.screen.set_caret({row, 6 + width});
    }
    if (asks_households()) {
      area.screen.put({row, 0}, ">", Style::chosen);
      area.screen.put({row, 2}, say(Text::console_six_households), Style::chosen);
      area.screen.set_caret({row, area.screen.put({row, 6 + width}, households_, Style::entry)});
      ++row;
    }
    ++row;
    if (at_ < kQuestions) {
      for (const std::string& line : options(at_, area.columns() - 3)) area.screen.put({row++, 2}, line);
    }
    area.screen.put_within({row, 2}, area.columns(), say(Text::console_six_hint), Style::label);
  }

 private:
  [[nodiscard]] bool asks_households() const {
    return at_ == kQuestions && answers_[kScope] == static_cast<std::uint8_t>(forms::CheckedScope::some);
  }
  [[nodiscard]] std::string label(std::size_t index) const {
    return question(index, catalogue_).label.in(language());
  }
  [[nodiscard]] std::string answer(std::size_t index) const {
    const auto* code = question(index, catalogue_).list->by_number(answers_[index]);
    return std::to_string(answers_[index]) + " " + (code != nullptr ? code->label.in(language()) : "");
  }
  /// As many on a line as there is room for.
  [[nodiscard]] std::vector<std::string> options(std::size_t index, int width) const {
    std::vector<std::string> out{""};
    for (const forms::CodeInfo& code : question(index, catalogue_).list->codes) {
      const std::string option = std::to_string(code.number) + " " + code.label.in(language());
      if (!out.back().empty() && columns(out.back()) + 3 + columns(option) > width) out.emplace_back();
      out.back() += (out.back().empty() ? "" : "   ") + option;
    }
    return out;
  }

  void back(Turn& turn) {
    if (asks_households() && !households_.empty()) return households_.pop_back();
    if (at_ == 0) return turn.close();
    --at_;
  }
  void households(const Key& key, Turn& turn) {
    if (key.kind == Key::Kind::enter && !households_.empty()) return finish(turn);
    const bool digit =
        key.kind == Key::Kind::text && key.text.size() == 1 && key.text[0] >= '0' && key.text[0] <= '9';
    if (digit && households_.size() < kHouseholdDigits) households_ += key.text;
  }
  void finish(Turn& turn) {
    forms::SixAnswers six;
    std::copy_n(answers_.begin(), six.keys.size(), six.keys.begin());
    const auto scope = static_cast<forms::CheckedScope>(answers_[kScope]);
    std::optional<std::uint32_t> checked;
    if (!households_.empty()) checked = static_cast<std::uint32_t>(std::stoul(households_));
    desk::Draft draft;
    draft.message.reports = {report_};
    forms::apply_six(draft.message.reports.front(), six, scope, checked);
    at_ = kScope;  // whoever comes back from the review changes the last answer first
    turn.open(review_page(std::move(draft), turn.office));
  }

  forms::Report report_;
  const forms::Catalogue& catalogue_;
  std::array<std::uint8_t, kQuestions> answers_{};
  std::string households_;
  std::size_t at_ = 0;
};

}  // namespace

PagePtr six_page(forms::Report report, const forms::Catalogue& catalogue) {
  return std::make_unique<SixPage>(std::move(report), catalogue);
}

}  // namespace noroshi::tui
