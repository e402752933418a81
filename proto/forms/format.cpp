// Values in words: the one place where 約, 未満 and 未確認 are written.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "proto/forms/places.hpp"
#include "proto/forms/report.hpp"

namespace noroshi::forms {
namespace {

std::string code_label(std::uint32_t number, const CodeList* list, Language language) {
  const CodeInfo* code = list ? list->by_number(number) : nullptr;
  if (code) return code->label.in(language);
  return (language == Language::ja ? "コード" : "code ") + std::to_string(number);
}

std::string degrees(std::int32_t e5) {
  std::array<char, 48> out{};
  std::snprintf(out.data(), out.size(), "%.5f", std::abs(e5) / 1e5);
  return out.data();
}

std::string point_text(const Point& point, Language language) {
  static constexpr std::array<std::array<const char*, 2>, 5> kMethods{
      {{"", ""}, {"衛星測位", "GNSS"}, {"地図", "map"}, {"住所", "address"}, {"推定", "estimated"}}};
  std::string out = degrees(point.lat_e5) + (point.lat_e5 < 0 ? "S " : "N ") + degrees(point.lon_e5) +
                    (point.lon_e5 < 0 ? "W" : "E");
  if (point.accuracy_m) out += " ±" + with_commas(*point.accuracy_m) + "m";
  const auto method = static_cast<std::size_t>(point.method);
  return out + " " + kMethods[method < kMethods.size() ? method : 0][language == Language::ja ? 0 : 1];
}

std::string decimal_text(Decimal decimal, std::uint32_t scale) {
  std::string digits = std::to_string(decimal.scaled < 0 ? -decimal.scaled : decimal.scaled);
  while (digits.size() <= scale) digits.insert(digits.begin(), '0');
  if (scale > 0) digits.insert(digits.size() - scale, ".");
  return (decimal.scaled < 0 ? "-" : "") + digits;
}

const char* answer_text(forms::Answer answer, Language language) {
  const bool ja = language == Language::ja;
  if (answer == forms::Answer::yes) return ja ? "はい" : "yes";
  if (answer == forms::Answer::no) return ja ? "いいえ" : "no";
  return ja ? "不明" : "unknown";
}

template <typename List, typename Say>
std::string joined(const List& list, std::string_view between, Say say) {
  std::string out;
  for (const auto& one : list) {
    if (!out.empty()) out += between;
    out += say(one);
  }
  return out;
}

std::string group_text(const Group& group, const FieldInfo& field, Language language) {
  return joined(group.rows, "; ", [&](const Row& row) {
    return joined(row.cells, " ", [&](const auto& cell) {
      const auto column = std::find_if(field.columns.begin(), field.columns.end(),
                                       [&](const FieldInfo& one) { return one.number == cell.first; });
      return column == field.columns.end() ? std::string("?") : format(cell.second, *column, language);
    });
  });
}

std::string set_text(CodeSet set, const FieldInfo& field, Language language) {
  std::vector<std::uint32_t> codes;
  for (std::uint32_t code = 1; code <= 63; ++code)
    if (set.has(code)) codes.push_back(code);
  if (codes.empty()) return language == Language::ja ? "なし" : "none";
  return joined(codes, language == Language::ja ? "・" : ", ",
                [&](std::uint32_t code) { return code_label(code, field.list, language); });
}

}  // namespace

std::string with_unit(std::string figure, const FieldInfo& field, Language language) {
  const std::string& unit = field.unit.in(language);
  if (unit.empty()) return figure;
  return figure + (language == Language::ja ? "" : " ") + unit;
}

std::string to_string(Date date) {
  return to_rfc3339({std::int64_t{date.days} * 86'400 - 9 * 3600}).substr(0, 10);
}

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const auto midnight = parse_time(std::string(text) + "T00:00:00+09:00");
  if (!midnight) return std::nullopt;
  const Date date{static_cast<std::int32_t>((midnight->s + 9 * 3600) / 86'400)};
  return to_string(date) == text ? std::optional(date) : std::nullopt;
}

std::string with_commas(std::uint64_t value) {
  std::string out = std::to_string(value);
  for (std::size_t place = out.size(); place > 3; place -= 3) out.insert(place - 3, ",");
  return out;
}

std::string format(const Count& count, Language language) {
  const bool ja = language == Language::ja;
  const std::string number = with_commas(count.value);
  switch (count.state) {
    case CountState::exact: return number;
    case CountState::approx: return (ja ? "約 " : "about ") + number;
    case CountState::less_than: return ja ? number + "未満" : "under " + number;
    case CountState::at_least: return ja ? number + "以上" : number + " or more";
    case CountState::unconfirmed: return ja ? "未確認" : "unconfirmed";
    case CountState::not_applicable: return ja ? "該当なし" : "not applicable";
    case CountState::magnitude: {
      const std::uint32_t hi = count.hi().value_or(0);
      const std::string range =
          with_commas(hi / 10) + "〜" + with_commas(hi);  // 10〜100 is how bulletins round it
      return (ja ? "規模 " : "magnitude ") + range;
    }
    case CountState::absent: break;
  }
  return ja ? "—" : "-";
}

std::string format(const Value& value, const FieldInfo& field, Language language) {
  if (const auto* count = std::get_if<Count>(&value)) {
    if (!has_value(count->state)) return format(*count, language);
    std::string text = format(*count, language);
    // 10戸未満, not 10未満戸.
    const bool bound = count->state == CountState::less_than || count->state == CountState::at_least;
    if (language == Language::ja && bound)
      return text.insert(with_commas(count->value).size(), field.unit.ja);
    return with_unit(std::move(text), field, language);
  }
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    if (field.kind == Kind::municipality)
      return place_name(static_cast<std::uint32_t>(*whole), language == Language::en);
    if (field.unit.ja.empty() || *whole < 0) return with_unit(std::to_string(*whole), field, language);
    return with_unit(with_commas(static_cast<std::uint64_t>(*whole)), field, language);
  }
  if (const auto* decimal = std::get_if<Decimal>(&value))
    return with_unit(decimal_text(*decimal, field.scale), field, language);
  if (const auto* code = std::get_if<CodeValue>(&value))
    return code_label(code->number, field.list, language);
  if (const auto* set = std::get_if<CodeSet>(&value)) return set_text(*set, field, language);
  if (const auto* answer = std::get_if<forms::Answer>(&value)) return answer_text(*answer, language);
  if (const auto* time = std::get_if<WallTime>(&value)) return to_jst(*time);
  if (const auto* date = std::get_if<Date>(&value)) return to_string(*date);
  if (const auto* point = std::get_if<Point>(&value)) return point_text(*point, language);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* references = std::get_if<References>(&value))
    return joined(*references, ", ", [](const ReportId& id) { return noroshi::to_string(id); });
  if (const auto* digest = std::get_if<Bytes>(&value)) return to_hex(*digest);
  return group_text(std::get<Group>(value), field, language);
}

std::vector<std::string> unknown_lines(const Report& report, const Catalogue& catalogue, Language language) {
  const bool ja = language == Language::ja;
  std::vector<std::string> out;
  const FormInfo* form = catalogue.form(report.form, report.version);
  if (!form) {
    out.push_back((ja ? "様式 F" : "form F") + std::to_string(report.form) +
                  (ja ? " の定義がありません" : " is not in the catalogue"));
  } else if (report.version > form->version) {
    out.push_back(form->code + (ja ? " 第" : " version ") + std::to_string(report.version) +
                  (ja ? "版の定義がありません" : " is not in the catalogue"));
  }
  for (const std::uint64_t number : report.unknown.numbers)
    out.push_back((ja ? "不明な数値: " : "unknown number: ") + with_commas(number));
  for (const auto& [slot, text] : report.unknown.texts)
    out.push_back((ja ? "不明な文 (" : "unknown text (") + std::to_string(slot) + "): " + text);
  for (const auto& [field, raw] : report.unknown.extras)
    out.push_back((ja ? "不明な項目 " : "unknown field ") + std::to_string(field) + ": " + to_hex(raw));
  return out;
}

}  // namespace noroshi::forms
