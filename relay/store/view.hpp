// A snapshot for those who only look: the control socket, desks that pull, metrics. It sees the last commit
// and nothing later; keep it short, an old snapshot keeps its pages from being used again and the map from
// growing.
//
// After a row that could not be read it answers nothing more, and `check` says which: then Disk::recover is
// due.
#pragma once

#include <vector>

#include "relay/core/store.hpp"
#include "relay/lmdb/txn.hpp"
#include "relay/store/rows.hpp"

namespace noroshi::store {

class View {
 public:
  /// Made by Disk::view. `tables` outlives it, and so does the flag, which it raises if a row could not be
  /// read.
  View(lmdb::ReadTxn txn, const Tables& tables, bool& met_damage)
      : txn_(std::move(txn)), rows_(txn_, tables), met_damage_(met_damage) {}
  ~View() { met_damage_ = met_damage_ || rows_.damaged(); }
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  [[nodiscard]] StoreId id() const { return {rows_.meta(kMetaStore)}; }
  [[nodiscard]] core::NodeTime node_time() const {
    return {static_cast<std::int64_t>(rows_.meta(kMetaTime))};
  }

  struct InboxRow {
    std::uint64_t cursor = 0;
    MsgId id;
    bool operator==(const InboxRow&) const = default;
  };
  /// What was delivered here after cursor `after`, in order of delivery: a desk pulls by (store id, cursor).
  [[nodiscard]] std::vector<InboxRow> inbox(std::uint64_t after, std::size_t max) const;
  /// The newest cursor, 0 if nothing was ever delivered.
  [[nodiscard]] std::uint64_t inbox_end() const { return rows_.meta(kMetaInbox); }

  [[nodiscard]] std::optional<core::Record> record(const MsgId& id) const;
  [[nodiscard]] std::optional<Bytes> body(const MsgId& id) const { return rows_.body(id); }
  /// Submissions of this machine, newest first, with arrival < `before`.
  [[nodiscard]] std::vector<core::Record> own(std::uint64_t before, std::size_t max) const;

  /// How many submissions of this machine that were created before then have an open recipient; counts to
  /// `max`.
  [[nodiscard]] std::size_t unanswered(proto::Level level, WallTime before, std::size_t max) const;
  [[nodiscard]] core::OnTime on_time(std::int64_t day) const { return rows_.on_time(day); }

  /// One line of the outbox: what waits for `via` at this level, and since when. O(log n), and one step more
  /// for each postponed record.
  struct Queue {
    core::PeerId via;
    proto::Level level{};
    core::Store::Queued queued;
    WallTime oldest;
  };
  [[nodiscard]] std::vector<Queue> queues() const;

  struct Peer {
    core::PeerId id;
    core::PeerRow row;
  };
  [[nodiscard]] std::vector<Peer> peers() const;

  /// Every signed object, for the snapshot of trust at start.
  struct Object {
    proto::ObjectRef ref;
    Bytes bytes;
  };
  [[nodiscard]] std::vector<Object> objects() const;

  /// Envelopes whose record was set aside as damaged while their bytes are here: take them in anew (verify,
  /// submit). Their seen entries are gone, so that they are not taken for duplicates.
  [[nodiscard]] std::vector<Bytes> orphans() const;

  [[nodiscard]] Result<void> check() const { return rows_.check(); }

 private:
  lmdb::ReadTxn txn_;
  Rows rows_;
  bool& met_damage_;
};

}  // namespace noroshi::store
