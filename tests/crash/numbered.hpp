// Envelopes that are their number: what the crash tests write, and how they know it again.
#pragma once

#include <string>

#include "relay/store/disk.hpp"

namespace noroshi::test {

inline constexpr KeyId kWriter{{{17}, 3}, 1};
inline constexpr core::PeerId kOwedTo{{1}, 1};

inline MsgId numbered_id(std::uint64_t n) {
  // Spread over the tree like real ids, with the number readable at the end.
  const Bytes bytes = Writer().u64(n * 0x9E37'79B9'7F4A'7C15).u64(n).take();
  return {array_of<16>(bytes)};
}
/// 100 to 3,000 bytes, so that some bodies have pages of their own.
inline Bytes numbered_body(std::uint64_t n) {
  return Bytes(100 + n * 7919 % 2900, static_cast<std::uint8_t>(n));
}

inline core::Record numbered_record(std::uint64_t n) {
  core::Record out;
  out.id = numbered_id(n);
  out.key = kWriter;
  out.seq = static_cast<Seq>(n);
  out.ctype = 1;
  out.level = static_cast<proto::Level>(n % 4);
  out.arrival = n;
  out.size = static_cast<std::uint32_t>(numbered_body(n).size());
  out.first_seen = {static_cast<std::int64_t>(n)};
  out.dead_at = {static_cast<std::int64_t>(n + 1000)};
  out.targets = {{1}};
  out.prevs = {1};
  out.duties.resize(1);
  out.duties[0].via = kOwedTo;
  return out;
}

/// Everything one accepted envelope writes.
inline void put_number(store::Turn& turn, std::uint64_t n) {
  core::Record record = numbered_record(n);
  record.arrival = turn.next_arrival();
  turn.put(record);
  turn.put_body(record.id, numbered_body(n));
  turn.put_seen(kWriter, record.seq, record.id);
  turn.put_link(kWriter, {1}, {record.seq, 1, record.id});
  turn.put_inbox(record.id, record.created);
  turn.record({.bytes = {}, .msg_id = record.id, .key = kWriter, .seq = record.seq}, record.targets, {});
}

/// By the ledger, which moves in the same commit.
inline std::uint64_t last_number(const store::Turn& turn) {
  return turn.last_seq(kWriter);
}

/// Empty if exactly the numbers 1..last_number are there, whole, in every table that holds them; else what is
/// wrong.
inline std::string what_is_wrong(store::Disk& disk) {
  auto opened = disk.begin();
  if (!opened) return opened.error().text;
  store::Turn& turn = **opened;
  const std::uint64_t last = last_number(turn);
  std::uint64_t queued = 0;
  for (int level = 0; level < proto::kLevels; ++level)
    queued += turn.queued(kOwedTo, static_cast<proto::Level>(level)).records;
  if (queued != last) return "queued " + std::to_string(queued) + " of " + std::to_string(last);
  if (turn.chain(kWriter, {1}, 0, UINT32_MAX, SIZE_MAX).size() != last) return "chain links are missing";
  for (std::uint64_t n = 1; n <= last; ++n) {
    const auto number = "number " + std::to_string(n);
    const MsgId id = numbered_id(n);
    const auto record = turn.record(id);
    if (!record || !(*record == numbered_record(n))) return number + ": record";
    if (turn.body(id) != numbered_body(n)) return number + ": body";
    if (turn.seen(kWriter, static_cast<Seq>(n)) != std::vector<MsgId>{id}) return number + ": seen";
    if (turn.owed_first(kOwedTo, record->level, {}, n - 1) != id) return number + ": owed";
  }
  if (turn.record(numbered_id(last + 1)) || turn.body(numbered_id(last + 1)))
    return "part of an uncommitted number";
  auto view = disk.view();
  if (!view) return view.error().text;
  if ((*view)->inbox_end() != last || (*view)->inbox(0, SIZE_MAX).size() != last) return "inbox";
  if (const auto whole = (*view)->check(); !whole) return whole.error().text;
  if (const auto done = turn.commit(); !done) return done.error().text;
  return {};
}

}  // namespace noroshi::test
