#include "relay/lmdb/env.hpp"

#include <sys/stat.h>

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/disk_tap.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace noroshi;
using noroshi::test::TemporaryDirectory;

namespace {

constexpr const char* kTable[] = {"things"};

mode_t mode_of(const std::filesystem::path& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

void put(lmdb::Env& env, lmdb::Dbi table, std::string_view key, std::string_view value) {
  auto txn = env.write();
  REQUIRE(txn);
  txn->put(table, view_of(key), view_of(value));
  REQUIRE(txn->commit());
}

std::optional<std::string> get(const lmdb::Env& env, lmdb::Dbi table, std::string_view key) {
  const auto txn = env.read();
  REQUIRE(txn);
  const auto value = txn->get(table, view_of(key));
  if (!value) return std::nullopt;
  return std::string(text_of(*value));
}

}  // namespace

TEST_CASE("a new environment is a directory that only its owner can enter") {
  const TemporaryDirectory home;
  const auto env = lmdb::Env::open({.directory = home / "store"});
  REQUIRE(env);
  CHECK(mode_of(home / "store") == 0700);
  CHECK(mode_of(home / "store" / "data.mdb") == 0600);
  CHECK(mode_of(home / "store" / "lock.mdb") == 0600);
}

TEST_CASE("what was committed is there after opening again") {
  const TemporaryDirectory home;
  {
    auto env = lmdb::Env::open({.directory = home / "store"});
    REQUIRE(env);
    const auto table = env->tables(kTable);
    REQUIRE(table);
    put(*env, table->front(), "key", "value");
  }
  auto env = lmdb::Env::open({.directory = home / "store"});
  REQUIRE(env);
  const auto table = env->tables(kTable);
  REQUIRE(table);
  CHECK(get(*env, table->front(), "key") == "value");
}

TEST_CASE("a directory that others may enter is refused, with the command that mends it") {
  const TemporaryDirectory home;
  std::filesystem::create_directory(home / "store");
  REQUIRE(::chmod((home / "store").c_str(), 0750) == 0);
  const auto env = lmdb::Env::open({.directory = home / "store"});
  REQUIRE_FALSE(env);
  CHECK(env.error().code == Code::permission);
  CHECK(env.error().text.find("chmod 700 ") != std::string::npos);
}

TEST_CASE("a data file that others may read is refused") {
  const TemporaryDirectory home;
  { REQUIRE(lmdb::Env::open({.directory = home / "store"})); }
  REQUIRE(::chmod((home / "store" / "data.mdb").c_str(), 0644) == 0);
  const auto env = lmdb::Env::open({.directory = home / "store"});
  REQUIRE_FALSE(env);
  CHECK(env.error().code == Code::permission);
  CHECK(env.error().text.find("chmod 600 ") != std::string::npos);
}

TEST_CASE("a symbolic link is refused, as directory and as file") {
  const TemporaryDirectory home;
  { REQUIRE(lmdb::Env::open({.directory = home / "real"})); }
  std::filesystem::create_symlink(home / "real", home / "store");
  CHECK(lmdb::Env::open({.directory = home / "store"}).error().code == Code::permission);

  std::filesystem::rename(home / "real" / "data.mdb", home / "elsewhere.mdb");
  std::filesystem::create_symlink(home / "elsewhere.mdb", home / "real" / "data.mdb");
  CHECK(lmdb::Env::open({.directory = home / "real"}).error().code == Code::permission);
}

TEST_CASE("a directory of another user is refused") {
  if (::geteuid() != 0) return;  // only root can give a directory away
  const TemporaryDirectory home;
  std::filesystem::create_directory(home / "store");
  REQUIRE(::chmod((home / "store").c_str(), 0700) == 0);
  REQUIRE(::chown((home / "store").c_str(), 12345, 12345) == 0);
  const auto env = lmdb::Env::open({.directory = home / "store"});
  REQUIRE_FALSE(env);
  CHECK(env.error().code == Code::permission);
  CHECK(env.error().text.find("another user") != std::string::npos);
}

TEST_CASE("a file where the directory should be is refused") {
  const TemporaryDirectory home;
  std::ofstream(home / "store") << "not a directory";
  REQUIRE(::chmod((home / "store").c_str(), 0600) == 0);
  CHECK(lmdb::Env::open({.directory = home / "store"}).error().code == Code::cannot_make);
}

TEST_CASE("a directory whose parent is missing cannot be made") {
  const TemporaryDirectory home;
  CHECK(lmdb::Env::open({.directory = home / "no" / "store"}).error().code == Code::cannot_make);
}

TEST_CASE("a file that is no database is an error, not a crash") {
  const TemporaryDirectory home;
  std::filesystem::create_directory(home / "store");
  REQUIRE(::chmod((home / "store").c_str(), 0700) == 0);
  std::ofstream(home / "store" / "data.mdb") << std::string(9000, 'x');
  REQUIRE(::chmod((home / "store" / "data.mdb").c_str(), 0600) == 0);
  const auto env = lmdb::Env::open({.directory = home / "store"});
  REQUIRE_FALSE(env);
  CHECK(env.error().code == Code::io);
}

TEST_CASE("a new data file gets its name only once it is whole on disk") {
  const TemporaryDirectory home;
  const auto file = home / "store" / "data.mdb";
  int before_it_has_its_name = 0;
  {
    test::DiskTap tap;
    bool synced = false;
    tap.synced = [&](int) { synced = true; };
    tap.on_write = [&](int, off_t, BytesView) {
      if (!std::filesystem::exists(file)) ++before_it_has_its_name;
      CHECK((synced || !std::filesystem::exists(file)));
      return 0;
    };
    REQUIRE(lmdb::Env::open({.directory = home / "store"}));
  }
  CHECK(before_it_has_its_name > 0);
  CHECK(std::filesystem::file_size(file) >= 8192);
  for (const auto& entry : std::filesystem::directory_iterator(home / "store"))
    CHECK(entry.path().extension() == ".mdb");
}

TEST_CASE("what a power cut left of the making of a store does not matter") {
  const TemporaryDirectory home;
  std::filesystem::create_directories(home / "store" / "making-abcdef");
  REQUIRE(::chmod((home / "store").c_str(), 0700) == 0);
  std::ofstream(home / "store" / "making-abcdef" / "data.mdb") << "half a page";
  CHECK(lmdb::Env::open({.directory = home / "store"}));
}

TEST_CASE("one program at a time has a store exclusively") {
  const TemporaryDirectory home;
  auto first = lmdb::Env::open({.directory = home / "store", .exclusive = true});
  REQUIRE(first);
  const auto second = lmdb::Env::open({.directory = home / "store", .exclusive = true});
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Code::unavailable);
  { const lmdb::Env ended = std::move(*first); }
  CHECK(lmdb::Env::open({.directory = home / "store", .exclusive = true}));
}

