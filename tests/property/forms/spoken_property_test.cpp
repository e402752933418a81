// 1,000 reports read aloud, each with something misheard: how many pass the two check words.
#include "proto/forms/spoken.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proto/forms/report_json.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/form_generator.hpp"

namespace noroshi::forms {
namespace {

using test::FormGenerator;

constexpr int kReports = 1'000;
/// Of the kinds that are read over the telephone.
Report any_report(FormGenerator& generator) {
  const BodyContext context = generator.context();
  switch (generator.from_to(0, 4)) {
    case 0: return generator.full_f1(context);
    case 1: return generator.typical_f1(context);
    case 2: return generator.six_answers(context);
    case 3: return generator.follow_up(context);
    default: return generator.any(context);
  }
}
std::uint32_t check_of(const Report& report) {
  return script(report, Catalogue::built_in(), Language::ja).check;
}

/// A number of the report that is heard digit by digit, and how to put it back.
struct Heard {
  FieldNo field = 0;
  std::string digits;
};
std::vector<Heard> numbers_of(const Report& report) {
  std::set<FieldNo> said;
  for (const SpokenLine& line : script(report, Catalogue::built_in(), Language::ja).lines)
    said.insert(line.field);
  if (report.header().proxy()) said.erase(field::unit);  // another unit's number is said
  const auto* unit = report.get<std::int64_t>(field::unit);
  if (unit != nullptr && *unit > UINT32_MAX)
    said.erase(field::unit);  // no unit has such a number: nobody says it
  std::vector<Heard> out;
  for (const auto& [number, value] : report.values) {
    if (said.find(number) == said.end()) continue;
    if (const auto* count = std::get_if<Count>(&value); count && count->state <= CountState::at_least)
      out.push_back({number, std::to_string(count->value)});
    if (const auto* whole = std::get_if<std::int64_t>(&value); whole && *whole >= 0)
      out.push_back({number, std::to_string(*whole)});
    if (const auto* point = std::get_if<Point>(&value))
      out.push_back({number, std::to_string(std::abs(point->lat_e5))});
    if (const auto* time = std::get_if<WallTime>(&value)) {
      const std::string text = to_rfc3339(*time);
      out.push_back({number, text.substr(8, 2) + text.substr(11, 2) + text.substr(14, 2)});
    }
  }
  return out;
}
/// The report as somebody types it who heard these digits; nothing if nobody could have (a 32nd day).
std::optional<Report> typed_as(const Report& report, const Heard& heard) {
  Report out = report;
  Value value = *report.find(heard.field);
  if (auto* count = std::get_if<Count>(&value)) {
    count->value = static_cast<std::uint32_t>(std::stoul(heard.digits));
  } else if (auto* whole = std::get_if<std::int64_t>(&value)) {
    *whole = std::stoll(heard.digits);
  } else if (auto* point = std::get_if<Point>(&value)) {
    const auto e5 = static_cast<std::int32_t>(std::stol(heard.digits));
    point->lat_e5 = point->lat_e5 < 0 ? -e5 : e5;
  } else {
    std::string text = to_rfc3339(std::get<WallTime>(value));
    text.replace(8, 2, heard.digits.substr(0, 2));
    text.replace(11, 2, heard.digits.substr(2, 2));
    text.replace(14, 2, heard.digits.substr(4, 2));
    const auto time = parse_time(text);
    if (!time || to_rfc3339(*time) != text) return std::nullopt;
    value = *time;
  }
  out.put(heard.field, value);
  return out == report ? std::nullopt : std::optional(out);
}

/// What becomes of a run of digits on a bad line; nothing if it does not apply there.
using Slip = std::optional<std::string> (*)(const std::string& digits, FormGenerator& generator);

std::optional<std::string> misheard(const std::string& digits, FormGenerator& generator) {
  std::string out = digits;
  const std::size_t at = generator.from_to(0, digits.size() - 1);
  out[at] = static_cast<char>('0' + (out[at] - '0' + static_cast<int>(generator.from_to(1, 9))) % 10);
  return out;
}
/// いち しち はち; に し; さん よん; ご ろく; きゅう じゅう.
std::optional<std::string> similar(const std::string& digits, FormGenerator& generator) {
  static constexpr std::array<std::string_view, 10> kLike{"9", "78", "4", "4", "23", "6", "5", "1", "1", "0"};
  std::string out = digits;
  const std::size_t at = generator.from_to(0, digits.size() - 1);
  const std::string_view like = kLike[static_cast<std::size_t>(out[at] - '0')];
  out[at] = like[generator.from_to(0, like.size() - 1)];
  return out;
}
std::optional<std::string> transposed(const std::string& digits, FormGenerator& generator) {
  if (digits.size() < 2) return std::nullopt;
  std::string out = digits;
  const std::size_t at = generator.from_to(0, digits.size() - 2);
  std::swap(out[at], out[at + 1]);
  return out;
}
std::optional<std::string> dropped_or_doubled(const std::string& digits, FormGenerator& generator) {
  if (digits.size() < 2 || digits.size() > 5) return std::nullopt;
  std::string out = digits;
  const std::size_t at = generator.from_to(0, digits.size() - 1);
  if (generator.chance(2))
    out.erase(at, 1);
  else
    out.insert(at, 1, out[at]);
  return out;
}

/// Of kReports reports taken down wrongly: how many pass the two words, how many the section syllables narrow
/// down to the one section where the slip is.
struct Outcome {
  int passed = 0;
  int narrowed = 0;
};
std::vector<std::size_t> differing(const Script& a, const Script& b) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < a.sections.size(); ++i)
    if (a.sections[i].check != b.sections[i].check) out.push_back(i);
  return out;
}
Outcome taken_down(Slip slip, std::uint64_t seed) {
  FormGenerator generator(seed);
  Outcome out;
  for (int wrong = 0; wrong < kReports;) {
    const Report report = any_report(generator);
    const std::vector<Heard> numbers = numbers_of(report);
    if (numbers.empty()) continue;
    Heard heard = numbers[generator.from_to(0, numbers.size() - 1)];
    auto digits = slip(heard.digits, generator);
    if (!digits || *digits == heard.digits) continue;
    heard.digits = *std::move(digits);
    const auto typed = typed_as(report, heard);
    if (!typed) continue;
    ++wrong;
    const Script read = script(report, Catalogue::built_in(), Language::ja);
    const Script taken = script(*typed, Catalogue::built_in(), Language::ja);
    const auto line = std::find_if(read.lines.begin(), read.lines.end(),
                                   [&](const SpokenLine& one) { return one.field == heard.field; });
    out.passed += taken.check == read.check ? 1 : 0;
    out.narrowed += differing(read, taken) == std::vector{line->section} ? 1 : 0;
  }
  return out;
}

