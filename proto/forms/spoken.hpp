// A report read aloud over the telephone, and taken down at the other end: the lines to say in a fixed order,
// and numbers by which both sides know that they hold the same values. DESIGN.md, "Spoken".
//
// What is said: the form, the unit that the figures are about, municipality, as-of, kind, 被害なし; then
// every field that has a value, in the catalogue's order of asking. Not said, because they are the device's
// or the call's own: report id and number, incident, handler, times of sealing, who told it when and by which
// channel, the source (at the other end it is 電話聞取り), how a position was found.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proto/forms/report.hpp"
#include "proto/forms/six.hpp"

namespace noroshi::forms {

/// What is said in one breath and repeated by the other side.
struct SpokenLine {
  std::size_t section = 0;
  FieldNo field = 0;
  std::string label;  ///< "供給停止戸数"
  std::string said;   ///< "約 さん よん ご 戸": a qualifier stands before its number
};
/// A part of the script with a short check of its own, read out only when the two words differ. Sections are
/// those of the form, not of the values, so both sides have the same ones whatever was misheard or left out.
struct SpokenSection {
  std::vector<std::string> labels;  ///< of every field that belongs to it, said or not
  std::uint8_t check = 0;           ///< short_check
};
struct Script {
  std::vector<SpokenLine> lines;
  std::vector<SpokenSection> sections;
  std::uint32_t check = 0;  ///< check_number; 22 bits
};

/// Every field that a script may say, in the order in which it says them: the header's section, then the
/// form's own. None of a form that is not here but the header's.
struct SpokenOrder {
  std::vector<const FieldInfo*> header, own;
};
[[nodiscard]] SpokenOrder spoken_order(const FormInfo* form, const Catalogue& catalogue);

/// Fields in a section after the first, which is the header's.
inline constexpr std::size_t kSectionFields = 6;
/// Characters of a text in one line.
inline constexpr std::size_t kSpokenChars = 20;

/// The checks are over the values in the script, in a form that is the same in every language and on every
/// device: they depend neither on a creation time nor on an id. Two things are heard but not covered as they
/// stand: of a text only its Arabic digits are (what is written in kanji cannot be heard), and 初報 and 続報
/// are the same (whoever takes it down may not have the report before).
[[nodiscard]] Script script(const Report& report, const Catalogue& catalogue, Language language);
/// Only the six digits, each with what it means; the check is six_check.
[[nodiscard]] Script script(const SixAnswers& six, const Catalogue& catalogue, Language language);

}  // namespace noroshi::forms
