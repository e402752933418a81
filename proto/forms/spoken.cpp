#include "proto/forms/spoken.hpp"

#include <algorithm>
#include <array>

#include "proto/forms/check_number.hpp"
#include "proto/forms/entry.hpp"
#include "proto/forms/places.hpp"
#include "proto/forms/spelling.hpp"
#include "proto/forms/utf8.hpp"

namespace noroshi::forms {
namespace {

using Pieces = std::vector<std::string>;

/// Said by the envelope and the form word, so it has no value in the report.
constexpr FieldNo kFormCode = 2;
/// In this order before everything else. The unit is whomever the figures are about.
constexpr std::array<FieldNo, 6> kHeader{
    kFormCode, field::unit, field::muni, field::as_of, field::report_version_kind, field::nil_report};
/// The call's own, not the report's: they differ at the two ends of the line.
constexpr std::array<FieldNo, 4> kOfTheCall{field::told_by, field::told_at, field::told_channel,
                                            field::source_kind};

template <std::size_t n>
bool among(const std::array<FieldNo, n>& fields, FieldNo number) {
  return std::find(fields.begin(), fields.end(), number) != fields.end();
}

std::string_view either(Language language, std::string_view ja, std::string_view en) {
  return language == Language::ja ? ja : en;
}

// ---- What the checks are over ----------------------------------------------------------------------------

std::string digits_of(std::string_view text) {
  std::string out;
  if (const auto scalars = scalars_of(text)) {
    for (char32_t c : *scalars) {
      if (c >= U'０' && c <= U'９') c -= U'０' - U'0';
      if (c >= U'0' && c <= U'9') out += static_cast<char>(c);
    }
  }
  return out;
}

/// Of a fixed width, so that a first digit heard as まる is a wrong character and not one less.
std::string padded(std::int64_t number, std::size_t width) {
  const auto bits = static_cast<std::uint64_t>(number);
  std::string digits = std::to_string(number < 0 ? 0 - bits : bits);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return (number < 0 ? "-" : "") + digits;
}
/// Digits of the largest count; of the largest unit (u32); of 180° in 1e-5°; of the largest accuracy.
constexpr std::size_t kCountDigits = 7, kNumberDigits = 10, kDegreeDigits = 8, kAccuracyDigits = 5;

std::string canonical(const Value& value, const FieldInfo& field);

std::string canonical(const Count& count) {
  const std::string as_typed = typed(count);
  const std::size_t number = as_typed.find_first_of("0123456789");
  if (number == std::string::npos) return as_typed;
  return as_typed.substr(0, number) + padded(count.value, kCountDigits);
}

std::string canonical(const Group& group, const FieldInfo& field) {
  std::string out;
  for (const Row& row : group.rows) {
    out += '(';
    for (const FieldInfo& column : field.columns) {
      const auto cell = row.cells.find(column.number);
      if (cell != row.cells.end()) out += canonical(cell->second, column) + ' ';
    }
    out += ')';
  }
  return out;
}

std::string canonical(CodeSet set) {
  std::string out;
  for (std::uint32_t code = 1; code <= 63; ++code)
    if (set.has(code)) out += std::to_string(code) + ' ';
  return out;
}

std::string canonical(const Point& point) {
  const std::string place = padded(point.lat_e5, kDegreeDigits) + ' ' + padded(point.lon_e5, kDegreeDigits);
  return point.accuracy_m ? place + ' ' + padded(*point.accuracy_m, kAccuracyDigits) : place;
}

/// ASCII, in the digits that are said: what a person who heard the line types again.
std::string canonical(const Value& value, const FieldInfo& field) {
  if (const auto* count = std::get_if<Count>(&value)) return canonical(*count);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return padded(*whole, kNumberDigits);
  if (const auto* decimal = std::get_if<Decimal>(&value)) return padded(decimal->scaled, kNumberDigits);
  if (const auto* code = std::get_if<CodeValue>(&value)) return std::to_string(code->number);
  if (const auto* set = std::get_if<CodeSet>(&value)) return canonical(*set);
  if (const auto* answer = std::get_if<Answer>(&value)) return std::to_string(static_cast<int>(*answer));
  if (const auto* time = std::get_if<WallTime>(&value)) return to_rfc3339(*time).substr(0, 16);
  if (const auto* date = std::get_if<Date>(&value)) return to_string(*date);
  if (const auto* point = std::get_if<Point>(&value)) return canonical(*point);
  if (const auto* text = std::get_if<std::string>(&value)) return digits_of(*text);
  if (const auto* digest = std::get_if<Bytes>(&value)) return to_hex(*digest);
  if (const auto* references = std::get_if<References>(&value)) {
    std::string out;
    for (const ReportId& id : *references) out += noroshi::to_string(id) + ' ';
    return out;
  }
  return canonical(std::get<Group>(value), field);
}

// ---- What is said ----------------------------------------------------------------------------------------

std::string in_words(std::initializer_list<std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) {
    if (word.empty()) continue;
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

std::string aloud(const Count& count, const FieldInfo& field, Language language) {
  const std::string number = say_digits(std::to_string(count.value), language);
  const std::string& unit = field.unit.in(language);
  switch (count.state) {
    case CountState::exact: return in_words({number, unit});
    case CountState::approx: return in_words({either(language, "約", "about"), number, unit});
    case CountState::less_than: return in_words({either(language, "未満", "under"), number, unit});
    case CountState::at_least: return in_words({either(language, "以上", "at least"), number, unit});
    case CountState::unconfirmed:
    case CountState::absent: return std::string(either(language, "未確認", "unconfirmed"));
    case CountState::not_applicable: return std::string(either(language, "該当なし", "not applicable"));
    case CountState::magnitude: break;
  }
  const std::string hi = std::to_string(count.hi().value_or(0));
  const std::string lo = std::to_string(count.hi().value_or(0) / 10);  // 10〜100, as bulletins round it
  return in_words({either(language, "規模", "magnitude"), say_digits(lo, language),
                   either(language, "から", "to"), say_digits(hi, language), unit});
}

std::string aloud(std::uint32_t number, const CodeList* list, Language language) {
  const CodeInfo* code = list != nullptr ? list->by_number(number) : nullptr;
  if (code == nullptr)
    return in_words({either(language, "コード", "code"), say_digits(std::to_string(number), language)});
  // A label with a digit or a 〜 in it is written for the eye; its reading is for the ear.
  const std::string& label = code->label.in(language);
  const bool for_the_eye =
      label.find_first_of("0123456789") != std::string::npos || label.find("〜") != std::string::npos;
  if (language == Language::ja && for_the_eye && !code->label.kana.empty()) return code->label.kana;
  return say_digits(label, language);
}

/// "2024-01-02T13:05" or its first ten characters.
std::string said_time(std::string_view time, Language language) {
  const auto number = [&](std::size_t from, std::size_t size, bool padded) {
    std::string_view digits = time.substr(from, size);
    if (!padded && digits.starts_with('0')) digits.remove_prefix(1);
    return say_digits(digits, language);
  };
  const std::string day =
      language == Language::ja
          ? in_words({number(0, 4, true), "年", number(5, 2, false), "月", number(8, 2, false), "日"})
          : in_words({number(0, 4, true), "month", number(5, 2, false), "day", number(8, 2, false)});
  if (time.size() < 16) return day;
  return language == Language::ja
             ? in_words({day, number(11, 2, false), "時", number(14, 2, true), "分"})
             : in_words({day, "hour", number(11, 2, false), "minute", number(14, 2, true)});
}

Pieces aloud(const Point& point, Language language) {
  const auto degrees = [&](std::int32_t e5) {
    std::string digits = std::to_string(std::abs(std::int64_t{e5}));
    while (digits.size() < 6) digits.insert(digits.begin(), '0');
    return say_digits(digits.insert(digits.size() - 5, "."), language);
  };
  Pieces out{
      in_words({point.lat_e5 < 0 ? either(language, "南緯", "south") : either(language, "北緯", "north"),
                degrees(point.lat_e5)}),
      in_words({point.lon_e5 < 0 ? either(language, "西経", "west") : either(language, "東経", "east"),
                degrees(point.lon_e5)})};
  if (point.accuracy_m)
    out.push_back(
        in_words({either(language, "誤差", "within"), say_digits(std::to_string(*point.accuracy_m), language),
                  either(language, "メートル", "metres")}));
  return out;
}

/// As many in one line as one says in a breath.
Pieces in_breaths(const Pieces& words, std::size_t most, std::string_view between) {
  Pieces out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i % most == 0)
      out.push_back(words[i]);
    else
      out.back() += std::string(between) + words[i];
  }
  return out;
}

Pieces aloud(const std::string& text, Language language) {
  constexpr std::size_t kLettersMax = 5;
  Pieces out;
  const auto scalars = scalars_of(text);
  if (!scalars) return out;
  std::u32string line;
  const auto finish = [&] {
    if (!line.empty()) out.push_back(say_digits(utf8_of(line), language));
    line.clear();
  };
  for (const char32_t c : *scalars) {
    if (c != U'\n') line += c;
    if (c == U'\n' || line.size() == kSpokenChars) finish();
  }
  finish();
  if (is_spelled(text, language)) {
    for (std::string& letters : in_breaths(spelled(text, language), kLettersMax, "、"))
      out.push_back(std::move(letters));
  }
  return out;
}

Pieces aloud(const Value& value, const FieldInfo& field, Language language);

Pieces aloud(const Group& group, const FieldInfo& field, Language language) {
  Pieces out;
  for (std::size_t row = 0; row < group.rows.size(); ++row) {
    const std::string number = say_digits(std::to_string(row + 1), language);
    for (const FieldInfo& column : field.columns) {
      const auto cell = group.rows[row].cells.find(column.number);
      if (cell == group.rows[row].cells.end()) continue;
      for (const std::string& piece : aloud(cell->second, column, language))
        out.push_back(in_words({number, column.label.in(language) + ":", piece}));
    }
  }
  return out;
}

Pieces aloud(CodeSet set, const FieldInfo& field, Language language) {
  constexpr std::size_t kCodesMax = 3;
  Pieces codes;
  for (std::uint32_t code = 1; code <= 63; ++code)
    if (set.has(code)) codes.push_back(aloud(code, field.list, language));
  if (codes.empty()) return {std::string(either(language, "なし", "none"))};
  return in_breaths(codes, kCodesMax, either(language, "、", ", "));
}

Pieces aloud(std::int64_t whole, const FieldInfo& field, Language language) {
  if (field.kind == Kind::municipality) {
    const auto code = static_cast<std::uint32_t>(whole);
    const Municipality* place = municipality(code);
    const bool reading = place != nullptr && language == Language::ja;  // names of places are hard to read
    return {in_words({place_name(code, language == Language::en), reading ? place->kana : std::string()}),
            say_digits(municipality_text(code), language)};
  }
  return {in_words({say_digits(std::to_string(whole), language), field.unit.in(language)})};
}

Pieces aloud(const Value& value, const FieldInfo& field, Language language) {
  if (const auto* count = std::get_if<Count>(&value)) return {aloud(*count, field, language)};
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return aloud(*whole, field, language);
  if (const auto* code = std::get_if<CodeValue>(&value)) return {aloud(code->number, field.list, language)};
  if (const auto* set = std::get_if<CodeSet>(&value)) return aloud(*set, field, language);
  if (const auto* answer = std::get_if<Answer>(&value))
    return {aloud(static_cast<std::uint32_t>(*answer), field.list, language)};
  if (const auto* time = std::get_if<WallTime>(&value))
    return {said_time(std::string_view(to_rfc3339(*time)).substr(0, 16), language)};
  if (const auto* date = std::get_if<Date>(&value)) return {said_time(to_string(*date), language)};
  if (const auto* point = std::get_if<Point>(&value)) return aloud(*point, language);
  if (const auto* text = std::get_if<std::string>(&value)) return aloud(*text, language);
  if (const auto* group = std::get_if<Group>(&value)) return aloud(*group, field, language);
  return {say_digits(format(value, field, language), language)};
}

/// "いち 全員無事": the key, then what it means.
std::string said_key(std::uint32_t key, const FieldInfo& field, Language language) {
  return in_words({say_digits(std::to_string(key), language), aloud(key, field.list, language)});
}

// ---- The script ------------------------------------------------------------------------------------------

class Reader {
 public:
  explicit Reader(Language language) : language_(language) {}

