// Turns over a real store on a disk that fails.
#include "relay/daemon/turns.hpp"

#include "relay/lmdb/env.hpp"
#include "relay/store/schema.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/disk_tap.hpp"
#include "tests/support/network.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace noroshi;
using namespace noroshi::daemon;
using namespace noroshi::test;

namespace {

constexpr DeviceId kSelf = relay_of(kIshikawa), kPeer = relay_of(kNational);

struct Relay {
  Relay() {
    open_disk();
    {
      auto turn = disk->begin();
      REQUIRE(turn);
      (*turn)->set_id(network.identity(kSelf).store_id());
      REQUIRE((*turn)->commit());
    }
    start();
  }
  void open_disk() {
    auto opened =
        store::Disk::open({.directory = directory / "store", .map_first = 1 << 20, .ballast = 1 << 20}, rng);
    REQUIRE(opened);
    disk = *std::move(opened);
  }
  void start() {
    turns.emplace(*disk, network.identity(kSelf), rng,
                  [this](const Outgoing& frame) { sent.push_back(frame); });
    core::NodeConfig config;
    config.self = kSelf;
    config.neighbours = {{kPeer, {}, proto::Level::bulk}};
    REQUIRE(turns->build(config, network.trust(), {kPeer}, now()));
  }
  Now now() { return noroshi::test::at(kStart, mono += 10); }

  /// Submits one report in a turn of its own.
  Result<Turns::Outcome> submit(MsgId* id = nullptr) {
    TRY_VOID(turns->begin());
    const keys::Sealed sealed = speaker.report({proto::to_org(kNational)}, view_of("gas"), kStart);
    const auto verdict = turns->verify(sealed.bytes, now());
    REQUIRE(std::holds_alternative<keys::Verified>(verdict));
    auto result = turns->node().on_submit(std::get<keys::Verified>(verdict), now());
    CHECK(result.outcome == core::Submitted::queued);
    turns->take(std::move(result.effects), now());
    if (id) *id = sealed.msg_id;
    return turns->finish(now());
  }
  [[nodiscard]] bool holds(const MsgId& id) {
    const auto view = disk->view();
    return view && (*view)->record(id) && (*view)->body(id);
  }

  Network network;
  SeededRng rng{5};
  TemporaryDirectory directory;
  std::unique_ptr<store::Disk> disk;
  std::optional<Turns> turns;
  Speaker speaker{network, field_of(kIshikawa)};
  std::vector<Outgoing> sent;
  std::int64_t mono = 0;
};

/// One bit of the first record, behind the back of the store.
void flip_first_record(const std::filesystem::path& directory) {
  auto env = lmdb::Env::open({.directory = directory});
  REQUIRE(env);
  const auto handles = env->tables(store::kTableNames);
  REQUIRE(handles);
  auto txn = env->write();
  REQUIRE(txn);
  const lmdb::Dbi records = (*handles)[static_cast<std::size_t>(store::Table::record)];
  const auto row = lmdb::Cursor(*txn, records).first();
  REQUIRE(row);
  const Bytes key = bytes_of(row->key);
  Bytes value = bytes_of(row->value);
  value[value.size() / 2] ^= 0x10;
  txn->put(records, key, value);
  REQUIRE(txn->commit());
}

}  // namespace

TEST_CASE("a submitted report is durable when the turn ends") {
  Relay relay;
  MsgId id;
  REQUIRE(relay.submit(&id));
  CHECK(relay.holds(id));
  CHECK(relay.turns->stats().verified == 1);
}

TEST_CASE("a delivered report's receipt is sealed in the relay's own name and durable too") {
  Relay relay;
  REQUIRE(relay.turns->begin());
  const keys::Sealed sealed = relay.speaker.report({proto::to_org(kIshikawa)}, view_of("gas"), kStart);
  const auto verdict = relay.turns->verify(sealed.bytes, relay.now());
  auto result = relay.turns->node().on_submit(std::get<keys::Verified>(verdict), relay.now());
  relay.turns->take(std::move(result.effects), relay.now());
  REQUIRE(relay.turns->finish(relay.now()));
  // Receipts gather for company; then one is signed.
  relay.mono += 60'000;
  REQUIRE(relay.turns->begin());
  const auto outcome = relay.turns->finish(relay.now());
  REQUIRE(outcome);
  CHECK(outcome->troubles.empty());
  CHECK(relay.turns->stats().sealed == 1);
}

