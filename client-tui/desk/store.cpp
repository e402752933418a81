#include "client-tui/desk/store.hpp"

#include <algorithm>
#include <array>

#include "keys/language.hpp"

namespace noroshi::desk {
namespace {

constexpr std::uint16_t kSchema = 1;
/// Address space, not disk: 10^8 messages of about 600 bytes fit (overview: "Scale to design for").
constexpr std::size_t kMapBytes = std::size_t{64} << 30;

constexpr std::array kTableNames{"meta",       "ledger",  "entry",    "envelope", "reading",
                                 "at",         "carrier", "received", "own",      "handed",
                                 "waiting",    "locked",  "reached",  "resealed", "chain",
                                 "unanswered", "sent",    "cursor",   "draft"};

Writer& operator<<(Writer& out, KeyId key) {
  return out.u16(key.device.org.value).u16(key.device.dev).u8(key.gen);
}
KeyId read_key(Reader& in) {
  KeyId key;
  key.device.org.value = in.u16();
  key.device.dev = in.u16();
  key.gen = in.u8();
  return key;
}
Writer& operator<<(Writer& out, WallTime time) {
  return out.u64(static_cast<std::uint64_t>(time.s));
}
WallTime read_time(Reader& in) {
  return {static_cast<std::int64_t>(in.u64())};
}

// Keys of the tables. Big-endian, so that they order as numbers.
Bytes number_key(std::uint64_t number) {
  return Writer().u64(number).take();
}
Bytes seq_key(KeyId key, Seq seq) {
  Writer out;
  out << key;
  return out.u32(seq).take();
}
Bytes seq_key(KeyId key, Seq seq, const MsgId& id) {
  Writer out;
  out << key;
  return out.u32(seq).bytes(id.value).take();
}
Bytes line_key(KeyId key, RecipientId recipient) {
  Writer out;
  out << key;
  return out.u16(recipient.value).take();
}
Bytes link_key(KeyId key, RecipientId recipient, Seq seq) {
  Writer out;
  out << key;
  return out.u16(recipient.value).u32(seq).take();
}
Bytes share_key(const MsgId& id, RecipientId recipient) {
  return Writer().bytes(id.value).u16(recipient.value).take();
}
Bytes ledger_key(KeyId key) {
  Writer out;
  out.u8('k');
  out << key;
  return out.take();
}
Bytes ledger_key(KeyId key, RecipientId recipient) {
  Writer out;
  out.u8('r');
  out << key;
  return out.u16(recipient.value).take();
}

// entry: key 5 | seq 4 | ctype 1 | state 1 | flags 1 | marks 1 | roster 1 | as 2 | arrival 8 | first_seen 8 |
// created 8 | size 4. flags: 1 answered, 2 read, 4 accepted. marks: in the order of keys::Marks, from bit 0.
Bytes encode(const Entry& entry) {
  Writer out;
  out << entry.key;
  const int flags = (entry.answered ? 1 : 0) | (entry.read ? 2 : 0) | (entry.accepted ? 4 : 0);
  const int marks = (entry.marks.certificate_expired ? 1 : 0) | (entry.marks.time_doubtful ? 2 : 0) |
                    (entry.marks.stale ? 4 : 0) | (entry.marks.dead ? 8 : 0) |
                    (entry.marks.quarantine ? 16 : 0);
  out.u32(entry.seq)
      .u8(entry.ctype)
      .u8(static_cast<std::uint8_t>(entry.state))
      .u8(static_cast<std::uint8_t>(flags));
  out.u8(static_cast<std::uint8_t>(marks))
      .u8(static_cast<std::uint8_t>(entry.marks.roster))
      .u16(entry.as.value);
  out.u64(entry.arrival) << entry.first_seen;
  out << entry.created;
  return out.u32(entry.size).take();
}
std::optional<Entry> decode_entry(const MsgId& id, BytesView bytes) {
  Reader in(bytes);
  Entry entry;
  entry.id = id;
  entry.key = read_key(in);
  entry.seq = in.u32();
  entry.ctype = in.u8();
  entry.state = static_cast<ReadState>(in.u8());
  const std::uint8_t flags = in.u8(), marks = in.u8();
  entry.answered = flags & 1;
  entry.read = flags & 2;
  entry.accepted = flags & 4;
  entry.marks.certificate_expired = marks & 1;
  entry.marks.time_doubtful = marks & 2;
  entry.marks.stale = marks & 4;
  entry.marks.dead = marks & 8;
  entry.marks.quarantine = marks & 16;
  entry.marks.roster = static_cast<keys::RosterState>(in.u8());
  entry.as.value = in.u16();
  entry.arrival = in.u64();
  entry.first_seen = read_time(in);
  entry.created = read_time(in);
  entry.size = in.u32();
  if (!in.done()) return std::nullopt;
  return entry;
}

// chain: prev 1 | state 1 | answered 1 | before 4 | msg_id 16
Bytes encode(const Link& link) {
  return Writer()
      .u8(link.prev)
      .u8(static_cast<std::uint8_t>(link.state))
      .u8(link.answered ? 1 : 0)
      .u32(link.before)
      .bytes(link.id.value)
      .take();
}
Link decode_link(Seq seq, BytesView bytes) {
  Reader in(bytes);
  Link link;
  link.seq = seq;
  link.prev = in.u8();
  link.state = static_cast<ReadState>(in.u8());
  link.answered = in.u8() != 0;
  link.before = in.u32();
  link.id.value = in.array<16>();
  return link;
}

MsgId id_of(BytesView bytes) {
  return {array_of<16>(bytes)};
}
/// The number in the last four bytes of a chain's key.
Seq seq_of(BytesView key) {
  return Reader(key.last(4)).u32();
}

/// The line (key, recipient) that a key of 7 bytes or more begins with.
std::pair<KeyId, RecipientId> line_of(BytesView bytes) {
  Reader in(bytes);
  const KeyId key = read_key(in);
  return {key, {in.u16()}};
}

}  // namespace

// ---- questions
// --------------------------------------------------------------------------------------------------

std::optional<Entry> StoreView::entry(const MsgId& id) const {
  const auto row = txn().get(t_->entry, id.value);
  return row ? decode_entry(id, *row) : std::nullopt;
}
std::optional<Bytes> StoreView::envelope(const MsgId& id) const {
  const auto row = txn().get(t_->envelope, id.value);
  if (!row) return std::nullopt;
  return bytes_of(*row);
}
std::optional<Bytes> StoreView::reading(const MsgId& id) const {
  const auto row = txn().get(t_->reading, id.value);
  if (!row) return std::nullopt;
  return bytes_of(*row);
}

namespace {
std::vector<MsgId> ids_under(const lmdb::Txn& txn, lmdb::Dbi table, BytesView prefix) {
  std::vector<MsgId> out;
  for (const lmdb::Row& row : lmdb::Range(txn, table, prefix)) out.push_back(id_of(row.key.last(16)));
  return out;
}
std::vector<MsgId> ids_in_order(const lmdb::Txn& txn, lmdb::Dbi table, std::uint64_t from, std::size_t max) {
  std::vector<MsgId> out;
  for (const lmdb::Row& row : lmdb::Range(txn, table, {}, number_key(from))) {
    if (out.size() == max) break;
    out.push_back(id_of(row.value));
  }
  return out;
}
}  // namespace

std::vector<MsgId> StoreView::at(KeyId key, Seq seq) const {
  return ids_under(txn(), t_->at, seq_key(key, seq));
}
std::vector<MsgId> StoreView::carriers(KeyId key, Seq seq) const {
  return ids_under(txn(), t_->carrier, seq_key(key, seq));
}
std::vector<MsgId> StoreView::received(std::uint64_t after, std::size_t max) const {
  return ids_in_order(txn(), t_->received, after + 1, max);
}
std::vector<MsgId> StoreView::own() const {
  return ids_in_order(txn(), t_->own, 0, SIZE_MAX);
}
std::vector<MsgId> StoreView::waiting() const {
  return ids_in_order(txn(), t_->waiting, 0, SIZE_MAX);
}
std::vector<MsgId> StoreView::locked() const {
  return ids_under(txn(), t_->locked, {});
}

Handed StoreView::handed(const MsgId& id) const {
  const auto row = txn().get(t_->handed, id.value);
  if (!row) return {};
  Reader in(row->subspan(8));  // after its place among the waiting
  Handed handed;
  handed.state = static_cast<Handed::State>(in.u8());
  handed.at = read_time(in);
  handed.refusal = std::string(text_of(in.rest()));
  return handed;
}
std::optional<Reached> StoreView::reached(const MsgId& id, RecipientId recipient) const {
  const auto row = txn().get(t_->reached, share_key(id, recipient));
  if (!row) return std::nullopt;
  Reader in(*row);
  Reached reached;
  reached.kind = static_cast<proto::ReceiptKind>(in.u8());
  reached.at = read_time(in);
  reached.by.org.value = in.u16();
  reached.by.dev = in.u16();
  return reached;
}
std::optional<MsgId> StoreView::resealed(const MsgId& id, RecipientId recipient) const {
  const auto row = txn().get(t_->resealed, share_key(id, recipient));
  if (!row) return std::nullopt;
  return id_of(*row);
}

std::vector<Link> StoreView::chain(KeyId key, RecipientId recipient, Seq from, Seq to) const {
  std::vector<Link> out;
  for (const lmdb::Row& row :
       lmdb::Range(txn(), t_->chain, line_key(key, recipient), link_key(key, recipient, from))) {
    const Seq seq = seq_of(row.key);
    if (seq > to) break;
    out.push_back(decode_link(seq, row.value));
  }
  return out;
}
std::vector<std::pair<KeyId, RecipientId>> StoreView::chains() const {
  std::vector<std::pair<KeyId, RecipientId>> out;
  lmdb::Cursor cursor(txn(), t_->chain);
  for (auto row = cursor.first(); row;) {
    out.push_back(line_of(row->key));
    row = cursor.seek(
        link_key(out.back().first, {static_cast<std::uint16_t>(out.back().second.value)}, UINT32_MAX));
    if (row && line_of(row->key) == out.back()) row = cursor.next();
  }
  return out;
}
std::vector<std::pair<Seq, MsgId>> StoreView::sent(KeyId key, RecipientId recipient, Seq from, Seq to) const {
  std::vector<std::pair<Seq, MsgId>> out;
  for (const lmdb::Row& row :
       lmdb::Range(txn(), t_->sent, line_key(key, recipient), link_key(key, recipient, from))) {
    const Seq seq = seq_of(row.key);
    if (seq > to) break;
    out.emplace_back(seq, id_of(row.value));
  }
  return out;
}
std::vector<Link> StoreView::chain_before(KeyId key, RecipientId recipient, Seq seq, std::size_t max) const {
  std::vector<Link> out;
  lmdb::Cursor cursor(txn(), t_->chain);
  for (auto row = cursor.before(link_key(key, recipient, seq)); row && out.size() < max;
       row = cursor.prev()) {
    if (line_of(row->key) != std::pair(key, recipient)) break;
    out.push_back(decode_link(seq_of(row->key), row->value));
  }
  std::reverse(out.begin(), out.end());
  return out;
}
std::vector<StoreView::Unanswered> StoreView::unanswered() const {
  std::vector<Unanswered> out;
  for (const lmdb::Row& row : lmdb::Range(txn(), t_->unanswered)) {
    const auto [key, recipient] = line_of(row.key);
    if (out.empty() || out.back().key != key || out.back().recipient != recipient) {
      out.push_back({key, recipient, seq_of(row.key)});
    }
  }
  return out;
}

std::uint64_t StoreView::cursor(StoreId relay) const {
  const auto row = txn().get(t_->cursor, number_key(relay.value));
  return row ? Reader(*row).u64() : 0;
}
std::vector<SealedDraft> StoreView::drafts() const {
  std::vector<SealedDraft> out;
  for (const lmdb::Row& row : lmdb::Range(txn(), t_->draft))
    out.push_back({Reader(row.key).u64(), bytes_of(row.value)});
  return out;
}
StoreId StoreView::id() const {
  if (txn().has(t_->meta, view_of("rolled back"))) return {};
  const auto row = txn().get(t_->meta, view_of("store"));
  return {row ? Reader(*row).u64() : 0};
}

// ---- the ledger
// ------------------------------------------------------------------------------------------------- 'k' key →
// last seq 4 | last created 8          'r' key recipient → last seq 4

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
  txn.put(t.waiting, number_key(number), sealed.msg_id.value);
  Writer handed;
  handed.u64(number).u8(0) << created;
  txn.put(t.handed, sealed.msg_id.value, handed.data());
}