  void begin_section() {
    close_section();
    script_.sections.emplace_back();
  }
  /// A field of the section, with or without a value.
  void belongs(const FieldInfo& field) {
    script_.sections.back().labels.push_back(field.label.in(language_));
  }
  void say(const FieldInfo& field, const Pieces& pieces, const std::string& checked) {
    for (const std::string& piece : pieces)
      script_.lines.push_back({script_.sections.size() - 1, field.number, field.label.in(language_), piece});
    section_ += std::to_string(field.number) + '=' + checked + ';';
  }
  void say(const FieldInfo& field, const Value& value) {
    const auto* code = std::get_if<CodeValue>(&value);
    const bool key = code != nullptr && among(kSixFields, field.number);
    say(field, key ? Pieces{said_key(code->number, field, language_)} : aloud(value, field, language_),
        canonical(value, field));
  }
  [[nodiscard]] Script finish() {
    close_section();
    script_.check = check_number(all_);
    return std::move(script_);
  }

 private:
  void close_section() {
    if (!script_.sections.empty()) script_.sections.back().check = short_check(section_);
    all_ += section_;
    section_.clear();
  }
  Language language_;
  Script script_;
  std::string section_, all_;
};

/// 初報 and 続報 are one: which it is depends on what came before on that device.
std::string canonical_kind(const Report& report) {
  const ReportKind kind = report.header().kind;
  return std::to_string(static_cast<int>(kind == ReportKind::update ? ReportKind::initial : kind));
}

void say_header(Reader& reader, const Report& report, const FormInfo* form, const SpokenOrder& order,
                Language language) {
  const Header header = report.header();
  reader.begin_section();
  for (const FieldInfo* field : order.header) {
    const FieldNo number = field->number;
    reader.belongs(*field);
    const Value* value = report.find(number);
    if (number == kFormCode) {
      const std::string code = "F" + std::to_string(report.form);
      reader.say(*field,
                 {in_words({say_digits(code, language), form != nullptr ? form->label.in(language) : ""})},
                 code);
    } else if (number == field::unit) {
      if (const auto unit = header.speaks_for()) reader.say(*field, Value{std::int64_t{unit->value}});
    } else if (number == field::report_version_kind) {
      const auto kind = static_cast<std::uint32_t>(header.kind);
      reader.say(*field, {aloud(kind, field->list, language)}, canonical_kind(report));
    } else if (value != nullptr) {
      reader.say(*field, *value);
    }
  }
}

}  // namespace

