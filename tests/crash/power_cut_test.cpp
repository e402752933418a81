// The power goes at every instant of a run: between any two writes, in the middle of one, with what was not
// yet synced lost, torn or kept by chance. The store then opens at the last commit that was promised, or the
// one after it, whole.
//
// Model of the disk: a write is sure once a sync that began after it has returned, or at once through an
// O_DSYNC descriptor; anything else may be there in any subset of its 512-byte sectors, in any order.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "tests/crash/numbered.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/disk_tap.hpp"
#include "tests/support/seeded_random.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace noroshi;

namespace {

constexpr std::size_t kSector = 512;

struct Step {
  enum Kind { write, sync } kind = write;
  std::size_t at = 0;
  Bytes bytes;
  bool through = false;
};

void lay(Bytes& image, std::size_t at, BytesView bytes) {
  if (image.size() < at + bytes.size()) image.resize(at + bytes.size());
  std::copy(bytes.begin(), bytes.end(), image.begin() + static_cast<std::ptrdiff_t>(at));
}

/// A run, as the disk saw it.
struct Run {
  std::vector<Step> steps;
  std::size_t named = SIZE_MAX;  ///< the step before which the data file got its name
  std::vector<std::pair<std::size_t, std::uint64_t>> promises;  ///< from this step on, up to this number
};

Run record_run(const std::filesystem::path& directory, int turns) {
  Run run;
  const auto note = [&](Step step) {
    if (run.named == SIZE_MAX && std::filesystem::exists(directory / "data.mdb"))
      run.named = run.steps.size();
    run.steps.push_back(std::move(step));
  };
  test::DiskTap tap;
  tap.on_write = [&](int fd, off_t at, BytesView bytes) {
    note({Step::write, static_cast<std::size_t>(at), bytes_of(bytes), test::writes_through(fd)});
    return 0;
  };
  tap.synced = [&](int) { note({Step::sync, 0, {}, false}); };
  test::SeededRng rng(3);
  auto disk = store::Disk::open({.directory = directory, .ballast = 0}, rng);
  REQUIRE(disk);
  std::uint64_t n = 0;
  for (int i = 0; i < turns; ++i) {
    auto turn = (*disk)->begin();
    REQUIRE(turn);
    for (std::uint64_t batch = 1 + rng.below(10); batch > 0; --batch) test::put_number(**turn, ++n);
    REQUIRE((*turn)->commit());
    run.promises.emplace_back(run.steps.size(), n);
  }
  return run;
}

/// The data file (empty: not there yet) if the power goes within step `cut` (whose bytes may be there in
/// part).
Bytes image_after_cut(const Run& run, std::size_t cut, test::SeededRng& rng) {
  std::size_t sure = 0;  // steps before the last sync
  for (std::size_t i = 0; i < cut; ++i)
    if (run.steps[i].kind == Step::sync) sure = i;
  Bytes image;
  if (cut < run.named) return image;
  const auto chance = rng.below(4);  // nothing of what is unsure, all of it, or any part
  for (std::size_t i = 0; i <= cut && i < run.steps.size(); ++i) {
    const Step& step = run.steps[i];
    if (step.kind == Step::sync) continue;
    const bool is_sure = i < sure || (step.through && i < cut);
    for (std::size_t at = 0; at < step.bytes.size();) {
      const std::size_t size = std::min(kSector - (step.at + at) % kSector, step.bytes.size() - at);
      const bool there = is_sure || chance == 1 || (chance > 1 && rng.below(2) == 0);
      if (there) lay(image, step.at + at, BytesView(step.bytes).subspan(at, size));
      at += size;
    }
  }
  return image;
}

std::uint64_t promised_at(const Run& run, std::size_t cut) {
  std::uint64_t out = 0;
  for (const auto& [step, number] : run.promises)
    if (step <= cut) out = number;
  return out;
}

/// What a store that opens on an image is like.
struct Found {
  std::uint64_t last = 0;
  std::string wrong;  ///< empty: whole
};

Found open_on(const std::filesystem::path& directory, const Bytes& image) {
  std::filesystem::remove_all(directory);
  std::filesystem::create_directory(directory);
  ::chmod(directory.c_str(), 0700);
  if (!image.empty()) {
    std::ofstream(directory / "data.mdb", std::ios::binary)
        .write(reinterpret_cast<const char*>(image.data()), static_cast<std::streamsize>(image.size()));
    ::chmod((directory / "data.mdb").c_str(), 0600);
  }
  test::SeededRng rng(4);
  auto disk = store::Disk::open({.directory = directory, .ballast = 0}, rng);
  if (!disk) return {0, disk.error().text};
  if (const std::string wrong = test::what_is_wrong(**disk); !wrong.empty()) return {0, wrong};
  auto turn = (*disk)->begin();
  if (!turn) return {0, turn.error().text};
  return {test::last_number(**turn), {}};
}

/// In a process of its own: LMDB may well fall over a file that no disk leaves behind.
bool survives_apart(const std::filesystem::path& directory, const Bytes& image, std::uint64_t promised) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    for (const int signal : {SIGSEGV, SIGBUS, SIGABRT}) ::signal(signal, SIG_DFL);
    if (std::freopen("/dev/null", "w", stderr) == nullptr) ::_exit(2);
    const Found found = open_on(directory, image);
    ::_exit(found.wrong.empty() && found.last >= promised ? 0 : 1);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("the power may go at any instant: what was promised is there, and nothing half") {
  const test::TemporaryDirectory home;
  const Run run = record_run(home / "store", 25);
  REQUIRE(run.steps.size() > 100);
  test::SeededRng rng(5);
  std::size_t cuts = 0, between = 0;
  for (std::size_t cut = 0; cut <= run.steps.size(); ++cut) {
    INFO("cut within step " << cut);
    const Found found = open_on(home / "after", image_after_cut(run, cut, rng));
    INFO(found.wrong);
    REQUIRE(found.wrong.empty());
    REQUIRE(found.last >= promised_at(run, cut));
    ++cuts;
    between += found.last > promised_at(run, cut);
  }
  WARN("steps cut " << cuts << ", with the root of an unsaid commit already there " << between);
}

TEST_CASE("the same disk without its syncs loses what was promised: this test can fail") {
  const test::TemporaryDirectory home;
  Run run = record_run(home / "store", 25);
  // As MDB_NOSYNC would leave it: no sync counts, the root is an ordinary write.
  for (Step& step : run.steps) {
    if (step.kind == Step::sync) step = {Step::write, 0, {}, false};
    step.through = false;
  }
  test::SeededRng rng(6);
  std::size_t broken = 0;
  for (std::size_t cut = 0; cut <= run.steps.size(); ++cut) {
    broken += !survives_apart(home / "after", image_after_cut(run, cut, rng), promised_at(run, cut));
  }
  CHECK(broken > run.steps.size() / 4);
}
