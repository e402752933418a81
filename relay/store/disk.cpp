#include "relay/store/disk.hpp"

#include <sys/statvfs.h>

#include <algorithm>

#include "proto/language.hpp"
#include "relay/store/layout.hpp"
#include "relay/store/upgrade.hpp"

namespace noroshi::store {
namespace {

/// The ballast is taken only where it is a small part of what is left.
constexpr std::size_t kBallastShare = 4;
/// Where the file system says that there is room, it is asked for the ballast's again this often: it may be a
/// quota that is used up. A relay that refuses has few turns.
constexpr unsigned kTurnsBetweenTries = 4;
/// … but so much more room than there was in trouble is room again: sixteen of the largest turns.
constexpr std::size_t kRoomAgain = std::size_t{4} << 20;
/// After a full map new envelopes wait until this much less is used than when it was full.
constexpr unsigned kMapRelaxPercent = 5;

/// 0 where it cannot be asked: then nothing new is taken.
std::size_t free_bytes(const std::filesystem::path& directory) {
  struct statvfs facts {};
  if (::statvfs(directory.c_str(), &facts) != 0) return 0;
  return static_cast<std::size_t>(facts.f_bavail) * facts.f_frsize;
}

lmdb::EnvOptions env_options(const DiskOptions& options) {
  return {.directory = options.directory,
          .map_bytes = options.map_first,
          .tables_max = kTables,
          .exclusive = true};
}

/// The format of the store, 0 if it is new.
Result<std::uint64_t> read_format(const lmdb::Env& env, lmdb::Dbi meta) {
  TRY(const lmdb::ReadTxn txn, env.read());
  const auto row = txn.get(meta, view_of(kMetaFormat));
  TRY_VOID(txn.check());
  if (!row) {
    if (txn.rows(meta) != 0)
      return no(Code::io, "保管庫の形式が失われています：復元するか、新しい保管庫で始めてください",
                "the store has lost its format: restore it, or begin a new store");
    return std::uint64_t{0};
  }
  const auto value = checked(view_of(kMetaFormat), *row);
  const auto format = value ? decode_number(*value) : std::nullopt;
  if (!format || *format == 0)
    return no(Code::io, "保管庫の形式が壊れています：復元するか、新しい保管庫で始めてください",
              "the store's format is damaged: restore it, or begin a new store");
  return *format;
}

Result<void> check_format(std::uint64_t format) {
  if (format <= kFormat) return {};
  return Error{Code::config, "the store has format " + std::to_string(format) + ", this program knows " +
                                 std::to_string(kFormat) + ": install the newer program"};
}

Error not_recovered() {
  return {Code::io, "the store is closed: it could not be opened again after a failure"};
}

}  // namespace

Disk::Disk(DiskOptions options, Rng& rng, lmdb::Env env)
    : options_(std::move(options)),
      rng_(rng),
      env_(std::move(env)),
      ballast_(options_.directory, options_.ballast) {}

Result<std::unique_ptr<Disk>> Disk::open(DiskOptions options, Rng& rng) {
  options.map_first = std::min(options.map_first, options.map_max);
  TRY(lmdb::Env env, lmdb::Env::open(env_options(options)));
  std::unique_ptr<Disk> disk(new Disk(std::move(options), rng, std::move(env)));
  TRY_VOID(disk->prepare());
  if (free_bytes(disk->options_.directory) / kBallastShare >= disk->options_.ballast) disk->ballast_.take();
  TRY_VOID(disk->measure());
  return disk;
}

/// Tables and format; a new store gets its name, an older one what it lacks.
Result<void> Disk::prepare() {
  const auto place = options_.directory.string();
  const auto here = [&](Error error) { return within(place, std::move(error)); };
  constexpr std::array kFirst{kTableNames[0]};
  const auto meta = env_.tables(kFirst);
  if (!meta) return here(meta.error());
  const auto format = read_format(env_, meta->front());
  if (!format) return here(format.error());
  if (const auto known = check_format(*format); !known) return here(known.error());

  const auto handles = env_.tables(kTableNames);
  if (!handles) return here(handles.error());
  std::copy(handles->begin(), handles->end(), tables_.handles.begin());
  if (*format == kFormat) return {};

  TRY(lmdb::WriteTxn txn, env_.write());
  if (*format != 0) {
    TRY_VOID(upgrade(txn, tables_, *format));
    return txn.commit();
  }
  const auto name = [&](std::string_view key, std::uint64_t value) {
    txn.put(tables_[Table::meta], view_of(key), with_sum(view_of(key), encode_number(value)));
  };
  name(kMetaFormat, kFormat);
  name(kMetaStore, std::max<std::uint64_t>(1, rng_.u64()));
  return txn.commit();
}

// ---- turns

Result<std::unique_ptr<Turn>> Disk::begin() {
  NOROSHI_ASSERT(!end_.open);
  if (!env_.open()) return not_recovered();
  grow();
  end_.trouble = lmdb::Trouble::other;  // should it not begin: open anew
  TRY_VOID(measure());
  relax();
  TRY(lmdb::WriteTxn txn, env_.write());
  return std::make_unique<Turn>(std::move(txn), tables_, pressure(), end_);
}

Result<std::unique_ptr<View>> Disk::view() {
  if (!env_.open()) return not_recovered();
  TRY(lmdb::ReadTxn txn, env_.read());
  return std::make_unique<View>(std::move(txn), tables_, view_met_damage_);
}

// ---- space

core::Pressure Disk::pressure() const {
  const unsigned percent = fill_.percent();
  if (percent >= kOnlyEssentialPercent) return core::Pressure::only_essential;
  if (percent >= kRefuseNewPercent || squeeze_ != Squeeze::none) return core::Pressure::refuse_new;
  return core::Pressure::none;
}

/// Doubles the map while less than half of it was never used. With a view open it waits for the next turn.
void Disk::grow() {
  const auto size = env_.size();
  std::size_t map = size.map_bytes;
  while (map < options_.map_max && size.used_end > map / 2) map = std::min(map * 2, options_.map_max);
  if (map > size.map_bytes) (void)env_.grow(map).ok();
}

Result<void> Disk::measure() {
  TRY(const lmdb::ReadTxn txn, env_.read());
  fill_.used = 0;
  for (const lmdb::Dbi table : tables_.handles) fill_.used += txn.table_bytes(table);
  TRY_VOID(txn.check());
  free_ = free_bytes(options_.directory);
  fill_.capacity = std::min(options_.map_max, env_.size().used_end + free_);
  return {};
}

/// Ends a squeeze when there is room again, and keeps a ballast again.
void Disk::relax() {
  const bool try_ballast = ballast_given_ && ++turns_since_trouble_ % kTurnsBetweenTries == 0 &&
                           free_ / kBallastShare >= options_.ballast;
  const bool has_ballast = try_ballast && ballast_.take();
  ballast_given_ = ballast_given_ && !has_ballast;
  const bool disk_has_room =
      squeeze_ == Squeeze::disk && (has_ballast || free_ >= squeezed_free_ + kRoomAgain);
  const bool map_has_room =
      squeeze_ == Squeeze::map && fill_.percent() + kMapRelaxPercent <= squeezed_at_.percent();
  if (disk_has_room || map_has_room) squeeze_ = Squeeze::none;
}

// ---- trouble

Result<Disk::Recovery> Disk::recover() {
  NOROSHI_ASSERT(!end_.open);
  Recovery out;
  const TurnEnd end = end_;  // stands until all of this has succeeded
  if (end.trouble == lmdb::Trouble::disk_full) {
    out.ballast_released = ballast_.release();
    ballast_given_ = ballast_given_ || out.ballast_released;
    squeeze_ = Squeeze::disk;
    squeezed_free_ = free_bytes(options_.directory);
    turns_since_trouble_ = 0;
  }
  if (end.trouble == lmdb::Trouble::map_full) {
    const auto size = env_.size();
    if (size.map_bytes < options_.map_max) {
      TRY_VOID(env_.grow(std::min(size.map_bytes * 2, options_.map_max)));
      out.grown = true;
    } else {
      squeeze_ = Squeeze::map;
      squeezed_at_ = fill_;
    }
  }
  // Whatever the error was: if it met the write of the root, LMDB does nothing more with this handle.
  const bool usable = env_.open() && env_.read().ok();
  if (!usable || end.trouble == lmdb::Trouble::damaged || end.trouble == lmdb::Trouble::other) {
    // The old map and descriptors go first: LMDB's file locks allow one Env per process.
    { const lmdb::Env ended = std::move(env_); }
    TRY(env_, lmdb::Env::open(env_options(options_)));
    TRY_VOID(prepare());
    out.reopened = true;
  }
  // If the file itself is unsound, reading all of it shows whether there is anything to go on with.
  if (end.damaged || std::exchange(view_met_damage_, false) || end.trouble == lmdb::Trouble::damaged) {
    TRY(lmdb::WriteTxn txn, env_.write());
    TRY(out.mended, mend(txn, tables_, rng_));
    TRY_VOID(txn.commit());
  }
  TRY_VOID(measure());
  end_ = {};
  return out;
}

}  // namespace noroshi::store