// ---- writes
// -----------------------------------------------------------------------------------------------------

std::uint64_t StoreTurn::next_number(lmdb::Dbi table) const {
  lmdb::Cursor cursor(txn(), table);
  const auto last = cursor.last();
  return last ? Reader(last->key).u64() + 1 : 1;
}

std::uint64_t StoreTurn::add(Entry entry, const proto::Envelope& envelope) {
  entry.arrival = next_number(t_->received);
  entry.size = static_cast<std::uint32_t>(envelope.bytes.size());
  held_->append(t_->received, number_key(entry.arrival), entry.id.value);
  held_->put(t_->envelope, entry.id.value, envelope.bytes);
  held_->put(t_->at, seq_key(entry.key, entry.seq, entry.id), {});
  update(entry);
  return entry.arrival;
}
void StoreTurn::came_back(Entry entry) {
  if (entry.arrival != 0) return;
  entry.arrival = next_number(t_->received);
  held_->append(t_->received, number_key(entry.arrival), entry.id.value);
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
  out.u64(number).u8(static_cast<std::uint8_t>(handed.state)) << handed.at;
  held_->put(t_->handed, id.value, out.bytes(view_of(handed.refusal)).data());
  if (handed.state == Handed::State::waiting) {
    held_->put(t_->waiting, number_key(number), id.value);
  } else {
    held_->erase(t_->waiting, number_key(number));
  }
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
  return true;
}
void StoreTurn::put_resealed(const MsgId& id, RecipientId recipient, const MsgId& by) {
  held_->put(t_->resealed, share_key(id, recipient), by.value);
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

// ---- opening
// ----------------------------------------------------------------------------------------------------

Result<Store> Store::open(const std::filesystem::path& directory, StoreId life) {
  lmdb::EnvOptions options;
  options.directory = directory;
  options.map_bytes = kMapBytes;
  options.tables_max = static_cast<unsigned>(kTableNames.size());
  TRY(lmdb::Env env, lmdb::Env::open(options));
  TRY(const std::vector<lmdb::Dbi> dbi, env.tables(kTableNames));
  auto tables = std::make_unique<StoreView::Tables>(
      StoreView::Tables{dbi[0], dbi[1], dbi[2], dbi[3], dbi[4], dbi[5], dbi[6], dbi[7], dbi[8], dbi[9],
                        dbi[10], dbi[11], dbi[12], dbi[13], dbi[14], dbi[15], dbi[16], dbi[17], dbi[18]});
  Store store(std::move(env), std::move(tables));
  bool made = false;
  {
    TRY(const StoreRead view, store.read());
    const auto schema = view.txn().get(store.tables_->meta, view_of("schema"));
    TRY_VOID(view.check());
    if (schema && Reader(*schema).u16() != kSchema) {
      return keys::no(
          Code::bad_data,
          directory.string() + ": 別の版のプログラムが書いた保管庫です: その版を入れてください",
          directory.string() + ": written by another version of this program: install that version");
    }
    made = !schema;
  }
  if (made) {
    TRY(StoreTurn turn, store.write());
    turn.held_->put(store.tables_->meta, view_of("schema"), Writer().u16(kSchema).data());
    turn.held_->put(store.tables_->meta, view_of("store"), Writer().u64(life.value).data());
    TRY_VOID(turn.commit());
  }
  return store;
}

Result<void> Store::adopt(StoreId life) {
  TRY(StoreTurn turn, write());
  turn.held_->put(tables_->meta, view_of("store"), Writer().u64(life.value).data());
  turn.held_->erase(tables_->meta, view_of("rolled back"));
  return turn.commit();
}
Result<StoreRead> Store::read() const {
  TRY(lmdb::ReadTxn txn, env_.read());
  return StoreRead(*tables_, std::make_unique<lmdb::ReadTxn>(std::move(txn)));
}
Result<StoreTurn> Store::write() {
  TRY(lmdb::WriteTxn txn, env_.write());
  return StoreTurn(*tables_, std::make_unique<lmdb::WriteTxn>(std::move(txn)));
}

}  // namespace noroshi::desk
