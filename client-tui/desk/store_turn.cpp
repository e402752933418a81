// The writing half of the store: the ledger of each key, and the rows of a turn.
#include <algorithm>

#include "client-tui/desk/store.hpp"
#include "client-tui/desk/store_rows.hpp"

namespace noroshi::desk {

using namespace rows;

// ---- the ledger
// 'k' key → last seq 4 | last created 8; 'r' key recipient → last seq 4

Seq Ledger::last_seq(KeyId key) const {
  const auto row = turn_->txn().get(turn_->t_->ledger, ledger_key(key));
  return row ? Reader(*row).u32() : 0;
}
WallTime Ledger::last_created(KeyId key) const {
  const auto row = turn_->txn().get(turn_->t_->ledger, ledger_key(key));
  if (!row) return {};
  Reader in(row->subspan(4));
  return read_time(in);
}
Seq Ledger::last_to(KeyId key, RecipientId recipient) const {
  const auto row = turn_->txn().get(turn_->t_->ledger, ledger_key(key, recipient));
  return row ? Reader(*row).u32() : 0;
}

void Ledger::record(const keys::Sealed& sealed, std::span<const RecipientId> recipients, WallTime created) {
  const auto parsed = proto::parse_envelope(sealed.bytes);
  NOROSHI_ASSERT(parsed.envelope.has_value());
  lmdb::WriteTxn& txn = *turn_->held_;
  const auto& t = *turn_->t_;
  Writer last;
  last.u32(sealed.seq) << std::max(created, last_created(sealed.key));
  txn.put(t.ledger, ledger_key(sealed.key), last.data());
  for (const RecipientId recipient : recipients) {
    txn.put(t.ledger, ledger_key(sealed.key, recipient), Writer().u32(sealed.seq).data());
    txn.put(t.sent, link_key(sealed.key, recipient, sealed.seq), sealed.msg_id.value);
  }
  Entry entry;
  entry.id = sealed.msg_id;
  entry.key = sealed.key;
  entry.seq = sealed.seq;
  entry.ctype = parsed.envelope->header.ctype;
  entry.state = ReadState::own;
  entry.first_seen = entry.created = created;
  entry.size = static_cast<std::uint32_t>(sealed.bytes.size());
  txn.put(t.entry, sealed.msg_id.value, encode(entry));
  txn.put(t.envelope, sealed.msg_id.value, sealed.bytes);
  txn.put(t.at, seq_key(sealed.key, sealed.seq, sealed.msg_id), {});
  const std::uint64_t number = turn_->next_number(t.own);
  txn.append(t.own, number_key(number), sealed.msg_id.value);
  turn_->index_follows(&StoreView::Indexed::own, number);
  txn.put(t.waiting, number_key(number), sealed.msg_id.value);
  Writer handed;
  handed.u64(number).u8(0) << created;
  txn.put(t.handed, sealed.msg_id.value, handed.data());
  if (parsed.envelope->sealed()) txn.put(t.unsettled, sealed.msg_id.value, {});
}

// ---- writes

std::uint64_t StoreTurn::next_number(lmdb::Dbi table) const {
  lmdb::Cursor cursor(txn(), table);
  const auto last = cursor.last();
  return last ? Reader(last->key).u64() + 1 : 1;
}

std::uint64_t StoreTurn::add(Entry entry, const proto::Envelope& envelope) {
  entry.arrival = next_number(t_->received);
  entry.size = static_cast<std::uint32_t>(envelope.bytes.size());
  held_->append(t_->received, number_key(entry.arrival), entry.id.value);
  index_follows(&Indexed::received, entry.arrival);
  held_->put(t_->envelope, entry.id.value, envelope.bytes);
  held_->put(t_->at, seq_key(entry.key, entry.seq, entry.id), {});
  update(entry);
  return entry.arrival;
}
void StoreTurn::came_back(Entry entry) {
  if (entry.arrival != 0) return;
  entry.arrival = next_number(t_->received);
  held_->append(t_->received, number_key(entry.arrival), entry.id.value);
  index_follows(&Indexed::received, entry.arrival);
  update(entry);
}
void StoreTurn::update(const Entry& entry) {
  held_->put(t_->entry, entry.id.value, encode(entry));
  if (entry.state == ReadState::locked) {
    held_->put(t_->locked, entry.id.value, {});
  } else {
    held_->erase(t_->locked, entry.id.value);
  }
}
void StoreTurn::put_reading(const MsgId& id, BytesView sealed) {
  held_->put(t_->reading, id.value, sealed);
}
void StoreTurn::drop_reading(const MsgId& id) {
  held_->erase(t_->reading, id.value);
}
void StoreTurn::put_carrier(KeyId key, Seq seq, const MsgId& id) {
  held_->put(t_->carrier, seq_key(key, seq, id), {});
}

void StoreTurn::put_link(KeyId key, RecipientId recipient, const Link& link) {
  const Bytes place = link_key(key, recipient, link.seq);
  held_->put(t_->chain, place, encode(link));
  const bool speaks = link.state == ReadState::opened || link.state == ReadState::unreadable ||
                      link.state == ReadState::damaged;
  const bool due = !link.answered && speaks;
  if (due) {
    held_->put(t_->unanswered, place, {});
  } else {
    held_->erase(t_->unanswered, place);
  }
}
void StoreTurn::answered(KeyId key, RecipientId recipient, Seq seq) {
  const auto row = held_->get(t_->chain, link_key(key, recipient, seq));
  if (!row) return;
  Link link = decode_link(seq, *row);
  link.answered = true;
  put_link(key, recipient, link);
}

void StoreTurn::put_handed(const MsgId& id, const Handed& handed) {
  const auto row = held_->get(t_->handed, id.value);
  if (!row) return;
  const std::uint64_t number = Reader(*row).u64();
  Writer out;
  const auto state = static_cast<std::uint8_t>(handed.state);
  out.u64(number).u8(handed.asked ? state | Handed::kAsked : state) << handed.at;
  held_->put(t_->handed, id.value, out.bytes(view_of(handed.refusal)).data());
  const bool over = handed.state == Handed::State::refused || handed.state == Handed::State::taken_back;
  if (over) held_->erase(t_->unsettled, id.value);
  if (handed.state == Handed::State::waiting) {
    held_->put(t_->waiting, number_key(number), id.value);
  } else {
    held_->erase(t_->waiting, number_key(number));
  }
}

void StoreTurn::take_back(const Entry& own) {
  put_handed(own.id, {Handed::State::taken_back, own.created, {}, true});
  held_->erase(t_->carrier, seq_key(own.key, own.seq, own.id));
  const auto bytes = envelope(own.id);
  const auto parsed = bytes ? proto::parse_envelope(*bytes) : proto::ParsedEnvelope{};
  NOROSHI_ASSERT(parsed.envelope.has_value());
  for (const proto::Wrap& wrap : parsed.envelope->wraps) {
    const Bytes place = link_key(own.key, wrap.recipient, own.seq);
    held_->erase(t_->sent, place);
    const Seq before = last_sent_before(place);
    if (before == 0) {
      held_->erase(t_->ledger, ledger_key(own.key, wrap.recipient));
    } else {
      held_->put(t_->ledger, ledger_key(own.key, wrap.recipient), Writer().u32(before).data());
    }
  }
}
/// Of the same line; 0 = none.
Seq StoreTurn::last_sent_before(BytesView place) const {
  lmdb::Cursor cursor(txn(), t_->sent);
  const auto row = cursor.before(place);
  return row && line_of(row->key) == line_of(place) ? seq_of(row->key) : 0;
}

namespace {
/// How far each kind is: a message that was opened was delivered; a bad end yields to a good one that came
/// after all.
int distance(proto::ReceiptKind kind) {
  switch (kind) {
    case proto::ReceiptKind::expired: return 1;
    case proto::ReceiptKind::delivered: return 2;
    case proto::ReceiptKind::unreadable: return 3;
    case proto::ReceiptKind::opened: return 4;
    case proto::ReceiptKind::read: return 5;
    case proto::ReceiptKind::accepted: return 6;
  }
  return 0;
}
}  // namespace

bool StoreTurn::put_reached(const MsgId& id, RecipientId recipient, const Reached& now) {
  const auto before = reached(id, recipient);
  if (before && distance(before->kind) >= distance(now.kind)) return false;
  Writer out;
  out.u8(static_cast<std::uint8_t>(now.kind)) << now.at;
  held_->put(t_->reached, share_key(id, recipient), out.u16(now.by.org.value).u16(now.by.dev).data());
  settle(id);
  return true;
}
namespace {
/// How far each state that a relay may tell is.
int distance(Delivery state) {
  switch (state) {
    case Delivery::relayed: return 1;
    case Delivery::expired:
    case Delivery::refused: return 2;
    case Delivery::delivered: return 3;
    case Delivery::unreadable: return 4;
    case Delivery::opened: return 5;
    case Delivery::read: return 6;
    case Delivery::accepted: return 7;
    default: return 0;
  }
}
}  // namespace

void StoreTurn::put_told(const MsgId& id, RecipientId recipient, const Told& now) {
  const auto before = told(id, recipient);
  if (before && (*before == now || distance(before->state) > distance(now.state))) return;
  Writer out;
  out.u8(static_cast<std::uint8_t>(now.state)).u8(now.no_route ? 1 : 0).u8(now.at ? 1 : 0);
  if (now.at) out << *now.at;
  held_->put(t_->told, share_key(id, recipient), out.u16(now.by.org.value).u16(now.by.dev).data());
}
void StoreTurn::settle(const MsgId& id) {
  const auto bytes = txn().get(t_->envelope, id.value);
  const auto parsed = bytes ? proto::parse_envelope(*bytes) : proto::ParsedEnvelope{};
  if (!parsed.envelope) return;
  const auto& wraps = parsed.envelope->wraps;
  const bool all = std::all_of(wraps.begin(), wraps.end(), [&](const proto::Wrap& wrap) {
    return reached(id, wrap.recipient).has_value();
  });
  if (all) held_->erase(t_->unsettled, id.value);
}
void StoreTurn::put_resealed(const MsgId& id, RecipientId recipient, const MsgId& by) {
  held_->put(t_->resealed, share_key(id, recipient), by.value);
}

std::uint64_t StoreTurn::next_change() {
  const auto row = held_->get(t_->meta, view_of("change"));
  const std::uint64_t change = row ? Reader(*row).u64() + 1 : 1;
  held_->put(t_->meta, view_of("change"), number_key(change));
  return change;
}
void StoreTurn::put_indexed(const Indexed& indexed) {
  held_->put(t_->meta, view_of("indexed"),
             Writer().u8(indexed.version).bytes(indexed.by).u64(indexed.own).u64(indexed.received).data());
}
void StoreTurn::index_follows(std::uint64_t Indexed::*numbered, std::uint64_t number) {
  Indexed at = indexed();
  if (at.*numbered + 1 != number) return;
  at.*numbered = number;
  put_indexed(at);
}
void StoreTurn::put_register(BytesView sealed) {
  held_->put(t_->meta, view_of("register"), sealed);
}

void StoreTurn::set_rolled_back() {
  held_->put(t_->meta, view_of("rolled back"), {});
}
void StoreTurn::put_cursor(StoreId relay, std::uint64_t cursor) {
  held_->put(t_->cursor, number_key(relay.value), Writer().u64(cursor).data());
}
std::uint64_t StoreTurn::put_draft(std::optional<std::uint64_t> number, BytesView sealed) {
  const std::uint64_t place = number ? *number : next_number(t_->draft);
  held_->put(t_->draft, number_key(place), sealed);
  return place;
}
bool StoreTurn::drop_draft(std::uint64_t number) {
  return held_->erase(t_->draft, number_key(number));
}

}  // namespace noroshi::desk
