// The index of a desk's store: that an older store gets one, in steps that may be cut off.
#include "client-tui/desk/index.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include "client-tui/desk/overview.hpp"
#include "keys/home.hpp"
#include "proto/forms/catalogue_file.hpp"
#include "proto/forms/report_json.hpp"
#include "relay/lmdb/env.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/index_check.hpp"
#include "tests/support/new_form.hpp"
#include "tests/support/offices.hpp"

namespace noroshi::desk {
namespace {

using test::kStart;

/// As a program left it that kept no index.
void take_index_away(test::Office& office) {
  office.close();
  lmdb::EnvOptions options;
  options.directory = office.home() / "desk";
  options.map_bytes = std::size_t{1} << 30;
  auto env = lmdb::Env::open(options);
  REQUIRE(env.ok());
  constexpr std::array kTables{"meta", "index"};
  const auto tables = env->tables(kTables);
  REQUIRE(tables.ok());
  auto txn = env->write();
  REQUIRE(txn.ok());
  txn->clear((*tables)[1]);
  for (const char* row : {"indexed", "register", "change"}) txn->erase((*tables)[0], view_of(row));
  txn->put((*tables)[0], view_of("schema"), Writer().u16(1).data());
  REQUIRE(txn->commit().ok());
}

TEST_CASE("a store of an older program is indexed in steps; one that was cut off goes on where it stopped") {
  const test::Network network;
  test::PostOffice post;
  test::Office branch(network, post, test::field_of(test::kIshikawa));
  test::Office ministry(network, post, test::desk_of(test::kMinistry));
  for (std::uint32_t n = 0; n < 5; ++n) branch.report(100 + n, kStart + minutes(n));
  branch.sync(kStart + minutes(6));
  ministry.sync(kStart + minutes(7));

  take_index_away(ministry);
  ministry.reopen();
  const auto before = ministry.desk().indexing();
  REQUIRE(before.ok());
  CHECK(before->done == 0);
  CHECK(before->total == 6);  // five reports, and a receipt of its own
  const auto some = ministry.desk().index_some(4);
  REQUIRE(some.ok());
  CHECK(some->done == 4);

  ministry.reopen();
  CHECK(ministry.desk().indexing()->done == 4);
  SECTION("what comes meanwhile takes its place at once") {
    branch.report(300, kStart + minutes(9));
    branch.sync(kStart + minutes(9));
    REQUIRE(synchronize(ministry.desk(), ministry.relay(), test::at(kStart + minutes(10))).ok());
  }
  while (!ministry.desk().index_some(2)->complete()) {
  }
  test::check_index(ministry.desk(), ministry.desk().store());
  ministry.reopen();
  CHECK(ministry.desk().indexing()->complete());
}

/// The store as another program left it.
class Raw {
 public:
  explicit Raw(test::Office& office) : office_(office) {
    office.close();
    lmdb::EnvOptions options;
    options.directory = office.home() / "desk";
    options.map_bytes = std::size_t{1} << 30;
    env_.emplace(*lmdb::Env::open(options));
    tables_ = *env_->tables(std::array{"meta", "index"});
  }
  ~Raw() {
    env_.reset();
    office_.reopen();
  }
  using Rows = std::map<Bytes, Bytes>;
  Rows rows(std::size_t table) {
    auto txn = env_->read();
    Rows out;
    for (const lmdb::Row& row : lmdb::Range(*txn, tables_[table]))
      out.emplace(bytes_of(row.key), bytes_of(row.value));
    return out;
  }
  void put(std::size_t table, const Rows& rows) {
    auto txn = env_->write();
    txn->clear(tables_[table]);
    for (const auto& [key, value] : rows) txn->put(tables_[table], key, value);
    REQUIRE(txn->commit().ok());
  }

