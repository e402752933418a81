// From a wish to an envelope: defaults, validation, encoding, size. Sealing is desk.hpp's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client-tui/desk/rollup.hpp"
#include "keys/seal.hpp"
#include "keys/trust.hpp"
#include "proto/forms/attachment.hpp"
#include "proto/forms/body.hpp"
#include "proto/forms/rules.hpp"

namespace noroshi::desk {

/// What a person wants to say, to whom, how urgently.
struct Message {
  proto::Ctype ctype = proto::Ctype::report;
  std::optional<proto::Level> level;    ///< nothing: default_level
  std::vector<RecipientId> recipients;  ///< empty: default_recipients
  std::vector<forms::Report> reports;   ///< rows of one body
};

/// A message that is complete, checked and measured.
struct Prepared {
  proto::Ctype ctype{};
  proto::Level level{};
  bool exercise = false;
  std::vector<RecipientId> recipients;
  std::vector<forms::Report> reports;                 ///< with their defaults
  std::vector<std::vector<forms::Problem>> problems;  ///< of each report
  forms::BodySizes body;
  Bytes content;
  keys::SealedSize size;
  std::vector<forms::Attachment> files;  ///< that go behind it, in their order
  std::size_t files_bytes = 0;           ///< of their sealed parts
  WallTime created;
  IncidentId incident;
  /// No error, or only missing values in a flash, which may always be sent.
  [[nodiscard]] bool sendable() const;
};

/// Everything that keeps it from being sent, in one line: missing fields by key and label, then what is
/// wrong.
[[nodiscard]] Error why_not_sendable(const Prepared& prepared, const forms::Catalogue& catalogue);

/// Who writes: what the defaults come from.
struct Author {
  KeyId key;
  const keys::Trust* trust = nullptr;
};

/// The own association, the national body, the ministry: whoever of them there is, ascending.
[[nodiscard]] std::vector<RecipientId> default_recipients(const Author& author);
/// Flash where life or fire is at stake, urgent for an F1, else routine.
[[nodiscard]] proto::Level default_level(const std::vector<forms::Report>& reports);

/// Bytes that the files of one message may have together: what the quota of the device lets pass at once when
/// it is full; more would wait for days. kAttachmentMax at most.
[[nodiscard]] std::size_t files_max(const Author& author);

/// Fills what the person need not say: unit and handler of the certificate, as-of now, the only municipality
/// of the unit, the next number of the series. `readings` is what the desk holds.
void complete(forms::Report& report, const Author& author, WallTime now, std::span<const Reading> readings);

/// The newest report of the series (incident, unit, form) that stands or stood; nothing if there is none.
[[nodiscard]] const Reading* last_of_series(std::span<const Reading> readings, const forms::Report& report);

/// Checks and measures; `created` as the sequencer will stamp it (keys::next_created).
[[nodiscard]] Result<Prepared> prepare(Message message, const Author& author, WallTime created,
                                       std::span<const Reading> readings, const forms::Catalogue& catalogue);

/// A child of a report: the parent's own values to begin from (none for a cancel), its kind, its parent. The
/// other rows of the parent's body that stand come along unchanged, because a newer body replaces all rows of
/// its unit. For another unit than the author's it is a proxy report.
[[nodiscard]] std::vector<forms::Report> child_of(const Reading& parent, forms::ReportKind kind,
                                                  const Author& author, std::span<const Reading> readings);

}  // namespace noroshi::desk
