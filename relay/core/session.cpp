#include "relay/core/session.hpp"

#include <algorithm>
#include <limits>

#include "relay/core/numbers.hpp"

namespace noroshi::core {
namespace {

/// A neighbour that claims to remember more than this beyond our last number is not telling of a rollback: a
/// store that loses a million envelopes has lost everything, and then it has another id.
constexpr proto::LinkNumber kRollbackMax = 1'000'000;

/// The next piece is handed to the bearer so long before the last one has left.
constexpr Millis kPieceLead{100};
/// What a piece costs besides its bytes.
constexpr std::uint32_t kPieceCost = proto::kPieceHeaderBytes;

bool ahead(proto::LinkNumber claimed, proto::LinkNumber known) {
  return claimed > known && claimed - known <= kRollbackMax;
}

}  // namespace

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

bool Session::piece_window_open(Instant now) {
  if (in_flight_bytes > pace.window()) return false;
  // What has been answered has left, however slow the line was thought to be.
  line_free = std::min(line_free, in_flight_bytes == 0 ? now : now + pace.time_of(in_flight_bytes));
  if (line_free <= now + kPieceLead) return true;
  room_at = Instant{line_free.ms - kPieceLead.count};
  return false;
}

void Session::spend(std::size_t bytes, Instant now) {
  line_free = std::max(line_free, now) + pace.time_of(bytes);
}

proto::LinkNumber Session::number(const MsgId& id, std::uint32_t size, proto::Level level) {
  ++row.sent;
  row_changed = true;
  in_flight[row.sent] = {.id = id, .size = size, .level = level, .transfer = {}};
  in_flight_bytes += size;
  return row.sent;
}

/// What waits for a window that is open only to nothing may not wait for a transfer that itself waits for it.
void Session::offer_told(InFlight& frame) {
  in_flight_bytes -= frame.size;
  frame.size = 0;
}

void Session::piece_sent(InFlight& frame, proto::ByteRange piece, Instant now) {
  Transfer& transfer = *frame.transfer;
  const std::uint32_t cost = piece.to - piece.from + kPieceCost;
  transfer.gone.add(piece);
  transfer.flying.push_back({piece, now});
  spend(static_cast<std::size_t>(piece.to - piece.from), now);
  frame.size += cost;
  in_flight_bytes += cost;
}

void Session::pieces_told(InFlight& frame, std::uint16_t to, Instant now) {
  std::deque<Flying>& flying = frame.transfer->flying;
  const auto newest = std::ranges::find(flying, to, [](const Flying& piece) { return piece.stretch.to; });
  if (newest == flying.end()) return;  // said before
  pace.told(static_cast<std::size_t>(newest->stretch.to - newest->stretch.from), now - newest->left);
  for (auto piece = flying.begin(); piece <= newest; ++piece) {
    const std::uint32_t cost = piece->stretch.to - piece->stretch.from + kPieceCost;
    frame.size -= cost;
    in_flight_bytes -= cost;
  }
  flying.erase(flying.begin(), newest + 1);
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
  errands.clear();
  ask_at.reset();
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
