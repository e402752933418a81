// Reading the small tables of data/: lines and fields without quotes. For the parts of this folder.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <vector>

namespace noroshi::forms::rows {

/// The parts between separators; an empty text has none.
[[nodiscard]] inline std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    out.push_back(text.substr(0, end));
    if (end + 1 == text.size()) out.emplace_back();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}
/// Lines that say something.
[[nodiscard]] inline std::vector<std::string_view> lines(std::string_view file) {
  std::vector<std::string_view> out = split(file, '\n');
  std::erase(out, std::string_view{});
  return out;
}
/// 0 for what is no number.
[[nodiscard]] inline std::int32_t number(std::string_view text) {
  std::int32_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

}  // namespace noroshi::forms::rows
