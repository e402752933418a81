#include "client-tui/tui/field_list.hpp"

#include <algorithm>

#include "client-tui/tui/text/grapheme.hpp"
#include "client-tui/words/text.hpp"

namespace noroshi::tui {
namespace {

constexpr int kLabelMost = 28;  // columns: the longest label of F1 in English has 26
constexpr int kTextRows = 4;    // of a long text while it is typed; the rest scrolls
constexpr int kFootRows = 3;    // what may be chosen, help of the field, what is wrong with it

bool is_long(const forms::FieldInfo& field) {
  return editor_kind(field).many_lines;
}

}  // namespace

void FieldList::show(std::vector<const forms::FieldInfo*> fields, const Values& values, WallTime now) {
  const forms::FieldNo here = fields_.empty() ? 0 : field().number;
  fields_ = std::move(fields);
  const auto same = std::ranges::find(fields_, here, &forms::FieldInfo::number);
  go(same == fields_.end() ? 0 : static_cast<std::size_t>(same - fields_.begin()), values, now);
}

void FieldList::go(std::size_t at, const Values& values, WallTime now) {
  if (fields_.empty()) return;
  cursor_.at = std::min(at, fields_.size() - 1);
  editor_ = Editor(editor_kind(field()));
  const auto found = values.find(field().number);
  if (found != values.end() && manner() == Manner::typed) editor_.set(text_of(found->second, field(), now));
  const auto* count = found != values.end() ? std::get_if<forms::Count>(&found->second) : nullptr;
  count_.set(count != nullptr ? std::optional(*count) : std::nullopt);
  taken_ = editor_.changed();
}

void FieldList::go_to(forms::FieldNo number, const Values& values, WallTime now) {
  const auto found = std::ranges::find(fields_, number, &forms::FieldInfo::number);
  if (found != fields_.end()) go(static_cast<std::size_t>(found - fields_.begin()), values, now);
}

bool FieldList::take(Values& values, WallTime now) {
  why_.clear();
  if (fields_.empty() || manner() != Manner::typed || editor_.changed() == taken_) return true;
  auto value = value_of(editor_.text(), field(), now);
  if (!value.ok()) {
    why_ = value.error().text;
    return false;
  }
  taken_ = editor_.changed();
  if (*value) {
    values[field().number] = **std::move(value);
  } else {
    values.erase(field().number);
  }
  return true;
}

bool FieldList::insert(const std::string& text) {
  if (editor_.paste(text) != Edited::full) return true;
  why_ = say(Text::console_form_full, editor_.kind().chars_max);
  return false;
}

FieldList::Did FieldList::walk(Action action, Values& values, WallTime now) {
  const std::size_t before = cursor_.at;
  Cursor next = cursor_;
  if (action == Action::next) action = Action::down;
  if (action == Action::previous) action = Action::up;
  if (!next.move(action, fields_.size())) return Did::nothing;
  if (!take(values, now)) return Did::refused;
  cursor_ = next;
  go(cursor_.at, values, now);
  return before == cursor_.at ? Did::nothing : Did::moved;
}

FieldList::Did FieldList::key(const Key& key, const Bindings& bindings, Values& values, WallTime now) {
  why_.clear();
  sought_.clear();
  if (fields_.empty()) return Did::nothing;
  const auto action = bindings.action(key, {Where::form});
  const bool in_text = manner() == Manner::typed && is_long(field());
  // Within a long text the arrows and Enter are the text's, until it has no row left to go to.
  if (in_text && key.kind == Key::Kind::up && editor_.up()) return Did::moved;
  if (in_text && key.kind == Key::Kind::down && editor_.down()) return Did::moved;
  if (in_text && key.kind == Key::Kind::enter) return typed(key, bindings, values, now);
  if (action == Action::choose) return manner() == Manner::rows ? Did::rows : Did::choose;
  if (key.kind == Key::Kind::enter && manner() == Manner::rows) return Did::rows;
  if (action) return walk(*action, values, now);
  switch (manner()) {
    case Manner::typed: return typed(key, bindings, values, now);
    case Manner::counted: return counted(key, bindings, values);
    default: return picked(key, values);
  }
}

FieldList::Did FieldList::typed(const Key& key, const Bindings& bindings, Values&, WallTime) {
  const std::uint64_t before = editor_.changed();
  switch (edit(editor_, key, bindings, killed_)) {
    case Edited::accepted: return editor_.changed() != before ? Did::changed : Did::moved;
    case Edited::nothing: return Did::nothing;
    case Edited::full: why_ = say(Text::console_form_full, editor_.kind().chars_max); return Did::refused;
    case Edited::refused_control:
    case Edited::refused_bytes: why_ = say(Text::console_form_control); return Did::refused;
  }
  return Did::nothing;
}

FieldList::Did FieldList::counted(const Key& key, const Bindings& bindings, Values& values) {
  Keyed did = Keyed::nothing;
  if (key.kind == Key::Kind::backspace) did = count_.backspace();
  if (key.kind == Key::Kind::text || key.kind == Key::Kind::paste) did = count_.type(key.text);
  if (key.kind == Key::Kind::del || bindings.action(key, {Where::typing}) == Action::kill)
    count_.clear(), did = Keyed::accepted;
  switch (did) {
    case Keyed::nothing: return Did::nothing;
    case Keyed::full:
      why_ = say(Text::console_count_full, forms::with_commas(forms::kCountMax));
      return Did::refused;
    case Keyed::unknown: why_ = say(Text::console_takes_count); return Did::refused;
    case Keyed::accepted: break;
  }
  if (const auto count = count_.count()) {
    values[field().number] = *count;
  } else {
    values.erase(field().number);
  }
  return Did::changed;
}

/// A digit chooses or ticks, BackSpace takes the value away, any other letter is looked for in the list.
FieldList::Did FieldList::picked(const Key& key, Values& values) {
  if (key.kind == Key::Kind::backspace || key.kind == Key::Kind::del)
    return values.erase(field().number) > 0 ? Did::changed : Did::nothing;
  const Key plain = key.plain();
  if (plain.kind != Key::Kind::text) return Did::nothing;
  if (manner() == Manner::rows) return Did::rows;
  const bool digit = plain.text.size() == 1 && plain.text[0] >= '0' && plain.text[0] <= '9';
  if (!digit || field().list == nullptr) {
    sought_ = key.text;
    return Did::choose;
  }
  const auto number = static_cast<std::uint32_t>(plain.text[0] - '0');
  if (field().list->by_number(number) == nullptr) {
    why_ = say(Text::console_six_no_such, plain.text);
    return Did::refused;
  }
  switch (field().kind) {
    case forms::Kind::answer: values[field().number] = static_cast<forms::Answer>(number); break;
    case forms::Kind::code_set: {
      auto& value = values[field().number];
      if (!std::holds_alternative<forms::CodeSet>(value)) value = forms::CodeSet{};
      std::get<forms::CodeSet>(value).mask ^= std::uint64_t{1} << (number - 1);
      break;
    }
    default: values[field().number] = forms::CodeValue{number}; break;
  }
  return Did::changed;
}

std::string FieldList::shown(const forms::FieldInfo& field, const Values& values) const {
  const auto found = values.find(field.number);
  if (found == values.end()) return {};
  if (const auto* group = std::get_if<forms::Group>(&found->second))
    return say(Text::console_form_rows, group->rows.size());
  return forms::format(found->second, field, language());
}

void FieldList::draw_typed(Area area, int row, int column) const {
  const bool tall = is_long(field());
  const int height = tall ? std::min(kTextRows, area.bottom - row) : 1;
  const EditorView view = editor_.view(std::max(area.columns() - column - 1, 4), std::max(height, 1));
  for (std::size_t i = 0; i < view.rows.size(); ++i)
    area.screen.put({row + static_cast<int>(i), column}, view.rows[i], Style::entry);
  area.screen.set_caret({row + view.caret_row, column + view.caret_column});
}

void FieldList::draw_line(Area area, int row, std::size_t index, int width, const Values& values) const {
  const forms::FieldInfo& one = *fields_[index];
  const bool here = index == cursor_.at;
  if (here) area.screen.put({row, 0}, ">", Style::chosen);
  area.screen.put({row, 2}, fit(one.label.in(language()), width, "~"), here ? Style::chosen : Style::label);
  const int column = 4 + width;
  if (here && manner_of(one) == Manner::typed) return draw_typed(area, row, column);
  if (here && manner_of(one) == Manner::counted) {
    const int after = area.screen.put({row, column}, count_.shown(language()), Style::entry);
    const auto count = count_.count();
    if (!count || forms::has_value(count->state))
      area.screen.put({row, after + 1}, one.unit.in(language()), Style::label);
    return area.screen.set_caret({row, after});
  }
  area.screen.put_within({row, column}, area.columns(), shown(one, values), Style::plain);
  if (here) area.screen.set_caret({row, column});
}

/// What the field takes, where a key says it.
std::string FieldList::offer(const Bindings& bindings) const {
  if (manner() == Manner::counted) return say(Text::console_form_count_keys);
  if (manner() == Manner::typed) return {};
  std::string out;
  if (field().list != nullptr) {
    for (const forms::CodeInfo& code : field().list->codes) {
      if (code.number <= 9)
        out += (out.empty() ? "" : "  ") + std::to_string(code.number) + " " + code.label.in(language());
    }
  }
  return out.empty() ? say(Text::console_form_choose, bindings.key(Action::choose, {Where::form})) : out;
}

void FieldList::draw(Area area, const Values& values) const {
  if (fields_.empty()) return;
  int width = 0;
  for (const auto* one : fields_) width = std::max(width, columns(one->label.in(language())));
  width = std::min({width, kLabelMost, std::max(area.columns() / 2 - 4, 8)});
  const bool tall = manner() == Manner::typed && is_long(field());
  const int rows = std::max(area.rows() - kFootRows - (tall ? kTextRows - 1 : 0), 1);
  cursor_.fit(static_cast<std::size_t>(rows), fields_.size());
  int row = area.top;
  for (std::size_t i = cursor_.top; i < fields_.size() && i < cursor_.top + static_cast<std::size_t>(rows);
       ++i) {
    draw_line(area, row, i, width, values);
    row += i == cursor_.at && tall ? kTextRows : 1;
  }
  area.screen.put_within({area.bottom - 3, 2}, area.columns(), offer(area.bindings), Style::label);
  const std::string place = say(Text::console_list_place, cursor_.at + 1, fields_.size());
  const int right = area.columns() - columns(place) - 1;
  area.screen.put_within({area.bottom - 2, 2}, right - 1, field().help.in(language()), Style::label);
  area.screen.put({area.bottom - 2, right}, place, Style::label);
  area.screen.put_within({area.bottom - 1, 2}, area.columns(), why_, Style::alarm);
}

}  // namespace noroshi::tui
