#include "tests/sim/memory_store.hpp"

#include <algorithm>

namespace noroshi::sim {

using core::DutyState;
using core::NodeTime;
using core::PeerId;
using core::Record;

namespace {

/// More than any fault loses at once.
constexpr std::size_t kCommitsKept = 40;

void run_back(Undo& undo) {
  std::for_each(undo.rbegin(), undo.rend(), [](const auto& step) { step(); });
  undo.clear();
}

template <typename T>
std::optional<T> value_of(const T* found) {
  return found ? std::optional(*found) : std::nullopt;
}

}  // namespace

// ---- The disk

void MemoryStore::commit() {
  commits_.push_back(std::exchange(undo_, {}));
  if (commits_.size() > kCommitsKept) commits_.pop_front();
}

void MemoryStore::abort() {
  run_back(undo_);
}

std::size_t MemoryStore::lose(std::size_t commits) {
  abort();
  std::size_t lost = 0;
  for (; lost < commits && !commits_.empty(); ++lost) {
    run_back(commits_.back());
    commits_.pop_back();
  }
  return lost;
}

std::vector<MsgId> MemoryStore::take_touched() {
  std::vector<MsgId> out(touched_.begin(), touched_.end());
  std::sort(out.begin(), out.end());
  touched_.clear();
  return out;
}

const Record* MemoryStore::peek(const MsgId& id) const {
  const auto found = records_.find(id);
  return found == records_.end() ? nullptr : &found->second;
}

// ---- Records and their indexes

void MemoryStore::index(const Record& record) {
  if (record.body_held && record.dead_at != core::kNever) dying_.insert({record.dead_at, record.id});
  for (const core::Duty& duty : record.duties) {
    if (duty.state == DutyState::settled) continue;
    const bool timed = duty.again.s != 0;
    if (timed) again_.insert({duty.again, record.id});
    if (duty.state == DutyState::owed && !timed) owed_[{duty.via, record.level, record.arrival}] = record.id;
    if (duty.state == DutyState::owed && timed) {
      later_.insert({duty.via, record.level, duty.again, record.arrival, record.id});
    }
    if (duty.state == DutyState::sent) sent_[{duty.via, duty.number}] = record.id;
    if (duty.state == DutyState::sent || duty.state == DutyState::parked)
      parked_.insert({duty.via, record.id});
  }
}

void MemoryStore::unindex(const Record& record) {
  dying_.erase({record.dead_at, record.id});
  for (const core::Duty& duty : record.duties) {
    again_.erase({duty.again, record.id});
    owed_.erase({duty.via, record.level, record.arrival});
    later_.erase({duty.via, record.level, duty.again, record.arrival, record.id});
    sent_.erase({duty.via, duty.number});
    parked_.erase({duty.via, record.id});
  }
}

void MemoryStore::replace(const MsgId& id, std::optional<Record> record) {
  touched_.insert(id);
  const auto found = records_.find(id);
  if (found != records_.end()) unindex(found->second);
  if (!record) {
    if (found != records_.end()) records_.erase(found);
    return;
  }
  index(*record);
  records_[id] = *std::move(record);
}

void MemoryStore::put(const Record& record) {
  undo_.push_back([this, id = record.id, old = value_of(peek(record.id))] { replace(id, old); });
  replace(record.id, record);
}

std::optional<Record> MemoryStore::record(const MsgId& id) const {
  const Record* found = peek(id);
  if (found && mistakes.forget_seen) {
    const bool open =
        std::ranges::any_of(found->duties, [](const auto& d) { return d.state != DutyState::settled; });
    if (!open) return std::nullopt;
  }
  return value_of(found);
}

std::vector<MsgId> MemoryStore::seen(KeyId key, Seq seq) const {
  if (mistakes.forget_seen) return {};
  return value_of(seen_.find({key, seq})).value_or(std::vector<MsgId>{});
}

void MemoryStore::put_seen(KeyId key, Seq seq, MsgId id) {
  std::vector<MsgId> ids = value_of(seen_.find({key, seq})).value_or(std::vector<MsgId>{});
  if (ids.size() >= 2 || std::ranges::find(ids, id) != ids.end()) return;
  ids.push_back(id);
  seen_.put({key, seq}, std::move(ids));
}

std::uint64_t MemoryStore::next_arrival() {
  undo_.push_back([this, old = arrivals_] { arrivals_ = old; });
  return ++arrivals_;
}

std::optional<Bytes> MemoryStore::body(const MsgId& id) const {
  return value_of(bodies_.find(id));
}

// ---- Not whole yet

std::optional<core::Partial> MemoryStore::partial(const MsgId& id) const {
  return value_of(partials_.find(id));
}

std::vector<core::Partial> MemoryStore::partials() const {
  std::vector<core::Partial> out;
  for (const auto& [id, partial] : partials_.rows()) out.emplace_back(partial).cover.clear();
  return out;
}

void MemoryStore::put_piece(const MsgId& id, PeerId peer, std::uint16_t from, BytesView bytes) {
  pieces_.put({id, peer, from}, bytes_of(bytes));
}

std::vector<core::PieceHere> MemoryStore::pieces(const MsgId& id) const {
  std::vector<core::PieceHere> out;
  const auto& rows = pieces_.rows();
  for (auto it = rows.lower_bound({id, {}, 0}); it != rows.end() && std::get<0>(it->first) == id; ++it) {
    const auto& [whole, peer, from] = it->first;
    out.push_back({peer, {from, static_cast<std::uint16_t>(from + it->second.size())}});
  }
  return out;
}

Bytes MemoryStore::pieced(const MsgId& id, std::optional<PeerId> peer, std::size_t size) const {
  Bytes out(size);
  const auto& rows = pieces_.rows();
  for (auto it = rows.lower_bound({id, {}, 0}); it != rows.end() && std::get<0>(it->first) == id; ++it) {
    const auto& [whole, whose, from] = it->first;
    if ((peer && whose != *peer) || from + it->second.size() > size) continue;
    std::ranges::copy(it->second, out.begin() + from);
  }
  return out;
}

void MemoryStore::drop_partial(const MsgId& id) {
  for (const core::PieceHere& piece : pieces(id)) pieces_.drop({id, piece.peer, piece.stretch.from});
  partials_.drop(id);
}

void MemoryStore::set_id(StoreId id) {
  undo_.push_back([this, id = id_, at = named_at_] { id_ = id, named_at_ = at; });
  id_ = id;
  named_at_ = arrivals_;
}

void MemoryStore::set_node_time(NodeTime time) {
  undo_.push_back([this, old = time_] { time_ = old; });
  time_ = time;
}

// ---- Ordered questions

std::optional<MsgId> MemoryStore::owed_first(PeerId via, proto::Level level, NodeTime now,
                                             std::uint64_t after_arrival) const {
  std::optional<std::pair<std::uint64_t, MsgId>> best;
  const auto found = owed_.upper_bound({via, level, after_arrival});
  if (found != owed_.end() && std::get<0>(found->first) == via && std::get<1>(found->first) == level) {
    best = {std::get<2>(found->first), found->second};
  }
  for (auto it = later_.lower_bound({via, level, {}, 0, {}}); it != later_.end(); ++it) {
    const auto& [peer, at, again, arrival, id] = *it;
    if (peer != via || at != level || again > now) break;
    if (arrival > after_arrival && (!best || arrival < best->first)) best = {arrival, id};
  }
  return best ? std::optional(best->second) : std::nullopt;
}

core::Store::Queued MemoryStore::queued(PeerId via, proto::Level level) const {
  Queued out;
  for (const auto& [id, record] : records_) {
    const bool waits = std::ranges::any_of(
        record.duties, [&](const auto& d) { return d.state == DutyState::owed && d.via == via; });
    if (!waits || record.level != level) continue;
    ++out.records;
    out.bytes += record.size;
  }
  return out;
}

std::optional<MsgId> MemoryStore::sent_as(PeerId via, proto::LinkNumber number) const {
  const auto found = sent_.find({via, number});
  return found == sent_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<proto::LinkNumber> MemoryStore::outstanding(PeerId via) const {
  std::vector<proto::LinkNumber> out;
  for (auto it = sent_.lower_bound({via, 0}); it != sent_.end() && it->first.first == via; ++it) {
    out.push_back(it->first.second);
  }
  return out;
}

std::vector<MsgId> MemoryStore::parked_at(PeerId via, const MsgId& after, std::size_t max) const {
  std::vector<MsgId> out;
  for (auto it = parked_.upper_bound({via, after}); it != parked_.end() && it->first == via; ++it) {
    if (out.size() == max) break;
    out.push_back(it->second);
  }
  return out;
}

std::optional<core::Store::Again> MemoryStore::next_again() const {
  if (again_.empty() || mistakes.skip_reowe) return std::nullopt;
  return Again{again_.begin()->first, again_.begin()->second};
}

std::optional<core::Store::Dying> MemoryStore::next_dying() const {
  if (dying_.empty()) return std::nullopt;
  return Dying{dying_.begin()->first, dying_.begin()->second};
}

// ---- Chains, receipts, inbox

void MemoryStore::put_link(KeyId key, RecipientId recipient, const core::ChainLink& link) {
  links_.put({key, recipient, link.seq}, link);
}

std::vector<core::ChainLink> MemoryStore::chain(KeyId key, RecipientId recipient, Seq from, Seq to,
                                                std::size_t max) const {
  std::vector<core::ChainLink> out;
  const auto& rows = links_.rows();
  for (auto it = rows.lower_bound({key, recipient, from}); it != rows.end() && out.size() < max; ++it) {
    const auto& [of, recipient_of, seq] = it->first;
    if (of != key || recipient_of != recipient || seq > to) break;
    out.push_back(it->second);
  }
  return out;
}

std::vector<core::ReceiptDue> MemoryStore::due(std::size_t max) const {
  std::vector<core::ReceiptDue> out;
  for (const auto& [due, yes] : due_.rows()) {
    if (out.size() == max) break;
    out.push_back(due);
  }
  return out;
}

void MemoryStore::put_inbox(const MsgId& id, WallTime created) {
  if (inbox_.find(id)) return;
  undo_.push_back([this, old = inbox_count_] { inbox_count_ = old; });
  inbox_.put(id, ++inbox_count_);
  mail_.put(proto::mail_key(created, id), true);
  touched_.insert(id);
}

proto::MailSum MemoryStore::mail_sum(const proto::MailPrefix& prefix) const {
  proto::MailSum out;
  for (auto at = mail_.rows().lower_bound(prefix.key); at != mail_.rows().end() && prefix.covers(at->first);
       ++at)
    out += proto::sum_of(proto::mail_id(at->first));
  return out;
}

std::vector<proto::MailKey> MemoryStore::mail(const proto::MailPrefix& prefix, const proto::MailKey& after,
                                              std::size_t max) const {
  std::vector<proto::MailKey> out;
  auto at = mail_.rows().lower_bound(prefix.key);
  if (after >= prefix.key) at = mail_.rows().upper_bound(after);
  for (; at != mail_.rows().end() && out.size() < max && prefix.covers(at->first); ++at)
    out.push_back(at->first);
  return out;
}

// ---- Neighbours, devices, quota, trust

std::optional<core::PeerRow> MemoryStore::peer(PeerId id) const {
  return value_of(peers_.find(id));
}

std::vector<PeerId> MemoryStore::peers() const {
  std::vector<PeerId> out;
  for (const auto& [id, row] : peers_.rows()) out.push_back(id);
  return out;
}

std::optional<PeerId> MemoryStore::behind(DeviceId device) const {
  return value_of(behind_.find(device));
}

std::optional<core::QuotaRow> MemoryStore::quota(DeviceId device) const {
  return value_of(quota_.find(device));
}

core::OnTime MemoryStore::on_time(std::int64_t day) const {
  return value_of(on_time_.find(day)).value_or(core::OnTime{});
}

std::vector<Bytes> MemoryStore::objects() const {
  std::vector<Bytes> out;
  for (const auto& [ref, bytes] : objects_.rows()) out.push_back(bytes);
  return out;
}

// ---- The ledger

Seq MemoryStore::last_seq(KeyId key) const {
  const auto* row = last_.find(key);
  return row ? row->first : 0;
}

Seq MemoryStore::last_to(KeyId key, RecipientId recipient) const {
  const auto* row = last_to_.find({key, recipient});
  return row ? *row : 0;
}

WallTime MemoryStore::last_created(KeyId key) const {
  const auto* row = last_.find(key);
  return row ? row->second : WallTime{};
}

void MemoryStore::record(const keys::Sealed& sealed, std::span<const RecipientId> recipients,
                         WallTime created) {
  last_.put(sealed.key, {sealed.seq, std::max(last_created(sealed.key), created)});
  for (const RecipientId recipient : recipients) last_to_.put({sealed.key, recipient}, sealed.seq);
}

}  // namespace noroshi::sim
