#include "relay/core/session.hpp"

#include <algorithm>
#include <limits>

#include "relay/core/numbers.hpp"

namespace noroshi::core {
namespace {

/// A neighbour that claims to remember more than this beyond our last number is not telling of a rollback: a
/// store that loses a million envelopes has lost everything, and then it has another id.
constexpr proto::LinkNumber kRollbackMax = 1'000'000;

bool ahead(proto::LinkNumber claimed, proto::LinkNumber known) {
  return claimed > known && claimed - known <= kRollbackMax;
}

}  // namespace

bool Session::window_open(std::size_t size) const {
  if (row.sent == std::numeric_limits<proto::LinkNumber>::max()) return false;
  if (in_flight.empty()) return true;
  const bool within_map = row.sent + 1 - in_flight.begin()->first < kUnackedMax;
  return within_map && in_flight_bytes + size <= neighbour.profile.window_bytes;
}

proto::LinkNumber Session::number(const MsgId& id, std::uint32_t size) {
  ++row.sent;
  row_changed = true;
  in_flight[row.sent] = {id, size};
  in_flight_bytes += size;
  return row.sent;
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
  pending.clear();
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
