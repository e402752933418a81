// Stretches of bytes of one body: what of it is here, or on its way.
#pragma once

#include <optional>
#include <vector>

#include "proto/frame.hpp"

namespace noroshi::core {

/// A set of bytes as stretches that do not touch, ascending.
class Ranges {
 public:
  Ranges() = default;
  /// In any order, touching or overlapping.
  explicit Ranges(const std::vector<proto::ByteRange>& stretches) {
    for (const proto::ByteRange& one : stretches) add(one);
  }
  /// Empty ones change nothing.
  void add(proto::ByteRange stretch);
  void add(const Ranges& other) {
    for (const proto::ByteRange& one : other.stretches_) add(one);
  }
  /// The first bytes below `end` that are not in it, at most `max` of them.
  [[nodiscard]] std::optional<proto::ByteRange> gap(std::uint32_t end, std::size_t max) const;
  /// What of a stretch is not in it, ascending.
  [[nodiscard]] std::vector<proto::ByteRange> missing(proto::ByteRange stretch) const;
  [[nodiscard]] std::uint32_t bytes() const;
  [[nodiscard]] bool empty() const { return stretches_.empty(); }
  [[nodiscard]] const std::vector<proto::ByteRange>& stretches() const { return stretches_; }

 private:
  std::vector<proto::ByteRange> stretches_;
};

}  // namespace noroshi::core
