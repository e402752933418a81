// store_rate [--dir D] [--messages N] [--rounds R] [--preload P] [--bare B]: how many accepted envelopes a
// second become durable, through a Turn (what the node calls) and by bare LMDB calls that commit the same
// rows in the same batches. The second is S of the target "durable ≥ 0.5 × min(V, S)" (V = a tight loop of
// signature checks). Both on fresh stores in turn, medians of R interleaved rounds; beside them what
// fdatasync alone costs on the same file system. With --preload both begin with P envelopes already there.
//
// An accepted envelope: 340 bytes for three organisations, owed to one neighbour. Its rows: name, record,
// body, seen, three chain links, owed, dying; for each turn the counters, the neighbour and the sender's
// quota. With --bare the first of the three is the relay's own organisation, as in tests/bench/run: the
// report also stands in the inbox, its receipt is due, and no date takes it away.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>

#include "relay/store/disk.hpp"
#include "relay/store/index.hpp"
#include "relay/store/layout.hpp"
#include "tests/bench/side_by_side.hpp"
#include "tests/bench/stored_envelopes.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace noroshi;
using namespace noroshi::bench;
using store::Table;

namespace {

constexpr core::PeerId kNational{{1}, 1};
constexpr WallTime kDeadFrom{5'000'000};

double seconds_of(const std::function<void()>& doing) {
  const auto begin = std::chrono::steady_clock::now();
  doing();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

[[noreturn]] void fail(const Error& error) {
  std::fprintf(stderr, "store_rate: %s\n", error.text.c_str());
  std::exit(1);
}

using Message = StoredEnvelope;
enum class Bound : std::uint8_t { onward, partly_here };

std::vector<Message> make_messages(std::uint64_t first, std::uint64_t count, Bound bound = Bound::onward) {
  std::vector<Message> out = stored_envelopes(first, count, kNational, kDeadFrom);
  if (bound == Bound::onward) return out;
  for (Message& message : out) {
    message.record.duties[0] = {.wrap = 0, .state = core::DutyState::settled, .end = core::End::delivered};
    message.record.dead_at = core::kNever;
  }
  return out;
}

using Batch = std::span<const Message>;

// ---- through a turn

void commit_by_turns(store::Disk& disk, const std::vector<Message>& messages, std::size_t batch) {
  for (std::size_t at = 0; at < messages.size(); at += batch) {
    auto turn = disk.begin();
    if (!turn) fail(turn.error());
    bench::write_by_turn(**turn, Batch(messages).subspan(at, std::min(batch, messages.size() - at)));
    (*turn)->set_node_time({60});
    if (const auto done = (*turn)->commit(); !done) fail(done.error());
  }
}

// ---- bare

struct BareRow {
  Table table{};
  Bytes key, value;
};

/// The rows of a batch, ready to be put.
std::vector<BareRow> rows_of(Batch batch) {
  std::vector<BareRow> out;
  const auto add = [&](Table table, BytesView key, BytesView value) {
    out.push_back({table, bytes_of(key), bytes_of(value)});
  };
  const auto summed = [&](Table table, BytesView key, BytesView value) {
    out.push_back({table, bytes_of(key), store::with_sum(key, value)});
  };
  for (const Message& message : batch) {
    const core::Record& record = message.record;
    const auto row = store::number_key(record.arrival);
    const bool here = record.duties[0].state == core::DutyState::settled;
    const std::uint64_t cursor = here ? record.arrival : 0;
    add(Table::name, store::id_key(record.id), store::encode_name({.row = record.arrival, .inbox = cursor}));
    if (here) {
      add(Table::inbox, store::number_key(cursor), record.id.value);
      add(Table::due, store::due_key({record.key, record.targets[0], record.seq, record.id}), {});
    }
    summed(Table::record, row, store::encode_record(record));
    add(Table::body, row, message.body);
    add(Table::seen, store::seen_key(record.key, record.seq), record.id.value);
    for (const RecipientId target : record.targets)
      add(Table::chain, store::chain_key(record.key, target, record.seq),
          Writer().u8(1).bytes(record.id.value).data());
    for (const store::IndexRow& index : store::index_rows(record))
      add(index.table, index.key, store::id_in_key(index.table) ? BytesView{} : BytesView(record.id.value));
  }
  const std::uint64_t last = batch.back().record.arrival;
  for (const auto name : {store::kMetaRow, store::kMetaArrival, store::kMetaInbox, store::kMetaTime})
    summed(Table::meta, view_of(name), store::encode_number(last));
  add(Table::queued, store::queue_key(kNational, proto::Level::routine),
      store::encode_queued({last, last * kStoredBody}));
  summed(Table::quota, store::device_key(kStoredSender), store::encode_quota({}));
  summed(Table::peer, store::device_key({{16}, 1}), store::encode_peer({}));
  return out;
}

struct Bare {
  lmdb::Env env;
  store::Tables tables;
};

Bare open_bare(const std::filesystem::path& directory) {
  auto env = lmdb::Env::open({.directory = directory, .map_bytes = std::size_t{16} << 30, .exclusive = true});
  if (!env) fail(env.error());
  const auto handles = env->tables(store::kTableNames);
  if (!handles) fail(handles.error());
  Bare out{std::move(*env), {}};
  std::copy(handles->begin(), handles->end(), out.tables.handles.begin());
  return out;
}

void commit_bare(Bare& bare, const std::vector<std::vector<BareRow>>& batches) {
  for (const auto& rows : batches) {
    auto txn = bare.env.write();
    if (!txn) fail(txn.error());
    for (const BareRow& row : rows) {
      if (row.table == Table::record || row.table == Table::body)
        txn->append(bare.tables[row.table], row.key, row.value);
      else
        txn->put(bare.tables[row.table], row.key, row.value);
    }
    if (const auto done = txn->commit(); !done) fail(done.error());
  }
}

std::vector<std::vector<BareRow>> batches_of(const std::vector<Message>& messages, std::size_t batch) {
  std::vector<std::vector<BareRow>> out;
  for (std::size_t at = 0; at < messages.size(); at += batch)
    out.push_back(rows_of(Batch(messages).subspan(at, std::min(batch, messages.size() - at))));
  return out;
}

// ---- figures

struct Options {
  std::string dir = std::filesystem::temp_directory_path();
  std::uint64_t messages = 4096, preload = 0;
  std::size_t rounds = 5;
  std::size_t bare = 0;  ///< only S, in batches of so many: one line, its rate and the p50 of fdatasync
};

/// Preloads in pieces, so that a million envelopes do not stand in memory.
void preload(std::uint64_t count, const std::function<void(const std::vector<Message>&)>& write) {
  constexpr std::uint64_t kPiece = 10'000;
  for (std::uint64_t at = 0; at < count; at += kPiece)
    write(make_messages(1 + at, std::min(kPiece, count - at)));
}

struct TurnRun {
  double rate = 0;
  std::size_t bytes_each = 0;  ///< of the store's pages, for each envelope in it
};

TurnRun run_turns(const Options& options, const std::vector<Message>& messages, std::size_t batch) {
  const test::TemporaryDirectory home;
  test::SeededRng rng(1);
  auto disk = store::Disk::open({.directory = home / "store"}, rng);
  if (!disk) fail(disk.error());
  preload(options.preload, [&](const auto& piece) { commit_by_turns(**disk, piece, 1000); });
  TurnRun out;
  out.rate =
      static_cast<double>(messages.size()) / seconds_of([&] { commit_by_turns(**disk, messages, batch); });
  if (const auto turn = (*disk)->begin(); !turn) fail(turn.error());
  out.bytes_each = (*disk)->fill().used / (messages.size() + options.preload);
  return out;
}

double rate_bare(const Options& options, const std::vector<Message>& messages, std::size_t batch) {
  const test::TemporaryDirectory home;
  Bare bare = open_bare(home / "store");
  preload(options.preload, [&](const auto& piece) { commit_bare(bare, batches_of(piece, 1000)); });
  const auto batches = batches_of(messages, batch);
  return static_cast<double>(messages.size()) / seconds_of([&] { commit_bare(bare, batches); });
}

/// Milliseconds of an fdatasync after `bytes` new ones, one value each.
std::vector<double> sync_times(std::size_t bytes) {
  const test::TemporaryDirectory home;
  const int fd = ::open((home / "file").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  const Bytes data(bytes, 0x5A);
  std::vector<double> out;
  for (off_t i = 0; i < 200; ++i) {
    if (::pwrite(fd, data.data(), data.size(), i % 8 * static_cast<off_t>(bytes)) < 0) std::abort();
    out.push_back(1000 * seconds_of([&] { ::fdatasync(fd); }));
  }
  ::close(fd);
  return out;
}

void print_rates(const char* name, const std::vector<double>& rates) {
  std::printf("  %s/s median %.0f raw", name, median(rates));
  for (const double rate : rates) std::printf(" %.0f", rate);
}

Options parse(int argc, char** argv) {
  Options out;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--dir") out.dir = argv[i + 1];
    if (name == "--messages") out.messages = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--preload") out.preload = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--bare") out.bare = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--rounds") out.rounds = std::strtoull(argv[i + 1], nullptr, 10);
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  ::setenv("TMPDIR", options.dir.c_str(), 1);
  if (options.bare > 0) {
    const double sync = median(sync_times(std::size_t{64} << 10));
    const double rate =
        rate_bare(options, make_messages(1, options.messages, Bound::partly_here), options.bare);
    std::printf("%.0f %.3f\n", rate, sync);
    return 0;
  }
  for (const std::size_t bytes : {std::size_t{4096}, std::size_t{64} << 10, std::size_t{256} << 10}) {
    auto times = sync_times(bytes);
    std::sort(times.begin(), times.end());
    std::printf("fdatasync after %zu KiB: p50 %.2f ms p90 %.2f ms\n", bytes >> 10, times[times.size() / 2],
                times[times.size() * 9 / 10]);
  }
  for (const std::size_t batch : {std::size_t{1}, std::size_t{16}, std::size_t{64}, std::size_t{512}}) {
    const auto count = std::min<std::uint64_t>(options.messages, 512 * batch);
    const auto messages = make_messages(1 + options.preload, count);
    std::vector<double> by_turns, bare;
    std::size_t bytes_each = 0;
    for (std::size_t round = 0; round < options.rounds; ++round) {
      const TurnRun run = run_turns(options, messages, batch);
      by_turns.push_back(run.rate);
      bytes_each = run.bytes_each;
      bare.push_back(rate_bare(options, messages, batch));
    }
    std::printf("batch %zu, %llu envelopes of %zu bytes:\n", batch, static_cast<unsigned long long>(count),
                kStoredBody);
    print_rates("turn", by_turns);
    std::printf("\n");
    print_rates("bare", bare);
    std::printf("\n  turn / bare %.2f, %zu bytes of pages an envelope\n", median(by_turns) / median(bare),
                bytes_each);
  }
  return 0;
}
