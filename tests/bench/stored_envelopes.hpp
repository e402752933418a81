// Envelopes as a relay keeps them, made without their signatures: for what a store and its node cost. Ids are
// as random as real ones; bodies are of the size of a full first report for three organisations (340 bytes).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "relay/core/store.hpp"
#include "relay/store/disk.hpp"
#include "tests/support/seeded_random.hpp"

namespace noroshi::bench {

inline constexpr std::size_t kStoredBody = 340;
inline constexpr DeviceId kStoredSender{{17}, 3};

struct StoredEnvelope {
  core::Record record;
  Bytes body;
};

/// The `count` envelopes from `first` on: owed to `via` for every recipient, at routine level.
inline std::vector<StoredEnvelope> stored_envelopes(std::uint64_t first, std::uint64_t count,
                                                    core::PeerId via, WallTime dead_from) {
  test::SeededRng rng(first);
  std::vector<StoredEnvelope> out(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    core::Record& record = out[i].record;
    rng.fill(record.id.value);
    record.key = {kStoredSender, 1};
    record.seq = static_cast<Seq>(first + i);
    record.ctype = 1;
    record.level = proto::Level::routine;
    record.arrival = first + i;
    record.size = kStoredBody;
    record.from = {{16}, 1};
    record.created = record.first_seen = {1000};
    record.dead_at = dead_from + Seconds{static_cast<std::int64_t>(i / 10)};
    record.targets = {{1}, {2}, {17}};
    record.prevs = {1, 1, 1};
    record.duties.resize(3);
    for (std::uint8_t wrap = 0; wrap < 3; ++wrap) {
      record.duties[wrap].wrap = wrap;
      record.duties[wrap].via = via;
      record.duties[wrap].avoid = {record.from};
    }
    out[i].body.resize(kStoredBody);
    rng.fill(out[i].body);
  }
  return out;
}

/// What an accepted envelope writes, and what its turn writes once.
inline void write_by_turn(store::Turn& turn, std::span<const StoredEnvelope> batch) {
  for (const StoredEnvelope& envelope : batch) {
    core::Record accepted = envelope.record;
    turn.put_seen(accepted.key, accepted.seq, accepted.id);
    accepted.arrival = turn.next_arrival();
    turn.put(accepted);
    turn.put_body(accepted.id, envelope.body);
    for (const RecipientId target : accepted.targets)
      turn.put_link(accepted.key, target, {accepted.seq, 1, accepted.id});
  }
  turn.put_quota(kStoredSender, core::QuotaRow{});
  turn.put_peer({{16}, 1}, core::PeerRow{});
}

}  // namespace noroshi::bench