TEST_CASE("after a failed commit nothing of the turn remains, nothing left, and the next turn works") {
  Relay relay;
  MsgId before, lost, after;
  REQUIRE(relay.submit(&before));
  for (const int error : {ENOSPC, EIO}) {
    {
      DiskTap tap;
      tap.on_write = [error](int, off_t, BytesView) { return error; };
      const auto failed = relay.submit(&lost);
      REQUIRE_FALSE(failed);
    }
    CHECK(relay.turns->stats().failed > 0);
    relay.sent.clear();
    const auto recovered = relay.turns->recover({kPeer}, relay.now());
    if (!recovered) FAIL(recovered.error().text);
    // The node is a new one: it greets its neighbour again.
    CHECK_FALSE(relay.sent.empty());
    CHECK(relay.holds(before));
    CHECK_FALSE(relay.holds(lost));
    // After a full disk new envelopes are refused until there is room; this directory has room, and the relay
    // looks for it by itself.
    while (relay.disk->pressure() != core::Pressure::none) {
      REQUIRE(relay.turns->next_wake().value_or(Instant{relay.mono + 1'000'000}).ms <= relay.mono + 1'000);
      relay.mono += 1'000;
      REQUIRE(relay.mono < 60'000);
      REQUIRE(relay.turns->begin());
      REQUIRE(relay.turns->finish(relay.now()));
    }
  }
  REQUIRE(relay.submit(&after));
  CHECK(relay.holds(after));
}

TEST_CASE("a disk that is full just when the root is written costs that turn alone") {
  Relay relay;
  MsgId lost, after;
  {
    DiskTap tap;
    constexpr std::size_t kRootBytes = 120;  // relay/store/DESIGN.md, "One commit"
    tap.on_write = [](int, off_t, BytesView bytes) { return bytes.size() == kRootBytes ? ENOSPC : 0; };
    REQUIRE_FALSE(relay.submit(&lost));
  }
  const auto recovered = relay.turns->recover({kPeer}, relay.now());
  if (!recovered) FAIL(recovered.error().text);
  CHECK_FALSE(relay.holds(lost));
  while (relay.disk->pressure() != core::Pressure::none) {
    REQUIRE((relay.mono += 1'000) < 60'000);
    REQUIRE(relay.turns->begin());
    REQUIRE(relay.turns->finish(relay.now()));
  }
  REQUIRE(relay.submit(&after));
  CHECK(relay.holds(after));
}

TEST_CASE("a store that stays broken is an error of recover, again and again, until the disk is back") {
  Relay relay;
  MsgId id;
  {
    DiskTap tap;
    tap.on_sync = [](int) { return EIO; };
    REQUIRE_FALSE(relay.submit());
    CHECK_FALSE(relay.turns->recover({kPeer}, relay.now()));
    CHECK_FALSE(relay.turns->recover({kPeer}, relay.now()));
  }
  const auto recovered = relay.turns->recover({kPeer}, relay.now());
  if (!recovered) FAIL(recovered.error().text);
  REQUIRE(relay.submit(&id));
  CHECK(relay.holds(id));
}

TEST_CASE("a report whose record a worn disk has spoilt is owed again") {
  Relay relay;
  MsgId id;
  REQUIRE(relay.submit(&id));
  relay.turns.reset();
  relay.disk.reset();
  flip_first_record(relay.directory / "store");
  relay.open_disk();
  relay.start();
  // The first look at the record fails its turn; mended, the node is built anew, with the envelope taken in
  // again.
  for (int turn = 0; turn < 3 && !relay.holds(id); ++turn) {
    relay.mono += 60'000;
    if (!relay.turns->begin() || !relay.turns->finish(relay.now()))
      REQUIRE(relay.turns->recover({kPeer}, relay.now()));
  }
  CHECK(relay.holds(id));
}

TEST_CASE("a relay whose store is not its key's signs nothing, and says so") {
  Relay relay;
  REQUIRE(relay.turns->begin());
  const keys::Sealed sealed = relay.speaker.report({proto::to_org(kIshikawa)}, view_of("gas"), kStart);
  const auto verdict = relay.turns->verify(sealed.bytes, relay.now());
  relay.turns->take(relay.turns->node().on_submit(std::get<keys::Verified>(verdict), relay.now()).effects,
                    relay.now());
  REQUIRE(relay.turns->finish(relay.now()));
  auto turn = relay.disk->begin();
  REQUIRE(turn);
  (*turn)->set_id({99});
  REQUIRE((*turn)->commit());
  turn->reset();
  relay.mono += 60'000;
  REQUIRE(relay.turns->begin());
  const auto outcome = relay.turns->finish(relay.now());
  REQUIRE(outcome);
  REQUIRE(outcome->troubles.size() == 1);
  CHECK(outcome->troubles[0].code == Code::permission);
  CHECK(relay.turns->stats().sealed == 0);
}
