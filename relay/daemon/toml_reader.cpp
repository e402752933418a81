#include "relay/daemon/toml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace noroshi::daemon {

const toml::node* TomlReader::find(std::string_view key) {
  known_.emplace(key);
  return table_.get(key);
}

void TomlReader::fail(std::string_view key, std::string_view what) {
  if (error_) return;
  const toml::node* node = table_.get(key);
  const auto line = node ? node->source().begin.line : table_.source().begin.line;
  error_ = Error{Code::config, fmt::format("{}:{}: {}{}{}: {}", file_, line, where_,
                                           where_.empty() || key.empty() ? "" : ".", key, what)};
}

std::optional<std::string> TomlReader::text(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return {};
  if (const auto value = node->value_exact<std::string>()) return value;
  fail(key, "must be a text in quotes");
  return {};
}

std::optional<std::int64_t> TomlReader::number(std::string_view key, std::int64_t low, std::int64_t high) {
  const toml::node* node = find(key);
  if (!node) return {};
  const auto value = node->value_exact<std::int64_t>();
  if (value && *value >= low && *value <= high) return value;
  fail(key, fmt::format("must be a whole number from {} to {}", low, high));
  return {};
}

std::optional<bool> TomlReader::flag(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return {};
  if (const auto value = node->value_exact<bool>()) return value;
  fail(key, "must be true or false");
  return {};
}

std::vector<std::string> TomlReader::texts(std::string_view key) {
  std::vector<std::string> out;
  const toml::node* node = find(key);
  if (!node) return out;
  const toml::array* array = node->as_array();
  if (array)
    for (const toml::node& item : *array)
      if (const auto value = item.value_exact<std::string>()) out.push_back(*value);
  if (!array || out.size() != array->size()) fail(key, "must be a list of texts");
  return out;
}

const toml::table* TomlReader::table(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return nullptr;
  if (const toml::table* found = node->as_table()) return found;
  fail(key, fmt::format("must be a table: [{}]", key));
  return nullptr;
}

std::vector<const toml::table*> TomlReader::tables(std::string_view key) {
  std::vector<const toml::table*> out;
  const toml::node* node = find(key);
  if (!node) return out;
  const toml::array* array = node->as_array();
  if (array)
    for (const toml::node& item : *array)
      if (const toml::table* one = item.as_table()) out.push_back(one);
  if (!array || out.size() != array->size()) fail(key, fmt::format("must be tables: [[{}]]", key));
  return out;
}

Result<void> TomlReader::finish() {
  for (const auto& [key, node] : table_) {
    if (known_.contains(key.str())) continue;
    const std::string meant = nearest(key.str(), known_);
    fail(key.str(), meant.empty() ? "unknown key" : fmt::format("unknown key, did you mean {}?", meant));
  }
  if (error_) return *error_;
  return {};
}

std::string nearest(std::string_view word, const std::set<std::string, std::less<>>& known) {
  // Edit distance; more than half of the word wrong is another word.
  std::string best;
  std::size_t best_distance = word.size() / 2 + 1;
  for (const std::string& candidate : known) {
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i + 1;
      for (std::size_t j = 0; j < candidate.size(); ++j) {
        const std::size_t changed = diagonal + (word[i] == candidate[j] ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace noroshi::daemon