TEST_CASE("of a thousand reports with one misheard digit each, at most two pass the check words") {
  const struct {
    const char* what;
    Slip slip;
    int narrowed_least;
  } slips[] = {{"one misheard digit", misheard, kReports},
               {"a digit heard as one that sounds like it", similar, kReports},
               {"two neighbouring digits exchanged", transposed, kReports},
               {"a digit dropped or said twice", dropped_or_doubled, kReports * 8 / 10}};
  for (const auto& [what, slip, narrowed_least] : slips) {
    const Outcome outcome = taken_down(slip, 310);
    std::cout << what << ": " << outcome.passed << " of " << kReports << " pass the check words, "
              << outcome.narrowed << " are narrowed to their section\n";
    CHECK(outcome.passed <= 2);
    CHECK(outcome.narrowed >= narrowed_least);
  }
}

TEST_CASE("two numbers of a report exchanged are noticed") {
  FormGenerator generator(311);
  int wrong = 0, passed = 0;
  while (wrong < kReports) {
    const Report report = generator.full_f1(generator.context());
    std::vector<FieldNo> counts;
    for (const auto& [number, value] : report.values)
      if (std::holds_alternative<Count>(value)) counts.push_back(number);
    const FieldNo a = counts[generator.from_to(0, counts.size() - 1)];
    const FieldNo b = counts[generator.from_to(0, counts.size() - 1)];
    Report typed = report;
    typed.put(a, *report.find(b));
    typed.put(b, *report.find(a));
    if (typed == report) continue;
    ++wrong;
    passed += check_of(typed) == check_of(report) ? 1 : 0;
  }
  std::cout << "two numbers of the report exchanged: " << passed << " of " << kReports << " pass\n";
  CHECK(passed <= 2);
}

TEST_CASE("any report can be read in both languages, and both give the same checks") {
  FormGenerator generator(312);
  for (int i = 0; i < 3'000; ++i) {
    const Report report = generator.any(generator.context());
    const Script ja = script(report, Catalogue::built_in(), Language::ja);
    const Script en = script(report, Catalogue::built_in(), Language::en);
    REQUIRE(ja.check == en.check);
    REQUIRE(ja.sections.size() == en.sections.size());
    for (std::size_t s = 0; s < ja.sections.size(); ++s)
      REQUIRE(ja.sections[s].check == en.sections[s].check);
    for (const SpokenLine& line : ja.lines) REQUIRE(line.section < ja.sections.size());
  }
}

}  // namespace
}  // namespace noroshi::forms