 private:
  test::Office& office_;
  std::optional<lmdb::Env> env_;
  std::vector<lmdb::Dbi> tables_;
};
enum Table : std::size_t { kMeta, kIndex };

TEST_CASE("who has the file does not see which report, or whose, says that there is a fire") {
  const test::Network network;
  test::PostOffice post;
  test::Office branch(network, post, test::field_of(test::kIshikawa));
  const auto report = [&](std::uint32_t fires, WallTime now) {
    Message message;
    message.reports = {test::full_f1(1)};
    message.reports.front().put(forms::field::fires, forms::Count{fires, forms::CountState::exact});
    message.recipients = {proto::to_org(test::kMinistry)};
    const auto sent = branch.desk().send(message, test::at(now));
    REQUIRE(sent.ok());
    return sent->msg_id;
  };
  const std::array ids{report(0, kStart), report(1, kStart + minutes(1))};
  {
    const auto view = branch.desk().store().read();
    const auto said = branch.desk().index(*view).sayings({test::kExercise, true}, {1'700'001}, 1);
    REQUIRE(said.size() == 1);
    CHECK(said.front().msg == ids.back());
  }
  const Raw::Rows rows = Raw(branch).rows(kIndex);
  std::size_t found = 0;
  for (const auto& [key, value] : rows) {
    if (key.front() != 'd') continue;
    ++found;
    for (const BytesView part : {BytesView(key), BytesView(value)}) {
      for (const MsgId& id : ids) CHECK(std::ranges::search(part, id.value).empty());
    }
    const BytesView name = BytesView(key).subspan(1, 16);
    for (const auto& [other, ignored] : rows)
      CHECK((other.front() == 'd' || other.size() < 17 || !equal(BytesView(other).subspan(1, 16), name)));
  }
  CHECK(found == 1);
}

TEST_CASE("what a program without an index takes after the upgrade is indexed by the next") {
  const test::Network network;
  test::PostOffice post;
  test::Office branch(network, post, test::field_of(test::kIshikawa));
  test::Office ministry(network, post, test::desk_of(test::kMinistry));
  branch.report(100, kStart);
  branch.sync(kStart);
  ministry.sync(kStart);
  REQUIRE(synchronize(branch.desk(), branch.relay(), test::at(kStart + minutes(1))).ok());  // a receipt
  CHECK(branch.desk().indexing()->complete());
  std::array<Raw::Rows, 2> before;
  {
    Raw store(ministry);
    before = {store.rows(kMeta), store.rows(kIndex)};
  }
  branch.report(101, kStart + minutes(2));
  branch.sync(kStart + minutes(2));
  ministry.sync(kStart + minutes(3));
  {
    Raw store(ministry);  // a console that was left running has taken it
    store.put(kMeta, before[kMeta]);
    store.put(kIndex, before[kIndex]);
  }
  const auto left = ministry.desk().indexing();
  CHECK_FALSE(left->complete());
  CHECK(left->total - left->done == 2);  // the report, and the receipt for it
  REQUIRE(ministry.desk().index_some(100)->complete());
  test::check_index(ministry.desk(), ministry.desk().store());
}

TEST_CASE("an index of other rules is thrown away and made anew") {
  const test::Network network;
  test::PostOffice post;
  test::Office branch(network, post, test::field_of(test::kIshikawa));
  branch.report(100, kStart);
  {
    Raw store(branch);
    Raw::Rows meta = store.rows(kMeta), index = store.rows(kIndex);
    Bytes& indexed = meta.at(bytes_of(view_of("indexed")));
    for (std::size_t i = 0; i < 9; ++i) indexed[i] ^= 1;  // rules and forms
    const auto stands = index.lower_bound(bytes_of(view_of("p")));
    Bytes another = stands->first;
    another.back() ^= 1;
    index.emplace(another, stands->second);
    store.put(kMeta, meta);
    store.put(kIndex, index);
  }
  CHECK(branch.desk().indexing()->done == 0);
  REQUIRE(branch.desk().index_some(100)->complete());
  test::check_index(branch.desk(), branch.desk().store());
}

TEST_CASE("what was filed before its incident was declared an exercise is an exercise afterwards") {
  const test::Network network;
  test::PostOffice post;
  test::OfficePlan plan;
  plan.knows = [](BytesView object) {
    return keys::ref_of_object(object)->type != proto::ObjectType::incident;
  };
  test::Office branch(network, post, test::field_of(test::kIshikawa), plan);
  branch.report(345, kStart);
  const Side real{test::kExercise, false}, exercise{test::kExercise, true};
  const auto counts = [&] {
    const auto view = branch.desk().store().read();
    const IndexView index = branch.desk().index(*view);
    return std::array{index.standing(real, 1).size(), index.standing(exercise, 1).size()};
  };
  CHECK(counts() == std::array<std::size_t, 2>{1, 0});
  branch.sync(kStart + minutes(1));  // brings the incident; every contact is held against reading everything
  CHECK(counts() == std::array<std::size_t, 2>{0, 1});
}

/// Another program of the same home does this from its beginning to its end, while this one lives on.
void in_another_process(const std::function<bool()>& act) {
  const pid_t pid = ::fork();
  REQUIRE(pid >= 0);
  if (pid == 0) ::_exit(act() ? 0 : 1);
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  REQUIRE(status == 0);
}

TEST_CASE("what a program with older trust takes in is taken again by the next that knows better") {
  test::Network network;
  test::PostOffice post;
  test::OfficePlan plan;
  plan.knows = [](BytesView object) {
    return keys::ref_of_object(object)->type != proto::ObjectType::incident;
  };
  test::Office branch(network, post, test::field_of(test::kIshikawa), plan);
  branch.relay().has = plan.knows;
  branch.report(345, kStart);
  branch.sync(kStart);
  test::Office ministry(network, post, test::desk_of(test::kMinistry), plan);
  ministry.relay().has = plan.knows;
  ministry.sync(kStart + minutes(1));
  const MsgId report = ministry.received().front().entry.id;
  const Side real{test::kExercise, false}, exercise{test::kExercise, true};
  const auto counts = [&] {
    const auto view = ministry.desk().store().read();
    const IndexView index = ministry.desk().index(*view);
    return std::array{index.standing(real, 1).size(), index.standing(exercise, 1).size()};
  };
  CHECK(counts() == std::array<std::size_t, 2>{1, 0});

  // A stick brings the incident, and the command line follows it; the relay does not have it.
  const auto follow = [&] {
    test::SeededRng rng(9);
    for (const Bytes& object : network.objects()) {
      if (!keys::save_object(ministry.home(), object).ok()) return false;
    }
    return desk::Desk::open(ministry.home(), nullptr, rng).ok();
  };
  in_another_process(follow);
  CHECK(counts() == std::array<std::size_t, 2>{0, 1});
  REQUIRE(ministry.desk().acknowledge(report, proto::ReceiptKind::read, test::at(kStart + minutes(2))).ok());
  CHECK(counts() == std::array<std::size_t, 2>{1, 0});  // as it believes
  SECTION("another program") {
    in_another_process(follow);
    CHECK(counts() == std::array<std::size_t, 2>{0, 1});
  }
  SECTION("its next contact") {
    REQUIRE(synchronize(ministry.desk(), ministry.relay(), test::at(kStart + minutes(3))).ok());
    CHECK(counts() == std::array<std::size_t, 2>{0, 1});
    CHECK(ministry.desk().trust().incident(test::kExercise) != nullptr);
  }
}

TEST_CASE("a pass is finished by those who have the forms that it was begun with") {
  test::Network network;
  test::PostOffice post;
  test::Office branch(network, post, test::field_of(test::kIshikawa));
  for (std::uint32_t n = 0; n < 3; ++n) branch.report(100 + n, kStart + minutes(n));
  in_another_process([&] {
    test::SeededRng rng(9);
    const bool saved =
        keys::save_object(branch.home(),
                          test::catalogue_object(network, 1, *forms::pack_catalogue(test::new_form_set())))
            .ok();
    const auto desk = desk::Desk::open(branch.home(), nullptr, rng);
    return saved && desk.ok() && (*desk)->index_some(1).ok();
  });
  REQUIRE(branch.desk().indexing()->done == 1);
  REQUIRE(branch.desk().index_some(100).ok());  // it does not have the form
  CHECK(branch.desk().indexing()->done == 1);
  branch.reopen();
  REQUIRE(branch.desk().index_some(100).ok());
  CHECK(branch.desk().indexing()->complete());
}

/// Sends a report of the exercise as somebody types it; throws what it lacks.
Reading said(test::Office& office, const std::string& form, const std::string& json, WallTime now) {
  auto report = forms::report_from_json_text(json, form, office.desk().catalogue());
  if (!report.ok()) throw std::runtime_error(report.error().text);
  Message message;
  message.reports = {*std::move(report)};
  message.recipients = {proto::to_org(test::kIshikawa), proto::to_org(test::kMinistry)};
  const auto sent = office.desk().send(message, test::at(now));
  if (!sent.ok()) throw std::runtime_error(sent.error().text);
  const auto view = office.desk().store().read();
  return office.desk().letters(*view).read(sent->msg_id)->reports.front();
}

TEST_CASE("a cancelled request is found by the answer that names it, and only by one that stands") {
  const test::Network network;
  test::PostOffice post;
  test::Office branch(network, post, test::field_of(test::kIshikawa));
  test::Office ministry(network, post, test::desk_of(test::kMinistry));
  const auto request = [&](const std::string& number, WallTime now) {
    return said(branch, "F4",
                R"({"incident_id":2024001,"muni":"17204","request_no":")" + number +
                    R"(","request_kind":"goods","item_code":"cylinder_50kg_full","quantity":6,
                    "item_unit":"cylinders","needed_by":"2099-01-03T09:00:00+09:00","priority":"high",
                    "reason_text":"避難所の給湯","deliver_to":"小学校","site_kind":"shelter",
                    "requested_of":[{"name":"全国LPガス協会"}]})",
                now);
  };
  const auto cancel = [&](test::Office& office, const Reading& reading, WallTime now) {
    Message message;
    message.reports = *office.desk().child_of(reading, Kind::cancel);
    forms::Header header = message.reports.front().header();
    header.reason = "別便で届いた";
    message.reports.front().set_header(header);
    message.level = proto::Level::flash;  // says no more than that it is over
    message.recipients = {proto::to_org(test::kIshikawa), proto::to_org(test::kMinistry)};
    const auto sent = office.desk().send(message, test::at(now));
    INFO((sent.ok() ? std::string() : sent.error().text));
    REQUIRE(sent.ok());
  };
  const Reading answered = request("W-1", kStart), alone = request("W-2", kStart + minutes(1));
  branch.sync(kStart + minutes(2));
  ministry.sync(kStart + minutes(3));
  const Reading answer =
      said(ministry, "F5",
           R"({"incident_id":2024001,"muni":"17204","answer_kind":"status","request_no":"W-1","provider":1,
           "qty_committed":6,"item_unit":"cylinders","eta":"2099-01-02T21:00:00+09:00","answers":[")" +
               to_string(answered.facts.id) + R"("]})",
           kStart + minutes(4));
  Overview overview(ministry.desk());
  const auto list = [&] {
    const auto view = ministry.desk().store().read();
    return overview.support(*view, std::array{Side{test::kExercise, true}}, kStart + hours(1));
  };
  REQUIRE(list().size() == 2);
  CHECK(list().front().found.state == RequestState::in_transit);

  cancel(branch, answered, kStart + minutes(10));
  cancel(branch, alone, kStart + minutes(11));
  branch.sync(kStart + minutes(12));
  ministry.sync(kStart + minutes(13));
  REQUIRE(list().size() == 1);
  CHECK(list().front().reading.facts.id == answered.facts.id);
  CHECK(list().front().found.state == RequestState::cancelled);
  CHECK(list().front().found.answers == std::vector<ReportId>{answer.facts.id});

  cancel(ministry, answer, kStart + minutes(20));
  CHECK(list().empty());
}

