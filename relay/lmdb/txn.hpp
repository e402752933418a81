// Transactions and cursors. Reading is a question with an answer, not a chain of error checks: a transaction
// remembers its first error, answers nothing and writes nothing after it, and says so once at the end
// (`commit`, or `check`).
//
// Keys are 1..511 bytes and order as bytes do (so big-endian integers order as numbers). Values may be empty.
// Views are borrowed from the map: valid until the next write of the same transaction, or its end.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>

#include "proto/bytes.hpp"
#include "proto/result.hpp"

// lmdb.h stays in the .cpp files of this folder.
struct MDB_txn;
struct MDB_cursor;

namespace noroshi::lmdb {

/// A table of an Env.
struct Dbi {
  unsigned handle = 0;
};

/// What kind of no it was, for those who can do something about it.
enum class Trouble : std::uint8_t {
  none,
  map_full,   ///< the map is full: grow it, or delete
  disk_full,  ///< the file system is full
  damaged,    ///< the file is not a sound database
  other,
};

struct Row {
  BytesView key, value;
};

/// The reading half.
class Txn {
 public:
  [[nodiscard]] std::optional<BytesView> get(Dbi table, BytesView key) const;
  [[nodiscard]] bool has(Dbi table, BytesView key) const { return get(table, key).has_value(); }

  /// Pages that the rows of a table fill, by the library's own count: O(1).
  [[nodiscard]] std::size_t table_bytes(Dbi table) const;
  [[nodiscard]] std::size_t rows(Dbi table) const;

  [[nodiscard]] bool ok() const { return trouble_ == Trouble::none; }
  [[nodiscard]] Trouble trouble() const { return trouble_; }
  /// The first error, if there was one.
  [[nodiscard]] Result<void> check() const;

 protected:
  Txn(MDB_txn* txn, std::atomic<int>& open);
  Txn(Txn&&) noexcept;
  Txn& operator=(Txn&&) = delete;
  ~Txn();
  /// True if rc is success; else remembers the first.
  bool hold(int rc, const char* doing) const;

  MDB_txn* txn_ = nullptr;            ///< null once committed
  std::atomic<int>* open_ = nullptr;  ///< counts the open ones of its kind, for the Env
  mutable Trouble trouble_ = Trouble::none;
  mutable int code_ = 0;
  mutable const char* doing_ = "";
  friend class Cursor;
  friend class Env;
};

class ReadTxn : public Txn {
 public:
  ReadTxn(ReadTxn&&) noexcept = default;

 private:
  using Txn::Txn;
  friend class Env;
};

/// Ends by commit, or leaves nothing behind.
class WriteTxn : public Txn {
 public:
  WriteTxn(WriteTxn&&) noexcept = default;

  /// Inserts or replaces.
  void put(Dbi table, BytesView key, BytesView value);
  /// Like put, packed tightly where the key is the highest of its table (numbers that only rise).
  void append(Dbi table, BytesView key, BytesView value);
  /// False if there was no such row.
  bool erase(Dbi table, BytesView key);
  /// Removes every row.
  void clear(Dbi table);

  /// Consumes the transaction: durable when it returns without an error, undone otherwise. The first error of
  /// the whole transaction is the one reported: temporary (map or disk full), io, internal.
  [[nodiscard]] Result<void> commit();

 private:
  using Txn::Txn;
  friend class Env;
};

/// A place in a table. The transaction must outlive it; a write to the table ends its use.
class Cursor {
 public:
  Cursor(const Txn& txn, Dbi table);
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  ~Cursor();

  /// Each gives the row it came to, or nothing: no such row, or the transaction has failed.
  [[nodiscard]] std::optional<Row> first();
  [[nodiscard]] std::optional<Row> last();
  /// The first row whose key is ≥ `key`.
  [[nodiscard]] std::optional<Row> seek(BytesView key);
  /// The last row whose key is < `key`.
  [[nodiscard]] std::optional<Row> before(BytesView key);
  [[nodiscard]] std::optional<Row> next();
  [[nodiscard]] std::optional<Row> prev();

 private:
  std::optional<Row> move(BytesView key, int op);
  const Txn* txn_;
  MDB_cursor* cursor_ = nullptr;
};

/// The rows whose keys begin with `prefix`, in order: for (const Row& row : Range(txn, table, prefix)). An
/// empty prefix means all of them.
class Range {
 public:
  Range(const Txn& txn, Dbi table, BytesView prefix = {}) : cursor_(txn, table), prefix_(bytes_of(prefix)) {}
  /// From the first key ≥ `from` within the prefix.
  Range(const Txn& txn, Dbi table, BytesView prefix, BytesView from)
      : cursor_(txn, table), prefix_(bytes_of(prefix)), from_(bytes_of(from)) {}

  struct End {};
  class Iterator {
   public:
    Iterator(Range& range, std::optional<Row> row) : range_(&range), row_(row) {}
    const Row& operator*() const { return *row_; }
    const Row* operator->() const { return &*row_; }
    Iterator& operator++() {
      row_ = range_->within(range_->cursor_.next());
      return *this;
    }
    bool operator==(End) const { return !row_; }

   private:
    Range* range_;
    std::optional<Row> row_;
  };
  [[nodiscard]] Iterator begin() { return {*this, start()}; }
  [[nodiscard]] End end() const { return {}; }

 private:
  std::optional<Row> start();
  [[nodiscard]] std::optional<Row> within(std::optional<Row> row) const;
  Cursor cursor_;
  Bytes prefix_, from_;
};

}  // namespace noroshi::lmdb
