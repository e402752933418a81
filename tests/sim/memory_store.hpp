// core::Store and keys::KeyLedger over std::map, with a disk that can fail: a turn is undone if it is not
// committed, and commits since the last honest flush can be lost. Every change is logged as what it replaced.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "keys/seal.hpp"
#include "relay/core/store.hpp"

namespace noroshi::sim {

/// What replaced what, newest last: run backwards it undoes.
using Undo = std::vector<std::function<void()>>;

/// A table whose writes can be undone.
template <typename Key, typename Value>
class Table {
 public:
  explicit Table(Undo& undo) : undo_(undo) {}
  [[nodiscard]] const Value* find(const Key& key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : &found->second;
  }
  void put(const Key& key, Value value) {
    remember(key);
    rows_[key] = std::move(value);
  }
  void drop(const Key& key) {
    if (!rows_.contains(key)) return;
    remember(key);
    rows_.erase(key);
  }
  [[nodiscard]] const std::map<Key, Value>& rows() const { return rows_; }

 private:
  void remember(const Key& key) {
    const auto found = rows_.find(key);
    if (found == rows_.end()) {
      undo_.push_back([this, key] { rows_.erase(key); });
    } else {
      undo_.push_back([this, key, old = found->second] { rows_[key] = old; });
    }
  }
  std::map<Key, Value> rows_;
  Undo& undo_;
};

class MemoryStore final : public core::Store, public keys::KeyLedger {
 public:
  explicit MemoryStore(StoreId id) : id_(id) {}

  // ---- the disk
  void commit();
  /// The open turn never was.
  void abort();
  /// The last `commits` never reached the disk. Returns how many there were to lose.
  std::size_t lose(std::size_t commits);
  /// Records put since the last call, through commits, aborts and losses alike.
  [[nodiscard]] std::vector<MsgId> take_touched();
  /// The honest state, for checkers: records as they are now.
  [[nodiscard]] const core::Record* peek(const MsgId& id) const;
  [[nodiscard]] bool holds_body(const MsgId& id) const { return bodies_.find(id) != nullptr; }
  [[nodiscard]] const std::map<MsgId, std::uint64_t>& inbox() const { return inbox_.rows(); }
  [[nodiscard]] const std::unordered_map<MsgId, core::Record>& records() const { return records_; }
  core::Pressure full = core::Pressure::none;
  /// Mutations: mistakes that the simulator must notice.
  struct Mistakes {
    bool forget_seen = false;  ///< what is settled is not known again
    bool skip_reowe = false;   ///< no timer ever fires
  } mistakes;

  // ---- core::Store
  [[nodiscard]] StoreId id() const override { return id_; }
  void set_id(StoreId id) override;
  [[nodiscard]] std::uint64_t named_at() const override { return named_at_; }
  [[nodiscard]] core::NodeTime node_time() const override { return time_; }
  void set_node_time(core::NodeTime time) override;
  [[nodiscard]] core::Pressure pressure() const override { return full; }
  [[nodiscard]] std::vector<MsgId> seen(KeyId key, Seq seq) const override;
  void put_seen(KeyId key, Seq seq, MsgId id) override;
  [[nodiscard]] std::optional<core::Record> record(const MsgId& id) const override;
  void put(const core::Record& record) override;
  [[nodiscard]] std::uint64_t next_arrival() override;
  void put_body(const MsgId& id, BytesView bytes) override { bodies_.put(id, bytes_of(bytes)); }
  [[nodiscard]] std::optional<Bytes> body(const MsgId& id) const override;
  void drop_body(const MsgId& id) override { bodies_.drop(id); }
  void put_partial(const core::Partial& partial) override { partials_.put(partial.id, partial); }
  [[nodiscard]] std::optional<core::Partial> partial(const MsgId& id) const override;
  [[nodiscard]] std::vector<core::Partial> partials() const override;
  void put_piece(const MsgId& id, core::PeerId peer, std::uint16_t from, BytesView bytes) override;
  [[nodiscard]] std::vector<core::PieceHere> pieces(const MsgId& id) const override;
  [[nodiscard]] Bytes pieced(const MsgId& id, std::optional<core::PeerId> peer,
                             std::size_t size) const override;
  void drop_partial(const MsgId& id) override;
  [[nodiscard]] std::optional<MsgId> owed_first(core::PeerId via, proto::Level level, core::NodeTime now,
                                                std::uint64_t after_arrival) const override;
  [[nodiscard]] Queued queued(core::PeerId via, proto::Level level) const override;
  [[nodiscard]] std::optional<MsgId> sent_as(core::PeerId via, proto::LinkNumber number) const override;
  [[nodiscard]] std::vector<proto::LinkNumber> outstanding(core::PeerId via) const override;
  [[nodiscard]] std::vector<MsgId> parked_at(core::PeerId via, const MsgId& after,
                                             std::size_t max) const override;
  [[nodiscard]] std::optional<Again> next_again() const override;
  [[nodiscard]] std::optional<Dying> next_dying() const override;
  void put_link(KeyId key, RecipientId recipient, const core::ChainLink& link) override;
  [[nodiscard]] std::vector<core::ChainLink> chain(KeyId key, RecipientId recipient, Seq from, Seq to,
                                                   std::size_t max) const override;
  void put_due(const core::ReceiptDue& due) override { due_.put(due, true); }
  [[nodiscard]] std::vector<core::ReceiptDue> due(std::size_t max) const override;
  void drop_due(const core::ReceiptDue& due) override { due_.drop(due); }
  void put_inbox(const MsgId& id, WallTime created) override;
  [[nodiscard]] proto::MailSum mail_sum(const proto::MailPrefix& prefix) const override;
  [[nodiscard]] std::vector<proto::MailKey> mail(const proto::MailPrefix& prefix, const proto::MailKey& after,
                                                 std::size_t max) const override;
  [[nodiscard]] std::optional<core::PeerRow> peer(core::PeerId id) const override;
  [[nodiscard]] std::vector<core::PeerId> peers() const override;
  void put_peer(core::PeerId id, const core::PeerRow& row) override { peers_.put(id, row); }
  [[nodiscard]] std::optional<core::PeerId> behind(DeviceId device) const override;
  void put_behind(DeviceId device, core::PeerId peer) override { behind_.put(device, peer); }
  [[nodiscard]] bool told(core::PeerId peer, KeyId key) const override {
    return told_.find({peer, key}) != nullptr;
  }
  void put_told(core::PeerId peer, KeyId key) override { told_.put({peer, key}, true); }
  [[nodiscard]] std::optional<core::QuotaRow> quota(DeviceId device) const override;
  void put_quota(DeviceId device, const core::QuotaRow& row) override { quota_.put(device, row); }
  [[nodiscard]] core::OnTime on_time(std::int64_t day) const override;
  void put_on_time(std::int64_t day, const core::OnTime& counts) override { on_time_.put(day, counts); }
  void put_object(const proto::ObjectRef& ref, BytesView bytes) override {
    objects_.put(ref, bytes_of(bytes));
  }
  [[nodiscard]] std::vector<Bytes> objects() const;

