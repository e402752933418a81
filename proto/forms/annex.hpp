// The catalogue as a document: the annex of the manual (Markdown, CSV), and what changed from one year to the
// next.
#pragma once

#include <string>
#include <vector>

#include "proto/forms/catalogue.hpp"

namespace noroshi::forms {

enum class Change : std::uint8_t { added, retired, removed, changed };
[[nodiscard]] std::string_view name_of(Change change);

struct Difference {
  Change change = Change::changed;
  std::string place;              ///< "F2", "F2.stopped_cum", "F2 R5", "CAUSE.snow"
  std::vector<std::string> what;  ///< changed: which of its properties, as form_to_json names them
  std::string label_ja;
  std::string label_en;
  [[nodiscard]] const std::string& label(Language language) const {
    return language == Language::ja ? label_ja : label_en;
  }
};

/// Forms, fields (by number), rules (by id) and codes (by number), the newest version of each form.
[[nodiscard]] std::vector<Difference> differences(const Catalogue& before, const Catalogue& after);

/// The annex: for each form its fields and rules, then the code lists. One form, or all (nullptr).
[[nodiscard]] std::string annex_markdown(const Catalogue& catalogue, const FormInfo* only, Language language);
/// One row per field, for a spreadsheet; RFC 4180 with a byte order mark, and no cell that a spreadsheet
/// would run.
[[nodiscard]] std::string annex_csv(const Catalogue& catalogue, const FormInfo* only, Language language);

}  // namespace noroshi::forms
