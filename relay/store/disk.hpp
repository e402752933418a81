// The store on disk: one directory, one owner, one turn at a time.
//
//   auto disk = Disk::open({.directory = …}, rng);
//   auto turn = disk->begin();   …   turn->commit();        // durable now, or undone
//   after a failed commit: drop the turn, disk->recover(), rebuild the node from a new turn
//
// Durability: LMDB writes the pages of a commit, waits for fdatasync, then writes the new root through a
// descriptor that is opened O_DSYNC: a power cut at any instant leaves the last commit or the one before,
// never a mixture (DESIGN.md, "One commit"). There is no option that weakens this.
//
// Space: the map grows by doubling while it is less than half free, up to `map_max`. When 90 % of what the
// store can ever use is used, pressure asks the node to refuse new envelopes, so that acks, receipts and
// deletions still find pages.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "proto/random.hpp"
#include "relay/core/store.hpp"
#include "relay/lmdb/env.hpp"
#include "relay/store/ballast.hpp"
#include "relay/store/mend.hpp"
#include "relay/store/schema.hpp"
#include "relay/store/turn.hpp"
#include "relay/store/view.hpp"

namespace noroshi::store {

struct DiskOptions {
  std::filesystem::path directory{};
  /// First size of the map. Small stores stay small; each doubling is one system call between turns.
  std::size_t map_first = std::size_t{64} << 20;
  /// Never larger than this. 10^7 envelopes of 340 bytes with their records and indexes are about 9 GB
  /// (DESIGN.md).
  std::size_t map_max = std::size_t{16} << 30;
  /// Given back to the file system when it is full: room for some hundred turns of acks and deletions.
  std::size_t ballast = std::size_t{16} << 20;
};

/// New envelopes stop at this share of what the store can use …
inline constexpr unsigned kRefuseNewPercent = 90;
/// … and flash stops when half of the rest is gone too.
inline constexpr unsigned kOnlyEssentialPercent = 95;

class Disk {
 public:
  /// Opens, or makes and names a new store (`rng` outlives it). Errors: as lmdb::Env::open; unavailable
  /// (another program has it); config (the store is of a newer format); io (it is damaged beyond its rows).
  [[nodiscard]] static Result<std::unique_ptr<Disk>> open(DiskOptions options, Rng& rng);
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  /// The next turn: one at a time, and it ends before the Disk does.
  [[nodiscard]] Result<std::unique_ptr<Turn>> begin();
  /// A snapshot of the last commit.
  [[nodiscard]] Result<std::unique_ptr<View>> view();

  /// What a failed turn (or a failed View::check) leaves to do, done: a full disk gets its ballast back, a
  /// full map grows, a failed write opens the file anew, a row that cannot be read is set aside. No turn and
  /// no view may be open. An error here means that the store cannot go on: end the program.
  struct Recovery {
    bool ballast_released = false, grown = false, reopened = false;
    Mended mended;
  };
  [[nodiscard]] Result<Recovery> recover();

  struct Fill {
    std::size_t used = 0;      ///< bytes of pages that hold rows
    std::size_t capacity = 0;  ///< what they can become: `map_max`, or less if the file system has less
    [[nodiscard]] unsigned percent() const {
      return capacity == 0 ? 100 : static_cast<unsigned>(used * 100 / capacity);
    }
  };
  /// As the last turn began.
  [[nodiscard]] Fill fill() const { return fill_; }
  [[nodiscard]] core::Pressure pressure() const;

 private:
  Disk(DiskOptions options, Rng& rng, lmdb::Env env);
  Result<void> prepare();
  Result<void> measure();
  void grow();
  void relax();

  DiskOptions options_;
  Rng& rng_;
  lmdb::Env env_;
  Tables tables_;
  Ballast ballast_;
  TurnEnd end_;
  bool view_met_damage_ = false;
  Fill fill_;
  /// After a full disk or map: refuse until there is room again, whatever the percentage says.
  enum class Squeeze : std::uint8_t { none, disk, map };
  Squeeze squeeze_ = Squeeze::none;
  Fill squeezed_at_;
  std::size_t free_ = 0,
              squeezed_free_ = 0;  ///< bytes of the file system: now, and after the ballast was given back
  bool ballast_given_ = false;
  unsigned turns_since_trouble_ = 0;
};

}  // namespace noroshi::store
