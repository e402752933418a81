// The store as one would first write it: maps without indexes, every question a walk over everything. Slow
// and plainly right; the property test holds relay/store against it.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "keys/seal.hpp"
#include "relay/core/store.hpp"

namespace noroshi::test {

class NaiveStore final : public core::Store, public keys::KeyLedger {
 public:
  /// All of it, by value: a turn that is aborted puts the old one back.
  struct State {
    StoreId id;
    core::NodeTime time;
    std::uint64_t arrival = 0, named_at = 0;
    std::map<MsgId, core::Record> records;
    std::map<MsgId, Bytes> bodies;
    std::map<MsgId, core::Partial> partials;
    std::map<std::tuple<MsgId, core::PeerId, std::uint16_t>, Bytes> pieces;
    std::map<std::pair<KeyId, Seq>, std::vector<MsgId>> seen;
    std::map<std::tuple<KeyId, RecipientId, Seq>, core::ChainLink> links;
    std::set<core::ReceiptDue> due;
    std::vector<MsgId> inbox;
    std::set<proto::MailKey> mail;
    std::map<core::PeerId, core::PeerRow> peers;
    std::map<DeviceId, core::PeerId> behind;
    std::set<std::pair<core::PeerId, KeyId>> told;
    std::map<DeviceId, core::QuotaRow> quota;
    std::map<std::int64_t, core::OnTime> on_time;
    std::map<proto::ObjectRef, Bytes> objects;
    std::map<KeyId, std::pair<Seq, WallTime>> ledger;
    std::map<std::pair<KeyId, RecipientId>, Seq> last_to;
  };
  State state;

  StoreId id() const override { return state.id; }
  void set_id(StoreId id) override {
    state.id = id;
    state.named_at = state.arrival;
  }
  std::uint64_t named_at() const override { return state.named_at; }
  core::NodeTime node_time() const override { return state.time; }
  void set_node_time(core::NodeTime time) override { state.time = time; }
  core::Pressure pressure() const override { return core::Pressure::none; }

