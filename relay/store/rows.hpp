// The reading half of the store: the rows of one transaction as typed questions. Turn (core::Store over a
// write transaction) and View (snapshots for the control socket) both ask here.
//
// A row that cannot be read is never guessed at: the first one is remembered, everything after it answers
// nothing, and the owner of the transaction reports it at its end (Turn::commit, View::check). Disk::recover
// then sets the row aside.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "relay/core/store.hpp"
#include "relay/lmdb/txn.hpp"
#include "relay/store/layout.hpp"
#include "relay/store/schema.hpp"

namespace noroshi::store {

class Rows {
 public:
  /// Both outlive it.
  Rows(const lmdb::Txn& txn, const Tables& tables) : txn_(txn), tables_(tables) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  // ---- one row
  /// A number of `meta`, 0 if it was never put.
  [[nodiscard]] std::uint64_t meta(std::string_view name) const;
  [[nodiscard]] std::optional<NameRow> name(const MsgId& id) const;
  /// Borrowed until the next question for a record or `remember`: the last one asked for is kept decoded,
  /// because who asks for a name asks for its record next.
  [[nodiscard]] const core::Record* record(const MsgId& id) const;
  [[nodiscard]] std::optional<Bytes> body(const MsgId& id) const;
  [[nodiscard]] std::optional<core::Partial> partial(const MsgId& id) const;
  [[nodiscard]] std::vector<core::Partial> partials() const;
  [[nodiscard]] std::vector<core::PieceHere> pieces(const MsgId& id) const;
  [[nodiscard]] Bytes pieced(const MsgId& id, std::optional<core::PeerId> peer, std::size_t size) const;
  [[nodiscard]] std::vector<MsgId> seen(KeyId key, Seq seq) const;
  [[nodiscard]] core::Store::Queued queued(core::PeerId via, proto::Level level) const;
  [[nodiscard]] std::optional<MsgId> sent_as(core::PeerId via, proto::LinkNumber number) const;
  [[nodiscard]] std::optional<core::PeerRow> peer(core::PeerId id) const;
  [[nodiscard]] std::vector<core::PeerId> peers() const;
  [[nodiscard]] std::optional<core::PeerId> behind(DeviceId device) const;
  [[nodiscard]] bool told(core::PeerId peer, KeyId key) const;
  [[nodiscard]] std::optional<core::QuotaRow> quota(DeviceId device) const;
  [[nodiscard]] core::OnTime on_time(std::int64_t day) const;
  [[nodiscard]] proto::MailSum tally(BytesView key) const;
  [[nodiscard]] LedgerRow ledger(KeyId key) const;
  [[nodiscard]] Seq last_to(KeyId key, RecipientId recipient) const;

  // ---- in order (core::Store says in which)
  [[nodiscard]] std::optional<MsgId> owed_first(core::PeerId via, proto::Level level, core::NodeTime now,
                                                std::uint64_t after_arrival) const;
  [[nodiscard]] std::vector<proto::LinkNumber> outstanding(core::PeerId via) const;
  [[nodiscard]] std::vector<MsgId> parked_at(core::PeerId via, const MsgId& after, std::size_t max) const;
  [[nodiscard]] std::optional<core::Store::Again> next_again() const;
  [[nodiscard]] std::optional<core::Store::Dying> next_dying() const;
  [[nodiscard]] std::vector<core::ChainLink> chain(KeyId key, RecipientId recipient, Seq from, Seq to,
                                                   std::size_t max) const;
  [[nodiscard]] std::vector<core::ReceiptDue> due(std::size_t max) const;
  [[nodiscard]] proto::MailSum mail_sum(const proto::MailPrefix& prefix) const;
  [[nodiscard]] std::vector<proto::MailKey> mail(const proto::MailPrefix& prefix, const proto::MailKey& after,
                                                 std::size_t max) const;

  // ---- the thread of trouble
  /// Everything could be read so far.
  [[nodiscard]] bool whole() const { return !damage_ && txn_.ok(); }
  [[nodiscard]] bool damaged() const { return damage_.has_value(); }
  [[nodiscard]] Result<void> check() const;
  /// Remembers the first row that could not be read.
  void damaged(Table table, BytesView key) const;

  // ---- for those who walk or write themselves
  [[nodiscard]] std::optional<BytesView> get(Table table, BytesView key) const;
  [[nodiscard]] lmdb::Range range(Table table, BytesView prefix = {}) const {
    return {txn_, tables_[table], prefix};
  }
  [[nodiscard]] lmdb::Range range_from(Table table, BytesView prefix, BytesView from) const {
    return {txn_, tables_[table], prefix, from};
  }
  [[nodiscard]] lmdb::Cursor cursor(Table table) const { return {txn_, tables_[table]}; }
  /// The record as it now stands, after a write.
  void remember(const core::Record& record) const { last_ = record; }

 private:
  template <typename T>
  std::optional<T> decoded(Table table, BytesView key, std::optional<T> (*decode)(BytesView)) const;
  template <typename T>
  std::optional<T> summed(Table table, BytesView key, std::optional<T> (*decode)(BytesView)) const;
  /// The id that an index row names, if its record can be read.
  std::optional<MsgId> named(Table table, BytesView key, BytesView id) const;

  const lmdb::Txn& txn_;
  const Tables& tables_;
  mutable std::optional<core::Record> last_;
  struct Damage {
    Table table{};
    Bytes key;
  };
  mutable std::optional<Damage> damage_;
};

}  // namespace noroshi::store
