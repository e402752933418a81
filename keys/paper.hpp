// A sealed envelope on paper: lines of text, one for each QR code, that any reader of codes or a patient
// person brings back.
//
//   "NOROE1:" part "/" parts ":" base32( whole 4 | slice ≤ 177 | check 4 )
//     part, parts   1 … 99, in decimal without leading zeros
//     whole         F(4, "NORO1 paper", ∅, envelope): which envelope the part is of
//     check         F(4, "NORO1 paper", ∅, part u8 | parts u8 | whole | slice)
//
// Slices are of one size, but for the last one. Everything is of the alphanumeric set of QR codes, so that a
// character costs 5.5 bits. The checks find slips and mixed up sheets; they are no protection: whether an
// envelope is true says its signature (verify.hpp).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/bytes.hpp"

namespace noroshi::keys {

/// A part is at most 309 characters: QR version 10 with correction M holds 311, and its 57 modules with
/// their quiet zone fit a page of 76 columns with room to spare.
inline constexpr std::size_t kPaperSliceMax = 177;
inline constexpr std::size_t kPaperPartsMax = 99;
inline constexpr std::size_t kPaperEnvelopeMax = kPaperSliceMax * kPaperPartsMax;

/// The parts in order; none of an envelope above kPaperEnvelopeMax, or of no bytes.
[[nodiscard]] std::vector<std::string> paper_parts(BytesView envelope);

/// What stands in a text that holds parts: line by line, whatever stands before "NOROE1:" or between parts
/// (other lines, a reader's own words) is passed over, and a part may go on in groups and lines of its own.
/// Blanks are taken out; nothing is judged.
[[nodiscard]] std::vector<std::string> paper_parts_in(std::string_view text);

/// "2/3": what a part calls itself, whether or not its check holds.
struct PaperName {
  unsigned part = 0, parts = 0;
  bool operator==(const PaperName&) const = default;
};
[[nodiscard]] std::optional<PaperName> paper_name(std::string_view part);

/// The parts of one envelope, in any order.
class PaperParts {
 public:
  enum class Read : std::uint8_t {
    taken,
    again,    ///< the same one as before
    damaged,  ///< no part, or its check does not hold: read it again
    foreign,  ///< a whole part, but of another envelope than those before it
  };
  Read add(std::string_view part);

  /// How many there are; 0 before the first.
  [[nodiscard]] std::size_t parts() const { return parts_; }
  /// The numbers that have not come.
  [[nodiscard]] std::vector<unsigned> missing() const;
  /// The envelope; nothing while a part is missing, or if what came together is not what was printed.
  [[nodiscard]] std::optional<Bytes> whole() const;

 private:
  std::size_t parts_ = 0;
  ByteArray<4> envelope_{};
  std::map<unsigned, Bytes> slices_;
};

}  // namespace noroshi::keys
