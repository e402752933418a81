// A store in a directory of its own, and the few steps that tests of it repeat.
#pragma once

#include <functional>

#include "relay/store/disk.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/seeded_random.hpp"
#include "tests/support/store_rows.hpp"
#include "tests/support/temporary_directory.hpp"

namespace noroshi::test {

class StoreWorld {
 public:
  explicit StoreWorld(store::DiskOptions options = {}) : options_(std::move(options)) {
    options_.directory = home / "store";
    open();
  }
  void open() {
    auto opened = store::Disk::open(options_, rng);
    REQUIRE(opened);
    disk = std::move(*opened);
  }
  void close() { disk.reset(); }
  void reopen() {
    close();
    open();
  }
  /// Opens again with other limits.
  void reopen(store::DiskOptions options) {
    close();
    options_ = std::move(options);
    options_.directory = home / "store";
    open();
  }

  [[nodiscard]] std::unique_ptr<store::Turn> begin() const {
    auto turn = disk->begin();
    REQUIRE(turn);
    return std::move(*turn);
  }
  [[nodiscard]] std::unique_ptr<store::View> view() const {
    auto opened = disk->view();
    REQUIRE(opened);
    return std::move(*opened);
  }
  /// One committed turn.
  void turn(const std::function<void(store::Turn&)>& doing) const {
    const auto open = begin();
    doing(*open);
    REQUIRE(open->commit());
  }
  /// Rows past every promise of the store, behind its back.
  void surgery(const std::function<void(lmdb::WriteTxn&, const store::Tables&)>& doing) {
    close();
    {
      auto env = lmdb::Env::open({.directory = options_.directory});
      REQUIRE(env);
      const auto handles = env->tables(store::kTableNames);
      REQUIRE(handles);
      store::Tables tables;
      std::copy(handles->begin(), handles->end(), tables.handles.begin());
      auto txn = env->write();
      REQUIRE(txn);
      doing(*txn, tables);
      REQUIRE(txn->commit());
    }
    open();
  }

  TemporaryDirectory home;
  SeededRng rng{1};
  std::unique_ptr<store::Disk> disk;

 private:
  store::DiskOptions options_;
};

/// A message id that is easy to tell.
[[nodiscard]] inline MsgId id_of(std::uint64_t n) {
  const Bytes bytes = Writer().u64(n * 0x9E37'79B9'7F4A'7C15).u64(n).take();
  return {array_of<16>(bytes)};
}

inline constexpr core::PeerId kToyama{{16}, 1};
inline constexpr core::PeerId kNational{{1}, 1};

/// A routine report of 340 bytes, owed to the national body.
[[nodiscard]] inline core::Record report(std::uint64_t n) {
  core::Record out;
  out.id = id_of(n);
  out.key = {{{17}, 3}, 1};
  out.seq = static_cast<Seq>(n);
  out.ctype = 1;
  out.level = proto::Level::routine;
  out.arrival = n;
  out.size = 340;
  out.from = kToyama;
  out.created = out.first_seen = {1000};
  out.dead_at = {5'000'000};
  out.targets = {{1}, {2}};
  out.prevs = {1, 1};
  out.duties.resize(2);
  for (std::uint8_t wrap = 0; wrap < 2; ++wrap) {
    out.duties[wrap].wrap = wrap;
    out.duties[wrap].via = kNational;
  }
  return out;
}

}  // namespace noroshi::test
