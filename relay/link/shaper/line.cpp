#include "relay/link/shaper/line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace noroshi::link::shaper {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000, kNsPerSecond = 1'000'000'000;

/// What stands in front of a transmitter: a tenth of a second of the line, at least one small packet. More
/// would be the bufferbloat that hides minutes of queue from the sender.
constexpr std::size_t kQueueBytesMin = 256;
/// Without a rate there is no bandwidth-delay product to hold: what a fast network has under way.
constexpr std::size_t kUnlimitedBytes = 1024 * 1024;
/// Bytes arrive in portions of 20 ms, as packets do, never less than a small packet.
constexpr std::size_t kSliceBytesMin = 32, kSliceBytesMax = 16 * 1024;

std::size_t index_of(Direction way) {
  return static_cast<std::size_t>(way);
}

std::size_t slice_bytes(std::uint64_t rate_bps) {
  if (rate_bps == 0) return kSliceBytesMax;
  return std::clamp<std::size_t>(rate_bps / 8 / 50, kSliceBytesMin, kSliceBytesMax);
}
std::int64_t time_on_air(std::size_t bytes, std::uint64_t rate_bps) {
  if (rate_bps == 0) return 0;
  return static_cast<std::int64_t>(static_cast<double>(bytes) * 8 * kNsPerSecond /
                                   static_cast<double>(rate_bps));
}

std::optional<Millis> parse_seconds(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  // A year of schedule is enough for everyone.
  if (error != std::errc{} || end != text.data() + text.size() || !(seconds >= 0) || seconds > 366.0 * 86'400)
    return {};
  return Millis{std::llround(seconds * 1000)};
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}
/// Cuts the first part up to `separator` off `rest`.
std::string_view next_part(std::string_view& rest, char separator) {
  const auto at = std::min(rest.find(separator), rest.size());
  const auto part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return part;
}

Result<Trouble> make_trouble(Trouble::Kind kind, std::string_view start, std::string_view length) {
  const auto from = parse_seconds(start);
  const auto lasts = length.empty() ? Millis{} : parse_seconds(length);
  if (!from || !lasts) return Error{Code::usage, fmt::format("not a time in seconds: {}+{}", start, length)};
  if (kind == Trouble::Kind::outage && lasts->count == 0)
    return Error{Code::usage, fmt::format("an outage needs a length: {}+SECONDS", start)};
  return Trouble{kind, *from, *lasts};
}

}  // namespace

Result<std::vector<Trouble>> parse_troubles(std::string_view text, Trouble::Kind kind) {
  std::vector<Trouble> out;
  while (!text.empty()) {
    std::string_view one = trim(next_part(text, ','));
    const auto start = next_part(one, '+');
    TRY(out.emplace_back(), make_trouble(kind, start, one));
  }
  return out;
}

Result<std::vector<Trouble>> parse_schedule(std::string_view text) {
  std::vector<Trouble> out;
  for (int number = 1; !text.empty(); ++number) {
    std::string_view line = next_part(text, '\n');
    line = trim(next_part(line, '#'));
    if (line.empty()) continue;
    const auto word = next_part(line, ' ');
    line = trim(line);
    const auto start = next_part(line, ' ');
    if (word != "outage" && word != "cut")
      return Error{Code::bad_data, fmt::format("line {}: neither outage nor cut: {}", number, word)};
    auto trouble =
        make_trouble(word == "cut" ? Trouble::Kind::cut : Trouble::Kind::outage, start, trim(line));
    if (!trouble) return within(fmt::format("line {}", number), std::move(trouble).error());
    out.push_back(*trouble);
  }
  return out;
}

Line::Line(LineConfig config, Instant start) : config_(std::move(config)), start_(start), now_(start) {
  while (const auto boundary = next_boundary(crossed_)) {
    if (boundary->count > 0) break;
    cross(*boundary);
  }
}

// ---- troubles
namespace {

/// The times of `trouble`, in the period of `at` and the ones beside it.
template <typename F>
void for_each_turn(const Trouble& trouble, Millis every, Millis at, F&& see) {
  if (every.count <= 0) return see(trouble.start);
  const std::int64_t turn = std::max<std::int64_t>(at.count, 0) / every.count;
  for (std::int64_t k = std::max<std::int64_t>(turn - 1, 0); k <= turn + 1; ++k)
    see(trouble.start + every * k);
}

}  // namespace