  std::vector<MsgId> seen(KeyId key, Seq seq) const override {
    return find(state.seen, {key, seq}).value_or(std::vector<MsgId>{});
  }
  void put_seen(KeyId key, Seq seq, MsgId id) override {
    auto& ids = state.seen[{key, seq}];
    if (ids.size() < 2 && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  std::optional<core::Record> record(const MsgId& id) const override { return find(state.records, id); }
  void put(const core::Record& record) override { state.records[record.id] = record; }
  std::uint64_t next_arrival() override { return ++state.arrival; }
  void put_body(const MsgId& id, BytesView bytes) override { state.bodies[id] = bytes_of(bytes); }
  std::optional<Bytes> body(const MsgId& id) const override { return find(state.bodies, id); }
  void drop_body(const MsgId& id) override { state.bodies.erase(id); }

  void put_partial(const core::Partial& partial) override { state.partials[partial.id] = partial; }
  std::optional<core::Partial> partial(const MsgId& id) const override { return find(state.partials, id); }
  std::vector<core::Partial> partials() const override {
    std::vector<core::Partial> out;
    for (const auto& [id, partial] : state.partials) out.emplace_back(partial).cover.clear();
    return out;
  }
  void put_piece(const MsgId& id, core::PeerId peer, std::uint16_t from, BytesView bytes) override {
    state.pieces[{id, peer, from}] = bytes_of(bytes);
  }
  std::vector<core::PieceHere> pieces(const MsgId& id) const override {
    std::vector<core::PieceHere> out;
    for (const auto& [where, bytes] : state.pieces) {
      const auto& [whole, peer, from] = where;
      if (whole == id) out.push_back({peer, {from, static_cast<std::uint16_t>(from + bytes.size())}});
    }
    return out;
  }
  Bytes pieced(const MsgId& id, std::optional<core::PeerId> only, std::size_t size) const override {
    Bytes out(size);
    for (const auto& [where, bytes] : state.pieces) {
      const auto& [whole, peer, from] = where;
      if (whole != id || (only && peer != *only) || from + bytes.size() > size) continue;
      std::copy(bytes.begin(), bytes.end(), out.begin() + from);
    }
    return out;
  }
  void drop_partial(const MsgId& id) override {
    if (state.partials.erase(id) > 0)
      std::erase_if(state.pieces, [&](const auto& piece) { return std::get<0>(piece.first) == id; });
  }

  std::optional<MsgId> owed_first(core::PeerId via, proto::Level level, core::NodeTime now,
                                  std::uint64_t after_arrival) const override {
    const core::Record* best = nullptr;
    for (const auto& [id, record] : state.records) {
      const bool may_go = any_duty(record, [&](const core::Duty& duty) {
        return duty.state == core::DutyState::owed && duty.via == via &&
               (duty.again.s == 0 || duty.again <= now);
      });
      if (may_go && record.level == level && record.arrival > after_arrival &&
          (best == nullptr || record.arrival < best->arrival))
        best = &record;
    }
    if (best == nullptr) return std::nullopt;
    return best->id;
  }
  Queued queued(core::PeerId via, proto::Level level) const override {
    Queued out;
    for (const auto& [id, record] : state.records) {
      const bool waits = any_duty(record, [&](const core::Duty& duty) {
        return duty.state == core::DutyState::owed && duty.via == via;
      });
      if (!waits || record.level != level) continue;
      out.records += 1;
      out.bytes += record.size;
    }
    return out;
  }
  std::optional<MsgId> sent_as(core::PeerId via, proto::LinkNumber number) const override {
    for (const auto& [id, record] : state.records)
      if (any_duty(record, [&](const core::Duty& duty) {
            return duty.state == core::DutyState::sent && duty.via == via && duty.number == number;
          }))
        return id;
    return std::nullopt;
  }
  std::vector<proto::LinkNumber> outstanding(core::PeerId via) const override {
    std::set<proto::LinkNumber> numbers;
    for (const auto& [id, record] : state.records)
      for (const core::Duty& duty : record.duties)
        if (duty.state == core::DutyState::sent && duty.via == via) numbers.insert(duty.number);
    return {numbers.begin(), numbers.end()};
  }
  std::vector<MsgId> parked_at(core::PeerId via, const MsgId& after, std::size_t max) const override {
    std::vector<MsgId> out;
    for (const auto& [id, record] : state.records)
      if (out.size() < max && id > after && any_duty(record, [&](const core::Duty& duty) {
            return duty.via == via &&
                   (duty.state == core::DutyState::parked || duty.state == core::DutyState::sent);
          }))
        out.push_back(id);
    return out;
  }
  std::optional<Again> next_again() const override {
    std::optional<Again> best;
    for (const auto& [id, record] : state.records)
      for (const core::Duty& duty : record.duties)
        if (duty.state != core::DutyState::settled && duty.again.s != 0 && (!best || duty.again < best->at))
          best = {duty.again, id};
    return best;
  }
  std::optional<Dying> next_dying() const override {
    std::optional<Dying> best;
    for (const auto& [id, record] : state.records)
      if (record.body_held && record.dead_at != core::kNever && (!best || record.dead_at < best->at))
        best = {record.dead_at, id};
    return best;
  }

  void put_link(KeyId key, RecipientId recipient, const core::ChainLink& link) override {
    state.links[{key, recipient, link.seq}] = link;
  }
  std::vector<core::ChainLink> chain(KeyId key, RecipientId recipient, Seq from, Seq to,
                                     std::size_t max) const override {
    std::vector<core::ChainLink> out;
    for (const auto& [where, link] : state.links) {
      const auto& [its_key, its_recipient, seq] = where;
      if (its_key == key && its_recipient == recipient && from <= seq && seq <= to && out.size() < max)
        out.push_back(link);
    }
    return out;
  }
  void put_due(const core::ReceiptDue& due) override { state.due.insert(due); }
  std::vector<core::ReceiptDue> due(std::size_t max) const override {
    std::vector<core::ReceiptDue> out;
    for (const auto& each : state.due)
      if (out.size() < max) out.push_back(each);
    return out;
  }
  void drop_due(const core::ReceiptDue& due) override { state.due.erase(due); }
  void put_inbox(const MsgId& id, WallTime created) override {
    if (std::find(state.inbox.begin(), state.inbox.end(), id) != state.inbox.end()) return;
    state.inbox.push_back(id);
    state.mail.insert(proto::mail_key(created, id));
  }
  proto::MailSum mail_sum(const proto::MailPrefix& prefix) const override {
    proto::MailSum out;
    for (const proto::MailKey& key : state.mail)
      if (prefix.covers(key)) out += proto::sum_of(proto::mail_id(key));
    return out;
  }
  std::vector<proto::MailKey> mail(const proto::MailPrefix& prefix, const proto::MailKey& after,
                                   std::size_t max) const override {
    std::vector<proto::MailKey> out;
    for (const proto::MailKey& key : state.mail)
      if (prefix.covers(key) && key > after && out.size() < max) out.push_back(key);
    return out;
  }

  std::optional<core::PeerRow> peer(core::PeerId id) const override { return find(state.peers, id); }
  std::vector<core::PeerId> peers() const override {
    std::vector<core::PeerId> out;
    for (const auto& [id, row] : state.peers) out.push_back(id);
    return out;
  }
  void put_peer(core::PeerId id, const core::PeerRow& row) override { state.peers[id] = row; }
  std::optional<core::PeerId> behind(DeviceId device) const override { return find(state.behind, device); }
  void put_behind(DeviceId device, core::PeerId peer) override { state.behind[device] = peer; }
  bool told(core::PeerId peer, KeyId key) const override { return state.told.count({peer, key}) > 0; }
  void put_told(core::PeerId peer, KeyId key) override { state.told.insert({peer, key}); }
  std::optional<core::QuotaRow> quota(DeviceId device) const override { return find(state.quota, device); }
  void put_quota(DeviceId device, const core::QuotaRow& row) override { state.quota[device] = row; }
  core::OnTime on_time(std::int64_t day) const override {
    return find(state.on_time, day).value_or(core::OnTime{});
  }
  void put_on_time(std::int64_t day, const core::OnTime& counts) override { state.on_time[day] = counts; }
  void put_object(const proto::ObjectRef& ref, BytesView bytes) override {
    state.objects[ref] = bytes_of(bytes);
  }

  StoreId store_id() const override { return state.id; }
  Seq last_seq(KeyId key) const override {
    const auto found = state.ledger.find(key);
    return found == state.ledger.end() ? 0 : found->second.first;
  }
  Seq last_to(KeyId key, RecipientId recipient) const override {
    return find(state.last_to, {key, recipient}).value_or(0);
  }
  WallTime last_created(KeyId key) const override {
    const auto found = state.ledger.find(key);
    return found == state.ledger.end() ? WallTime{} : found->second.second;
  }
  void record(const keys::Sealed& sealed, std::span<const RecipientId> recipients,
              WallTime created) override {
    auto& [seq, newest] = state.ledger[sealed.key];
    seq = sealed.seq;
    newest = std::max(newest, created);
    for (const RecipientId recipient : recipients) state.last_to[{sealed.key, recipient}] = sealed.seq;
  }

 private:
  template <typename Map>
  static std::optional<typename Map::mapped_type> find(const Map& map, const typename Map::key_type& key) {
    const auto found = map.find(key);
    if (found == map.end()) return std::nullopt;
    return found->second;
  }
  template <typename Is>
  static bool any_duty(const core::Record& record, Is is) {
    return std::any_of(record.duties.begin(), record.duties.end(), is);
  }
};

}  // namespace noroshi::test
