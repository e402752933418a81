// Rows that cannot be read: noticed, reported, set aside; never acted on, never a crash.
#include "relay/store/layout.hpp"
#include "tests/support/store_world.hpp"

using namespace noroshi;
using namespace noroshi::test;
using store::Table;

namespace {

/// Flips one bit of the value of the first row of a table.
void flip(StoreWorld& world, Table table) {
  world.surgery([&](lmdb::WriteTxn& txn, const store::Tables& tables) {
    const auto row = lmdb::Cursor(txn, tables[table]).first();
    REQUIRE(row);
    const Bytes key = bytes_of(row->key);
    Bytes value = bytes_of(row->value);
    value[value.size() / 2] ^= 0x10;
    txn.put(tables[table], key, value);
  });
}
/// Makes the value of the first row of a table one byte too long.
void lengthen(StoreWorld& world, Table table) {
  world.surgery([&](lmdb::WriteTxn& txn, const store::Tables& tables) {
    const auto row = lmdb::Cursor(txn, tables[table]).first();
    REQUIRE(row);
    const Bytes key = bytes_of(row->key);
    Bytes value = bytes_of(row->value);
    value.push_back(0);
    txn.put(tables[table], key, value);
  });
}

/// The question fails its turn; recover sets one row aside.
store::Mended fails_and_mends(StoreWorld& world, const std::function<void(store::Turn&)>& question) {
  {
    const auto turn = world.begin();
    question(*turn);
    const auto outcome = turn->commit();
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == Code::io);
    CHECK(outcome.error().text.find("cannot be read") != std::string::npos);
  }
  auto recovery = world.disk->recover();
  REQUIRE(recovery);
  return recovery->mended;
}

/// A clear envelope with valid bytes (relays look at its head only).
Bytes envelope_bytes(const core::Record& record) {
  proto::Header header;
  header.ctype = 2;
  header.source = record.key;
  header.seq = record.seq;
  header.created = record.created;
  const auto head = proto::encode_header(header);
  return Writer().bytes(head).u16(17).bytes(Bytes(70)).take();
}

}  // namespace

TEST_CASE("a damaged record fails the turn that meets it; its envelope comes back to be taken in anew") {
  StoreWorld world;
  world.turn([](store::Turn& turn) {
    for (std::uint64_t n = 1; n <= 3; ++n) {
      turn.put(report(n));
      turn.put_body(id_of(n), envelope_bytes(report(n)));
      turn.put_seen(report(n).key, report(n).seq, id_of(n));
    }
  });
  flip(world, Table::record);

  {
    const auto turn = world.begin();
    // What stands in an index is never handed out without its record …
    CHECK_FALSE(turn->owed_first(kNational, proto::Level::routine, {}, 0));
    // … and a turn that has met damage answers nothing more and keeps nothing.
    CHECK_FALSE(turn->record(id_of(2)));
    turn->put(report(4));
    CHECK_FALSE(turn->commit());
  }
  const auto recovery = world.disk->recover();
  REQUIRE(recovery);
  CHECK(recovery->mended.set_aside == std::vector<std::string>{"record/0000000000000001"});
  CHECK_FALSE(recovery->mended.new_store_id);

  CHECK(world.view()->orphans() == std::vector<Bytes>{envelope_bytes(report(1))});
  world.turn([](store::Turn& turn) {
    CHECK(turn.owed_first(kNational, proto::Level::routine, {}, 0) == id_of(2));
    CHECK(turn.queued(kNational, proto::Level::routine).records == 2);
    CHECK(turn.seen(report(1).key, 1).empty());
    CHECK(turn.seen(report(2).key, 2) == std::vector<MsgId>{id_of(2)});
    CHECK_FALSE(turn.record(id_of(4)));
    turn.put(report(1));
  });
  CHECK(world.view()->orphans().empty());
}

TEST_CASE("a record under another's name is noticed") {
  StoreWorld world;
  world.turn([](store::Turn& turn) {
    turn.put(report(1));
    turn.put(report(2));
  });
  world.surgery([](lmdb::WriteTxn& txn, const store::Tables& tables) {
    txn.put(tables[Table::name], store::id_key(id_of(1)), store::encode_name({.row = 2, .inbox = 0}));
  });
  fails_and_mends(world, [](store::Turn& turn) { CHECK_FALSE(turn.record(id_of(1))); });
  world.turn([](store::Turn& turn) {
    CHECK((turn.record(id_of(1)) == report(1)));
    CHECK((turn.record(id_of(2)) == report(2)));
  });
}

