// A report laid into slots and back: the compact wire mapping without protobuf (DESIGN.md draws it). Only
// body_codec.cpp turns Compact into bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "proto/bytes.hpp"
#include "proto/forms/body.hpp"
#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"
#include "proto/result.hpp"

namespace noroshi::forms {

/// A value without a slot, by field number.
struct Extra {
  FieldNo field = 0;
  std::vector<std::int64_t> numbers;
  Bytes data;
  std::vector<std::vector<Extra>> rows;
  Bytes raw;             ///< its protobuf bytes: set by the reader; what is written for an unknown one
  bool foreign = false;  ///< the reader met protobuf fields in it that this program does not have
};

struct Compact {
  std::vector<std::uint64_t> numbers;  ///< form word first
  Bytes bits;
  std::vector<Bytes> texts;
  std::vector<Extra> extras;
  Bytes fields;  ///< unknown protobuf fields
};

/// The origin of positions: over the main islands both differences fit three bytes.
inline constexpr std::int32_t kLatOrigin = 3'600'000;
inline constexpr std::int32_t kLonOrigin = 13'800'000;
/// Text slots of a form stand above those of the header.
inline constexpr std::uint32_t kFormTextBase = 32;
/// States are written inverted, so that a missing slot reads as absent and trailing zeros need not travel.
inline constexpr std::uint32_t kStateMask = 7;

/// A code of a one-bit slot stands among the numbers. In a wider one all ones escape to the extras.
[[nodiscard]] inline bool code_by_number(const FieldInfo& field) {
  return field.kind == Kind::code && field.bits == 1;
}
[[nodiscard]] inline std::uint32_t escape_of(const FieldInfo& field) {
  return (1u << field.bits) - 1;
}
[[nodiscard]] inline bool escaped(const FieldInfo& field, std::uint32_t code) {
  return !code_by_number(field) && code >= escape_of(field);
}

/// The envelope says the municipality for the report's own unit only: a proxy's or another unit's report says
/// it itself.
[[nodiscard]] bool default_unit_speaks(const Report& report, const BodyContext& context);

/// `sizes` gets the bytes of each part, framing of protobuf apart.
[[nodiscard]] Result<Compact> to_slots(const Report& report, const BodyContext& context,
                                       const Catalogue& catalogue, BodySizes* sizes);
[[nodiscard]] Result<Report> from_slots(const Compact& compact, const BodyContext& context,
                                        const Catalogue& catalogue);

/// Bytes of a protobuf varint.
[[nodiscard]] constexpr std::size_t varint_bytes(std::uint64_t value) {
  std::size_t count = 1;
  while (value >= 0x80) value >>= 7, ++count;
  return count;
}
/// 0, −1, 1, −2 … → 0, 1, 2, 3 …
[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

}  // namespace noroshi::forms