SpokenOrder spoken_order(const FormInfo* form, const Catalogue& catalogue) {
  SpokenOrder out;
  for (const FieldNo number : kHeader) {
    if (const FieldInfo* field = catalogue.header_field(number)) out.header.push_back(field);
  }
  if (form == nullptr) return out;
  for (const FieldInfo* field : catalogue.asked(*form)) {
    if (!among(kHeader, field->number) && !among(kOfTheCall, field->number)) out.own.push_back(field);
  }
  return out;
}

Script script(const Report& report, const Catalogue& catalogue, Language language) {
  const FormInfo* form = catalogue.form(report.form, report.version);
  const SpokenOrder order = spoken_order(form, catalogue);
  Reader reader(language);
  say_header(reader, report, form, order, language);
  std::size_t fields = 0;
  for (const FieldInfo* field : order.own) {
    if (fields++ % kSectionFields == 0) reader.begin_section();
    reader.belongs(*field);
    if (const Value* value = report.find(field->number)) reader.say(*field, *value);
  }
  return reader.finish();
}

Script script(const SixAnswers& six, const Catalogue& catalogue, Language language) {
  Script out;
  out.check = six_check(six);
  out.sections.push_back({{}, short_check(to_string(six))});
  const FormInfo* f1 = catalogue.form("F1");
  for (std::size_t i = 0; f1 != nullptr && i < kSixFields.size(); ++i) {
    const FieldInfo* field = catalogue.field(*f1, kSixFields[i]);
    if (field == nullptr) continue;
    out.sections.front().labels.push_back(field->label.in(language));
    out.lines.push_back(
        {0, field->number, field->label.in(language), said_key(six.keys[i], *field, language)});
  }
  return out;
}

}  // namespace noroshi::forms
