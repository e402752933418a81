// Random turns on relay/store and on the naive model: every question of core::Store has the same answer on
// both, before and after commits, aborts and reopening.
#include <functional>

#include "naive_store.hpp"
#include "relay/store/disk.hpp"
#include "relay/store/turn_slot.hpp"
#include "tests/sim/memory_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/store_rows.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace noroshi;
using test::NaiveStore;

namespace noroshi::core {
bool operator==(const Store::Queued& a, const Store::Queued& b) {
  return a.records == b.records && a.bytes == b.bytes;
}
bool operator==(const Store::Again& a, const Store::Again& b) {
  return a.at == b.at && a.id == b.id;
}
bool operator==(const Store::Dying& a, const Store::Dying& b) {
  return a.at == b.at && a.id == b.id;
}
}  // namespace noroshi::core

namespace {

/// A store under test, and what ends its turns.
class Subject {
 public:
  Subject() = default;
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  virtual ~Subject() = default;
  virtual core::Store& store() = 0;
  virtual keys::KeyLedger& ledger() = 0;
  virtual void commit() = 0;
  virtual void abort() = 0;
  /// Aborts, and begins anew from what is durable.
  virtual void reopen() = 0;
  /// What the store shows besides the questions of core::Store, after a commit.
  virtual void check(const NaiveStore& model) = 0;
};

/// relay/store in a directory.
class OnDisk final : public Subject {
 public:
  explicit OnDisk(std::uint64_t seed) : rng_(seed) { open(); }
  core::Store& store() override { return slot_; }
  keys::KeyLedger& ledger() override { return slot_; }
  void commit() override {
    REQUIRE(slot_.commit());
    begin();
  }
  void abort() override {
    slot_.abort();
    begin();
  }
  void reopen() override {
    slot_.abort();
    disk_.reset();
    open();
  }
  void check(const NaiveStore& model) override;

 private:
  void open() {
    auto disk = store::Disk::open({.directory = home_ / "store"}, rng_);
    REQUIRE(disk);
    disk_ = std::move(*disk);
    begin();
  }
  void begin() {
    auto turn = disk_->begin();
    REQUIRE(turn);
    slot_.hold(std::move(*turn));
  }
  test::TemporaryDirectory home_;
  test::SeededRng rng_;
  std::unique_ptr<store::Disk> disk_;
  store::TurnSlot slot_;
};

/// The simulator's store.
class InMemory final : public Subject {
 public:
  core::Store& store() override { return store_; }
  keys::KeyLedger& ledger() override { return store_; }
  void commit() override { store_.commit(); }
  void abort() override { store_.abort(); }
  void reopen() override { store_.abort(); }
  void check(const NaiveStore& model) override {
    std::map<std::uint64_t, MsgId> inbox;
    for (const auto& [id, cursor] : store_.inbox()) inbox[cursor] = id;
    std::vector<MsgId> in_order;
    for (const auto& [cursor, id] : inbox) in_order.push_back(id);
    REQUIRE(in_order == model.state.inbox);
  }

 private:
  sim::MemoryStore store_{StoreId{1}};
};

/// A subject and the model side by side.
class Pair {
 public:
  Pair(Subject& subject, std::uint64_t seed) : subject_(subject), rows_(seed) {
    model_.state.id = subject.store().id();
    committed_ = model_.state;
  }

  /// One operation on both, sometimes a whole turn's end.
  void step() {
    if (rows_.one_in(150)) return reopen();
    if (rows_.one_in(25)) return rows_.one_in(3) ? abort() : commit();
    write();
    ask_something();
  }

  void commit() {
    subject_.commit();
    committed_ = model_.state;
    subject_.check(model_);
  }
  void abort() {
    subject_.abort();
    model_.state = committed_;
  }
  void reopen() {
    subject_.reopen();
    model_.state = committed_;
    ask_everything();
  }
  void ask_everything() {
    for (int i = 0; i < 200; ++i) ask_something();
  }
  [[nodiscard]] std::size_t records() const { return model_.state.records.size(); }

