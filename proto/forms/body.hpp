// Reports as body bytes and back (DESIGN.md draws the slots). No cryptography: keys/ pads, seals and opens.
//
// decode takes bytes from outside: it never crashes, allocates at most about a hundred times their number,
// and refuses everything that encode would not write, except what a newer version may have appended.
// decode(encode(r), same context) == r, if r's texts are clean, its times whole minutes, and it says its
// municipality and unit where the context has them.
#pragma once

#include <optional>
#include <vector>

#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"
#include "proto/ids.hpp"
#include "proto/result.hpp"
#include "proto/time.hpp"

namespace noroshi::forms {

/// What the envelope and the certificate already say. The reader must use the same as the writer: times,
/// parents and defaults count from it.
struct BodyContext {
  KeyId key;            ///< the signing key: parents of the same key travel as a bare seq
  WallTime created;     ///< the envelope's; times travel as signed minutes from it
  UnitId default_unit;  ///< the certificate's; 0 = none
  std::optional<HandlerId> default_handler;   ///< the certificate's
  std::optional<std::uint32_t> municipality;  ///< the only municipality of default_unit, if it has only one
};

/// At most this many reports in a body: the index in a ReportId is one byte.
inline constexpr std::size_t kReportsMax = 255;

/// Body bytes of one or more reports. Errors (bad_data) name the field: a text that is not clean, a value out
/// of the wire's range, a value of the wrong kind.
[[nodiscard]] Result<Bytes> encode(const std::vector<Report>& reports, const BodyContext& context,
                                   const Catalogue& catalogue);
[[nodiscard]] Result<Bytes> encode(const Report& report, const BodyContext& context,
                                   const Catalogue& catalogue);

/// The reports of a body. default_unit, default_handler and municipality are filled in where the body leaves
/// them out, so that a report stands by itself afterwards. A form or version that the catalogue lacks is no
/// error: what is not understood is in Report::unknown.
[[nodiscard]] Result<std::vector<Report>> decode(BytesView bytes, const BodyContext& context,
                                                 const Catalogue& catalogue);

/// Where the bytes of a body go; the sum is the size of the body.
struct BodySizes {
  std::size_t framing = 0;         ///< protobuf tags and lengths, form word
  std::size_t header_numbers = 0;  ///< incident, report number, as-of, municipality, …
  std::size_t counts = 0;          ///< values of qualified counts
  std::size_t times = 0;           ///< times and dates of the form
  std::size_t point = 0;
  std::size_t other_numbers = 0;  ///< whole numbers, sets, references of the form
  std::size_t bits = 0;           ///< states, codes, quality and presence together, as bytes
  std::size_t text = 0;           ///< with the codec byte
  std::size_t extras = 0;
  std::size_t header_bits = 0;    ///< in bits: quality and presence of the header
  std::size_t state_bits = 0;     ///< in bits: states of counts
  std::size_t code_bits = 0;      ///< in bits: codes and answers
  std::size_t presence_bits = 0;  ///< in bits: presence of the form's other slots
  [[nodiscard]] std::size_t total() const {
    return framing + header_numbers + counts + times + point + other_numbers + bits + text + extras;
  }
};
[[nodiscard]] Result<BodySizes> body_sizes(const std::vector<Report>& reports, const BodyContext& context,
                                           const Catalogue& catalogue);

/// What to leave for a second message: fields of the report by falling order of sending (the most dispensable
/// first), each with the bytes that leaving it alone saves. Nothing is dropped by this function.
struct Saving {
  FieldNo field = 0;
  std::size_t bytes = 0;
};
[[nodiscard]] std::vector<Saving> savings(const Report& report, const BodyContext& context,
                                          const Catalogue& catalogue);

}  // namespace noroshi::forms
