// Bytes and how they are read and written: big-endian, bounds checked, nothing raw.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace noroshi {

using Bytes = std::vector<std::uint8_t>;
/// Borrowed bytes: valid as long as their owner; every function that keeps bytes copies them.
using BytesView = std::span<const std::uint8_t>;
template <std::size_t N>
using ByteArray = std::array<std::uint8_t, N>;

[[nodiscard]] inline BytesView view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view text_of(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline Bytes bytes_of(BytesView bytes) {
  return {bytes.begin(), bytes.end()};
}
[[nodiscard]] inline bool equal(BytesView a, BytesView b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}
/// The first N bytes of a view that is known to hold them.
template <std::size_t N>
[[nodiscard]] ByteArray<N> array_of(BytesView bytes) {
  ByteArray<N> out{};
  std::copy_n(bytes.begin(), std::min(N, bytes.size()), out.begin());
  return out;
}

/// Lower-case hexadecimal, two digits a byte.
[[nodiscard]] std::string to_hex(BytesView bytes);
/// The bytes of a hexadecimal text of either case; nothing if it has an odd length or another character.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);
template <std::size_t N>
[[nodiscard]] std::optional<ByteArray<N>> array_from_hex(std::string_view text) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != N) return std::nullopt;
  return array_of<N>(*bytes);
}

/// Appends big-endian values to a buffer it owns.
class Writer {
 public:
  Writer& u8(std::uint8_t value) { return number(value, 1); }
  Writer& u16(std::uint16_t value) { return number(value, 2); }
  Writer& u32(std::uint32_t value) { return number(value, 4); }
  Writer& u64(std::uint64_t value) { return number(value, 8); }
  Writer& bytes(BytesView value) {
    out_.insert(out_.end(), value.begin(), value.end());
    return *this;
  }
  [[nodiscard]] const Bytes& data() const { return out_; }
  [[nodiscard]] Bytes take() { return std::move(out_); }

 private:
  Writer& number(std::uint64_t value, int width) {
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8)
      out_.push_back(static_cast<std::uint8_t>(value >> shift));
    return *this;
  }
  Bytes out_;
};

/// Reads big-endian values from borrowed bytes. Past the end every read gives zeros and `ok()` stays false:
/// read a whole layout in one go, then ask once.
class Reader {
 public:
  explicit Reader(BytesView bytes) : rest_(bytes) {}
  [[nodiscard]] std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  [[nodiscard]] std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  [[nodiscard]] std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  [[nodiscard]] std::uint64_t u64() { return number(8); }
  /// The next `count` bytes, or an empty view past the end.
  [[nodiscard]] BytesView bytes(std::size_t count) {
    if (count > rest_.size()) {
      fail();
      return {};
    }
    const BytesView out = rest_.first(count);
    rest_ = rest_.subspan(count);
    return out;
  }
  template <std::size_t N>
  [[nodiscard]] ByteArray<N> array() {
    return array_of<N>(bytes(N));
  }
  [[nodiscard]] BytesView rest() const { return rest_; }
  [[nodiscard]] bool ok() const { return ok_; }
  /// Everything was there and nothing is left over.
  [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }

 private:
  std::uint64_t number(std::size_t width) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes(width)) value = value << 8 | byte;
    return value;
  }
  void fail() {
    ok_ = false;
    rest_ = {};
  }
  BytesView rest_;
  bool ok_ = true;
};

}  // namespace noroshi
