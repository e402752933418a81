#include "keys/paper.hpp"

#include <algorithm>

#include "keys/base32.hpp"
#include "keys/primitives.hpp"

namespace noroshi::keys {
namespace {

constexpr std::string_view kPrefix = "NOROE1:";
constexpr std::size_t kWholeBytes = 4;

ByteArray<kWholeBytes> name_of_whole(BytesView envelope) {
  return digest_to<kWholeBytes>(Label::paper, {envelope});
}
ByteArray<2> numbers(PaperName name) {
  return {static_cast<std::uint8_t>(name.part), static_cast<std::uint8_t>(name.parts)};
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}
bool is_base32(char c) {
  return (upper(c) >= 'A' && upper(c) <= 'Z') || (c >= '2' && c <= '7');
}

/// Where the next prefix begins, in either case.
std::size_t find_prefix(std::string_view text) {
  const auto found = std::search(text.begin(), text.end(), kPrefix.begin(), kPrefix.end(),
                                 [](char a, char b) { return upper(a) == b; });
  return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
}

/// One or two digits without a leading zero, taken off the front; 0 if there are none.
unsigned take_number(std::string_view& text) {
  unsigned number = 0;
  for (int digits = 0; digits < 2 && !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits) {
    if (digits == 0 && text.front() == '0') return 0;
    number = number * 10 + static_cast<unsigned>(text.front() - '0');
    text.remove_prefix(1);
  }
  return number;
}
bool take(std::string_view& text, char expected) {
  const bool there = !text.empty() && text.front() == expected;
  if (there) text.remove_prefix(1);
  return there;
}

/// Takes "NOROE1:2/3:" off the front.
std::optional<PaperName> take_name(std::string_view& text) {
  if (find_prefix(text) != 0) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  PaperName name;
  name.part = take_number(text);
  const bool slash = take(text, '/');
  name.parts = take_number(text);
  const bool colon = take(text, ':');
  if (!slash || !colon || name.part == 0 || name.part > name.parts) return std::nullopt;
  return name;
}

void append_without_blanks(std::string& out, std::string_view line) {
  std::copy_if(line.begin(), line.end(), std::back_inserter(out), [](char c) { return !is_blank(c); });
}

/// A line that can only be more of the part before it.
bool goes_on(std::string_view line) {
  return std::ranges::any_of(line, is_base32) &&
         std::ranges::all_of(line, [](char c) { return is_blank(c) || is_base32(c); });
}

}  // namespace

std::vector<std::string> paper_parts(BytesView envelope) {
  std::vector<std::string> out;
  if (envelope.empty() || envelope.size() > kPaperEnvelopeMax) return out;
  const std::size_t parts = (envelope.size() + kPaperSliceMax - 1) / kPaperSliceMax;
  const std::size_t slice = (envelope.size() + parts - 1) / parts;
  const auto whole = name_of_whole(envelope);
  for (std::size_t part = 1; part <= parts; ++part) {
    const std::size_t from = (part - 1) * slice;
    const BytesView piece = envelope.subspan(from, std::min(slice, envelope.size() - from));
    const auto beside = numbers({static_cast<unsigned>(part), static_cast<unsigned>(parts)});
    const Bytes content = Writer().bytes(whole).bytes(piece).take();
    out.push_back(std::string(kPrefix) + std::to_string(part) + "/" + std::to_string(parts) + ":" +
                  to_checked_base32(Label::paper, content, beside));
  }
  return out;
}

std::vector<std::string> paper_parts_in(std::string_view text) {
  std::vector<std::string> out;
  bool open = false;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    std::size_t at = find_prefix(line);
    if (at == std::string_view::npos) {
      open = open && goes_on(line);
      if (open) append_without_blanks(out.back(), line);
      continue;
    }
    while (at != std::string_view::npos) {  // one line may hold several
      line.remove_prefix(at);
      const std::size_t next = find_prefix(line.substr(1));
      at = next == std::string_view::npos ? next : next + 1;
      append_without_blanks(out.emplace_back(), line.substr(0, at));
    }
    open = true;
  }
  return out;
}

std::optional<PaperName> paper_name(std::string_view part) {
  return take_name(part);
}

PaperParts::Read PaperParts::add(std::string_view part) {
  const auto name = take_name(part);
  if (!name) return Read::damaged;
  const auto content = from_checked_base32(Label::paper, part, numbers(*name));
  if (!content || content->size() <= kWholeBytes || content->size() > kWholeBytes + kPaperSliceMax)
    return Read::damaged;
  const auto whole = array_of<kWholeBytes>(BytesView(*content).first(kWholeBytes));
  Bytes slice = bytes_of(BytesView(*content).subspan(kWholeBytes));
  if (parts_ != 0 && (whole != envelope_ || name->parts != parts_)) return Read::foreign;
  parts_ = name->parts;
  envelope_ = whole;
  const auto [place, fresh] = slices_.emplace(name->part, std::move(slice));
  if (fresh) return Read::taken;
  return equal(place->second, BytesView(*content).subspan(kWholeBytes)) ? Read::again : Read::foreign;
}

std::vector<unsigned> PaperParts::missing() const {
  std::vector<unsigned> out;
  for (unsigned part = 1; part <= parts_; ++part)
    if (!slices_.contains(part)) out.push_back(part);
  return out;
}

std::optional<Bytes> PaperParts::whole() const {
  if (parts_ == 0 || slices_.size() != parts_) return std::nullopt;
  Bytes out;
  for (const auto& [part, slice] : slices_) out.insert(out.end(), slice.begin(), slice.end());
  if (name_of_whole(out) != envelope_) return std::nullopt;
  return out;
}

}  // namespace noroshi::keys
