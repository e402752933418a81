#include "proto/toml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "proto/language.hpp"
#include "proto/nearest.hpp"

namespace noroshi {

Result<toml::table> parse_toml(std::string_view text, const std::filesystem::path& place) {
  try {
    return toml::parse(text, place.string());
  } catch (const toml::parse_error& error) {
    // The library explains over several lines, in English: its first line is enough.
    const std::string_view why = error.description();
    return Error{Code::config,
                 fmt::format("{}:{}: {}{}", place.string(), error.source().begin.line,
                             said("TOML として読めません: ", "is no TOML: "), why.substr(0, why.find('\n')))};
  }
}

Result<toml::table> read_toml(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in)
    return Error{Code::config, file.string() + said(": 設定を読めません：場所と権限を確かめてください",
                                                    ": cannot read the configuration: check the path "
                                                    "and its mode")};
  return parse_toml(text.str(), file);
}

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
  return fine();
}

Result<void> TomlReader::fine() const {
  if (error_) return *error_;
  return {};
}

}  // namespace noroshi
