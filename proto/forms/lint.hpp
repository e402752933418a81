// What loading a catalogue does not refuse but a person who writes forms should mend before signing them:
// texts missing in one language, fields nobody is asked for, orders that clash, slots with gaps, templates
// that do not read.
#pragma once

#include <string>
#include <vector>

#include "proto/forms/catalogue.hpp"

namespace noroshi::forms {

struct Finding {
  std::string place;  ///< "F2.stopped_cum", "F2 R5", "CAUSE.snow"
  std::string text_ja;
  std::string text_en;
  [[nodiscard]] const std::string& text(Language language) const {
    return language == Language::ja ? text_ja : text_en;
  }
};

/// In the order of the forms, then of the code lists; empty for a catalogue that is fit to be signed.
[[nodiscard]] std::vector<Finding> lint(const Catalogue& catalogue);

/// What a catalogue that follows another may not do, because reports of both are on their way: a form, field
/// or code that is gone (retired fields stay), a number or slot with another meaning, a form that changed
/// without a higher version (a reader of the old one would take the new report for a damaged one).
[[nodiscard]] std::vector<Finding> lint_change(const Catalogue& before, const Catalogue& after);

}  // namespace noroshi::forms
