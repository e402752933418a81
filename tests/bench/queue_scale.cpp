// A relay with a million queued envelopes beside one with ten thousand: bench_queue_scale [many] [few].
//
// The queues are made here (stored_envelopes.hpp); what is measured is the product, each run a process of its
// own over one of the stores, in turn: opening it and building the node; then flash reports handed in while
// the line is held by routine ones, as a satellite line is; and what the process holds of memory at the end.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

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

constexpr DeviceId kSelf = test::relay_of(test::kToyama), kPeer = test::relay_of(test::kNational);
constexpr int kRuns = 7, kFlash = 25;
constexpr std::size_t kPiece = 10'000, kAtOnce = 1'000;

void fill(const std::filesystem::path& directory, const test::Network& network, std::size_t count) {
  test::SeededRng rng(3);
  const auto disk = must(store::Disk::open({.directory = directory}, rng));
  {
    const auto turn = must(disk->begin());
    turn->set_id(network.identity(kSelf).store_id());
    must(turn->commit());
  }
  const auto begin = Clock::now();
  for (std::size_t at = 0; at < count; at += kPiece) {
    const auto piece = stored_envelopes(1 + at, std::min(kPiece, count - at), kPeer, test::kStart + days(7));
    for (std::size_t i = 0; i < piece.size(); i += kAtOnce) {
      const auto turn = must(disk->begin());
      write_by_turn(*turn, std::span(piece).subspan(i, std::min(kAtOnce, piece.size() - i)));
      must(turn->commit());
    }
  }
  std::printf("queued %zu in %.0f s\n", count, since(begin) / 1000);
}

class Shift {
 public:
  explicit Shift(const std::string& home) : speaker_(network_, test::field_of(test::kToyama)) {
    const auto begin = Clock::now();
    disk_ = must(store::Disk::open({.directory = home}, rng_));
    if (const auto row = must(disk_->begin())->peer(kPeer)) sent_ = row->sent;
    turns_ = std::make_unique<daemon::Turns>(*disk_, network_.identity(kSelf), rng_,
                                             [](const daemon::Outgoing&) {});
    core::NodeConfig config;
    config.self = kSelf;
    config.default_route = kPeer;
    // Two or three envelopes fill its window, as on a satellite line.
    config.neighbours = {{kPeer,
                          {.rate_bps = 9600, .rtt = {1200}, .window_bytes = 1024, .metered = true},
                          proto::Level::bulk}};
    must(turns_->build(config, network_.trust(), {kPeer}, now()));
    figures_["store opened and node built, ms"] = since(begin);
  }

  Figures run() {
    for (proto::LinkNumber used = 0; used < sent_; ++used) (void)report();  // what runs before may have said
    hello();
    for (int i = 0; i < kFlash; ++i) flash();
    const auto say = [&](const std::string& what, const std::vector<double>& ms) {
      figures_["flash report " + what + ", median, µs"] = 1000 * median(ms);
      figures_["flash report " + what + ", slowest, µs"] = 1000 * *std::max_element(ms.begin(), ms.end());
    };
    say("taken in", taken_in_);
    say("picked and sent", picked_);
    say("with the commit of its turn", whole_);
    figures_["anonymous memory, MiB"] = anonymous_mib();
    return figures_;
  }

 private:
  Now now() { return test::at(test::kStart, mono_ += 10); }

  keys::Sealed report() {
    return speaker_.report({proto::to_org(test::kNational)}, view_of("gas leak"), test::kStart,
                           proto::Level::flash);
  }

  void hear(const proto::ControlFrame& frame) {
    turns_->take(turns_->node().on_frame(kPeer, proto::encode_frame(frame), now()), now());
  }

  /// The neighbour has everything that the run before sent to it.
  void hello() {
    must(turns_->begin());
    proto::Hello hello;
    hello.accepted.contiguous = sent_;
    hello.low = proto::kProtocolLow;
    hello.high = proto::kProtocolHigh;
    hello.node = kPeer;
    hello.store = {77};
    hello.session = 1;
    hello.wall = test::kStart;
    hear(hello);
    finish(now());
  }

  void finish(Now at) {
    const auto outcome = must(turns_->finish(at));
    sent_ += static_cast<proto::LinkNumber>(
        std::count_if(outcome.after_commit.begin(), outcome.after_commit.end(),
                      [](const daemon::Outgoing& frame) { return !frame.body.empty(); }));
  }

  /// The neighbour has acknowledged what was sent; then a flash report comes in.
  void flash() {
    const keys::Sealed sealed = report();
    must(turns_->begin());
    const auto verdict = turns_->verify(sealed.bytes, now());
    const Now at = now();
    hear(proto::Ack{
        .session = 1, .accepted = {.contiguous = sent_, .map = 0, .outcomes = {}}, .progress = {}});
    const auto begin = Clock::now();
    core::Effects effects = turns_->node().on_submit(std::get<keys::Verified>(verdict), at).effects;
    const auto there = Clock::now();
    taken_in_.push_back(since(begin));
    effects.append(turns_->node().on_timer(at));
    picked_.push_back(since(there));
    const auto first = std::find_if(effects.after_commit.begin(), effects.after_commit.end(),
                                    [](const core::Send& send) { return send.body.has_value(); });
    if (first == effects.after_commit.end() || *first->body != sealed.msg_id)
      test::fail("the flash report did not go first");
    turns_->take(std::move(effects), at);
    finish(at);
    whole_.push_back(since(begin));
  }

  test::Network network_;
  test::SeededRng rng_{5};
  test::Speaker speaker_;
  std::unique_ptr<store::Disk> disk_;
  std::unique_ptr<daemon::Turns> turns_;
  std::int64_t mono_ = 0;
  proto::LinkNumber sent_ = 0;                     ///< to the neighbour so far
  std::vector<double> taken_in_, picked_, whole_;  ///< milliseconds each
  Figures figures_;
};

void compare_queues(const std::string& self, std::size_t many, std::size_t few) {
  const test::Network network;
  const test::TemporaryDirectory directory;
  const Side small{std::to_string(few) + " queued", directory / "few"},
      large{std::to_string(many) + " queued", directory / "many"};
  fill(small.home, network, few);
  fill(large.home, network, many);
  bench::compare(self, "", small, large, kRuns);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 3 && std::string(argv[1]) == "--measure") {
      say(Shift(argv[2]).run());
      return 0;
    }
    const auto number = [&](int at, std::size_t otherwise) {
      return argc > at ? static_cast<std::size_t>(std::strtoull(argv[at], nullptr, 10)) : otherwise;
    };
    compare_queues(argv[0], number(1, 1'000'000), number(2, 10'000));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_queue_scale: %s\n", error.what());
    return 1;
  }
}
