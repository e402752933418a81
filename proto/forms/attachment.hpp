// Attached files as a report names them: rows of a group whose columns are those of message Attachment
// (f0.proto). The file itself travels in parts of its own (proto/attachment.hpp).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"

namespace noroshi::forms {

/// What may be attached: nothing that runs. The numbers travel (f0.proto, MediaType).
enum class MediaType : std::uint8_t { jpeg = 1, png = 2, pdf = 3, text = 4, csv = 5 };

struct Attachment {
  ByteArray<32> sha256{};             ///< of the whole file
  MediaType media = MediaType::jpeg;  ///< may have a number that is not here
  std::uint32_t size = 0;             ///< bytes
  std::string caption;
  std::uint32_t parts = 0;  ///< 0: not sealed yet
  /// The first part has this much more than the seq of the report's envelope; 0: not said, because the parts
  /// went with an earlier report.
  std::uint32_t first_seq_delta = 0;
  bool operator==(const Attachment&) const = default;
};

/// Columns of a row.
namespace attachment_column {
inline constexpr FieldNo sha256 = 1, media_type = 2, size = 3, caption = 4, parts = 5, first_seq_delta = 6;
}

/// Whether the rows of this field are attached files.
[[nodiscard]] bool holds_attachments(const FieldInfo& field);
/// Where a report of this form keeps its files: a field of its own if it has one, else the header's.
[[nodiscard]] const FieldInfo& attachments_field(const FormInfo& form, const Catalogue& catalogue);

[[nodiscard]] Row to_row(const Attachment& attachment);
/// Nothing without digest and size.
[[nodiscard]] std::optional<Attachment> attachment_of(const Row& row);

/// Every file that a report names, by field, then in the order of its rows.
[[nodiscard]] std::vector<Attachment> attachments_of(const Report& report, const Catalogue& catalogue);
/// Gives each of them anew, in the same order.
void put_attachments(Report& report, const std::vector<Attachment>& attachments, const Catalogue& catalogue);
/// Puts one more into `attachments_field`. False where no more fit.
[[nodiscard]] bool attach(Report& report, const Attachment& attachment, const FormInfo& form,
                          const Catalogue& catalogue);
/// Takes off one of those in `attachments_field`. Nothing happens if there is none at this place.
void detach(Report& report, std::size_t place, const FormInfo& form, const Catalogue& catalogue);

/// Where the position of a picture may go: the first point that the form asks for, if nobody has said it.
[[nodiscard]] const FieldInfo* open_position(const Report& report, const FormInfo& form,
                                             const Catalogue& catalogue);

}  // namespace noroshi::forms
