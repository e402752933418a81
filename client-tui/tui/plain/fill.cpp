#include "client-tui/tui/plain/fill.hpp"

#include <algorithm>
#include <charconv>

#include "client-tui/words/names.hpp"
#include "client-tui/words/text.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::tui::plain {
namespace {

/// So many can be heard one after the other and still be told apart.
constexpr std::size_t kListed = 20;
/// A list so short is said with the question.
constexpr std::size_t kSaidAtOnce = 12;

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::string line_of(const Choice& choice) {
  return (choice.key.empty() ? "" : choice.key + " ") + choice.text;
}

class Field {
 public:
  Field(const forms::FieldInfo& field, Values& values, Room& room)
      : field_(field), values_(values), room_(room), facts_(*room.facts), paper_(room.paper) {}

  Answered ask(const std::string& place) {
    offer();
    for (;;) {
      const auto line = paper_.ask(prompt(place));
      if (!line) return Answered::gone;
      const std::string text = trimmed(*line);
      if (text.empty() && manner_of(field_) != Manner::rows) return Answered::next;
      if (text == ".") return Answered::done;
      if (text == ".b") return Answered::back;
      if (text == ".k") return Answered::kept;
      if (text == ".h") {
        help();
        continue;
      }
      if (text == ".c") {
        values_.erase(field_.number);
        return Answered::next;
      }
      if (text == ".p" && field_.kind == forms::Kind::point) {
        if (locate()) return Answered::next;
        continue;
      }
      if (text.size() == 2 && text[0] == '.' && text[1] >= 'a' && text[1] <= 'z') {
        paper_.print("  ! " + say(Text::plain_commands));
        continue;
      }
      if (const auto done = take(text.starts_with("..") ? text.substr(1) : text)) return *done;
    }
  }

 private:
  [[nodiscard]] std::string prompt(const std::string& place) const {
    std::string out = place + " " + field_.label.in(language());
    const std::string& unit = field_.unit.in(language());
    if (!unit.empty()) out += " (" + unit + ")";
    const auto held = values_.find(field_.number);
    if (held == values_.end()) return out + ": ";
    const auto* group = std::get_if<forms::Group>(&held->second);
    return out + " [" +
           (group != nullptr ? say(Text::console_form_rows, group->rows.size())
                             : words::value_text(held->second, field_, *facts_.trust)) +
           "]: ";
  }
  /// What may be answered, where it can be said in one breath.
  void offer() {
    if (field_.list == nullptr || field_.list->codes.size() > kSaidAtOnce) return;
    std::string line = " ";
    for (const Choice& choice : options().choices) line += " " + line_of(choice) + " ";
    paper_.print(line);
  }
  bool locate() {
    const auto point = room_.office.position();
    if (!point.ok()) paper_.print("  ! " + point.error().text);
    if (point.ok()) values_[field_.number] = *point;
    return point.ok();
  }
  void help() {
    paper_.print("  " + field_.help.in(language()));
    if (manner_of(field_) == Manner::counted) paper_.print("  " + say(Text::console_form_count_keys));
    if (field_.kind == forms::Kind::point) paper_.print("  " + say(Text::plain_position));
    if (field_.list != nullptr) {
      for (const Choice& choice : options().choices) paper_.print("  " + line_of(choice));
    }
    paper_.print("  " + say(Text::plain_commands));
  }
  const Options& options() {
    if (options_.choices.empty()) options_ = options_of(field_, facts_);
    return options_;
  }

