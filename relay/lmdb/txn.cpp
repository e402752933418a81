#include "relay/lmdb/txn.hpp"

#include <lmdb.h>

#include <utility>

#include "relay/lmdb/trouble.hpp"

namespace noroshi::lmdb {
namespace {

MDB_val val_of(BytesView bytes) {
  // LMDB takes void* for what it only reads.
  return {bytes.size(), const_cast<std::uint8_t*>(bytes.data())};
}
BytesView view_of_val(const MDB_val& val) {
  return {static_cast<const std::uint8_t*>(val.mv_data), val.mv_size};
}

}  // namespace

Txn::Txn(MDB_txn* txn, std::atomic<int>& open) : txn_(txn), open_(&open) {
  ++*open_;
}

Txn::Txn(Txn&& other) noexcept
    : txn_(std::exchange(other.txn_, nullptr)),
      open_(std::exchange(other.open_, nullptr)),
      trouble_(other.trouble_),
      code_(other.code_),
      doing_(other.doing_) {}

Txn::~Txn() {
  if (txn_ != nullptr) mdb_txn_abort(txn_);
  if (open_ != nullptr) --*open_;
}

bool Txn::hold(int rc, const char* doing) const {
  if (rc == MDB_SUCCESS) return true;
  if (ok()) {
    trouble_ = trouble_of(rc);
    code_ = rc;
    doing_ = doing;
  }
  return false;
}

std::optional<BytesView> Txn::get(Dbi table, BytesView key) const {
  if (!ok()) return std::nullopt;
  NOROSHI_ASSERT(txn_ != nullptr);
  MDB_val name = val_of(key);
  MDB_val value{};
  const int rc = mdb_get(txn_, table.handle, &name, &value);
  if (rc == MDB_NOTFOUND || !hold(rc, "reading a row")) return std::nullopt;
  return view_of_val(value);
}

std::size_t Txn::table_bytes(Dbi table) const {
  MDB_stat stat{};
  if (!ok() || !hold(mdb_stat(txn_, table.handle, &stat), "measuring a table")) return 0;
  return stat.ms_psize * (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages);
}

std::size_t Txn::rows(Dbi table) const {
  MDB_stat stat{};
  if (!ok() || !hold(mdb_stat(txn_, table.handle, &stat), "measuring a table")) return 0;
  return stat.ms_entries;
}

Result<void> Txn::check() const {
  if (ok()) return {};
  return error_of(code_, doing_);
}

void WriteTxn::put(Dbi table, BytesView key, BytesView value) {
  if (!ok()) return;
  NOROSHI_ASSERT(txn_ != nullptr);
  MDB_val name = val_of(key);
  MDB_val content = val_of(value);
  hold(mdb_put(txn_, table.handle, &name, &content, 0), "writing a row");
}

void WriteTxn::append(Dbi table, BytesView key, BytesView value) {
  if (!ok()) return;
  NOROSHI_ASSERT(txn_ != nullptr);
  MDB_val name = val_of(key);
  MDB_val content = val_of(value);
  const int rc = mdb_put(txn_, table.handle, &name, &content, MDB_APPEND);
  if (rc == MDB_KEYEXIST) return put(table, key, value);
  hold(rc, "writing a row");
}

bool WriteTxn::erase(Dbi table, BytesView key) {
  if (!ok()) return false;
  NOROSHI_ASSERT(txn_ != nullptr);
  MDB_val name = val_of(key);
  const int rc = mdb_del(txn_, table.handle, &name, nullptr);
  return rc != MDB_NOTFOUND && hold(rc, "removing a row");
}

void WriteTxn::clear(Dbi table) {
  if (!ok()) return;
  NOROSHI_ASSERT(txn_ != nullptr);
  hold(mdb_drop(txn_, table.handle, 0), "emptying a table");
}

Result<void> WriteTxn::commit() {
  NOROSHI_ASSERT(txn_ != nullptr);
  MDB_txn* txn = std::exchange(txn_, nullptr);
  MDB_env* const env = mdb_txn_env(txn);
  if (ok())
    hold(or_no_space(mdb_txn_commit(txn), env), "committing");
  else
    mdb_txn_abort(txn);
  --*std::exchange(open_, nullptr);
  return check();
}

Cursor::Cursor(const Txn& txn, Dbi table) : txn_(&txn) {
  if (!txn.ok()) return;
  NOROSHI_ASSERT(txn.txn_ != nullptr);
  if (!txn.hold(mdb_cursor_open(txn.txn_, table.handle, &cursor_), "opening a table")) cursor_ = nullptr;
}

Cursor::~Cursor() {
  if (cursor_ != nullptr) mdb_cursor_close(cursor_);
}

std::optional<Row> Cursor::move(BytesView key, int op) {
  if (cursor_ == nullptr || !txn_->ok()) return std::nullopt;
  MDB_val name = val_of(key);
  MDB_val value{};
  const int rc = mdb_cursor_get(cursor_, &name, &value, static_cast<MDB_cursor_op>(op));
  if (rc == MDB_NOTFOUND || !txn_->hold(rc, "walking a table")) return std::nullopt;
  return Row{view_of_val(name), view_of_val(value)};
}

std::optional<Row> Cursor::first() {
  return move({}, MDB_FIRST);
}
std::optional<Row> Cursor::last() {
  return move({}, MDB_LAST);
}
std::optional<Row> Cursor::seek(BytesView key) {
  return move(key, MDB_SET_RANGE);
}
std::optional<Row> Cursor::before(BytesView key) {
  return seek(key) ? prev() : last();
}
std::optional<Row> Cursor::next() {
  return move({}, MDB_NEXT);
}
std::optional<Row> Cursor::prev() {
  return move({}, MDB_PREV);
}

std::optional<Row> Range::start() {
  if (!from_.empty()) return within(cursor_.seek(from_));
  return within(prefix_.empty() ? cursor_.first() : cursor_.seek(prefix_));
}

std::optional<Row> Range::within(std::optional<Row> row) const {
  if (row && row->key.size() >= prefix_.size() && equal(row->key.first(prefix_.size()), prefix_)) return row;
  return std::nullopt;
}

}  // namespace noroshi::lmdb
