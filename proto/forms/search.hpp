// Finding an entry of a list while its reading is being typed: municipalities, code lists, fields. Hiragana,
// katakana, kanji and full-width letters are alike (fold_for_search). The best come first:
//
//   0  the reading, the name or the code is what is typed              つ → 津市
//   1  one of them begins with it                                      わじ 輪 1720
//   2  a later word of the reading or the name does                    ちゅう → さっぽろし ちゅうおうく
//   3  an alias does: how one reads the name who does not know it      りん → 輪島市
//   4  the reading has it further on
//   5  the name has it further on
//
// Entries of one rank keep their order. An index is built once; each key is one scan (1,916 places: under 1
// ms).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/forms/catalogue.hpp"

namespace noroshi::forms {

struct Findable {
  std::string name;  ///< 輪島市; words are parted by spaces
  std::string kana;
  std::string code;  ///< "17204", "earthquake"
  std::vector<std::string> aliases;
};

class SearchIndex {
 public:
  explicit SearchIndex(std::vector<Findable> entries);
  /// Places of the entries that have `typed`, best first, at most `limit`. Everything, for nothing typed.
  [[nodiscard]] std::vector<std::size_t> find(std::string_view typed, std::size_t limit = SIZE_MAX) const;

 private:
  std::vector<Findable> folded_;
};

/// The codes of a list by label (both languages), reading and name.
[[nodiscard]] SearchIndex index_of(const CodeList& list);

}  // namespace noroshi::forms
