#include "relay/core/pace.hpp"

#include <algorithm>

namespace noroshi::core {
namespace {

/// A line may be so much slower or faster than its profile before we believe that the measurement is wrong.
constexpr std::uint64_t kSlower = 8, kFaster = 64;
/// A turn of the neighbour with its commit, on a slow disk.
constexpr std::int64_t kCommitMs = 100;

std::uint64_t a_second(std::size_t bytes, std::int64_t ms) {
  return bytes * 1000 / static_cast<std::uint64_t>(std::max<std::int64_t>(1, ms));
}

}  // namespace

std::uint64_t Pace::rate() const {
  const std::uint64_t planned = line_.rate_bps / 8;
  if (planned == 0) return 0;
  std::uint64_t at_least = 0, about = 0;
  bool enough = true;
  for (const Seen& one : seen_) {
    at_least = std::max(at_least, one.at_least);
    about = std::max(about, one.about);
    enough = enough && one.about != 0;
  }
  if (at_least > planned) return std::min(at_least, planned * kFaster);
  if (enough && about < planned / 2) return std::max({about, planned / kSlower, std::uint64_t{1}});
  return planned;
}

Millis Pace::time_of(std::size_t bytes) const {
  const std::uint64_t bytes_a_second = rate();
  if (bytes_a_second == 0) return {0};
  return {static_cast<std::int64_t>((bytes + kPieceSurroundings) * 1000 / bytes_a_second)};
}

bool Pace::comes_in_pieces(std::size_t envelope) const {
  return rate() != 0 && envelope * 1000 > rate() * static_cast<std::uint64_t>(kWholeMax.count);
}

std::size_t Pace::piece() const {
  const std::uint64_t whole = rate() * static_cast<std::uint64_t>(kPieceTime.count) / 1000;
  return std::clamp<std::size_t>(whole - std::min(whole, std::uint64_t{kPieceSurroundings}), kPieceBytesMin,
                                 kPieceBytesMax);
}

std::uint64_t Pace::window() const {
  if (rate() == 0) return line_.window_bytes;
  return rate() * static_cast<std::uint64_t>(line_.rtt.count + kCommitMs) / 1000 + piece();
}

void Pace::told(std::size_t bytes, Millis took) {
  const std::size_t wire = bytes + kPieceSurroundings;
  const std::uint64_t at_least = a_second(wire, took.count);
  const std::uint64_t about = std::max<std::uint64_t>(1, a_second(wire, took.count - line_.rtt.count));
  seen_[next_] = {at_least, about};
  next_ = (next_ + 1) % seen_.size();
}

}  // namespace noroshi::core