TEST_CASE("a full map is a temporary no, what was there stays, and growing it helps") {
  const TemporaryDirectory home;
  auto env = lmdb::Env::open({.directory = home / "store", .map_bytes = 1u << 20});
  REQUIRE(env);
  const auto table = env->tables(kTable);
  REQUIRE(table);
  put(*env, table->front(), "early", "kept");
  const Bytes big(2u << 20, 0x5A);
  {
    auto txn = env->write();
    REQUIRE(txn);
    txn->put(table->front(), view_of("big"), big);
    CHECK(txn->trouble() == lmdb::Trouble::map_full);
    const auto done = txn->commit();
    REQUIRE_FALSE(done);
    CHECK(done.error().code == Code::temporary);
  }
  CHECK(get(*env, table->front(), "early") == "kept");
  REQUIRE(env->grow(8u << 20));
  {
    auto txn = env->write();
    REQUIRE(txn);
    txn->put(table->front(), view_of("big"), big);
    CHECK(txn->commit());
  }
  CHECK(get(*env, table->front(), "big")->size() == big.size());
}

TEST_CASE("the map does not grow under an open snapshot") {
  const TemporaryDirectory home;
  auto env = lmdb::Env::open({.directory = home / "store"});
  REQUIRE(env);
  {
    const auto reader = env->read();
    REQUIRE(reader);
    CHECK(env->grow(128u << 20).error().code == Code::temporary);
  }
  CHECK(env->grow(128u << 20));
  CHECK(env->size().map_bytes == 128u << 20);
}
