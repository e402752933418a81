// Two relays of one organisation with a million messages each that differ in none, ten or a thousand of them,
// or in all: bench_replica_scale [messages].
//
// The stores are made here; what is measured is the product: two nodes over LMDB, each turn with its commit,
// frames handed from one to the other in memory. Bytes are those of the comparison alone, as they would cross
// a line. The messages that differ bear no signatures: what is pushed is put into the other's inbox here, and
// acknowledged.
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "proto/frame.hpp"
#include "relay/daemon/turns.hpp"
#include "tests/bench/side_by_side.hpp"
#include "tests/bench/stored_envelopes.hpp"
#include "tests/support/network.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::bench;
using test::must;

constexpr DeviceId kFirst = test::relay_of(test::kIshikawa), kSecond = test::relay_of(test::kIshikawa, 1);
/// The longest life of a sealed report and a week: what replicas of a network in use differ in is not older.
constexpr std::uint64_t kSpread = 21 * 86'400;
constexpr std::size_t kAtOnce = 5'000;

test::NetworkPlan plan() {
  test::NetworkPlan out = test::usual_plan();
  for (test::OrgPlan& org : out.organisations) {
    if (org.id == test::kIshikawa) org.relays = 2;
  }
  return out;
}

WallTime any_time(Rng& rng) {
  return test::kStart - Seconds{static_cast<std::int64_t>(rng.below(kSpread))};
}

/// Mail by name only: whoever holds the same as the other is never asked for more.
void fill(const std::filesystem::path& directory, std::size_t count) {
  test::SeededRng rng(3);
  const auto disk = must(store::Disk::open({.directory = directory}, rng));
  const auto begin = Clock::now();
  for (std::size_t at = 0; at < count; at += kAtOnce) {
    const auto turn = must(disk->begin());
    for (std::size_t i = at; i < std::min(count, at + kAtOnce); ++i) {
      MsgId id;
      rng.fill(id.value);
      turn->put_inbox(id, any_time(rng));
    }
    must(turn->commit());
  }
  std::printf("%zu messages in %.0f s\n", count, since(begin) / 1000);
}

/// One of the two, with a store of its own.
class Replica {
 public:
  Replica(const test::Network& network, DeviceId self, DeviceId peer, const std::filesystem::path& directory)
      : peer_(peer), disk_(must(store::Disk::open({.directory = directory}, rng_))) {
    {
      const auto turn = must(disk_->begin());
      turn->set_id(network.identity(self).store_id());
      must(turn->commit());
    }
    turns_ = std::make_unique<daemon::Turns>(*disk_, network.identity(self), rng_,
                                             [this](const daemon::Outgoing& frame) { keep(frame); });
    core::NodeConfig config;
    config.self = self;
    config.neighbours = {{peer, {}, proto::Level::bulk}};
    must(turns_->build(config, network.trust(), {}, now()));
  }
  /// Messages that the other has not.
  void add(std::size_t count, std::uint64_t seed) {
    test::SeededRng rng(seed);
    auto more = stored_envelopes(seed, count, peer_, test::kStart + days(7));
    const auto turn = must(disk_->begin());
    for (StoredEnvelope& one : more) {
      one.record.created = any_time(rng);
      one.record.dead_at = core::kNever;
      one.record.duties.clear();
      turn->put(one.record);
      turn->put_body(one.record.id, one.body);
      turn->put_inbox(one.record.id, one.record.created);
      by_body_[one.body] = proto::mail_key(one.record.created, one.record.id);
    }
    must(turn->commit());
  }
  /// What the other has pushed.
  void receive(const std::vector<proto::MailKey>& keys) {
    const auto turn = must(disk_->begin());
    for (const proto::MailKey& key : keys)
      turn->put_inbox(proto::mail_id(key), {static_cast<std::int64_t>(Reader(key).u32())});
    must(turn->commit());
  }
  void up() {
    must(turns_->begin());
    turns_->take(turns_->node().on_link(peer_, core::LinkState::up, now()), now());
    finish();
  }
  /// A turn with what has come. False: nothing came, and nothing is to be done at once.
  bool turn(std::vector<Bytes> frames) {
    const bool due = turns_->next_wake() && turns_->next_wake()->ms <= mono_;
    if (frames.empty() && !due && !turns_->verdicts_wait()) return false;
    must(turns_->begin());
    turns_->hear_verdicts(now());
    for (const Bytes& frame : frames) turns_->take(turns_->node().on_frame(peer_, frame, now()), now());
    finish();
    return true;
  }
  [[nodiscard]] std::vector<Bytes> take() { return std::exchange(out_, {}); }
  /// Of its own messages, since the last call.
  [[nodiscard]] std::vector<proto::MailKey> take_pushed() { return std::exchange(pushes_, {}); }
  /// The other has all of them.
  [[nodiscard]] Bytes acknowledgement() const {
    return proto::encode_frame(proto::Ack{
        .session = 1, .accepted = {.contiguous = numbers_, .map = 0, .outcomes = {}}, .progress = {}});
  }
  /// Nothing is to be done before that.
  [[nodiscard]] std::int64_t wake() const {
    return turns_->next_wake() ? turns_->next_wake()->ms : INT64_MAX;
  }
  void sleep(std::int64_t until) { mono_ = std::max(mono_, until); }

