#include "client-tui/desk/store.hpp"

#include <algorithm>
#include <array>

#include "client-tui/desk/store_rows.hpp"
#include "keys/language.hpp"

namespace noroshi::desk {

using namespace rows;

namespace {

/// 2 keeps the index; a store of schema 1 becomes one, and is indexed in steps (index_pass.cpp).
constexpr std::uint16_t kSchema = 2;
constexpr std::uint16_t kSchemaBeforeIndex = 1;
/// Address space, not disk: 10^8 messages fit (overview: "Scale to design for"). Measured with 60,000 reports
/// of a headquarters (bench_desk_scale): 2.1 kB each in all tables, 0.9 of them the index, 0.7 the envelope.
constexpr std::size_t kMapBytes = std::size_t{256} << 30;

constexpr std::array kTableNames{"meta",    "ledger",    "entry", "envelope",   "reading", "at",
                                 "carrier", "received",  "own",   "handed",     "waiting", "locked",
                                 "reached", "resealed",  "chain", "unanswered", "sent",    "cursor",
                                 "draft",   "unsettled", "told",  "index",      "file"};

}  // namespace

// ---- questions

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
std::uint64_t last_number(const lmdb::Txn& txn, lmdb::Dbi table) {
  lmdb::Cursor cursor(txn, table);
  const auto last = cursor.last();
  return last ? Reader(last->key).u64() : 0;
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
std::uint64_t StoreView::last_received() const {
  return last_number(txn(), t_->received);
}
std::uint64_t StoreView::last_own() const {
  return last_number(txn(), t_->own);
}
std::vector<MsgId> StoreView::waiting() const {
  std::array<std::vector<MsgId>, proto::kLevels> lines;
  for (const MsgId& id : ids_in_order(txn(), t_->waiting, 0, SIZE_MAX)) {
    const auto envelope = txn().get(t_->envelope, id.value);
    const auto parsed = envelope ? proto::parse_envelope(*envelope) : proto::ParsedEnvelope{};
    if (parsed.envelope) lines[static_cast<std::size_t>(parsed.envelope->header.level)].push_back(id);
  }
  std::vector<MsgId> out;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line)
    out.insert(out.end(), line->begin(), line->end());
  return out;
}
std::vector<MsgId> StoreView::locked() const {
  return ids_under(txn(), t_->locked, {});
}
std::vector<MsgId> StoreView::unsettled() const {
  return ids_under(txn(), t_->unsettled, {});
}

Handed StoreView::handed(const MsgId& id) const {
  const auto row = txn().get(t_->handed, id.value);
  if (!row) return {};
  Reader in(row->subspan(8));  // after its place among the waiting
  Handed handed;
  const std::uint8_t state = in.u8();
  handed.state = static_cast<Handed::State>(state & ~Handed::kAsked);
  handed.asked = (state & Handed::kAsked) != 0;
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
std::optional<Told> StoreView::told(const MsgId& id, RecipientId recipient) const {
  const auto row = txn().get(t_->told, share_key(id, recipient));
  if (!row) return std::nullopt;
  Reader in(*row);
  Told told;
  told.state = static_cast<Delivery>(in.u8());
  told.no_route = in.u8() != 0;
  if (in.u8() != 0) told.at = read_time(in);
  told.by.org.value = in.u16();
  told.by.dev = in.u16();
  if (!in.ok()) return std::nullopt;
  return told;
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

std::uint64_t StoreView::own_number(const MsgId& id) const {
  const auto row = txn().get(t_->handed, id.value);
  return row ? Reader(*row).u64() : 0;
}
std::vector<std::pair<std::uint64_t, MsgId>> StoreView::own_after(std::uint64_t number,
                                                                  std::size_t max) const {
  std::vector<std::pair<std::uint64_t, MsgId>> out;
  for (const lmdb::Row& row : lmdb::Range(txn(), t_->own, {}, number_key(number + 1))) {
    if (out.size() == max) break;
    out.emplace_back(Reader(row.key).u64(), id_of(row.value));
  }
  return out;
}
std::optional<Bytes> StoreView::index_row(BytesView key) const {
  const auto row = txn().get(t_->index, key);
  return row ? std::optional(bytes_of(*row)) : std::nullopt;
}
StoreView::Indexed StoreView::indexed() const {
  const auto row = txn().get(t_->meta, view_of("indexed"));
  Indexed out;
  if (!row) return out;
  Reader in(*row);
  out.version = in.u8();
  out.by = in.array<8>();
  out.own = in.u64();
  out.received = in.u64();
  return out;
}
bool StoreView::index_complete() const {
  const Indexed at = indexed();
  return at.own == last_own() && at.received == last_received();
}
std::optional<Bytes> StoreView::register_kept() const {
  const auto row = txn().get(t_->meta, view_of("register"));
  return row ? std::optional(bytes_of(*row)) : std::nullopt;
}

std::optional<Bytes> StoreView::file_row(BytesView key) const {
  const auto row = txn().get(t_->file, key);
  return row ? std::optional(bytes_of(*row)) : std::nullopt;
}
std::vector<Bytes> StoreView::file_keys(BytesView prefix) const {
  std::vector<Bytes> out;
  for (const lmdb::Row& row : lmdb::Range(txn(), t_->file, prefix)) out.push_back(bytes_of(row.key));
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

// ---- opening

Result<Store> Store::open(const std::filesystem::path& directory, StoreId life) {
  lmdb::EnvOptions options;
  options.directory = directory;
  options.map_bytes = kMapBytes;
  options.tables_max = static_cast<unsigned>(kTableNames.size());
  TRY(lmdb::Env env, lmdb::Env::open(options));
  TRY(const std::vector<lmdb::Dbi> dbi, env.tables(kTableNames));
  auto tables = std::make_unique<StoreView::Tables>(
      StoreView::Tables{dbi[0],  dbi[1],  dbi[2],  dbi[3],  dbi[4],  dbi[5],  dbi[6],  dbi[7],
                        dbi[8],  dbi[9],  dbi[10], dbi[11], dbi[12], dbi[13], dbi[14], dbi[15],
                        dbi[16], dbi[17], dbi[18], dbi[19], dbi[20], dbi[21], dbi[22]});
  Store store(std::move(env), std::move(tables));
  bool made = false, older = false;
  {
    TRY(const StoreRead view, store.read());
    const auto schema = view.txn().get(store.tables_->meta, view_of("schema"));
    TRY_VOID(view.check());
    const std::uint16_t number = schema ? Reader(*schema).u16() : kSchema;
    older = number == kSchemaBeforeIndex;
    if (number != kSchema && !older) {
      return keys::no(
          Code::bad_data,
          directory.string() + ": 別の版のプログラムが書いた保管庫です: その版を入れてください",
          directory.string() + ": written by another version of this program: install that version");
    }
    made = !schema;
  }
  if (made || older) {
    // From here on a program that keeps no index must not write: what it wrote would never be found.
    TRY(StoreTurn turn, store.write());
    turn.held_->put(store.tables_->meta, view_of("schema"), Writer().u16(kSchema).data());
    if (made) turn.held_->put(store.tables_->meta, view_of("store"), Writer().u64(life.value).data());
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
