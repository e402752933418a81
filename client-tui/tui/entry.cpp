#include "client-tui/tui/entry.hpp"

#include "client-tui/words/lines.hpp"
#include "client-tui/words/text.hpp"
#include "proto/forms/entry.hpp"
#include "proto/forms/places.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::tui {

using forms::Kind;

Manner manner_of(const forms::FieldInfo& field) {
  switch (field.kind) {
    case Kind::code:
    case Kind::answer:
    case Kind::municipality:
    case Kind::unit:
    case Kind::references: return Manner::chosen;
    case Kind::count: return Manner::counted;
    case Kind::code_set: return Manner::ticked;
    case Kind::group: return Manner::rows;
    default: return Manner::typed;
  }
}

EditorKind editor_kind(const forms::FieldInfo& field) {
  constexpr std::size_t kLongText = 60;  // characters: above it a text has several lines
  constexpr std::size_t kValue = 64;     // a number, a time, a point with its accuracy
  if (!field.is_text()) return {.chars_max = kValue};
  return {
      .many_lines = field.chars_max > kLongText, .chars_max = field.chars_max, .bytes_max = field.bytes_max};
}

namespace {

/// A number of the field's scale: "12.5" at scale 2 is 1250.
std::optional<std::int64_t> scaled_of(std::string_view text, std::uint32_t scale) {
  const std::string plain = forms::fold_for_search(text);
  std::int64_t value = 0;
  std::optional<std::uint32_t> behind;
  bool digits = false;
  for (std::size_t i = plain.starts_with("-") ? 1 : 0; i < plain.size(); ++i) {
    const char c = plain[i];
    if (c == ',') continue;
    if (c == '.' && !behind) {
      behind = 0;
    } else if (c >= '0' && c <= '9' && value < 1'000'000'000'000 && (!behind || *behind < scale)) {
      value = value * 10 + (c - '0');
      if (behind) ++*behind;
      digits = true;
    } else {
      return std::nullopt;
    }
  }
  if (!digits) return std::nullopt;
  for (std::uint32_t i = behind.value_or(0); i < scale; ++i) value *= 10;
  return plain.starts_with("-") ? -value : value;
}
std::string scaled_text(std::int64_t value, std::uint32_t scale) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  if (scale > 0) {
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    digits.insert(digits.size() - scale, ".");
  }
  return (value < 0 ? "-" : "") + digits;
}

template <typename T>
Result<std::optional<forms::Value>> or_complain(const std::optional<T>& value, Text what) {
  if (!value) return words::no(Code::bad_data, what);
  return std::optional<forms::Value>(*value);
}

}  // namespace

std::string text_of(const forms::Value& value, const forms::FieldInfo& field, WallTime now) {
  if (const auto* count = std::get_if<forms::Count>(&value)) return forms::typed(*count);
  if (const auto* time = std::get_if<WallTime>(&value)) return forms::typed(*time, now);
  if (const auto* date = std::get_if<forms::Date>(&value)) return forms::typed(*date, now);
  if (const auto* point = std::get_if<forms::Point>(&value)) return forms::typed(*point);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* decimal = std::get_if<forms::Decimal>(&value))
    return scaled_text(decimal->scaled, field.scale);
  if (const auto* digest = std::get_if<Bytes>(&value)) return to_hex(*digest);
  return forms::format(value, field, language());
}

Result<std::optional<forms::Value>> value_of(const std::string& text, const forms::FieldInfo& field,
                                             WallTime now) {
  if (text.empty()) return std::optional<forms::Value>();
  switch (field.kind) {
    case Kind::count: return or_complain(forms::parse_count(text), Text::console_takes_count);
    case Kind::integer: return or_complain(scaled_of(text, 0), Text::console_takes_number);
    case Kind::decimal: {
      const auto scaled = scaled_of(text, field.scale);
      return or_complain(scaled ? std::optional(forms::Decimal{*scaled}) : std::nullopt,
                         Text::console_takes_number);
    }
    case Kind::time:
      return or_complain(forms::parse_when(text, now, field.ahead ? forms::Lean::future : forms::Lean::past),
                         Text::console_takes_time);
    case Kind::date: return or_complain(forms::parse_day(text, now), Text::console_takes_day);
    case Kind::point: return or_complain(forms::parse_point(text), Text::console_takes_point);
    case Kind::digest: return or_complain(from_hex(text), Text::console_takes_digest);
    default: return std::optional<forms::Value>(text);
  }
}

Options options_of(const forms::FieldInfo& field, const Facts& facts) {
  Options out;
  const auto add = [&](Choice choice, forms::Value value) {
    out.choices.push_back(std::move(choice));
    out.values.push_back(std::move(value));
  };
  switch (field.kind) {
    case Kind::code:
    case Kind::answer:
    case Kind::code_set:
      for (const forms::CodeInfo& code : field.list->codes) {
        const forms::Value value = field.kind == Kind::answer
                                       ? forms::Value(static_cast<forms::Answer>(code.number))
                                       : forms::Value(forms::CodeValue{code.number});
        add({code.label.in(language()), code.label.kana, std::to_string(code.number), {code.name}}, value);
      }
      break;
    case Kind::municipality: {
      const std::uint8_t home = facts.trust->organisation(facts.self.org) != nullptr
                                    ? facts.trust->organisation(facts.self.org)->prefecture
                                    : std::uint8_t{0};
      // The own prefecture first: it is meant nearly always.
      for (const bool own : {true, false}) {
        for (const forms::Municipality& place : forms::municipalities()) {
          if ((place.prefecture() == home) != own) continue;
          Choice choice{forms::place_name(place.code, language() == forms::Language::en), place.kana,
                        forms::municipality_text(place.code), place.aliases};
          choice.aliases.push_back(place.name);  // without its prefecture
          add(std::move(choice), std::int64_t{place.code});
        }
      }
      break;
    }
    case Kind::unit:
      for (UnitChoices units = unit_choices(facts); Choice & choice : units.choices)
        add(std::move(choice), std::int64_t{units.units[out.values.size()].value});
      break;
    case Kind::references:
      // A report that somebody speaks of is a recent one; an older one is asked for from its own page.
      for (const Shelf::List list : {Shelf::List::received, Shelf::List::own}) {
        constexpr std::size_t kOffered = 300;
        for (const Item& item : facts.shelf->window(list, 0, kOffered)) {
          if (item.closed()) continue;
          add({words::list_line(item.letter, item.reading(), *facts.trust, *facts.catalogue, facts.now.wall,
                                facts.board().query.exercise),
               {},
               to_string(item.reading().facts.id)},
              forms::References{item.reading().facts.id});
        }
      }
      break;
    default: break;
  }
  return out;
}

forms::Group with_row(forms::Group group, std::size_t index, const forms::Row& row) {
  if (index < group.rows.size()) {
    group.rows[index] = row;
  } else {
    group.rows.push_back(row);
  }
  std::erase_if(group.rows, [](const forms::Row& one) { return one.cells.empty(); });
  return group;
}

std::string row_line(const forms::FieldInfo& group, const forms::Row& row) {
  std::string out;
  for (const forms::FieldInfo& column : group.columns) {
    const auto cell = row.cells.find(column.number);
    if (cell != row.cells.end())
      out += (out.empty() ? "" : "  ") + forms::format(cell->second, column, language());
  }
  return out.empty() ? say(Text::console_picked_none) : out;
}

}  // namespace noroshi::tui
