#include "relay/core/session.hpp"

#include <algorithm>
#include <limits>

#include "relay/core/numbers.hpp"

namespace noroshi::core {
namespace {

/// A neighbour that claims to remember more than this beyond our last number is not telling of a rollback: a
/// store that loses a million envelopes has lost everything, and then it has another id.
constexpr proto::LinkNumber kRollbackMax = 1'000'000;

/// A turn of the neighbour with its commit, on a slow disk.
constexpr std::int64_t kCommitMs = 100;
/// The next piece is handed to the bearer so long before the last one has left.
constexpr Millis kPieceLead{100};
/// What a piece costs besides its bytes.
constexpr std::uint32_t kPieceCost = proto::kPieceHeaderBytes;

std::uint64_t bytes_in(Millis time, const LinkProfile& line) {
  return static_cast<std::uint64_t>(line.rate_bps) * static_cast<std::uint64_t>(time.count) / 8000;
}

bool ahead(proto::LinkNumber claimed, proto::LinkNumber known) {
  return claimed > known && claimed - known <= kRollbackMax;
}

}  // namespace

bool comes_in_pieces(std::size_t size, const LinkProfile& line) {
  return line.rate_bps != 0 && size > bytes_in(kWholeMax, line);
}

std::size_t piece_size(const LinkProfile& line) {
  const std::uint64_t second = bytes_in(kPieceTime, line);
  return std::clamp<std::size_t>(second - std::min(second, std::uint64_t{kPieceSurroundings}), kPieceBytesMin,
                                 kPieceBytesMax);
}

std::uint64_t Session::numbers_left() const {
  if (row.sent == std::numeric_limits<proto::LinkNumber>::max()) return 0;
  const std::uint64_t open = in_flight.empty() ? 0 : row.sent + 1 - in_flight.begin()->first;
  return open < kUnackedMax ? kUnackedMax - open : 0;
}

bool Session::window_open(std::size_t size, proto::Level level) const {
  if (numbers_left() == 0) return false;
  std::uint64_t before = 0;
  for (const auto& [number, frame] : in_flight) {
    if (level < proto::Level::flash || frame.level == level) before += frame.size;
  }
  return before == 0 || before + size <= neighbour.profile.window_bytes;
}

namespace {
std::uint64_t piece_window(const LinkProfile& line) {
  if (line.rate_bps == 0) return line.window_bytes;
  return bytes_in(Millis{line.rtt.count + kCommitMs}, line) + piece_size(line);
}
}  // namespace

bool Session::piece_window_open(Instant now) {
  if (in_flight_bytes > piece_window(neighbour.profile)) return false;
  if (line_free <= now + kPieceLead) return true;
  room_at = Instant{line_free.ms - kPieceLead.count};
  return false;
}

void Session::spend(std::size_t bytes, Instant now) {
  const std::uint32_t rate = neighbour.profile.rate_bps;
  if (rate == 0) return;
  const auto ms = static_cast<std::int64_t>((bytes + kPieceSurroundings) * 8000 / rate);
  line_free = std::max(line_free, now) + Millis{ms};
}

proto::LinkNumber Session::number(const MsgId& id, std::uint32_t size, proto::Level level) {
  ++row.sent;
  row_changed = true;
  in_flight[row.sent] = {.id = id, .size = size, .level = level, .transfer = {}};
  in_flight_bytes += size;
  return row.sent;
}

void Session::piece_sent(InFlight& frame, proto::ByteRange piece) {
  Transfer& transfer = *frame.transfer;
  const std::uint32_t cost = piece.to - piece.from + kPieceCost;
  transfer.gone.add(piece);
  transfer.flying.push_back(piece);
  frame.size += cost;
  in_flight_bytes += cost;
}

void Session::piece_told(InFlight& frame, std::uint32_t bytes) {
  Transfer& transfer = *frame.transfer;
  while (!transfer.flying.empty()) {
    const proto::ByteRange first = transfer.flying.front();
    const std::uint32_t size = first.to - first.from;
    if (transfer.told + size > bytes) return;
    transfer.flying.pop_front();
    transfer.told += size;
    frame.size -= size + kPieceCost;
    in_flight_bytes -= size + kPieceCost;
  }
}

void Session::answered(proto::LinkNumber number) {
  const auto found = in_flight.find(number);
  if (found == in_flight.end()) return;
  in_flight_bytes -= found->second.size;
  in_flight.erase(found);
}

bool Session::carries(const MsgId& id) const {
  return std::ranges::any_of(in_flight, [&](const auto& entry) { return entry.second.id == id; });
}

void Session::enter(proto::AckOutcome outcome) {
  numbers::enter(row.accepted, outcome);
  if (outcome.parked != 0 || outcome.settled != 0) untold.push_back(outcome);
}

void Session::begin() {
  ++row.session;
  row_changed = true;
  renew();
  greeted = false;
}

void Session::renew() {
  const bool was_greeted = greeted;
  end();
  up = true;
  greeted = was_greeted;
  ++life;
  base = row.sent;
}

void Session::end() {
  up = greeted = ack_due = false;
  in_flight.clear();
  in_flight_bytes = 0;
  line_free = {};
  room_at.reset();
  pending.clear();
  incoming.clear();
  progress.clear();
  untold.clear();
  objects.clear();
  proofs.clear();
  held.clear();
  held_bytes = 0;
  turns = 0;
}

HelloVerdict judge(const Session& session, const proto::Hello& hello) {
  const PeerRow& row = session.row;
  HelloVerdict verdict;
  verdict.new_store = row.store.value != 0 && hello.store != row.store;
  verdict.they_forgot = verdict.new_store || hello.accepted.contiguous < row.acked ||
                        hello.base < numbers::highest(row.accepted);
  verdict.of_us = hello.your_store == session.announced;
  verdict.we_forgot = verdict.of_us && (ahead(hello.you_acked, row.accepted.contiguous) ||
                                        ahead(numbers::highest(hello.accepted), session.base));
  return verdict;
}

bool newer_session(std::uint16_t candidate, std::uint16_t session) {
  return candidate != session && static_cast<std::uint16_t>(candidate - session) < 0x8000;
}

}  // namespace noroshi::core
