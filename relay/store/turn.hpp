// A turn: the store that the node sees, over one write transaction. What was put is durable when `commit`
// returns without an error, and undone otherwise; a Turn that is destroyed without commit leaves nothing
// behind.
//
// Cost: every question a few B-tree descents; `put` one more for each index row that changes. Memory: what
// the turn writes (kTurnBytesMax and the pages around it).
#pragma once

#include "keys/seal.hpp"
#include "relay/core/store.hpp"
#include "relay/lmdb/txn.hpp"
#include "relay/store/rows.hpp"
#include "relay/store/schema.hpp"

namespace noroshi::store {

/// How the last turn ended, for Disk::recover.
struct TurnEnd {
  bool open = false;
  lmdb::Trouble trouble = lmdb::Trouble::none;
  bool damaged = false;  ///< a row could not be read
};

class Turn final : public core::Store, public keys::KeyLedger {
 public:
  /// Made by Disk::begin. `tables` and `end` outlive it.
  Turn(lmdb::WriteTxn txn, const Tables& tables, core::Pressure pressure, TurnEnd& end);
  ~Turn() override;

  /// Consumes the turn. Errors: temporary (map or disk full), io (a write failed, a row is damaged),
  /// internal. After an error nothing of the turn remains: drop what waited for it, Disk::recover, rebuild
  /// the node.
  [[nodiscard]] Result<void> commit();
  /// Takes out an object that a newer one has replaced.
  void drop_object(const proto::ObjectRef& ref);

  // ---- core::Store
  [[nodiscard]] StoreId id() const override;
  void set_id(StoreId id) override;
  [[nodiscard]] std::uint64_t named_at() const override;
  [[nodiscard]] core::NodeTime node_time() const override;
  void set_node_time(core::NodeTime time) override;
  [[nodiscard]] core::Pressure pressure() const override { return pressure_; }

  [[nodiscard]] std::vector<MsgId> seen(KeyId key, Seq seq) const override;
  void put_seen(KeyId key, Seq seq, MsgId id) override;
  [[nodiscard]] std::optional<core::Record> record(const MsgId& id) const override;
  void put(const core::Record& record) override;
  [[nodiscard]] std::uint64_t next_arrival() override;
  void put_body(const MsgId& id, BytesView bytes) override;
  [[nodiscard]] std::optional<Bytes> body(const MsgId& id) const override;
  void drop_body(const MsgId& id) override;
  void put_partial(const core::Partial& partial) override;
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
  void put_due(const core::ReceiptDue& due) override;
  [[nodiscard]] std::vector<core::ReceiptDue> due(std::size_t max) const override;
  void drop_due(const core::ReceiptDue& due) override;
  void put_inbox(const MsgId& id, WallTime created) override;
  [[nodiscard]] proto::MailSum mail_sum(const proto::MailPrefix& prefix) const override;
  [[nodiscard]] std::vector<proto::MailKey> mail(const proto::MailPrefix& prefix, const proto::MailKey& after,
                                                 std::size_t max) const override;

  [[nodiscard]] std::optional<core::PeerRow> peer(core::PeerId id) const override;
  [[nodiscard]] std::vector<core::PeerId> peers() const override;
  void put_peer(core::PeerId id, const core::PeerRow& row) override;
  [[nodiscard]] std::optional<core::PeerId> behind(DeviceId device) const override;
  void put_behind(DeviceId device, core::PeerId peer) override;
  [[nodiscard]] bool told(core::PeerId peer, KeyId key) const override;
  void put_told(core::PeerId peer, KeyId key) override;
  [[nodiscard]] std::optional<core::QuotaRow> quota(DeviceId device) const override;
  void put_quota(DeviceId device, const core::QuotaRow& row) override;
  [[nodiscard]] core::OnTime on_time(std::int64_t day) const override;
  void put_on_time(std::int64_t day, const core::OnTime& counts) override;
  void put_object(const proto::ObjectRef& ref, BytesView bytes) override;

  // ---- keys::KeyLedger
  [[nodiscard]] StoreId store_id() const override { return id(); }
  [[nodiscard]] Seq last_seq(KeyId key) const override;
  [[nodiscard]] Seq last_to(KeyId key, RecipientId recipient) const override;
  [[nodiscard]] WallTime last_created(KeyId key) const override;
  void record(const keys::Sealed& sealed, std::span<const RecipientId> recipients, WallTime created) override;

 private:
  void write(Table table, BytesView key, BytesView value);
  /// With a sum behind it.
  void write_summed(Table table, BytesView key, BytesView value);
  void put_meta(std::string_view name, std::uint64_t value);
  /// The next number of a line that is kept in `meta`.
  std::uint64_t next(std::string_view name);
  /// Where `id` lives; a new row if it was never mentioned.
  NameRow place(const MsgId& id);
  void count(core::PeerId via, const core::Record& record, bool more);

  lmdb::WriteTxn txn_;
  const Tables& tables_;
  Rows rows_;
  core::Pressure pressure_;
  TurnEnd& end_;
};

}  // namespace noroshi::store