std::optional<Millis> Line::next_boundary(Millis after) const {
  std::optional<Millis> next;
  const auto offer = [&](Millis at) {
    if (at > after && (!next || at < *next)) next = at;
  };
  for (const Trouble& trouble : config_.troubles)
    for_each_turn(trouble, config_.every, after, [&](Millis start) {
      offer(start);
      offer(start + trouble.length);
    });
  return next;
}

bool Line::within(Trouble::Kind kind, Millis at) const {
  bool inside = false;
  for (const Trouble& trouble : config_.troubles) {
    if (trouble.kind != kind) continue;
    for_each_turn(trouble, config_.every, at,
                  [&](Millis start) { inside |= start <= at && at < start + trouble.length; });
  }
  return inside;
}

bool Line::cut_begins(Millis at) const {
  bool begins = false;
  for (const Trouble& trouble : config_.troubles) {
    if (trouble.kind != Trouble::Kind::cut) continue;
    for_each_turn(trouble, config_.every, at, [&](Millis start) { begins |= start == at; });
  }
  return begins;
}

void Line::cross(Millis boundary) {
  crossed_ = boundary;
  const bool was_out = outage_;
  outage_ = within(Trouble::Kind::outage, boundary);
  cut_ = within(Trouble::Kind::cut, boundary);
  if (outage_ && !was_out) ++stats_.outages;
  if (cut_begins(boundary)) reset_all();
}

void Line::cut(Instant now) {
  advance(now);
  by_hand_cut_ = true;
  reset_all();
}
void Line::silence(Instant now) {
  advance(now);
  by_hand_silent_ = true;
}
void Line::open(Instant now) {
  advance(now);
  by_hand_cut_ = by_hand_silent_ = false;
}

void Line::reset_all() {
  while (!connections_.empty()) fail(connections_.begin()->first);
}

// ---- connections
std::optional<ConnectionId> Line::call(Instant now) {
  advance(now);
  if (cut_ || by_hand_cut_) {
    ++stats_.refused;
    return {};
  }
  ++stats_.connections;
  const LineTime one_way = config_.delay.count * kNsPerMs;
  Connection& made = connections_[++last_id_];
  made.first_byte = clock_ + 2 * one_way;
  made.reached = clock_ + 3 * one_way;
  return last_id_;
}

void Line::fail(ConnectionId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  for (int way = 0; way < kDirections; ++way) {
    const Way& lost = found->second.way[way];
    stats_.way[way].lost += lost.in_air.size() + lost.arrived.size();
  }
  connections_.erase(found);
  std::erase(dials_, id);
  resets_.push_back(id);
  ++stats_.resets;
}

void Line::close(ConnectionId id) {
  connections_.erase(id);
}

std::size_t Line::capacity(Direction way) const {
  const std::uint64_t rate = config_.rate_bps[index_of(way)];
  if (rate == 0) return kUnlimitedBytes;
  const std::uint64_t under_way = rate * static_cast<std::uint64_t>(config_.delay.count) / 8000;
  return under_way + std::max<std::size_t>(kQueueBytesMin, rate / 8 / 10);
}

std::size_t Line::room(ConnectionId id, Direction way) const {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return 0;
  if (way == Direction::up && clock_ < found->second.first_byte) return 0;
  const Way& it = found->second.way[index_of(way)];
  const std::size_t held = it.in_air.size() + it.arrived.size();
  return capacity(way) - std::min(capacity(way), held);
}

void Line::send(ConnectionId id, Direction way, BytesView bytes, Instant now) {
  advance(now);
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  const std::uint64_t rate = config_.rate_bps[index_of(way)];
  Way& it = found->second.way[index_of(way)];
  LineTime& free = free_[index_of(way)];
  stats_.way[index_of(way)].accepted += bytes.size();
  it.in_air.insert(it.in_air.end(), bytes.begin(), bytes.end());
  for (std::size_t left = bytes.size(); left > 0;) {
    const std::size_t slice = std::min(left, slice_bytes(rate));
    free = std::max(free, clock_) + time_on_air(slice, rate);
    it.flying.push_back({free + config_.delay.count * kNsPerMs, slice});
    left -= slice;
  }
}

