// Random rows of the store, from a small world: so few peers, keys and ids that everything meets everything.
#pragma once

#include <map>

#include "relay/core/store.hpp"
#include "tests/support/seeded_random.hpp"

namespace noroshi::test {

class RowMaker {
 public:
  explicit RowMaker(std::uint64_t seed) : rng_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return rng_.below(bound); }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  Bytes bytes(std::size_t count) {
    Bytes out(count);
    rng_.fill(out);
    return out;
  }
  /// One of 40; the first ones differ in their last byte only.
  MsgId id() {
    MsgId out;
    const auto n = static_cast<std::uint8_t>(below(40) + 1);
    if (n % 2 == 0) out.value[0] = static_cast<std::uint8_t>(n * 37);
    out.value[15] = n;
    return out;
  }
  /// One of four, or nobody.
  core::PeerId peer() {
    static constexpr std::uint16_t kOrgs[] = {0, 1, 17, 0x07FF, 17};
    const auto n = below(5);
    return {{kOrgs[n]}, static_cast<std::uint16_t>(n)};
  }
  DeviceId device() { return peer(); }
  KeyId key() { return {device(), static_cast<std::uint8_t>(1 + below(2))}; }
  RecipientId recipient() {
    static constexpr std::uint16_t kIds[] = {1, 2, 17, 0x0801, 0x1011, 0x8001, 0xFFFF};
    return {kIds[below(7)]};
  }
  Seq seq() { return static_cast<Seq>(below(12)); }
  proto::Level level() { return static_cast<proto::Level>(below(proto::kLevels)); }
  core::NodeTime node_time() { return {static_cast<std::int64_t>(below(20))}; }
  /// Before and after the epoch, often equal, sometimes as far as numbers go.
  WallTime wall_time() {
    if (one_in(20)) return {INT64_MIN};
    return {static_cast<std::int64_t>(below(30)) - 10};
  }

  core::Duty duty() {
    core::Duty out;
    out.wrap = one_in(4) ? core::kPush : static_cast<std::uint8_t>(below(15));
    out.state = static_cast<core::DutyState>(below(4));
    out.via = peer();
    if (out.state == core::DutyState::sent || one_in(4)) out.number = ++numbers_[out.via];
    if (one_in(2)) out.again = node_time();
    for (auto n = below(9); n > 0 && one_in(2); --n) out.avoid.push_back(peer());
    out.end = static_cast<core::End>(below(7));
    if (one_in(3)) {
      out.reached = static_cast<proto::ReceiptKind>(below(7));
      out.proof = id();
      out.at = wall_time();
      out.by = device();
    }
    return out;
  }

  core::Record record(const MsgId& id, std::uint64_t arrival) {
    core::Record out;
    out.id = id;
    out.key = key();
    out.seq = seq();
    out.ctype = static_cast<std::uint8_t>(below(64));
    out.arrival = arrival;
    out.from = peer();
    for (auto n = below(16); n > 0; --n) out.targets.push_back(recipient());
    for (auto n = one_in(3) ? 0 : out.targets.size(); n > 0; --n)
      out.prevs.push_back(static_cast<std::uint8_t>(below(256)));
    out.created = wall_time();
    out.first_seen = wall_time();
    change(out);
    return out;
  }
  /// What the node may change of a record that is there.
  void change(core::Record& record) {
    record.level = level();
    record.size = static_cast<std::uint32_t>(below(70'000));
    record.origin = one_in(3);
    record.body_held = !one_in(3);
    record.left = one_in(2);
    record.dead_at = one_in(6) ? core::kNever : wall_time();
    record.marks = {
        static_cast<keys::RosterState>(below(4)), one_in(2), one_in(2), one_in(2), one_in(2), one_in(2)};
    record.duties.clear();
    for (auto n = below(5); n > 0; --n) record.duties.push_back(duty());
  }

  core::PeerRow peer_row() {
    core::PeerRow out;
    out.store.value = below(1000);
    out.session = static_cast<std::uint16_t>(below(65'536));
    out.sent = static_cast<std::uint32_t>(below(1000));
    out.acked = static_cast<std::uint32_t>(below(1000));
    out.accepted.contiguous = static_cast<std::uint32_t>(below(1000));
    out.accepted.map = rng_.u64();
    for (auto n = below(5); n > 0; --n)
      out.accepted.outcomes.push_back({static_cast<std::uint32_t>(below(99)),
                                       static_cast<std::uint16_t>(below(65'536)),
                                       static_cast<std::uint16_t>(below(65'536))});
    out.last_contact = node_time();
    return out;
  }
  core::QuotaRow quota_row() {
    const auto number = [this] { return static_cast<std::int64_t>(below(2000)) - 1000; };
    return {number(), number(), number(), number(), node_time()};
  }
  core::ReceiptDue due() { return {key(), recipient(), seq(), id()}; }
  proto::ObjectRef object() {
    return {
        static_cast<proto::ObjectType>(1 + below(18)), below(3), static_cast<std::uint32_t>(below(3)), {}};
  }

 private:
  SeededRng rng_;
  std::map<core::PeerId, proto::LinkNumber> numbers_;  // a number of a neighbour stands in one record only
};

}  // namespace noroshi::test