TEST_CASE("a window far down a list of two thousand is that part of it") {
  test::Network network;
  test::PostOffice post;
  test::Office office(network, post, test::field_of(test::kIshikawa));
  const CountedList list(ByteArray<16>{1}), other(ByteArray<16>{2});
  constexpr std::uint64_t kRows = 2500;
  {
    auto turn = office.desk().store().write();
    REQUIRE(turn.ok());
    for (std::uint64_t n = 1; n <= kRows; ++n) list.add(*turn, n, view_of("a"));
    for (std::uint64_t n = 1; n <= 9; ++n) other.add(*turn, n * 700, view_of("b"));
    list.add(*turn, 5, view_of("a"));  // twice is once
    list.remove(*turn, 1000, view_of("a"));
    list.remove(*turn, 1000, view_of("a"));
    REQUIRE(turn->commit().ok());
  }
  const auto view = office.desk().store().read();
  REQUIRE(list.size(*view) == kRows - 1);
  CHECK(list.before(*view, 1) == 0);
  CHECK(list.before(*view, 1001) == 999);
  CHECK(list.before(*view, 5000) == kRows - 1);
  for (std::uint64_t from = 0; from < kRows - 1; from += 97) {
    const auto rows = list.newest(*view, from, 3);
    REQUIRE(!rows.empty());
    const std::uint64_t number = kRows - from;  // without the one that is gone
    CHECK(rows.front().number == (number > 1000 ? number : number - 1));
  }
  CHECK(list.newest(*view, kRows - 2, 10).size() == 1);
  CHECK(list.newest(*view, kRows - 1, 10).empty());
  CHECK(other.newest(*view, 0, 100).size() == 9);
}

}  // namespace
}  // namespace noroshi::desk