  std::size_t compared_bytes = 0, compares = 0, pushed = 0;

 private:
  [[nodiscard]] Now now() const { return test::at(test::kStart, mono_); }
  void keep(const daemon::Outgoing& frame) {
    Bytes bytes = frame.head;
    bytes.insert(bytes.end(), frame.body.begin(), frame.body.end());
    if (!frame.body.empty()) {
      ++pushed;
      ++numbers_;
      return pushes_.push_back(by_body_.at(frame.body));
    }
    const auto decoded = proto::decode_frame(bytes);
    const auto* control = decoded ? std::get_if<proto::ControlFrame>(&*decoded) : nullptr;
    if (control != nullptr && std::holds_alternative<proto::Compare>(*control)) {
      ++compares;
      compared_bytes += bytes.size();
    }
    out_.push_back(std::move(bytes));
  }
  void finish() {
    for (const daemon::Outgoing& frame : must(turns_->finish(now())).after_commit) keep(frame);
  }

  DeviceId peer_;
  test::SeededRng rng_{9};
  std::int64_t mono_ = 1'000;
  std::vector<Bytes> out_;
  std::vector<proto::MailKey> pushes_;
  std::map<Bytes, proto::MailKey> by_body_;
  proto::LinkNumber numbers_ = 0;
  std::unique_ptr<store::Disk> disk_;
  std::unique_ptr<daemon::Turns> turns_;
};

void measure(const test::Network& network, const std::string& what, const std::filesystem::path& one,
             const std::filesystem::path& two, std::size_t differ) {
  Replica first(network, kFirst, kSecond, one), second(network, kSecond, kFirst, two);
  if (differ > 0) {
    first.add(differ - differ / 2, 1'000'000'007);
    second.add(differ / 2, 2'000'000'011);
  }
  const auto begin = Clock::now();
  first.up();
  second.up();
  double compared = 0;
  // What does not fit into an answer is asked for again after a time, which nobody waits for here.
  int asked = 0;
  do {
    const std::int64_t wake = asked++ == 0 ? 0 : std::min(first.wake(), second.wake());
    first.sleep(wake);
    second.sleep(wake);
    for (bool busy = true; busy;) {
      const std::size_t before = first.compares + second.compares;
      busy = second.turn(first.take());
      busy = first.turn(second.take()) || busy;
      for (auto [giver, taker] : {std::pair(&first, &second), std::pair(&second, &first)}) {
        const auto keys = giver->take_pushed();
        if (keys.empty()) continue;
        taker->receive(keys);
        busy = giver->turn({giver->acknowledgement()}) || busy;
      }
      if (first.compares + second.compares != before) compared = since(begin);
    }
  } while (first.pushed + second.pushed < differ);
  std::printf("| %s | %d | %zu | %zu | %zu | %.0f | %.0f |\n", what.c_str(), asked,
              first.compares + second.compares, first.compared_bytes + second.compared_bytes,
              first.pushed + second.pushed, compared, since(begin));
  std::fflush(stdout);
}

void compare_all(std::size_t count) {
  const test::Network network(plan());
  const test::TemporaryDirectory directory;
  const auto whole = directory / "whole", copy = directory / "copy", other = directory / "other";
  fill(whole, count);
  const auto again = [&](const std::filesystem::path& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(whole, to, std::filesystem::copy_options::recursive);
  };
  std::printf(
      "| replicas of %zu, which differ in | asked | frames | bytes | pushed | compared after, ms | done "
      "after, "
      "ms |\n"
      "|---|---|---|---|---|---|---|\n",
      count);
  for (const std::size_t differ : {std::size_t{0}, std::size_t{10}, std::size_t{1'000}}) {
    again(copy);
    again(other);
    measure(network, std::to_string(differ), copy, other, differ);
  }
  again(copy);
  std::filesystem::remove_all(other);
  measure(network, "all: one has none", copy, other, 0);
}

}  // namespace

int main(int argc, char** argv) try {
  compare_all(argc > 1 ? static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10)) : 1'000'000);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_replica_scale: %s\n", error.what());
  return 1;
}
