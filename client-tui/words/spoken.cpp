#include "client-tui/words/spoken.hpp"

#include <algorithm>

#include "client-tui/words/names.hpp"
#include "keys/words.hpp"
#include "proto/forms/check_number.hpp"
#include "proto/forms/spelling.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::words {
namespace {

constexpr std::uint32_t kWordBits = 11;
static_assert(forms::kCheckBits == 2 * kWordBits && keys::kWords == 1u << kWordBits);
static_assert(forms::kShortChecks == keys::kMorae);

std::vector<std::string> two_words(std::uint32_t check) {
  return {keys::word(check >> kWordBits), keys::word(check & (keys::kWords - 1))};
}

/// "かきこさ" → "為替のカ 切手のキ 子供のコ 桜のサ".
std::string spelled_out(const std::string& word) {
  std::string out;
  for (const std::string& letter : forms::spelled(word, forms::Language::ja))
    out += (out.empty() ? "" : " ") + letter;
  return out;
}

std::string labels_of(const forms::SpokenSection& section) {
  std::string out;
  for (const std::string& label : section.labels)
    out += (out.empty() ? "" : language() == forms::Language::ja ? "・" : ", ") + label;
  return out;
}

/// "1 か（様式・…）, 2 き（…）".
std::string listed(const forms::Script& script) {
  std::string out;
  for (std::size_t i = 0; i < script.sections.size(); ++i) {
    const forms::SpokenSection& section = script.sections[i];
    out += fmt::format("{}{} {}{}", i == 0 ? "" : ", ", i + 1, keys::mora(section.check),
                       say(Text::say_name, section.labels.empty() ? "" : section.labels.front()));
  }
  return out;
}

/// The sections whose syllable was heard otherwise; nothing if what was heard are not syllables of them.
std::optional<std::string> differing(const forms::Script& script, const std::string& heard) {
  std::vector<std::string> syllables;
  for (const char c : forms::fold_for_search(heard)) {
    const bool begins = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (c == ' ' || c == '-' || c == ',') continue;
    if (begins) syllables.emplace_back();
    if (syllables.empty()) return std::nullopt;
    syllables.back() += c;
  }
  if (syllables.size() != script.sections.size()) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < syllables.size(); ++i) {
    if (syllables[i] == keys::mora(script.sections[i].check)) continue;
    out += (out.empty() ? "" : ", ") + say(Text::say_section, i + 1) +
           say(Text::say_name, labels_of(script.sections[i]));
  }
  return out;
}

}  // namespace

std::string check_words(std::uint32_t check) {
  const auto words = two_words(check);
  return words[0] + "-" + words[1];
}

std::string section_syllables(const forms::Script& script) {
  std::string out;
  for (const forms::SpokenSection& section : script.sections) out += keys::mora(section.check);
  return out;
}

std::vector<std::string> script_lines(const forms::Script& script) {
  std::vector<std::string> out;
  std::optional<std::size_t> section;
  const bool parts = script.sections.size() > 1;  // one alone would say no more than the words
  for (const forms::SpokenLine& line : script.lines) {
    if (parts && line.section != section) out.push_back("[" + say(Text::say_section, line.section + 1) + "]");
    section = line.section;
    out.push_back(line.label + ": " + line.said);
  }
  out.emplace_back();
  out.push_back(say(Text::say_words, check_words(script.check)));
  if (language() == forms::Language::ja) {
    for (const std::string& word : two_words(script.check)) out.push_back("  " + spelled_out(word));
  }
  if (parts) out.push_back(say(Text::say_syllables, section_syllables(script)));
  return out;
}

std::vector<std::string> script_lines(const forms::Report& report, const keys::Trust& trust,
                                      const forms::Catalogue& catalogue) {
  forms::Script script = forms::script(report, catalogue, language());
  const forms::Header header = report.header();
  const keys::Unit* unit = header.speaks_for() ? trust.unit(*header.speaks_for()) : nullptr;
  for (forms::SpokenLine& line : script.lines) {
    if (line.field == forms::field::unit && unit != nullptr) line.said += say(Text::say_name, unit->name);
  }
  std::vector<std::string> out = script_lines(script);
  // What a newer form says cannot be read aloud; that it is there can.
  const std::vector<std::string> unknown = forms::unknown_lines(report, catalogue, language());
  out.insert(out.begin(), unknown.begin(), unknown.end());
  const keys::Incident* incident = trust.incident(header.incident);
  if (incident != nullptr && incident->exercise) out.insert(out.begin(), say(Text::say_exercise));
  return out;
}

Result<void> compare(const forms::Report& typed, const HeardChecks& heard,
                     const forms::Catalogue& catalogue) {
  const auto words = keys::read_words(heard.words);
  if (!words || words->size() != 2) return no(Code::usage, Text::check_no_words, heard.words);
  const forms::Script script = forms::script(typed, catalogue, language());
  if (*words == two_words(script.check)) return {};
  if (const auto six = forms::six_of(typed); six && *words == two_words(forms::six_check(*six))) return {};
  const std::string theirs = (*words)[0] + "-" + (*words)[1], ours = check_words(script.check);
  if (heard.sections.empty()) return no(Code::bad_data, Text::check_differs, theirs, ours, listed(script));
  auto where = differing(script, heard.sections);
  if (!where) return no(Code::usage, Text::check_no_sections, heard.sections, script.sections.size());
  if (where->empty()) where = say(Text::check_everything);
  return no(Code::bad_data, Text::check_ask_again, theirs, ours, *where);
}

}  // namespace noroshi::words
