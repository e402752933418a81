#include "client-tui/attach/file.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "client-tui/attach/exif.hpp"
#include "keys/files.hpp"
#include "proto/language.hpp"

namespace noroshi::attach {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// The person's folders for pictures and downloads, whatever they are called in their language
/// (xdg-user-dirs(5): lines like XDG_PICTURES_DIR="$HOME/Pictures").
std::vector<fs::path> named_folders(const fs::path& home) {
  const std::string config = variable("XDG_CONFIG_HOME");
  std::ifstream file((config.empty() ? home / ".config" : fs::path(config)) / "user-dirs.dirs");
  const std::string_view below_home = "$HOME/";
  std::vector<fs::path> out;
  for (std::string line; std::getline(file, line);) {
    const bool ours = line.starts_with("XDG_PICTURES_DIR=") || line.starts_with("XDG_DOWNLOAD_DIR=");
    const auto from = line.find('"'), to = line.rfind('"');
    if (!ours || from >= to) continue;
    const std::string folder = line.substr(from + 1, to - from - 1);
    out.push_back(folder.starts_with(below_home) ? home / folder.substr(below_home.size())
                                                 : fs::path(folder));
  }
  if (out.empty()) out = {home / "Pictures", home / "Downloads"};
  return out;
}

std::string lower_extension(std::string_view name) {
  std::string out = fs::path(name).extension().string();
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// Characters and lines, in whatever coding: tables of offices are often in Shift_JIS.
bool is_text(BytesView bytes) {
  const auto control = [](std::uint8_t c) { return c < 0x20 && c != '\n' && c != '\r' && c != '\t'; };
  return std::ranges::none_of(bytes, control);
}

Error not_attachable(std::string_view name) {
  return no(Code::bad_data,
            std::string(name) + ": 付けられるのは写真（JPEG・PNG）、PDF、文字（.txt）、表（.csv）です",
            std::string(name) +
                ": only pictures (JPEG, PNG), PDF, text (.txt) and tables (.csv) can be "
                "attached");
}

Result<Prepared> picture(BytesView bytes, std::size_t picture_bytes) {
  const Exif exif = is_jpeg(bytes) ? exif_of(bytes) : Exif{};
  TRY(Picture decoded, decode(bytes));
  Prepared out;
  out.media = forms::MediaType::jpeg;
  out.position = exif.position;
  out.taken = exif.taken;
  TRY(out.file.bytes, jpeg_within(upright(std::move(decoded), exif.orientation), picture_bytes));
  if (bytes.size() <= kOriginalMax) out.file.original = bytes_of(bytes);
  return out;
}

Result<Prepared> document(BytesView bytes, std::string_view name) {
  const std::string extension = lower_extension(name);
  Prepared out;
  out.file.bytes = bytes_of(bytes);
  if (text_of(bytes).starts_with("%PDF-")) {
    out.media = forms::MediaType::pdf;
  } else if (extension == ".csv" && is_text(bytes)) {
    out.media = forms::MediaType::csv;
  } else if (extension == ".txt" && is_text(bytes)) {
    out.media = forms::MediaType::text;
  } else {
    return not_attachable(name);
  }
  return out;
}

}  // namespace

Result<Prepared> prepare(BytesView bytes, std::string_view name, std::size_t picture_bytes) {
  auto out = is_jpeg(bytes) || is_png(bytes) ? picture(bytes, picture_bytes) : document(bytes, name);
  if (out.ok()) out->was = bytes.size();
  return out;
}

Result<Prepared> prepare(const fs::path& path, std::size_t picture_bytes) {
  TRY(const Bytes bytes, keys::read_file(path, kSourceMax));
  auto out = prepare(bytes, path.filename().string(), picture_bytes);
  if (out.ok()) return out;
  Error error = std::move(out).error();
  if (error.text.find(path.filename().string()) == std::string::npos)
    error.text = path.string() + ": " + error.text;
  return error;
}

std::string outside_name(const ReportId& id, std::size_t number, forms::MediaType media) {
  const auto extension = [&] {
    switch (media) {
      case forms::MediaType::jpeg: return "jpg";
      case forms::MediaType::png: return "png";
      case forms::MediaType::pdf: return "pdf";
      case forms::MediaType::text: return "txt";
      case forms::MediaType::csv: return "csv";
    }
    return "bin";  // of a newer list
  };
  std::string name = to_string(id) + "-" + std::to_string(number) + "." + extension();
  std::ranges::replace(name, '/', '-');
  return name;
}

std::vector<Found> pictures_in(const std::vector<fs::path>& folders, std::size_t max) {
  constexpr int kLevels = 5;
  std::vector<Found> out;
  std::error_code ignored;
  for (const fs::path& folder : folders) {
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, ignored);
    for (; !ignored && at != fs::recursive_directory_iterator(); at.increment(ignored)) {
      if (at.depth() >= kLevels) at.disable_recursion_pending();
      const std::string extension = lower_extension(at->path().filename().string());
      const bool named = extension == ".jpg" || extension == ".jpeg" || extension == ".png";
      std::error_code gone;
      if (!named || at->is_symlink(gone) || !at->is_regular_file(gone)) continue;
      const fs::file_time_type written = at->last_write_time(gone);
      if (!gone) out.push_back({at->path(), written});
    }
    ignored.clear();
  }
  std::ranges::sort(out, [](const Found& a, const Found& b) {
    return a.written != b.written ? a.written > b.written : a.path < b.path;
  });
  if (out.size() > max) out.resize(max);
  return out;
}

std::vector<fs::path> usual_folders() {
  const fs::path home = variable("HOME"), user = variable("USER");
  std::vector<fs::path> out;
  if (!home.empty()) out = named_folders(home);
  if (!user.empty()) {
    out.push_back("/media" / user);
    out.push_back("/run/media" / user);
  }
  return out;
}

}  // namespace noroshi::attach