  /// Nothing: the answer was none, and why has been said.
  std::optional<Answered> take(const std::string& text) {
    switch (manner_of(field_)) {
      case Manner::counted: return put(value_of(text, field_, facts_.now.wall));
      case Manner::typed: return type(text);
      case Manner::chosen: return choose(text);
      case Manner::ticked: return tick(text);
      case Manner::rows: return rows(text);
    }
    return std::nullopt;
  }
  std::optional<Answered> put(Result<std::optional<forms::Value>> value) {
    if (!value.ok()) {
      paper_.print("  ! " + value.error().text);
      return std::nullopt;
    }
    if (*value) values_[field_.number] = **std::move(value);
    return Answered::next;
  }
  /// A backslash at the end of a line of a long text: it goes on.
  std::optional<Answered> type(std::string text) {
    const EditorKind kind = editor_kind(field_);
    while (kind.many_lines && text.ends_with("\\")) {
      text.back() = '\n';
      const auto more = paper_.ask("  … ");
      if (!more) return Answered::gone;
      text += trimmed(*more);
    }
    Editor editor(kind);
    switch (editor.paste(text)) {
      case Edited::full:
        paper_.print("  ! " + say(Text::console_form_full, kind.chars_max));
        return std::nullopt;
      case Edited::refused_control:
      case Edited::refused_bytes: paper_.print("  ! " + say(Text::console_form_control)); return std::nullopt;
      default: return put(value_of(editor.text(), field_, facts_.now.wall));
    }
  }
  std::optional<Answered> choose(const std::string& text) {
    const std::vector<std::size_t> fitting = index_of(options().choices).find(text);
    const bool plain = fitting.size() == 1 || (!fitting.empty() && options().choices[fitting[0]].key == text);
    const auto at = plain ? std::optional(fitting[0]) : among(fitting, text);
    if (gone_) return Answered::gone;
    if (!at) return std::nullopt;
    values_[field_.number] = options().values[*at];
    return Answered::next;
  }
  std::optional<std::size_t> among(const std::vector<std::size_t>& fitting, const std::string& text) {
    if (fitting.empty()) {
      paper_.print("  ! " + say(Text::console_pick_nothing, text));
      return std::nullopt;
    }
    const std::size_t count = std::min(fitting.size(), kListed);
    for (std::size_t i = 0; i < count; ++i)
      paper_.print("  " + std::to_string(i + 1) + ") " + line_of(options().choices[fitting[i]]));
    if (count < fitting.size()) paper_.print("  " + say(Text::plain_more, fitting.size() - count));
    const auto number = pick("  " + say(Text::plain_which), count, paper_);
    gone_ = !number;
    if (!number || *number == 0) return std::nullopt;
    return fitting[*number - 1];
  }
  /// "1 3 5": these and no others.
  std::optional<Answered> tick(const std::string& text) {
    forms::CodeSet set;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find_first_of(" ,、", begin), text.size());
      const std::string word = text.substr(begin, end - begin);
      begin = end + 1;
      if (word.empty()) continue;
      const auto number = number_typed(word);
      if (!number || *number > 64 || field_.list->by_number(static_cast<std::uint32_t>(*number)) == nullptr) {
        paper_.print("  ! " + say(Text::console_six_no_such, word));
        return std::nullopt;
      }
      set.mask |= std::uint64_t{1} << (*number - 1);
    }
    values_[field_.number] = set;
    return Answered::next;
  }
  /// Its rows, until an empty answer: a number changes one, n adds one.
  std::optional<Answered> rows(const std::string& text) {
    if (text.empty()) return Answered::next;
    const auto* held = group();
    const std::size_t count = held != nullptr ? held->rows.size() : 0;
    const auto number = forms::fold_for_search(text) == "n" ? std::optional(count + 1) : number_typed(text);
    if (!number || *number == 0 || *number > count + 1) {
      for (std::size_t i = 0; i < count; ++i)
        paper_.print("  " + std::to_string(i + 1) + ") " + row_line(field_, held->rows[i]));
      paper_.print("  " + say(Text::plain_rows));
      return std::nullopt;
    }
    forms::Row row = *number <= count ? held->rows[*number - 1] : forms::Row{};
    for (const forms::FieldInfo& column : field_.columns) {
      const Answered answer = fill(column, "   ", row.cells, room_);
      if (answer == Answered::gone) return answer;
      if (answer != Answered::next) break;
    }
    values_[field_.number] = with_row(held != nullptr ? *group() : forms::Group{}, *number - 1, row);
    return std::nullopt;
  }
  [[nodiscard]] const forms::Group* group() const {
    const auto held = values_.find(field_.number);
    return held == values_.end() ? nullptr : std::get_if<forms::Group>(&held->second);
  }

  const forms::FieldInfo& field_;
  Values& values_;
  Room& room_;
  const Facts& facts_;
  Paper& paper_;
  Options options_;
  bool gone_ = false;
};

}  // namespace

std::optional<std::size_t> number_typed(const std::string& text) {
  const std::string plain = forms::fold_for_search(text);
  std::size_t out = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), out);
  if (error != std::errc() || end != plain.data() + plain.size()) return std::nullopt;
  return out;
}

Answered fill(const forms::FieldInfo& field, const std::string& place, Values& values, Room& room) {
  return Field(field, values, room).ask(place);
}

std::optional<std::size_t> pick(const std::string& prompt, std::size_t count, Paper& paper) {
  for (;;) {
    const auto line = paper.ask(prompt);
    if (!line) return std::nullopt;
    const std::string text = trimmed(*line);
    if (text.empty() || text == ".b" || text == ".") return 0;
    const auto number = number_typed(text);
    if (number && *number <= count) return number;
    paper.print("  ! " + say(Text::plain_one_to, count));
  }
}

std::optional<std::size_t> find(const std::string& prompt, const std::vector<Choice>& choices, Paper& paper) {
  const forms::SearchIndex index = index_of(choices);
  if (choices.size() <= kListed) {
    for (const Choice& choice : choices) paper.print("  " + line_of(choice));
  }
  for (;;) {
    const auto line = paper.ask(prompt);
    if (!line) return std::nullopt;
    const std::string text = trimmed(*line);
    if (text.empty() || text == ".b" || text == "0") return choices.size();
    const std::vector<std::size_t> fitting = index.find(text, kListed);
    if (fitting.empty()) {
      paper.print("  ! " + say(Text::console_pick_nothing, text));
    } else if (fitting.size() == 1 || choices[fitting[0]].key == text || choices[fitting[0]].text == text) {
      return fitting[0];
    } else {
      for (const std::size_t at : fitting) paper.print("  " + line_of(choices[at]));
    }
  }
}

}  // namespace noroshi::tui::plain
