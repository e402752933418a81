#include "tests/support/form_generator.hpp"

#include <algorithm>

#include "proto/forms/places.hpp"
#include "proto/forms/rules.hpp"
#include "proto/forms/six.hpp"
#include "proto/forms/text.hpp"
#include "proto/forms/utf8.hpp"

namespace noroshi::test {

using namespace forms;

namespace {

/// The 2,965 kanji of JIS level 1: rows 16–47 of the shipped table.
const std::u32string& level_1() {
  static const std::u32string all = [] {
    std::u32string out;
    std::string_view file = jis_table_file();
    while (!file.empty()) {
      const std::string_view line = file.substr(0, file.find('\n'));
      file.remove_prefix(std::min(line.size() + 1, file.size()));
      const std::size_t tab = line.find('\t');
      if (line.empty() || line.front() == '#' || tab == std::string_view::npos) continue;
      const unsigned long v = std::stoul(std::string(line.substr(0, tab)));
      if (v / 94 >= 15 && v / 94 < 47) out += scalars_of(line.substr(tab + 1))->front();
    }
    return out;
  }();
  return all;
}

constexpr std::uint64_t kHiragana = 83;  // U+3041..3093
constexpr std::uint64_t kKatakana = 86;  // U+30A1..30F6

}  // namespace

std::uint64_t FormGenerator::next() {
  std::uint64_t z = state_ += 0x9E37'79B9'7F4A'7C15;
  z = (z ^ z >> 30) * 0xBF58'476D'1CE4'E5B9;
  z = (z ^ z >> 27) * 0x94D0'49BB'1331'11EB;
  return z ^ z >> 31;
}

std::uint64_t FormGenerator::from_to(std::uint64_t a, std::uint64_t b) {
  return a + next() % (b - a + 1);
}

BodyContext FormGenerator::context() {
  BodyContext out;
  out.key = {{{17}, 3}, 1};
  out.created = {static_cast<std::int64_t>(from_to(0, 5 * 365 * 86'400))};
  out.default_unit = {1'700'001};
  out.default_handler = HandlerId{12};
  return out;
}

std::string FormGenerator::japanese(std::size_t characters, Letters letters) {
  const std::u32string& kanji = level_1();
  std::u32string out;
  while (out.size() < characters) {
    const auto a_kanji = [&] { return kanji[from_to(0, kanji.size() - 1)]; };
    const auto a_hiragana = [&] { return static_cast<char32_t>(0x3041 + from_to(0, kHiragana - 1)); };
    const auto a_katakana = [&] { return static_cast<char32_t>(0x30A1 + from_to(0, kKatakana - 1)); };
    if (letters == Letters::kanji) {
      out += a_kanji();
    } else if (letters == Letters::scripts) {
      const std::uint64_t script = from_to(0, 2);
      out += script == 0 ? a_kanji() : script == 1 ? a_hiragana() : a_katakana();
    } else {
      const std::uint64_t one = from_to(0, kanji.size() + kHiragana + kKatakana - 1);
      out += one < kanji.size() ? a_kanji() : one < kanji.size() + kHiragana ? a_hiragana() : a_katakana();
    }
  }
  return utf8_of(out);
}

std::string FormGenerator::any_text(std::size_t characters) {
  static constexpr std::u32string_view kOdd = U"𠮷髙﨑①㍿～－∥―ｶﾞé🔥\u200D\u3099\u0301が\n\"\\";
  std::u32string out;
  const std::size_t wanted = from_to(1, characters);
  const bool ascii = chance(4);
  while (out.size() < wanted) {
    const std::uint64_t kind = ascii ? 9 : from_to(0, 9);
    if (kind < 3)
      out += level_1()[from_to(0, level_1().size() - 1)];
    else if (kind < 5)
      out += static_cast<char32_t>(0x3041 + from_to(0, kHiragana - 1));
    else if (kind < 7)
      out += static_cast<char32_t>(0x30A1 + from_to(0, kKatakana - 1));
    else if (kind < 8)
      out += kOdd[from_to(0, kOdd.size() - 1)];
    else
      out += static_cast<char32_t>(from_to(0x20, 0x7E));
  }
  return clean_text(utf8_of(out)).value();
}

Count FormGenerator::any_count(States states) {
  const auto state = static_cast<CountState>(from_to(0, states == States::numbers ? 3 : 6));
  if (state == CountState::magnitude) return {static_cast<std::uint32_t>(from_to(1, 4)), state};
  if (!has_value(state)) return {0, state};
  return {static_cast<std::uint32_t>(from_to(1, 9999)), state};
}

std::uint32_t FormGenerator::any_code(const FieldInfo& field) {
  return field.list->codes[from_to(0, field.list->codes.size() - 1)].number;
}

void FormGenerator::put_header(Report& report, const BodyContext& context) {
  Header header;
  header.incident = {static_cast<std::uint32_t>(from_to(1, 99))};
  header.report_no = static_cast<std::uint32_t>(from_to(1, 99));
  header.as_of = context.created - minutes(static_cast<std::int64_t>(from_to(0, 180)));
  header.municipality = municipalities()[from_to(0, municipalities().size() - 1)].code;
  header.unit = context.default_unit;
  header.handler = context.default_handler;
  header.source = static_cast<SourceKind>(from_to(1, 6));
  header.confidence = static_cast<Confidence>(from_to(1, 4));
  header.clock = static_cast<ClockQuality>(from_to(1, 4));
  report.set_header(header);
}

Report FormGenerator::full_f1(const BodyContext& context, Letters letters, States states) {
  const FormInfo& f1 = *Catalogue::built_in().form("F1");
  Report out = new_report(f1);
  put_header(out, context);
  Header header = out.header();
  header.handler = HandlerId{static_cast<std::uint16_t>(from_to(200, 999))};
  header.next_contact = context.created + minutes(static_cast<std::int64_t>(from_to(30, 720)));
  header.nil = forms::Answer::no;
  header.handling.mask = from_to(1, 63);
  header.remarks = japanese(40, letters);
  out.set_header(header);
  out.put(field::provisional, forms::Answer::yes);
  for (const FieldInfo& field : f1.fields) {
    switch (field.kind) {
      case Kind::count: out.put(field.number, any_count(states)); break;
      case Kind::integer: out.put(field.number, static_cast<std::int64_t>(from_to(1, 9999))); break;
      case Kind::code: out.put(field.number, CodeValue{any_code(field)}); break;
      case Kind::code_set: out.put(field.number, CodeSet{from_to(1, (1 << 14) - 1)}); break;
      case Kind::time:
        out.put(field.number, context.created - minutes(static_cast<std::int64_t>(from_to(10, 5 * 24 * 60))));
        break;
      case Kind::point:
        out.put(field.number,
                Point{static_cast<std::int32_t>(from_to(3'100'000, 4'550'000)),
                      static_cast<std::int32_t>(from_to(13'000'000, 14'580'000)),
                      static_cast<std::uint32_t>(from_to(1, 9999)), static_cast<PointMethod>(from_to(1, 4))});
        break;
      default: NOROSHI_ASSERT(false);  // F1 has no other kind
    }
  }
  return out;
}

Report FormGenerator::typical_f1(const BodyContext& context) {
  Report out = full_f1(context, Letters::scripts, States::all);
  for (auto& [number, value] : out.values) {
    auto* count = std::get_if<Count>(&value);
    if (!count || !has_value(count->state) || count->state == CountState::magnitude) continue;
    const std::uint64_t size = from_to(0, 9);
    count->value = static_cast<std::uint32_t>(size < 4 ? 0 : size < 8 ? from_to(1, 60) : from_to(100, 2000));
    if (count->value == 0) count->state = CountState::exact;
  }
  return out;
}

Report FormGenerator::six_answers(const BodyContext& context) {
  Report out = new_report(*Catalogue::built_in().form("F1"));
  put_header(out, context);
  SixAnswers six;
  for (std::size_t i = 0; i < six.keys.size(); ++i) {
    const FieldInfo* field = Catalogue::built_in().field(*Catalogue::built_in().form("F1"), kSixFields[i]);
    six.keys[i] = static_cast<std::uint8_t>(any_code(*field));
  }
  apply_six(out, six, CheckedScope::some, static_cast<std::uint32_t>(from_to(1, 2000)));
  out.put(field::hazard_kind, CodeValue{1});
  out.put(field::occurred_at, context.created - minutes(static_cast<std::int64_t>(from_to(5, 90))));
  return out;
}

Report FormGenerator::follow_up(const BodyContext& context) {
  Report out = six_answers(context);
  Header header = out.header();
  header.kind = ReportKind::update;
  header.parents = {{context.key, static_cast<Seq>(from_to(1, 200)), 0}};
  header.remarks = japanese(12, Letters::scripts);
  out.set_header(header);
  for (const FieldNo number :
       {field::households_stopped, field::cyl_lost, field::cyl_fallen, field::gas_leaks})
    out.put(number, Count{static_cast<std::uint32_t>(from_to(0, 500)), CountState::exact});
  for (const FieldNo number : {field::fires, field::explosions, field::deaths}) out.put(number, Count{});
  return out;
}

Report FormGenerator::correction(const Report& of, const BodyContext& context) {
  Report out = of;
  Header header = out.header();
  header.kind = ReportKind::correction;
  header.report_no += 1;
  header.parents = {{context.key, static_cast<Seq>(from_to(1, 200)), 0}};
  header.reason = "門前地区の二重計上を除いた";
  out.set_header(header);
  out.put(field::households_stopped, Count{static_cast<std::uint32_t>(from_to(1, 999)), CountState::exact});
  return out;
}

Value FormGenerator::any_value(const FieldInfo& field, const BodyContext& context) {
  const auto minute = [&] {
    const WallTime start{(context.created.s - context.created.s % 60)};
    const auto away = static_cast<std::int64_t>(from_to(0, chance(8) ? 50'000'000 : 20'000));
    return chance(2) ? start + minutes(away) : start - minutes(away);
  };
  const auto id = [&] {
    const KeyId other{
        {{static_cast<std::uint16_t>(from_to(1, 0x7FF))}, static_cast<std::uint16_t>(from_to(1, 0x7FFE))},
        static_cast<std::uint8_t>(from_to(1, 255))};
    return ReportId{chance(2) ? context.key : other,
                    static_cast<Seq>(from_to(1, chance(4) ? 0xFFFF'FFFF : 300)),
                    static_cast<std::uint8_t>(chance(3) ? from_to(1, 255) : 0)};
  };
  switch (field.kind) {
    case Kind::count: {
      Count count = any_count(States::all);
      if (count.state <= CountState::at_least && chance(3))
        count.value = static_cast<std::uint32_t>(from_to(0, kCountMax));
      return count;
    }
    case Kind::municipality: return static_cast<std::int64_t>(from_to(1, 47'999));
    case Kind::integer:
    case Kind::unit:
      return static_cast<std::int64_t>(from_to(0, chance(4) ? std::uint64_t{1} << 53 : 70'000));
    case Kind::decimal: return Decimal{static_cast<std::int64_t>(from_to(0, 1'000'000)) - 500'000};
    // Now and then a code that the list does not have yet, or one that needs the escape.
    case Kind::code:
      return CodeValue{chance(6) ? static_cast<std::uint32_t>(from_to(1, 0xFFFF)) : any_code(field)};
    case Kind::code_set: return CodeSet{from_to(0, (std::uint64_t{1} << (chance(4) ? 63 : 15)) - 1)};
    case Kind::answer: return static_cast<forms::Answer>(from_to(1, 3));
    case Kind::time: return minute();
    case Kind::date: return Date{static_cast<std::int32_t>(from_to(0, 20'000))};
    case Kind::point: {
      Point point{static_cast<std::int32_t>(from_to(0, 18'000'000)) - 9'000'000,
                  static_cast<std::int32_t>(from_to(0, 36'000'000)) - 18'000'000, std::nullopt,
                  static_cast<PointMethod>(from_to(1, 4))};
      if (!chance(3)) point.accuracy_m = static_cast<std::uint32_t>(from_to(0, 99'999));
      return point;
    }
    case Kind::text:
    case Kind::person_text:
      return any_text(field.chars_max == 0 ? 40 : std::min<std::size_t>(field.chars_max, 60));
    case Kind::references: {
      References out;
      for (std::uint64_t count = from_to(1, field.items_max == 0 ? 4 : field.items_max); count > 0; --count)
        out.push_back(id());
      return out;
    }
    case Kind::digest: {
      Bytes out(field.bytes_max == 0 ? 8 : field.bytes_max);
      for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(next());
      return out;
    }
    case Kind::group: {
      Group out;
      for (std::uint64_t count = from_to(1, 3); count > 0; --count) {
        Row& row = out.rows.emplace_back();
        for (const FieldInfo& column : field.columns)
          if (!chance(4)) row.cells.emplace(column.number, any_value(column, context));
      }
      return out;
    }
  }
  return Count{};
}

Value FormGenerator::everyday_value(const FieldInfo& field, const BodyContext& context) {
  const auto within = [&](std::int64_t least, std::int64_t most) {
    const std::int64_t lo = std::max(least, field.min.value_or(least));
    const std::int64_t hi = std::max(lo, std::min(most, field.max.value_or(most)));
    return static_cast<std::int64_t>(from_to(static_cast<std::uint64_t>(lo), static_cast<std::uint64_t>(hi)));
  };
  const auto minute = [&] {
    const WallTime start{context.created.s - context.created.s % 60};
    return start - minutes(static_cast<std::int64_t>(from_to(10, 5 * 24 * 60)));
  };
  switch (field.kind) {
    case Kind::count: {
      const std::uint64_t size = from_to(0, 9);
      if (size == 9) return Count{0, CountState::unconfirmed};
      const std::uint64_t number = size < 4 ? 0 : size < 8 ? from_to(1, 60) : from_to(100, 2000);
      return Count{static_cast<std::uint32_t>(number),
                   number != 0 && chance(4) ? CountState::approx : CountState::exact};
    }
    case Kind::municipality:
      return std::int64_t{municipalities()[from_to(0, municipalities().size() - 1)].code};
    case Kind::unit: return std::int64_t{1'700'001} + static_cast<std::int64_t>(from_to(0, 60));
    case Kind::integer: return within(0, 2000);
    case Kind::decimal: return Decimal{within(0, 50'000)};
    case Kind::code: return CodeValue{any_code(field)};
    case Kind::code_set: {
      CodeSet set;
      for (std::uint64_t count = from_to(1, 3); count > 0; --count) set.add(any_code(field));
      return set;
    }
    case Kind::answer: return static_cast<forms::Answer>(from_to(1, 3));
    case Kind::time: return minute();
    case Kind::date: return Date{static_cast<std::int32_t>(minute().s / 86'400)};
    case Kind::point:
      return Point{static_cast<std::int32_t>(from_to(3'100'000, 4'550'000)),
                   static_cast<std::int32_t>(from_to(13'000'000, 14'580'000)),
                   static_cast<std::uint32_t>(from_to(5, 300)), static_cast<PointMethod>(from_to(1, 4))};
    case Kind::text:
    case Kind::person_text:
      return japanese(from_to(4, std::min<std::size_t>(20, field.chars_max)), Letters::scripts);
    case Kind::references: return References{{context.key, static_cast<Seq>(from_to(1, 300)), 0}};
    case Kind::digest: return any_value(field, context);
    case Kind::group: {
      Group out;
      for (std::uint64_t count = from_to(1, std::min<std::size_t>(2, field.items_max)); count > 0; --count) {
        Row& row = out.rows.emplace_back();
        for (const FieldInfo& column : field.columns)
          if (column.required || chance(2)) row.cells.emplace(column.number, everyday_value(column, context));
      }
      return out;
    }
  }
  return Count{};
}

Report FormGenerator::everyday(const FormInfo& form, const BodyContext& context, const Catalogue& catalogue) {
  Report out = new_report(form);
  put_header(out, context);
  // What applies depends on what is said already, so codes come first.
  for (const bool codes : {true, false})
    for (const FieldInfo& field : form.fields) {
      if (field.said_by != SaidBy::body || (field.list != nullptr) != codes) continue;
      const bool wanted = field.required || chance(2);
      if (wanted && relevant(field, out, form, catalogue))
        out.put(field.number, everyday_value(field, context));
    }
  return out;
}

Report FormGenerator::any(const BodyContext& context, const Catalogue& catalogue) {
  return any_of(catalogue.forms()[from_to(0, catalogue.forms().size() - 1)], context, catalogue);
}

Report FormGenerator::any_of(const FormInfo& form, const BodyContext& context, const Catalogue& catalogue) {
  Report out = new_report(form);
  const std::uint64_t sparse = from_to(1, 4);
  for (const auto* fields : {&catalogue.header().fields, &form.fields})
    for (const FieldInfo& field : *fields)
      if (field.said_by == SaidBy::body && chance(sparse)) out.put(field.number, any_value(field, context));
  // The reader fills these in where the envelope has them, so the writer says them.
  if (!out.values.contains(field::unit) && context.default_unit.value != 0)
    out.put(field::unit, std::int64_t{context.default_unit.value});
  if (!out.values.contains(field::handler) && context.default_handler)
    out.put(field::handler, std::int64_t{context.default_handler->value});
  if (!out.values.contains(field::muni) && context.municipality)
    out.put(field::muni, std::int64_t{*context.municipality});
  return out;
}

}  // namespace noroshi::test
