#include "proto/forms/search.hpp"

#include <algorithm>
#include <array>

#include "proto/forms/text.hpp"

namespace noroshi::forms {
namespace {

constexpr std::size_t kRanks = 6;

bool begins_a_word(std::string_view text, std::string_view typed) {
  for (std::size_t space = text.find(' '); space != std::string_view::npos; space = text.find(' ', space + 1))
    if (text.substr(space + 1).starts_with(typed)) return true;
  return false;
}

/// kRanks: it is not there.
std::size_t rank_of(const Findable& entry, std::string_view typed) {
  const std::array<std::string_view, 2> names{entry.kana, entry.name};
  const auto any = [&](auto matches) { return std::any_of(names.begin(), names.end(), matches); };
  if (any([&](std::string_view text) { return text == typed; }) || entry.code == typed) return 0;
  if (any([&](std::string_view text) { return text.starts_with(typed); }) || entry.code.starts_with(typed))
    return 1;
  if (any([&](std::string_view text) { return begins_a_word(text, typed); })) return 2;
  if (std::any_of(entry.aliases.begin(), entry.aliases.end(),
                  [&](const std::string& alias) { return alias.starts_with(typed); }))
    return 3;
  if (entry.kana.find(typed) != std::string::npos) return 4;
  return entry.name.find(typed) != std::string::npos ? 5 : kRanks;
}

}  // namespace

SearchIndex::SearchIndex(std::vector<Findable> entries) : folded_(std::move(entries)) {
  for (Findable& entry : folded_) {
    for (std::string* text : {&entry.name, &entry.kana, &entry.code}) *text = fold_for_search(*text);
    for (std::string& alias : entry.aliases) alias = fold_for_search(alias);
  }
}

std::vector<std::size_t> SearchIndex::find(std::string_view typed, std::size_t limit) const {
  const std::string wanted = fold_for_search(typed);
  std::array<std::vector<std::size_t>, kRanks> ranked;
  for (std::size_t i = 0; i < folded_.size(); ++i)
    if (const std::size_t rank = rank_of(folded_[i], wanted); rank < kRanks) ranked[rank].push_back(i);
  std::vector<std::size_t> out;
  for (const auto& places : ranked) out.insert(out.end(), places.begin(), places.end());
  if (out.size() > limit) out.resize(limit);
  return out;
}

SearchIndex index_of(const CodeList& list) {
  std::vector<Findable> entries;
  for (const CodeInfo& code : list.codes)
    entries.push_back({code.label.ja, code.label.kana, code.name, {code.label.en}});
  return SearchIndex(std::move(entries));
}

}  // namespace noroshi::forms
