#include "proto/forms/jis.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "proto/forms/bits.hpp"
#include "proto/forms/embedded.hpp"
#include "proto/forms/utf8.hpp"
#include "proto/result.hpp"

namespace noroshi::forms {
namespace {

constexpr std::uint32_t kCells = 7896;  // rows 1–84 of 94 cells
constexpr std::uint32_t kEscape = 8191;
constexpr std::size_t kEscapeBits = 21;
constexpr std::size_t kShort = 128;
constexpr std::size_t kOtherAscii = 55;

struct Tables {
  std::vector<char32_t> cells;                       // v → character; 0 = none
  std::unordered_map<char32_t, std::uint32_t> v_of;  // lowest cell
  std::array<char32_t, kShort> shorts{};             // 7-bit symbols
  std::unordered_map<char32_t, std::uint32_t> short_of;
  std::array<char32_t, kOtherAscii> other_ascii{};
  std::unordered_map<char32_t, std::uint16_t> cp932_of;  // IBM extensions
  std::unordered_map<std::uint32_t, char32_t> of_cp932;
};

/// Calls take(left, character) for every "left TAB character" line.
template <typename Take>
void each_line(std::string_view file, int base, Take take) {
  while (!file.empty()) {
    const std::size_t end = std::min(file.find('\n'), file.size());
    const std::string_view line = file.substr(0, end);
    file.remove_prefix(std::min(end + 1, file.size()));
    const std::size_t tab = line.find('\t');
    if (line.empty() || line.front() == '#' || tab == std::string_view::npos) continue;
    std::uint32_t left = 0;
    std::from_chars(line.data(), line.data() + tab, left, base);
    const auto scalars = scalars_of(line.substr(tab + 1));
    NOROSHI_ASSERT(scalars && scalars->size() == 1);
    take(left, scalars->front());
  }
}

Tables make_tables() {
  Tables out;
  out.cells.resize(kCells);
  each_line(embedded::jis_cells(), 10, [&](std::uint32_t v, char32_t c) {
    NOROSHI_ASSERT(v < kCells);
    out.cells[v] = c;
    out.v_of.emplace(c, v);  // the file ascends, so the lowest stays
  });
  each_line(embedded::cp932_extensions(), 16, [&](std::uint32_t code, char32_t c) {
    out.cp932_of.emplace(c, static_cast<std::uint16_t>(code));
    out.of_cp932.emplace(code, c);
  });
  std::size_t next = 0;
  for (char32_t c = 0x3041; c <= 0x3093; ++c) out.shorts[next++] = c;
  for (char32_t c = U'0'; c <= U'9'; ++c) out.shorts[next++] = c;
  for (char32_t c = U'A'; c <= U'Z'; ++c) out.shorts[next++] = c;
  for (const char32_t c : std::u32string_view(U" 、。ー・-.\n/")) out.shorts[next++] = c;
  NOROSHI_ASSERT(next == kShort);
  for (std::uint32_t i = 0; i < kShort; ++i) out.short_of.emplace(out.shorts[i], i);
  next = 0;
  for (char32_t c = 0x20; c < 0x7F; ++c)
    if (!out.short_of.contains(c)) out.other_ascii[next++] = c;
  NOROSHI_ASSERT(next == kOtherAscii);
  return out;
}

const Tables& tables() {
  static const Tables made = make_tables();
  return made;
}

/// Lead and trail byte of a cell of rows 1–84.
std::pair<std::uint8_t, std::uint8_t> cp932_bytes(std::uint32_t v) {
  const std::uint32_t row = v / 94;  // from 0
  const std::uint32_t cell = v % 94;
  const std::uint32_t lead = row / 2 + (row < 62 ? 0x81 : 0xC1);
  const std::uint32_t trail = cell + (row % 2 == 1 ? 0x9F : cell < 63 ? 0x40 : 0x41);
  return {static_cast<std::uint8_t>(lead), static_cast<std::uint8_t>(trail)};
}

char32_t of_cp932_pair(std::uint8_t lead, std::uint8_t trail) {
  const Tables& t = tables();
  if (const auto found = t.of_cp932.find(static_cast<std::uint32_t>(lead) << 8 | trail);
      found != t.of_cp932.end())
    return found->second;
  const bool low = lead >= 0x81 && lead <= 0x9F;
  if (!low && !(lead >= 0xE0 && lead <= 0xEF)) return 0;
  if (trail < 0x40 || trail == 0x7F || trail > 0xFC) return 0;
  const std::uint32_t row = (lead - (low ? 0x81u : 0xC1u)) * 2 + (trail >= 0x9F ? 1 : 0);
  const std::uint32_t cell = trail >= 0x9F ? trail - 0x9Fu : trail > 0x7F ? trail - 0x41u : trail - 0x40u;
  const std::uint32_t v = row * 94 + cell;
  return v < kCells ? t.cells[v] : 0;
}

}  // namespace

Bytes encode_jis(std::u32string_view text) {
  const Tables& t = tables();
  BitWriter out;
  for (const char32_t c : text) {
    if (const auto found = t.short_of.find(c); found != t.short_of.end()) {
      out.put(found->second, 8);
    } else if (const auto cell = t.v_of.find(c); cell != t.v_of.end()) {
      out.put(1, 1).put(cell->second, 13);
    } else if (c < 0x7F) {
      const auto place = std::find(t.other_ascii.begin(), t.other_ascii.end(), c) - t.other_ascii.begin();
      out.put(1, 1).put(kCells + static_cast<std::uint32_t>(place), 13);
    } else {
      out.put(1, 1).put(kEscape, 13).put(c, kEscapeBits);
    }
  }
  return out.take();
}

std::optional<std::u32string> decode_jis(BytesView bytes) {
  const Tables& t = tables();
  BitReader in(bytes);
  std::u32string out;
  while (in.left() >= 8) {
    if (in.get(1) == 0) {
      out += t.shorts[in.get(7)];
      continue;
    }
    if (in.left() < 13) return std::nullopt;
    const auto v = static_cast<std::uint32_t>(in.get(13));
    char32_t c = 0;
    if (v == kEscape) {
      if (in.left() < kEscapeBits) return std::nullopt;
      c = static_cast<char32_t>(in.get(kEscapeBits));
      if (!is_scalar(c)) return std::nullopt;
    } else if (v < kCells) {
      c = t.cells[v];
    } else if (v < kCells + kOtherAscii) {
      c = t.other_ascii[v - kCells];
    }
    if (c == 0) return std::nullopt;
    out += c;
  }
  if (in.get(in.left()) != 0) return std::nullopt;
  return out;
}

std::optional<Bytes> encode_cp932(std::u32string_view text) {
  const Tables& t = tables();
  Bytes out;
  for (const char32_t c : text) {
    if (c < 0x80) {
      out.push_back(static_cast<std::uint8_t>(c));
    } else if (c >= 0xFF61 && c <= 0xFF9F) {  // half-width katakana
      out.push_back(static_cast<std::uint8_t>(c - 0xFF61 + 0xA1));
    } else if (const auto cell = t.v_of.find(c); cell != t.v_of.end()) {
      const auto [lead, trail] = cp932_bytes(cell->second);
      out.push_back(lead);
      out.push_back(trail);
    } else if (const auto code = t.cp932_of.find(c); code != t.cp932_of.end()) {
      out.push_back(static_cast<std::uint8_t>(code->second >> 8));
      out.push_back(static_cast<std::uint8_t>(code->second & 0xFF));
    } else {
      return std::nullopt;
    }
  }
  return out;
}

std::optional<std::u32string> decode_cp932(BytesView bytes) {
  std::u32string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t lead = bytes[i];
    if (lead < 0x80) {
      out += lead;
    } else if (lead >= 0xA1 && lead <= 0xDF) {
      out += static_cast<char32_t>(lead - 0xA1 + 0xFF61);
    } else {
      if (++i == bytes.size()) return std::nullopt;
      const char32_t c = of_cp932_pair(lead, bytes[i]);
      if (c == 0) return std::nullopt;
      out += c;
    }
  }
  return out;
}

}  // namespace noroshi::forms