void Line::finish(ConnectionId id, Direction way, Instant now) {
  advance(now);
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Way& it = found->second.way[index_of(way)];
  const LineTime last = it.flying.empty() ? 0 : it.flying.back().arrives;
  it.end_arrives = std::max(last, clock_ + config_.delay.count * kNsPerMs);
}

// ---- time
void Line::advance(Instant now) {
  while (const auto boundary = next_boundary(crossed_)) {
    if (start_ + *boundary > now) break;
    run_until(start_ + *boundary);
    cross(*boundary);
  }
  run_until(now);
}

void Line::run_until(Instant now) {
  if (now <= now_) return land();
  const Millis step = now - now_;
  now_ = now;
  if (moving())
    clock_ += step.count * kNsPerMs;
  else
    stats_.silent = stats_.silent + step;
  land();
}

void Line::land() {
  for (auto& [id, connection] : connections_) {
    if (!connection.dialled && connection.reached <= clock_) {
      connection.dialled = true;
      dials_.push_back(id);
    }
    for (Way& way : connection.way) {
      std::size_t landed = 0;
      while (!way.flying.empty() && way.flying.front().arrives <= clock_) {
        landed += way.flying.front().bytes;
        way.flying.pop_front();
      }
      const auto end = way.in_air.begin() + static_cast<std::ptrdiff_t>(landed);
      way.arrived.insert(way.arrived.end(), way.in_air.begin(), end);
      way.in_air.erase(way.in_air.begin(), end);
    }
  }
}

std::vector<ConnectionId> Line::dials() {
  return std::exchange(dials_, {});
}
std::vector<ConnectionId> Line::resets() {
  return std::exchange(resets_, {});
}

BytesView Line::arrived(ConnectionId id, Direction way) const {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return {};
  return found->second.way[index_of(way)].arrived;
}

void Line::taken(ConnectionId id, Direction way, std::size_t bytes) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Bytes& arrived = found->second.way[index_of(way)].arrived;
  NOROSHI_ASSERT(bytes <= arrived.size());
  arrived.erase(arrived.begin(), arrived.begin() + static_cast<std::ptrdiff_t>(bytes));
  stats_.way[index_of(way)].delivered += bytes;
}

bool Line::finished(ConnectionId id, Direction way) const {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return false;
  const Way& it = found->second.way[index_of(way)];
  return it.end_arrives && *it.end_arrives <= clock_ && it.in_air.empty() && it.arrived.empty();
}

std::optional<Instant> Line::next_wake() const {
  std::optional<Instant> wake;
  const auto offer = [&](Instant at) {
    if (!wake || at < *wake) wake = at;
  };
  if (const auto boundary = next_boundary(crossed_)) offer(start_ + *boundary);
  if (!moving()) return wake;
  const auto offer_line_time = [&](LineTime at) {
    if (at > clock_) offer(now_ + Millis{(at - clock_ + kNsPerMs - 1) / kNsPerMs});
  };
  for (const auto& [id, connection] : connections_) {
    offer_line_time(connection.first_byte);
    if (!connection.dialled) offer_line_time(connection.reached);
    for (const Way& way : connection.way) {
      if (!way.flying.empty()) offer_line_time(way.flying.front().arrives);
      if (way.end_arrives) offer_line_time(*way.end_arrives);
    }
  }
  return wake;
}

LineStats Line::stats() const {
  LineStats out = stats_;
  out.elapsed = now_ - start_;
  out.open = moving();
  return out;
}

std::string to_json(const LineStats& stats) {
  const auto way = [](const LineStats::Way& it) {
    return fmt::format(R"({{"accepted":{},"delivered":{},"lost":{}}})", it.accepted, it.delivered, it.lost);
  };
  return fmt::format(
      R"({{"up":{},"down":{},"connections":{},"refused":{},"resets":{},"outages":{},"elapsed_s":{:.3f},)"
      R"("silent_s":{:.3f},"open":{}}})",
      way(stats.way[0]), way(stats.way[1]), stats.connections, stats.refused, stats.resets, stats.outages,
      static_cast<double>(stats.elapsed.count) / 1000, static_cast<double>(stats.silent.count) / 1000,
      stats.open);
}

}  // namespace noroshi::link::shaper
