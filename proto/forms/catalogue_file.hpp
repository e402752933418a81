// Forms that come later than the program: files of annotated .proto messages, compiled by protoc into a
// FileDescriptorSet, joined to the catalogue that the program was built with, packed for the way.
//
// What travels (object type 14) is only what is new or changed: a new form is half a kilobyte where the whole
// catalogue is sixty. So what a set means is said by one rule: every file of it joins the built-in ones, or
// takes the place of the one of the same name. A built-in file that is newer stays: a program of next year
// still reads this year's catalogue.
//
// Bytes from outside are refused, never believed: their signature is the caller's to check.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "proto/bytes.hpp"
#include "proto/forms/catalogue.hpp"
#include "proto/forms/lint.hpp"
#include "proto/result.hpp"

namespace noroshi::forms {

/// Packed bytes of a catalogue: what fits into one object beside its head and the signatures of 15 officers.
/// All of today's files, changed at once, are 63,300: a revision of nine forms in ten fits.
inline constexpr std::size_t kPackedCatalogueMax = 58'500;
/// Unpacked: six times today's whole catalogue. What unpacks to more is refused before it is held.
inline constexpr std::size_t kUnpackedCatalogueMax = 1'000'000;

/// One set out of several: what protoc wrote, one by one. protoc's own files are left out. Refuses two files
/// of one name that differ.
[[nodiscard]] Result<Bytes> gather(std::span<const Bytes> sets);
/// zlib (RFC 1950) of a set. Refuses what does not fit, with both sizes.
[[nodiscard]] Result<Bytes> pack_catalogue(BytesView set);
[[nodiscard]] Result<Bytes> unpack_catalogue(BytesView packed);

struct Joined {
  Catalogue catalogue;
  Bytes set;  ///< whole, with every file: what protoc --descriptor_set_in takes
  /// Files of the given set that are older than the program's own and therefore not used.
  std::vector<std::string> passed_over;
};
/// The built-in catalogue with the files of `set`. Errors: those of Catalogue::load for what comes out, and
/// what lint_change finds against the built-in one: no field that the program speaks of is ever missing.
[[nodiscard]] Result<Joined> join(BytesView set);
/// Everything to mend before k officers sign a catalogue that follows `before`.
[[nodiscard]] std::vector<Finding> lint(const Joined& after, const Catalogue& before);

}  // namespace noroshi::forms
