#include "relay/daemon/toml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "proto/language.hpp"
#include "proto/nearest.hpp"

namespace noroshi::daemon {

const toml::node* TomlReader::find(std::string_view key) {
  known_.emplace_back(key);
  return table_.get(key);
}

void TomlReader::fail(std::string_view key, std::string_view what) {
  if (error_) return;
  const toml::node* node = table_.get(key);
  const auto line = node ? node->source().begin.line : table_.source().begin.line;
  std::string place = fmt::format("{}{}{}", where_, where_.empty() || key.empty() ? "" : ".", key);
  if (!place.empty()) place += ": ";
  error_ = Error{Code::config, fmt::format("{}:{}: {}{}", file_, line, place, what)};
}

std::optional<std::string> TomlReader::text(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return {};
  if (const auto value = node->value_exact<std::string>()) return value;
  fail(key, said("引用符で囲んだ文字です", "must be a text in quotes"));
  return {};
}

std::optional<std::int64_t> TomlReader::number(std::string_view key, std::int64_t low, std::int64_t high) {
  const toml::node* node = find(key);
  if (!node) return {};
  const auto value = node->value_exact<std::int64_t>();
  if (value && *value >= low && *value <= high) return value;
  fail(key,
       fmt::format(fmt::runtime(said("{} から {} までの整数です", "must be a whole number from {} to {}")),
                   low, high));
  return {};
}

std::optional<bool> TomlReader::flag(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return {};
  if (const auto value = node->value_exact<bool>()) return value;
  fail(key, said("true か false です", "must be true or false"));
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
  if (!array || out.size() != array->size()) fail(key, said("文字の並びです", "must be a list of texts"));
  return out;
}

const toml::table* TomlReader::table(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return nullptr;
  if (const toml::table* found = node->as_table()) return found;
  fail(key, fmt::format(fmt::runtime(said("表 [{}] です", "must be a table: [{}]")), key));
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
  if (!array || out.size() != array->size())
    fail(key, fmt::format(fmt::runtime(said("表 [[{}]] です", "must be tables: [[{}]]")), key));
  return out;
}

Result<void> TomlReader::finish() {
  for (const auto& [key, node] : table_) {
    if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
    const std::string meant = nearest(key.str(), known_);
    fail(key.str(),
         said("知らない項目です", "unknown key") +
             (meant.empty() ? "" : said("（" + meant + " ですか）", ", did you mean " + meant + "?")));
  }
  if (error_) return *error_;
  return {};
}

}  // namespace noroshi::daemon
