// Bits in bytes, high bit first.
#pragma once

#include <cstdint>
#include <utility>

#include "proto/bytes.hpp"

namespace noroshi::forms {

class BitWriter {
 public:
  /// The low `width` bits of `value`, highest first; width ≤ 32.
  BitWriter& put(std::uint32_t value, std::size_t width) {
    while (width-- > 0) {
      if (count_ % 8 == 0) out_.push_back(0);
      if ((value >> width & 1) != 0)
        out_.back() = static_cast<std::uint8_t>(out_.back() | 0x80u >> count_ % 8);
      ++count_;
    }
    return *this;
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] Bytes take() { return std::move(out_); }

 private:
  Bytes out_;
  std::size_t count_ = 0;
};

/// Past the end every bit is zero.
class BitReader {
 public:
  explicit BitReader(BytesView bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint32_t get(std::size_t width) {
    std::uint32_t value = 0;
    while (width-- > 0) {
      const bool bit = place_ / 8 < bytes_.size() && (bytes_[place_ / 8] >> (7 - place_ % 8) & 1) != 0;
      value = value << 1 | (bit ? 1u : 0u);
      ++place_;
    }
    return value;
  }
  [[nodiscard]] std::size_t left() const {
    return place_ >= bytes_.size() * 8 ? 0 : bytes_.size() * 8 - place_;
  }

 private:
  BytesView bytes_;
  std::size_t place_ = 0;
};

}  // namespace noroshi::forms
