#include "relay/daemon/turns.hpp"

#include <algorithm>
#include <chrono>

#include "keys/contact.hpp"

namespace noroshi::daemon {
namespace {

using Stopwatch = std::chrono::steady_clock;
std::uint64_t us_since(Stopwatch::time_point began) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(Stopwatch::now() - began).count());
}

/// While new envelopes are refused for want of space, the store is asked so often whether there is some
/// again: perhaps nobody else wakes this relay.
constexpr Millis kLookForSpace{1'000};
/// Receipts that a turn's own receipts call for are few; the rest waits for the next turn.
constexpr int kTimerRounds = 3;

/// No view is open when the turn begins: it would keep the map from growing.
Result<std::vector<Bytes>> orphans_of(store::Disk& disk) {
  TRY(const auto view, disk.view());
  return view->orphans();
}

}  // namespace

Result<void> Turns::build(core::NodeConfig config, keys::TrustPtr trust, const std::vector<DeviceId>& up,
                          Now now) {
  TRY(const std::vector<Bytes> orphans, orphans_of(disk_));
  TRY_VOID(begin());
  config_ = std::move(config);
  trust_ = std::move(trust);
  verifier_.forget();
  node_ = std::make_unique<core::Node>(config_, slot_, rng_, trust_, now);
  for (const DeviceId peer : up) take(node_->on_link(peer, core::LinkState::up, now), now);
  for (const Bytes& orphan : orphans) adopt(orphan, now);
  TRY(const Outcome outcome, finish(now));
  for (const Outgoing& frame : outcome.after_commit) send_(frame);
  return {};
}

void Turns::adopt(const Bytes& orphan, Now now) {
  const keys::VerifyOutcome verdict = verify(orphan, now);
  if (const auto* verified = std::get_if<keys::Verified>(&verdict))
    take(node_->on_submit(*verified, now, true).effects, now);
}

Result<void> Turns::begin() {
  TRY(auto turn, disk_.begin());
  slot_.hold(std::move(turn));
  outcome_ = {};
  return {};
}

Outgoing Turns::resolve(core::Send& send) const {
  Outgoing out{send.peer, std::move(send.head), {}};
  if (send.body)
    if (const auto body = slot_.body(*send.body)) out.body = bytes_of(send.part_of(*body));
  return out;
}

void Turns::take(core::Effects effects, Now now) {
  for (core::Send& send : effects.now) send_(resolve(send));
  for (core::Send& send : effects.after_commit) {
    // A body that was dropped in this very turn is not sent: its frame would be a lie.
    Outgoing frame = resolve(send);
    if (send.body && frame.body.empty()) continue;
    if (send.slice) stats_.piece_bytes += frame.body.size();
    outcome_.after_commit.push_back(std::move(frame));
  }
  outcome_.events.insert(outcome_.events.end(), effects.events.begin(), effects.events.end());
  if (effects.trust) outcome_.trust = std::move(effects.trust);
  for (core::VerifyJob& job : effects.verify) verifier_.ask({std::move(job), node_->trust(), now});
  for (const keys::Draft& draft : effects.seal) seal(draft, now);
  if (effects.contact) {
    const Bytes object = keys::sign_contact(identity_, *std::move(effects.contact));
    take(node_->on_object(object, now), now);
  }
}

void Turns::hear_verdicts(Now now) {
  for (const Verifier::Verdict& verdict : verifier_.take()) {
    ++stats_.verified;
    stats_.verify_us += verdict.took_us;
    if (const auto* outcome = std::get_if<keys::VerifyOutcome>(&verdict.word))
      take(node_->on_verdict(verdict.job, *outcome, now), now);
    else
      take(node_->on_cover(verdict.job, std::get<std::optional<keys::Refusal>>(verdict.word), now), now);
  }
}

keys::VerifyOutcome Turns::verify(Bytes envelope, Now now) {
  const auto began = Stopwatch::now();
  keys::VerifyOutcome out = keys::verify(std::move(envelope), *node_->trust(), now);
  ++stats_.verified;
  stats_.verify_us += us_since(began);
  return out;
}

void Turns::seal(const keys::Draft& draft, Now now) {
  auto sealed = keys::seal_next(identity_, *node_->trust(), slot_, draft, now, rng_);
  if (!sealed) {
    ++stats_.seal_refused;
    outcome_.troubles.push_back(std::move(sealed).error());
    return;
  }
  const keys::VerifyOutcome own = verify(std::move(sealed->bytes), now);
  if (const auto* refusal = std::get_if<keys::Refusal>(&own)) {
    ++stats_.seal_refused;
    outcome_.troubles.push_back(
        {Code::permission, "our own envelope does not pass: " + std::string(name_of(*refusal))});
    return;
  }
  ++stats_.sealed;
  take(node_->on_submit(std::get<keys::Verified>(own), now).effects, now);
}

Result<Turns::Outcome> Turns::finish(Now now) {
  for (int round = 0; round < kTimerRounds; ++round) {
    const std::uint64_t sealed = stats_.sealed;
    take(node_->on_timer(now), now);
    if (stats_.sealed == sealed) break;
  }
  next_wake_ = node_->next_wake();
  if (disk_.pressure() != core::Pressure::none)
    next_wake_ = std::min(next_wake_.value_or(now.mono + kLookForSpace), now.mono + kLookForSpace);
  const auto began = Stopwatch::now();
  const Result<void> committed = slot_.commit();
  const std::uint64_t took = us_since(began);
  ++stats_.turns;
  stats_.commit_us += took;
  stats_.commit_us_max = std::max(stats_.commit_us_max, took);
  if (!committed) {
    ++stats_.failed;
    return committed.error();
  }
  if (outcome_.trust) trust_ = outcome_.trust;
  return std::exchange(outcome_, {});
}

Result<store::Disk::Recovery> Turns::recover(const std::vector<DeviceId>& up, Now now) {
  slot_.abort();
  outcome_ = {};
  TRY(store::Disk::Recovery recovery, disk_.recover());
  TRY_VOID(build(config_, trust_, up, now));
  return recovery;
}

}  // namespace noroshi::daemon
