// A TOML file for people, read key by key. Every key that is asked for is known; at the end the ones nobody
// asked for are errors with the nearest known key. The first error stays, so that a whole table is read
// without a check after each key.
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/result.hpp"

namespace noroshi {

/// `place` is the file's name for errors. Errors (config): file, line and reason in one line.
[[nodiscard]] Result<toml::table> parse_toml(std::string_view text, const std::filesystem::path& place);
/// Errors (config): it cannot be read, or parse_toml's.
[[nodiscard]] Result<toml::table> read_toml(const std::filesystem::path& file);

class TomlReader {
 public:
  /// `where` is the table's name for errors: "node", "link 2"; the file comes from the nodes themselves.
  TomlReader(const toml::table& table, std::string where, std::string file)
      : table_(table), where_(std::move(where)), file_(std::move(file)) {}

  [[nodiscard]] std::optional<std::string> text(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view key, std::int64_t low, std::int64_t high);
  [[nodiscard]] std::optional<bool> flag(std::string_view key);
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  /// A table below this one; nothing if absent.
  [[nodiscard]] const toml::table* table(std::string_view key);
  /// Tables of [[key]].
  [[nodiscard]] std::vector<const toml::table*> tables(std::string_view key);

  /// Remembers an error about `key` (or the whole table), if it is the first.
  void fail(std::string_view key, std::string_view what);
  /// The first error, or an unknown key; call last.
  [[nodiscard]] Result<void> finish();
  /// The first error alone: of a table that holds what others read.
  [[nodiscard]] Result<void> fine() const;

 private:
  const toml::node* find(std::string_view key);
  const toml::table& table_;
  std::string where_, file_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

}  // namespace noroshi
