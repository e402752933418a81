#include "relay/store/turn_slot.hpp"
#include "tests/support/store_world.hpp"

using namespace noroshi;
using namespace noroshi::test;

TEST_CASE("what a turn has committed is there after opening again") {
  StoreWorld world;
  world.turn([](store::Turn& turn) {
    turn.put(report(1));
    turn.put_body(id_of(1), Bytes(340, 7));
    turn.set_node_time({42});
  });
  world.reopen();
  const auto turn = world.begin();
  CHECK((turn->record(id_of(1)) == report(1)));
  CHECK(turn->body(id_of(1)) == Bytes(340, 7));
  CHECK(turn->node_time().s == 42);
}

TEST_CASE("a turn that is not committed leaves nothing: no row, no index, no number") {
  StoreWorld world;
  {
    const auto turn = world.begin();
    CHECK(turn->next_arrival() == 1);
    turn->put(report(1));
    turn->put_inbox(id_of(1), {1'000});
    turn->record({.bytes = {}, .msg_id = id_of(1), .key = report(1).key, .seq = 5}, {}, {});
  }
  const auto turn = world.begin();
  CHECK_FALSE(turn->record(id_of(1)));
  CHECK_FALSE(turn->owed_first(kNational, proto::Level::routine, {}, 0));
  CHECK(turn->queued(kNational, proto::Level::routine).records == 0);
  CHECK(turn->last_seq(report(1).key) == 0);
  CHECK(turn->next_arrival() == 1);
}

TEST_CASE("within a turn the second frame sees what the first has written") {
  StoreWorld world;
  const auto turn = world.begin();
  turn->put_seen(report(1).key, 1, id_of(1));
  turn->put(report(1));
  CHECK(turn->seen(report(1).key, 1) == std::vector<MsgId>{id_of(1)});
  CHECK(turn->owed_first(kNational, proto::Level::routine, {}, 0) == id_of(1));
}

TEST_CASE("the oldest goes first within its level, and a refused one waits until its time") {
  StoreWorld world;
  const auto turn = world.begin();
  auto refused = report(1);
  for (auto& duty : refused.duties) duty.again = {60};
  turn->put(refused);
  turn->put(report(2));
  auto flash = report(3);
  flash.level = proto::Level::flash;
  turn->put(flash);
  CHECK(turn->owed_first(kNational, proto::Level::flash, {0}, 0) == id_of(3));
  CHECK(turn->owed_first(kNational, proto::Level::routine, {59}, 0) == id_of(2));
  CHECK(turn->owed_first(kNational, proto::Level::routine, {60}, 0) == id_of(1));
  CHECK(turn->owed_first(kNational, proto::Level::routine, {60}, 1) == id_of(2));
  CHECK(turn->queued(kNational, proto::Level::routine).records == 2);
  CHECK(turn->queued(kNational, proto::Level::routine).bytes == 680);
  CHECK(turn->next_again()->at.s == 60);
}

TEST_CASE("a record moves from owed to sent to parked to settled, and every index with it") {
  StoreWorld world;
  const auto turn = world.begin();
  auto record = report(1);
  const auto all = [&](core::DutyState state, proto::LinkNumber number, std::int64_t again) {
    for (auto& duty : record.duties) {
      duty.state = state;
      duty.number = number;
      duty.again = {again};
    }
    turn->put(record);
  };
  turn->put(record);
  all(core::DutyState::sent, 7, 0);
  CHECK_FALSE(turn->owed_first(kNational, proto::Level::routine, {}, 0));
  CHECK(turn->sent_as(kNational, 7) == id_of(1));
  CHECK(turn->outstanding(kNational) == std::vector<proto::LinkNumber>{7});
  all(core::DutyState::parked, 7, 500);
  CHECK(turn->outstanding(kNational).empty());
  CHECK(turn->parked_at(kNational, {}, 10) == std::vector<MsgId>{id_of(1)});
  CHECK(turn->next_again()->at.s == 500);
  all(core::DutyState::settled, 7, 500);
  CHECK(turn->parked_at(kNational, {}, 10).empty());
  CHECK_FALSE(turn->next_again());
  CHECK(turn->next_dying()->id == id_of(1));
}

TEST_CASE("two messages under one number are both kept, a third is not") {
  StoreWorld world;
  const auto turn = world.begin();
  for (const int n : {1, 1, 2, 3}) turn->put_seen(report(1).key, 9, id_of(static_cast<std::uint64_t>(n)));
  CHECK(turn->seen(report(1).key, 9) == std::vector<MsgId>{id_of(1), id_of(2)});
}

TEST_CASE("seq, predecessors and envelope of a sealed message stand or fall together") {
  StoreWorld world;
  const KeyId key = report(1).key;
  const std::vector<RecipientId> to{{1}, {2}};
  world.turn([&](store::Turn& turn) {
    turn.record({.bytes = {}, .msg_id = id_of(1), .key = key, .seq = 1}, to, {100});
    turn.put_body(id_of(1), Bytes(10));
  });
  {
    const auto lost = world.begin();
    lost->record({.bytes = {}, .msg_id = id_of(2), .key = key, .seq = 2}, to, {200});
    lost->put_body(id_of(2), Bytes(10));
  }
  world.reopen();
  const auto turn = world.begin();
  CHECK(turn->last_seq(key) == 1);
  CHECK(turn->last_to(key, {2}) == 1);
  CHECK(turn->last_to(key, {17}) == 0);
  CHECK(turn->last_created(key) == WallTime{100});
  CHECK(turn->store_id() == turn->id());
  CHECK_FALSE(turn->body(id_of(2)));
}

TEST_CASE("a clock that steps back does not take back the newest `created` of a key") {
  StoreWorld world;
  const auto turn = world.begin();
  const KeyId key = report(1).key;
  turn->record({.bytes = {}, .msg_id = id_of(1), .key = key, .seq = 1}, {}, {500});
  turn->record({.bytes = {}, .msg_id = id_of(2), .key = key, .seq = 2}, {}, {300});
  CHECK(turn->last_created(key) == WallTime{500});
}

TEST_CASE(
    "the inbox of the desks holds each message once, in order of delivery, under cursors that never move") {
  StoreWorld world;
  world.turn([](store::Turn& turn) {
    for (const std::uint64_t n : {3u, 1u, 3u, 2u}) turn.put_inbox(id_of(n), {1'000});
  });
  world.reopen();
  world.turn([](store::Turn& turn) { turn.put_inbox(id_of(1), {1'000}); });
  const auto view = world.view();
  using Row = store::View::InboxRow;
  CHECK(view->inbox(0, 10) == std::vector<Row>{{1, id_of(3)}, {2, id_of(1)}, {3, id_of(2)}});
  CHECK(view->inbox(1, 1) == std::vector<Row>{{2, id_of(1)}});
  CHECK(view->inbox(3, 10).empty());
  CHECK(view->inbox_end() == 3);
}

TEST_CASE("a view does not see the turn that is open") {
  StoreWorld world;
  world.turn([](store::Turn& turn) { turn.put(report(1)); });
  const auto turn = world.begin();
  turn->put(report(2));
  const auto view = world.view();
  CHECK(view->record(id_of(1)));
  CHECK_FALSE(view->record(id_of(2)));
}

TEST_CASE("own submissions are listed newest first, page by page") {
  StoreWorld world;
  world.turn([](store::Turn& turn) {
    for (std::uint64_t n = 1; n <= 5; ++n) {
      auto record = report(n);
      record.origin = n != 3;
      turn.put(record);
    }
  });
  const auto view = world.view();
  const auto first = view->own(UINT64_MAX, 2);
  REQUIRE(first.size() == 2);
  CHECK(first[0].id == id_of(5));
  CHECK(first[1].id == id_of(4));
  const auto second = view->own(first[1].arrival, 10);
  REQUIRE(second.size() == 2);
  CHECK(second[0].id == id_of(2));
  CHECK(second[1].id == id_of(1));
}

TEST_CASE("the queues tell how much waits for whom, and since when") {
  StoreWorld world;
  world.turn([](store::Turn& turn) {
    for (std::uint64_t n = 1; n <= 3; ++n) {
      auto record = report(n);
      record.first_seen = {static_cast<std::int64_t>(100 * n)};
      if (n == 1) record.duties[0].again = record.duties[1].again = {99};
      turn.put(record);
    }
  });
  const auto queues = world.view()->queues();
  REQUIRE(queues.size() == 1);
  CHECK(queues[0].via == kNational);
  CHECK(queues[0].level == proto::Level::routine);
  CHECK(queues[0].queued.records == 3);
  CHECK(queues[0].queued.bytes == 3 * 340);
  CHECK(queues[0].oldest == WallTime{100});
}

TEST_CASE("an object that was replaced can be taken out") {
  StoreWorld world;
  const proto::ObjectRef old{proto::ObjectType::contact, 1, 1, {}},
      newer{proto::ObjectType::contact, 1, 2, {}};
  world.turn([&](store::Turn& turn) {
    turn.put_object(old, view_of("old"));
    turn.put_object(newer, view_of("newer"));
    turn.drop_object(old);
  });
  const auto objects = world.view()->objects();
  REQUIRE(objects.size() == 1);
  CHECK(objects[0].ref == newer);
  CHECK(text_of(objects[0].bytes) == "newer");
}

TEST_CASE("one store lives through many turns for whoever holds the slot") {
  StoreWorld world;
  store::TurnSlot slot;
  core::Store& node_side = slot;
  CHECK_FALSE(slot.open());
  slot.hold(world.begin());
  node_side.put(report(1));
  REQUIRE(slot.commit());
  slot.hold(world.begin());
  node_side.put(report(2));
  slot.abort();
  slot.hold(world.begin());
  CHECK(node_side.record(id_of(1)));
  CHECK_FALSE(node_side.record(id_of(2)));
  CHECK(slot.store_id() == node_side.id());
}
