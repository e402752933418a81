// The place of the open turn. A Node keeps one Store for life; the turns behind it come and go with the loop.
// Asking while no turn is in the slot is a bug of the loop.
#pragma once

#include <memory>

#include "relay/store/turn.hpp"

namespace noroshi::store {

class TurnSlot final : public core::Store, public keys::KeyLedger {
 public:
  void hold(std::unique_ptr<Turn> turn) {
    NOROSHI_ASSERT(!turn_ && turn);
    turn_ = std::move(turn);
  }
  /// Ends the turn, either way.
  [[nodiscard]] Result<void> commit() {
    auto outcome = turn().commit();
    turn_.reset();
    return outcome;
  }
  void abort() { turn_.reset(); }
  [[nodiscard]] bool open() const { return turn_ != nullptr; }
  [[nodiscard]] Turn& turn() {
    NOROSHI_ASSERT(turn_);
    return *turn_;
  }

  [[nodiscard]] StoreId id() const override { return here().id(); }
  void set_id(StoreId id) override { turn().set_id(id); }
  [[nodiscard]] std::uint64_t named_at() const override { return here().named_at(); }
  [[nodiscard]] core::NodeTime node_time() const override { return here().node_time(); }
  void set_node_time(core::NodeTime time) override { turn().set_node_time(time); }
  [[nodiscard]] core::Pressure pressure() const override { return here().pressure(); }
  [[nodiscard]] std::vector<MsgId> seen(KeyId key, Seq seq) const override { return here().seen(key, seq); }
  void put_seen(KeyId key, Seq seq, MsgId id) override { turn().put_seen(key, seq, id); }
  [[nodiscard]] std::optional<core::Record> record(const MsgId& id) const override {
    return here().record(id);
  }
  void put(const core::Record& record) override { turn().put(record); }
  [[nodiscard]] std::uint64_t next_arrival() override { return turn().next_arrival(); }
  void put_body(const MsgId& id, BytesView bytes) override { turn().put_body(id, bytes); }
  [[nodiscard]] std::optional<Bytes> body(const MsgId& id) const override { return here().body(id); }
  void drop_body(const MsgId& id) override { turn().drop_body(id); }
  void put_partial(const core::Partial& partial) override { turn().put_partial(partial); }
  [[nodiscard]] std::optional<core::Partial> partial(const MsgId& id) const override {
    return here().partial(id);
  }
  [[nodiscard]] std::vector<core::Partial> partials() const override { return here().partials(); }
  void put_piece(const MsgId& id, core::PeerId peer, std::uint16_t from, BytesView bytes) override {
    turn().put_piece(id, peer, from, bytes);
  }
  [[nodiscard]] std::vector<core::PieceHere> pieces(const MsgId& id) const override {
    return here().pieces(id);
  }
  [[nodiscard]] Bytes pieced(const MsgId& id, std::optional<core::PeerId> peer,
                             std::size_t size) const override {
    return here().pieced(id, peer, size);
  }
  void drop_partial(const MsgId& id) override { turn().drop_partial(id); }
  [[nodiscard]] std::optional<MsgId> owed_first(core::PeerId via, proto::Level level, core::NodeTime now,
                                                std::uint64_t after_arrival) const override {
    return here().owed_first(via, level, now, after_arrival);
  }
  [[nodiscard]] Queued queued(core::PeerId via, proto::Level level) const override {
    return here().queued(via, level);
  }
  [[nodiscard]] std::optional<MsgId> sent_as(core::PeerId via, proto::LinkNumber number) const override {
    return here().sent_as(via, number);
  }
  [[nodiscard]] std::vector<proto::LinkNumber> outstanding(core::PeerId via) const override {
    return here().outstanding(via);
  }
  [[nodiscard]] std::vector<MsgId> parked_at(core::PeerId via, const MsgId& after,
                                             std::size_t max) const override {
    return here().parked_at(via, after, max);
  }
  [[nodiscard]] std::optional<Again> next_again() const override { return here().next_again(); }
  [[nodiscard]] std::optional<Dying> next_dying() const override { return here().next_dying(); }
  void put_link(KeyId key, RecipientId to, const core::ChainLink& link) override {
    turn().put_link(key, to, link);
  }
  [[nodiscard]] std::vector<core::ChainLink> chain(KeyId key, RecipientId recipient, Seq from, Seq to,
                                                   std::size_t max) const override {
    return here().chain(key, recipient, from, to, max);
  }
  void put_due(const core::ReceiptDue& due) override { turn().put_due(due); }
  [[nodiscard]] std::vector<core::ReceiptDue> due(std::size_t max) const override { return here().due(max); }
  void drop_due(const core::ReceiptDue& due) override { turn().drop_due(due); }
  void put_inbox(const MsgId& id, WallTime created) override { turn().put_inbox(id, created); }
  [[nodiscard]] proto::MailSum mail_sum(const proto::MailPrefix& prefix) const override {
    return here().mail_sum(prefix);
  }
  [[nodiscard]] std::vector<proto::MailKey> mail(const proto::MailPrefix& prefix, const proto::MailKey& after,
                                                 std::size_t max) const override {
    return here().mail(prefix, after, max);
  }
  [[nodiscard]] std::optional<core::PeerRow> peer(core::PeerId id) const override { return here().peer(id); }
  [[nodiscard]] std::vector<core::PeerId> peers() const override { return here().peers(); }
  void put_peer(core::PeerId id, const core::PeerRow& row) override { turn().put_peer(id, row); }
  [[nodiscard]] std::optional<core::PeerId> behind(DeviceId device) const override {
    return here().behind(device);
  }
  void put_behind(DeviceId device, core::PeerId peer) override { turn().put_behind(device, peer); }
  [[nodiscard]] bool told(core::PeerId peer, KeyId key) const override { return here().told(peer, key); }
  void put_told(core::PeerId peer, KeyId key) override { turn().put_told(peer, key); }
  [[nodiscard]] std::optional<core::QuotaRow> quota(DeviceId device) const override {
    return here().quota(device);
  }
  void put_quota(DeviceId device, const core::QuotaRow& row) override { turn().put_quota(device, row); }
  [[nodiscard]] core::OnTime on_time(std::int64_t day) const override { return here().on_time(day); }
  void put_on_time(std::int64_t day, const core::OnTime& counts) override { turn().put_on_time(day, counts); }
  void put_object(const proto::ObjectRef& ref, BytesView bytes) override { turn().put_object(ref, bytes); }

  [[nodiscard]] StoreId store_id() const override { return here().store_id(); }
  [[nodiscard]] Seq last_seq(KeyId key) const override { return here().last_seq(key); }
  [[nodiscard]] Seq last_to(KeyId key, RecipientId recipient) const override {
    return here().last_to(key, recipient);
  }
  [[nodiscard]] WallTime last_created(KeyId key) const override { return here().last_created(key); }
  void record(const keys::Sealed& sealed, std::span<const RecipientId> recipients,
              WallTime created) override {
    turn().record(sealed, recipients, created);
  }

 private:
  [[nodiscard]] const Turn& here() const {
    NOROSHI_ASSERT(turn_);
    return *turn_;
  }
  std::unique_ptr<Turn> turn_;
};

}  // namespace noroshi::store