  // ---- keys::KeyLedger
  [[nodiscard]] StoreId store_id() const override { return id_; }
  [[nodiscard]] Seq last_seq(KeyId key) const override;
  [[nodiscard]] Seq last_to(KeyId key, RecipientId recipient) const override;
  [[nodiscard]] WallTime last_created(KeyId key) const override;
  void record(const keys::Sealed& sealed, std::span<const RecipientId> recipients, WallTime created) override;

 private:
  void index(const core::Record& record);
  void unindex(const core::Record& record);
  void replace(const MsgId& id, std::optional<core::Record> record);

  Undo undo_;                 // of the open turn
  std::deque<Undo> commits_;  // of the turns before, newest last
  std::unordered_set<MsgId> touched_;

  StoreId id_;
  core::NodeTime time_;
  std::uint64_t arrivals_ = 0, named_at_ = 0, inbox_count_ = 0;
  std::unordered_map<MsgId, core::Record> records_;
  Table<MsgId, Bytes> bodies_{undo_};
  Table<MsgId, core::Partial> partials_{undo_};
  Table<std::tuple<MsgId, core::PeerId, std::uint16_t>, Bytes> pieces_{undo_};
  Table<std::pair<KeyId, Seq>, std::vector<MsgId>> seen_{undo_};
  Table<std::tuple<KeyId, RecipientId, Seq>, core::ChainLink> links_{undo_};
  Table<core::ReceiptDue, bool> due_{undo_};
  Table<MsgId, std::uint64_t> inbox_{undo_};
  Table<proto::MailKey, bool> mail_{undo_};
  Table<core::PeerId, core::PeerRow> peers_{undo_};
  Table<DeviceId, core::PeerId> behind_{undo_};
  Table<std::pair<core::PeerId, KeyId>, bool> told_{undo_};
  Table<DeviceId, core::QuotaRow> quota_{undo_};
  Table<std::int64_t, core::OnTime> on_time_{undo_};
  Table<proto::ObjectRef, Bytes> objects_{undo_};
  Table<KeyId, std::pair<Seq, WallTime>> last_{undo_};
  Table<std::pair<KeyId, RecipientId>, Seq> last_to_{undo_};

  // Indexes: functions of the records.
  std::map<std::tuple<core::PeerId, proto::Level, std::uint64_t>, MsgId> owed_;
  std::set<std::tuple<core::PeerId, proto::Level, core::NodeTime, std::uint64_t, MsgId>> later_;
  std::map<std::pair<core::PeerId, proto::LinkNumber>, MsgId> sent_;
  std::set<std::pair<core::PeerId, MsgId>> parked_;
  std::set<std::pair<core::NodeTime, MsgId>> again_;
  std::set<std::pair<WallTime, MsgId>> dying_;
};

}  // namespace noroshi::sim
