#include "proto/forms/six.hpp"

#include "proto/forms/check_number.hpp"
#include "proto/forms/text.hpp"
#include "proto/language.hpp"

namespace noroshi::forms {
namespace {

std::string allowed_keys(const FieldInfo& field) {
  std::string out;
  for (const CodeInfo& code : field.list->codes) {
    if (!out.empty()) out += ", ";
    out += std::to_string(code.number) + " " + said(code.label.ja, code.label.en);
  }
  return out;
}

Error malformed() {
  return no(Code::usage, "六つの答えは 1-9-3-2-2-4 のように書きます", "six answers look like 1-9-3-2-2-4");
}

constexpr std::uint8_t kUnconfirmedKey = 9;

Count magnitude_count(std::uint8_t key, std::uint8_t keys, std::uint32_t more) {
  if (key == 1) return {0, CountState::exact};
  if (key == keys) return {more, CountState::at_least};
  if (key > 1 && key < keys) return {static_cast<std::uint32_t>(key - 1), CountState::magnitude};
  return {0, CountState::unconfirmed};
}

}  // namespace

Result<SixAnswers> parse_six(std::string_view text, const Catalogue& catalogue) {
  const FormInfo* f1 = catalogue.form("F1");
  if (!f1) return no(Code::unavailable, "様式の目録に F1 がありません", "the catalogue has no F1");
  std::string digits;
  const auto clean = clean_text(text);  // − of an input method becomes －, and that a plain -
  for (const char c : fold_for_search(clean ? *clean : "?")) {
    if (c >= '0' && c <= '9')
      digits += c;
    else if (c != '-' && c != ' ' && c != ',')
      return malformed();
  }
  if (digits.size() != kSixFields.size()) return malformed();
  SixAnswers out;
  for (std::size_t i = 0; i < kSixFields.size(); ++i) {
    const FieldInfo* field = catalogue.field(*f1, kSixFields[i]);
    const auto key = static_cast<std::uint8_t>(digits[i] - '0');
    if (!field || !field->list)
      return no(Code::unavailable, "様式の目録に六つの答えがありません", "the catalogue has no six answers");
    if (!field->list->by_number(key))
      return Error{Code::usage, said("答え ", "answer ") + std::to_string(i + 1) + " " +
                                    said(field->label.ja, field->label.en) + ": " + digits[i] +
                                    said(" はありません。次のどれかです: ", " is none of ") +
                                    allowed_keys(*field)};
    out.keys[i] = key;
  }
  return out;
}

std::string to_string(const SixAnswers& six) {
  std::string out;
  for (const std::uint8_t key : six.keys) out += (out.empty() ? "" : "-") + std::to_string(key);
  return out;
}

void apply_six(Report& report, const SixAnswers& six, CheckedScope scope,
               std::optional<std::uint32_t> households) {
  for (std::size_t i = 0; i < kSixFields.size(); ++i) report.put(kSixFields[i], CodeValue{six.keys[i]});
  report.put(field::checked_scope, CodeValue{static_cast<std::uint32_t>(scope)});
  if (households) report.put(field::checked_households, Count{*households, CountState::exact});
}

std::optional<SixAnswers> six_of(const Report& report) {
  SixAnswers out;
  for (std::size_t i = 0; i < kSixFields.size(); ++i) {
    const std::uint32_t key = report.code(kSixFields[i]);
    if (key < 1 || key > kUnconfirmedKey) return std::nullopt;
    out.keys[i] = static_cast<std::uint8_t>(key);
  }
  return out;
}

Count supply_count(std::uint8_t key) {
  return magnitude_count(key, 5, 1001);
}
Count cylinder_count(std::uint8_t key) {
  return magnitude_count(key, 4, 101);
}

std::uint32_t six_check(const SixAnswers& six) {
  return check_number(to_string(six));
}

}  // namespace noroshi::forms
