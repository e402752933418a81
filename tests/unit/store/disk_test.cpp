#include <sys/stat.h>

#include <cerrno>
#include <fstream>

#include "tests/support/disk_tap.hpp"
#include "tests/support/store_world.hpp"

using namespace noroshi;
using namespace noroshi::test;

namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

/// A turn that writes some, and what its commit says.
Result<void> try_turn(const StoreWorld& world, std::uint64_t n) {
  const auto turn = world.begin();
  turn->put(report(n));
  turn->put_body(id_of(n), Bytes(20'000, 1));
  return turn->commit();
}

}  // namespace

TEST_CASE("a new store has a name of its own, and keeps it") {
  StoreWorld world;
  const auto id = world.view()->id();
  CHECK(id.value != 0);
  world.reopen();
  CHECK(world.view()->id() == id);
  world.turn([](store::Turn& turn) { turn.set_id({77}); });
  world.reopen();
  CHECK(world.view()->id() == StoreId{77});
}

TEST_CASE("only its owner can read a store") {
  const StoreWorld world;
  CHECK(mode_of(world.home / "store") == 0700);
  for (const char* file : {"data.mdb", "lock.mdb", "ballast"})
    CHECK(mode_of(world.home / "store" / file) == 0600);
}

TEST_CASE("two programs cannot have one store") {
  StoreWorld world;
  const auto second = store::Disk::open({.directory = world.home / "store"}, world.rng);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Code::unavailable);
}

TEST_CASE("a store of a newer format is refused, and not touched") {
  StoreWorld world;
  world.close();
  const auto set_format = [&](std::uint64_t format) {
    auto env = lmdb::Env::open({.directory = world.home / "store"});
    const auto meta = env->tables(std::array{"meta"});
    auto txn = env->write();
    txn->put(meta->front(), view_of("format"),
             store::with_sum(view_of("format"), store::encode_number(format)));
    REQUIRE(txn->commit());
  };
  set_format(store::kFormat + 1);
  const auto refused = store::Disk::open({.directory = world.home / "store"}, world.rng);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::config);
  CHECK(refused.error().text.find("install the newer program") != std::string::npos);
  set_format(store::kFormat);
  world.open();
}