TEST_CASE("damaged names and indexes are made again from the records") {
  StoreWorld world;
  const auto check_all_there = [&] {
    world.turn([](store::Turn& turn) {
      CHECK((turn.record(id_of(1)) == report(1)));
      CHECK(turn.owed_first(kNational, proto::Level::routine, {}, 0) == id_of(1));
      CHECK(turn.queued(kNational, proto::Level::routine).bytes == 340);
      CHECK(turn.next_dying()->id == id_of(1));
    });
    CHECK(world.view()->inbox(0, 5) == std::vector<store::View::InboxRow>{{1, id_of(1)}});
  };
  world.turn([](store::Turn& turn) {
    turn.put(report(1));
    turn.put_inbox(id_of(1), {1'000});
  });
  check_all_there();

  const auto ask = [](store::Turn& turn) {
    (void)turn.owed_first(kNational, proto::Level::routine, {}, 0);
    (void)turn.queued(kNational, proto::Level::routine);
    (void)turn.record(id_of(1));
  };
  for (const Table table : {Table::name, Table::owed, Table::queued}) {
    INFO(store::name_of(table));
    lengthen(world, table);
    fails_and_mends(world, ask);
    check_all_there();
  }
}

TEST_CASE("an index row that leads to no record is damage too") {
  StoreWorld world;
  world.turn([](store::Turn& turn) { turn.put(report(1)); });
  world.surgery([](lmdb::WriteTxn& txn, const store::Tables& tables) {
    txn.put(tables[Table::dying], store::Key().time(-5).id(id_of(9)), {});
  });
  fails_and_mends(world, [](store::Turn& turn) { CHECK_FALSE(turn.next_dying()); });
  CHECK(world.begin()->next_dying()->id == id_of(1));
}

TEST_CASE("a damaged ledger costs the store its name, so that no number is given twice") {
  StoreWorld world;
  const KeyId key = report(1).key;
  world.turn([&](store::Turn& turn) {
    turn.record({.bytes = {}, .msg_id = id_of(1), .key = key, .seq = 5}, {}, {100});
  });
  const auto before = world.view()->id();
  flip(world, Table::ledger);
  const auto mended = fails_and_mends(world, [&](store::Turn& turn) { CHECK(turn.last_seq(key) == 0); });
  CHECK(mended.new_store_id);
  CHECK(world.view()->id() != before);
}

TEST_CASE("damaged rows of neighbours and quota are set aside alone") {
  StoreWorld world;
  const auto before = world.view()->id();
  world.turn([](store::Turn& turn) {
    turn.put_peer(kNational, core::PeerRow{});
    turn.put_quota({{17}, 3}, core::QuotaRow{});
  });
  flip(world, Table::peer);
  fails_and_mends(world, [](store::Turn& turn) { CHECK_FALSE(turn.peer(kNational)); });
  flip(world, Table::quota);
  fails_and_mends(world, [](store::Turn& turn) { CHECK_FALSE(turn.quota({{17}, 3})); });
  world.turn([](store::Turn& turn) {
    CHECK_FALSE(turn.peer(kNational));
    CHECK_FALSE(turn.quota({{17}, 3}));
  });
  CHECK(world.view()->id() == before);
}

TEST_CASE("lost counters are counted anew, so that no arrival, row or cursor is given twice") {
  StoreWorld world;
  world.turn([](store::Turn& turn) {
    for (std::uint64_t n = 1; n <= 4; ++n) {
      auto record = report(n);
      record.arrival = turn.next_arrival();
      turn.put(record);
    }
    turn.put_inbox(id_of(2), {1'000});
    turn.put_body(id_of(99), Bytes(5));
    turn.set_node_time({500});
    core::PeerRow peer;
    peer.last_contact = {480};
    turn.put_peer(kNational, peer);
  });
  world.surgery([](lmdb::WriteTxn& txn, const store::Tables& tables) {
    for (const auto name : {store::kMetaRow, store::kMetaArrival, store::kMetaInbox, store::kMetaTime})
      txn.put(tables[Table::meta], view_of(name), view_of("damaged row!"));
  });
  const auto mended = fails_and_mends(world, [](store::Turn& turn) { (void)turn.next_arrival(); });
  CHECK(mended.set_aside.size() == 4);
  world.turn([](store::Turn& turn) {
    CHECK(turn.next_arrival() == 5);
    CHECK(turn.node_time().s == 480);
    turn.put_inbox(id_of(3), {1'000});
    turn.put(report(50));
    CHECK(turn.body(id_of(99)) == Bytes(5));
    CHECK((turn.record(id_of(1)) == report(1)));
  });
  CHECK(world.view()->inbox(0, 5).back() == store::View::InboxRow{2, id_of(3)});
}

TEST_CASE("mending a sound store changes nothing") {
  StoreWorld world;
  RowMaker rows(5);
  world.turn([&](store::Turn& turn) {
    for (int i = 0; i < 40; ++i) {
      const MsgId id = rows.id();
      auto record = turn.record(id).value_or(rows.record(id, turn.next_arrival()));
      rows.change(record);
      turn.put(record);
    }
  });
  const auto dump = [&] {
    std::vector<Bytes> out;
    world.surgery([&](lmdb::WriteTxn& txn, const store::Tables& tables) {
      for (const auto table : tables.handles)
        for (const lmdb::Row& row : lmdb::Range(txn, table))
          out.push_back(Writer().bytes(row.key).u8(0).bytes(row.value).take());
    });
    return out;
  };
  const auto before = dump();
  world.surgery([&](lmdb::WriteTxn& txn, const store::Tables& tables) {
    const auto mended = store::mend(txn, tables, world.rng);
    REQUIRE(mended);
    CHECK(mended->set_aside.empty());
    CHECK_FALSE(mended->new_store_id);
  });
  CHECK((dump() == before));
}

TEST_CASE("damage that a view meets is mended like that of a turn") {
  StoreWorld world;
  world.turn([](store::Turn& turn) { turn.put(report(1)); });
  flip(world, Table::record);
  {
    const auto view = world.view();
    CHECK_FALSE(view->record(id_of(1)));
    CHECK(view->check().error().code == Code::io);
  }
  CHECK(world.disk->recover()->mended.set_aside.size() == 1);
  CHECK(world.disk->recover()->mended.set_aside.empty());
  CHECK(world.view()->check());
}
