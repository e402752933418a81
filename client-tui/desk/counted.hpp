// Lists that know how many they hold: rows in order of a number, found by how many come after them. LMDB
// counts no rows between two keys, so each list also keeps a count for every 1,024 numbers.
//
// A window anywhere costs the counts up to it and at most the rows of one bucket. The numbers are those of
// arrival or of sealing, which are given once: with 10^6 rows about a thousand short reads. Or they are
// seconds of wall time: then a bucket is seventeen minutes, and holds whatever came in them (a stick with
// 50,000).
#pragma once

#include <cstdint>
#include <vector>

#include "client-tui/desk/store.hpp"

namespace noroshi::desk {

class CountedList {
 public:
  using Name = ByteArray<16>;
  explicit CountedList(Name name) : name_(name) {}

  struct Row {
    std::uint64_t number = 0;
    Bytes tail;
  };
  [[nodiscard]] std::uint64_t size(const StoreView& view) const;
  /// Rows from the `from`th newest on, newest first.
  [[nodiscard]] std::vector<Row> newest(const StoreView& view, std::uint64_t from, std::size_t max) const;
  /// How many have a lower number.
  [[nodiscard]] std::uint64_t before(const StoreView& view, std::uint64_t number) const;
  [[nodiscard]] std::vector<Row> at(const StoreView& view, std::uint64_t number) const;

  void add(StoreTurn& turn, std::uint64_t number, BytesView tail) const;
  void remove(StoreTurn& turn, std::uint64_t number, BytesView tail) const;

 private:
  [[nodiscard]] Bytes row_key(std::uint64_t number, BytesView tail = {}) const;
  [[nodiscard]] Bytes count_key(std::uint64_t bucket) const;
  void count(StoreTurn& turn, std::uint64_t number, std::int64_t more) const;
  Name name_;
};

}  // namespace noroshi::desk
