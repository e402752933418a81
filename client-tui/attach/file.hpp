// From a file on this laptop, on a camera's card or in a folder to what a report can carry.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "client-tui/attach/picture.hpp"
#include "client-tui/desk/attachments.hpp"
#include "proto/forms/report.hpp"
#include "proto/time.hpp"

namespace noroshi::attach {

/// A file as it can be sent, and what a report may want to know of it.
struct Prepared {
  desk::NewFile file;
  forms::MediaType media = forms::MediaType::jpeg;
  std::size_t was = 0;                   ///< bytes it had
  std::optional<forms::Point> position;  ///< where the picture was taken
  std::optional<WallTime> taken;
};

/// Larger ones are a mistake.
inline constexpr std::size_t kSourceMax = 64 << 20;
/// An original above this stays where it is: the store is no archive.
inline constexpr std::size_t kOriginalMax = 32 << 20;

/// A picture becomes a JPEG of at most `picture_bytes` with nothing beside its pixels; a document (PDF, text,
/// CSV) stays as it is. Errors: io (cannot be read), bad_data (what it is, and what can be attached).
[[nodiscard]] Result<Prepared> prepare(const std::filesystem::path& path,
                                       std::size_t picture_bytes = kPictureBytes);
/// The same of bytes; `name` says what the bytes of a document may be.
[[nodiscard]] Result<Prepared> prepare(BytesView bytes, std::string_view name, std::size_t picture_bytes);

/// What a file of a report is called outside: by the report and its number there, never by what somebody
/// wrote. "17-3.1-42.0-1.jpg".
[[nodiscard]] std::string outside_name(const ReportId& id, std::size_t number, forms::MediaType media);

struct Found {
  std::filesystem::path path;
  std::filesystem::file_time_type written;
};
/// Pictures below some folders, newest first, `max` at most. Folders that are not there or may not be read
/// have none; links are not followed, and below five levels nobody looks.
[[nodiscard]] std::vector<Found> pictures_in(const std::vector<std::filesystem::path>& folders,
                                             std::size_t max);
/// Where pictures are likely to be: in the person's own folders for them, and on cards and sticks that are
/// plugged in.
[[nodiscard]] std::vector<std::filesystem::path> usual_folders();

}  // namespace noroshi::attach