TEST_CASE("a store of the first format is made a new one when it is opened, and nothing of it is lost") {
  StoreWorld world;
  world.turn([](store::Turn& turn) {
    for (std::uint64_t i = 1; i <= 40; ++i) {
      core::Record record = report(i);
      record.origin = i % 2 == 0;
      turn.put(record);
      if (i % 3 == 0) turn.put_inbox(record.id, record.created);
    }
  });
  const auto waiting = [&] {
    std::size_t out = 0;
    const auto view = world.disk->view();
    for (int level = 0; level < static_cast<int>(proto::kLevels); ++level)
      out += (*view)->unanswered(static_cast<proto::Level>(level), {INT64_MAX}, 1'000);
    return out;
  };
  const std::size_t before = waiting();
  REQUIRE(before == 20);
  const proto::MailSum mail = world.begin()->mail_sum({});
  REQUIRE(mail.count == 13);
  world.surgery([](lmdb::WriteTxn& txn, const store::Tables& tables) {
    for (const auto table : {store::Table::unanswered, store::Table::mail, store::Table::tally})
      txn.clear(tables[table]);
    txn.put(tables[store::Table::meta], view_of("format"),
            store::with_sum(view_of("format"), store::encode_number(1)));
  });
  CHECK(waiting() == before);
  const auto turn = world.begin();
  CHECK(turn->mail_sum({}) == mail);
  CHECK(turn->mail({}, {}, 100).size() == 13);
  for (std::uint64_t i = 1; i <= 40; ++i) CHECK(turn->record(report(i).id).has_value());
}

TEST_CASE("a store whose format cannot be read is refused, not taken for a new one") {
  StoreWorld world;
  world.turn([](store::Turn& turn) { turn.put(report(1)); });
  const auto operate = [&](const std::function<void(lmdb::WriteTxn&, lmdb::Dbi)>& doing) {
    world.close();
    auto env = lmdb::Env::open({.directory = world.home / "store"});
    const auto meta = env->tables(std::array{"meta"});
    auto txn = env->write();
    doing(*txn, meta->front());
    REQUIRE(txn->commit());
  };
  operate(
      [](lmdb::WriteTxn& txn, lmdb::Dbi meta) { txn.put(meta, view_of("format"), view_of("123456789012")); });
  CHECK(store::Disk::open({.directory = world.home / "store"}, world.rng).error().code == Code::io);
  operate([](lmdb::WriteTxn& txn, lmdb::Dbi meta) { txn.erase(meta, view_of("format")); });
  CHECK(store::Disk::open({.directory = world.home / "store"}, world.rng).error().code == Code::io);
}

TEST_CASE(
    "a full map refuses before it breaks, keeps what it has, can still delete, and recovers by growing") {
  StoreWorld world({.map_first = 8u << 20, .map_max = 8u << 20});
  std::uint64_t n = 0;
  while (world.disk->pressure() == core::Pressure::none) {
    REQUIRE(n < 1000);
    REQUIRE(try_turn(world, ++n));
  }
  CHECK(world.disk->fill().percent() >= store::kRefuseNewPercent);
  const std::uint64_t taken = n;

  SECTION("acks and deletions still find room, and make it") {
    for (std::uint64_t i = 1; i <= taken / 2; ++i)
      world.turn([&](store::Turn& turn) {
        auto record = *turn.record(id_of(i));
        record.body_held = false;
        record.duties.clear();
        turn.put(record);
        turn.drop_body(record.id);
      });
    CHECK(try_turn(world, ++n));
    CHECK(world.begin()->pressure() == core::Pressure::none);
  }
  SECTION("who goes on all the same is told, and loses nothing that was committed") {
    Result<void> outcome;
    while (outcome) {
      REQUIRE(n < 1000);
      outcome = try_turn(world, ++n);
    }
    CHECK(outcome.error().code == Code::temporary);
    const auto recovery = world.disk->recover();
    REQUIRE(recovery);
    CHECK_FALSE(recovery->grown);
    CHECK(world.begin()->pressure() != core::Pressure::none);
    for (std::uint64_t i = 1; i < n; ++i) REQUIRE(world.view()->body(id_of(i)));
    CHECK_FALSE(world.view()->record(id_of(n)));

    world.reopen({.map_first = 8u << 20, .map_max = 32u << 20});
    CHECK(world.begin()->pressure() == core::Pressure::none);
    CHECK(try_turn(world, n));
    for (std::uint64_t i = 1; i <= n; ++i) REQUIRE(world.view()->body(id_of(i)));
  }
}

TEST_CASE("the map grows by itself while it may, and waits for a view to end") {
  StoreWorld world({.map_first = 1u << 20, .map_max = 64u << 20});
  for (std::uint64_t n = 1; n <= 20; ++n) REQUIRE(try_turn(world, n));
  const auto view = world.view();
  std::uint64_t n = 20;
  Result<void> outcome;
  while (outcome && n < 500) outcome = try_turn(world, ++n);
  REQUIRE_FALSE(outcome);  // the open view holds the map where it is
  CHECK(outcome.error().code == Code::temporary);
}

TEST_CASE("a hundred bodies fit a map that began too small for them") {
  StoreWorld world({.map_first = 1u << 20, .map_max = 64u << 20});
  for (std::uint64_t n = 1; n <= 100; ++n) REQUIRE(try_turn(world, n));
  CHECK(world.view()->body(id_of(1)));
}

TEST_CASE("a full disk fails the turn, gives back the ballast, and refuses until there is room again") {
  StoreWorld world;
  REQUIRE(try_turn(world, 1));
  {
    DiskTap tap;
    SECTION("said so") {
      tap.on_write = [](int, off_t, BytesView) { return ENOSPC; };
    }
    SECTION("seen by a write that it cuts short") {
      tap.on_write = [](int, off_t, BytesView) { return test::kCutShort; };
      tap.no_room = true;
    }
    const auto outcome = try_turn(world, 2);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == Code::temporary);
    CHECK(outcome.error().text.find("no space") != std::string::npos);
  }
  CHECK(std::filesystem::exists(world.home / "store" / "ballast"));
  const auto recovery = world.disk->recover();
  REQUIRE(recovery);
  CHECK(recovery->ballast_released);
  CHECK_FALSE(std::filesystem::exists(world.home / "store" / "ballast"));
  CHECK(world.begin()->pressure() == core::Pressure::refuse_new);
  CHECK_FALSE(world.view()->record(id_of(2)));
  CHECK(world.view()->body(id_of(1)));
  // The disk has room here, so the ballast comes back after some turns, and with it the intake.
  for (int i = 0; i < 70; ++i) CHECK(world.begin());
  CHECK(world.begin()->pressure() == core::Pressure::none);
  CHECK(std::filesystem::exists(world.home / "store" / "ballast"));
}

TEST_CASE("a sync that fails is a commit that did not happen, and the store opens anew") {
  StoreWorld world;
  REQUIRE(try_turn(world, 1));
  {
    DiskTap tap;
    tap.on_sync = [](int) { return EIO; };
    const auto outcome = try_turn(world, 2);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == Code::io);
  }
  const auto recovery = world.disk->recover();
  REQUIRE(recovery);
  CHECK(recovery->reopened);
  CHECK_FALSE(world.view()->record(id_of(2)));
  CHECK(try_turn(world, 3));
  world.reopen();
  CHECK(world.view()->body(id_of(1)));
  CHECK(world.view()->body(id_of(3)));
}

TEST_CASE("a root that could not be written is a commit that did not happen") {
  StoreWorld world;
  REQUIRE(try_turn(world, 1));
  {
    DiskTap tap;
    tap.on_write = [](int fd, off_t, BytesView) { return writes_through(fd) ? EIO : 0; };
    CHECK(try_turn(world, 2).error().code == Code::io);
  }
  // LMDB wants to be opened anew after this: until then nothing begins.
  CHECK_FALSE(world.disk->begin());
  REQUIRE(world.disk->recover());
  CHECK_FALSE(world.view()->record(id_of(2)));
  CHECK(try_turn(world, 3));
}
