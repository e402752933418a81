#include "client-tui/desk/counted.hpp"

#include <algorithm>

namespace noroshi::desk {
namespace {

/// Numbers of a bucket, as a power of two: with 10^6 rows as many buckets as rows in one.
constexpr unsigned kBucketBits = 10;
/// The bucket that counts all of them.
constexpr std::uint64_t kAll = UINT64_MAX;

constexpr std::size_t kNameEnd = 17;  // kind 1, name 16

std::uint64_t number_of(BytesView key) {
  return Reader(key.subspan(kNameEnd)).u64();
}

}  // namespace

// l name 16 number 8 tail → empty; L name 16 bucket 8 → count 8
Bytes CountedList::row_key(std::uint64_t number, BytesView tail) const {
  return Writer().u8('l').bytes(name_).u64(number).bytes(tail).take();
}
Bytes CountedList::count_key(std::uint64_t bucket) const {
  return Writer().u8('L').bytes(name_).u64(bucket).take();
}

std::uint64_t CountedList::size(const StoreView& view) const {
  const auto row = view.index_row(count_key(kAll));
  return row ? Reader(*row).u64() : 0;
}

std::vector<CountedList::Row> CountedList::newest(const StoreView& view, std::uint64_t from,
                                                  std::size_t max) const {
  std::vector<Row> out;
  if (max == 0 || from >= size(view)) return out;
  const Bytes counts = count_key(0), rows = row_key(0);
  const auto under = [](const std::optional<lmdb::Row>& row, const Bytes& first) {
    return row && row->key.size() >= kNameEnd &&
           equal(row->key.first(kNameEnd), BytesView(first).first(kNameEnd));
  };
  // The bucket that the first wanted row is in.
  std::uint64_t skip = from, bucket = 0;
  {
    lmdb::Cursor cursor = view.index_cursor();
    for (auto row = cursor.before(count_key(kAll)); under(row, counts); row = cursor.prev()) {
      bucket = number_of(row->key);
      const std::uint64_t here = Reader(row->value).u64();
      if (skip < here) break;
      skip -= here;
    }
  }
  lmdb::Cursor cursor = view.index_cursor();
  for (auto row = cursor.before(row_key((bucket + 1) << kBucketBits)); under(row, rows) && out.size() < max;
       row = cursor.prev()) {
    if (skip > 0) {
      --skip;
    } else {
      out.push_back({number_of(row->key), bytes_of(row->key.subspan(kNameEnd + 8))});
    }
  }
  return out;
}

std::uint64_t CountedList::before(const StoreView& view, std::uint64_t number) const {
  std::uint64_t out = 0;
  const std::uint64_t bucket = number >> kBucketBits;
  {
    lmdb::Cursor cursor = view.index_cursor();
    const Bytes end = count_key(bucket);
    for (auto row = cursor.seek(count_key(0)); row && std::ranges::lexicographical_compare(row->key, end);
         row = cursor.next())
      out += Reader(row->value).u64();
  }
  lmdb::Cursor cursor = view.index_cursor();
  const Bytes end = row_key(number);
  for (auto row = cursor.seek(row_key(bucket << kBucketBits));
       row && std::ranges::lexicographical_compare(row->key, end); row = cursor.next())
    ++out;
  return out;
}

std::vector<CountedList::Row> CountedList::at(const StoreView& view, std::uint64_t number) const {
  std::vector<Row> out;
  const Bytes prefix = row_key(number);
  lmdb::Cursor cursor = view.index_cursor();
  for (auto row = cursor.seek(prefix);
       row && row->key.size() >= prefix.size() && equal(row->key.first(prefix.size()), prefix);
       row = cursor.next())
    out.push_back({number, bytes_of(row->key.subspan(prefix.size()))});
  return out;
}

void CountedList::count(StoreTurn& turn, std::uint64_t number, std::int64_t more) const {
  for (const std::uint64_t bucket : {number >> kBucketBits, kAll}) {
    const Bytes key = count_key(bucket);
    const auto row = turn.index_row(key);
    const std::uint64_t now = (row ? Reader(*row).u64() : 0) + static_cast<std::uint64_t>(more);
    if (now == 0) {
      turn.erase_index(key);
    } else {
      turn.put_index(key, Writer().u64(now).data());
    }
  }
}
void CountedList::add(StoreTurn& turn, std::uint64_t number, BytesView tail) const {
  const Bytes key = row_key(number, tail);
  if (turn.index_row(key)) return;
  turn.put_index(key, {});
  count(turn, number, 1);
}
void CountedList::remove(StoreTurn& turn, std::uint64_t number, BytesView tail) const {
  if (turn.erase_index(row_key(number, tail))) count(turn, number, -1);
}

}  // namespace noroshi::desk
