#include "relay/lmdb/txn.hpp"

#include "relay/lmdb/env.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace noroshi;

namespace {

constexpr const char* kTables[] = {"one", "other"};

struct World {
  test::TemporaryDirectory home;
  lmdb::Env env = *lmdb::Env::open({.directory = home / "store"});
  lmdb::Dbi one, other;
  World() {
    const auto tables = *env.tables(kTables);
    one = tables[0];
    other = tables[1];
  }
  lmdb::WriteTxn write() { return *env.write(); }
  lmdb::ReadTxn read() { return *env.read(); }
};

Bytes number(std::uint32_t value) {
  return Writer().u32(value).take();
}
std::uint32_t number_of(BytesView key) {
  return Reader(key).u32();
}

}  // namespace

TEST_CASE("a transaction that is not committed leaves nothing behind") {
  World world;
  {
    auto txn = world.write();
    txn.put(world.one, view_of("key"), view_of("value"));
    CHECK(txn.has(world.one, view_of("key")));
  }
  CHECK_FALSE(world.read().has(world.one, view_of("key")));
}

TEST_CASE("a snapshot does not see what was committed after it began") {
  World world;
  const auto before = world.read();
  auto txn = world.write();
  txn.put(world.one, view_of("key"), view_of("value"));
  REQUIRE(txn.commit());
  CHECK_FALSE(before.has(world.one, view_of("key")));
  CHECK(world.read().has(world.one, view_of("key")));
}

TEST_CASE("rows may be empty, replaced and removed") {
  World world;
  auto txn = world.write();
  txn.put(world.one, view_of("key"), {});
  CHECK(txn.get(world.one, view_of("key"))->empty());
  txn.put(world.one, view_of("key"), view_of("value"));
  CHECK(text_of(*txn.get(world.one, view_of("key"))) == "value");
  CHECK_FALSE(txn.has(world.other, view_of("key")));
  CHECK(txn.erase(world.one, view_of("key")));
  CHECK_FALSE(txn.erase(world.one, view_of("key")));
  CHECK(txn.commit());
}

TEST_CASE("the first error ends a transaction: it answers nothing more and cannot commit") {
  World world;
  auto txn = world.write();
  txn.put(world.one, view_of("good"), view_of("value"));
  txn.put(world.one, Bytes(600, 1), view_of("a key that is too long"));
  CHECK_FALSE(txn.ok());
  CHECK_FALSE(txn.get(world.one, view_of("good")));
  CHECK_FALSE(lmdb::Cursor(txn, world.one).first());
  txn.put(world.one, view_of("more"), view_of("value"));
  const auto done = txn.commit();
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Code::internal);
  CHECK(done.error().text.find("writing a row") != std::string::npos);
  CHECK(world.read().rows(world.one) == 0);
}

TEST_CASE("a cursor walks the keys in byte order, both ways") {
  World world;
  auto txn = world.write();
  for (const std::uint32_t i : {300u, 2u, 70'000u, 1u}) txn.put(world.one, number(i), {});
  lmdb::Cursor cursor(txn, world.one);
  std::vector<std::uint32_t> seen;
  for (auto row = cursor.first(); row; row = cursor.next()) seen.push_back(number_of(row->key));
  CHECK(seen == std::vector<std::uint32_t>{1, 2, 300, 70'000});
  seen.clear();
  for (auto row = cursor.last(); row; row = cursor.prev()) seen.push_back(number_of(row->key));
  CHECK(seen == std::vector<std::uint32_t>{70'000, 300, 2, 1});
  CHECK(number_of(cursor.seek(number(3))->key) == 300);
  CHECK(number_of(cursor.seek(number(2))->key) == 2);
  CHECK_FALSE(cursor.seek(number(70'001)));
  CHECK(number_of(cursor.before(number(300))->key) == 2);
  CHECK(number_of(cursor.before(number(1'000'000))->key) == 70'000);
  CHECK_FALSE(cursor.before(number(1)));
}

TEST_CASE("a range holds exactly the keys of its prefix") {
  World world;
  auto txn = world.write();
  for (const char* key : {"a", "ab", "abc", "abd", "ac", "b"}) txn.put(world.one, view_of(key), view_of(key));
  const auto keys = [&](lmdb::Range range) {
    std::string out;
    for (const lmdb::Row& row : range) out += std::string(text_of(row.key)) + " ";
    return out;
  };
  CHECK(keys({txn, world.one, view_of("ab")}) == "ab abc abd ");
  CHECK(keys({txn, world.one, view_of("ab"), view_of("abd")}) == "abd ");
  CHECK(keys({txn, world.one, view_of("ab"), view_of("ac")}).empty());
  CHECK(keys({txn, world.one}) == "a ab abc abd ac b ");
  CHECK(keys({txn, world.other}).empty());
  CHECK(keys({txn, world.one, view_of("zz")}).empty());
}

TEST_CASE("append takes keys in any order, and packs rising ones") {
  World world;
  auto txn = world.write();
  for (std::uint32_t i = 1; i <= 5000; ++i) txn.append(world.one, number(i), Bytes(100, 7));
  for (std::uint32_t i = 1; i <= 5000; ++i) txn.put(world.other, number(i * 7919 % 5003), Bytes(100, 7));
  CHECK(txn.table_bytes(world.one) < txn.table_bytes(world.other));
  txn.append(world.one, number(17), view_of("late"));
  CHECK(text_of(*txn.get(world.one, number(17))) == "late");
  CHECK(txn.rows(world.one) == 5000);
  txn.clear(world.one);
  CHECK(txn.rows(world.one) == 0);
  CHECK(txn.commit());
}