 private:
  /// The same call on both.
  template <typename Call>
  void both(Call call) {
    call(subject_.store());
    call(static_cast<core::Store&>(model_));
  }
  template <typename Call>
  void same(Call call) {
    const auto ours = call(static_cast<const core::Store&>(subject_.store()));
    const auto expected = call(static_cast<const core::Store&>(model_));
    REQUIRE((ours == expected));
  }

  void write();
  void write_record();
  void write_ledger();
  void ask_something();

  Subject& subject_;
  test::RowMaker rows_;
  NaiveStore model_;
  NaiveStore::State committed_;
};

void Pair::write_record() {
  const MsgId id = rows_.id();
  auto record = model_.record(id);
  if (record) {
    rows_.change(*record);
  } else {
    const auto arrival = subject_.store().next_arrival();
    REQUIRE(model_.next_arrival() == arrival);
    record = rows_.record(id, arrival);
  }
  both([&](core::Store& store) { store.put(*record); });
}

void Pair::write_ledger() {
  keys::Sealed sealed;
  sealed.key = rows_.key();
  sealed.seq = model_.last_seq(sealed.key) + 1 + static_cast<Seq>(rows_.below(3));
  std::vector<RecipientId> recipients;
  for (auto n = rows_.below(4); n > 0; --n) recipients.push_back(rows_.recipient());
  const WallTime created = rows_.wall_time();
  subject_.ledger().record(sealed, recipients, created);
  model_.record(sealed, recipients, created);
}

void Pair::write() {
  switch (rows_.below(22)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: return write_record();
    case 5:
      return both([id = rows_.id(), body = rows_.bytes(rows_.below(3000))](core::Store& store) {
        store.put_body(id, body);
      });
    case 6: return both([id = rows_.id()](core::Store& store) { store.drop_body(id); });
    case 7:
      return both([key = rows_.key(), seq = rows_.seq(), id = rows_.id()](core::Store& store) {
        store.put_seen(key, seq, id);
      });
    case 8:
      return both(
          [key = rows_.key(), to = rows_.recipient(),
           link = core::ChainLink{rows_.seq(), static_cast<std::uint8_t>(rows_.below(256)), rows_.id()}](
              core::Store& store) { store.put_link(key, to, link); });
    case 9: return both([due = rows_.due()](core::Store& store) { store.put_due(due); });
    case 10: {
      const auto due = model_.due(1 + rows_.below(5));
      if (!due.empty()) both([&](core::Store& store) { store.drop_due(due.back()); });
      return both([absent = rows_.due()](core::Store& store) { store.drop_due(absent); });
    }
    case 11: {
      const WallTime created{static_cast<std::int64_t>(rows_.below(5) * 70'000 + rows_.below(3) * 300)};
      return both([&, id = rows_.id()](core::Store& store) { store.put_inbox(id, created); });
    }
    case 12:
      return both(
          [peer = rows_.peer(), row = rows_.peer_row()](core::Store& store) { store.put_peer(peer, row); });
    case 13:
      return both([device = rows_.device(), peer = rows_.peer()](core::Store& store) {
        store.put_behind(device, peer);
      });
    case 14:
      return both(
          [peer = rows_.peer(), key = rows_.key()](core::Store& store) { store.put_told(peer, key); });
    case 15:
      return both([device = rows_.device(), row = rows_.quota_row()](core::Store& store) {
        store.put_quota(device, row);
      });
    case 16:
      return both([ref = rows_.object(), bytes = rows_.bytes(rows_.below(300))](core::Store& store) {
        store.put_object(ref, bytes);
      });
    case 17: {
      const core::Partial partial{rows_.id(),     rows_.bytes(rows_.below(400)), {7}, 900, rows_.node_time(),
                                  rows_.one_in(2)};
      return both([&](core::Store& store) { store.put_partial(partial); });
    }
    case 18:
      return both([id = rows_.id(), whose = rows_.peer(), from = static_cast<std::uint16_t>(rows_.below(900)),
                   bytes = rows_.bytes(1 + rows_.below(300))](core::Store& store) {
        if (store.partial(id)) store.put_piece(id, whose, from, bytes);
      });
    case 19: return both([id = rows_.id()](core::Store& store) { store.drop_partial(id); });
    case 20: {
      const core::OnTime counts{.met = {1, 2, static_cast<std::uint32_t>(rows_.below(9)), 4}, .missed = {5}};
      return both([&, day = rows_.below(20)](core::Store& store) {
        store.put_on_time(static_cast<std::int64_t>(day) - 10, counts);
      });
    }
    default: break;
  }
  write_ledger();
  both([time = rows_.node_time()](core::Store& store) { store.set_node_time(time); });
  if (rows_.one_in(10)) both([id = StoreId{1 + rows_.below(1000)}](core::Store& store) { store.set_id(id); });
}

void Pair::ask_something() {
  const auto id = rows_.id();
  const auto key = rows_.key();
  const auto seq = rows_.seq();
  const auto peer = rows_.peer();
  const auto level = rows_.level();
  const auto to = rows_.recipient();
  const auto max = rows_.below(20);
  const auto now = rows_.node_time();
  const auto after = rows_.below(model_.state.arrival + 2);
  same([&](const core::Store& store) { return store.record(id); });
  same([&](const core::Store& store) { return store.owed_first(peer, level, now, after); });
  same([&](const core::Store& store) { return store.owed_first(peer, level, now); });
  same([&](const core::Store& store) { return store.queued(peer, level); });
  same([&](const core::Store& store) { return store.next_again(); });
  same([&](const core::Store& store) { return store.next_dying(); });
  same([&](const core::Store& store) { return store.outstanding(peer); });
  for (const auto number : model_.outstanding(peer))
    same([&](const core::Store& store) { return store.sent_as(peer, number); });
  same([&](const core::Store& store) { return store.sent_as(peer, static_cast<proto::LinkNumber>(max)); });
  same([&](const core::Store& store) { return store.parked_at(peer, id, max); });
  same([&](const core::Store& store) { return store.parked_at(peer, MsgId{}, 100); });
  same([&](const core::Store& store) { return store.body(id); });
  same([&](const core::Store& store) { return store.partial(id); });
  same([&](const core::Store& store) { return store.partials(); });
  same([&](const core::Store& store) { return store.pieces(id); });
  same([&](const core::Store& store) { return store.pieced(id, std::nullopt, 1000); });
  same([&](const core::Store& store) { return store.pieced(id, peer, 1000); });
  same([&](const core::Store& store) { return store.seen(key, seq); });
  const Seq last = rows_.one_in(2) ? UINT32_MAX : seq + 5;
  same([&](const core::Store& store) { return store.chain(key, to, seq, last, max); });
  same([&](const core::Store& store) { return store.due(max); });
  same([&](const core::Store& store) { return store.peer(peer); });
  same([&](const core::Store& store) { return store.peers(); });
  same([&](const core::Store& store) { return store.behind(peer); });
  same([&](const core::Store& store) { return store.told(peer, key); });
  same([&](const core::Store& store) { return store.quota(peer); });
  same([&](const core::Store& store) { return store.on_time(static_cast<std::int64_t>(max) - 10); });
  proto::MailPrefix prefix;
  const auto some = model_.mail({}, {}, 1'000);
  if (!some.empty()) {
    const proto::MailKey& place = some[rows_.below(some.size())];
    const auto nibbles = rows_.below(proto::MailPrefix::kNibblesMax + 1);
    while (prefix.nibbles < nibbles)
      prefix = prefix.part(prefix.nibbles % 2u == 0 ? place[prefix.nibbles / 2u] >> 4
                                                    : place[prefix.nibbles / 2u] & 15u);
    same([&](const core::Store& store) { return store.mail(prefix, place, max); });
  }
  same([&](const core::Store& store) { return store.mail_sum(prefix); });
  same([&](const core::Store& store) { return store.mail(prefix, {}, max); });
  same([&](const core::Store& store) { return store.id(); });
  same([&](const core::Store& store) { return store.named_at(); });
  same([&](const core::Store& store) { return store.node_time(); });
  REQUIRE(subject_.ledger().store_id() == model_.store_id());
  REQUIRE(subject_.ledger().last_seq(key) == model_.last_seq(key));
  REQUIRE(subject_.ledger().last_to(key, to) == model_.last_to(key, to));
  REQUIRE(subject_.ledger().last_created(key) == model_.last_created(key));
}

/// What only a View tells: inbox, own submissions, objects, queues.
void OnDisk::check(const NaiveStore& model) {
  const auto opened = disk_->view();
  REQUIRE(opened);
  const store::View& view = **opened;
  const auto& state = model.state;

  std::vector<MsgId> inbox;
  std::uint64_t cursor = 0;
  for (;;) {
    const auto page = view.inbox(cursor, 7);
    if (page.empty()) break;
    for (const auto& row : page) inbox.push_back(row.id);
    cursor = page.back().cursor;
  }
  REQUIRE(inbox == state.inbox);
  REQUIRE(view.inbox_end() == cursor);

  std::map<std::uint64_t, core::Record> own;
  for (const auto& [id, record] : state.records)
    if (record.origin) own[record.arrival] = record;
  auto expected = own.rbegin();
  for (const core::Record& record : view.own(UINT64_MAX, 1000)) REQUIRE(record == (expected++)->second);
  REQUIRE(expected == own.rend());

  const auto open = [](const core::Duty& duty) { return duty.state != core::DutyState::settled; };
  for (int level = 0; level < static_cast<int>(proto::kLevels); ++level) {
    std::vector<WallTime> waiting;
    for (const auto& [id, record] : state.records) {
      const bool asked = record.origin && record.ctype != static_cast<std::uint8_t>(proto::Ctype::receipt) &&
                         std::ranges::any_of(record.duties, open);
      if (asked && static_cast<int>(record.level) == level) waiting.push_back(record.created);
    }
    for (const WallTime before : waiting) {
      const auto older = [&](WallTime created) { return created.s < before.s; };
      REQUIRE(view.unanswered(static_cast<proto::Level>(level), before, 1'000'000) ==
              static_cast<std::size_t>(std::ranges::count_if(waiting, older)));
    }
    REQUIRE(view.unanswered(static_cast<proto::Level>(level), {INT64_MAX}, 3) ==
            std::min<std::size_t>(waiting.size(), 3));
  }

  std::map<proto::ObjectRef, Bytes> objects;
  for (const auto& object : view.objects()) objects[object.ref] = object.bytes;
  REQUIRE(objects == state.objects);

  std::map<core::PeerId, core::PeerRow> peers;
  for (const auto& peer : view.peers()) peers[peer.id] = peer.row;
  REQUIRE((peers == state.peers));

  for (const auto& queue : view.queues()) {
    REQUIRE((model.queued(queue.via, queue.level) == queue.queued));
    const auto oldest = model.owed_first(queue.via, queue.level, {INT64_MAX}, 0);
    REQUIRE(oldest);
    REQUIRE(queue.oldest == state.records.at(*oldest).first_seen);
  }
  REQUIRE(view.orphans().empty());
  REQUIRE(view.check());
}

void hold_against_model(Subject& subject, std::uint64_t seed) {
  constexpr int kSteps = 2500;
  INFO("seed " << seed);
  Pair pair(subject, seed);
  for (int i = 0; i < kSteps; ++i) {
    INFO("step " << i);
    pair.step();
  }
  pair.commit();
  pair.ask_everything();
  CHECK(pair.records() > 30);
}

}  // namespace

TEST_CASE("the store gives the naive model's answer to every question, whatever was done") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    OnDisk store(seed);
    hold_against_model(store, seed);
  }
}

TEST_CASE("the simulator's store gives the same answers") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    InMemory store;
    hold_against_model(store, seed);
  }
}
