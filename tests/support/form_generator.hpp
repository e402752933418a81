// Reports for tests and benches, from a seed: full ones, everyday ones, and any at all that the wire can
// carry. The same seed gives the same reports on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proto/forms/body.hpp"
#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"
#include "tests/support/built_in.hpp"

namespace noroshi::test {

/// How the letters of a Japanese text are drawn.
enum class Letters : std::uint8_t {
  scripts,     ///< kanji of JIS level 1, hiragana or katakana with equal chance, then one of them
  characters,  ///< every kanji of JIS level 1, hiragana and katakana with equal chance: nearly all are kanji
  kanji,       ///< only kanji of JIS level 1
};

/// Which states the counts of a full report have.
enum class States : std::uint8_t {
  numbers,  ///< exact, approx, less_than, at_least: each carries a number of up to four digits
  all,      ///< also magnitude, unconfirmed and not_applicable
};

class FormGenerator {
 public:
  explicit FormGenerator(std::uint64_t seed) : state_(seed) {}

  /// An envelope's facts. Unit 1700001 of device 17/3, no single municipality.
  forms::BodyContext context();
  /// F1 with every field set, all counts non-zero, point, times, 40 characters, and every header field that a
  /// unit's own initial report can say.
  forms::Report full_f1(const forms::BodyContext& context, Letters letters = Letters::scripts,
                        States states = States::numbers);
  /// As people write it: full, counts of the size of a small town (many zeros), 40 characters.
  forms::Report typical_f1(const forms::BodyContext& context);
  /// Six answers, municipality and checked scope; the device says the rest.
  forms::Report six_answers(const forms::BodyContext& context);
  /// An update with a handful of figures and a short remark.
  forms::Report follow_up(const forms::BodyContext& context);
  /// A correction of one full report: parent, reason, the whole snapshot with one other figure.
  forms::Report correction(const forms::Report& of, const forms::BodyContext& context);
  /// Any report of any form of the catalogue: each field is there or not, with any value the wire can carry.
  forms::Report any(const forms::BodyContext& context,
                    const forms::Catalogue& catalogue = forms::Catalogue::built_in());
  /// Likewise of one form.
  forms::Report any_of(const forms::FormInfo& form, const forms::BodyContext& context,
                       const forms::Catalogue& catalogue = forms::Catalogue::built_in());
  /// As people fill in any form, drawn from its annotations: what is required, and half of what is expected
  /// or optional where it applies; figures of a small town within their ranges, texts of up to 20 characters,
  /// one or two rows. A form of next year is measured by itself.
  forms::Report everyday(const forms::FormInfo& form, const forms::BodyContext& context,
                         const forms::Catalogue& catalogue = forms::Catalogue::built_in());
  forms::Value any_value(const forms::FieldInfo& field, const forms::BodyContext& context);

  std::string japanese(std::size_t characters, Letters letters);
  /// Any clean text of up to `characters`: ASCII, kana, kanji, characters outside CP932, emoji, combining
  /// marks.
  std::string any_text(std::size_t characters);
  /// From a to b, both included.
  std::uint64_t from_to(std::uint64_t a, std::uint64_t b);
  bool chance(std::uint64_t in) { return from_to(1, in) == 1; }

 private:
  std::uint64_t next();
  forms::Count any_count(States states);
  std::uint32_t any_code(const forms::FieldInfo& field);
  forms::Value everyday_value(const forms::FieldInfo& field, const forms::BodyContext& context);
  void put_header(forms::Report& report, const forms::BodyContext& context);
  std::uint64_t state_;
};

}  // namespace noroshi::test
